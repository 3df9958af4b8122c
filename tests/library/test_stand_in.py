"""Commands that wait for a job where no workers run: a child does it, bounded like any worker."""

import os
import signal
import subprocess
import sys

import psutil
import pytest
from django.conf import settings as standing
from django.db import connection

from library import generate
from library.access import local_user
from library.jobs import State
from library.models import Generation, Import, Sample, WorkerBeat
from tests.models_of_sound import noted
from tests.until import until
from tests.workers import ROOT, shared_folder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def command(settings, tmp_path, monkeypatch):
    """Return a function that starts a command on the database and the files of the test."""
    data = shared_folder(settings, tmp_path)
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    settings.GENERATION_ENGINES = ["tests.models_of_sound.Halting"]
    started = []

    def start(*words, **more):
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.exports.worker_settings",
            "PADCRATE_DATA": str(data),
            "PADCRATE_RESERVE_BYTES": "0",
            "PADCRATE_SECRET_KEY": standing.SECRET_KEY,
            "PADCRATE_GENERATION_ENGINES": "tests.models_of_sound.Halting",
            "TEST_DATABASE": str(connection.settings_dict["NAME"]),
            **more,
        }
        process = psutil.Popen(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.communicate()


def test_a_model_that_hangs_is_given_up_and_nothing_is_left(command):
    older = generate.ask(local_user(), "somebody else's")
    process = command("generate", "for ever", PADCRATE_GENERATION_SECONDS="1")
    child = until(lambda: noted().get("asked for ever"), what="the model")
    assert child != process.pid
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "Took longer than 1 s and was given up." in err
    assert not psutil.pid_exists(child)
    row = Generation.objects.get(prompt="for ever")
    assert (row.state, row.error) == (State.FAILED, "Took longer than 1 s and was given up.")
    older.refresh_from_db()
    assert (older.state, older.attempts) == (State.PENDING, 0)
    assert not WorkerBeat.objects.exists()


def test_ctrl_c_ends_the_child_and_takes_the_sound_back(command):
    process = command("generate", "for ever")
    child = until(lambda: noted().get("asked for ever"), what="the model")
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the child hears it too
    process.communicate(timeout=10)
    assert process.returncode != 0
    assert not psutil.pid_exists(child)
    assert not Generation.objects.exists()


def test_a_child_that_is_killed_is_replaced(command):
    process = command("generate", "in the engine", "--seconds=0.3")
    os.kill(until(lambda: noted().get("at in the engine")), signal.SIGKILL)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    row = Generation.objects.get()
    assert (row.state, row.attempts) == (State.COMPLETED, 2)
    assert f"It is in the library as sound {row.sample_id}." in out


def test_the_child_is_bounded_and_dies_with_the_command(command):
    process = command("generate", "for ever", PADCRATE_WORKER_MB="3072")
    child = psutil.Process(until(lambda: noted().get("asked for ever"), what="the model"))
    assert child.rlimit(psutil.RLIMIT_AS)[0] == 3072 << 20
    process.kill()
    process.communicate(timeout=10)
    until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, what="its end")


def test_the_demo_crate_is_made_by_a_child_as_well(command):
    process = command("demo")
    batch = until(lambda: Import.objects.exclude(worker="").first(), what="its begin")
    assert batch.worker.rsplit(":", 1)[1] != str(process.pid)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    batch.refresh_from_db()
    assert batch.state in {State.PENDING, State.COMPLETED}
    assert not Sample.objects.filter(analysis__state=State.PROCESSING).exists()
