"""Loops: which drums a style hits where, and the lines and chords that are played over it."""

import re
from dataclasses import dataclass, replace

import numpy as np

from library.audio.synth.crate import DEMO
from library.audio.synth.cymbals import Hat
from library.audio.synth.space import Room
from library.audio.synth.studio import Recipe

_CRATE = {sound.name: sound.recipe for sound in DEMO}


@dataclass(frozen=True)
class Part:
    """A drum of a style: of which sort, its recipe, its bars and its level.

    Bars stand one after another, a mark per sixteenth as in `loops.LEVELS`; where a `?` stands,
    chance hits it softly or not at all.
    """

    drum: str
    recipe: Recipe
    bars: str
    level: float = 1.0


@dataclass(frozen=True)
class Style:
    """How drums are played: the usual BPM, the swing, and what all of them go through."""

    bpm: float
    parts: tuple[Part, ...]
    swing: float = 0.0
    drive: float = 1.4
    top_hz: float = 16000.0
    dust: float = 0.0
    room: Room | None = None


_OPEN = Hat(0.3, 0.09, 540, 7200)
_LOOSE = Hat(0.35, 0.07, 410, 5800, 14000, 0.5)
STYLES: dict[str, Style] = {
    "boom bap": Style(
        90,
        (
            Part("kick", _CRATE["kick_dusty_01"], "X.....x...X..?.. X......x..X..x.."),
            Part("snare", _CRATE["snare_dusty_01"], "....X..?....X..? ....X..-....X..-", 0.8),
            Part("hat", _CRATE["hat_closed_dusty_01"], "x-o-x-o-x-o-x-o- x-o-x-o-x-o-x-o?", 0.35),
        ),
        swing=0.2, drive=1.6, top_hz=9500, dust=0.008, room=Room(0.25, 0.12, 4000),
    ),
    "lofi": Style(
        84,
        (
            Part("kick", _CRATE["kick_tight_01"], "X......xx.?..... X......x..x..?.."),
            Part("snare", _CRATE["snare_soft_01"], "....X.......X..? ....X..?....X...", 0.8),
            Part("hat", _CRATE["hat_closed_dusty_01"], "x-o-x-o-x-o-x-o- x-o-x-o?x-o-x-o-", 0.3),
            Part("rim", _CRATE["perc_rim_01"], "..........?..... ...?.......?....", 0.25),
        ),
        swing=0.24, drive=1.5, top_hz=7500, dust=0.012, room=Room(0.3, 0.12, 3500),
    ),
    "house": Style(
        122,
        (
            Part("kick", _CRATE["kick_punch_01"], "X...X...X...X... X...X...X...X.?."),
            Part("clap", _CRATE["clap_machine_01"], "....X.......X... ....X.......X..?"),
            Part("open hat", _OPEN, "..X...X...X...X. ..X...X...X...X.", 0.6),
            Part("shaker", _CRATE["perc_shaker_01"], "o-.-o-.-o-.-o-.- o-.-o-.-o-.-o-?-", 0.3),
        ),
        room=Room(0.3, 0.08, 7000),
    ),
    "techno": Style(
        130,
        (
            Part("kick", _CRATE["kick_punch_01"], "X...X...X...X... X...X...X...X..?"),
            Part("open hat", _OPEN, "..X...X...X...X. ..X...X...X...X.", 0.5),
            Part("hat", _CRATE["hat_closed_tight_01"], "x-o-x-o-x-o-x-o- x-o-x-o-x-o-x-o?", 0.3),
            Part("clap", _CRATE["clap_dark_01"], "....x.......x... ....x.......x..?", 0.6),
            Part("rim", _CRATE["perc_rim_01"], "...?..?..?....?. ...?..?..?..?...", 0.3),
        ),
        drive=2.2, room=Room(0.4, 0.12, 5000),
    ),
    "trap": Style(
        140,
        (
            Part("kick", _CRATE["kick_deep_01"], "X.....x...x..... X..x......x..?.."),
            Part("snare", _CRATE["snare_crisp_01"], "........X....... ........X......?", 0.8),
            Part("clap", _CRATE["clap_tight_01"], "........X....... ........X.......", 0.6),
            Part("hat", _CRATE["hat_closed_trap_01"], "x.o.x.o.x.o.x?o? x.o.x.oox.o.xoxo", 0.5),
        ),
        room=Room(0.3, 0.08, 7000),
    ),
    "jungle": Style(
        172,
        (
            Part("kick", _CRATE["kick_room_01"], "X.X.......Xx.... X.X.......X..?.."),
            Part("snare", _CRATE["snare_tight_01"], "....X..-.-..X..- ....X..-.-..X.??", 0.8),
            Part("hat", _LOOSE, "x.o.x.o.x.o.x.o. x.o.x.o.x.o.x.o.", 0.35),
        ),
        drive=2.2, top_hz=13000, room=Room(0.35, 0.2, 6000),
    ),
    "funk": Style(
        104,
        (
            Part("kick", _CRATE["kick_room_01"], "X.x.......x..x.. X.x....?..x....."),
            Part("snare", _CRATE["snare_tight_01"], "....X..-.-..X..- ....X..-.?..X..-", 0.85),
            Part("hat", _CRATE["hat_pedal_01"], "x.o.x.o.x.o.x.o? x.o.x.o.x.o.x.o.", 0.4),
        ),
        swing=0.08, drive=1.6, top_hz=14000, room=Room(0.35, 0.15, 6000),
    ),
    "garage": Style(
        132,
        (
            Part("kick", _CRATE["kick_punch_01"], "X.........x..... X.........x..?.."),
            Part("snare", _CRATE["snare_tight_01"], "....X.......X..? ....X..?....X...", 0.8),
            Part("hat", _CRATE["hat_closed_tight_01"], "x.xox.xox.xox.xo x.xox.xox.xox.x?", 0.4),
            Part("rim", _CRATE["perc_rim_01"], ".......o..?..... ...?...o........", 0.35),
        ),
        swing=0.18, room=Room(0.3, 0.1, 7000),
    ),
    "reggaeton": Style(
        95,
        (
            Part("kick", _CRATE["kick_punch_01"], "X...X...X...X... X...X...X...X..."),
            Part("snare", _CRATE["snare_crisp_01"], "...X..X....X..X. ...X..X....X..X?", 0.7),
            Part("hat", _CRATE["hat_closed_tight_01"], "x.o.x.o.x.o.x.o. x.o.x.o.x.o.x.o?", 0.35),
        ),
        room=Room(0.25, 0.08, 6000),
    ),
    "rock": Style(
        116,
        (
            Part("kick", _CRATE["kick_room_01"], "X.....x.X....... X.....x.X.x..?.."),
            Part("snare", _CRATE["snare_fat_01"], "....X.......X... ....X.......X..?", 0.9),
            Part("hat", _CRATE["hat_closed_tight_01"], "x.o.x.o.x.o.x.o. x.o.x.o.x.o.x.o?", 0.4),
        ),
        drive=1.8, room=Room(0.4, 0.2, 6000),
    ),
}  # fmt: skip
PLAIN = "house"

ALONE = {
    "kick": "X...X...X...X... X...X...X..?X...",
    "snare": "....X..?....X... ....X..-....X..?",
    "clap": "....X.......X... ....X.......X..?",
    "snap": "....X.......X... ....X.......X..?",
    "hat": "X.o.x.o.X.o.x.o. X.o.x.o.X.oox.o?",
    "open hat": "..X...X...X...X. ..X...X...X...X.",
    "pedal hat": "..x...x...x...x. ..x...x...x...x.",
    "ride": "X...x.o.X...x.o. X...x.o.X...x.o?",
    "crash": "X............... X...............",
    "tom": "X..x..x.X..x..x. X..x..x.X.x.x.x?",
    "cowbell": "X.x.X.x.X.xxX.x. X.x.X.x.X.x.X.x?",
    "clave": "X..X..X...X.X... X..X..X...X.X...",
    "shaker": "x-o-x-o-x-o-x-o- x-o-x-o-x-o-x-o?",
    "tambourine": "o.x.X.x.o.x.X.x. o.x.X.x.o.x.X.x?",
}
"""What a drum plays that a loop has alone, where no style says it."""
ANY_ALONE = "X..x..x.x.x.X.x. X..x..x.x.x.X.x?"

LINES = (
    "1--.1-.13---5-1-",
    "1-.1..1-3--.5-8-",
    "1--1--3-5--11-3-",
    "1.1.8.1.3-3.5.1.",
)
LAST_BARS = ("1--.1-.15.5-3-1-", "1-.1..3-5--.3-1-")
ACID_LINES = ("1-11.3-38-5.1.8-", "11.83-13.15-3.81", "1-.83-3-1-15.83.")
SPARSE_LINES = ("1----.1.3---5---", "1---..1.3---5-3-", "1---3---1.1.5-3-")
STRAIGHT_LINES = ("1-1-8-1-3-1-5-1-", "1-1-3-1-5-1-3-1-", "1-.11-8-3-.31-5-")
"""Lines of basses: a digit is a degree of the key (8 the octave), `-` holds it, `.` rests."""

CHORD_BARS = ("x-----x-x-----x.", "x---x-x-..x-x---", "x-----..x-x---x-", "x...x...x-x...x-")
HELD_BAR = "x-------x-------"
STRAIGHT_BAR = "x---x-x-x---x-x-"
"""When chords are struck in a bar."""

FAST_BPM = 150.0
"""From here on lines and chords keep to the beat: groups of three would count as another tempo."""

CALLS = "x.....x...x..... x.....x...x...?."
"""When somebody calls."""


def drums(style: str, parts: frozenset[str], without: frozenset[str]) -> Style:
    """Return how a style is played; parts: by these drums alone, whatever it has of them.

    without: not by these, unless nothing would be left; hats are open and closed ones.
    """
    played = STYLES[style or PLAIN]
    wanted = tuple(part for part in played.parts if not parts or part.drum in parts)
    left = tuple(part for part in wanted if without.isdisjoint({part.drum, part.drum.split()[-1]}))
    return replace(played, parts=left or wanted)


def bars_of(pattern: str, beats: int, chance: np.random.Generator) -> str:
    """Return so many beats of a pattern of two bars, doubtful hits decided by chance."""
    marks = pattern.replace(" ", "") * -(-beats // 8)
    doubts = chance.random(len(marks))
    return "".join(
        "-" if mark == "?" and doubt < 0.5 else "." if mark == "?" else mark  # noqa: PLR2004 - even
        for mark, doubt in zip(marks[: 4 * beats], doubts, strict=False)
    )


def roll(beats: int) -> str:
    """Return a roll of so many beats, a mark per thirty-second: it grows over two bars."""
    steps = 8 * beats
    grown = (3 * (step % 64) // min(steps, 64) for step in range(steps))
    return "".join("-ox"[level] for level in grown)


def line(
    sound: str, beats: int, bpm: float, chance: np.random.Generator
) -> list[tuple[int, int, int]]:
    """Return a bass line: first step and length of each note in sixteenths, and its degree."""
    lines = {"squelch": ACID_LINES, "808": SPARSE_LINES, "boom": SPARSE_LINES}.get(sound, LINES)
    if bpm >= FAST_BPM and lines is LINES:
        lines = STRAIGHT_LINES
    bars = -(-beats // 4)
    bar = lines[chance.integers(len(lines))]
    last = LAST_BARS[chance.integers(len(LAST_BARS))] if lines is LINES and bars > 1 else bar
    played = (bar * (bars - 1) + last)[: 4 * beats]
    return [(at, length, int(played[at])) for at, length in _struck(played)]


def strikes(
    beats: int, bpm: float, chance: np.random.Generator, *, held: bool
) -> list[tuple[int, int]]:
    """Return when chords are struck, and for how long, in sixteenths."""
    if held:
        bar = HELD_BAR
    else:
        bar = STRAIGHT_BAR if bpm >= FAST_BPM else CHORD_BARS[chance.integers(len(CHORD_BARS))]
    return _struck((bar * -(-beats // 4))[: 4 * beats])


def _struck(played: str) -> list[tuple[int, int]]:
    """Return where something begins and how long it is held."""
    return [(found.start(), len(found[0])) for found in re.finditer(r"[^.-]-*", played)]
