"""Workers killed between words and sample: a generation ends, its sample is made once."""

import os
import signal
from pathlib import Path

import pytest

from library import generate, tasks
from library.dated import DatedFiles
from library.jobs import State
from library.models import Generation, Sample
from tests.models_of_sound import noted
from tests.until import until
from tests.workers import running_workers, shared_folder

pytestmark = pytest.mark.django_db(transaction=True)

PLACES = ["in the engine", "before the file", "before the row", "after the sample"]


@pytest.fixture
def pool(settings, tmp_path, monkeypatch):
    """Return a function that starts two workers which note what they do."""
    data = shared_folder(settings, tmp_path)
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    settings.GENERATION_ENGINES = ["tests.models_of_sound.Halting"]

    def start(count=2, **more):
        return running_workers(
            data,
            count,
            DJANGO_SETTINGS_MODULE="tests.halting_settings",
            PADCRATE_GENERATION_ENGINES="tests.models_of_sound.Halting",
            **more,
        )

    return start


def ended(count):
    """Return a function that tells whether so many have come to an end."""
    return lambda: Generation.objects.exclude(finished_at=None).count() == count


def asked_for():
    """Return which prompts the model was asked for, each time anew."""
    lines = Path(os.environ["NOTES"]).read_text().splitlines()
    words = [line.split(" ", 2) for line in lines]
    return [prompt for _pid, what, prompt in words if what == "asked"]


def test_whoever_is_killed_where_leaves_one_sound_and_one_sample(user, pool):
    asked = {place: generate.ask(user, place, duration=0.5) for place in PLACES}
    with pool():
        tasks.wake(2)
        for place in PLACES:
            os.kill(until(lambda place=place: noted().get(f"at {place}")), signal.SIGKILL)
        until(ended(len(PLACES)), 30, what="all generations")
    rows = {row.prompt: row for row in Generation.objects.select_related("sample")}
    assert {(row.state, row.error) for row in rows.values()} == {(State.COMPLETED, "")}
    assert {row.prompt for row in rows.values() if row.attempts >= 2} == set(PLACES)
    assert Sample.objects.count() == len({row.sample_id for row in rows.values()}) == len(PLACES)
    assert {row.sample.title for row in rows.values()} == set(PLACES)
    names = {known.name for known in DatedFiles().between()}
    assert names == {generate.name_for(row) for row in asked.values()}
    assert all(row.file_size == row.audio_file.size for row in rows.values())
    assert asked_for().count("after the sample") == 1  # its sound was not made twice


def test_a_model_that_hangs_is_given_up_with_words_and_others_go_on(user, pool):
    stuck = generate.ask(user, "for ever")
    with pool(PADCRATE_GENERATION_SECONDS="2"):
        tasks.wake(2)
        until(lambda: "asked for ever" in noted(), what="the model")
        other = generate.ask(user, "kick", duration=0.5)
        tasks.wake(2)
        until(ended(2), 30, what="both ends")
    stuck.refresh_from_db()
    other.refresh_from_db()
    assert (stuck.state, stuck.error) == (
        State.FAILED, "Took longer than 2 s and was given up.",
    )  # fmt: skip
    assert other.is_completed
    assert [known.name for known in DatedFiles().between()] == [str(other.audio_file)]


def test_two_workers_never_make_the_same(user, pool):
    words = [f"kick {number}" for number in range(12)]
    for prompt in words:
        generate.ask(user, prompt, duration=0.2)
    with pool(count=3):
        tasks.wake(3)
        until(ended(len(words)), 30, what="all generations")
    assert sorted(asked_for()) == sorted(words)
    assert set(Generation.objects.values_list("state", "attempts")) == {(State.COMPLETED, 1)}
    assert Sample.objects.count() == len(words)


def test_what_always_kills_its_worker_fails_in_the_end(user, pool):
    made = generate.ask(user, "for ever")
    killed = set()

    def kill_the_next():
        worker = noted().get("asked for ever")
        if worker and worker not in killed:
            killed.add(worker)
            os.kill(worker, signal.SIGKILL)
        return ended(1)()

    with pool():
        tasks.wake(2)
        until(kill_the_next, 60, what="giving up")
    made.refresh_from_db()
    assert (made.state, len(killed)) == (State.FAILED, 5)
    assert (made.error, made.attempts) == ("Given up after 5 tries: crashed", 5)
    assert not Sample.objects.exists()
