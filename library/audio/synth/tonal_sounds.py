"""The notes of the demo crate: basses, chords and voices."""

from functools import partial

from library.audio.synth.bass import Reese, Rubber, SquelchLine, Sub
from library.audio.synth.keys import Organ, Pad, Stab, Tines
from library.audio.synth.loops import Phrase
from library.audio.synth.sound import DemoSound
from library.audio.synth.space import Room
from library.audio.synth.vocal import Shout, Singers

_bass = partial(DemoSound, folder="Demo crate/Bass", sample_class="bass")
_keys = partial(DemoSound, folder="Demo crate/Keys", sample_class="keys")
_vocal = partial(DemoSound, folder="Demo crate/Vocals", sample_class="vocal")

# First step and length in sixteenths, note, accent.
_SQUELCH_LINE = (
    (0, 2, "D2", 0.9), (2, 1, "D2", 0.3), (3, 1, "D3", 1.0), (5, 1, "D2", 0.4),
    (6, 2, "F2", 0.8), (8, 2, "D2", 0.5), (10, 1, "D2", 0.3), (11, 1, "A2", 0.9),
    (13, 1, "C3", 0.6), (14, 2, "A2", 0.7), (16, 2, "D2", 0.9), (18, 1, "D2", 0.3),
    (19, 1, "D3", 1.0), (21, 1, "D2", 0.4), (22, 2, "F2", 0.8), (24, 2, "D2", 0.5),
    (27, 1, "G2", 0.6), (28, 2, "A2", 0.9), (30, 2, "D2", 0.8),
)  # fmt: skip
_SQUELCH_BPM = 126
_TINES_BPM = 84


def _chop(notes: str) -> Tines:
    return Tines(notes, seconds=1.35, decay=0.9, warmth=0.8, top_hz=3800)


BASSES = (
    _bass(
        name="bass_sub_01",
        genre="Hip-hop",
        key="F",
        recipe=Sub("F1", 1.5, 4.0, drive=2.0, top_hz=900),
        tags=("sub", "round"),
        fade_seconds=0.25,
    ),
    _bass(
        name="bass_boom_01",
        genre="Trap",
        key="G",
        recipe=Sub("G1", 2.2, 1.1, drive=4.0, drop=1.5, top_hz=2200),
        tags=("boom", "long"),
        fade_seconds=0.3,
    ),
    _bass(
        name="bass_growl_01",
        genre="Drum and bass",
        key="A",
        recipe=Reese("A1", 2.0),
        tags=("growl", "detuned"),
        peak_db=-1.5,
    ),
    _bass(
        name="bass_rubber_01",
        genre="Funk",
        key="E",
        recipe=Rubber("E2", 1.1, 0.5),
        tags=("pluck", "short"),
        fade_seconds=0.1,
        rate=48_000,
        bit_depth=16,
    ),
    _bass(
        name="bass_squelch_126bpm_01",
        genre="House",
        key="Dm",
        bpm=_SQUELCH_BPM,
        recipe=SquelchLine(_SQUELCH_BPM, 8, _SQUELCH_LINE),
        tags=("loop", "acid"),
        fade_seconds=0.001,
    ),
)

KEYS = (
    _keys(
        name="keys_tines_01",
        genre="Neo soul",
        key="Am",
        recipe=Tines("A2 A3 C4 E4 A4", 3.2),
        tags=("electric piano", "chord"),
        peak_db=-1.5,
        fade_seconds=0.3,
    ),
    _keys(
        name="keys_organ_01",
        genre="Gospel",
        key="C",
        recipe=Organ("C3 G3 C4 E4", 1.8),
        tags=("organ", "chord"),
        peak_db=-2.0,
    ),
    _keys(
        name="keys_pad_01",
        genre="Ambient",
        key="F#m",
        recipe=Pad("F#2 F#3 A3 C#4 F#4", 4.5, room=Room(1.2, 0.3, 5000)),
        tags=("pad", "warm", "chord"),
        peak_db=-3.0,
        fade_seconds=0.4,
    ),
    _keys(
        name="keys_stab_01",
        genre="House",
        key="Gm",
        recipe=Stab("G2 D3 G3 Bb3 D4", 0.7, room=Room(0.6, 0.25, 5000)),
        tags=("stab", "chord"),
        fade_seconds=0.1,
    ),
    _keys(
        name="keys_tines_84bpm_01",
        genre="Lo-fi",
        key="Eb",
        bpm=_TINES_BPM,
        recipe=Phrase(
            _TINES_BPM,
            8,
            (
                (0, _chop("Eb2 Bb3 Eb4 G4")),
                (6, _chop("Eb3 Bb3 Eb4 G4")),
                (8, _chop("Ab2 C4 Eb4 Ab4")),
                (14, _chop("Ab2 C4 Eb4")),
                (16, _chop("Bb2 Bb3 D4 F4")),
                (22, _chop("Bb2 Bb3 D4 F4")),
                (24, _chop("Eb2 Bb3 Eb4 G4")),
                (28, _chop("Eb3 G3 Bb3 Eb4")),
            ),
            room=Room(0.5, 0.12, 4000),
        ),
        tags=("loop", "electric piano", "chords"),
        peak_db=-2.0,
        fade_seconds=0.001,
    ),
)

VOCALS = (
    _vocal(
        name="vocal_aah_01",
        genre="Soul",
        key="A",
        recipe=Singers("A3", 2.0, ("aah",), room=Room(0.5, 0.15, 5000)),
        tags=("aah", "solo"),
        peak_db=-2.0,
        fade_seconds=0.1,
    ),
    _vocal(
        name="vocal_choir_01",
        genre="Ambient",
        key="Dm",
        recipe=Singers(
            "D3 A3 D4 F4",
            4.0,
            ("ooh", "oh", "aah", "ooh"),
            each=3,
            attack=0.5,
            release=1.2,
            room=Room(1.6, 0.35, 4500),
        ),
        tags=("choir", "ooh", "chord"),
        peak_db=-3.0,
        fade_seconds=0.4,
    ),
    _vocal(
        name="vocal_hey_01",
        genre="Hip-hop",
        recipe=Shout(235, 0.42, ("eh", "eh", "ee"), room=Room(0.3, 0.12, 5000)),
        tags=("hey", "chop"),
        fade_seconds=0.05,
    ),
)
