"""The order of the chain: decode, trim, fold, resample, remake, level, dither, write."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol, Self

from library.audio import edit, levels
from library.audio.baked import AS_IS
from library.audio.clip import Samples
from library.audio.containers import replacing
from library.audio.decoders import Decoder
from library.audio.dither import exact_int16
from library.audio.errors import EmptyRegion
from library.audio.excerpt import opened
from library.audio.files import Decoding, blocks, with_fallback
from library.audio.held import Held
from library.audio.level_match import Levelled, LevelMatch
from library.audio.passes import material_of, passed, prepared
from library.audio.recipe import (
    CEILING,
    DEFAULT,
    Material,
    Recipe,
    planned_changes,
    planned_channels,
    planned_frames,
)
from library.audio.remade import Region, edged, remade
from library.audio.units import RATE, gain_to_db, resampled_frames
from library.audio.words import Words

HELD_BYTES = 12 << 20
"""Float output that is held for the second pass; longer sounds are decoded again if need be."""

HELD_TO_LEVEL_BYTES = 17 << 20
"""The same where a second pass is certain: reading memory is cheaper than decoding twice. With it a
worker stays under 64 MB."""


@dataclass(frozen=True)
class Result:
    """What `convert` wrote, and from what; levelled: only where a loudness was asked for.

    repaired: the first decoder broke off in the middle, and another one read the whole. lowered_db:
    by how much more than planned the guard turned it down, since another pitch has other peaks.
    warnings: those of the changes that tell of damage to the source.
    """

    frames: int
    channels: int
    size_bytes: int
    source_format: str
    source_rate: int
    source_channels: int
    source_frames: int
    changes: tuple[str, ...]
    levelled: Levelled | None = None
    repaired: bool = False
    lowered_db: float = 0.0
    warnings: tuple[str, ...] = ()


class Ear(Protocol):
    """Somebody who hears a sound while it is converted, so that it is decoded once for both."""

    def source(self, block: Samples) -> None:
        """Hear the next block as it was decoded, float32, frames x channels."""

    def at_48k(self, block: Samples) -> None:
        """Hear the next block folded and at 48 kHz, before level and rounding."""


Listening = Callable[[Decoding], Ear]
"""Makes the ear for a source that is about to be decoded from its begin."""


def convert(
    source: Path, target: Path, recipe: Recipe = DEFAULT, listening: Listening | None = None
) -> Result:
    """Convert a sound file to 48 kHz 16-bit PCM; constant memory for any length.

    Material that already is 48 kHz and fits 16 bits keeps its words. The ear that `listening`
    makes hears all of the sound; a second one does where another decoder begins anew. Raises
    AudioError for what is wrong with the source and OSError for the target, which then is as it
    was before.
    """
    with replacing(target) as file:
        render, repaired = with_fallback(
            source, lambda decoder: _Render(source, recipe, decoder, file).run(listening)
        )
        size = render.words.out.finish()
    material = render.material(repaired=repaired)
    return Result(
        frames=render.words.out.frames,
        channels=render.words.out.channels,
        size_bytes=size,
        source_format=material.format,
        source_rate=material.rate,
        source_channels=material.channels,
        source_frames=material.frames,
        changes=planned_changes(material, recipe, render.levelled),
        levelled=render.levelled,
        repaired=repaired,
        lowered_db=render.lowered_db,
        warnings=material.warnings,
    )


class _Render:
    """One decoder's way through a source.

    Blocks are held until the gain is known. A sound too long for that is written as it comes, in
    the hope that nothing has to change, and decoded a second time if it has.
    """

    decoding: Decoding
    words: Words
    match: LevelMatch | None = None
    levelled: Levelled | None = None
    lowered_db = 0.0
    ear: Ear | None = None
    alike: edit.Alike | None = None  # where it is asked: a mono file says what it is made of

    def __init__(
        self, source: Path, recipe: Recipe, decoder: Decoder | None, file: BinaryIO
    ) -> None:
        self.source = source
        self.recipe = recipe
        self.decoder = decoder
        self.file = file
        self.sounding: tuple[int, int] | None = None
        self.peaks: list[float] = []  # of each block
        self.fits = True  # all samples so far are 16-bit words at 48 kHz

    def run(self, listening: Listening | None) -> Self:
        """Write the whole sound; `out.finish()` is left to the caller."""
        if self.recipe.trim:
            self.sounding = self._find_ends()
        with blocks(self.source, decoder=self.decoder) as decoding:
            self.decoding = decoding
            self.fits = decoding.rate == RATE
            self.ear = listening(decoding) if listening else None
            if self._keeps_words():
                self._copy()
            elif self.recipe.comes_cut:
                self._remake()
            else:
                self._convert()
        out, kept = self.words.out, self.material(repaired=False).kept(self.recipe)
        if not self.recipe.baked.frames(resampled_frames(kept, decoding.rate)):
            raise EmptyRegion("nothing of the sound lies between start and end")
        out.write_silence(planned_frames(kept, decoding.rate, self.recipe) - out.frames)
        return self

    @property
    def peak(self) -> float:
        """The largest sample of all blocks so far, linear."""
        return max(self.peaks, default=0.0)

    def material(self, *, repaired: bool) -> Material:
        """Return what is known of the source at the end."""
        peaks = (self.peak, self.peak)
        equal = bool(self.alike and self.alike.is_so)
        return material_of(
            self.decoding, peaks, self.sounding, repaired=repaired, channels_equal=equal
        )

    def _find_ends(self) -> tuple[int, int]:
        with blocks(self.source, decoder=self.decoder) as decoding:
            ends = edit.Ends(decoding.rate)
            for block in decoding:
                ends.add(block)
        return ends.sounding

    def _keeps_words(self) -> bool:
        kept = planned_channels(self.decoding.channels, self.recipe) == self.decoding.channels
        untouched = kept and not self.sounding and self.recipe.loudness_lufs is None
        untouched = untouched and self.recipe.baked.keeps_words
        return self.fits and self.decoding.stream.in_words and untouched and not self.ear

    def _copy(self) -> None:
        self._begin()
        for words in self.decoding.words():
            self.words.out.write(words)

    def _begin(self, gain: float = 1.0) -> None:
        channels = planned_channels(self.decoding.channels, self.recipe)
        out = opened(self.file, self.recipe, channels)
        exact = self.fits and gain == 1 and not self.recipe.baked.cents
        self.words = Words(out, gain, exact=exact, baked=self.recipe.baked)

    def _remake(self) -> None:
        baked = self.recipe.baked
        with Held(Path(self.file.name).parent, HELD_BYTES) as held:
            region = Region(held, baked)
            for block in self._prepared(self._heard()):
                self._take(block)
                region.add(block)
            self._prepare_match()
            gain = self._remade_gain(remade(held, baked))
            self._begin(gain)
            frames = baked.frames(region.position)
            for block, fades in edged(remade(held, baked), frames, baked):
                self.words.put(block, fades=fades)

    def _remade_gain(self, sound: Iterator[Samples]) -> float:
        if self.match:
            for block in sound:
                self.match.add(block)
                self.match.add_peaks(block)
        gain = self._gain(None)
        if self.match or not self.recipe.baked.cents or self.recipe.overs == "clip":
            return gain
        highest = max(map(levels.peak, sound), default=0.0)
        if highest * gain <= 1:
            return gain
        self.lowered_db = gain_to_db(gain * highest / CEILING)
        return CEILING / highest

    def _prepare_match(self) -> None:
        if self.recipe.loudness_lufs is not None:
            plain = replace(self.recipe, baked=AS_IS)  # a pad's level and place come after it
            channels = planned_channels(self.decoding.channels, plain)
            self.match = LevelMatch(channels, self.recipe.loudness_lufs, self.recipe.peak_dbtp)

    def _convert(self) -> None:
        self._prepare_match()
        held = self._listen()
        gain = self._gain(held)
        if held is not None:
            self._begin(gain)
            for block, loudest in zip(held, self.peaks, strict=True):
                self.words.put(block, loudest)
        elif gain != 1 or self.match or self.words.is_mixed:
            with blocks(self.source, decoder=self.decoder) as again:
                self._begin(gain)
                for block in self._prepared(again):
                    self.words.put(block)

    def _listen(self) -> list[Samples] | None:
        """Take in all blocks and return them; None where they are too many."""
        held: list[Samples] | None = []
        room = HELD_TO_LEVEL_BYTES if self.match else HELD_BYTES
        for block in self._prepared(self._heard()):
            self._take(block)
            if self.match:
                self.match.add(block)
            if held is None:
                self._go_ahead(block, self.peaks[-1])
                continue
            held.append(block)
            room -= block.nbytes
            if room < 0:
                self._begin()
                for early, loudest in zip(held, self.peaks, strict=True):
                    self._go_ahead(early, loudest)
                held = None
        return held

    def _take(self, block: Samples) -> None:
        """Learn what there is to know of the next block at 48 kHz."""
        if self.ear:
            self.ear.at_48k(block)
        self.peaks.append(levels.peak(block))
        self.fits = self.fits and exact_int16(block) is not None

    def _go_ahead(self, block: Samples, loudest: float) -> None:
        if self.match:
            self.match.add_peaks(block)
        else:
            self.words.put(block, loudest)

    def _gain(self, held: list[Samples] | None) -> float:
        if self.match:
            self.levelled = self.match.result(held)
            return self.levelled.gain
        return CEILING / self.peak if self.recipe.overs == "guard" and self.peak > 1 else 1.0

    def _heard(self) -> Iterable[Samples]:
        """Give the blocks of the first pass to all who want to hear them."""
        takers: list[Callable[[Samples], None]] = []
        if self.recipe.channels == "mono":
            self.alike = edit.Alike(self.decoding.channels)
            takers.append(self.alike.add)
        if self.ear:
            takers.append(self.ear.source)
        return passed(self.decoding, takers)

    def _prepared(self, heard: Iterable[Samples]) -> Iterator[Samples]:
        if self.sounding:
            heard = edit.cut(heard, *self.sounding)
        return prepared(heard, self.decoding.places, self.decoding.rate, self.recipe)
