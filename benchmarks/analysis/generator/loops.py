"""Loops with known tempo, length, class and key: drums, basses, melodies, chords, and bands."""

from collections.abc import Iterator

import numpy as np

from benchmarks.analysis.generator import harmony, patterns, studio, tones
from benchmarks.analysis.generator.band import play
from benchmarks.analysis.generator.kit import Kit
from benchmarks.analysis.generator.made import (
    RATE,
    Line,
    Made,
    Random,
    between,
    chance,
    pick,
)
from benchmarks.analysis.generator.shapes import fade_out, high_pass, peak_at

KINDS = {
    "drums": 34,
    "drums and bass": 6,
    "drums and chords": 7,
    "full": 6,
    "melody": 11,
    "melody and chords": 8,
    "chords": 8,
    "bass": 11,
    "voice": 3,
}
BARS = {1: 2, 2: 5, 4: 5, 8: 1.5, 3: 0.15, 6: 0.2}
LONGEST = 24.0
"""Seconds; longer loops are drawn again with fewer bars."""


def _bars(random: Random, bpm: float, meter: int) -> int:
    bars = int(pick(random, BARS))
    while bars > 1 and bars * meter * 60 / bpm > LONGEST:
        bars //= 2
    return bars


def _around(line: Line, frames: int) -> Line:
    """Let what rings beyond the end of a loop come in at its beginning."""
    sound = line[:frames].copy()
    over = line[frames : 2 * frames]
    sound[: len(over)] += over
    return sound


class Passage:
    """Everything drawn for one loop, before it is recorded."""

    def __init__(self, random: Random, kind: str) -> None:
        self.random, self.kind = random, kind
        self.style = str(pick(random, patterns.USUAL))
        self.bpm = patterns.tempo(random, self.style)
        meter = patterns.STYLES[self.style].steps // 4
        self.rhythm = patterns.rhythm(random, self.style, _bars(random, self.bpm, meter))
        self.song = harmony.song(random, self.rhythm.beats, meter)
        self.frames_a_beat = 60 * RATE / self.bpm
        self.frames = round(self.rhythm.beats * self.frames_a_beat)
        self.cents = float(
            random.normal(0, 4) if random.random() < 0.8 else random.uniform(-40, 40)
        )

    def _sung(self, notes: list[harmony.Note], voice: tones.Voice) -> Line:
        if self.rhythm.share != 0.5:
            notes = [
                harmony.Note(
                    n.pitch,
                    patterns.swung(n.beat, self.rhythm.share, self.rhythm.swung),
                    n.beats,
                    n.velocity,
                )
                for n in notes
            ]
        return play(self.random, voice, notes, self.frames_a_beat, self.frames, self.cents)

    def drums(self) -> Line:
        """The kit."""
        blows = patterns.played(self.rhythm)
        return peak_at(Kit(self.random).play(blows, self.frames_a_beat, self.frames)[0])

    def bass(self) -> Line:
        """A bass line."""
        return self._sung(harmony.bass_line(self.random, self.song), tones.bass(self.random))

    def melody(self) -> Line:
        """A tune."""
        return self._sung(harmony.melody(self.random, self.song), tones.voice(self.random))

    def chords(self) -> Line:
        """An accompaniment."""
        return self._sung(harmony.chords(self.random, self.song), tones.voice(self.random))

    def voice(self) -> Line:
        """Somebody sings."""
        return self._sung(harmony.melody(self.random, self.song), tones.singer(self.random))

    def _loud(self, low: float, high: float) -> float:
        return float(self.random.uniform(low, high))

    def parts(self) -> list[Line]:
        """What plays in a loop of this kind, each at its level."""
        if self.kind == "drums":
            return [self.drums()]
        if self.kind == "drums and bass":
            return [self.drums(), self._loud(0.5, 1) * self.bass()]
        if self.kind == "drums and chords":
            return [self._loud(0.4, 1) * self.drums(), self._loud(0.4, 1) * self.chords()]
        if self.kind == "full":
            return [
                self._loud(0.4, 1) * self.drums(),
                self._loud(0.4, 0.8) * self.bass(),
                self._loud(0.3, 0.7) * self.chords(),
                self._loud(0.2, 0.7) * self.melody(),
            ]
        if self.kind == "melody and chords":
            return [self.melody(), self._loud(0.3, 0.8) * self.chords()] + (
                [self._loud(0.3, 0.8) * self.bass()] if self.random.random() < 0.5 else []
            )
        return [getattr(self, self.kind)()]


SOUND_CLASS = {"drums": "drums", "bass": "bass", "voice": "vocal"}


def _recorded(passage: Passage) -> Line:
    """Mix the parts, in a room or not, and end it: around, cut, or with a short fade."""
    random = passage.random
    line = np.sum(passage.parts(), axis=0)
    if random.random() < 0.55:
        line = studio.room(random, line, between(random, 0.03, 0.6))
    line = studio.mixed(random, line)
    end = pick(random, {"around": 4, "cut": 5, "faded": 1})
    line = _around(line, passage.frames) if end == "around" else line[: passage.frames]
    if end == "faded":
        line = fade_out(line, between(random, 0.005, 0.1))
    if random.random() < 0.06:
        line = studio.spun(random, line)
    return studio.worn(random, line)


def _lengths(random: Random, samples: np.ndarray, rate: int) -> tuple[np.ndarray, str]:
    """Do what makes a file longer or shorter than its loop; returns it and what was done."""
    way = pick(random, {"exact": 76, "untrimmed": 10, "codec": 6, "mp3": 2, "ogg": 4, "off": 2})
    if way == "untrimmed":
        before = int(rate * (between(random, 0.005, 0.6) if random.random() < 0.5 else 0))
        after = int(rate * between(random, 0.02, 1.5))
        return np.pad(samples, ((before, after), (0, 0))), "untrimmed"
    if way == "codec":
        return studio.delayed(random, samples), "codec_delay"
    if way in {"mp3", "ogg"}:
        return studio.through_codec(random, samples, rate, str(way)), str(way)
    if way == "off":  # cut by hand, a few frames beside
        return samples[: len(samples) - int(rate * between(random, 0.0005, 0.01))], "cut_by_hand"
    return samples, ""


def _notes(passage: Passage, length: str) -> tuple[str, ...]:
    found = [length] if length else []
    if passage.rhythm.meter == 3:
        found.append("odd_meter")
    if "drums" not in passage.kind and passage.kind != "full":
        found.append("octave_ambiguous")
    return tuple(found)


def loop(seed: int, number: int) -> Made:
    """Make one loop."""
    random = chance(seed, "loops", number)
    kind = str(pick(random, KINDS))
    passage = Passage(random, kind)
    line = _recorded(passage)
    if kind != "bass":
        line = high_pass(line, 20, 1)
    samples = studio.levelled(random, studio.stereo(random, line))
    rate = int(pick(random, studio.RATES))
    samples, length = _lengths(random, studio.at_rate(samples, rate), rate)
    tonal = kind != "drums"
    return Made(
        name=f"loop_{number:04d}",
        samples=samples.astype(np.float32),
        rate=rate,
        kind="loop",
        sound_class=SOUND_CLASS.get(kind, "drums" if kind == "drums and bass" else "melodic"),
        bpm=passage.bpm,
        beats=float(passage.rhythm.beats),
        key=(passage.song.tonic, passage.song.minor) if tonal else None,
        group=f"{kind}: {passage.style}",
        notes=_notes(passage, length),
    )


def loops(seed: int, count: int) -> Iterator[Made]:
    """Make so many loops."""
    return (loop(seed, number) for number in range(count))
