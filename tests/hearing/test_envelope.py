"""The onset envelope rises where something begins."""

import numpy as np
import pytest

from library.audio.hearing.envelope import FRAME_SECONDS, envelope, peaks
from tests.hearing.heard_signals import hiss, signal, times, tone

CLICKS = 0.5 * np.arange(8)


def laid(sound, at=CLICKS, seconds=4.0):
    line = np.zeros(round(44_100 * seconds))
    for second in at:
        start = round(second * 44_100)
        part = sound[: len(line) - start]
        line[start : start + len(part)] += part
    return signal(line).mono


@pytest.mark.parametrize("sound", [hiss(), tone(80), tone(2000)], ids=["hiss", "low", "high"])
def test_peaks_lie_where_sounds_begin(sound):
    found = peaks(envelope(laid(sound)).total)
    strong = found.seconds[found.weights > 0.5 * found.weights.max()]
    nearest = np.abs(strong[:, None] - CLICKS).min(axis=0)
    assert nearest.max() <= 1.5 * FRAME_SECONDS


@pytest.mark.parametrize(("sound", "band"), [(tone(70), 0), (tone(1200), 1), (tone(6000), 2)])
def test_a_sound_rises_in_its_band(sound, band):
    seen = envelope(laid(sound))
    frame = round(1.0 / FRAME_SECONDS)
    around = seen.bands[frame - 2 : frame + 3]
    assert around[:, band].max() >= 0.9 * around.max()
    assert seen.bands.min() >= 0
    assert seen.bands.max() <= 2


def test_the_level_does_not_matter():
    line = laid(hiss())
    loud, soft = envelope(line), envelope(line * np.float32(2**-10))
    assert soft.total == pytest.approx(loud.total, abs=1e-4)


def test_times_of_frames():
    seen = envelope(laid(hiss()))
    assert len(seen.seconds) == len(seen.total)
    assert seen.seconds[-1] == pytest.approx(4.0, abs=2 * FRAME_SECONDS)


@pytest.mark.parametrize("frames", [1, 32, 600])
def test_nothing_begins_in_silence_and_short_sounds_have_an_envelope(frames):
    seen = envelope(np.zeros(frames, np.float32))
    assert not seen.total.any()
    assert len(peaks(seen.total).seconds) == 0


def test_peaks_are_apart():
    curve = np.zeros(400)
    curve[[100, 103, 200]] = 1, 1, 2  # 17 ms apart; the first of two equals
    found = peaks(curve)
    assert found.seconds == pytest.approx(np.array([100, 200]) * FRAME_SECONDS)
    assert found.weights == pytest.approx([1, 2])


def test_a_steady_tone_begins_once():
    found = peaks(envelope(signal(np.sin(2 * np.pi * 300 * times(3)) * 0.5).mono).total)
    assert found.seconds[found.weights.argmax()] <= FRAME_SECONDS


def test_the_ripple_of_a_held_tone_is_weak():
    t = times(4.0)
    ripple = 1 + 0.05 * np.sin(2 * np.pi * 7 * t)
    line = 0.5 * ripple * np.sin(2 * np.pi * 220 * t) * np.minimum(1, 4 - t)
    found = peaks(envelope(signal(line).mono).total)
    assert found.seconds[0] <= FRAME_SECONDS
    assert found.weights[0] > 5 * found.weights[1:].max(initial=0.0)
