"""Pads that lost their sound: the banner, the page, and finding all again."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import now

from kits.lost import find, lost
from kits.models import KitChangedError
from tests.factories import KitFactory, PadFactory, SampleFactory
from tests.kits.acts import act, fill, text, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def kit(user):
    """Return a kit with A1 in order and A2 to A4 lost in three ways."""
    kit = KitFactory(owner=user)
    sounds = fill(kit, A1="kick", A2="snare", A3="hat", A4="clap")
    type(sounds["A2"]).objects.filter(pk=sounds["A2"].pk).update(deleted_at=now())
    type(sounds["A3"]).objects.filter(pk=sounds["A3"].pk).update(is_missing=True)
    sounds["A4"].delete()
    kit.sounds = sounds
    return kit


def url(kit) -> str:
    return f"/kits/{kit.pk}/lost/"


def test_the_banner_counts_them_and_leads_there(client, kit):
    html = text(client.get(f"/kits/{kit.pk}/"))
    assert "3 pads in this kit lost their sound." in html
    assert f'href="{url(kit)}"' in html


def test_a_step_keeps_the_banner_right(client, kit):
    fill(kit, B1="tom")
    html = text(act(client, kit, "clear", pads="B1"))
    assert "3 pads in this kit lost their sound." in html
    html = text(act(client, kit, "clear", pads="A4"))
    assert "2 pads in this kit lost their sound." in html


def test_a_kit_in_order_has_no_banner(client, user):
    kit = KitFactory(owner=user)
    fill(kit, A1="kick")
    html = text(client.get(f"/kits/{kit.pk}/"))
    assert '<p id="kit-lost" class="banner" hidden' in html
    assert "Every pad of this kit has its sound." in text(client.get(url(kit)))


def test_the_page_says_of_each_what_became_of_it(client, kit):
    html = text(client.get(url(kit)))
    assert [each.reason for each in lost(kit)] == [
        "In the trash", "Its file is gone", "Deleted for good",
    ]  # fmt: skip
    for words in ("In the trash", "Its file is gone", "Deleted for good", "Clear all 3"):
        assert words in html
    assert "pad=A3&amp;bank=A&amp;q=hat#browse" in html


def test_find_all_takes_out_of_the_trash_looks_for_files_and_uses_twins(client, kit, user):
    twin = SampleFactory(owner=user, title="clap")
    default_storage.save(kit.sounds["A3"].blob, ContentFile(b"x"))
    pad = kit.pads.get(number=4)
    pad.level = 80
    pad.save()
    response = client.post(url(kit), {"v": kit.version})
    assert response["Location"] == f"/kits/{kit.pk}/"
    page = text(client.get(response["Location"]))
    assert (
        "1 sound is back from the trash. 1 file is there again. 1 pad has a sound of the same name."
        in page
    )
    assert lost(kit) == []
    found = kit.pads.get(number=4)
    assert (found.sample, found.level) == (twin, 80)
    assert kit.last_step.label == "found clap for A4"
    kit.undo()
    assert kit.pads.get(number=4).sample is None


def test_what_is_not_found_is_said(client, kit):
    response = client.post(url(kit))
    assert response["Location"] == url(kit)
    assert "2 pads have still no sound." in text(client.get(response["Location"]))
    assert titles(kit) == {"A1": "kick", "A2": "snare", "A3": "hat", "A4": "clap"}


def test_twins_of_strangers_of_the_trash_and_without_a_file_are_none(client, kit, user):
    SampleFactory(title="clap")
    SampleFactory(owner=user, title="clap", trashed=True)
    SampleFactory(owner=user, title="clap", is_missing=True)
    assert lost(kit)[2].twin is None


def test_a_window_that_looked_earlier_is_told(client, kit, user):
    SampleFactory(owner=user, title="clap")
    seen = kit.version
    kit.change("other", {})
    response = client.post(url(kit), {"v": seen})
    assert "This kit was changed in another window." in text(client.get(response["Location"]))
    assert kit.pads.get(number=4).sample is None


def test_strangers_find_nothing(stranger_client, kit):
    assert stranger_client.get(url(kit)).status_code == 404
    assert stranger_client.post(url(kit)).status_code == 404


def test_slices_get_their_regions_back_where_the_twin_holds_them(kit, user):
    for number, start in ((5, 0), (6, 24_000), (7, 90_000)):
        PadFactory(
            kit=kit, number=number, sample=None, title="brk", slice=number - 4, start=start,
            end=start + 24_000,
        )  # fmt: skip
    SampleFactory(owner=user, title="brk", frames=48_000, sample_rate=48_000)
    find(kit)
    found = kit.pads.filter(title="brk").values_list("slice", "start", "end")
    assert list(found) == [(1, 0, 24_000), (2, 24_000, 48_000), (None, 0, None)]


def test_a_refusal_writes_nothing_at_all(kit, user):
    SampleFactory(owner=user, title="clap")
    default_storage.save(kit.sounds["A3"].blob, ContentFile(b"x"))
    kit.change("other", {})
    with pytest.raises(KitChangedError):
        find(kit, seen=kit.version - 1)
    assert len(lost(kit)) == 3
