"""The kit page: one bank to play and to fill."""

import pytest
from django.urls import reverse

from kits.models import Kit
from tests.factories import KitFactory, PadFactory, SampleFactory
from tests.kits.acts import events, fill

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def kit(user):
    """Return a kit with two banks in use."""
    kit = KitFactory(owner=user, name="Night Market")
    fill(kit, A1="kick", B2="snare")
    return kit


def page(client, kit, **asked):
    """Open the builder."""
    return client.get(reverse("kits:builder", args=[kit.pk]), asked)


def test_shows_sixteen_named_pads_and_ten_banks(client, kit):
    html = page(client, kit).text
    assert html.count('role="gridcell"') == 16
    assert html.count('role="tab"') == 10
    assert 'aria-label="Pad A1, kick, kick"' in html
    assert 'aria-label="Pad A2, empty"' in html
    assert 'aria-label="Bank B, 1 of 16 pads filled"' in html
    assert "1/16 in A · 2/160 in kit" in html
    assert "style=" not in html.replace("rel=stylesheet", "")


def test_opens_the_bank_and_the_pad_of_the_address(client, kit):
    html = page(client, kit, bank="B", pad="B2").text
    assert 'data-bank="B"' in html
    assert "<b>B2</b><span>snare</span>" in html
    html = page(client, kit, pad="B2").text
    assert "<b>B2</b><span>snare</span>" in html


@pytest.mark.parametrize("asked", [{"bank": "Z"}, {"pad": "K99"}, {"bank": "B", "pad": "A1"}])
def test_nonsense_in_the_address_opens_some_pad(client, kit, asked):
    assert page(client, kit, **asked).status_code == 200


def test_the_bank_alone_for_htmx(client, kit):
    response = client.get(reverse("kits:builder", args=[kit.pk]), {"bank": "B"}, headers=HTMX)
    html = response.text
    assert html.strip().startswith('<div id="bank"')
    assert "<html" not in html
    assert events(response) == {"bank:open": {"bank": "B"}}
    assert "HX-Request" in response["Vary"]


def test_going_back_in_history_gets_the_whole_page(client, kit):
    headers = HTMX | {"HX-History-Restore-Request": "true"}
    response = client.get(reverse("kits:builder", args=[kit.pk]), headers=headers)
    assert "<html" in response.text


def test_opening_lays_the_kit_on_the_bench(client, user, kit):
    KitFactory(owner=user)
    page(client, kit)
    assert Kit.on_bench(user) == kit


def test_tells_what_is_gone(client, kit):
    PadFactory(kit=kit, number=3, empty_hull=True)
    html = page(client, kit, pad="A3").text
    assert "1 pad in this kit lost its sound." in html
    assert "File missing" in html
    assert "Source file is gone." in html


def test_an_empty_kit_says_how_to_begin(client, user):
    assert "Drag a sound here" in page(client, KitFactory(owner=user)).text


def test_strangers_find_nothing(stranger_client, anonymous, kit):
    assert page(stranger_client, kit).status_code == 404
    assert page(anonymous, kit).status_code != 200


def test_ten_more_pads_cost_no_more_queries(client, kit, django_assert_max_num_queries):
    page(client, kit)
    with django_assert_max_num_queries(25) as few:
        page(client, kit)
    for number in range(4, 14):
        PadFactory(kit=kit, number=number)
    with django_assert_max_num_queries(25) as more:
        page(client, kit)
    assert len(few) == len(more)


def test_browse_finds_sounds_and_tells_where_they_are(client, kit, user):
    SampleFactory(owner=user, title="hat_tight", sample_class="hat")
    SampleFactory(title="of a stranger")
    url = reverse("kits:browse", args=[kit.pk])
    everything = client.get(url, {"pad": "A4"}, headers=HTMX).text
    assert everything.count("<li class=") == 3
    assert "of a stranger" not in everything
    assert 'aria-label="Put hat_tight on A4"' in everything
    assert '<span class="at">B2</span>' in everything
    hats = client.get(url, {"cls": "hat"}, headers=HTMX).text
    assert "hat_tight" in hats
    assert "snare" not in hats


def test_browse_says_when_there_is_nothing(client, user, stranger_client, stranger):
    kit, other = KitFactory(owner=user), KitFactory(owner=stranger)
    SampleFactory(owner=user)
    nothing = client.get(reverse("kits:browse", args=[kit.pk]), {"q": "zzz"}).text
    assert "Nothing matches." in nothing
    empty = stranger_client.get(reverse("kits:browse", args=[other.pk])).text
    assert "Your library is empty." in empty
    assert client.get(reverse("kits:browse", args=[other.pk])).status_code == 404


def test_browse_points_to_the_search_when_there_is_more(client, user, monkeypatch):
    monkeypatch.setattr("kits.views.shelf.BROWSED", 2)
    kit = KitFactory(owner=user)
    for _ in range(3):
        SampleFactory(owner=user)
    html = client.get(reverse("kits:browse", args=[kit.pk])).text
    assert html.count("data-hear") == 2
    assert "narrow the search" in html


def test_inspector_shows_a_pad(client, kit):
    url = reverse("kits:pad", args=[kit.pk, "B2"])
    html = client.get(url, headers=HTMX).text
    assert "<b>B2</b><span>snare</span>" in html
    assert "WAV 44.1 kHz 16-bit mono" in html
    assert "Clear pad" in html
    assert '<option value="A1">A1 kick</option>' in html
    assert 'value="B2">B2' not in html


def test_inspector_of_an_empty_pad_offers_a_search(client, kit):
    html = client.get(reverse("kits:pad", args=[kit.pk, "J16"]), headers=HTMX).text
    assert "Find a sound" in html
    assert "Clear pad" not in html


def test_inspector_without_scripts_is_the_page(client, kit):
    response = client.get(reverse("kits:pad", args=[kit.pk, "B2"]))
    assert response.status_code == 302
    assert response["Location"] == f"/kits/{kit.pk}/?bank=B&pad=B2"


def test_no_such_pad(client, stranger_client, kit):
    assert client.get(reverse("kits:pad", args=[kit.pk, "K1"]), headers=HTMX).status_code == 404
    assert stranger_client.get(reverse("kits:pad", args=[kit.pk, "A1"])).status_code == 404
