"""Prompts: made once, counted up, each person's own."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from library.models import Generation, Prompt
from tests.factories import GenerationFactory, PromptFactory, UserFactory

pytestmark = pytest.mark.django_db


def uses(user):
    """Return how often each of somebody's prompts was used."""
    return dict(Prompt.objects.owned_by(user).values_list("text", "used_count"))


def test_a_generation_makes_its_prompt_and_the_next_one_counts_it(user):
    first = GenerationFactory(user=user, prompt="kick")
    prompt = Prompt.objects.get()
    assert (prompt.text, prompt.used_count, str(prompt)) == ("kick", 1, "kick")
    assert first.created_at <= prompt.first_used_at <= now()
    Generation.objects.create(user=user, prompt="kick", model_name="any", duration=1)
    GenerationFactory(user=user, prompt="snare")
    assert uses(user) == {"kick": 2, "snare": 1}
    again = Prompt.objects.get(text="kick")
    assert again.first_used_at == prompt.first_used_at
    assert again.last_used_at > prompt.last_used_at


def test_the_same_words_of_two_people_are_two_prompts(user, stranger):
    GenerationFactory(user=user, prompt="kick")
    GenerationFactory(user=stranger, prompt="kick")
    GenerationFactory(user=stranger, prompt="secret")
    assert uses(user) == {"kick": 1}
    assert uses(stranger) == {"kick": 1, "secret": 1}


def test_one_person_has_each_text_once(user):
    PromptFactory(user=user, text="kick")
    with pytest.raises(IntegrityError), transaction.atomic():
        PromptFactory(user=user, text="kick")
    with pytest.raises(IntegrityError), transaction.atomic():
        PromptFactory(user=user, text="snare", used_count=0)
    assert uses(user) == {"kick": 1}


def test_row_and_count_are_written_together_or_not_at_all(user, monkeypatch):
    GenerationFactory(user=user, prompt="kick")
    with pytest.raises(IntegrityError), transaction.atomic():
        GenerationFactory(user=user, prompt="kick", duration=-1)  # the row is refused
    assert uses(user) == {"kick": 1}

    def refuse(*_):
        raise RuntimeError

    monkeypatch.setattr(type(Prompt.objects.all()), "record", refuse)
    monkeypatch.setattr(type(Prompt.objects), "record", refuse)
    with pytest.raises(RuntimeError):
        GenerationFactory(user=user, prompt="kick")  # the count is
    assert Generation.objects.count() == 1


def test_one_that_is_lost_in_a_greater_whole_is_not_counted(user):
    with transaction.atomic():
        GenerationFactory(user=user, prompt="kick")
        transaction.set_rollback(True)
    assert uses(user) == {}


def test_whoever_makes_it_in_the_same_moment_is_counted_as_well(user, monkeypatch):
    """Between the look for the row and its making somebody else makes it."""
    rows = type(Prompt.objects.all())
    update = rows.update

    def quicker(self, **fields):
        if Prompt.objects.exists():
            return update(self, **fields)
        PromptFactory(user=user, text="kick")
        return 0

    monkeypatch.setattr(rows, "update", quicker)
    Prompt.objects.record(user, "kick")
    assert uses(user) == {"kick": 2}


def test_the_most_used_come_first_then_the_last_used(user):
    at = now()
    for text, count, hours in [("old", 2, 9), ("rare", 1, 0), ("new", 2, 1), ("most", 5, 99)]:
        PromptFactory(
            user=user, text=text, used_count=count, last_used_at=at - timedelta(hours=hours)
        )
    found = Prompt.objects.owned_by(user).most_used()
    assert [prompt.text for prompt in found] == ["most", "new", "old", "rare"]
    assert [prompt.text for prompt in found[:2]] == ["most", "new"]


def test_forgetting_a_prompt_leaves_its_sounds(user):
    GenerationFactory(user=user, prompt="kick")
    Prompt.objects.all().delete()
    assert Generation.objects.get().prompt == "kick"
    GenerationFactory(user=user, prompt="kick")
    assert uses(user) == {"kick": 1}


@pytest.mark.django_db(transaction=True)
def test_many_writers_lose_no_use():
    people = [UserFactory(), UserFactory()]
    start, faults = threading.Barrier(6), []

    def write():
        start.wait()
        try:
            for number in range(10):
                for person in people:
                    GenerationFactory(user=person, prompt=f"kick {number % 3}")
        except Exception as fault:
            faults.append(fault)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    for person in people:
        assert uses(person) == {"kick 0": 24, "kick 1": 18, "kick 2": 18}
    assert Generation.objects.count() == 120


def test_those_of_the_same_use_and_moment_come_in_one_order(user):
    moment = now()
    made = [PromptFactory(user=user, last_used_at=moment) for _ in range(6)]
    Prompt.objects.filter(pk=made[0].pk).update(text="moved")  # where a heap puts it last
    ordered = Prompt.objects.owned_by(user).most_used()
    assert list(ordered) == made[::-1]
    assert [*ordered[:3], *ordered[3:]] == made[::-1]
