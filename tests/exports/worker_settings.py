"""Settings of worker processes that export tests start: the product's, on the tests' database."""

import os

from sp404site.settings import *  # noqa: F403
from sp404site.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
