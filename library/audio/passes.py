"""One pass through a sound: blocks at 48 kHz, whoever hears them, and what is known at its end."""

from collections.abc import Callable, Iterable, Iterator

from library.audio import edit
from library.audio.clip import Samples
from library.audio.decoders import DAMAGED
from library.audio.files import Decoding
from library.audio.recipe import DEFAULT, Material, Recipe
from library.audio.resample import resampled


def passed(
    blocks_: Iterable[Samples], takers: list[Callable[[Samples], None]]
) -> Iterator[Samples]:
    """Give blocks on after each taker has had them."""
    for block in blocks_:
        for take in takers:
            take(block)
        yield block


def prepared(
    heard: Iterable[Samples], places: tuple[str, ...], rate: int, recipe: Recipe = DEFAULT
) -> Iterator[Samples]:
    """Give a sound's blocks at 48 kHz, mono or stereo, float32, before any rounding."""
    folded = (edit.fold_down(block, places) for block in heard)
    at_48k = resampled(folded, rate, quality=recipe.quality)
    return map(edit.to_mono, at_48k) if recipe.channels == "mono" else at_48k


def material_of(
    decoding: Decoding,
    peaks: tuple[float, float],
    sounding: tuple[int, int] | None,
    *,
    repaired: bool,
    channels_equal: bool = False,
) -> Material:
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
        sounding=sounding,
        channels_equal=channels_equal,
    )
