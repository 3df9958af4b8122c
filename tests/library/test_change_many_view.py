"""Changing many sounds at once from the library page, with scripts and without."""

import json

import pytest

from library import bulk
from library.models import LibraryEdit, Sample
from tests.factories import SampleFactory

URL = "/samples/bulk/"
HX = {"HX-Request": "true"}


@pytest.fixture
def kicks(user):
    """Return three kicks."""
    return [SampleFactory(owner=user, title=f"kick {number}") for number in range(3)]


def tagged(name="dusty") -> set[str]:
    """Return what has this tag."""
    return set(Sample.objects.filter(tags__name=name).values_list("title", flat=True))


def events(response) -> dict:
    """Return the events an answer sends along."""
    return json.loads(response["HX-Trigger-After-Swap"])


def test_tags_chosen_sounds_and_sends_what_can_be_seen(client, kicks):
    ids = f"{kicks[0].pk},{kicks[1].pk}"
    answer = client.post(
        URL,
        {"action": "add_tag", "value": "dusty", "ids": ids, "visible": ids, "list": "cls=kick"},
        headers=HX,
    )
    assert answer.status_code == 200
    assert tagged() == {"kick 0", "kick 1"}
    assert answer.text.count('hx-swap-oob="morph"') == 4  # two rows, the chips, the filters
    assert answer.text.count("#dusty") == 2
    assert "3 of 3" in answer.text
    edit = LibraryEdit.objects.get()
    assert events(answer)["toast"] == {
        "text": "2 sounds tagged dusty.",
        "undo": f"/library/edits/{edit.pk}/undo/",
    }


def test_all_that_match_but_some(client, user, kicks):
    SampleFactory(owner=user, title="snare", sample_class="snare")
    answer = client.post(
        URL,
        {
            "action": "add_tag",
            "value": "dusty",
            "all": "1",
            "query": "cls=kick",
            "except": str(kicks[1].pk),
        },
        headers=HX,
    )
    assert answer.status_code == 200
    assert tagged() == {"kick 0", "kick 2"}


def test_trash_tells_the_page_to_drop_the_rows(client, kicks):
    data = {"action": "trash", "ids": kicks[0].pk, "visible": kicks[0].pk}
    answer = client.post(URL, data, headers=HX)
    assert "library:trashed" in events(answer)
    assert f'id="sample-{kicks[0].pk}"' not in answer.text
    assert Sample.objects.kept().count() == 2


def test_undo_brings_everything_back(client, kicks):
    client.post(URL, {"action": "trash", "ids": f"{kicks[0].pk},{kicks[1].pk}"}, headers=HX)
    edit = LibraryEdit.objects.get()
    answer = client.post(f"/library/edits/{edit.pk}/undo/", headers=HX)
    assert answer.status_code == 204
    sent = json.loads(answer["HX-Trigger"])
    assert sent["toast"]["text"] == "Undone: 2 sounds moved to the trash."
    assert "library:changed" in sent
    assert Sample.objects.kept().count() == 3
    again = client.post(f"/library/edits/{edit.pk}/undo/", headers=HX)
    assert json.loads(again["HX-Trigger"])["toast"]["text"] == "That was undone already."


def test_undo_without_scripts_goes_back_to_the_list(client, kicks):
    client.post(URL, {"action": "trash", "ids": kicks[0].pk})
    answer = client.post(f"/library/edits/{LibraryEdit.objects.get().pk}/undo/")
    assert (answer.status_code, answer["Location"]) == (303, "/library/")


def test_nobody_undoes_the_edit_of_another(client, stranger_client, kicks):
    client.post(URL, {"action": "trash", "ids": kicks[0].pk})
    edit = LibraryEdit.objects.get()
    assert stranger_client.post(f"/library/edits/{edit.pk}/undo/").status_code == 404
    assert client.get(f"/library/edits/{edit.pk}/undo/").status_code == 405
    assert Sample.objects.kept().count() == 2


def test_passes_over_sounds_of_others(client, kicks, stranger):
    foreign = SampleFactory(owner=stranger, title="theirs")
    data = {"action": "add_tag", "value": "dusty", "ids": [kicks[0].pk, foreign.pk]}
    client.post(URL, {**data, "visible": str(foreign.pk)}, headers=HX)
    assert tagged() == {"kick 0"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"action": "add_tag", "value": " "}, "Type a tag first."),
        ({"action": "sing", "value": "x"}, "There is no such action."),
        ({"action": "set_class", "value": "tuba"}, "There is no such class."),
    ],
)
def test_says_what_is_wrong(client, kicks, data, reason):
    data = {**data, "ids": kicks[0].pk}
    answer = client.post(URL, data, headers=HX)
    assert answer.status_code == 422
    assert json.loads(answer["HX-Trigger"])["toast"] == {"text": reason, "bad": True}
    plain = client.post(URL, data)
    assert plain.status_code == 422
    assert reason in plain.text
    assert f'name="ids" value="{kicks[0].pk}"' in " ".join(plain.text.split())


def test_asks_what_to_change(client, kicks):
    page = client.get(f"{URL}?ids={kicks[0].pk},{kicks[1].pk}")
    assert "Change 2 sounds" in page.text
    actions = ("add_tag", "set_class", "set_genre", "favourite", "double_bpm", "trash")
    for action in actions:
        assert f'value="{action}"' in page.text
    dialog = client.get(f"{URL}?all=1&query=cls%3Dkick&except={kicks[0].pk}&only=tag", headers=HX)
    assert "<html" not in dialog.text
    assert "2 sounds" in dialog.text
    assert "set_class" not in dialog.text


def test_the_plain_form_goes_back_to_the_list_it_came_from(client, kicks):
    data = {"action": "set_genre", "value": "Dub", "ids": kicks[0].pk, "list": "cls=kick"}
    answer = client.post(URL, data)
    assert (answer.status_code, answer["Location"]) == (303, "/library/?cls=kick")
    assert "1 sound given the genre Dub." in client.get(answer["Location"]).text


def test_the_plain_form_passes_the_selection_on(client, kicks):
    data = {"go": "/kits/place/", "ids": [kicks[0].pk, kicks[2].pk]}
    answer = client.post(URL, data)
    assert answer.status_code == 303
    assert answer["Location"] == f"/kits/place/?ids={kicks[0].pk}%2C{kicks[2].pk}"


def test_passes_nothing_on_without_a_choice_or_to_elsewhere(client, kicks):
    empty = client.post(URL, {"go": "/kits/place/"})
    assert empty["Location"] == "/library/"
    assert "Tick some sounds first." in client.get("/library/").text
    away = client.post(URL, {"go": "https://example.com/", "ids": kicks[0].pk})
    assert away.status_code == 422


def test_large_libraries_keep_their_filters(client, kicks, monkeypatch):
    monkeypatch.setattr("library.facets.SEPARATE_FROM", 2)
    data = {"action": "add_tag", "value": "dusty", "ids": kicks[0].pk, "visible": kicks[0].pk}
    assert 'id="facets"' not in client.post(URL, data, headers=HX).text


def test_asks_about_selections_that_no_address_can_hold(client, user):
    samples = SampleFactory.create_batch(1_000, owner=user)
    ids = ",".join(str(sample.pk) for sample in samples)
    dialog = client.post(URL, {"ids": ids, "only": "tag", "ask": "1"}, headers=HX)
    assert dialog.status_code == 200
    assert all(str(sample.pk) in dialog.text for sample in samples)
    assert not LibraryEdit.objects.exists()
    picker = client.post("/kits/picker/", {"ids": ids, "ask": "1"}, headers=HX)
    assert "A kit has 160 pads. Choose fewer sounds." in picker.text


def test_offers_to_take_off_what_hangs_there(client, kicks, user):
    bulk.apply(user, "add_tag", bulk.Selection(ids=frozenset({kicks[0].pk})), "dusty")
    page = client.get(f"{URL}?ids={kicks[0].pk},{kicks[1].pk}")
    assert '<span class="vh">Take off </span>#dusty<span class="n">1</span>' in page.text
    assert 'name="action" value="remove_tag"' in page.text
    client.post(URL, {"ids": kicks[0].pk, "action": "remove_tag", "value": "dusty"})
    assert "Take off" not in client.get(f"{URL}?ids={kicks[0].pk}").text


def test_a_favourite_shows_its_star(client, kicks):
    assert client.get("/library/").text.count('aria-pressed="true"') == 2  # loop, auto-play
    fields = {"ids": kicks[0].pk, "action": "favourite", "visible": kicks[0].pk}
    answer = client.post(URL, fields, headers=HX)
    assert 'aria-pressed="true"' in answer.text
    assert "1 sound marked as favourite." in answer["HX-Trigger-After-Swap"]
    assert "Favourites<" in client.get("/library/?fav=1").text
