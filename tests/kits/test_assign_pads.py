"""Sounds onto pads of a kit that is open: dragged, pressed, or sent by a form."""

import pytest

from tests.factories import KitFactory, SampleFactory
from tests.kits.acts import act, events, fill, plainly, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def kit(user):
    """Return a kit with A1 loaded."""
    kit = KitFactory(owner=user)
    fill(kit, A1="old")
    return kit


@pytest.fixture
def kick(user):
    """Return a sound to place."""
    return SampleFactory(owner=user, title="kick_dusty_07")


def test_puts_one_sound_on_its_pad(client, kit, kick):
    response = act(client, kit, "assign", ids=kick.pk, pad="A5")
    assert titles(kit) == {"A1": "old", "A5": "kick_dusty_07"}
    assert events(response)["kit:changed"]["said"] == "kick_dusty_07 is on A5."
    assert 'aria-label="Pad A5, kick_dusty_07, kick"' in response.text


def test_replaces_and_offers_the_way_back(client, kit, kick):
    response = act(client, kit, "assign", ids=kick.pk, pad="A1")
    toast = events(response)["toast"]
    assert toast["text"] == "kick_dusty_07 is now on A1, replacing old."
    client.post(toast["undo"], headers={"HX-Request": "true"})
    assert titles(kit) == {"A1": "old"}


def test_the_way_back_is_for_that_step_only(client, kit, kick):
    undo = events(act(client, kit, "assign", ids=kick.pk, pad="A1"))["toast"]["undo"]
    act(client, kit, "clear", pads="A1")
    assert client.post(undo, headers={"HX-Request": "true"}).status_code == 409
    assert titles(kit) == {}


def test_without_a_pad_takes_the_first_free_one(client, kit, kick):
    act(client, kit, "assign", ids=kick.pk)
    assert titles(kit)["A2"] == "kick_dusty_07"


def test_many_sounds_keep_the_order_they_were_asked_for(client, kit, user):
    some = [SampleFactory(owner=user, title=f"sound{number}") for number in range(3)]
    ids = f"{some[2].pk},{some[0].pk},{some[1].pk}"
    act(client, kit, "assign", ids=ids, pad="A1", mode="fill")
    assert titles(kit) == {"A1": "old", "A2": "sound2", "A3": "sound0", "A4": "sound1"}


def test_a_search_puts_all_it_finds_but_a_few(client, kit, user):
    some = [
        SampleFactory(owner=user, title=f"snare{number}", sample_class="snare")
        for number in range(4)
    ]
    act(
        client,
        kit,
        "assign",
        all="1",
        query="cls=snare&sort=name",
        pad="B1",
        mode="fill",
        **{"except": some[1].pk},
    )
    assert titles(kit) == {"A1": "old", "B1": "snare0", "B2": "snare2", "B3": "snare3"}


def test_twenty_four_sounds_by_class_fill_a_bank_and_a_half(client, kit, user):
    kit.pads.all().delete()
    some = [
        SampleFactory(owner=user, sample_class=name)
        for name in ("kick", "snare", "hat")
        for _ in range(8)
    ]
    response = act(client, kit, "assign", ids=",".join(str(one.pk) for one in some), mode="class")
    places = list(titles(kit))
    assert sum(place.startswith("A") for place in places) == 16
    assert sum(place.startswith("B") for place in places) == 8
    assert events(response)["toast"]["text"] == "24 sounds are on A1 to B8."
    assert response.text.count('class="pad') == 16  # of the bank that is shown


def test_too_many_sounds_change_nothing(client, kit, user):
    some = [SampleFactory(owner=user) for _ in range(3)]
    ids = [one.pk for one in some]
    response = act(client, kit, "assign", ids=ids, pad="J15", mode="fill")
    assert response.status_code == 422
    assert events(response)["toast"] == {
        "text": "3 sounds do not fit: there is room for 2. Nothing was changed.",
        "bad": True,
    }
    assert titles(kit) == {"A1": "old"}


@pytest.mark.parametrize("fields", [{"pad": "K1"}, {"pad": "A1", "mode": "sideways"}])
def test_nonsense_is_refused(client, kit, kick, fields):
    assert act(client, kit, "assign", ids=kick.pk, **fields).status_code == 422
    assert titles(kit) == {"A1": "old"}


def test_a_form_lands_on_the_pad(client, kit, kick):
    response = plainly(client, kit, "assign", ids=kick.pk, pad="C3", v=kit.version)
    assert response.status_code == 303
    assert response["Location"] == f"/kits/{kit.pk}/?bank=C&pad=C3"
    page = client.get(response["Location"]).text
    assert "kick_dusty_07 is on C3." in page
    assert "Undo: put kick_dusty_07 on C3" in page


def test_sounds_of_strangers_and_of_the_trash_are_passed_over(client, kit, kick, user):
    foreign, trashed = SampleFactory(), SampleFactory(owner=user, trashed=True)
    ids = f"{foreign.pk},{trashed.pk},{kick.pk}"
    act(client, kit, "assign", ids=ids, pad="A2", mode="fill")
    assert titles(kit) == {"A1": "old", "A2": "kick_dusty_07"}
    assert act(client, kit, "assign", ids=foreign.pk, pad="A3").status_code == 404
    assert act(client, kit, "assign", pad="A3").status_code == 404


def test_strangers_find_no_kit(stranger_client, kit, stranger):
    mine = SampleFactory(owner=stranger)
    assert act(stranger_client, kit, "assign", ids=mine.pk, pad="A2").status_code == 404
    assert titles(kit) == {"A1": "old"}


def test_the_dock_gets_itself_anew_with_the_bank_of_the_pad(client, kit, kick):
    response = act(client, kit, "assign", ids=kick.pk, pad="B5", view="dock")
    assert 'id="dock"' in response.text
    assert 'data-bank="B"' in response.text
    assert "hx-swap-oob" in response.text
    assert 'aria-label="Undo: put kick_dusty_07 on B5"' in response.text
    response = act(client, kit, "assign", ids=kick.pk, pad="A3", view="dock")
    assert 'id="dock"' in response.text
    assert 'aria-label="Pad A3, kick_dusty_07, kick"' in response.text


def test_a_page_without_pads_gets_events_alone(client, kit, kick):
    response = act(client, kit, "assign", ids=kick.pk, pad="B5", view="")
    assert response.text == ""
    assert events(response)["kit:changed"]["pads"] == ["B5"]


def test_a_stage_that_shows_another_bank_gets_the_key_of_the_changed_one(client, kit, kick):
    response = act(client, kit, "assign", ids=kick.pk, pad="B5")
    assert 'id="bank-B"' in response.text
    assert 'class="pad' not in response.text


def test_ten_more_pads_cost_no_more_queries(client, kit, user, django_assert_max_num_queries):
    ids = ",".join(str(SampleFactory(owner=user).pk) for _ in range(12))
    with django_assert_max_num_queries(25) as one:
        act(client, kit, "assign", ids=ids.split(",")[0], pad="B1", mode="fill")
    with django_assert_max_num_queries(25) as many:
        act(client, kit, "assign", ids=ids, pad="C1", mode="fill")
    assert len(one) == len(many)
