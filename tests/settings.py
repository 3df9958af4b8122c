"""The product's own settings on a data folder that is thrown away after the tests."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

for name in [name for name in os.environ if name.startswith("PADCRATE_")]:
    del os.environ[name]  # what a developer set for their own instance
_folder = tempfile.mkdtemp(prefix="padcrate-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["PADCRATE_DATA"] = _folder
os.environ["PADCRATE_SQLITE_SYNCHRONOUS"] = "OFF"  # no power cut comes between two tests

from sp404site.settings import *  # noqa: E402, F403
from sp404site.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

# A file, not memory: threads must meet the same locks as in the product.
DATABASES["default"]["TEST"] = {"NAME": Path(_folder) / "test.sqlite3"}
STATIC_ROOT.mkdir()
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, for tests only
RESERVE_BYTES = 0  # tests are about small files on whatever disk there is
