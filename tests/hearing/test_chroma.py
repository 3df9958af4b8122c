"""What pitch classes are heard in tones of known pitch."""

import numpy as np
import pytest

from library.audio.hearing.chroma import (
    HOP,
    LONG,
    NAMES,
    SHORT,
    balanced,
    chromas,
    find_peaks,
    tuning,
)

RATE = 22_050
C4, E4, G4 = 60, 64, 67


def tones(*pitches, seconds=2.0, cents=0.0, peak=0.3):
    """Pure tones of MIDI pitches, all at once."""
    clock = np.arange(int(seconds * RATE)) / RATE
    hertz = [440 * 2 ** ((pitch + cents / 100 - 69) / 12) for pitch in pitches]
    return sum(peak * np.sin(2 * np.pi * each * clock) for each in hertz).astype(np.float32)


def rows(heard):
    return dict(zip(NAMES, heard.chromas, strict=True))


@pytest.mark.parametrize("size", [LONG, SHORT])
@pytest.mark.parametrize("hertz", [55.0, 440.0, 1234.5, 3000.0])
def test_a_peak_is_found_between_the_bins(hertz, size):
    clock = np.arange(2 * RATE) / RATE
    peaks = find_peaks(np.sin(2 * np.pi * hertz * clock).astype(np.float32), RATE, size)
    inside = (peaks.frame > 2) & (peaks.frame < peaks.frames - 3) & (peaks.magnitude > 0.5)
    assert inside.sum() >= peaks.frames - 6
    # A parabola through the logarithm of a Hann window's main lobe is wrong by at most 0.02 bins.
    assert np.abs(peaks.hertz[inside] - hertz).max() < 0.03 * RATE / size


def test_there_is_a_frame_every_2048_samples():
    assert find_peaks(tones(69), RATE, LONG).frames == 1 + len(tones(69)) // HOP


def test_a_tone_below_and_one_above_are_left_out():
    clock = np.arange(RATE) / RATE
    outside = np.sin(2 * np.pi * 20 * clock) + np.sin(2 * np.pi * 5000 * clock)
    peaks = find_peaks(outside.astype(np.float32), RATE, LONG)
    # The ends of the tones spread over all frequencies, 40 dB below them.
    assert peaks.magnitude.max(initial=0) < 0.01


@pytest.mark.parametrize("cents", [-45, -30, 0, 12, 30, 45])
def test_the_tuning_is_heard(cents):
    peaks = find_peaks(tones(C4, E4, G4, cents=cents), RATE, LONG)
    assert tuning(peaks) == pytest.approx(cents / 100, abs=0.01)


def test_without_tones_there_is_no_tuning():
    assert tuning(find_peaks(np.zeros(RATE, np.float32), RATE, LONG)) == 0


@pytest.mark.parametrize("cents", [0, 30, -30])
def test_a_chord_is_three_pitch_classes_in_every_row(cents):
    heard = chromas(tones(C4, E4, G4, cents=cents), RATE)
    full = rows(heard)["full"]
    assert set(np.argsort(full)[-3:]) == {0, 4, 7}
    # Equal tones read up to 1.4 dB apart: one may lie half way between two bins.
    assert full[[0, 4, 7]] == pytest.approx(3**-0.5, rel=0.12)
    assert np.delete(full, [0, 4, 7]).max() < 0.05


def test_every_row_has_length_one_or_is_empty():
    heard = chromas(tones(C4, E4, G4), RATE)
    lengths = np.sqrt((heard.chromas**2).sum(axis=1))
    assert lengths[NAMES.index("bass")] == pytest.approx(0, abs=1e-9)  # nothing below 190 Hz
    assert np.delete(lengths, NAMES.index("bass")) == pytest.approx(1)


def test_registers_are_kept_apart():
    heard = rows(chromas(tones(36, 52, 91), RATE))  # 65, 165 and 1568 Hz: C, E, G
    assert set(np.flatnonzero(heard["full"] > 0.3)) == {0, 4, 7}
    assert set(np.flatnonzero(heard["below_1k"] > 0.3)) == {0, 4}
    assert set(np.flatnonzero(heard["middle"] > 0.3)) == {0, 4}
    assert set(np.flatnonzero(heard["lowest"] > 0.3)) == {0}


def test_beginning_and_end_are_kept_apart():
    heard = rows(chromas(np.concatenate([tones(C4), tones(E4), tones(G4)]), RATE))
    assert heard["first"].argmax() == 0
    assert heard["last"].argmax() == 7


def test_a_frame_four_times_as_loud_counts_twice():
    frames = np.zeros((2, 12))
    frames[0, 0], frames[1, 7] = 4, 1
    chroma = balanced(frames)
    assert chroma[0] / chroma[7] == pytest.approx(2)


def test_a_very_quiet_frame_counts_little():
    frames = np.zeros((2, 12))
    frames[0, 0], frames[1, 7] = 1, 0.0001
    assert balanced(frames)[7] < 0.001


def test_a_tone_is_tonal_and_noise_is_not():
    noise = np.random.default_rng(404).uniform(-0.5, 0.5, 2 * RATE).astype(np.float32)
    assert chromas(tones(C4), RATE).tonality == 1
    assert chromas(noise, RATE).tonality < 0.1


def test_silence_has_neither_pitch_nor_tonality():
    heard = chromas(np.zeros(RATE, np.float32), RATE)
    assert not heard.chromas.any()
    assert (heard.tuning, heard.tonality) == (0, 0)


@pytest.mark.parametrize("frames", [1, 14, 64, 1000])
def test_the_shortest_sounds_are_heard(frames):
    heard = chromas(tones(81)[1 : frames + 1], RATE)
    assert heard.chromas.shape == (9, 12)
    assert np.isfinite(heard.chromas).all()
