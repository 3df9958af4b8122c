"""The settings of a pad: ranges as the machine has them, kept with the pad, changed as one step."""

import pytest
from django.db import IntegrityError, transaction

from kits.adjust import adjust
from kits.hardware.settings import BY_NAME, CARRIERS, NUMBERS
from kits.models import Direction, KitBank, Pad, Play
from kits.moves import CannotMoveError
from tests.factories import KitFactory, PadFactory, SampleFactory
from tests.kits.acts import act, at, events, plainly

pytestmark = pytest.mark.django_db


@pytest.fixture
def kit(user):
    kit = KitFactory(owner=user)
    sample = SampleFactory(owner=user, title="bass", frames=48_000, sample_rate=48_000)
    PadFactory(kit=kit, bank="A", number=9, sample=sample)
    PadFactory(kit=kit, bank="A", number=10, sample=sample)
    return kit


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.name)
def test_the_database_keeps_to_the_ranges_of_the_machine(kit, setting):
    pads = Pad.objects.filter(kit=kit, number=9)
    for value in (setting.low, setting.high, setting.default):
        pads.update(**{setting.name: value})
    for value in (setting.low - 1, setting.high + 1):
        with pytest.raises(IntegrityError), transaction.atomic():
            pads.update(**{setting.name: value})


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": 10, "end": 10},
        {"start": 10, "end": 5},
        {"start": 10, "loop_top": 9},
        {"end": 20, "loop_top": 20},
        {"play": "sometimes"},
        {"direction": 4},
        {"voicing": "choir"},
        {"mute_group": "K"},
    ],
)
def test_what_makes_no_sense_is_refused_by_the_database(kit, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Pad.objects.filter(kit=kit, number=9).update(**wrong)


def test_defaults_are_those_of_the_table(kit):
    pad = kit.pads.get(number=9)
    for setting in NUMBERS:
        if setting.name != "bpm":
            assert getattr(pad, setting.name) == setting.default
    assert CARRIERS.keys() < {field.attname for field in Pad._meta.concrete_fields}


def test_a_setting_is_changed_as_one_step_that_can_be_undone(client, kit):
    before = kit.snapshot()
    response = act(client, kit, "pad", pad="A9", level=100)
    assert response.status_code == 200
    assert events(response)["kit:changed"]["said"] == "Set volume of A9 to 100."
    assert kit.pads.get(number=9).level == 100
    kit.refresh_from_db()
    kit.undo()
    assert kit.snapshot() == before


def test_a_plain_form_goes_back_to_the_pad(client, kit):
    response = plainly(client, kit, "pad", pad="A9", play="gate")
    assert response.status_code == 303
    assert kit.pads.get(number=9).play == Play.GATE


def test_several_pads_get_the_same_in_one_step(client, kit):
    act(client, kit, "pad", pad="A9", also=["A10"], mute_group="C", pan=-8)
    assert set(kit.pads.values_list("mute_group", "pan")) == {("C", -8)}
    assert kit.edits.count() == 1


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.name)
def test_a_value_out_of_range_is_refused_in_words(client, kit, setting):
    response = act(client, kit, "pad", pad="A9", **{setting.name: setting.high + 1})
    assert response.status_code == 422
    assert f"{setting.label} goes from" in events(response)["toast"]["text"]
    assert not kit.edits.exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Nothing was sent to change."),
        ({"level": "loud"}, "Volume is a number."),
        ({"end": 48_001}, "That is outside of the sound on A9."),
        ({"start": 48_000}, "That is outside of the sound on A9."),
        ({"level": 127}, "It is so already."),
        ({"start": 5, "also": "A10"}, "Start, end, loop and chops belong to one pad each."),
    ],
)
def test_what_cannot_be_is_said(client, kit, values, words):
    response = act(client, kit, "pad", pad="A9", **values)
    assert response.status_code == 422
    assert events(response)["toast"]["text"] == words


def test_an_empty_pad_has_no_settings(client, kit):
    response = act(client, kit, "pad", pad="B1", level=3)
    assert events(response)["toast"]["text"] == "There is no sound on this pad."


def test_the_loop_top_goes_when_the_region_leaves_it(kit):
    adjust(kit, [at("A9")], {"loop_top": 100})
    adjust(kit, [at("A9")], {"start": 200})
    assert kit.pads.get(number=9).loop_top is None


def test_another_sound_keeps_the_settings_but_plays_whole(kit):
    adjust(kit, [at("A9")], {"start": 100, "end": 2_000, "level": 90, "direction": 1})
    new = SampleFactory(owner=kit.owner, title="other")
    pad = kit.pads.get(number=9).with_sound(new)
    assert (pad.level, pad.direction) == (90, Direction.REVERSE)
    assert (pad.start, pad.end, pad.title) == (0, None, "other")


def test_a_loop_loops_and_all_else_plays_to_its_end(user):
    loop = SampleFactory(owner=user, is_loop=True, bpm=92.04)
    assert (Pad.holding(loop).play, Pad.holding(loop).bpm) == (Play.LOOP, 92.0)
    assert Pad.holding(SampleFactory(owner=user, is_loop=False, bpm=None)).play == Play.ONE_SHOT
    assert Pad.holding(SampleFactory(owner=user, bpm=300)).bpm is None


def test_tempo_and_volume_of_banks_and_kit_are_undone_as_well(kit):
    kit.change("set tempo", {}, banks=[KitBank(letter="B", tempo=92.5, volume=100)])
    kit.change("one tempo", {}, whole={"tempo": 120.0, "has_one_tempo": True})
    assert kit.tempo_of("B") == 120
    kit.undo()
    assert kit.tempo_of("B") == 92.5
    kit.undo()
    assert kit.tempo_of("B") == BY_NAME["bpm"].default
    assert not kit.banks.exists()
    kit.redo()
    kit.redo()
    assert (kit.bank("B").volume, kit.tempo_of("B")) == (100, 120)


def test_outside_of_the_sound_is_said_by_the_step_as_well(kit):
    with pytest.raises(CannotMoveError, match="outside"):
        adjust(kit, [at("A9")], {"chops": [0, 99_999]})
