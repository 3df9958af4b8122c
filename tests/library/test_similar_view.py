"""The list of sounds like one: as a page, in the place of the list, from a selection."""

import json

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.models import Hearing
from tests.factories import AnalysisFactory, SampleFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "results"}


def heard(owner, first, second, **fields):
    """Return an analysed sound with two of its 64 numbers."""
    sample = AnalysisFactory(sample=SampleFactory(owner=owner, **fields), done=True).sample
    numbers = np.zeros(64, np.float16)
    numbers[:2] = first, second
    Hearing.objects.create(sample=sample, descriptor=numbers.tobytes())
    return sample


@pytest.fixture
def sounds(user):
    """Return a kick, one near to it, and a snare further off."""
    return (
        heard(user, 1, 0, title="Origin"),
        heard(user, 1, 0.2, title="Nearest"),
        heard(user, 0.5, 1, title="Farther", sample_class="snare"),
    )


def url(sample, **fields):
    asked = "&".join(f"{name}={value}" for name, value in fields.items())
    return f"/samples/{sample.pk}/similar/{'?' if asked else ''}{asked}"


def listed(answer):
    """Return the titles of the rows in their order."""
    parts = answer.text.split('data-title="')[1:]
    return [part.split('"')[0] for part in parts]


def test_the_page_is_the_library_with_other_rows(client, sounds):
    answer = client.get(url(sounds[0]))
    assert answer.status_code == 200
    assert listed(answer) == ["Nearest", "Farther"]
    assert 'id="filter-form"' in answer.text
    assert 'id="deck"' in answer.text


def test_the_fragment_takes_the_place_of_the_list(client, sounds):
    answer = client.get(url(sounds[0]), headers={**HTMX, "HX-Current-URL": "http://x/library/?q=o"})
    assert answer.text.lstrip().startswith('<div class="near" id="near"')
    assert listed(answer) == ["Nearest", "Farther"]
    assert answer["HX-Push-Url"] == url(sounds[0], aspect="all", back="q%3Do")
    assert json.loads(answer["HX-Trigger-After-Swap"]) == {"list:reset": {}}
    assert f'data-query="q=o&amp;near={sounds[0].pk}"' in answer.text
    assert "HX-Request" in answer["Vary"]


def test_the_address_that_is_shown_already_is_not_pushed_again(client, sounds):
    here = url(sounds[0], aspect="all")
    answer = client.get(here, headers={**HTMX, "HX-Current-URL": f"http://x{here}"})
    assert "HX-Push-Url" not in answer


def test_the_way_back_is_kept_from_one_sound_to_the_next(client, sounds):
    shown = f"http://x{url(sounds[0], aspect='all', back='cls%3Dkick')}"
    answer = client.get(url(sounds[1]), headers={**HTMX, "HX-Current-URL": shown})
    assert 'href="/library/?cls=kick"' in answer.text
    assert "back=cls%3Dkick" in answer["HX-Push-Url"]


@pytest.mark.parametrize("back", ["q%3D%00", "cls%3Dkick%26after%3Dx", "%ff", "fit%3D1"])
def test_whatever_stands_for_the_way_back(client, sounds, back):
    answer = client.get(url(sounds[0], back=back))
    assert listed(answer) == ["Nearest", "Farther"]
    if "kick" in back:
        assert 'href="/library/?cls=kick"' in answer.text


def test_an_address_that_is_none_leads_to_the_whole_library(client, sounds):
    answer = client.get(url(sounds[0]), headers={**HTMX, "HX-Current-URL": "http://[x"})
    assert 'href="/library/?"' in answer.text


def test_the_whole_of_the_frame_is_drawn_when_there_was_no_list(client, sounds):
    answer = client.get(url(sounds[0]), headers={"HX-Request": "true", "HX-Target": "main"})
    assert "<html" not in answer.text
    assert 'id="main"' in answer.text
    assert listed(answer) == ["Nearest", "Farther"]


def test_the_list_puts_its_own_address_back(client, sounds):
    shown = f"http://x{url(sounds[0], aspect='all')}"
    answer = client.get("/library/", headers={**HTMX, "HX-Current-URL": shown})
    assert answer["HX-Push-Url"] == "/library/"


def test_aspects_and_the_switch(client, sounds):
    answer = client.get(url(sounds[0], aspect="timbre", same=1))
    assert listed(answer) == ["Nearest"]
    assert answer.text.count('aria-current="true"') == 2
    assert "What it is made of" in answer.text
    assert listed(client.get(url(sounds[0], aspect="nonsense"))) == ["Nearest", "Farther"]


def test_it_says_why_there_is_nothing(client, sounds):
    answer = client.get(url(sounds[0], aspect="rhythm"), headers=HTMX)
    assert "no loop" in answer.text
    answer = client.get(url(sounds[2], same=1), headers=HTMX)
    assert "Nothing is like it." in answer.text
    assert "Look in all classes" in answer.text


def test_as_many_queries_for_many_rows_as_for_few(client, user, sounds):
    def queries(rows):
        client.get(url(sounds[0]), headers=HTMX)  # what is new is put into the file
        with CaptureQueriesContext(connection) as asked:
            assert len(listed(client.get(url(sounds[0]), headers=HTMX))) == rows
        return len(asked)

    few = queries(2)
    for number in range(20):
        heard(user, 1, number / 10, tags=[f"t{number}"])
    assert queries(22) <= few + 1  # tags, where some hang


def test_a_selection_leads_to_its_first_sound(client, sounds):
    for send in (client.get, client.post):
        answer = send("/samples/similar/", {"ids": f"{sounds[1].pk},{sounds[0].pk}"})
        assert answer["Location"] == f"/samples/{sounds[1].pk}/similar/"
        assert send("/samples/similar/")["Location"] == "/library/"


def test_the_plain_form_of_the_list_leads_there(client, sounds):
    passed = client.post("/samples/bulk/", {"ids": [sounds[0].pk], "go": "/samples/similar/"})
    answer = client.get(passed["Location"], follow=True)
    assert listed(answer) == ["Nearest", "Farther"]


def test_sounds_of_others_are_not_there(stranger_client, sounds):
    assert stranger_client.get(url(sounds[0])).status_code == 404


def test_the_key_stands_in_the_table(client):
    assert "Find similar sounds" in client.get("/help/keys/").text
