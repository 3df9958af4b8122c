"""Acts on banks and whole kits, as the menu and the page do them."""

import pytest
from django.urls import reverse

from kits.models import Kit
from tests.factories import KitFactory
from tests.kits.acts import act, events, fill, plainly, text, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def kit(user):
    kit = KitFactory(owner=user, name="Night")
    fill(kit, A1="one", A2="two", B1="three")
    return kit


@pytest.fixture
def other(user):
    other = KitFactory(owner=user, name="Day")
    fill(other, A1="there", C1="kick", C2="kick 2")
    other.pads.filter(bank="C").update(mute_group="A")
    return other


def test_the_page_offers_every_filled_bank(client, kit, other):
    page = text(client.get(reverse("kits:arrange", args=[kit.pk]), {"bank": "B"}))
    assert "Arrange Night" in page
    assert "Clear bank B" in page
    assert f'<option value="{other.pk}:C"' in page
    assert "Day, bank C, 2 sounds" in page
    assert "hx-post" not in page


def test_the_menu_gets_the_same_forms_for_htmx(client, kit, other):
    answer = client.get(
        reverse("kits:arrange", args=[kit.pk]), {"bank": "A"}, headers={"HX-Request": "true"}
    )
    assert "<html" not in answer.text
    assert "hx-post" in answer.text


def test_a_page_with_many_kits_costs_few_queries(client, user, kit, django_assert_max_num_queries):
    for _ in range(20):
        KitFactory(owner=user, filled=2)
    with django_assert_max_num_queries(14):
        client.get(reverse("kits:arrange", args=[kit.pk]))


def test_adds_a_bank_of_another_kit_and_says_what_changed(client, kit, other):
    kit.pads.filter(number=1).update(mute_group="A")
    sent = {"from": f"{other.pk}:C", "to": "D", "v": kit.version}
    answer = act(client, kit, "copy-bank", **sent)
    assert answer.status_code == 200
    assert titles(kit)["D2"] == "kick 2"
    said = events(answer)["toast"]
    assert said["text"] == "Put bank C of Day on D. Mute group A became B."
    assert said["undo"].startswith(f"/kits/{kit.pk}/undo/")
    plainly(client, kit, "undo")
    assert "D2" not in titles(kit)


def test_without_scripts_the_kit_opens_where_the_bank_went(client, kit, other):
    sent = {"from": f"{other.pk}:C", "to": "D"}
    answer = plainly(client, kit, "copy-bank", **sent)
    assert answer.status_code == 303
    assert "bank=D" in answer["Location"]
    assert "Put bank C of Day on D." in client.get(answer["Location"]).text


@pytest.mark.parametrize(
    "sent",
    [{"to": "D"}, {"from": "x", "to": "D"}, {"from": "1:Z", "to": "D"}, {"from": "1:A", "to": "K"}],
)
def test_a_copy_of_nothing_is_refused(client, kit, sent):
    answer = act(client, kit, "copy-bank", **sent)
    assert answer.status_code == 422
    assert events(answer)["toast"]["bad"]
    assert len(titles(kit)) == 3


def test_banks_of_others_cannot_be_copied(client, kit, stranger):
    theirs = KitFactory(owner=stranger, filled=2)
    answer = act(client, kit, "copy-bank", **{"from": f"{theirs.pk}:A", "to": "D"})
    assert answer.status_code == 404


def test_shuffles_the_open_bank(client, kit):
    answer = act(client, kit, "shuffle")
    assert titles(kit) == {"A1": "two", "A2": "one", "B1": "three"}
    assert events(answer)["toast"]["text"] == "Shuffled bank A within classes."
    act(client, kit, "shuffle", seed="7")
    assert titles(kit)["A1"] == "one"


def test_locks_and_unlocks_a_bank_as_a_step(client, kit):
    act(client, kit, "lock", locked="1")
    assert [pad.locked for pad in kit.pads.all()] == [True, True, False]
    answer = act(client, kit, "shuffle")
    assert "nothing to shuffle" in events(answer)["toast"]["text"]
    answer = act(client, kit, "clear", bank="A")
    assert events(answer)["toast"]["text"] == "All of its pads are locked."
    plainly(client, kit, "undo")
    assert not kit.pads.filter(locked=True).exists()


def test_an_empty_bank_cannot_be_locked(client, kit):
    answer = act(client, kit, "lock", bank="J", locked="1")
    assert events(answer)["toast"]["text"] == "Bank J is empty."
    assert act(client, kit, "lock", locked="x").status_code == 422


def test_clearing_a_bank_spares_locked_pads_and_a_hand_on_one_does_not(client, kit):
    kit.pads.filter(bank="A", number=1).update(locked=True)
    answer = act(client, kit, "clear", bank="A")
    assert titles(kit) == {"A1": "one", "B1": "three"}
    assert events(answer)["toast"]["text"] == "Cleared two from A2, 1 locked pad stayed."
    act(client, kit, "clear", pads="A1")
    assert titles(kit) == {"B1": "three"}


def test_duplicates_and_opens_the_copy(client, kit):
    answer = plainly(client, kit, "duplicate")
    made = Kit.objects.get(name="Night copy")
    assert (answer.status_code, answer["Location"]) == (303, f"/kits/{made.pk}/")
    assert titles(made) == titles(kit)


def test_an_old_page_changes_nothing(client, kit, other):
    kit.change("elsewhere", {}, whole={"tempo": 100})
    sent = {"from": f"{other.pk}:C", "to": "D", "v": 0}
    assert act(client, kit, "copy-bank", **sent).status_code == 409
    assert act(client, kit, "shuffle", v=0).status_code == 409
    assert len(titles(kit)) == 3


@pytest.mark.parametrize("name", ["copy-bank", "shuffle", "lock", "duplicate", "keep-template"])
def test_strangers_find_nothing(stranger_client, kit, name):
    assert plainly(stranger_client, kit, name, bank="A", locked="1").status_code == 404
    assert Kit.objects.count() == 1
