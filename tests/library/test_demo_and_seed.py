"""The commands that fill a library: the demo crate and made-up rows."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from library import imports, jobs, labour, search, seed
from library.audio.synth import crate
from library.jobs import State
from library.listing import Query, page
from library.management.commands import demo
from library.models import Analysis, Import, Sample, SampleClass, WorkerBeat
from library.stand_in import StandIn
from tests.factories import UserFactory


def call(name: str, *args) -> str:
    out = io.StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def no_child(monkeypatch):
    """Do in this process what a child would; a real one is in test_stand_in.py."""

    def work_here(stand_in):
        if not WorkerBeat.any_alive():
            stand_in.work("here:1")

    monkeypatch.setattr(StandIn, "look", work_here)
    monkeypatch.setattr(demo, "PATIENCE", 0.0)


@pytest.fixture
def small_crate(monkeypatch):
    """Make the demo crate three sounds small."""
    monkeypatch.setattr(crate, "DEMO", crate.DEMO[:3])


def test_without_workers_the_command_makes_the_crate_itself(db, small_crate):
    assert call("demo") == "Demo crate: 3 added, 0 already here.\n"
    assert Analysis.objects.filter(state=State.COMPLETED).count() == 3
    assert call("demo") == "Demo crate: 0 added, 3 already here.\n"


def test_with_workers_the_command_only_waits(db, small_crate, monkeypatch):
    WorkerBeat.objects.create(name="pool")
    looks = []

    def sleep(seconds):
        looks.append(seconds)
        assert labour.work_once("other:1")

    monkeypatch.setattr(demo.time, "sleep", sleep)
    call("demo")
    assert len(looks) == 2  # the crate, then its three sounds together
    assert set(Analysis.objects.values_list("worker", flat=True)) == {"other:1"}


def test_a_crate_that_fails_is_told(db, small_crate, monkeypatch):
    def fail(batch):
        raise jobs.JobError("No.")

    sources = [
        labour.Source(source.priority, source.name, source.rows, fail)
        for source in labour.SOURCES
        if source.name == "imports"
    ]
    monkeypatch.setattr(labour, "SOURCES", sources)
    with pytest.raises(CommandError, match=r"^No\.$"):
        call("demo")
    assert Import.objects.get().state == State.FAILED


def test_seeded_rows_look_like_a_library(db, monkeypatch):
    monkeypatch.setattr(seed, "AUDIBLE", 3)
    assert call("seed", "400") == "400 made-up samples are in the library.\n"
    samples = Sample.objects.all()
    assert samples.count() == 400
    assert {sample.sample_class for sample in samples} == set(SampleClass.values)
    assert Analysis.objects.filter(state=State.COMPLETED).count() == 400
    for sample in samples:
        sample.full_clean(exclude=["waveform"])
        assert len(sample.waveform) == 64
    owner = samples[0].owner
    assert page(owner, Query(q="snr pap")).total >= 2
    assert page(owner, Query(tags=("dusty",))).total > 10
    assert len(search.words(samples[0].search_text)) > 4


def test_the_first_seeded_rows_can_be_heard(db, monkeypatch):
    monkeypatch.setattr(seed, "AUDIBLE", 3)
    call("seed", "5")
    heard = [default_storage.exists(row.preview) for row in Sample.objects.order_by("pk")]
    assert heard == [True, True, True, False, False]
    first = Sample.objects.order_by("pk").first()
    jobs_done = imports.tray(first.owner)
    assert not jobs_done.is_active
    with default_storage.open(first.blob) as original, default_storage.open(first.preview) as heard:
        assert original.read() == heard.read()
    assert default_storage.size(first.peaks) == 10_752


def test_seeding_goes_on_where_it_ended(db, monkeypatch):
    monkeypatch.setattr(seed, "AUDIBLE", 0)
    monkeypatch.setattr(seed, "BATCH", 4)
    owner = UserFactory(username="anna")
    assert list(seed.seed(owner, 10)) == [4, 8, 10]
    assert list(seed.seed(owner, 10)) == []
    assert list(seed.seed(owner, 13)) == [13]
    assert Sample.objects.count() == 13
    call("seed", "14", "--owner", "anna")
    assert Sample.objects.filter(owner=owner).count() == 14
