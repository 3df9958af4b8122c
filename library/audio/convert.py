"""The order of the chain (decode, fold, resample, guard, dither, write), and what it will do.

`planned_size` and `planned_changes` are not a second description: `convert` reports by them.
"""

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Literal, Self

from library.audio import edit, levels
from library.audio.clip import Samples
from library.audio.containers import PcmFile, file_size, replacing
from library.audio.decoders import DAMAGED, Decoder
from library.audio.dither import STEPS, Dither, exact_int16
from library.audio.files import Decoding, blocks, with_fallback
from library.audio.resample import resampled
from library.audio.units import RATE, SHORTEST_MS, gain_to_db, resampled_frames

CONVERTER_VERSION = 1
"""Goes up when the same recipe gives other bytes; renders are addressed by it."""

CEILING = (STEPS - 2) / STEPS
"""Where the guard puts the peak: with dither the largest word is still below full scale."""

SHORTEST_FRAMES = RATE * SHORTEST_MS // 1000

CODEC_NAMES = {
    "MPEG_LAYER_III": "MP3",
    "VORBIS": "Vorbis",
    "OPUS": "Opus",
    "AAC": "AAC",
    "ULAW": "\N{GREEK SMALL LETTER MU}-law",
    "ALAW": "A-law",
}


@dataclass(frozen=True)
class Recipe:
    """Everything that determines a render besides its source.

    pad_short appends silence up to 100 ms; overs says what happens to peaks over full scale:
    'guard' lowers the whole sound, 'clip' holds them.
    """

    format: Literal["wav", "aiff"] = "wav"
    channels: Literal["keep", "mono"] = "keep"
    pad_short: bool = False
    overs: Literal["guard", "clip"] = "guard"

    def as_json(self) -> str:
        """Return canonical text with the converter's version: equal recipes, equal text."""
        fields = asdict(self) | {"version": CONVERTER_VERSION}
        return json.dumps(fields, sort_keys=True, separators=(",", ":"))


DEFAULT = Recipe()


@dataclass(frozen=True)
class Material:
    """What is known of a decoded source: all that a plan needs.

    frames at rate (Hz); peak_48k and peak_48k_mono: linear peaks after folding and
    resampling, without and with `Recipe.channels == "mono"`; warnings of the decoder.
    """

    format: str
    subtype: str
    bit_depth: int | None
    rate: int
    channels: int
    frames: int
    peak_48k: float
    peak_48k_mono: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What `convert` wrote, and from what."""

    frames: int
    channels: int
    size_bytes: int
    sha256: str
    crc32: int
    source_format: str
    source_rate: int
    source_channels: int
    changes: tuple[str, ...]


def planned_channels(channels: int, recipe: Recipe) -> int:
    """Return 1 or 2."""
    return 1 if recipe.channels == "mono" else min(channels, 2)


def planned_frames(frames: int, rate: int, recipe: Recipe) -> int:
    """Return the exact length in frames at 48 kHz of a source of `frames` at `rate` Hz."""
    out = resampled_frames(frames, rate)
    return max(out, SHORTEST_FRAMES) if recipe.pad_short else out


def planned_size(frames: int, rate: int, channels: int, recipe: Recipe) -> int:
    """Return the exact bytes of the file that `convert` will write; frames as decoded."""
    out = planned_frames(frames, rate, recipe)
    return file_size(recipe.format, out, planned_channels(channels, recipe))


def planned_changes(material: Material, recipe: Recipe) -> tuple[str, ...]:
    """Say in plain words what a conversion changes; the same sentences as `Result.changes`."""
    found: list[str] = []
    if material.rate != RATE:
        found.append(f"{material.rate / 1000:g} to {RATE // 1000} kHz")
    found += _word_change(material)
    if material.channels > 2:  # noqa: PLR2004 - stereo
        found.append(f"{material.channels} channels folded down to stereo")
    if recipe.channels == "mono" and material.channels > 1:
        found.append("Stereo folded down to mono")
    found += _over_change(material, recipe)
    padded = planned_frames(material.frames, material.rate, recipe)
    if padded > resampled_frames(material.frames, material.rate):
        found.append(f"Padded with silence to {SHORTEST_MS} ms")
    return (*found, *material.warnings)


def _word_change(material: Material) -> list[str]:
    depth, subtype = material.bit_depth, material.subtype
    if depth is None:
        return [f"{CODEC_NAMES.get(subtype, 'Compressed')} to 16-bit PCM"]
    if subtype in {"FLOAT", "DOUBLE"}:
        return [f"{depth}-bit float to 16-bit"]
    return [f"{depth}-bit to 16-bit"] if depth != 16 else []  # noqa: PLR2004 - the output's


def _over_change(material: Material, recipe: Recipe) -> list[str]:
    mono = recipe.channels == "mono"
    peak = material.peak_48k_mono if mono else material.peak_48k
    if peak <= 1:
        return []
    if recipe.overs == "clip":
        return [f"Peaks of {gain_to_db(peak):+.1f} dB clipped"]
    lowered = gain_to_db(peak / CEILING)
    return [f"Peak lowered {max(lowered, 0.1):.1f} dB"]


def prepared(blocks_: Iterable[Samples], places: tuple[str, ...], rate: int) -> Iterator[Samples]:
    """Give a sound's blocks at 48 kHz, mono or stereo, float32, before any rounding."""
    folded = (edit.fold_down(block, places) for block in blocks_)
    return resampled(folded, rate)


def material_of(decoding: Decoding, peaks: tuple[float, float], *, repaired: bool) -> Material:
    """Put together what was learnt from a source that has been decoded to its end.

    peaks: without and with folding to mono. repaired: another decoder broke off before.
    """
    warnings = decoding.warnings
    if repaired and DAMAGED not in warnings:
        warnings = (DAMAGED, *warnings)
    return Material(
        format=decoding.header.format,
        subtype=decoding.header.subtype,
        bit_depth=decoding.header.bit_depth,
        rate=decoding.rate,
        channels=decoding.channels,
        frames=decoding.frames,
        peak_48k=peaks[0],
        peak_48k_mono=peaks[1],
        warnings=warnings,
    )


def convert(source: Path, target: Path, recipe: Recipe = DEFAULT) -> Result:
    """Convert a sound file to 48 kHz 16-bit PCM; constant memory for any length.

    Material that already is 48 kHz and fits 16 bits keeps its words. Raises AudioError for what
    is wrong with the source and OSError for the target, which then is as it was before.
    """
    with replacing(target) as file:
        render, repaired = with_fallback(
            source, lambda decoder: _Render(source, recipe, decoder, file).run()
        )
        written = render.out.finish()
    material = material_of(render.decoding, (render.peak, render.peak), repaired=repaired)
    return Result(
        frames=written.frames,
        channels=render.out.channels,
        size_bytes=written.size_bytes,
        sha256=written.sha256,
        crc32=written.crc32,
        source_format=material.format,
        source_rate=material.rate,
        source_channels=material.channels,
        changes=planned_changes(material, recipe),
    )


class _Render:
    """One decoder's way through a source: exact, or dithered, or lowered and dithered."""

    decoding: Decoding
    out: PcmFile
    peak: float

    def __init__(self, source: Path, recipe: Recipe, decoder: Decoder, file: BinaryIO) -> None:
        self.source = source
        self.recipe = recipe
        self.decoder = decoder
        self.file = file

    def run(self) -> Self:
        """Hope for words that need no rounding; else dither; else lower by what is now known."""
        if not self._pass(exact=True):
            self._pass()
            if self.recipe.overs == "guard" and self.peak > 1:
                self._pass(gain=CEILING / self.peak)
        wanted = planned_frames(self.decoding.frames, self.decoding.rate, self.recipe)
        self.out.write_silence(wanted - self.out.frames)
        return self

    def _pass(self, *, exact: bool = False, gain: float = 1.0) -> bool:
        """Decode and write once; False when `exact` was asked for and a sample is off the grid."""
        self.file.seek(0)
        self.file.truncate()
        with blocks(self.source, decoder=self.decoder) as decoding:
            if exact and decoding.rate != RATE:
                return False
            self.decoding, self.peak = decoding, 0.0
            channels = planned_channels(decoding.channels, self.recipe)
            self.out = PcmFile(self.file, self.recipe.format, channels)
            dither: Dither | None = None
            for block in self._blocks(decoding):
                self.peak = max(self.peak, levels.peak(block))
                dither = dither or Dither(seed=zlib.crc32(block.tobytes()))
                words = exact_int16(block) if exact else dither.to_int16(block, gain)
                if words is None:
                    return False
                self.out.write(words)
        return True

    def _blocks(self, decoding: Decoding) -> Iterator[Samples]:
        for block in prepared(decoding, decoding.places, decoding.rate):
            yield edit.to_mono(block) if self.recipe.channels == "mono" else block
