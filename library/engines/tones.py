"""Notes and chords: the demo crate's basses, keys and voices in any key."""

from collections.abc import Callable

import numpy as np

from library import keys
from library.audio.synth.bass import Reese, Rubber, SquelchLine, Sub
from library.audio.synth.drums import Kick
from library.audio.synth.keys import Organ, Pad, Stab, Tines
from library.audio.synth.space import Room
from library.audio.synth.studio import Recipe
from library.audio.synth.tuning import hz
from library.audio.synth.vocal import Shout, Singers

LETTERS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
LOWEST_BASS, LOWEST_PLUCK = 16, 21  # semitones from C0: E1, A1
LOWEST_CHORD, LOWEST_VOICE = 29, 33  # F2, A2
PAD_ROOM, STAB_ROOM, CHOIR_ROOM, VOICE_ROOM = (
    Room(1.2, 0.3, 5000), Room(0.6, 0.25, 5000), Room(1.6, 0.35, 4500), Room(0.5, 0.15, 5000)
)  # fmt: skip
CALLS = (("eh", "eh", "ee"), ("oh", "oh"), ("aah", "eh"), ("ooh", "oh", "aah"))


def name_of(semitones: int) -> str:
    """Return the note that many semitones above C0: 33 is A2."""
    return f"{LETTERS[semitones % 12]}{semitones // 12}"


def above(lowest: int, key: str) -> int:
    """Return the tonic of a key in the octave that begins at a note."""
    return lowest + (keys.tonic(key) - lowest) % 12


def third(key: str) -> int:
    """Return the semitones from the tonic to the third."""
    return 3 if key.endswith("m") else 4


def triad(root: int, third_above: int, *, thick: bool = True) -> str:
    """Return a chord as notes: its root, and an octave above that the triad; thick: one more."""
    steps = (0, 12, 12 + third_above, 19, 24) if thick else (12, 12 + third_above, 19)
    return " ".join(name_of(root + step) for step in steps)


def lowest(bass: str) -> int:
    """Return the lowest note that a bass has as its tonic; plucks need to be heard."""
    return LOWEST_PLUCK if bass in {"rubber", "squelch"} else LOWEST_BASS


def below(highest_hz: float, key: str) -> float:
    """Return the highest tonic of a key that is not above a pitch, in Hz."""
    tonic = hz(f"{LETTERS[keys.tonic(key)]}4")
    return float(tonic / 2 ** np.ceil(np.log2(tonic / highest_hz)))


# ── Basses: a note and how long it is held, in seconds ──────────────────────


def thump(note: int, seconds: float) -> Recipe:
    """The long kick of a drum machine."""
    return Kick(seconds, hz(name_of(note)), min(0.4, 0.35 * seconds), 4.0, 0.025, 0.3, 1.8, 5000)


def boom(note: int, seconds: float) -> Recipe:
    """The same played as a bass: it sinks at once, or its line would have no key."""
    return Kick(seconds, hz(name_of(note)), min(0.45, 0.4 * seconds), 3.2, 0.012, 0.3, 2.0, 5000)


def deep(note: int, seconds: float) -> Recipe:
    """The same without its beater."""
    return Sub(name_of(note), seconds, min(1.1, 0.8 * seconds), drive=3.0, drop=1.5, top_hz=1800)


def sub(note: int, seconds: float) -> Recipe:
    """A round low sine."""
    return Sub(name_of(note), seconds, 2.5 * seconds, drive=2.0)


def reese(note: int, seconds: float) -> Recipe:
    """Detuned saws."""
    return Reese(name_of(note), max(seconds, 0.4))


def rubber(note: int, seconds: float) -> Recipe:
    """A pluck."""
    return Rubber(name_of(note), seconds, min(0.6, 0.5 * seconds))


def squelch(note: int, seconds: float) -> Recipe:
    """One note of the squelching line."""
    steps = max(2, round(8 * seconds))
    return SquelchLine(120, -(-steps // 4), ((0, steps, name_of(note), 0.9),))


BASSES: dict[str, Callable[[int, float], Recipe]] = {
    "808": deep, "boom": boom, "sub": sub, "reese": reese, "rubber": rubber, "squelch": squelch,
}  # fmt: skip
RINGS = {"808": 2.0, "boom": 1.4, "sub": 1.5, "reese": 0.0, "rubber": 1.1, "squelch": 1.0}
"""How long a single note rings by itself, in seconds; 0: as long as it is wanted."""


# ── Chords and voices: notes with spaces between them, and seconds ──────────


def tines(notes: str, seconds: float) -> Recipe:
    """An electric piano."""
    return Tines(notes, seconds, decay=min(1.1, 0.6 * seconds))


def organ(notes: str, seconds: float) -> Recipe:
    """Drawbars."""
    return Organ(notes, seconds)


def pad(notes: str, seconds: float) -> Recipe:
    """Slow saws in a hall, whose time counts."""
    held = max(seconds - PAD_ROOM.seconds, 0.5)
    attack, release = min(0.9, 0.3 * held), min(1.4, 0.4 * held)
    return Pad(notes, held, attack, release, room=PAD_ROOM)


def stab(notes: str, seconds: float) -> Recipe:
    """A short chord of saws."""
    return Stab(notes, min(seconds, 0.9), room=STAB_ROOM)


def lead(notes: str, seconds: float) -> Recipe:
    """A longer, brighter stab."""
    held = min(seconds, 1.6)
    return Stab(notes, held, decay=0.4 * held, bright_hz=6500.0)


def choir(notes: str, seconds: float) -> Recipe:
    """Three singers on each note, in a church whose time counts."""
    held = max(seconds - CHOIR_ROOM.seconds, 0.8)
    vowels = ("ooh", "oh", "aah", "ooh")
    rise, fall = 0.2 * held, 0.4 * held
    return Singers(notes, held, vowels, each=3, attack=rise, release=fall, room=CHOIR_ROOM)


def voice(notes: str, seconds: float) -> Recipe:
    """One singer, or one on each note."""
    held = max(seconds - VOICE_ROOM.seconds, 0.3)
    rise, fall = min(0.12, held / 4), min(0.5, held / 3)
    return Singers(notes, held, ("aah",), attack=rise, release=fall, room=VOICE_ROOM)


CHORDS: dict[str, Callable[[str, float], Recipe]] = {
    "tines": tines, "organ": organ, "pad": pad, "stab": stab, "lead": lead,
    "choir": choir, "voice": voice,
}  # fmt: skip
_ROOMS = {"pad": PAD_ROOM, "choir": CHOIR_ROOM, "voice": VOICE_ROOM}
NOTES_ALONE = frozenset({"lead", "voice"})  # play one note unless a chord is asked for


def room_of(sound: str) -> float:
    """Return the seconds of a sound that are its room's, in which no note is held."""
    return _ROOMS[sound].seconds if sound in _ROOMS else 0.0


def shout(seconds: float, chance: np.random.Generator) -> Recipe:
    """A call without a note."""
    vowels = CALLS[chance.integers(len(CALLS))]
    pitch = 235 * 2 ** chance.uniform(-0.4, 0.4)
    return Shout(pitch, min(seconds, 0.42), vowels, room=Room(0.3, 0.12, 5000))
