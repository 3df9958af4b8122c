"""The product's settings, with workers that take a fifth of a second longer for each file."""

from sp404site.settings import *  # noqa: F403
from sp404site.settings import INSTALLED_APPS

INSTALLED_APPS.append("tests.e2e.slow.SlowConfig")
