"""Helpers of the export tests: sounds in a library, and workers that run in the test."""

import pytest
from django.utils.timezone import now

from exports import build, shell_export
from exports.models import Export
from exports.options import Options
from exports.plan import plan
from exports.sources import from_ids, from_kit
from library import labour
from library.models import WorkerBeat
from library.stand_in import StandIn
from tests.factories import SampleFactory


@pytest.fixture(autouse=True)
def no_child(monkeypatch):
    """Let commands that run in a test do themselves what their child would."""

    def work_here(stand_in):
        if not WorkerBeat.any_alive():
            stand_in.work("here:1")

    monkeypatch.setattr(StandIn, "look", work_here)
    monkeypatch.setattr(shell_export, "PATIENCE", 0.01)


@pytest.fixture
def worker(db, settings):
    """Return a function that does up to `most` ready jobs and returns how many there were.

    One by one; `together=16` claims so many at once, as workers do.
    """

    def work(most: int = 1_000, *, together: int = 1) -> int:
        settings.CHUNK_JOBS = together
        done = 0
        while done < most and (count := labour.work_once("test")):
            done += count
        return done

    return work


@pytest.fixture
def beat(db):
    """Let a worker show a sign of life."""
    return WorkerBeat.objects.create(name="test", beat_at=now())


@pytest.fixture
def export(user):
    """Return a function that exports a kit, or `count` stored sounds."""

    def start(count: int = 3, *, kit=None, options: Options | None = None) -> Export:
        if kit is not None:
            source = from_kit(kit)
        else:
            samples = SampleFactory.create_batch(count, stored=True, owner=user)
            source = from_ids(user, [sample.pk for sample in samples])
        options = options or Options(layout="kit" if kit else "flat")
        return build.create(user, plan(source, options))

    return start
