"""The product's own settings on a data folder that is thrown away after the tests."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_url = os.environ.get("PADCRATE_TEST_DATABASE_URL", "")  # test_postgres.py runs tests on a server
for name in [name for name in os.environ if name.startswith("PADCRATE_")]:
    del os.environ[name]  # what a developer set for their own instance
_folder = tempfile.mkdtemp(prefix="padcrate-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["PADCRATE_DATA"] = _folder
if _url:
    os.environ["PADCRATE_DATABASE_URL"] = _url
os.environ["PADCRATE_SQLITE_SYNCHRONOUS"] = "OFF"  # no power cut comes between two tests

from sp404site.settings import *  # noqa: E402, F403
from sp404site.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

# A file, not memory: threads must meet the same locks as in the product.
DATABASES["default"]["TEST"] = {"NAME": None if _url else Path(_folder) / "test.sqlite3"}
STATIC_ROOT.mkdir()
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, for tests only
RESERVE_BYTES = 0  # tests are about small files on whatever disk there is
