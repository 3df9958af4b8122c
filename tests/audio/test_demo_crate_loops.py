"""The demo crate's loops: exact length, hits on the grid, no seam."""

import numpy as np
import pytest

from library.audio.synth.crate import DEMO, RATE
from library.audio.synth.loops import STEPS_PER_BEAT, frames_of
from tests.crate_sounds import SOUNDS, named, rendered

LOOPS = [sound.name for sound in DEMO if sound.is_loop]
TOLERANCE = 0.006  # seconds: a block of the onset finder and the rise of a drum
SOFT_TOLERANCE = 0.012  # notes swell, chords are strummed


def onsets(name):
    """Times where the level above 2 kHz in 2 ms jumps over that of 30 ms before."""
    mono = rendered(name).mean(axis=1)
    spectrum = np.fft.rfft(mono)
    spectrum[np.fft.rfftfreq(len(mono), 1 / RATE) < 2000] = 0
    audio = np.fft.irfft(spectrum, len(mono))
    block = round(0.002 * RATE)
    blocks = audio[: len(audio) // block * block].reshape(-1, block)
    level = np.sqrt(np.mean(blocks**2, axis=1))
    before = np.array([level[max(0, i - 15) : i].max(initial=0) for i in range(len(level))])
    hits = np.flatnonzero((level > 2 * before) & (level > 0.05 * level.max()))
    firsts = hits[np.diff(hits, prepend=-100) > 15]
    return firsts * block / RATE


def step_of(name):
    """Seconds of a sixteenth."""
    return 60 / SOUNDS[name].bpm / STEPS_PER_BEAT


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_is_exactly_two_bars(name):
    sound = SOUNDS[name]
    for rate in {RATE, sound.rate}:
        assert (8 * 60 * rate) % sound.bpm == 0
        assert len(sound.render(rate)) == 8 * 60 * rate / sound.bpm


def test_where_beats_are_not_whole_frames_the_length_is_the_nearest():
    assert frames_of(8, 126, 48_000) == 182_857  # 182 857.14


@pytest.mark.parametrize("name", LOOPS)
def test_hits_lie_on_the_grid(name):
    steps = onsets(name) / step_of(name)
    swing = getattr(SOUNDS[name].recipe, "swing", 0.0)
    late = np.where(np.floor(steps + 0.1) % 2 == 1, swing, 0.0)
    off = steps - late - np.round(steps - late)
    assert len(steps) >= 6
    tolerance = TOLERANCE if name in named("break") else SOFT_TOLERANCE
    assert np.abs(off).max() * step_of(name) < tolerance


@pytest.mark.parametrize("name", LOOPS)
def test_the_first_hit_is_on_the_one(name):
    assert onsets(name)[0] < TOLERANCE


@pytest.mark.parametrize("name", named("break"))
def test_the_back_beat_is_bright(name):
    mono = rendered(name).mean(axis=1)
    beat = 60 / SOUNDS[name].bpm

    def brightness(beats):
        start = round(beats * beat * RATE)
        return np.sum(np.diff(mono[start : start + round(0.06 * RATE)]) ** 2)

    assert min(brightness(beats) for beats in (1, 3, 5, 7)) > brightness(0)


@pytest.mark.parametrize("name", LOOPS)
def test_a_repeat_has_no_click_at_the_seam(name):
    audio = rendered(name)
    steps = np.abs(np.diff(np.concatenate([audio, audio]), axis=0)).max(axis=1)
    seam = steps[len(audio) - 50 : len(audio) + 20].max()
    assert np.abs(audio[0] - audio[-1]).max() < 0.001
    assert seam <= steps[: len(audio) - 51].max()


@pytest.mark.parametrize("name", ["break_jungle_140bpm_01", "keys_tines_84bpm_01"])
def test_what_rings_past_the_end_is_laid_over_the_start(name):
    tail = rendered(name)[-round(0.02 * RATE) : -round(0.002 * RATE)]
    assert np.sqrt(np.mean(tail**2)) > 0.003
