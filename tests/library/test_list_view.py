"""The library page: whole, in parts, without scripts, and how many questions it asks."""

import re

import pytest
from django.urls import reverse

from library import facets, search
from tests.factories import AnalysisFactory, ImportFactory, SampleFactory, TagFactory

URL = "/library/"
HX = {"HX-Request": "true"}


def titles(response) -> list[str]:
    """Return what the rows of an answer are called, in their order."""
    return re.findall(r'data-title="([^"]*)"', response.text)


@pytest.fixture
def shelf(user):
    """Return a kick, a snare in A minor and a loop at 96 BPM."""
    rows = [
        SampleFactory(owner=user, title="kick_dusty", folder="Packs/One", tags=["tape"]),
        SampleFactory(owner=user, title="snare_wide", sample_class="snare", key="Am", hires=True),
        SampleFactory(owner=user, title="loop_street", loop=True, guessed=True),
    ]
    search.refresh(row.pk for row in rows)
    return rows


def test_offers_three_doors_to_an_empty_library(client, user, stranger):
    SampleFactory(owner=stranger)
    SampleFactory(owner=user, trashed=True)
    page = client.get(URL)
    assert "Add your sounds" in page.text
    assert "Choose a folder" in page.text
    assert "webkitdirectory" in page.text
    assert f'action="{reverse("library:demo")}"' in page.text
    assert "manage.py import_samples" in page.text
    assert "data-deck" not in page.text


def test_lists_ones_own_sounds_newest_first(client, shelf, stranger):
    SampleFactory(owner=stranger, title="not mine")
    page = client.get(URL)
    assert page.status_code == 200
    assert titles(page) == ["loop_street", "snare_wide", "kick_dusty"]
    assert 'aria-rowcount="3"' in page.text
    assert 'aria-label="kick_dusty, kick, 0.25 seconds"' in page.text
    assert "24-bit 96 kHz" in page.text
    assert "Packs / One" in page.text
    assert "#tape" in page.text
    assert "96?" in page.text  # a guess
    assert page.text.count('<path d="M1 ') >= 3  # waveforms
    assert "HX-Request" in page["Vary"]


def test_needs_somebody_signed_in(anonymous, db):
    assert anonymous.get(URL).status_code == 302


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("q=dusty", ["kick_dusty"]),
        ("cls=snare&cls=kick", ["snare_wide", "kick_dusty"]),
        ("key=8A", ["snare_wide"]),
        ("lo=90&hi=100", ["loop_street"]),
        ("lo=90&hi=100&nobpm=1", ["loop_street", "snare_wide", "kick_dusty"]),
        ("tag=tape", ["kick_dusty"]),
        ("dmin=1", ["loop_street"]),
        ("sort=name", ["kick_dusty", "loop_street", "snare_wide"]),
    ],
)
def test_filters_by_the_address(client, shelf, address, expected):
    assert titles(client.get(f"{URL}?{address}")) == expected


def test_shows_what_is_filtered_and_the_way_back(client, shelf):
    page = client.get(f"{URL}?lo=90&hi=100&key=Am&fit=1&cls=break")
    assert "90–100 BPM" in page.text
    assert "8A + fits" in page.text
    assert "0 of 3" in page.text
    assert 'aria-label="Remove 8A + fits"' in page.text


def test_says_what_to_drop_when_nothing_matches(client, shelf):
    page = client.get(f"{URL}?cls=kick&key=Am")
    assert titles(page) == []
    assert "Nothing matches." in page.text
    assert re.search(r"Without <em>.*</em> there would be 1", page.text)


def test_answers_htmx_with_results_filters_and_the_address(client, shelf):
    asked = {**HX, "HX-Current-URL": f"http://testserver{URL}"}
    answer = client.get(f"{URL}?cls=kick&nobpm=1", headers=asked)
    assert "<html" not in answer.text
    assert titles(answer) == ["kick_dusty"]
    assert answer["HX-Push-Url"] == f"{URL}?cls=kick"  # what has no effect is left out
    assert "list:reset" in answer["HX-Trigger-After-Swap"]
    for part in ("active", "facets"):
        assert re.search(rf'id="{part}"\s+hx-swap-oob="morph"', answer.text)


def test_leaves_the_address_alone_when_it_says_the_same(client, shelf):
    asked = {**HX, "HX-Current-URL": f"http://testserver{URL}?nobpm=1&cls=kick"}
    assert "HX-Push-Url" not in client.get(f"{URL}?cls=kick", headers=asked)


def test_clearing_everything_goes_back_to_the_bare_address(client, shelf):
    asked = {**HX, "HX-Current-URL": f"http://testserver{URL}?cls=kick"}
    assert client.get(URL, headers=asked)["HX-Push-Url"] == URL


def test_gives_the_whole_page_to_the_back_button(client, shelf):
    answer = client.get(URL, headers={**HX, "HX-History-Restore-Request": "true"})
    assert "<html" in answer.text


def test_turns_the_first_page_into_the_list_in_place(client, shelf):
    answer = client.get(URL, headers={**HX, "HX-Target": "main"})
    assert "<html" not in answer.text
    assert answer.text.count('id="main"') == 1
    assert 'id="deck"' in answer.text


def test_pages_by_sixty(client, user):
    for number in range(70):
        SampleFactory(owner=user, title=f"kick {number:03}")
    first = client.get(URL)
    assert len(titles(first)) == 60
    assert 'aria-rowcount="70"' in first.text
    following = re.search(r'hx-get="([^"]*after=[^"]*)"', first.text)[1].replace("&amp;", "&")
    assert f'href="{following.removeprefix(URL)}"' in first.text  # the same without scripts
    second = client.get(following, headers=HX)
    assert len(titles(second)) == 10
    assert "<html" not in second.text
    assert "after=" not in second.text
    assert not set(titles(first)) & set(titles(second))
    assert len(titles(client.get(following))) == 10


def test_marks_rows_that_are_still_measured(client, user):
    waiting = AnalysisFactory(sample__owner=user, sample__new=True).sample
    AnalysisFactory(sample__owner=user, done=True)
    page = client.get(URL)
    assert re.findall(r'name="rows" value="(\d+)"', page.text) == [str(waiting.pk)]
    assert 'class="wave flat"' in page.text


def test_says_what_is_wrong_with_a_sound(client, user):
    SampleFactory(owner=user, title="gone", missing=True)
    AnalysisFactory(sample__owner=user, state="failed", error="clap.wav could not be read.")
    page = client.get(URL)
    assert "File missing" in page.text
    assert "Could not be read" in page.text


def test_writes_keys_as_the_person_likes(client, user, shelf):
    assert "8A" in client.get(f"{URL}?key=Am").text
    client.post("/preferences/", {"field": "key_notation", "key_notation": "musical"}, headers=HX)
    row = client.get(f"{URL}?key=Am").text.split('id="rows"')[1]
    assert 'data-key="Am"' in row


def test_shows_the_tray_while_sounds_come_in(client, user):
    ImportFactory(owner=user, added=2, duplicates=1)
    assert "2 added" in client.get(URL).text


def test_large_libraries_count_in_a_second_request(client, shelf, monkeypatch):
    monkeypatch.setattr(facets, "SEPARATE_FROM", 2)
    page = client.get(f"{URL}?cls=kick")
    assert 'id="cls-kick"' not in page.text
    assert '<input type="hidden" name="cls" value="kick">' in page.text
    late = re.search(r'hx-get="([^"]*facets=1)"', page.text)[1].replace("&amp;", "&")
    answer = client.get(late, headers=HX)
    assert 'id="cls-kick"' in answer.text
    assert "data-late" in answer.text
    assert titles(answer) == []
    update = client.get(f"{URL}?cls=snare", headers=HX)
    assert 'id="facets"' not in update.text  # the page asks again, and keeps its fields meanwhile


def test_ten_times_the_sounds_ask_no_more_questions(client, user, django_assert_num_queries):
    def questions() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            client.get(URL)
        return len(asked)

    for number in range(3):
        AnalysisFactory(sample__owner=user, sample__tags=[f"tag{number}"])
    client.get(URL)  # makes the preferences
    few = questions()
    for number in range(30):
        AnalysisFactory(sample__owner=user, sample__tags=[f"more{number}"])
    assert questions() == few
    assert few <= 25


def test_tags_past_a_dozen_are_folded(client, user):
    SampleFactory(owner=user, tags=[f"word{number}" for number in range(20)])
    TagFactory(owner=user, name="forgotten")
    page = client.get(URL)
    assert "8 more" in page.text
    assert "forgotten" not in page.text


def test_a_folder_is_typed_or_picked(client, shelf):
    assert '<option value="Packs/One"></option>' in client.get("/library/folders/names/").text
    page = client.get(f"{URL}?folder=Packs")
    assert titles(page) == ["kick_dusty"]
    assert 'value="Packs"' in page.text
    assert page.text.count('name="folder"') == 1
