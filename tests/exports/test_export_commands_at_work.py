"""The export commands beside real workers and as real processes, killed ones too."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from django.conf import settings as standing
from django.db import connection

from exports import build, shell_export
from exports.models import Export
from exports.options import Options
from exports.plan import plan
from exports.sources import from_ids
from library import labour
from library.access import local_user
from library.jobs import State
from library.models import WorkerBeat
from tests.exports.cards import holdings
from tests.exports.commands import run
from tests.factories import SampleFactory, tone
from tests.until import until

ROOT = Path(__file__).resolve().parents[2]
FILES = 12

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def environment(settings, tmp_path):
    """Let processes that the test starts use its database and its files."""
    settings.MEDIA_ROOT = tmp_path / "data" / "media"
    settings.TMP_DIR = settings.MEDIA_ROOT / "tmp"
    settings.TMP_DIR.mkdir(parents=True)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.exports.worker_settings",
        "PADCRATE_DATA": str(tmp_path / "data"),
        "PADCRATE_RESERVE_BYTES": "0",
        "PADCRATE_SECRET_KEY": standing.SECRET_KEY,
        "PADCRATE_WORKERS": "2",
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
    }


@pytest.fixture
def sounds(environment):
    """Return the local user's sounds."""
    me = local_user()
    return [
        SampleFactory(owner=me, sound=tone(100 + number, 2.0), frames=88_200, title=f"s{number}")
        for number in range(FILES)
    ]


@pytest.fixture
def card(tmp_path):
    folder = tmp_path / "card"
    folder.mkdir()
    return folder


def command(environment, *words, **more):
    return psutil.Popen(
        [sys.executable, "manage.py", *map(str, words)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def test_workers_do_the_work_where_some_are_alive(sounds, environment, card):
    pool = command(environment, "worker")
    try:
        until(WorkerBeat.any_alive, what="the workers")
        done = run("export_samples", "--all", "--to", card, "--json")
    finally:
        for member in [*pool.children(recursive=True), pool]:
            member.kill()
        pool.communicate(timeout=10)
    assert done.status == 0, done.err
    workers = set(Export.objects.get().items.values_list("worker", flat=True))
    assert not any(name.endswith(f":{os.getpid()}") for name in workers)
    assert len(holdings(card)) == FILES


def test_two_processes_never_do_one_file_twice(sounds, monkeypatch):
    export = build.create(
        local_user(), plan(from_ids(local_user(), [s.pk for s in sounds]), Options())
    )
    tries = []
    true = build.render

    def counted(item):
        tries.append(item.pk)
        return true(item)

    monkeypatch.setattr(build, "render", counted)

    def other():
        try:
            while labour.work_once("other"):
                time.sleep(0.01)
        finally:
            connection.close()

    beside = threading.Thread(target=other)
    beside.start()
    for _ in shell_export.follow(export):
        time.sleep(0.01)
    beside.join()
    assert export.state == State.COMPLETED
    assert len(tries) == len(set(tries)) == FILES


def test_only_this_export_is_worked_on(sounds):
    me = local_user()
    other = build.create(me, plan(from_ids(me, [sounds[0].pk]), Options()))
    run("export_samples", sounds[1].pk)
    other.refresh_from_db()
    assert other.state == State.PENDING


def test_exit_status_and_summary_of_a_real_process(sounds, environment, card):
    process = command(environment, "export_samples", sounds[0].pk, "--to", card, "--json")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert json.loads(out)["folder"]["added"] == ["IMPORT/s0.wav"]
    (worker,) = Export.objects.get().items.values_list("worker", flat=True)
    assert worker.rsplit(":", 1)[1] != str(process.pid)  # a child that is bounded and watched
    process = command(environment, "export_samples", "--bpm", "fast")
    assert "LO-HI" in process.communicate(timeout=60)[1]
    assert process.returncode == 2


def test_a_killed_command_leaves_its_export_and_the_next_one_finishes_the_card(
    sounds, environment, card
):
    foreign = card / "IMPORT" / "S3.WAV"
    foreign.parent.mkdir()
    foreign.write_bytes(b"somebody's")
    process = command(environment, "export_samples", "--all", "--to", card)
    until(lambda: len(list(card.rglob("*.wav"))) > 2, 60, what="some files on the card")
    process.kill()
    process.communicate(timeout=10)
    done = run("export_samples", "--all", "--to", card, "--json")
    assert done.status == 0, done.err
    there = holdings(card)
    assert there.pop("IMPORT/S3.WAV") == b"somebody's"
    assert len(there) == FILES
    assert not any(path.endswith(".part") for path in there)


def test_ctrl_c_on_a_real_process_cancels(sounds, environment):
    process = command(environment, "export_samples", "--all")
    until(lambda: Export.objects.filter(state=State.PROCESSING).exists(), 60, what="its begin")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    export = Export.objects.get()
    if process.returncode == 0:  # it was quicker
        assert export.state == State.COMPLETED
    else:
        assert (process.returncode, export.state) == (130, State.CANCELLED), err
