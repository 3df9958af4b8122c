"""Real worker processes on the database and the files of a test."""

import os
import sys
from contextlib import contextmanager
from pathlib import Path

import psutil
from django.conf import settings as standing
from django.db import connection

from tests.until import until

ROOT = Path(__file__).resolve().parents[1]


def shared_folder(settings, folder):
    """Keep the test's files where worker processes look for them, and return that folder."""
    settings.MEDIA_ROOT = folder / "media"
    settings.TMP_DIR = settings.MEDIA_ROOT / "tmp"
    settings.TMP_DIR.mkdir(parents=True)
    return folder


@contextmanager
def running_workers(data, count=2, **more):
    """Give the parent of so many workers; all of them are killed at the end.

    more: variables of their environment.
    """
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.exports.worker_settings",
        "PADCRATE_DATA": str(data),
        "PADCRATE_RESERVE_BYTES": "0",
        "PADCRATE_SECRET_KEY": standing.SECRET_KEY,
        "PADCRATE_WORKERS": str(count),
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
        **more,
    }
    process = psutil.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, env=environment)
    try:
        until(lambda: len(process.children()) == count, what="the workers")
        yield process
    finally:
        for member in [*process.children(recursive=True), process]:
            member.kill()
        process.wait(10)
