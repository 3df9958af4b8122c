"""The sound that a conversion to 48 kHz and 16 bits owes: each target with limit and measurement.

A target is measured through a converter: a function that takes samples and gives back the words of
the file it wrote. So the same measurements judge ours (tests) and anybody's (benchmarks). Limits
come from theory: 16 bits with triangular dither have noise of half a step (LSB), which is
-93.3 dB of a full-scale sine, and in each bin of a second's spectrum far less.
"""

from functools import partial

import numpy as np

from tests.targets import files, tones
from tests.targets.files import MP3_OGG, MP4
from tests.targets.through import CannotDo, Target, Through

__all__ = ["TARGETS", "CannotDo", "Target", "Through"]

NOTHING = -np.inf
TARGETS = (
    Target("pass band, 20 Hz – 20 kHz", "dB", 0, 0.1, 4, tones.passband),
    Target("gain at 1 kHz", "dB", 0, 0.02, 5, tones.gain),
    *(
        Target(f"alias and image, {rate / 1000:g} kHz → 48", "dBc", NOTHING, -120, 1, images)
        for rate, images in tones.images_by_rate((22_050, 44_100, 88_200, 96_000))
    ),
    Target("THD+N, 997 Hz at −1 dBFS", "dBFS", NOTHING, -92.5, 1, tones.thd_and_noise),
    Target("worst spur, 997 Hz at −1 dBFS", "dBFS", NOTHING, -118, 1, tones.spur),
    Target("sine of −100 dBFS: level", "dB", -0.5, 0.5, 2, tones.quiet_level),
    Target("sine of −100 dBFS: harmonics", "dBc", NOTHING, -18, 1, tones.quiet_harmonics),
    Target("dither and rounding", "LSB rms", 0.40, 0.65, 3, files.dither_residual),
    Target("peaks between samples, +3 dB: error", "LSB rms", 0, 0.65, 2, files.over_error),
    Target("constant error (DC)", "LSB", 0, 0.1, 4, tones.direct_current),
    Target("delay", "frames", 0, 0.01, 6, tones.delayed),
    Target("crosstalk", "dB", NOTHING, -110, 1, files.crosstalk),
    Target("length", "frames off", 0, 0, 0, files.length_error),
    Target("length from MP3, Ogg", "frames off", 0, 2, 0, partial(files.coded_length, MP3_OGG)),
    Target("length from AAC, ALAC", "frames off", 0, 2, 0, partial(files.coded_length, MP4)),
    Target("start of MP3, Ogg", "frames off", 0, 2, 0, partial(files.coded_lag, MP3_OGG)),
    Target("start of AAC, ALAC", "frames off", 0, 2, 0, partial(files.coded_lag, MP4)),
    Target("5.1 to stereo by BS.775", "dB off", 0, 0.1, 3, files.fold_down_error),
    Target("48 kHz 16-bit source", "words changed", 0, 0, 0, files.changed_words),
    Target("silence", "LSB", 0, 2, 0, files.silence),
    Target("brought to −16 LUFS", "LU off", 0, 0.3, 2, files.loudness_miss),
    Target("true peak of these", "dBTP", NOTHING, -0.8, 2, files.loudest_peak),
)
