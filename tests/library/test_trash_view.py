"""The trash: what is in it and the way back."""

import pytest

from library import bulk, trash
from library.bulk import Action, Selection
from library.models import Preferences, Sample
from tests.factories import KitFactory, PadFactory, SampleFactory

URL = "/library/trash/"


@pytest.fixture
def gone(user):
    """Return two sounds in the trash."""
    return [SampleFactory(owner=user, title=f"gone {n}", trashed=True) for n in range(2)]


def test_lists_ones_own(client, gone, stranger, user):
    SampleFactory(owner=stranger, title="theirs", trashed=True)
    SampleFactory(owner=user, title="here")
    page = client.get(URL)
    assert "gone 0" in page.text
    assert "theirs" not in page.text
    assert "here</label>" not in page.text


def test_says_that_it_is_empty(client):
    assert "Nothing here." in client.get(URL).text


def test_puts_chosen_sounds_back(client, gone):
    answer = client.post(URL, {"chosen": "1", "ids": [gone[0].pk]})
    assert (answer.status_code, answer["Location"]) == (303, URL)
    assert Sample.objects.kept().get() == gone[0]


def test_puts_nothing_back_without_a_choice(client, gone):
    client.post(URL, {"chosen": "1"})
    assert not Sample.objects.kept().exists()


def test_puts_all_back(client, gone):
    client.post(URL, {"all": "1"})
    assert Sample.objects.kept().count() == 2


def test_leaves_the_trash_of_others_alone(stranger_client, gone):
    stranger_client.post(URL, {"chosen": "1", "ids": [gone[0].pk]})
    stranger_client.post(URL, {"all": "1"})
    assert not Sample.objects.kept().exists()


def test_offers_to_undo_the_latest_changes(client, user, stranger):
    mine = bulk.apply(user, Action.TRASH, Selection(ids=frozenset([SampleFactory(owner=user).pk])))
    page = client.get(URL)
    assert "1 sound moved to the trash" in page.text
    assert f"/library/edits/{mine.pk}/undo/" in page.text
    bulk.undo(mine)
    assert f"/library/edits/{mine.pk}/undo/" not in client.get(URL).text


def test_says_until_when_each_sound_stays(client, user, gone):
    page = client.get(URL)
    assert "for 30 days" in page.text
    assert "stays</td>" not in page.text
    Preferences.objects.update_or_create(user=user, defaults={"trash_days": 0})
    page = client.get(URL)
    assert "until you delete them" in page.text
    assert page.text.count("stays</td>") == 2


def test_says_on_which_pads_a_sound_lies(client, user, gone):
    kit = KitFactory(owner=user, name="Beat")
    for number in range(1, 6):
        PadFactory(kit=kit, sample=gone[0], number=number)
    page = client.get(URL)
    assert "On A1 of Beat, A2 of Beat, A3 of Beat and 2 more" in page.text
    assert page.text.count("stays</td>") == 1
    assert "but for the 1 on pads" in page.text


def test_the_kit_shows_what_lies_in_the_trash_as_missing(client, user, gone):
    kit = KitFactory(owner=user)
    PadFactory(kit=kit, sample=gone[0])
    assert "File missing" in client.get(f"/kits/{kit.pk}/").text


def test_deletes_chosen_sounds_for_good(client, gone):
    answer = client.post(f"{URL}empty/", {"chosen": "1", "ids": [gone[0].pk]})
    assert (answer.status_code, answer["Location"]) == (303, URL)
    assert "1 sound deleted for good." in client.get(URL).text
    assert Sample.objects.get() == gone[1]


def test_empties_all_but_what_pads_hold(client, user, gone):
    PadFactory(kit=KitFactory(owner=user), sample=gone[0])
    client.post(f"{URL}empty/", {"all": "1"})
    assert "1 sound deleted for good. 1 sound stays here" in client.get(URL).text
    assert Sample.objects.get() == gone[0]
    PadFactory(kit=KitFactory(owner=user), sample=gone[0])
    client.post(f"{URL}empty/", {"all": "1", "from_pads": "1"})
    assert not Sample.objects.exists()


def test_says_what_is_being_deleted(client, gone, monkeypatch):
    monkeypatch.setattr(trash, "BATCH", 1)
    monkeypatch.setattr(trash, "SLICE_SECONDS", 0)
    client.post(f"{URL}empty/", {"all": "1"})
    page = client.get(URL)
    assert "1 sound deleted for good. 1 sound is being deleted." in page.text
    assert "Nothing here." in page.text
    assert "1 sound is being deleted." in client.get(URL).text
    client.post(URL, {"all": "1"})  # the form of a page that is still open
    assert not Sample.objects.kept().exists()


def test_deletes_nothing_of_others(stranger_client, gone):
    stranger_client.post(f"{URL}empty/", {"all": "1", "from_pads": "1"})
    stranger_client.post(f"{URL}empty/", {"ids": [gone[0].pk]})
    assert Sample.objects.count() == 2


def test_looking_deletes_nothing(client, gone):
    assert client.get(f"{URL}empty/").status_code == 405


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_moving_a_sound_here_tells_which_kits_miss_it(client, user, headers):
    sample = SampleFactory(owner=user)
    PadFactory(kit=KitFactory(owner=user, name="Beat"), sample=sample)
    SampleFactory(owner=user)
    fields = {"ids": sample.pk, "action": "trash"}
    answer = client.post("/samples/bulk/", fields, headers=headers)
    said = answer["HX-Trigger-After-Swap"] if headers else client.get("/library/").text
    assert "1 pad in Beat plays nothing until they are put back." in said
