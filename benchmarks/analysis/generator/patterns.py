"""Drum patterns: what is struck in which sixteenth, how late and how hard."""

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.analysis.generator.made import Random, between, pick

MID, HARD = 0.6, 0.9


@dataclass(frozen=True)
class Blow:
    """One stroke: `part` of the kit, beats from the start, velocity 0..1."""

    part: str
    beat: float
    velocity: float


@dataclass(frozen=True)
class Style:
    """A manner of drumming.

    low, high: usual tempo in BPM. Lines of sixteenths: X loud, x middle, o sometimes soft, . never
    (`steps` of them a bar). hand: what keeps time. swing: shares of the even sixteenth (or eighth)
    that are usual, .5 is straight.
    """

    low: float
    high: float
    kicks: tuple[str, ...]
    snares: tuple[str, ...]
    hands: tuple[str, ...]
    back: str = "snare"
    swing: tuple[float, float] = (0.5, 0.5)
    swung: str = "sixteenths"
    steps: int = 16


EIGHTHS, SIXTEENTHS, QUARTERS = "x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo", "x...x...x...x..."
OFFBEATS = "..X...X...X...X."

STYLES = {
    "rock": Style(
        72, 180,
        ("X.......X.......", "X.......X.x.....", "X.o...x.X.o.....", "X.x.....X.x....."),
        ("....X.......X...", "....X..o.o..X..o"), (EIGHTHS, QUARTERS, "X.x.X.x.X.x.X.x."),
    ),
    "funk": Style(
        84, 118,
        ("X.....x...x.....", "X.x.....o.x..x..", "X..x..o...X.....", "X.x...x.o.......x"[:16]),
        ("....X..o.o..X..o", "....X..o.o.oX...", "...oX..o.o..X.oo"), (SIXTEENTHS, EIGHTHS),
        swing=(0.5, 0.58),
    ),
    "hip-hop": Style(
        70, 104,
        ("X.....x...X.....", "X..x......x.....", "X.x.......Xx....", "X......x.xX....."),
        ("....X.......X...", "....X.......X..o"), (EIGHTHS, SIXTEENTHS, "x.x.x.xxx.x.x.x."),
        swing=(0.5, 0.66),
    ),
    "house": Style(
        116, 132, ("X...X...X...X...", "X...X...X...X..o"),
        ("....X.......X...", "................"),
        (OFFBEATS, SIXTEENTHS, "o.X.o.X.o.X.o.X."), back="clap", swing=(0.5, 0.58),
    ),
    "techno": Style(
        122, 150, ("X...X...X...X...", "X...X...X...X.o."),
        ("....o.......X...", "................"),
        (OFFBEATS, SIXTEENTHS, EIGHTHS), back="clap",
    ),
    "electro": Style(
        105, 138, ("X.....x...x.....", "X..x..x...X.....", "X.......x.x....."),
        ("....X.......X...",), (SIXTEENTHS, EIGHTHS, "x.xxx.x.x.xxx.x."), back="clap",
    ),
    "breaks": Style(
        118, 145, ("X.........X.....", "X.x.......xx....", "X.....x...x.....", "X.X.......XX...."),
        ("....X..o.o..X..o", "....X..o....X.o.", "....X.......X..."), (EIGHTHS, SIXTEENTHS),
    ),
    "jungle": Style(
        156, 180, ("X.........X.....", "X.X.......X.....", "X.X.......XX...."),
        ("....X..o.o..X...", "....X.......X...", "....X..x.x..X..o"), (EIGHTHS, SIXTEENTHS),
    ),
    "half-time": Style(
        132, 152, ("X.........x.....", "X..x......x.....", "X.....x........."),
        ("........X.......",), (EIGHTHS, "x.xxx.x.x.x.xxxx", SIXTEENTHS),
    ),
    "latin": Style(
        88, 130, ("X..x..x.X..x..x.", "X..xX..xX..xX..x", "X...x...X...x..."),
        ("...X..X...X..X..", "X..X..X...X.X...", "..X..X..X..X.X.."), (SIXTEENTHS, EIGHTHS),
        back="rim",
    ),
    "reggae": Style(
        62, 96, ("........X.......", "X.......X.......", "X...X...X...X..."),
        ("........X.......", "....o...X...o..."), (EIGHTHS, "..x...x...x...x."), back="rim",
        swing=(0.5, 0.62), swung="eighths",
    ),
    "jazz": Style(
        90, 190, ("o...o...o...o...", "X.......o......."),
        ("......o.......o.", "..o.......o.....",),
        ("X...X.x.X...X.x.",), swing=(0.6, 0.69), swung="eighths",
    ),
    "shuffle": Style(
        80, 150, ("X.......X.......", "X.....x.X......."), ("....X.......X...",), (EIGHTHS,),
        swing=(0.62, 0.69), swung="eighths",
    ),
    "waltz": Style(
        84, 184, ("X...........", "X.......o..."), ("....X...X...", "....x...x.o."),
        ("x...x...x...", "x.x.x.x.x.x."), swing=(0.5, 0.66), swung="eighths", steps=12,
    ),
    "slow three": Style(
        66, 120, ("X.....x.....", "X.x.........", "X.........x."), ("......X.....", "....X...X..."),
        ("x.x.x.x.x.x.", "xoxoxoxoxoxo"), steps=12,
    ),
    "march": Style(
        88, 132, ("X...X...X...X...", "X.......X......."), ("X.xxX.xxX.xxX.X.", "x.xxx.x.x.xxx.xx"),
        ("................", QUARTERS),
    ),
    "hands": Style(
        70, 140, ("................", "X.......x......."), ("................", "....o.......o..."),
        (SIXTEENTHS, EIGHTHS, "................"), back="rim", swing=(0.5, 0.6),
    ),
}  # fmt: skip
USUAL = {
    name: 2 if name in {"rock", "hip-hop", "funk", "house", "breaks"} else 1 for name in STYLES
}


def _velocity(random: Random, mark: str) -> float:
    if mark == "X":
        return float(np.clip(random.normal(HARD, 0.07), 0.5, 1))
    if mark == "x":
        return float(np.clip(random.normal(MID, 0.1), 0.3, 0.9))
    return float(random.uniform(0.15, 0.4)) if mark == "o" and random.random() < 0.7 else 0.0


def _line(random: Random, part: str, line: str, first: float) -> list[Blow]:
    found = [
        Blow(part, first + step / 4, _velocity(random, mark))
        for step, mark in enumerate(line)
        if mark != "."
    ]
    return [blow for blow in found if blow.velocity]


def _bar(random: Random, parts: dict[str, str], first: float) -> list[Blow]:
    """One bar as written, with a stroke more or less now and then."""
    found = []
    for part, line in parts.items():
        marks = list(line)
        for step in range(len(marks)):
            if random.random() < 0.02:
                marks[step] = "." if marks[step] != "." and step else "o"
        found += _line(random, part, "".join(marks), first)
    return found


def _fill(random: Random, style: Style, first: float, kit: tuple[str, ...]) -> list[Blow]:
    """A bar whose last beats go around the drums."""
    beats = style.steps // 4
    start = float(pick(random, (beats - 1, beats - 2)))
    step = float(pick(random, (0.25, 0.5, 0.25)))
    places = np.arange(start, beats, step)
    drums = [kit[int(i * len(kit) / len(places))] for i in range(len(places))]
    return [
        Blow(drum, first + float(place), float(random.uniform(0.5, 1)))
        for drum, place in zip(drums, places, strict=True)
        if random.random() < 0.9
    ]


def swung(beat: float, share: float, unit: str) -> float:
    """Move every other sixteenth (or eighth) to its share of the pair."""
    pair = 0.5 if unit == "sixteenths" else 1.0
    whole, within = divmod(beat, pair)
    within /= pair
    moved = within * 2 * share if within <= 0.5 else share + (within - 0.5) * 2 * (1 - share)
    return (whole + moved) * pair


@dataclass(frozen=True)
class Rhythm:
    """A drummed passage: its blows, beats, beats a bar, and the share of the swing."""

    style: str
    blows: tuple[Blow, ...]
    beats: int
    meter: int
    share: float
    swung: str


def parts_of(random: Random, style: Style) -> dict[str, str]:
    """Choose who plays what."""
    hand = pick(random, {"hat": 6, "ride": 2, "perc": 1, "shaker": 1})
    parts = {"kick": str(pick(random, style.kicks)), style.back: str(pick(random, style.snares))}
    parts[str(hand)] = str(pick(random, style.hands))
    if random.random() < 0.25:
        marks = [("x" if random.random() < 0.3 else ".") for _ in range(style.steps)]
        parts["extra"] = "".join(marks)
    if random.random() < 0.2:
        parts["open"] = "..............x." if style.steps == 16 else "..........x."
    for part in list(parts):
        if len(parts) > 1 and random.random() < 0.12:
            del parts[part]
    return parts


def rhythm(random: Random, style_name: str, bars: int) -> Rhythm:
    """Draw a passage of a style."""
    style = STYLES[style_name]
    beats = style.steps // 4
    parts = parts_of(random, style)
    second = {part: line for part, line in parts_of(random, style).items() if part in parts}
    blows: list[Blow] = []
    for bar in range(bars):
        first = float(bar * beats)
        now = parts | second if bar % 4 == 3 and random.random() < 0.5 else parts
        played = _bar(random, now, first)
        if bar == bars - 1 and bars > 1 and random.random() < 0.3:
            kit = tuple(pick(random, (("snare", "tom high", "tom mid", "tom low"), ("snare",))))
            fill = _fill(random, style, first, kit)
            start = min((blow.beat for blow in fill), default=np.inf)
            played = [b for b in played if b.beat < start or b.part == "kick"] + fill
        blows += played
    if random.random() < 0.15 and len(blows) > 1:
        blows.append(Blow("crash", 0.0, HARD))
    if not blows:
        blows = [Blow("kick", float(beat), HARD) for beat in range(bars * beats)]
    share = float(random.uniform(*style.swing)) if random.random() < 0.7 else 0.5
    return Rhythm(style_name, tuple(blows), bars * beats, beats, share, style.swung)


def tempo(random: Random, style_name: str) -> float:
    """Draw BPM: mostly the style's own, mostly a whole number."""
    style = STYLES[style_name]
    if random.random() < 0.8:
        bpm = float(random.triangular(style.low, (style.low + style.high) / 2, style.high))
    else:
        bpm = between(random, max(60, 0.8 * style.low), min(190, 1.2 * style.high))
    bpm = float(np.clip(bpm, 60, 190))
    kind = pick(random, {"whole": 82, "five": 8, "half": 3, "any": 7})
    return {"whole": round(bpm), "five": 5 * round(bpm / 5), "half": round(2 * bpm) / 2}.get(
        str(kind), round(bpm, 2)
    )


def played(rhythm_: Rhythm) -> tuple[Blow, ...]:
    """Move each blow as its swing has it; still in beats."""
    return tuple(
        replace(blow, beat=swung(blow.beat, rhythm_.share, rhythm_.swung)) for blow in rhythm_.blows
    )
