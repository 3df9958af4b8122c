"""One sound in the making: from what is wished to its samples."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from library import keys
from library.audio.synth.bass import SquelchLine
from library.audio.synth.loops import BEATS_PER_BAR, STEPS_PER_BEAT, Break, Lane, Phrase, frames_of
from library.audio.synth.mixdown import finish
from library.audio.synth.space import Room
from library.audio.synth.studio import Recipe, Signal, Studio
from library.engines import adjectives, hits, patterns, tones, vocabulary, words
from library.engines.words import Wish

RATE = 48_000  # Hz, the SP-404MKII's own
PEAK_DB = -1.0
LOOP_FADE, HIT_FADE, TONE_FADE = 0.001, 0.03, 0.2  # seconds
USUAL_BPM = 120.0
STEPS_PER_BAR = BEATS_PER_BAR * STEPS_PER_BEAT
SILENCE_DB = -60.0  # below its peak; what follows of a sound that ends so softly is cut off
SHORT, RELEASE = 0.35, 0.02

BASS_OF_STYLE = {"trap": "808", "jungle": "reese", "techno": "squelch", "boom bap": "sub"}
USUAL_BASS = "rubber"
PROGRESSIONS = {1: "11", 2: "1451", 3: "114451"}
LONG_PROGRESSION = "11445511"
"""A degree for each half of a bar, by how many bars there are."""
STEPS_UP = {"1": 0, "4": 5, "5": 7}  # semitones above the tonic
OF_LANES = {"long", "short", "hard", "soft", "dry"}  # a loop's other traits are done to all of it
HELD = {"pad": 0.6, "choir": 0.5, "voice": 0.3, "organ": 0.1}
"""What is held in loops, and how far it rings into the next, by its length: there is no gap."""
LOOP_ROOM = Room(0.5, 0.12, 4000)


@dataclass(frozen=True)
class Released:
    """A note that is let go at its end instead of being cut."""

    recipe: Recipe

    def __call__(self, studio: Studio) -> Signal:
        sound = self.recipe(studio)
        last = min(studio.frames(RELEASE), len(sound))
        fall = np.linspace(1.0, 0.0, last).reshape(-1, *[1] * (sound.ndim - 1))
        return np.concatenate([sound[: len(sound) - last], sound[len(sound) - last :] * fall])


@dataclass(frozen=True)
class Dense:
    """A hit as loud as others at the same peak."""

    recipe: Recipe

    def __call__(self, studio: Studio) -> Signal:
        return adjectives.dense(self.recipe(studio), studio.rate)


class Take:
    """A wish, how long it may last in seconds, and chance of its own."""

    def __init__(self, wish: Wish, seconds: float, seed: int) -> None:
        self.wish = wish
        text = f"{' '.join(wish.words)} {wish.key} {wish.bpm} {seed}"
        digest = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        self.chance = np.random.default_rng(digest)
        style = patterns.STYLES.get(wish.style)
        self.bpm = wish.bpm or (style.bpm if style else USUAL_BPM)
        self.beats = _beats(seconds * self.bpm / 60, wish.bars)  # of a loop
        self.bars = -(-self.beats // BEATS_PER_BAR)
        self.frames = frames_of(self.beats, self.bpm, RATE)
        self.seconds = self.frames / RATE if wish.is_loop else seconds
        self.key = self._key()
        self.traits = wish.traits

    def sound(self) -> NDArray[np.float32]:
        """Make it: float32, frames x channels."""
        studio = Studio(RATE, self.chance)
        sound = self.wish.sound
        if self.wish.is_loop and sound not in vocabulary.EFFECTS:
            made = self._loop()(studio)
            made = adjectives.coloured(made, studio, self.traits, is_loop=True)
            made = made[::-1] if "reversed" in self.traits else made
            return finish(made, RATE, PEAK_DB, LOOP_FADE)
        recipe = self._single()
        made = adjectives.coloured(recipe(studio), studio, self.traits, is_loop=False)
        fade = HIT_FADE if sound in vocabulary.DRUMS | vocabulary.EFFECTS else TONE_FADE
        if sound in vocabulary.DRUMS:
            made = adjectives.dense(made, RATE)
        frames = studio.frames(self.seconds)
        if sound == "swell":
            made = made[-frames:]  # it ends where it is loudest
        if self.wish.is_loop:
            made = np.concatenate([made, np.zeros((self.frames, *made.shape[1:]))])[: self.frames]
        else:
            made = made[: _end(made, frames)]
        if "reversed" in self.traits and sound != "swell":
            made, fade = made[::-1], LOOP_FADE
        return finish(made, RATE, PEAK_DB, min(fade, len(made) / RATE / 4))

    def _key(self) -> str:
        """Return the key that is stated, or one that the words choose by chance."""
        wish = self.wish
        if not wish.key:
            is_minor = wish.is_minor is not False
            return keys.named(wish.digest() % 12, is_minor=is_minor)
        is_minor = wish.key.endswith("m") or wish.is_minor is True
        return keys.named(keys.tonic(wish.key), is_minor=is_minor)

    def _varied(self, recipe: Recipe) -> Recipe:
        """Return another take of a recipe, and as adjectives want it; its length is settled."""
        recipe = adjectives.described(recipe, self.traits - {"long", "short"})
        return adjectives.another(recipe, self.chance, tuned=True)

    def _is_boom(self) -> bool:
        """Tell whether this is the kick of the drum machine that is played as a bass."""
        return "808" in self.wish.words and self.wish.sound in {"kick", "808"}

    def _bass(self) -> str:
        """Return which bass is meant."""
        sound = self.wish.sound
        if sound == "bass":
            return BASS_OF_STYLE.get(self.wish.style, USUAL_BASS)
        return "boom" if sound == "kick" else sound

    # ── Single sounds ───────────────────────────────────────────────────────

    def _single(self) -> Recipe:
        sound = self.wish.sound
        if self._is_boom() or sound in vocabulary.BASSES:
            return self._bass_note()
        if sound in vocabulary.DRUMS:
            return self._hit(sound)
        if sound in vocabulary.EFFECTS:
            seconds = self.seconds * (SHORT if "short" in self.traits else 1)
            return self._varied(hits.effect(sound, seconds, self.chance))
        if sound == "shout":
            return self._varied(tones.shout(self.seconds, self.chance))
        seconds = self.seconds * (SHORT if "short" in self.traits else 1)
        if "dry" in self.traits:
            seconds += tones.room_of(sound)  # of which nothing is heard
        return self._varied(tones.CHORDS[sound](self._notes(0), seconds))

    def _hit(self, drum: str) -> Recipe:
        """Return a drum; what is in its recipe already is not done to it once more."""
        recipe, said = hits.hit(drum, self.wish.words, self.chance)
        self.traits -= {words.trait_of(word) for word in said}
        is_tuned = bool(self.wish.key) and drum in hits.TUNED
        if is_tuned:
            recipe = hits.tuned(recipe, tones.below(hits.TUNED[drum], self.key))
        recipe = adjectives.described(recipe, self.traits)
        return adjectives.another(recipe, self.chance, tuned=is_tuned)

    def _bass_note(self) -> Recipe:
        bass = self._bass()
        seconds = min(self.seconds, tones.RINGS[bass] or self.seconds)
        if "long" in self.traits:
            seconds = self.seconds
        if "short" in self.traits:
            seconds *= SHORT
        made = tones.thump if bass == "boom" else tones.BASSES[bass]
        return self._varied(made(tones.above(tones.lowest(bass), self.key), seconds))

    def _notes(self, up: int) -> str:
        """Return the chord that stands some semitones above the tonic, or its note."""
        sound = self.wish.sound
        lowest = tones.LOWEST_VOICE if sound in vocabulary.VOICES else tones.LOWEST_CHORD
        root = tones.above(lowest, self.key) + up
        is_chord = not {"chord", "chords", "choir"}.isdisjoint(self.wish.words)
        if self.wish.is_note or (sound in tones.NOTES_ALONE and not is_chord):
            return tones.name_of(root + 12)
        return tones.triad(root, tones.third(self.key), thick=sound != "choir")

    # ── Loops ───────────────────────────────────────────────────────────────

    def _loop(self) -> Recipe:
        sound = self.wish.sound
        if self._is_boom() or sound in vocabulary.BASSES:
            return self._bass_line()
        if sound == "drums" or sound in vocabulary.DRUMS:
            return self._beat()
        if sound == "shout":
            return self._calls()
        return self._chords()

    def _beat(self) -> Recipe:
        """Return a drum loop: all drums of a style, or those that are named."""
        wish = self.wish
        if wish.is_roll:
            roll = patterns.roll(self.beats)
            lanes = [Lane(Dense(self._hit(drum)), roll) for drum in sorted(wish.parts)]
            return adjectives.described(Break(2 * self.bpm, tuple(lanes)), self.traits)
        style = patterns.drums(wish.style, wish.parts if wish.style else frozenset(), wish.without)
        if wish.parts and not (wish.style and style.parts):
            lanes = [
                Lane(
                    Dense(self._hit(drum)), self._bars(patterns.ALONE.get(drum, patterns.ANY_ALONE))
                )
                for drum in sorted(wish.parts)
            ]
            return adjectives.described(Break(self.bpm, _sounding(lanes)), self.traits)
        lanes = [
            Lane(self._lane(part.recipe), self._bars(part.bars), part.level) for part in style.parts
        ]
        loop = Break(
            self.bpm,
            _sounding(lanes),
            style.swing,
            style.drive,
            style.top_hz,
            style.dust,
            style.room,
        )
        return self._varied(loop)

    def _lane(self, recipe: Recipe) -> Recipe:
        recipe = adjectives.described(
            recipe, self.traits & {"long", "short", "hard", "soft", "dry"}
        )
        return adjectives.another(recipe, self.chance, tuned=False)

    def _bars(self, pattern: str) -> str:
        return patterns.bars_of(pattern, self.beats, self.chance)

    def _bass_line(self) -> Recipe:
        bass = self._bass()
        tonic = tones.above(tones.lowest(bass), self.key)
        up = {1: 0, 3: tones.third(self.key), 5: 7, 8: 12}
        played = patterns.line(bass, self.beats, self.bpm, self.chance)
        if bass == "squelch":
            accents = self.chance.uniform(0.3, 1.0, len(played))
            line = tuple(
                (at, length, tones.name_of(tonic + up[degree]), float(accent))
                for (at, length, degree), accent in zip(played, accents, strict=True)
            )
            return self._varied(SquelchLine(self.bpm, self.beats, line))
        step = (SHORT if "short" in self.traits else 0.95) * 60 / self.bpm / STEPS_PER_BEAT
        notes = tuple(
            (at, Released(self._varied(tones.BASSES[bass](tonic + up[degree], length * step))))
            for at, length, degree in played
        )
        return Phrase(self.bpm, self.beats, notes)

    def _chords(self) -> Recipe:
        """Return tonic, subdominant and dominant, and the tonic again, in the sound wished for."""
        sound = self.wish.sound
        progression = PROGRESSIONS.get(self.bars) or LONG_PROGRESSION * self.bars
        step = 60 / self.bpm / STEPS_PER_BEAT
        notes = []
        for at, length in patterns.strikes(self.beats, self.bpm, self.chance, held=sound in HELD):
            up = STEPS_UP[progression[at // (STEPS_PER_BAR // 2)]]
            over = max(HELD.get(sound, 0.0) * length * step, 0.15)
            seconds = length * step + over + tones.room_of(sound)
            chord = tones.CHORDS[sound](self._notes(up), seconds)
            notes.append((at, Released(_without_room(self._varied(chord)))))
        room = None if "dry" in self.traits else LOOP_ROOM
        return Phrase(self.bpm, self.beats, tuple(notes), room=room)

    def _calls(self) -> Recipe:
        marks = self._bars(patterns.CALLS)
        call = self._varied(tones.shout(self.seconds, self.chance))
        notes = tuple((at, call) for at, mark in enumerate(marks) if mark != ".")
        return Phrase(self.bpm, self.beats, notes)


def _beats(most: float, bars: int | None) -> int:
    """Return the beats of a loop that are not above a limit, at least one: whole bars.

    Where no bar fits, half or a quarter of one. bars: how many are asked for, None for all that do.
    """
    fitting = int(most * (1 + 1e-9))
    whole = min(fitting // BEATS_PER_BAR, bars or fitting)
    return whole * BEATS_PER_BAR or (2 if fitting >= 2 else 1)  # noqa: PLR2004 - half a bar


def _sounding(lanes: list[Lane]) -> tuple[Lane, ...]:
    """Return lanes of which at least one sounds: a snare has nothing to do on a first beat."""
    if any(lane.pattern.strip(".") for lane in lanes):
        return tuple(lanes)
    return tuple(replace(lane, pattern="X" + lane.pattern[1:]) for lane in lanes)


def _without_room(recipe: Recipe) -> Recipe:
    """Return a recipe without its room: a loop has one for all of its notes."""
    return replace(recipe, room=None) if hasattr(recipe, "room") else recipe  # type: ignore[type-var]


def _end(sound: Signal, most: int) -> int:
    """Return where a sound has rung out, or where it has to end, in frames."""
    level = np.abs(sound).reshape(len(sound), -1).max(axis=1)
    loud = np.flatnonzero(level > level.max() * 10 ** (SILENCE_DB / 20))
    return int(min(most, loud[-1] + 1 + RATE // 50, len(sound)))
