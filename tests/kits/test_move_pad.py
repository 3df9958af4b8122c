"""Moving, swapping and copying pads."""

import re

import pytest

from kits import moves
from kits.hardware.pads import ALL
from kits.models import KitChangedError
from tests.factories import KitFactory, PadFactory
from tests.kits.acts import act, at, events, fill, plainly, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def kit(user):
    """Return a kit with A1 and A2 loaded."""
    kit = KitFactory(owner=user)
    fill(kit, A1="kick", A2="snare")
    return kit


def test_moves_to_an_empty_pad(client, kit):
    response = act(client, kit, "move", **{"from": "A1", "to": "A6"})
    assert response.status_code == 200
    assert titles(kit) == {"A6": "kick", "A2": "snare"}
    assert events(response)["kit:changed"] == {
        "kit": kit.pk, "pads": ["A1", "A6"], "v": 1, "said": "Moved kick to A6.",
    }  # fmt: skip
    assert events(response)["toast"]["text"] == "Moved kick to A6."
    html = response.text
    assert 'id="pad-A1"' in html
    assert 'aria-label="Pad A6, kick, kick"' in html
    assert 'id="pad-A2"' not in html
    assert 'id="bank-A"' in html
    assert 'id="bank-B"' not in html
    assert 'aria-label="Undo: moved kick to A6"' in html
    assert "2/16 in A · 2/160 in kit" in html


def test_swaps_when_the_pad_is_taken(client, kit):
    response = act(client, kit, "move", **{"from": "A1", "to": "A2"})
    assert titles(kit) == {"A1": "snare", "A2": "kick"}
    assert events(response)["toast"]["text"] == "Swapped A1 and A2."


def test_copies(client, kit):
    act(client, kit, "move", **{"from": "A1", "to": "B1", "copy": "1"})
    assert titles(kit) == {"A1": "kick", "A2": "snare", "B1": "kick"}


def test_a_copy_replaces(client, kit):
    act(client, kit, "move", **{"from": "A1", "to": "A2", "copy": "1"})
    assert titles(kit) == {"A1": "kick", "A2": "kick"}
    assert kit.last_step.label == "copied kick to A2, replacing snare"


def test_zero_is_no_copy(client, kit):
    act(client, kit, "move", **{"from": "A1", "to": "B1", "copy": "0"})
    assert titles(kit) == {"A2": "snare", "B1": "kick"}


def test_without_a_target_goes_to_the_next_free_pad(client, kit):
    act(client, kit, "move", **{"from": "A1", "to": "", "copy": "1"})
    assert titles(kit) == {"A1": "kick", "A2": "snare", "A3": "kick"}


def test_the_next_free_pad_may_lie_before(kit):
    for place in ALL[at("A3").index :]:
        PadFactory(kit=kit, bank=place.bank, number=place.number)
    kit.pads.filter(bank="A", number=1).delete()
    moves.move(kit, at("J16"), None)
    assert "A1" in titles(kit)
    assert "J16" not in titles(kit)


def test_a_full_kit_has_no_next_free_pad(kit):
    for place in ALL[2:]:
        PadFactory(kit=kit, bank=place.bank, number=place.number)
    with pytest.raises(moves.CannotMoveError, match="All pads are taken"):
        moves.copy(kit, at("A1"), None)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"from": "A9", "to": "A1"}, "A9 is empty."),
        ({"from": "A1", "to": "A1"}, "It is on A1 already."),
        ({"from": "A1", "to": "K1"}, "There is no bank K; banks are A to J."),
        ({"from": "A1", "to": "A17"}, "There is no pad 17; pads are 1 to 16."),
        ({"from": "", "to": "A1"}, "This field is required."),
        ({"from": "x", "to": "A1"}, "“x” is not a pad; write it as A1 or J16."),
    ],
)
def test_says_why_it_cannot(client, kit, fields, reason):
    response = act(client, kit, "move", **fields)
    assert response.status_code == 422
    assert events(response)["toast"] == {"text": reason, "bad": True}
    assert titles(kit) == {"A1": "kick", "A2": "snare"}
    response = plainly(client, kit, "move", **fields)
    assert response.status_code == 303
    assert reason in client.get(response["Location"]).text


def test_a_form_is_sent_on_to_the_pad(client, kit):
    response = plainly(client, kit, "move", **{"from": "A1", "to": "C6", "v": kit.version})
    assert response.status_code == 303
    assert response["Location"] == f"/kits/{kit.pk}/?bank=A&pad=A1"
    assert "Moved kick to C6." in client.get(response["Location"]).text


def test_a_window_that_looked_earlier_is_told(client, kit):
    act(client, kit, "move", **{"from": "A1", "to": "A3", "v": 0})
    response = act(client, kit, "move", **{"from": "A2", "to": "A4", "v": 0})
    assert response.status_code == 409
    assert events(response) == {"kit:stale": {"kit": kit.pk, "v": 1}}
    assert titles(kit) == {"A3": "kick", "A2": "snare"}


def test_a_window_that_looked_earlier_gets_the_whole_bank_as_it_is_now(client, kit):
    act(client, kit, "move", **{"from": "A1", "to": "A3", "v": 0})
    html = act(client, kit, "move", **{"from": "A2", "to": "A4", "v": 0}).text
    assert html.count('role="gridcell"') == 16
    assert 'aria-label="Pad A3, kick, kick"' in html
    assert 'aria-label="Undo: moved kick to A3"' in html
    assert 'data-v="1"' in html
    for place in ("bank", "levels", "undo-keys"):
        assert re.search(rf'id="{place}"[^>]*hx-swap-oob="morph"', html)


def test_a_dock_that_looked_earlier_gets_itself_as_it_is_now(client, kit):
    moves.move(kit, at("A1"), at("B3"))
    fields = {"from": "A2", "to": "A4", "v": 0, "view": "dock", "bank": "B"}
    response = act(client, kit, "move", **fields)
    assert response.status_code == 409
    assert 'aria-label="Pad B3, kick, kick"' in response.text
    assert re.search(r'id="dock"[^>]*hx-swap-oob="morph"', response.text)


def test_what_another_window_did_can_be_done_on_top_of(client, kit):
    act(client, kit, "move", **{"from": "A1", "to": "A3", "v": 0})
    late = {"from": "A2", "to": "A4"}
    seen = events(act(client, kit, "move", **late, v=0))["kit:stale"]["v"]
    assert act(client, kit, "move", **late, v=seen).status_code == 200
    assert titles(kit) == {"A3": "kick", "A4": "snare"}


def test_a_form_that_looked_earlier_is_told(client, kit):
    plainly(client, kit, "move", **{"from": "A1", "to": "A3", "v": 0})
    response = plainly(client, kit, "move", **{"from": "A2", "to": "A4", "v": 0})
    assert response.status_code == 303
    page = client.get(response["Location"]).text
    assert "This kit was changed in another window." in page
    assert "what you asked for was not done" in page
    assert 'aria-label="Pad A3, kick, kick"' in page
    assert 'aria-label="Pad A2, snare, kick" aria-selected="true"' in " ".join(page.split())
    assert titles(kit) == {"A3": "kick", "A2": "snare"}


def test_moves_of_another_window_between_look_and_write_are_not_lost(kit):
    with pytest.raises(KitChangedError):
        moves.move(kit, at("A1"), at("A3"), seen=7)


def test_strangers_find_nothing(stranger_client, anonymous, kit):
    fields = {"from": "A1", "to": "A3"}
    assert act(stranger_client, kit, "move", **fields).status_code == 404
    assert act(anonymous, kit, "move", **fields).status_code in {302, 403}
    assert titles(kit) == {"A1": "kick", "A2": "snare"}


def test_get_changes_nothing(client, kit):
    assert client.get(f"/kits/{kit.pk}/move/").status_code == 405


def test_a_pad_that_another_window_emptied_counts_as_changed_elsewhere(client, kit):
    moves.move(kit, at("A1"), at("C1"))
    response = act(client, kit, "move", **{"from": "A1", "to": "A6", "v": 0})
    assert response.status_code == 409
    assert events(response) == {"kit:stale": {"kit": kit.pk, "v": 1}}
