"""Generations and prompts in the admin: a history to look at."""

import pytest
from django.urls import reverse

from library.models import Generation, Prompt
from tests.factories import GenerationFactory, SampleFactory, UserFactory


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(superuser=True))
    return client


@pytest.fixture
def made(user):
    """Make one that became a sound."""
    sample = SampleFactory(owner=user, title="dusty_kick")
    return GenerationFactory(
        user=user, completed=True, prompt="a dusty kick", sample=sample, token="f" * 32
    )


def address(name, page="changelist", *args):
    return reverse(f"admin:library_{name}_{page}", args=args)


@pytest.mark.parametrize("name", ["generation", "prompt"])
def test_lists_and_searches(staff, made, name):
    GenerationFactory(prompt="a bright hat")
    page = staff.get(address(name))
    assert "a dusty kick" in page.text
    assert "a bright hat" in page.text
    found = staff.get(address(name), {"q": "dusty"}).text
    assert "a dusty kick" in found
    assert "a bright hat" not in found


def test_the_list_says_what_became_of_each(staff, made):
    GenerationFactory(failed=True, prompt="a hopeless hat")
    page = staff.get(address("generation")).text
    for word in ("Completed", "Padcrate synth", "4.00 s", "384 KB", "0.50 s", "dusty_kick"):
        assert word in page
    assert "The model made nothing of this." in page
    assert page.index("a hopeless hat") < page.index("a dusty kick")  # the newest first
    only = staff.get(address("generation"), {"state__exact": "failed"}).text
    assert "a hopeless hat" in only
    assert "a dusty kick" not in only


def test_one_opens_with_the_name_of_its_file_and_no_link_to_it(staff, made):
    page = staff.get(address("generation", "change", made.pk)).text
    assert made.audio_file.name in page
    assert made.audio_file.url not in page
    assert made.token not in page


def test_one_that_waits_opens_too(staff, user):
    generation = GenerationFactory(user=user)
    assert staff.get(address("generation", "change", generation.pk)).status_code == 200


@pytest.mark.parametrize("name", ["generation", "prompt"])
def test_nothing_is_written_here(staff, made, name):
    row = {"generation": made, "prompt": Prompt.objects.get()}[name]
    assert staff.get(address(name, "add")).status_code == 403
    url = address(name, "change", row.pk)
    assert staff.get(url).status_code == 200
    assert staff.post(url, {"prompt": "x", "text": "x", "state": "failed"}).status_code == 403
    assert Generation.objects.get().is_completed
    assert Prompt.objects.get().text == "a dusty kick"


def test_whoever_may_not_look_does_not(client, made):
    assert client.get(address("generation")).status_code == 302
    client.force_login(UserFactory(staff=True))
    assert client.get(address("generation")).status_code == 403
    assert client.get(address("prompt")).status_code == 403


@pytest.mark.parametrize("name", ["generation", "prompt"])
def test_asks_no_more_questions_for_more_rows(staff, made, name, django_assert_max_num_queries):
    staff.get(address(name))
    for number in range(9):
        GenerationFactory(sample=SampleFactory(), prompt=f"a kick {number}")
    with django_assert_max_num_queries(12):
        staff.get(address(name))
