"""The command that tells what the generations came to."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.factories import GenerationFactory, PromptFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(capsys):
    """Run the command and return what it prints."""

    def run(*words):
        call_command("generation_stats", *words)
        return capsys.readouterr().out

    return run


@pytest.fixture
def person():
    """Make somebody with two sounds and a failure, and somebody else with one."""
    person = UserFactory(username="ada")
    for _ in range(2):
        GenerationFactory(user=person, prompt="kick", completed=True)
    GenerationFactory(user=person, prompt="snare", failed=True)
    GenerationFactory(prompt="secret", completed=True, generation_seconds=1.5)
    return person


def test_everybodys_figures_name_no_prompt(said, person):
    assert said() == (
        "4 generations: 0 pending, 0 processing, 3 completed, 1 failed.\n"
        "12.0 s of sound in 1 MB, made in 0.83 s each.\n"
    )


def test_one_persons_figures_come_with_their_prompts(said, person):
    assert said("--owner", "ada") == (
        "3 generations: 0 pending, 0 processing, 2 completed, 1 failed.\n"
        "8.0 s of sound in 769 kB, made in 0.50 s each.\n"
        "2 × kick\n"
        "1 × snare\n"
    )


def test_figures_for_programs(said, person):
    assert json.loads(said("--user", "ada", "--json")) == {
        "total": 3,
        "states": {"pending": 0, "processing": 0, "completed": 2, "failed": 1},
        "audio_seconds": 8.0,
        "size_bytes": 768_088,
        "mean_seconds": 0.5,
        "most_used_prompts": [
            {"text": "kick", "used_count": 2},
            {"text": "snare", "used_count": 1},
        ],
    }
    assert json.loads(said("--json"))["most_used_prompts"] == []


def test_nothing_yet_is_no_fault(said):
    assert said().startswith("0 generations: 0 pending")
    assert "made in" not in said()
    assert json.loads(said("--json"))["mean_seconds"] is None


def test_the_most_used_prompts_are_five(said, person):
    for count in range(3, 9):
        PromptFactory(user=person, text=f"hat {count}", used_count=count)
    lines = said("--user", "ada").splitlines()[2:]
    assert lines == [f"{count} × hat {count}" for count in range(8, 3, -1)]


def test_a_person_that_nobody_knows(said):
    with pytest.raises(CommandError, match="no user called nobody"):
        said("--user", "nobody")


def test_it_asks_little(said, person, django_assert_num_queries):
    with django_assert_num_queries(3):
        said("--user", "ada")
