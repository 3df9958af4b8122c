"""The list of kits: new ones, names, the end."""

import pytest
from django.urls import reverse

from kits import deleted
from kits.models import DeletedKit, Kit, KitBank, Pad
from library.models import Sample
from tests.factories import ExportFactory, KitFactory
from tests.kits.acts import at, fill

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


def test_a_deleted_kit_comes_back_with_every_step(client, user):
    kit = KitFactory(owner=user, name="Night Market", tempo=92)
    samples = fill(kit, A1="kick", B1="snare")
    kit.pads.filter(bank="B").update(mute_group="C", start=5, end=70)
    bank = KitBank(letter="B", tempo=174.5, volume=90)
    kit.change("cleared A1", {at("A1"): None}, banks=[bank])
    before = kit.snapshot()
    client.post(reverse("kits:delete", args=[kit.pk]))
    page = client.get(LIST).text
    assert "Bring back Night Market" in page
    gone = DeletedKit.objects.get()
    answer = client.post(reverse("kits:bring-back", args=[gone.pk]))
    back = Kit.objects.get()
    assert answer["Location"] == f"/kits/{back.pk}/"
    assert (back.pk, back.name, back.tempo, back.version) == (kit.pk, "Night Market", 92, 1)
    assert back.created_at == kit.created_at
    assert back.snapshot() == before
    assert back.bank("B").fields() == {"tempo": 174.5, "volume": 90}
    back.undo()
    assert back.pads.get(bank="A").sample == samples["A1"]
    assert not DeletedKit.objects.exists()


def test_sounds_that_went_meanwhile_leave_their_name(user):
    kit = KitFactory(owner=user)
    fill(kit, A1="kick")
    gone = deleted.delete(kit)
    Sample.objects.all().delete()
    pad = deleted.bring_back(gone).pads.get()
    assert (pad.sample, pad.title) == (None, "kick")


def test_the_oldest_of_many_deleted_kits_go(user, stranger):
    other = deleted.delete(KitFactory(owner=stranger))
    for number in range(deleted.MOST + 2):
        deleted.delete(KitFactory(owner=user, name=f"Kit {number}"))
    names = [gone.name for gone in DeletedKit.objects.filter(owner=user)]
    assert names == [f"Kit {number}" for number in range(deleted.MOST + 1, 1, -1)]
    assert DeletedKit.objects.filter(pk=other.pk).exists()


def test_strangers_bring_nothing_back(stranger_client, user):
    gone = deleted.delete(KitFactory(owner=user))
    url = reverse("kits:bring-back", args=[gone.pk])
    assert stranger_client.post(url).status_code == 404
    assert not Kit.objects.exists()


@pytest.mark.parametrize("name", ["rename", "delete"])
def test_strangers_find_nothing(stranger_client, user, name):
    kit = KitFactory(owner=user, name="Night Market")
    response = stranger_client.post(reverse(f"kits:{name}", args=[kit.pk]), {"name": "mine"})
    assert response.status_code == 404
    kit.refresh_from_db()
    assert kit.name == "Night Market"


def test_a_kit_comes_back_once(client, user, monkeypatch):
    gone = deleted.delete(KitFactory(owner=user))
    again = DeletedKit.objects.get()
    deleted.bring_back(gone)
    with pytest.raises(DeletedKit.DoesNotExist):
        deleted.bring_back(again)
    monkeypatch.setattr("kits.views.shelf.get_object_or_404", lambda *args, **kwargs: again)
    answer = client.post(reverse("kits:bring-back", args=[again.pk]))
    assert (answer.status_code, answer["Location"]) == (303, LIST)
    assert Kit.objects.count() == 1


def test_a_kit_that_comes_back_has_its_exports(user):
    kit = KitFactory(owner=user)
    mine, other = ExportFactory(owner=user, kit=kit), ExportFactory(owner=user)
    gone = deleted.delete(kit)
    mine.refresh_from_db()
    assert mine.kit is None
    back = deleted.bring_back(gone)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.kit, other.kit) == (back, None)
