"""What every test may ask for: a folder of its own, a person, a browser that is signed in."""

import signal
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.e2e.instance import prepare
from tests.factories import UserFactory

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # So it is in the background of a shell, and all that tests start would be deaf to Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def media(settings, tmp_path_factory) -> Path:
    """Give each test its own empty media folder and return it."""
    root = tmp_path_factory.mktemp("media")
    settings.MEDIA_ROOT = root
    settings.TMP_DIR = root / "tmp"
    settings.FILE_UPLOAD_TEMP_DIR = settings.TMP_DIR
    settings.TMP_DIR.mkdir()
    return root


@pytest.fixture
def user(db) -> User:
    """Return somebody with an account."""
    return UserFactory()


@pytest.fixture
def stranger(db) -> User:
    """Return somebody else with an account."""
    return UserFactory()


@pytest.fixture
def client(user) -> Client:
    """Return a browser in which `user` is signed in."""
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def stranger_client(stranger) -> Client:
    """Return a browser in which `stranger` is signed in."""
    browser = Client()
    browser.force_login(stranger)
    return browser


@pytest.fixture
def anonymous() -> Client:
    """Return a browser in which nobody is signed in."""
    return Client()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Path:
    """Return a data folder with tables and static files, to be copied: making them takes long."""
    return prepare(tmp_path_factory.mktemp("prepared") / "data")
