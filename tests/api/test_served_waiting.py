"""Under the real web server, without a worker: calls that wait leave threads to all others."""

import json
import os
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.instance import free_port
from tests.until import until

ROOT = Path(__file__).resolve().parents[2]
THREADS, WAITERS = 8, 2
CALLS = 12  # more than the server has threads
SET_UP = """
from django.contrib.auth.models import User
from exports.models import Export, ExportItem
from library.models import ApiToken
user = User.objects.create(username="local")
export = Export.objects.create(owner=user, kind="single", name="Kick", layout="flat", format="wav")
ExportItem.objects.create(export=export, position=0, path="kick.wav", sample_title="Kick")
print(ApiToken(owner=user, name="test").issue())
"""


@pytest.fixture
def served(tmp_path):
    """Return a function that calls a web server of one process with an export nobody works at."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "sp404site.settings",
        "PADCRATE_DATA": str(tmp_path / "data"),
        "PADCRATE_PORT": str(port),
        "PADCRATE_WEB_PROCESSES": "1",
        "PADCRATE_WEB_THREADS": str(THREADS),
    }

    def manage(*words):
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        return done.stdout

    manage("migrate", "-v", "0")
    token = manage("shell", "-v", "0", "-c", SET_UP).split()[-1]
    command = ["-m", "gunicorn", "--config", "python:sp404site.web", "sp404site.wsgi"]
    server = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment)

    def call(path, method="GET", **headers):
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/v1/{path}",
            method=method,
            headers={"Authorization": f"Bearer {token}", **headers},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own
            return answer.headers, json.load(answer)

    def answers():
        try:
            return call("kits")
        except OSError:
            return None

    try:
        until(answers, 60, what="the web server")
        yield call
    finally:
        server.terminate()
        server.wait(20)


def test_more_callers_wait_than_there_are_threads_and_others_are_served(served):
    with ThreadPoolExecutor(CALLS) as callers:
        waiting = [
            callers.submit(served, "sp404/exports/1", Prefer="wait=30") for _ in range(CALLS)
        ]
        until(lambda: sum(call.done() for call in waiting) == CALLS - WAITERS)
        for _ in range(20):
            assert served("kits")[1]["total"] == 0
        assert sum(not call.done() for call in waiting) == WAITERS  # while these two still wait
        served("sp404/exports/1/cancel", "POST")
        told = [call.result() for call in waiting]
    waited = [body["state"] for headers, body in told if "Preference-Applied" in headers]
    assert waited == ["cancelled"] * WAITERS
    assert sum(body["state"] == "pending" for _, body in told) == CALLS - WAITERS
