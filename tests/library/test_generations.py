"""A generation on its way: properties, the steps that there are, and those that there are not."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from library import labour
from library.jobs import JobError, NoSpaceError, State
from library.models import Generation, Prompt, TransitionError
from library.models.generations import ORIGINS
from tests.factories import GenerationFactory, SampleFactory

pytestmark = pytest.mark.django_db

TRAITS = {
    State.PENDING: {},
    State.WAITING: {"waiting": True},
    State.PROCESSING: {"processing": True},
    State.COMPLETED: {"completed": True},
    State.FAILED: {"failed": True},
}
STEPS = {
    State.PROCESSING: lambda generation: generation.mark_processing(),
    State.COMPLETED: lambda generation: generation.mark_completed(duration=3.5, channels=2),
    State.FAILED: lambda generation: generation.mark_failed("No model."),
}
WAYS = [
    (State.PENDING, State.PROCESSING),
    (State.WAITING, State.PROCESSING),
    (State.PROCESSING, State.COMPLETED),
    (State.PROCESSING, State.FAILED),
]
NO_WAYS = [(origin, to) for origin in TRAITS for to in STEPS if (origin, to) not in WAYS]


def in_state(state, **fields):
    return GenerationFactory(**TRAITS[state], **fields)


def row(generation):
    """Return all that the database holds of it."""
    return Generation.objects.filter(pk=generation.pk).values().get()


# ── What it is ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("state", "true"),
    [
        (State.PENDING, {"is_pending"}),
        (State.WAITING, {"is_pending"}),
        (State.PROCESSING, {"is_processing"}),
        (State.COMPLETED, {"is_completed", "is_finished"}),
        (State.FAILED, {"is_failed", "is_finished"}),
    ],
)
def test_each_state_has_its_properties(state, true):
    names = ("is_pending", "is_processing", "is_completed", "is_failed", "is_finished")
    generation = in_state(state)
    assert {name for name in names if getattr(generation, name)} == true


def test_a_new_one_has_a_key_of_its_own_and_knows_nothing_of_a_sound():
    generation = GenerationFactory(prompt="808 kick 140 bpm")
    generation.refresh_from_db()
    assert generation.pk.version == 4
    assert generation.is_pending
    assert not generation.audio_file
    facts = ("sample_rate", "channels", "file_size", "generation_seconds", "sample")
    assert {name: getattr(generation, name) for name in facts} == dict.fromkeys(facts)
    assert (generation.metadata, generation.error) == ({}, "")
    assert (generation.started_at, generation.finished_at) == (None, None)
    assert str(generation) == "808 kick 140 bpm: Pending"


def test_its_file_lies_where_generations_lie(media):
    generation = GenerationFactory(completed=True)
    assert generation.audio_file.path == str(media / "generations" / generation.audio_file.name)
    assert generation.audio_file.name == f"{generation.created_at:%Y/%m/%d}/{generation.id}.wav"


def test_it_outlives_its_sample():
    generation = GenerationFactory(completed=True)
    generation.sample = SampleFactory(owner=generation.user)
    generation.save(update_fields=["sample"])
    generation.sample.delete()
    generation.refresh_from_db()
    assert generation.sample is None
    assert generation.is_completed


@pytest.mark.parametrize(
    "fields", [{"state": State.CANCELLED}, {"state": State.PARTIAL}, {"duration": 0}]
)
def test_the_database_takes_no_other_state_and_no_sound_without_length(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        GenerationFactory(**fields)
    assert not Prompt.objects.exists()


# ── The lifecycle ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(("origin", "to"), WAYS)
def test_a_step_of_the_lifecycle_is_taken(origin, to):
    generation = in_state(origin)
    STEPS[to](generation)
    assert generation.state == to
    assert row(generation)["state"] == to


@pytest.mark.parametrize(("origin", "to"), NO_WAYS)
def test_no_other_step_is_taken_and_nothing_is_written(origin, to):
    generation = in_state(origin)
    before = row(generation)
    with pytest.raises(TransitionError, match=f"is {origin} cannot become {to}|Somebody else"):
        STEPS[to](generation)
    assert row(generation) == before
    assert generation.state == origin  # nor does the object claim it


@pytest.mark.parametrize(("origin", "to"), NO_WAYS)
def test_an_object_that_is_out_of_date_takes_no_such_step_either(origin, to):
    generation = in_state(origin)
    before = row(generation)
    generation.state = ORIGINS[to][0]
    with pytest.raises(TransitionError):
        STEPS[to](generation)
    assert row(generation) == before


def test_beginning_says_when_and_until_when_it_may_last(settings):
    settings.GENERATION_SECONDS = 300
    generation = GenerationFactory(waiting=True, worker="dead:1", attempts=1)
    generation.mark_processing()
    generation.refresh_from_db()
    assert generation.attempts == 2
    assert now() - timedelta(seconds=5) < generation.started_at <= now()
    assert generation.lease_until - generation.started_at == timedelta(seconds=300)
    assert len(generation.token) == 32
    assert (generation.worker, generation.error) == ("", "")
    Generation.objects.free("dead:1")  # whoever held it before has no part in it now
    assert row(generation)["state"] == State.PROCESSING


def test_what_it_became_is_written_with_its_end():
    generation = GenerationFactory(processing=True)
    sample = SampleFactory(owner=generation.user)
    generation.mark_completed(
        audio_file="2026/01/02/x.wav",
        file_size=44,
        sample_rate=44_100,
        channels=2,
        duration=3.5,
        generation_seconds=0.25,
        metadata={"key": "C minor"},
        sample=sample,
    )
    known = Generation.objects.get()
    for one in (generation, known):
        assert one.audio_file.name == "2026/01/02/x.wav"
        assert (one.file_size, one.sample_rate, one.channels) == (44, 44_100, 2)
        assert (one.duration, one.generation_seconds) == (3.5, 0.25)
        assert (one.metadata, one.sample) == ({"key": "C minor"}, sample)
        assert one.finished_at >= one.started_at
        assert (one.lease_until, one.error) == (None, "")


@pytest.mark.parametrize("fact", ["state", "token", "attempts", "user", "created_at", "loudness"])
def test_what_is_no_fact_of_a_sound_is_refused(fact):
    generation = GenerationFactory(processing=True)
    before = row(generation)
    with pytest.raises(TypeError, match=f"A sound has no {fact}"):
        generation.mark_completed(duration=2.0, **{fact: "x"})
    assert row(generation) == before


def test_a_failure_says_why_and_when():
    generation = GenerationFactory(processing=True)
    generation.mark_failed("The model has no weights.")
    generation.refresh_from_db()
    assert generation.error == "The model has no weights."
    assert generation.finished_at is not None
    assert generation.lease_until is None


def test_a_row_that_is_gone_takes_no_step():
    generation = GenerationFactory()
    Generation.objects.all().delete()
    with pytest.raises(TransitionError, match="that is gone cannot become processing"):
        generation.mark_processing()


def test_of_two_that_saw_it_waiting_the_second_is_refused():
    first = GenerationFactory()
    second = Generation.objects.get()
    first.mark_processing()
    with pytest.raises(TransitionError):
        second.mark_processing()
    with pytest.raises(TransitionError, match="Somebody else has taken"):
        second.mark_failed("Too late.")
    assert row(first)["token"] == first.token
    first.mark_completed()
    assert row(first)["attempts"] == 1


# ── Saving ──────────────────────────────────────────────────────────────────


def test_a_state_is_not_set_by_hand():
    generation = GenerationFactory()
    before = row(generation)
    generation.state = State.COMPLETED
    generation.duration = 9
    for fields in (None, ["state"], ["state", "duration"]):
        with pytest.raises(TransitionError, match="that is pending stays so"):
            generation.save(update_fields=fields)
    assert row(generation) == before


def test_an_old_copy_does_not_take_a_step_back():
    old = GenerationFactory()
    Generation.objects.get().mark_processing()
    with pytest.raises(TransitionError):
        old.save()
    assert row(old)["state"] == State.PROCESSING
    old.metadata = {"note": "dusty"}
    old.save(update_fields=["metadata"])
    assert row(old)["metadata"] == {"note": "dusty"}
    assert row(old)["state"] == State.PROCESSING


def test_saving_anything_else_counts_no_further_use():
    generation = GenerationFactory()
    generation.metadata = {"note": "dusty"}
    generation.save()
    assert row(generation)["metadata"] == {"note": "dusty"}
    assert Prompt.objects.get().used_count == 1


def test_the_row_of_one_that_is_gone_is_not_made_anew():
    generation = GenerationFactory()
    Generation.objects.all().delete()
    with pytest.raises(TransitionError, match="that is gone"):
        generation.save()
    assert not Generation.objects.exists()


# ── Workers ─────────────────────────────────────────────────────────────────


def source(act):
    return labour.Source(0, "generations", Generation.objects.all, act)


@pytest.fixture
def work(monkeypatch):
    """Do one job as a worker does: claim it, act, write."""

    def work_once(act):
        monkeypatch.setattr(labour, "SOURCES", [source(act)])
        return labour.work_once("here:1")

    return work_once


def raiser(reason):
    def act(_generation):
        raise reason

    return act


def expire(generation):
    past = now() - timedelta(seconds=1)
    Generation.objects.filter(pk=generation.pk).update(lease_until=past)


def test_a_worker_takes_the_oldest_first_and_completes_it(work):
    new = GenerationFactory()
    old = GenerationFactory(created_at=now() - timedelta(hours=1))
    assert work(lambda _generation: {"channels": 1}) == 1
    assert row(old)["state"] == State.COMPLETED
    assert (row(old)["channels"], row(old)["worker"]) == (1, "here:1")
    assert row(new)["state"] == State.PENDING


def test_a_reason_fails_it_and_a_full_disk_lets_it_wait(work):
    generation = GenerationFactory()
    work(raiser(NoSpaceError("Not enough disk space.")))
    assert (row(generation)["state"], row(generation)["attempts"]) == (State.WAITING, 0)
    assert not Generation.objects.ready().exists()  # not at once
    expire(generation)
    work(raiser(JobError("No model.")))
    assert (row(generation)["state"], row(generation)["error"]) == (State.FAILED, "No model.")


def test_what_a_dead_worker_held_is_pending_again_and_its_late_result_is_lost():
    GenerationFactory()
    (late,) = Generation.objects.claim("dead:1")
    assert Generation.objects.free("dead:1", at=late.pk.int) == 1
    assert row(late)["state"] == State.PENDING
    assert not late.finish(channels=2)  # pending does not become completed
    assert not late.finish(State.FAILED)
    assert not late.put_back(waiting=True)
    assert row(late)["state"] == State.PENDING
    (next_one,) = Generation.objects.claim("here:2")
    assert (next_one.pk, next_one.attempts) == (late.pk, 2)
    assert not late.finish()
    assert next_one.finish()


def test_what_nobody_ends_in_its_time_is_taken_over():
    generation = GenerationFactory()
    generation.mark_processing()
    assert Generation.objects.claim("here:1") == []
    expire(generation)
    (job,) = Generation.objects.claim("here:1")
    assert job.attempts == 2
    with pytest.raises(TransitionError, match="Somebody else"):
        generation.mark_completed(channels=1)


def test_one_that_killed_five_workers_is_given_up():
    generation = GenerationFactory()
    for number in range(5):
        assert Generation.objects.claim(f"dead:{number}")
        Generation.objects.free(f"dead:{number}")
    assert Generation.objects.claim("here:1") == []
    known = row(generation)
    assert known["state"] == State.FAILED
    assert known["error"] == "Given up after 5 tries: crashed"
    assert known["finished_at"] >= known["started_at"]


# ── At the same moment ──────────────────────────────────────────────────────


def at_once(acts):
    """Do all of them in threads at the same moment; return what they raised, in order."""
    start, raised = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        start.wait()
        try:
            act()
        except TransitionError as reason:
            raised[place] = reason
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_of_many_that_begin_it_one_does():
    copies = [GenerationFactory()]
    copies += [Generation.objects.get() for _ in range(5)]
    raised = at_once([copy.mark_processing for copy in copies])
    (won,) = (place for place, reason in enumerate(raised) if reason is None)
    known = Generation.objects.get()
    assert (known.token, known.attempts) == (copies[won].token, 1)
    assert [copy.state for copy in copies].count(State.PROCESSING) == 1


@pytest.mark.django_db(transaction=True)
def test_of_an_end_and_another_end_one_is_written():
    GenerationFactory(processing=True)
    ends = [Generation.objects.get() for _ in range(6)]
    raised = at_once(
        [lambda end=end: end.mark_completed(channels=1) for end in ends[:3]]
        + [lambda end=end: end.mark_failed("No.") for end in ends[3:]]
    )
    assert len([reason for reason in raised if reason is None]) == 1
    (won,) = (place for place, reason in enumerate(raised) if reason is None)
    known = SimpleNamespace(**row(ends[won]))
    expected = (State.COMPLETED, "", 1) if won < 3 else (State.FAILED, "No.", None)
    assert (known.state, known.error, known.channels) == expected
