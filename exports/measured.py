"""What the library knows of a sound, as the converter reads it."""

from kits.hardware.devices import SP404MKII
from library.audio.recipe import Material
from library.models import Sample


def measured(sample: Sample | None) -> Material | None:
    """Return the facts of a sound as the converter reads them; None until a worker has heard it.

    Only then they are exact.
    """
    if sample is None or sample.sound_start is None or sample.sound_end is None:
        return None
    peak, mono = sample.peak_48k or 0.0, sample.peak_48k_mono
    return Material(
        format=sample.format.lower(),
        subtype=sample.codec,
        bit_depth=sample.bit_depth,
        rate=sample.sample_rate or SP404MKII.rate,
        channels=sample.channels or 1,
        frames=sample.frames or 0,
        peak_48k=peak,
        peak_48k_mono=peak if mono is None else mono,
        warnings=tuple(sample.decode_warnings),
        sounding=(sample.sound_start, sample.sound_end),
        channels_equal=bool(sample.channels_equal),
    )
