"""Settings of worker processes that tests start: the tests' database, and errands for jobs."""

import os

from sp404site.settings import *  # noqa: F403
from sp404site.settings import DATABASES, INSTALLED_APPS

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
INSTALLED_APPS.append("tests.errands_app.ErrandsConfig")
