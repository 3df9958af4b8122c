"""Arrays and tensors become WAV files at one loudness, whole or not at all."""

import math
import os
from collections.abc import Iterable, Iterator, Sized
from numbers import Real
from pathlib import Path
from typing import BinaryIO, NamedTuple

from library.audio.arrays import clip_of
from library.audio.clip import Clip, Samples
from library.audio.containers import replacing, wav_header
from library.audio.decoders import WAVE_ORDER
from library.audio.depths import DEPTHS, BitDepth, Depth, lie_in_words, rows
from library.audio.errors import AudioError, OutOfBounds, UnusableArray
from library.audio.level_match import LevelMatch
from library.audio.loudness import SILENCE
from library.audio.measured import in_blocks, measured

StrPath = str | os.PathLike[str]

USUAL_LUFS = -16.0
PEAK_DBTP = -1.0
"""No true peak is lifted over this to reach a loudness."""

MOST_BYTES = (1 << 32) - 64
"""Of samples in one file: a WAV counts its bytes in 32 bits, those of its header as well."""


class _Pair(NamedTuple):
    path: Path
    size_bytes: int


class Written(_Pair):
    """A file that was written: unpacks into its path and its size in bytes, and tells more.

    lufs and true_peak_dbtp: measured from the very samples that lie in the file, -inf for silence.
    limited: the true peak kept the sound quieter than the loudness that was asked for.
    """

    lufs: float
    true_peak_dbtp: float
    limited: bool

    def __new__(
        cls,
        path: Path,
        size_bytes: int,
        lufs: float = -math.inf,
        true_peak_dbtp: float = -math.inf,
        *,
        limited: bool = False,
    ) -> "Written":
        """Put it together; without levels it is silence."""
        made = super().__new__(cls, path, size_bytes)
        made.lufs, made.true_peak_dbtp, made.limited = lufs, true_peak_dbtp, limited
        return made

    def __repr__(self) -> str:
        """Show everything."""
        told = self._asdict() | vars(self)
        return f"Written({', '.join(f'{name}={value!r}' for name, value in told.items())})"


def write_audio(
    array: object,
    path: StrPath,
    sample_rate: float,
    *,
    normalize: bool = True,
    target_lufs: float = USUAL_LUFS,
    bit_depth: BitDepth = "PCM_16",
) -> Written:
    """Write an array or a tensor as a WAV at its own rate; raises AudioError and OSError.

    array: 1-D, or 2-D with up to two channels. Channels come first where the first axis is 1 or 2
    and the second is larger, else frames do. Floats have full scale at -1..1, whole numbers (8 to
    32 bits) at theirs. sample_rate: 4 to 384 kHz, in Hz. The parents of the path are made, and a
    file that is there is replaced in one step.

    normalize: bring it to `target_lufs` (BS.1770 loudness, -70..0) by one gain, but lift no true
    peak over -1 dBTP. What is nowhere above -70 LUFS is silence and is not raised. Without it
    levels stay, and what lies beyond full scale is held there (FLOAT keeps it). bit_depth: PCM_16
    (dithered, the same bytes each time), PCM_24, PCM_32 or FLOAT.
    """
    depth = _checked(target_lufs, bit_depth)
    clip = clip_of(array, sample_rate)
    header = _header(clip, depth)
    gain, limited = _gain(clip, target_lufs) if normalize else (1.0, False)
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as file:
        file.write(header)
        levels = measured(_put(file, clip, gain, depth), clip.rate, WAVE_ORDER[clip.channels])
        file.write(bytes(file.tell() % 2))
        size = file.tell()
        file.flush()
        os.fsync(file.fileno())  # before it takes its name: a power cut leaves no half of it there
    return Written(target, size, levels.lufs, levels.true_peak_dbtp, limited=limited)


def write_audio_batch(
    arrays: Iterable[object],
    paths: Iterable[StrPath],
    sample_rate: float,
    *,
    normalize: bool = True,
    target_lufs: float = USUAL_LUFS,
    bit_depth: BitDepth = "PCM_16",
) -> list[Written]:
    """Write as many arrays as there are paths, one after the other, as `write_audio` does.

    arrays: any iterable, or one tensor that is taken apart along its first axis. A generator's are
    each taken when the one before is written. An error says in a note which sound it is about;
    what was written before it stays. Raises ValueError before anything is written where a path
    stands there twice, and where there are not as many arrays as paths.
    """
    targets = [Path(path) for path in paths]
    places = {path.parent.resolve() / path.name for path in targets}  # links would be replaced
    if len(places) < len(targets):
        raise UnusableArray("two sounds would be written to the same path")
    if isinstance(arrays, Sized) and len(arrays) != len(targets):
        raise UnusableArray(f"there are {len(arrays)} sounds for {len(targets)} paths")
    done: list[Written] = []
    for array, path in zip(arrays, targets, strict=True):
        try:
            done.append(
                write_audio(
                    array,
                    path,
                    sample_rate,
                    normalize=normalize,
                    target_lufs=target_lufs,
                    bit_depth=bit_depth,
                )
            )
        except (AudioError, OSError) as error:
            error.add_note(f"This is sound {len(done) + 1} of {len(targets)}, for {path}.")
            raise
    return done


def _checked(target_lufs: float, bit_depth: str) -> Depth:
    if bit_depth not in list(DEPTHS):  # anything can be looked for in a list
        raise UnusableArray(f"the bit depth {bit_depth!r} is none of {', '.join(DEPTHS)}")
    if not isinstance(target_lufs, Real):
        raise UnusableArray(f"{target_lufs!r} is no loudness in LUFS")
    if not SILENCE <= target_lufs <= 0:
        raise OutOfBounds(f"a loudness of {target_lufs:g} LUFS is outside -70 to 0")
    return DEPTHS[bit_depth]


def _header(clip: Clip, depth: Depth) -> bytes:
    """Return the head of the file; raises OutOfBounds where it cannot tell of so much."""
    if clip.samples.size * depth.width > MOST_BYTES:
        raise OutOfBounds("a WAV holds no more than 4 GiB")
    return wav_header(clip.frames, clip.channels, clip.rate, depth.width, floats=depth.floats)


def _gain(clip: Clip, target_lufs: float) -> tuple[float, bool]:
    """Return the linear gain that brings a clip to a loudness, and whether its peak limits it."""
    match = LevelMatch(
        clip.channels, target_lufs, PEAK_DBTP, most_boost_db=math.inf, rate=clip.rate
    )
    for block in in_blocks(clip):
        match.add(block)
    levelled = match.result(in_blocks(clip))
    return levelled.gain, levelled.limited


def _put(file: BinaryIO, clip: Clip, gain: float, depth: Depth) -> Iterator[Samples]:
    """Write a clip, and give on what was written."""
    exact = gain == 1 and lie_in_words(in_blocks(clip))
    for stored, samples in rows(in_blocks(clip), gain, depth, exact=exact):
        file.write(stored)
        yield samples
