"""Words about changes, held against the sentences that the converter writes."""

import math
from dataclasses import dataclass

import pytest

from exports import changes
from library.audio.baked import Baked
from library.audio.files import CUT_SHORT
from library.audio.level_match import Levelled
from library.audio.recipe import CODEC_NAMES, Material, Recipe, planned_changes
from library.audio.units import db_to_gain


@dataclass
class Item:
    changes: tuple[str, ...] = ()
    is_shortened: bool = False
    is_numbered: bool = False
    problem: str = ""


def material(**facts):
    plain = {
        "format": "wav", "subtype": "PCM_16", "bit_depth": 16, "rate": 48_000, "channels": 1,
        "frames": 48_000, "peak_48k": 0.5, "peak_48k_mono": 0.5,
    }  # fmt: skip
    return Material(**(plain | facts))


@pytest.mark.parametrize(
    "chosen",
    [{"start": 9}, {"reverse": True}, {"cents": 1}, {"cents": -1_250}, {"level": 0}, {"level": 9},
     {"pan": 51}, {"pan": -51}, {"pan": 3}, {"pan": -50}, {"fades": True}],
)  # fmt: skip
def test_what_a_pad_has_set_was_asked_for(chosen):
    (sentence,) = planned_changes(material(), Recipe(baked=Baked(**chosen)))
    assert changes.BAKED.fullmatch(sentence)
    assert changes.is_ordinary(sentence)
    assert changes.summary([Item((sentence,))]) == []


@pytest.mark.parametrize("rate", [8_000, 22_050, 32_000, 44_100])
def test_rates_up_to_48_khz_are_ordinary(rate):
    (sentence,) = planned_changes(material(rate=rate), Recipe())
    assert changes.is_ordinary(sentence)


@pytest.mark.parametrize("rate", [88_200, 96_000, 192_000])
def test_higher_rates_are_not(rate):
    (sentence,) = planned_changes(material(rate=rate), Recipe())
    assert not changes.is_ordinary(sentence)


@pytest.mark.parametrize("subtype", CODEC_NAMES)
def test_codecs_are_ordinary(subtype):
    (sentence,) = planned_changes(material(subtype=subtype, bit_depth=None), Recipe())
    assert changes.is_ordinary(sentence)


def test_what_was_asked_for_is_ordinary():
    facts = material(rate=48_000, channels=2, sounding=(100, 47_000))
    found = planned_changes(facts, Recipe(channels="mono", loudness_lufs=-16, trim=True))
    assert len(found) == 3
    assert not changes.is_notable(found)


@pytest.mark.parametrize(
    ("gain", "reached", "limited"),
    [(1.5, -18.4, True), (db_to_gain(24), -30.0, False), (1.0, -math.inf, False)],
)
def test_a_loudness_that_was_not_reached_is_notable(gain, reached, limited):
    assert changes.is_notable([str(Levelled(-16.0, gain, -40.0, reached, limited))])


def test_fixed_point_words_and_asked_for_mono_are_ordinary():
    found = planned_changes(
        material(subtype="PCM_24", bit_depth=24, channels=2), Recipe(channels="mono")
    )
    assert len(found) == 2
    assert not changes.is_notable(found)


@pytest.mark.parametrize(
    ("facts", "recipe"),
    [
        ({"subtype": "FLOAT", "bit_depth": 32}, Recipe()),
        ({"peak_48k": 1.2}, Recipe()),
        ({"peak_48k": 1.2}, Recipe(overs="clip")),
        ({"frames": 4_000}, Recipe(pad_short=True)),
        ({"channels": 6}, Recipe()),
        ({"warnings": (CUT_SHORT,)}, Recipe()),
    ],
)
def test_the_rest_is_notable(facts, recipe):
    found = planned_changes(material(**facts), recipe)
    assert len(found) == 1
    assert changes.is_notable(found)


def test_parts_and_lossless_mono_were_asked_for_and_a_cut_is_worth_a_look():
    recipes = (Recipe(start=100), Recipe(end=9_600, fade_out=True), Recipe(channels="mono"))
    sound = material(channels=2, channels_equal=True)
    part, cut, mono = (planned_changes(sound, recipe) for recipe in recipes)
    assert not changes.is_notable(part + mono)
    assert changes.is_notable(cut)
    assert changes.summary([Item(part), Item(part), Item(cut), Item(mono)]) == [
        "2 parts of longer sounds",
        "1 mono, both channels are equal",
        "1 shortened to 0:00",
    ]


def test_a_file_without_changes_is_a_copy():
    assert changes.sentence(planned_changes(material(), Recipe())) == "Copied as is"


def test_sentence_joins_in_lower_case():
    found = planned_changes(material(subtype="FLOAT", bit_depth=32, peak_48k=1.175), Recipe())
    assert changes.sentence(found) == "32-bit float to 16-bit, peak lowered 1.4 dB"


def test_summary_counts_most_first():
    items = [Item(("44.1 to 48 kHz",), is_shortened=True) for _ in range(9)]
    items += [Item(("Peak lowered 0.3 dB",)), Item(("Peak lowered 1.4 dB", "44.1 to 48 kHz"))]
    items += [Item(("MP3 to 16-bit PCM",), is_numbered=True)]
    items += [Item(("6 channels folded down to stereo",)), Item(("Padded with silence to 100 ms",))]
    matched = planned_changes(material(sounding=(0, 9)), Recipe(loudness_lufs=-16, trim=True))
    items += [Item(matched), Item(matched), Item(matched)]
    items += [Item(("96 to 48 kHz",), problem="gone", is_shortened=True)]
    assert changes.summary(items) == [
        "10 converted from 44.1 kHz",
        "3 matched to −16 LUFS",
        "3 with silence trimmed",
        "2 with the peak lowered, by up to 1.4 dB",
        "1 folded down to stereo",
        "1 from MP3 to 16-bit PCM",
        "1 padded with silence to 100 ms",
        "9 names shortened",
        "1 name numbered",
    ]


def test_summary_of_nothing_is_empty():
    assert changes.summary([]) == []
