"""Nasty files through the whole product: taken in, analysed and exported by real workers.

Each one becomes a sample whose export is right, or is listed with its reason; and whatever comes,
the workers that began are those that end.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from exports import build
from exports.models import Export, ExportItem
from exports.options import Options
from exports.plan import plan
from exports.sources import from_ids
from library import imports, tasks
from library.jobs import State
from library.models import Analysis, Sample
from tests.hostile import KINDS
from tests.hostile.check import faults, out_of
from tests.hostile.kinds import Refusal, Sound
from tests.until import until
from tests.workers import running_workers, shared_folder

SHORTEST = 4_800
EVERY = 4
TOO_BIG = {"two_gigabytes_of_holes"}

ALWAYS = ["link_to_itself", "quicktime_in_an_order_of_its_own"]
"""Kinds that once ended more than their own import."""

some = [name for name in KINDS if name not in TOO_BIG][::EVERY]
some += [name for name in ALWAYS if name not in some]
the_others = [name for name in KINDS if name not in {*some, *TOO_BIG}]


@pytest.fixture
def data(settings, tmp_path):
    """Keep the test's files where the worker processes look for them."""
    return shared_folder(settings, tmp_path)


@pytest.fixture
def workers(data):
    """Run two workers until the end of the test; return a function that lists them."""
    with running_workers(data) as process:
        yield lambda: sorted(child.pid for child in process.children())


@dataclass
class Taken:
    """What became of one file: refused with a reason, or a sample."""

    refusal: str = ""
    sample: Sample | None = None


def take_in(user, folder, names):
    """Send files as a folder on the server would be; returns what became of each."""
    batch = imports.upload_batch(user, "nasty", "Nasty", len(names))
    taken = {}
    for name in names:
        path = KINDS[name].write(folder)
        if imports.receive(batch, path, path.name) == "refused":
            taken[name] = Taken(refusal=batch.problems.get(name=path.name).message)
        else:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            taken[name] = Taken(sample=Sample.objects.get(owner=user, sha256=digest))
    tasks.wake(2)
    until(lambda: not Analysis.objects.unfinished().exists(), 120, what="the analyses")
    return taken


def export(user, taken):
    """Export all that can be read; returns the items by their samples."""
    ids = {one.sample.pk for one in taken.values() if one.sample}
    readable = Analysis.objects.filter(sample__in=ids, state=State.COMPLETED)
    source = from_ids(user, list(readable.values_list("sample", flat=True)))
    asked = build.create(user, plan(source, Options()))
    tasks.wake(2)
    until(lambda: not Export.objects.get(pk=asked.pk).is_open, 120, what="the export")
    return {item.sample_id: item for item in ExportItem.objects.filter(export=asked)}


def check_refusal(expected: Refusal, one: Taken):
    """Somebody is told why."""
    if one.sample:
        analysis = Analysis.objects.get(sample=one.sample)
        assert analysis.state == State.FAILED
        reason = analysis.error
    else:
        reason = one.refusal
    assert "could not be read: " in reason
    assert expected.phrase in reason or "gone" in reason


def check_sound(expected: Sound, one: Taken, items):
    """The sample has its facts, and the export its sound."""
    assert one.sample, one.refusal
    sample = Sample.objects.get(pk=one.sample.pk)
    assert sample.analysis.state == State.COMPLETED, sample.analysis.error
    assert (sample.sample_rate, sample.channels) == (expected.rate, expected.channels)
    item = items[sample.pk]
    assert item.state == State.COMPLETED, item.error
    path = Path(default_storage.path(item.render.path))
    if out_of(sample.frames, expected.rate) < SHORTEST:  # padded with silence, and says so
        assert item.render.frames == SHORTEST
    else:
        assert faults(path, expected, item.render.changes) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "names", [some, pytest.param(the_others, marks=pytest.mark.soak)], ids=["some", "the others"]
)
def test_each_is_exported_right_or_listed_with_its_reason(user, workers, tmp_path, names):
    folder = tmp_path / "sent"
    folder.mkdir()
    began = workers()
    taken = take_in(user, folder, names)
    items = export(user, taken)
    for name in names:
        expected = KINDS[name].expected
        try:
            if isinstance(expected, Refusal):
                check_refusal(expected, taken[name])
            else:
                check_sound(expected, taken[name], items)
        except AssertionError as fault:
            fault.add_note(f"of {name}")
            raise
    assert workers() == began


@pytest.mark.django_db
def test_what_is_too_big_is_refused_before_it_is_read(user, tmp_path):
    for name in TOO_BIG:
        path = KINDS[name].write(tmp_path)
        batch = imports.upload_batch(user, name, name, 1)
        assert imports.receive(batch, path, path.name) == "refused"
        assert "is too big: it may have " in batch.problems.get().message
