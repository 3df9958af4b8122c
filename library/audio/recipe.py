"""How a sound is to be converted, and what that will change: everything a plan needs.

No second description: `convert` itself reports by `planned_changes`.
"""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from library.audio.containers import file_size
from library.audio.dither import STEPS
from library.audio.units import RATE, SHORTEST_MS, gain_to_db, resampled_frames, signed

CONVERTER_VERSION = 2
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
    'guard' lowers the whole sound, 'clip' holds them. loudness_lufs: the integrated loudness to
    reach, or None to leave it; the true peak then stays at or below peak_dbtp. trim cuts silence
    off both ends. quality: soxr's word, 'HQ' or 'VHQ'.
    """

    format: Literal["wav", "aiff"] = "wav"
    channels: Literal["keep", "mono"] = "keep"
    pad_short: bool = False
    overs: Literal["guard", "clip"] = "guard"
    loudness_lufs: float | None = None
    peak_dbtp: float = -1.0
    trim: bool = False
    quality: Literal["HQ", "VHQ"] = "HQ"

    def as_json(self) -> str:
        """Return canonical text with the converter's version: equal recipes, equal text."""
        fields = asdict(self) | {"version": CONVERTER_VERSION}
        return json.dumps(fields, sort_keys=True, separators=(",", ":"))


DEFAULT = Recipe()


@dataclass(frozen=True)
class Material:
    """What is known of a decoded source: all that a plan needs.

    frames at rate (Hz); peak_48k and peak_48k_mono: linear peaks after folding and resampling,
    without and with `Recipe.channels == "mono"`; warnings of the decoder; sounding: the frames that
    trimming keeps, first and behind the last, where somebody looked.
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
    sounding: tuple[int, int] | None = None

    def kept(self, recipe: Recipe) -> int:
        """Return how many of its frames a recipe keeps."""
        if self.sounding is None or not recipe.trim:
            return self.frames
        start, end = self.sounding
        return end - start


def planned_channels(channels: int, recipe: Recipe) -> int:
    """Return 1 or 2."""
    return 1 if recipe.channels == "mono" else min(channels, 2)


def planned_frames(frames: int, rate: int, recipe: Recipe) -> int:
    """Return the exact length at 48 kHz of `frames` at `rate` Hz, already trimmed."""
    out = resampled_frames(frames, rate)
    return max(out, SHORTEST_FRAMES) if recipe.pad_short else out


def planned_size(frames: int, rate: int, channels: int, recipe: Recipe) -> int:
    """Return the exact bytes of the file that `convert` will write; frames as decoded, trimmed."""
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
    found += _level_change(material, recipe)
    found += _length_change(material, recipe)
    return (*found, *material.warnings)


def _word_change(material: Material) -> list[str]:
    depth, subtype = material.bit_depth, material.subtype
    if depth is None:
        return [f"{CODEC_NAMES.get(subtype, 'Compressed')} to 16-bit PCM"]
    if subtype in {"FLOAT", "DOUBLE"}:
        return [f"{depth}-bit float to 16-bit"]
    return [f"{depth}-bit to 16-bit"] if depth != 16 else []  # noqa: PLR2004 - the output's


def _level_change(material: Material, recipe: Recipe) -> list[str]:
    if recipe.loudness_lufs is not None:
        return [f"Loudness matched to {signed(recipe.loudness_lufs)} LUFS"]
    mono = recipe.channels == "mono"
    peak = material.peak_48k_mono if mono else material.peak_48k
    if peak <= 1:
        return []
    if recipe.overs == "clip":
        return [f"Peaks of {gain_to_db(peak):+.1f} dB clipped"]
    lowered = gain_to_db(peak / CEILING)
    return [f"Peak lowered {max(lowered, 0.1):.1f} dB"]


def _length_change(material: Material, recipe: Recipe) -> list[str]:
    found = []
    kept = material.kept(recipe)
    if kept < material.frames:
        milliseconds = max(1, round(1000 * (material.frames - kept) / material.rate))
        found.append(f"{milliseconds} ms of silence trimmed")
    if planned_frames(kept, material.rate, recipe) > resampled_frames(kept, material.rate):
        found.append(f"Padded with silence to {SHORTEST_MS} ms")
    return found
