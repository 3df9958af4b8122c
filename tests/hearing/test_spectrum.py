"""Framed spectra and mel bands read what theory says of tones and noise."""

import numpy as np
import pytest

from library.audio.hearing.spectrum import magnitudes, mel, mel_filters, to_hertz, to_mel

RATE, SIZE, HOP = 22_050, 1024, 256


def tone(bin_number, frames=4 * SIZE):
    return np.sin(2 * np.pi * bin_number / SIZE * np.arange(frames)).astype(np.float32)


def test_a_full_scale_tone_reads_one_at_its_bin():
    seen = magnitudes(tone(100), SIZE, HOP)[8]
    assert seen.argmax() == 100
    assert seen[100] == pytest.approx(1, abs=1e-4)
    assert seen[[99, 101]] == pytest.approx([0.5, 0.5], abs=1e-4)  # the Hann window's main lobe
    assert seen[:98].max() < 1e-4


@pytest.mark.parametrize(("frames", "rows"), [(1, 1), (255, 1), (256, 2), (200_000, 782)])
def test_one_frame_every_hop_and_at_least_one(frames, rows):
    seen = magnitudes(np.ones(frames, np.float32), SIZE, HOP)
    assert seen.shape == (rows, SIZE // 2 + 1)
    assert seen.dtype == np.float32


def test_frames_are_centred():
    samples = np.zeros(8 * HOP, np.float32)
    samples[4 * HOP] = 1
    energies = (magnitudes(samples, SIZE, HOP) ** 2).sum(axis=1)
    assert energies.argmax() == 4


@pytest.mark.parametrize("bands", [36, 40])
def test_mel_triangles_sum_to_one_and_overlap_in_order(bands):
    filters = mel_filters(RATE, SIZE, bands, 30, 10_500)
    assert filters.shape == (SIZE // 2 + 1, bands)
    assert filters.sum(axis=0) == pytest.approx(np.ones(bands), abs=1e-5)
    assert np.all(np.diff(filters.argmax(axis=0)) > 0)


def test_triangles_narrower_than_a_bin_take_the_nearest():
    filters = mel_filters(48_000, 256, 60, 30, 16_000)
    assert filters.sum(axis=0) == pytest.approx(np.ones(60), abs=1e-5)


def test_a_tone_shows_in_its_band():
    seen = mel(magnitudes(tone(200), SIZE, HOP), RATE, 36, 30, 10_500)[8]
    centres = to_hertz(np.linspace(to_mel(30), to_mel(10_500), 38))[1:-1]
    assert seen.argmax() == np.abs(centres - 200 * RATE / SIZE).argmin()


def test_mels_and_back():
    assert to_mel(1000) == pytest.approx(1000, abs=0.1)  # by definition of the scale
    assert to_hertz(to_mel([55, 440, 9000])) == pytest.approx([55, 440, 9000])
