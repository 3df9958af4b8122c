"""The settings of a pad: ranges as the machine has them, kept with the pad, changed as one step."""

import pytest
from django.db import IntegrityError, transaction

from kits.adjust import adjust
from kits.hardware.settings import BY_NAME, CARRIERS, NUMBERS, pan_read, pan_said
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
    assert events(response)["kit:set"]["said"] == "Set volume of A9 to 100."
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
        ({"end": 48_001}, "A9: That is outside of the sound."),
        ({"start": 48_000}, "A9: That is outside of the sound."),
        ({"start": 5, "end": 5}, "The end comes behind the start."),
        ({"start": 9, "end": 20, "loop_top": 5}, "The loop top lies between start and end."),
        ({"chops": "[0," + "1" * 5000 + "]"}, "Chops are frames with commas, in brackets."),
        ({"chops": "[" * 100_000}, "Chops are frames with commas, in brackets."),
        ({"pan": "L-5"}, "Pan is L50 to R50, C, MONO L or MONO R."),
        ({"pan": "L51"}, "Pan is L50 to R50, C, MONO L or MONO R."),
        ({"pan": "R²"}, "Pan is L50 to R50, C, MONO L or MONO R."),
        ({"pan": "to the left"}, "Pan is L50 to R50, C, MONO L or MONO R."),
        ({"start": 5, "also": "A10"}, "Start, end, loop and chops belong to one pad each."),
    ],
)
def test_what_cannot_be_is_said(client, kit, values, words):
    response = act(client, kit, "pad", pad="A9", **values)
    assert response.status_code == 422
    assert events(response)["toast"]["text"] == words


def test_a_fader_that_came_back_to_where_it_was_is_no_step(client, kit):
    response = act(client, kit, "pad", pad="A9", level=127)
    assert (response.status_code, response.content) == (204, b"")
    assert not kit.edits.exists()
    said = list(plainly(client, kit, "pad", pad="A9", level=127).wsgi_request._messages)
    assert [str(each) for each in said] == ["It is so already."]


def test_turning_a_control_is_quiet(client, kit):
    told = events(act(client, kit, "pad", pad="A9", level=100))
    assert told.keys() == {"kit:set"}, "no toast, and no list is asked for anew"


@pytest.mark.parametrize(
    ("typed", "pan"),
    [("L8", -8), ("r 50", 50), ("C", 0), ("mono l", -51), ("MONO R", 51), ("-8", -8), ("−3", -3)],
)
def test_a_pan_is_typed_as_the_machine_shows_it(client, kit, typed, pan):
    kit.pads.update(pan=1)
    act(client, kit, "pad", pad="A9", pan=typed)
    assert kit.pads.get(number=9).pan == pan
    assert pan_read(pan_said(pan)) == pan


@pytest.mark.parametrize(
    ("values", "label"),
    [
        ({"pan": "L8"}, "set pan of A9 to L8"),
        ({"mute_group": "C"}, "put A9 in mute group C"),
        ({"vinyl": "false"}, "turned vinyl mode of A9 off"),
        ({"sync": "true"}, "turned BPM sync of A9 on"),
        ({"bpm": "92.5"}, "set BPM of A9 to 92.5"),
        ({"play": "gate"}, "set play mode of A9 to gate"),
        ({"direction": "3"}, "set direction of A9 to reverse ping-pong"),
        ({"voicing": "poly"}, "set voicing of A9 to poly"),
        ({"start": "3648"}, "set start of A9 to 0.076 s"),
        ({"end": "24000"}, "set end of A9 to 0.500 s"),
        ({"loop_top": "480"}, "set loop top of A9 to 0.010 s"),
        ({"locked": "true"}, "locked A9"),
        ({"muted": "true", "also": ["A10"]}, "muted 2 pads"),
        ({"level": "3", "pan": "4"}, "set volume and pan of A9"),
        ({"level": "3", "pan": "4", "speed": "90"}, "set volume, pan and speed of A9"),
        ({"level": "3", "pan": "4", "speed": "90", "fine": "1"}, "set 4 settings of A9"),
        ({"level": "127", "pan": "L8", "play": "one-shot", "end": "48000"}, "set pan of A9 to L8"),
    ],
)
def test_steps_are_named_in_words(client, kit, values, label):
    act(client, kit, "pad", pad="A9", **values)
    assert kit.edits.get().label == label


def test_ends_and_states_that_are_taken_back_are_named(kit):
    kit.pads.filter(number=9).update(end=400, loop_top=50, locked=True, muted=True)
    for values, label in (
        ({"loop_top": None}, "set loop top of A9 to the start"),
        ({"end": None}, "set end of A9 to the end of its sound"),
        ({"locked": False}, "unlocked A9"),
        ({"muted": False}, "unmuted A9"),
    ):
        assert adjust(kit, [at("A9")], values).label == label


def test_an_end_at_the_end_is_no_end(kit):
    adjust(kit, [at("A9")], {"end": 40_000})
    adjust(kit, [at("A9")], {"end": 48_000})
    assert kit.pads.get(number=9).end is None


def test_settings_are_pasted_without_the_sound(client, kit):
    own = {"start": 100, "end": 2_000, "bpm": 120.0, "chops": [0, 500], "locked": True}
    kit.pads.filter(number=10).update(**own)
    kit.pads.filter(number=9).update(level=77, mute_group="B", pitch=-2, start=9, muted=True)
    before = kit.snapshot()
    response = act(client, kit, "paste", **{"from": "A9", "pads": ["A9", "A10", "B1"]})
    assert events(response)["toast"]["text"] == "Pasted settings of A9 onto 2 pads."
    pad = kit.pads.get(number=10)
    assert (pad.level, pad.mute_group, pad.pitch, pad.muted) == (77, "B", -2, False)
    assert {name: getattr(pad, name) for name in own} == own
    kit.refresh_from_db()
    kit.undo()
    assert kit.snapshot() == before


def test_only_a_filled_pad_lends_settings(client, kit):
    response = act(client, kit, "paste", **{"from": "B1", "pads": ["A9"]})
    assert events(response)["toast"]["text"] == "There is no sound on this pad."
    assert act(client, kit, "paste", pads=["A9"], **{"from": "A9"}).status_code == 422


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


def test_a_bank_gets_its_tempo_and_volume_from_the_page(client, kit):
    response = act(client, kit, "bank", letter="B", volume="100", tempo="92.5")
    assert events(response)["kit:set"]["said"] == (
        "Set volume of bank B to 100, set tempo of bank B to 92.5."
    )
    assert (kit.bank("B").volume, kit.tempo_of("B"), kit.tempo_of("A")) == (100, 92.5, 90)
    act(client, kit, "bank", letter="B", kit_tempo="120", has_one_tempo="true")
    kit.refresh_from_db()
    assert (kit.tempo_of("B"), kit.bank("B").tempo) == (120, 92.5)
    assert kit.edits.last().label == "set tempo of the kit to 120, gave the kit one tempo"
    assert act(client, kit, "bank", letter="B", volume="100").status_code == 204
    kit.undo()
    kit.undo()
    assert (kit.tempo_of("B"), kit.banks.exists()) == (90, False)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"volume": "128"}, "Volume goes from 0 to 127."),
        ({"tempo": "39"}, "BPM goes from 40 to 200."),
        ({"kit_tempo": "fast"}, "BPM is a number."),
        ({}, "Nothing was sent to change."),
    ],
)
def test_a_bank_keeps_to_the_ranges_of_the_machine(client, kit, sent, words):
    response = act(client, kit, "bank", letter="A", **sent)
    assert response.status_code == 422
    assert events(response)["toast"]["text"] == words
    assert not kit.edits.exists()


def test_a_bank_is_set_by_a_plain_form(client, kit):
    assert plainly(client, kit, "bank", letter="A", tempo="100").status_code == 303
    assert kit.tempo_of("A") == 100


def test_outside_of_the_sound_is_said_by_the_step_as_well(kit):
    with pytest.raises(CannotMoveError, match="outside"):
        adjust(kit, [at("A9")], {"chops": [0, 99_999]})


@pytest.mark.parametrize(
    "far",
    [
        {"start": 3_000_000_000},
        {"end": 10**18},
        {"loop_top": 10**18},
        {"chops": "[0," + "1" * 300 + "]"},
    ],
    ids=str,
)
def test_places_beyond_all_sounds_are_refused_before_the_sound_is_measured(client, kit, far):
    kit.pads.first().sample.__class__.objects.update(frames=None)
    assert act(client, kit, "pad", pad="A9", **far).status_code == 422
    assert client.get(f"/api/v1/kits/{kit.pk}").status_code == 200


def test_a_region_that_became_too_long_stops_no_other_setting(client, kit):
    kit.pads.filter(number=9).update(end=60_000, loop_top=50_000)
    assert act(client, kit, "lock", bank="A", locked="1").status_code == 200
    adjust(kit, [at("A9"), at("A10")], {"level": 3})
    pad = kit.pads.get(number=9)
    assert (pad.locked, pad.level, pad.end) == (True, 3, 60_000)
    with pytest.raises(CannotMoveError, match="outside of the sound"):
        adjust(kit, [at("A9")], {"end": 59_000})
    adjust(kit, [at("A9")], {"end": 40_000})
    pad = kit.pads.get(number=9)
    assert (pad.end, pad.loop_top) == (40_000, None)


def test_a_loop_top_at_the_start_is_none_by_page_and_by_program(client, kit):
    adjust(kit, [at("A9")], {"start": 10, "loop_top": 10})
    assert kit.pads.get(number=9).loop_top is None
    sent = client.get(f"/api/v1/kits/{kit.pk}").json()
    sent["pads"] = [{"pad": "A9", "sample_id": sent["pads"][0]["sample_id"], "loop_top": 10}]
    answer = client.put(f"/api/v1/kits/{kit.pk}", sent, content_type="application/json")
    assert answer.json()["pads"][0]["loop_top"] is None
