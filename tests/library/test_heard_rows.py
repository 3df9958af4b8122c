"""What is heard gets into the rows, and never over what a person said."""

import pytest

from library.jobs import Outcome, State
from library.models import Analysis, Hearing, Sample, Source
from tests.factories import AnalysisFactory, SampleFactory

pytestmark = pytest.mark.django_db

HEARD = {
    "bpm": {"bpm": 92.0, "bpm_guessed": True, "bpm_source": "audio", "bpm_confidence": 0.7},
    "key": {"key": "Am", "key_guessed": False, "key_source": "name", "key_confidence": 0.97},
    "class": {"sample_class": "break", "class_guessed": False, "class_source": "audio"},
    "kind": {"is_loop": True, "kind_guessed": False, "kind_source": "chunk"},
}
VALUES = {"bpm": "bpm", "key": "key", "class": "sample_class", "kind": "is_loop"}


def written(sample, **more) -> Sample:
    job = AnalysisFactory(sample=sample)
    fields = {"measured": {"seconds": 2.5}, "heard": HEARD, **more}
    assert Analysis.write([Outcome.end(job, version=4, **fields)]) == [job]
    return Sample.objects.get(pk=sample.pk)


def test_what_is_heard_replaces_guesses():
    sample = written(SampleFactory(bpm=140, bpm_source=Source.NAME, key="C"))
    assert (sample.bpm, sample.bpm_guessed, sample.bpm_source) == (92, True, Source.AUDIO)
    assert sample.bpm_confidence == 0.7
    assert (sample.key, sample.key_source) == ("Am", Source.NAME)
    assert (sample.sample_class, sample.class_guessed) == ("break", False)
    assert (sample.is_loop, sample.kind_source) == (True, Source.CHUNK)
    assert sample.seconds == 2.5


@pytest.mark.parametrize("known", VALUES)
def test_what_a_person_said_stays_and_all_else_is_written(known):
    said = {"bpm": 140, "key": "C", "class": "fx", "kind": False}[known]
    mine = {VALUES[known]: said, f"{known}_source": Source.PERSON, f"{known}_confidence": 1.0}
    sample = written(SampleFactory(**mine))
    assert getattr(sample, VALUES[known]) == said
    assert getattr(sample, f"{known}_source") == Source.PERSON
    assert getattr(sample, f"{known}_confidence") == 1.0
    for name in set(VALUES) - {known}:
        assert getattr(sample, VALUES[name]) == HEARD[name][VALUES[name]]


def test_what_a_person_cleared_stays_clear():
    sample = written(SampleFactory(sample_class="", class_source=Source.PERSON, bpm=None))
    assert sample.sample_class == ""
    assert sample.bpm == 92


def test_a_hearing_is_kept_once_and_replaced():
    sample = SampleFactory()
    job = AnalysisFactory(sample=sample)
    for number in (1, 2):
        hearing = {"version": number, "descriptor": bytes([number]), "heard": {"bpm": number}}
        fields = {"measured": {"seconds": 1.0}, "hearing": hearing}
        Analysis.write([Outcome(job, {"state": State.PROCESSING, "version": number, **fields})])
    (kept,) = Hearing.objects.all()
    assert (kept.sample, kept.version, bytes(kept.descriptor)) == (sample, 2, b"\x02")
    assert kept.heard == {"bpm": 2}
    assert str(kept) == f"{sample.pk}, version 2"


def test_nothing_is_kept_of_a_sample_that_was_deleted():
    job = AnalysisFactory()
    Sample.objects.all().delete()
    fields = {"measured": {"seconds": 1.0}, "heard": HEARD, "hearing": {"version": 4}}
    assert Analysis.write([Outcome.end(job, **fields)]) == []
    assert not Hearing.objects.exists()


def test_many_are_written_with_few_queries(django_assert_max_num_queries):
    jobs = AnalysisFactory.create_batch(5)
    outcomes = [
        Outcome.end(
            job, measured={"seconds": 1.0}, heard=dict(HEARD), hearing={"version": 4}, version=4
        )
        for job in jobs
    ]
    rows, jobs, hearings, savepoints = 5, 5, 2, 4
    with django_assert_max_num_queries(rows + jobs + hearings + savepoints):
        Analysis.write(outcomes)
    assert Hearing.objects.count() == 5
