"""The list of kits: new ones, names, the end."""

import pytest
from django.urls import reverse

from kits.models import Kit, Pad
from library.models import Sample
from tests.factories import KitFactory
from tests.kits.acts import fill

pytestmark = pytest.mark.django_db
LIST = "/kits/"


def test_without_kits_says_what_one_is(client):
    assert "No kits yet" in client.get(LIST).text


def test_lists_ones_own_kits_with_their_figures(client, user):
    kit = KitFactory(owner=user, name="Night Market")
    fill(kit, A1="kick", B1="snare")
    KitFactory(name="of a stranger")
    html = client.get(LIST).text
    assert "Night Market" in html
    assert "2/160 pads" in html
    assert "of a stranger" not in html


def test_ten_more_kits_cost_no_more_queries(client, user, django_assert_max_num_queries):
    KitFactory(owner=user, filled=2)
    client.get(LIST)
    with django_assert_max_num_queries(12) as few:
        client.get(LIST)
    for _ in range(10):
        KitFactory(owner=user, filled=2)
    with django_assert_max_num_queries(12) as more:
        client.get(LIST)
    assert len(few) == len(more)


def test_makes_a_kit_and_opens_it(client, user):
    response = client.post(LIST, {"name": " Night Market "})
    kit = Kit.objects.get()
    assert (kit.owner, kit.name) == (user, "Night Market")
    assert (response.status_code, response["Location"]) == (303, f"/kits/{kit.pk}/")


def test_a_kit_without_a_name_gets_one(client):
    client.post(LIST)
    client.post(LIST, {"name": " "})
    assert sorted(Kit.objects.values_list("name", flat=True)) == ["Kit 1", "Kit 2"]


def test_too_long_a_name_is_refused(client):
    response = client.post(LIST, {"name": "x" * 101})
    assert response.status_code == 303
    assert not Kit.objects.exists()
    assert "at most 100 characters" in client.get(response["Location"]).text


def test_renames(client, user):
    kit = KitFactory(owner=user)
    response = client.post(reverse("kits:rename", args=[kit.pk]), {"name": "Night Market"})
    kit.refresh_from_db()
    assert kit.name == "Night Market"
    assert response.status_code == 303


def test_an_empty_name_is_refused(client, user):
    kit = KitFactory(owner=user, name="Night Market")
    response = client.post(reverse("kits:rename", args=[kit.pk]), {"name": " "})
    kit.refresh_from_db()
    assert kit.name == "Night Market"
    assert "This field is required." in client.get(response["Location"]).text


def test_deletes_the_kit_and_keeps_the_sounds(client, user):
    kit = KitFactory(owner=user, filled=3)
    response = client.post(reverse("kits:delete", args=[kit.pk]))
    assert (response.status_code, response["Location"]) == (303, LIST)
    assert not Kit.objects.exists()
    assert not Pad.objects.exists()
    assert Sample.objects.count() == 3


@pytest.mark.parametrize("name", ["rename", "delete"])
def test_strangers_find_nothing(stranger_client, user, name):
    kit = KitFactory(owner=user, name="Night Market")
    response = stranger_client.post(reverse(f"kits:{name}", args=[kit.pk]), {"name": "mine"})
    assert response.status_code == 404
    kit.refresh_from_db()
    assert kit.name == "Night Market"
