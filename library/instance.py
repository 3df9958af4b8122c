"""The one instance that runs on a data folder: its lock, its address, what it needs to start."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryFile

from django.conf import settings


class CannotStartError(Exception):
    """What stands in the way, in one sentence for a person."""


@dataclass(frozen=True)
class Running:
    """Where an instance listens, and its supervisor."""

    host: str
    port: int
    pid: int


def address(host: str, port: int) -> str:
    """Return the URL of a host and port, without a slash at the end."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def lock_path() -> Path:
    """Return the file that a running instance holds locked."""
    return Path(settings.RUN_DIR) / "instance"


@contextmanager
def hold(host: str, port: int) -> Iterator[None]:
    """Be the instance of this data folder; CannotStartError when another one is."""
    with lock_path().open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStartError(
                f"Padcrate already runs on the data folder {settings.DATA_DIR}. "
                "Stop it first, or choose another folder with PADCRATE_DATA."
            ) from None
        file.truncate(0)
        file.write(json.dumps(asdict(Running(host, port, os.getpid()))))
        file.flush()
        yield  # the kernel lets go of the lock however this process ends


def running() -> Running | None:
    """Return the instance that holds the lock just now, or None."""
    try:
        with lock_path().open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return Running(**json.load(file))
    except (FileNotFoundError, ValueError):
        pass
    return None


def require_port(host: str, port: int) -> None:
    """Raise CannotStartError when nobody can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotStartError(
                f"Port {port} is for the system alone. Choose one from 1024 on: PORT=8000 make run."
            ) from None
        except (OSError, OverflowError) as fault:
            raise CannotStartError(
                f"Port {port} on {host} cannot be used ({_reason(fault)}). "
                f"Choose another: PORT={port % 60000 + 1} make run."
            ) from None


def _reason(fault: Exception) -> str:
    text = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
    return "it is taken" if text == "Address already in use" else text.lower()


def require_folder() -> None:
    """Raise CannotStartError when files cannot be written to the data folder."""
    for folder in (settings.DATA_DIR, settings.MEDIA_ROOT, settings.TMP_DIR, settings.RUN_DIR):
        try:
            with TemporaryFile(dir=folder) as file:
                file.write(b"padcrate")
        except OSError as fault:
            raise CannotStartError(
                f"Padcrate cannot write to {folder} ({_reason(fault)}). "
                "Make the folder writable, or choose another with PADCRATE_DATA."
            ) from None


def require_safe_network(host: str) -> list[str]:
    """Raise CannotStartError when this address would be open to strangers; return warnings."""
    from django.contrib.auth.models import User

    if not any(user.has_usable_password() for user in User.objects.filter(is_active=True)):
        raise CannotStartError(
            f"On {host} everybody signs in, and nobody has a password yet. "
            "Make an account first: manage.py createsuperuser."
        )
    if not os.environ.get("PADCRATE_ALLOWED_HOSTS", "").strip():
        raise CannotStartError(
            f"On {host} Padcrate must know its own name: "
            "set PADCRATE_ALLOWED_HOSTS=music.example.org."
        )
    if settings.HTTPS:
        return []
    return ["Passwords and sounds travel in the clear: put TLS in front and set PADCRATE_HTTPS=1."]
