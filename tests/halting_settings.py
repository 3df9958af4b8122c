"""Settings of worker processes that halt where a test says, on the tests' database."""

import os

from sp404site.settings import *  # noqa: F403
from sp404site.settings import DATABASES, INSTALLED_APPS

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
INSTALLED_APPS.append("tests.halting_app.HaltingConfig")
