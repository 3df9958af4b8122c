"""The pad picker: as a dialog, as a page, and what it puts where."""

import pytest

from kits.models import Kit
from tests.factories import KitFactory, PadFactory, SampleFactory
from tests.kits.acts import events, fill, text, titles

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
PICKER, PLACE = "/kits/picker/", "/kits/place/"


@pytest.fixture
def kit(user):
    """Return the kit on the bench, with A1 loaded."""
    kit = KitFactory(owner=user, name="Night Market")
    fill(kit, A1="old")
    return kit


@pytest.fixture
def some(user):
    """Return four sounds."""
    names = ("kick", "kick", "snare", "hat")
    return [
        SampleFactory(owner=user, title=f"{name}_{number}", sample_class=name)
        for number, name in enumerate(names)
    ]


def ids(samples) -> str:
    """Return ids as an address holds them."""
    return ",".join(str(sample.pk) for sample in samples)


def test_asks_for_a_pad_for_one_sound(client, kit, some):
    html = text(client.get(PICKER, {"ids": some[0].pk}, headers=HTMX))
    assert "Put kick_0 on a pad" in html
    assert html.count("data-pick=") == 16
    assert "Layout" not in html
    assert "<html" not in html
    assert f'<option value="{kit.pk}" selected>Night Market</option>' in html


def test_opens_the_bank_with_the_first_free_pad(client, kit, some):
    for number in range(2, 17):
        PadFactory(kit=kit, number=number)
    html = text(client.get(PICKER, {"ids": some[0].pk}, headers=HTMX))
    assert 'data-bank="B"' in html
    assert 'data-pick="B1"' in html


def test_shows_what_a_layout_would_do(client, kit, some):
    html = text(client.get(PICKER, {"ids": ids(some), "mode": "from"}, headers=HTMX))
    assert "Put 4 sounds on pads" in html
    assert "4 sounds: 4 in bank A. 1 sound is replaced." in html
    assert 'aria-label="Pad A1, kick_0, replaces old"' in html
    assert 'aria-label="Pad A2, kick_1"' in html


def test_previews_what_moves_down(client, kit, some):
    html = text(client.get(PICKER, {"ids": ids(some), "mode": "shift"}, headers=HTMX))
    assert 'aria-label="Pad A5, old, kick"' in html
    assert "1 sound moves down." in html


def test_begins_with_free_pads_whatever_the_address_says(client, kit, some):
    asked = {"ids": ids(some), "mode": "sideways", "pad": "K1"}
    assert 'value="fill" checked' in text(client.get(PICKER, asked, headers=HTMX))


def test_says_when_the_sounds_do_not_fit(client, kit, some):
    html = text(client.get(PICKER, {"ids": ids(some), "pad": "J14"}, headers=HTMX))
    assert "4 sounds do not fit: there is room for 3." in html
    assert "data-confirm disabled" in html


def test_a_search_of_more_sounds_than_pads_is_told(client, kit, user):
    for _ in range(161):
        SampleFactory(owner=user)
    html = text(client.get(PICKER, {"all": "1"}, headers=HTMX))
    assert "A kit has 160 pads. Choose fewer sounds." in html
    assert "Put over 160 sounds on pads" in html


def test_a_search_in_the_address_is_carried_on(client, kit, some):
    asked = {"all": "1", "cls": "kick", "kit": "unused", "except": some[1].pk}
    html = text(client.get(PICKER, asked, headers=HTMX))
    assert "Put kick_0 on a pad" in html
    assert 'name="query" value="cls=kick&amp;kit=unused"' in html
    assert f'name="except" value="{some[1].pk}"' in html


def test_puts_one_sound_on_a_pad(client, kit, some):
    fields = {"ids": some[0].pk, "pad": "B5", "kit": kit.pk, "view": "dock", "bank": "A"}
    response = client.post(PLACE, fields, headers=HTMX)
    assert titles(kit) == {"A1": "old", "B5": "kick_0"}
    assert events(response)["kit:changed"]["said"] == "kick_0 is on B5."
    assert 'id="dock"' in response.text


def test_by_class(client, kit, some):
    client.post(PLACE, {"ids": ids(some), "kit": kit.pk, "mode": "class", "pad": "B1"})
    assert titles(kit) == {
        "A1": "old", "B1": "kick_0", "B2": "kick_1", "B3": "snare_2", "B5": "hat_3",
    }  # fmt: skip


def test_without_any_kit_the_first_one_is_made(client, user, some):
    html = text(client.get(PICKER, {"ids": some[0].pk}, headers=HTMX))
    assert "New kit: Kit 1" in html
    assert not Kit.objects.exists()
    response = client.post(PLACE, {"ids": some[0].pk, "pad": "A3", "kit": "new", "v": "0"})
    kit = Kit.objects.get()
    assert (kit.owner, kit.name) == (user, "Kit 1")
    assert titles(kit) == {"A3": "kick_0"}
    assert (response.status_code, response["Location"]) == (303, f"/kits/{kit.pk}/?bank=A&pad=A3")


def test_the_version_seen_counts_for_the_kit_that_was_shown(client, kit, some):
    fields = {"ids": some[0].pk, "pad": "A1", "kit": kit.pk, "v": 7, "seen_kit": kit.pk}
    assert client.post(PLACE, fields, headers=HTMX).status_code == 409
    assert titles(kit) == {"A1": "old"}
    client.post(PLACE, fields | {"seen_kit": kit.pk + 1}, headers=HTMX)
    assert titles(kit) == {"A1": "kick_0"}
    client.post(PLACE, fields | {"kit": "new"}, headers=HTMX)
    assert Kit.objects.count() == 2


def test_a_new_kit_beside_others(client, kit, some):
    client.post(PLACE, {"ids": some[0].pk, "pad": "A1", "kit": "new"})
    assert titles(kit) == {"A1": "old"}
    assert Kit.objects.count() == 2


def test_no_new_kit_is_left_behind_when_nothing_can_be_placed(client, user):
    assert client.post(PLACE, {"ids": "999", "pad": "A1", "kit": "new"}).status_code == 404
    some = [SampleFactory(owner=user) for _ in range(3)]
    fields = {"ids": ids(some), "pad": "J16", "mode": "fill", "kit": "new"}
    assert client.post(PLACE, fields, headers=HTMX).status_code == 422
    assert client.post(PLACE, fields)["Location"] == "/kits/"
    assert not Kit.objects.exists()


def test_a_kit_that_was_chosen_lies_on_the_bench_then(client, kit, some, user):
    KitFactory(owner=user)
    client.post(PLACE, {"ids": some[0].pk, "pad": "B1", "kit": kit.pk})
    assert Kit.on_bench(user) == kit


def test_without_scripts_it_is_a_page_of_forms(client, kit, some):
    html = text(client.get(PLACE, {"ids": [sample.pk for sample in some]}))
    assert "<html" in html
    assert 'method="post"' in html
    assert "By class" in html
    assert "Preview" in html
    response = client.post(PICKER, {"ids": ids(some), "mode": "class", "kit": kit.pk, "pad": "A1"})
    assert response.status_code == 200
    assert "4 sounds: 4 in bank A." in response.text
    assert titles(kit) == {"A1": "old"}


def test_sounds_of_strangers_are_nothing(client, stranger_client, kit, some):
    assert stranger_client.get(PICKER, {"ids": ids(some)}).status_code == 404
    assert client.get(PICKER).status_code == 404
    assert client.get(PICKER, {"ids": "x,-1,,99999999999999999999"}).status_code == 404


def test_kits_of_strangers_are_nothing(stranger_client, stranger, kit):
    mine = SampleFactory(owner=stranger)
    asked = {"ids": mine.pk, "kit": kit.pk, "pad": "A2"}
    assert stranger_client.get(PICKER, asked).status_code == 404
    assert stranger_client.post(PLACE, asked).status_code == 404
    assert titles(kit) == {"A1": "old"}


def test_more_sounds_cost_no_more_queries(client, kit, some, django_assert_max_num_queries):
    with django_assert_max_num_queries(12) as few:
        client.get(PICKER, {"ids": ids(some[:2])}, headers=HTMX)
    with django_assert_max_num_queries(12) as more:
        client.get(PICKER, {"ids": ids(some)}, headers=HTMX)
    assert len(few) == len(more)
