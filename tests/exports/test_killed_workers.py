"""Workers killed in the middle of an export: nothing lost, nothing half, nothing done twice."""

import hashlib
import random
import time
from pathlib import Path

import psutil
import pytest
from django.core.files.storage import default_storage

from exports import build
from exports.models import Export, Render
from exports.options import Options
from exports.plan import plan
from exports.sources import from_ids
from library import tasks
from library.jobs import State
from tests.factories import SampleFactory, tone
from tests.workers import running_workers, shared_folder

KILLS = 7  # the pool waits longer after each quick death
FILES = 80
LONG = 20.0  # seconds; every fourth sound, so that fewer are claimed together


@pytest.fixture
def data(settings, tmp_path):
    """Keep the test's files where the worker processes look for them."""
    return shared_folder(settings, tmp_path)


@pytest.fixture
def pool(data):
    """Run two workers until the end of the test."""
    with running_workers(data) as process:
        yield process


@pytest.mark.django_db(transaction=True)
def test_export_completes_under_kills(user, pool, data):
    dice = random.Random(404)
    samples = [stored(user, 100 + number, 0.5 if number % 4 else LONG) for number in range(FILES)]
    planned = plan(from_ids(user, [sample.pk for sample in samples]), Options())
    export = build.create(user, planned)
    tasks.wake(2)
    kills = 0
    end = time.monotonic() + 60
    while (export := Export.objects.get(pk=export.pk)).is_open:
        assert time.monotonic() < end, f"{export.items.unfinished().count()} items were left"
        busy = export.items.filter(state=State.PROCESSING).exclude(worker="").first()
        if kills < KILLS and busy is not None:
            kill(int(busy.worker.rsplit(":", 1)[1]))
            kills += 1
        time.sleep(dice.uniform(0.01, 0.1))
    assert kills >= KILLS / 2
    assert export.state == State.COMPLETED
    check(export, planned, data / "media")


def stored(user, hertz, seconds):
    sound = tone(hertz, seconds, channels=2)
    return SampleFactory(owner=user, sound=sound, frames=int(seconds * 44_100), channels=2)


def kill(worker):
    try:
        psutil.Process(worker).kill()
    except psutil.NoSuchProcess:
        return


def check(export, planned, media):
    sizes = dict(export.items.values_list("path", "size_bytes"))
    assert sizes == {item.path: item.size for item in planned.items}
    assert Render.objects.count() == FILES
    assert {path.name for path in (media / "renders").rglob("*.*")} == {
        Path(render.path).name for render in Render.objects.all()
    }
    for render in Render.objects.all():
        with default_storage.open(render.path) as file:
            assert hashlib.sha256(file.read()).hexdigest() == render.sha256
