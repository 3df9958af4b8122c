"""What an instance needs to start, and how another process finds it."""

import os
import socket

import pytest

from library import instance
from library.management.commands import serve
from tests.factories import UserFactory


@pytest.fixture
def folder(settings, tmp_path):
    """Give the test a run folder of its own."""
    settings.RUN_DIR = tmp_path
    return tmp_path


def test_the_running_instance_is_found_while_it_runs(folder):
    assert instance.running() is None
    with instance.hold("127.0.0.1", 8123):
        assert instance.running() == instance.Running("127.0.0.1", 8123, os.getpid())
        with pytest.raises(instance.CannotStartError, match="already runs"), instance.hold("x", 1):
            pass
    assert instance.running() is None


def test_a_lock_that_says_nothing_yet_is_no_instance(folder):
    with instance.hold("127.0.0.1", 8123):
        instance.lock_path().write_text("")
        assert instance.running() is None


def test_a_folder_that_cannot_be_written_is_named(settings, tmp_path):
    instance.require_folder()
    settings.TMP_DIR = tmp_path / "gone"
    with pytest.raises(instance.CannotStartError, match=r"cannot write to .*/gone \(no such file"):
        instance.require_folder()


def test_a_port_of_the_system(monkeypatch):
    def forbidden(_self, _address):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", forbidden)  # root may, so root cannot see it happen
    with pytest.raises(instance.CannotStartError, match="Port 80 is for the system alone"):
        instance.require_port("127.0.0.1", 80)


@pytest.mark.django_db
def test_the_network_wants_a_password_a_name_and_tls(settings, monkeypatch):
    person = UserFactory(is_active=False)
    monkeypatch.setenv("PADCRATE_ALLOWED_HOSTS", "music.example.org")
    with pytest.raises(instance.CannotStartError, match="nobody has a password"):
        instance.require_safe_network("192.0.2.1")
    person.is_active = True
    person.save()
    (warning,) = instance.require_safe_network("192.0.2.1")
    assert "in the clear" in warning
    settings.HTTPS = True
    assert instance.require_safe_network("192.0.2.1") == []
    monkeypatch.delenv("PADCRATE_ALLOWED_HOSTS")
    with pytest.raises(instance.CannotStartError, match="must know its own name"):
        instance.require_safe_network("192.0.2.1")


def test_the_address_behind_tls_has_no_port(settings):
    settings.HTTPS = True
    settings.ALLOWED_HOSTS = ["music.example.org"]
    assert serve.Command()._address("192.0.2.1", 8000) == "https://music.example.org/"
