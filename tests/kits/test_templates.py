"""Kit templates: settings without sounds, kept, begun with, and met by every sound that comes."""

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from kits import blueprints
from kits.blueprints import BUILT_IN, LOOP, ONE_SHOT, TemplateError, Want
from kits.models import Kit, KitBank, KitTemplate, Pad
from tests.factories import KitFactory, SampleFactory
from tests.kits.acts import act, at, events, fill, titles

pytestmark = pytest.mark.django_db
LIST = "/kits/"


@pytest.fixture
def kit(user):
    """Return a kit with a hat in a mute group and a trimmed, locked loop on bank B."""
    kit = KitFactory(owner=user, tempo=92, has_one_tempo=True)
    hat = SampleFactory(owner=user, title="hat", sample_class="hat")
    loop = SampleFactory(owner=user, title="loop", loop=True)
    Pad.objects.create(kit=kit, bank="A", number=5, sample=hat, mute_group="C", level=80)
    Pad.objects.create(
        kit=kit, bank="B", number=1, sample=loop, play="loop", start=9, locked=True, bpm=96
    )
    KitBank.objects.create(kit=kit, letter="B", tempo=80, volume=90)
    return kit


def test_keeps_classes_kinds_and_settings_without_what_belongs_to_a_sound(user, kit):
    kept = blueprints.save(user, "  My   hats ", kit)
    assert kept.name == "My hats"
    assert kept.wants == {
        "A5": {
            "class": "hat",
            "kind": ONE_SHOT,
            "settings": {"play": "one-shot", "mute_group": "C", "level": 80},
        },
        "B1": {"class": "break", "kind": LOOP, "settings": {"play": "loop"}},
    }
    assert kept.whole["B"] == {"tempo": 80, "volume": 90}
    assert kept.whole["kit"] == {"tempo": 92, "has_one_tempo": True}


def test_the_same_name_keeps_the_newer_one(user, kit):
    blueprints.save(user, "Mine", kit)
    kit.change("clear", {at("A5"): None})
    blueprints.save(user, "MINE", kit)
    assert list(KitTemplate.objects.get().wants) == ["B1"]


def test_what_cannot_be_kept_is_told(user, kit, stranger):
    for name in ("", " ", "x" * 61):
        with pytest.raises(TemplateError, match="needs a name"):
            blueprints.save(user, name, kit)
    with pytest.raises(TemplateError, match="This kit is empty"):
        blueprints.save(stranger, "Mine", KitFactory(owner=stranger))
    KitTemplate.objects.bulk_create(
        KitTemplate(owner=user, name=f"T{number}") for number in range(blueprints.MOST)
    )
    with pytest.raises(TemplateError, match="Delete one first"):
        blueprints.save(user, "One more", kit)


def test_a_kit_begins_with_a_template_and_sounds_meet_what_waits_for_them(client, user, kit):
    template = blueprints.save(user, "Mine", kit)
    client.post(LIST, {"name": "New", "template": f"own-{template.pk}"})
    made = Kit.objects.get(name="New")
    assert (made.tempo, made.has_one_tempo) == (92, True)
    assert made.bank("B").fields() == {"tempo": 80, "volume": 90}
    assert not made.pads.exists()
    sample = SampleFactory(owner=user, title="new hat", sample_class="hat")
    act(client, made, "assign", pad="A5", ids=sample.pk)
    pad = made.pads.get()
    assert (pad.title, pad.mute_group, pad.level) == ("new hat", "C", 80)
    act(client, made, "assign", pad="A6", ids=sample.pk)
    assert made.pads.get(number=6).mute_group == ""


def test_by_class_follows_the_kits_template(client, user):
    client.post(LIST, {"name": "New", "template": "finger-drumming"})
    made = Kit.objects.get(name="New")
    kick = SampleFactory(owner=user, title="kick", sample_class="kick")
    act(client, made, "assign", pad="A1", ids=kick.pk, mode="class")
    assert titles(made) == {"A14": "kick"}
    classes = blueprints.classes_of(made)
    assert classes[at("A14")] == "kick"
    assert classes[at("B1")] == "kick"  # a bank that the template does not know


@pytest.mark.parametrize("blueprint", BUILT_IN, ids=lambda each: each.key)
def test_built_in_templates_fill_a_bank_with_valid_settings(blueprint, user):
    assert [str(place) for place in blueprint.wants] == [f"A{number}" for number in range(1, 17)]
    kit = Kit(owner=user, name="x")
    blueprints.begin(kit, blueprint)
    for place, want in blueprints.wants_of(kit).items():
        assert want == blueprint.wants[place]
        assert set(want.settings) <= set(blueprints.KEPT)
        pad = blueprints.dressed(Pad.holding(SampleFactory(owner=user)), want)
        pad.kit, pad.bank, pad.number = kit, place.bank, place.number
        pad.full_clean()
    assert blueprint.note


def test_templates_are_offered_own_ones_first_and_never_those_of_others(user, stranger, kit):
    blueprints.save(user, "Mine", kit)
    names = [each.name for each in blueprints.offered(user)]
    assert names == ["Mine", "Drums and loops", "All one-shots", "Finger drumming"]
    assert len(blueprints.offered(stranger)) == 3
    key = blueprints.offered(user)[0].key
    assert blueprints.find(stranger, key) is None


def test_settings_that_nobody_knows_are_passed_over():
    pad = blueprints.dressed(Pad(), Want(settings={"kit_id": 4, "level": 3, "locked": True}))
    assert (pad.kit_id, pad.level, pad.locked) == (None, 3, False)


def test_the_page_keeps_and_deletes_templates(client, user, kit):
    keep = reverse("kits:keep-template", args=[kit.pk])
    answer = client.post(keep, {"name": "Mine"}, headers={"HX-Request": "true"})
    assert events(answer)["toast"]["text"].startswith("Template “Mine” is kept")
    answer = client.post(keep, {"name": ""})
    assert "needs a name" in client.get(answer["Location"]).text
    page = client.get(LIST).text
    assert "Your templates" in page
    template = KitTemplate.objects.get()
    url = reverse("kits:delete-template", args=[template.pk])
    assert client.post(url).status_code == 303
    assert not KitTemplate.objects.exists()


def test_strangers_find_no_template_and_keep_none(stranger_client, user, kit):
    template = blueprints.save(user, "Mine", kit)
    url = reverse("kits:delete-template", args=[template.pk])
    assert stranger_client.post(url).status_code == 404
    keep = reverse("kits:keep-template", args=[kit.pk])
    assert stranger_client.post(keep, {"name": "x"}).status_code == 404
    assert KitTemplate.objects.count() == 1


def test_favourites_make_a_first_kit(client, user):
    assert "16 favourites" not in client.get(LIST).text
    answer = client.post("/kits/favourites/")
    assert "No sound has a star yet" in client.get(answer["Location"]).text
    for number in range(18):
        SampleFactory(owner=user, is_favourite=True, sample_class="kick" if number else "snare")
    SampleFactory(owner=user, title="plain")
    SampleFactory(owner=user, title="gone", is_favourite=True, is_missing=True)
    assert "Make one from 16 favourites" in client.get(LIST).text
    client.post("/kits/favourites/")
    kit = Kit.objects.get()
    assert kit.pads.count() == 16
    assert {"plain", "gone"}.isdisjoint(titles(kit).values())
    fill(kit, B1="later")
    assert kit.last_step.label == "put 16 sounds on A1 to A16"


def test_two_at_once_of_one_name_keep_one(user, kit, monkeypatch):
    def late(queryset):
        KitTemplate.objects.create(owner=user, name="MINE")
        return 0

    monkeypatch.setattr(QuerySet, "count", late)
    assert blueprints.save(user, "Mine", kit).name == "MINE"
    assert KitTemplate.objects.get().wants.keys() == {"A5", "B1"}


def test_a_name_that_is_taken_at_the_last_moment_is_no_error(user, kit, monkeypatch):
    def late():
        KitTemplate.objects.create(owner=user, name="MINE")
        return transaction.atomic()

    monkeypatch.setattr(blueprints, "transaction", SimpleNamespace(atomic=late))
    assert blueprints.save(user, "Mine", kit).name == "MINE"
    assert KitTemplate.objects.get().wants.keys() == {"A5", "B1"}
