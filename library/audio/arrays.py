"""Arrays and tensors of other programs, made into clips.

Nothing here knows NumPy's relatives by name: what has the methods of a tensor is taken for one, so
that PyTorch is never imported.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from library.audio.clip import Clip, Samples
from library.audio.errors import OutOfBounds, UnusableArray
from library.audio.files import LOUDEST
from library.audio.headers import LONGEST_SECONDS, check_bounds
from library.audio.levels import peak

MOST_CHANNELS = 2
WIDEST = 4
"""Bytes of the widest whole numbers that sound is kept in."""

EXACT = 2
"""Bytes of the widest whole numbers that float32 holds exactly."""

Array = npt.NDArray[Any]


def clip_of(array: object, sample_rate: float) -> Clip:
    """Return an array or a tensor as a clip of one or two channels; raises AudioError.

    Floats count as they are, full scale at -1..1; whole numbers of 8 to 32 bits by their own full
    scale, those without a sign around its middle. A sound has at least one frame, lasts at most an
    hour at 4 to 384 kHz, and all its samples are numbers. Inside they are float32.
    """
    rate = whole_rate(sample_rate)
    values = on_this_machine(array)
    placed = frames_first(values)
    if len(placed) > LONGEST_SECONDS * rate:
        raise OutOfBounds("the sound is longer than 60 minutes")
    samples = in_full_scale(placed)
    loudest = peak(samples)
    if not math.isfinite(loudest):
        raise UnusableArray("the audio holds values that are infinite or no numbers")
    if loudest > LOUDEST:
        raise UnusableArray("the audio holds values that are too large to be sound")
    return Clip(samples, rate)


def whole_rate(sample_rate: float) -> int:
    """Return a rate in whole hertz, of 4 to 384 kHz; raises AudioError for any other."""
    try:
        rate = int(sample_rate)
    except (TypeError, ValueError, OverflowError) as error:
        raise UnusableArray(f"{sample_rate!r} is no rate in hertz") from error
    if rate != sample_rate:
        raise UnusableArray(f"{sample_rate!r} is no rate in whole hertz")
    check_bounds(rate, 1)
    return rate


def on_this_machine(array: object) -> Array:
    """Return an array-like or tensor-like thing as an array of real numbers."""
    if np.ma.is_masked(array):
        raise UnusableArray("some of the audio is masked: fill it with what is to be heard there")
    try:
        values = np.asarray(_from_tensor(array))
    except (TypeError, ValueError, RuntimeError) as error:
        name = type(array).__name__
        raise UnusableArray(f"a {name} cannot become an array: {error}") from error
    if not _is_sound(values.dtype):
        raise UnusableArray(f"numbers of type {values.dtype} are no audio, shape {values.shape}")
    return values


def _is_sound(kind: np.dtype[Any]) -> bool:
    return kind.kind == "f" or (kind.kind in "iu" and kind.itemsize <= WIDEST)


def _from_tensor(array: Any) -> Any:
    """Take a tensor out of its graph and off its device; what cannot do that stays as it is.

    NumPy has no word for some floats of tensors (bfloat16), so all become usual ones, and that
    where the tensor lies: what travels is no larger than it has to be.
    """
    for step in ("detach", "float", "cpu", "numpy"):
        is_wanted = step != "float" or "float" in str(getattr(array, "dtype", ""))
        if is_wanted and hasattr(array, step):
            array = getattr(array, step)()
    return array


def frames_first(values: Array) -> Array:
    """Return frames x channels of one dimension, or of two in either order.

    Of two the first is the channels where it is 1 or 2 and the second is larger. Raises
    UnusableArray for anything else, and for nothing at all.
    """
    shape = values.shape
    if values.ndim == 1:
        placed = values[:, np.newaxis]
    elif values.ndim != 2:  # noqa: PLR2004 - frames and channels
        raise UnusableArray(f"audio has one dimension or two, not the shape {shape}")
    else:
        placed = values.T if shape[0] <= MOST_CHANNELS and shape[1] > shape[0] else values
    if not placed.size:
        raise UnusableArray(f"the audio is empty, shape {shape}")
    if placed.shape[1] > MOST_CHANNELS:
        raise UnusableArray(f"audio has one channel or two, not the shape {shape}")
    return placed


def in_full_scale(values: Array) -> Samples:
    """Return frames x channels as float32, whole numbers by their full scale."""
    kind = values.dtype
    if kind.kind == "f":
        with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused so
            return np.ascontiguousarray(values, np.float32)
    half = 2.0 ** (8 * kind.itemsize - 1)
    middle = half if kind.kind == "u" else 0.0
    samples = np.empty(values.shape, np.float32)
    # Float32 holds 16 bits exactly. Wider ones are rounded once, in pieces: NumPy keeps no copy.
    within = np.float64 if kind.itemsize > EXACT else np.float32
    np.subtract(values, middle, out=samples, dtype=within, casting="same_kind")
    samples *= np.float32(1 / half)
    return samples
