"""The library is heard again: which sounds, how far, and what stays."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from library import labour, reanalysis
from library.jobs import State
from library.management.commands import reanalyse
from library.models import Analysis, Sample, WorkerBeat
from library.stand_in import StandIn
from tests.factories import AnalysisFactory, SampleFactory

NOW = Analysis.VERSION


@pytest.fixture(autouse=True)
def no_child(monkeypatch):
    """Do in this process what a child would; a real one is in test_stand_in.py."""

    def work_here(stand_in):
        if not WorkerBeat.any_alive():
            stand_in.work("here:1")

    monkeypatch.setattr(StandIn, "look", work_here)
    monkeypatch.setattr(reanalyse, "PATIENCE", 0.0)


def call(*args) -> str:
    out = io.StringIO()
    call_command("reanalyse", *args, stdout=out)
    return out.getvalue()


def counts(*args) -> dict:
    return json.loads(call("--json", *args))


@pytest.fixture
def shelf(user) -> list[Analysis]:
    """Return an outdated, a failed and a fresh analysis, of sounds that are there."""
    return [
        AnalysisFactory(sample=SampleFactory(owner=user, stored=True), done=True, version=NOW - 1),
        AnalysisFactory(
            sample=SampleFactory(owner=user, sound=b"no sound"), state=State.FAILED, error="Why."
        ),
        AnalysisFactory(sample=SampleFactory(owner=user, stored=True), done=True),
    ]


def versions() -> list[int]:
    return list(Analysis.objects.order_by("pk").values_list("version", flat=True))


def test_without_workers_the_command_does_it_itself(shelf):
    said = f"2 sounds: 1 analysed by version {NOW}, 1 could not be read.\n"
    assert call() == said
    assert versions() == [NOW, 0, NOW]
    assert call("--outdated") == f"1 sounds: 0 analysed by version {NOW}, 1 could not be read.\n"


def test_all_are_heard_again(shelf):
    before = Analysis.objects.get(pk=shelf[2].pk).finished_at
    assert counts("--all") == {"total": 3, "done": 2, "failed": 1, "left": 0, "version": NOW}
    assert Analysis.objects.get(pk=shelf[2].pk).finished_at != before


def test_only_one_persons_sounds(shelf, user, stranger):
    AnalysisFactory(sample=SampleFactory(owner=stranger, stored=True), done=True, version=1)
    assert counts("--user", user.username)["total"] == 2
    assert counts("--no-wait")["total"] == 2  # the stranger's, and the one that fails again
    with pytest.raises(CommandError, match="no user called nobody"):
        call("--user", "nobody")


def test_missing_files_are_left_alone(shelf):
    Sample.objects.update(is_missing=True)
    assert counts("--all")["total"] == 0
    assert versions() == [NOW - 1, 0, NOW]


def test_a_run_that_was_stopped_is_taken_up_by_the_next(shelf, monkeypatch):
    looks = []

    def stop(_stand_in):
        looks.append(1)
        raise KeyboardInterrupt

    with monkeypatch.context() as then:
        then.setattr(StandIn, "look", stop)
        assert counts("--all") == {"total": 3, "done": 0, "failed": 0, "left": 3, "version": NOW}
    assert looks
    assert counts() == {"total": 3, "done": 2, "failed": 1, "left": 0, "version": NOW}
    assert "still queued" not in call()


def test_what_is_left_is_told(shelf):
    assert "2 still queued" in call("--no-wait")
    assert Analysis.objects.filter(state=State.PENDING).count() == 2


def test_with_workers_the_command_only_waits(shelf, monkeypatch):
    WorkerBeat.objects.create(name="pool")
    monkeypatch.setattr(reanalyse.time, "sleep", lambda _: labour.work_once("other:1"))
    assert counts()["left"] == 0
    assert Analysis.objects.get(pk=shelf[0].pk).worker == "other:1"


def test_what_is_at_work_is_not_taken_away(user):
    row = AnalysisFactory(sample__owner=user, state=State.PROCESSING, token="mine")
    assert reanalysis.queue(reanalysis.of(user)) == 1
    row.refresh_from_db()
    assert (row.state, row.token) == (State.PROCESSING, "mine")


def test_more_than_one_batch(user, monkeypatch):
    monkeypatch.setattr(reanalysis, "BATCH", 2)
    for _ in range(5):
        AnalysisFactory(sample__owner=user, done=True)
    rows = reanalysis.of(user)
    reanalysis.forget(rows)
    assert versions() == [0] * 5
    assert reanalysis.queue(reanalysis.outdated(rows)) == 5
    assert reanalysis.progress(rows, 5).left == 5


def test_a_persons_word_outlives_it(shelf):
    told = {"bpm": 93, "bpm_source": "person", "bpm_confidence": 1.0, "sample_class": "fx"}
    Sample.objects.filter(pk=shelf[0].sample_id).update(**told, class_source="person")
    call("--all")
    sample = Sample.objects.get(pk=shelf[0].sample_id)
    assert (sample.bpm, sample.bpm_source, sample.bpm_confidence) == (93, "person", 1.0)
    assert (sample.sample_class, sample.class_source) == ("fx", "person")


def test_sounds_are_queued_by_their_samples(shelf):
    assert reanalysis.queue_samples(Sample.objects.filter(pk=shelf[2].sample_id)) == 1
    assert Analysis.objects.get(pk=shelf[2].pk).state == State.PENDING
