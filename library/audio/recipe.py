"""How a sound is to be converted, and what that will change: everything a plan needs.

No second description: `convert` itself reports by `planned_changes`.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from library.audio.baked import AS_IS, Baked
from library.audio.containers import file_size
from library.audio.dither import STEPS
from library.audio.level_match import Levelled, matched
from library.audio.units import RATE, SHORTEST_MS, gain_to_db, resampled_frames

CONVERTER_VERSION = 4
"""Goes up when the same recipe gives other bytes; renders are addressed by it."""

CEILING = (STEPS - 2) / STEPS
"""Where the guard puts the peak: with dither the largest word is still below full scale."""

SHORTEST_FRAMES = RATE * SHORTEST_MS // 1000

FADE_FRAMES = RATE // 10
"""What the fade at the end of a shortened sound takes: 100 ms."""

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
    off both ends. quality: soxr's word, 'HQ' or 'VHQ'. start and end: the part to write, in frames
    of the whole result, the latter exclusive and None for all that follows; fade_out makes its
    last 100 ms fade away. baked: how a pad plays it, cut into the sound; as a mapping, too.
    """

    format: Literal["wav", "aiff"] = "wav"
    channels: Literal["keep", "mono"] = "keep"
    pad_short: bool = False
    overs: Literal["guard", "clip"] = "guard"
    loudness_lufs: float | None = None
    peak_dbtp: float = -1.0
    trim: bool = False
    quality: Literal["HQ", "VHQ"] = "HQ"
    start: int = 0
    end: int | None = None
    fade_out: bool = False
    baked: Baked = AS_IS

    def __post_init__(self) -> None:
        """Take `baked` as stored rows have it."""
        if not isinstance(self.baked, Baked):
            object.__setattr__(self, "baked", Baked(**self.baked))

    @property
    def is_whole(self) -> bool:
        """Tell whether all of the result is written."""
        return self.start == 0 and self.end is None

    @property
    def comes_cut(self) -> bool:
        """Tell whether a pad's region is cut out first, for what is done to it alone."""
        return self.baked.is_remade or (self.baked.is_part and self.loudness_lufs is not None)

    @property
    def span(self) -> tuple[int, int | None]:
        """The frames to write of what comes to be written, the last exclusive or None.

        Unless it `comes_cut`, a sound comes whole, with what lies outside of a pad's region.
        """
        offset, limit = (0, None) if self.comes_cut else (self.baked.start, self.baked.end)
        ends = [end for end in (limit, self.cut_at) if end is not None]
        return offset + self.start, min(ends, default=None)

    @property
    def cut_at(self) -> int | None:
        """Where `end` lies in what comes to be written."""
        if self.end is None:
            return None
        return self.end + (0 if self.comes_cut else self.baked.start)

    def fields(self) -> dict[str, Any]:
        """Return plain values for a row; what no pad has changed is not mentioned."""
        found = asdict(self)
        if self.baked == AS_IS:
            del found["baked"]
        return found

    def as_json(self) -> str:
        """Return canonical text with the converter's version: equal recipes, equal text.

        Of the part nothing is said where it is the whole, nor of a pad that changes nothing.
        """
        fields = self.fields() | {"version": CONVERTER_VERSION}
        if self.is_whole:
            for name in PART:
                del fields[name]
        return json.dumps(fields, sort_keys=True, separators=(",", ":"))


PART = ("start", "end", "fade_out")


DEFAULT = Recipe()
ONE_OF_TWO = "Mono, both channels are equal"
LOWERED = "Peak lowered"


@dataclass(frozen=True)
class Material:
    """What is known of a decoded source: all that a plan needs.

    frames at rate (Hz); peak_48k and peak_48k_mono: linear peaks after folding and resampling,
    without and with `Recipe.channels == "mono"`; warnings of the decoder; sounding: the frames that
    trimming keeps, first and behind the last, where somebody looked; channels_equal: there are two,
    and every frame has the same in both.
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
    channels_equal: bool = False

    def kept(self, recipe: Recipe) -> int:
        """Return how many of its frames a recipe keeps."""
        if self.sounding is None or not recipe.trim:
            return self.frames
        start, end = self.sounding
        return end - start


def planned_channels(channels: int, recipe: Recipe) -> int:
    """Return 1 or 2."""
    return recipe.baked.channels(1 if recipe.channels == "mono" else min(channels, 2))


def planned_frames(frames: int, rate: int, recipe: Recipe) -> int:
    """Return the exact length at 48 kHz of `frames` at `rate` Hz, already trimmed."""
    out = recipe.baked.frames(resampled_frames(frames, rate))
    whole = max(out, SHORTEST_FRAMES) if recipe.pad_short else out
    end = whole if recipe.end is None else min(recipe.end, whole)
    return max(0, end - recipe.start)


def planned_size(frames: int, rate: int, channels: int, recipe: Recipe) -> int:
    """Return the exact bytes of the file that `convert` will write; frames as decoded, trimmed."""
    out = planned_frames(frames, rate, recipe)
    return file_size(recipe.format, out, planned_channels(channels, recipe))


def planned_changes(
    material: Material, recipe: Recipe, levelled: Levelled | None = None
) -> tuple[str, ...]:
    """Say in plain words what a conversion changes; the same sentences as `Result.changes`.

    levelled: what became of the loudness, which no plan knows; it stands in place of the intent.
    """
    found: list[str] = []
    if material.rate != RATE:
        found.append(f"{material.rate / 1000:g} to {RATE // 1000} kHz")
    found += _word_change(material)
    if material.channels > 2:  # noqa: PLR2004 - stereo
        found.append(f"{material.channels} channels folded down to stereo")
    if recipe.channels == "mono" and material.channels > 1:
        found.append(ONE_OF_TWO if material.channels_equal else "Stereo folded down to mono")
    found += _level_change(material, recipe, levelled)
    whole = resampled_frames(material.kept(recipe), material.rate)
    found += recipe.baked.sentences(whole)
    found += _length_change(material, recipe)
    return (*found, *material.warnings)


def _word_change(material: Material) -> list[str]:
    depth, subtype = material.bit_depth, material.subtype
    if depth is None:
        return [f"{CODEC_NAMES.get(subtype, 'Compressed')} to 16-bit PCM"]
    if subtype in {"FLOAT", "DOUBLE"}:
        return [f"{depth}-bit float to 16-bit"]
    return [f"{depth}-bit to 16-bit"] if depth != 16 else []  # noqa: PLR2004 - the output's


def _level_change(material: Material, recipe: Recipe, levelled: Levelled | None) -> list[str]:
    if recipe.loudness_lufs is not None:
        return [str(levelled) if levelled else matched(recipe.loudness_lufs)]
    mono = recipe.channels == "mono"
    peak = material.peak_48k_mono if mono else material.peak_48k
    if peak <= 1:
        return []
    if recipe.overs == "clip":
        return [f"Peaks of {gain_to_db(peak):+.1f} dB clipped"]
    lowered = gain_to_db(peak / CEILING)
    return [f"{LOWERED} {max(lowered, 0.1):.1f} dB"]


def _length_change(material: Material, recipe: Recipe) -> list[str]:
    found = []
    kept = material.kept(recipe)
    if kept < material.frames:
        milliseconds = max(1, round(1000 * (material.frames - kept) / material.rate))
        found.append(f"{milliseconds} ms of silence trimmed")
    whole = recipe.baked.frames(resampled_frames(kept, material.rate))
    if planned_frames(kept, material.rate, recipe) > whole:
        found.append(f"Padded with silence to {SHORTEST_MS} ms")
    if not recipe.is_whole:
        found.append(_part(whole, recipe))
    return found


def _part(whole: int, recipe: Recipe) -> str:
    end = whole if recipe.end is None else min(recipe.end, whole)
    if recipe.fade_out:
        return f"Shortened from {clock(whole)} to {clock(end)}, with a short fade"
    return f"Part from {clock(recipe.start)} to {clock(end)} of {clock(whole)}"


def clock(frames: int) -> str:
    """Return a time at 48 kHz as people read it: `16:00`."""
    minutes, seconds = divmod(frames // RATE, 60)
    return f"{minutes}:{seconds:02}"
