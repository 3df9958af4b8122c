"""The engine's sounds are clean, the same each time, and as long as they should be."""

import os
import subprocess
import sys
import time
from itertools import pairwise

import numpy as np
import pytest

from library.engines.adjectives import turned
from library.engines.synthesiser import Synthesiser
from library.engines.words import SOUNDS
from tests.engines.made import made

RATE = 48_000
EVERY = sorted({name for named in SOUNDS.values() for name in named})
SINGLES = [
    *EVERY, "808 kick in C", "tom in D", "blorp", "rhodes note in A", "long sub bass", "short pad",
    "acid bass", "vocal chord in G", "wide snare", "dry choir",
]  # fmt: skip
LOOPS = [
    "boom bap 90 bpm", "lofi beat", "house 124 bpm", "techno 130", "trap 140 bpm", "funk break",
    "drum and bass 174", "garage 132 bpm", "reggaeton 95 bpm", "rock beat", "hat loop 100 bpm",
    "techno hat loop", "kick and snare loop 100 bpm", "conga loop", "808 kick 140 bpm in C minor",
    "acid line 126 bpm in D minor", "bass line 120 bpm in E minor", "reese line 174 bpm in F minor",
    "rhodes chords 84 bpm in Eb", "stab loop 128 bpm in G", "pad loop 100 bpm in C# minor",
    "choir loop 90 bpm in A minor", "shout loop 95 bpm", "wide dusty beat 90 bpm",
    "rhodes chords 174 bpm in C", "short bass line 120 bpm in A minor", "dark distorted techno 130",
]  # fmt: skip


@pytest.mark.parametrize("prompt", [*SINGLES, *LOOPS])
def test_audio_is_clean(prompt):
    audio, rate = made(prompt)
    assert rate == RATE
    assert audio.dtype == np.float32
    assert audio.ndim == 2
    assert audio.shape[1] in {1, 2}
    assert np.isfinite(audio).all()
    assert 20 * np.log10(np.abs(audio).max()) == pytest.approx(-1.0, abs=0.01)
    assert np.abs(audio.mean(axis=0)).max() < 1e-6
    assert np.abs(audio[[0, -1]]).max() < 0.001
    together = np.mean(audio.mean(axis=1) ** 2)
    assert together > 0.2 * np.mean(audio**2)


@pytest.mark.parametrize("prompt", [prompt for prompt in EVERY if prompt != "vinyl"])
def test_a_sound_does_not_end_in_silence_or_run_on(prompt):
    audio, _ = made(prompt, 3.0)
    assert len(audio) <= 3 * RATE
    level = np.abs(audio).max(axis=1)
    last = np.flatnonzero(level > 10 ** (-63 / 20))[-1]
    assert len(audio) - last < 0.2 * RATE


def test_what_is_held_lasts_as_long_as_is_asked_for():
    for prompt in ("reese bass", "organ chord", "pad", "riser", "long sub bass"):
        for duration in (1.0, 6.0):
            audio, _ = made(prompt, duration)
            assert len(audio) / RATE == pytest.approx(duration, rel=0.15), prompt


@pytest.mark.parametrize("prompt", LOOPS)
def test_a_repeat_has_no_click_at_the_seam(prompt):
    audio, _ = made(prompt)
    steps = np.abs(np.diff(np.concatenate([audio, audio]), axis=0)).max(axis=1)
    seam = steps[len(audio) - 60 : len(audio) + 30].max()
    assert np.abs(audio[0] - audio[-1]).max() < 0.001
    assert seam <= steps[: len(audio) - 61].max()


@pytest.mark.parametrize("bpm", [60, 92, 93.5, 120, 174])
@pytest.mark.parametrize("duration", [0.5, 4.0, 9.0])
def test_a_loop_is_the_whole_bars_that_fit_best(bpm, duration):
    bar = 4 * 60 / bpm
    bars = max(1, round(duration / bar))
    for prompt in ("hat loop", "sub line"):
        audio, _ = made(f"{prompt} {bpm} bpm in C", duration)
        assert len(audio) == round(bars * bar * RATE)


def test_an_effect_with_a_tempo_fills_whole_bars():
    for prompt in ("riser 128 bpm", "impact 128 bpm", "laser 128 bpm"):
        assert len(made(prompt)[0]) == 2 * 4 * 60 / 128 * RATE


PROMPTS = ["808 kick", "dusty snare", "pad in A minor", "boom bap 90 bpm", "bass line in E minor"]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_same_words_and_seed_give_the_same_bits(prompt):
    again, _ = Synthesiser(0).generate(f"  {prompt} ", 4.0)
    assert np.array_equal(again, made(prompt)[0])


def test_the_same_in_another_process():
    program = (
        "import hashlib; from library.engines.synthesiser import Synthesiser;"
        "print(hashlib.sha256(Synthesiser(3).generate('dusty snare', 1.0)[0]).hexdigest())"
    )
    told = {
        subprocess.check_output(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "1"},
        )
        for seed in ("1", "2")
    }
    assert len(told) == 1


def _picture(audio):
    """Log spectrum (dB under its peak) in 24 bands by 12 moments of the first 0.3 s."""
    mono = np.pad(audio.mean(axis=1), (0, RATE))[: round(0.3 * RATE)]
    frames = mono.reshape(12, -1)
    energy = np.abs(np.fft.rfft(frames * np.hanning(frames.shape[1]), axis=1)) ** 2
    hz = np.fft.rfftfreq(frames.shape[1], 1 / RATE)
    edges = np.geomspace(30, 18000, 25)
    bands = np.stack(
        [energy[:, (hz >= a) & (hz < b + 40)].mean(axis=1) for a, b in pairwise(edges)]
    )
    return np.maximum(10 * np.log10(bands / bands.max() + 1e-12), -60)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_another_seed_is_another_take_to_the_ear(prompt):
    one, other = (_picture(made(prompt, seed=seed)[0]) for seed in (0, 1))
    assert np.sqrt(np.mean((one - other) ** 2)) > 1.0


def _centroid(audio):
    energy = (np.abs(np.fft.rfft(audio, axis=0)) ** 2).sum(axis=1)
    return (energy * np.fft.rfftfreq(len(audio), 1 / RATE)).sum() / energy.sum()


@pytest.mark.parametrize(
    "noun", ["snare", "pad in A minor", "techno 130", "rhodes in C", "open hat"]
)
def test_dark_and_bright_are_heard(noun):
    dark, bright = (_centroid(made(f"{word} {noun}")[0]) for word in ("dark", "bright"))
    assert bright > 1.1 * dark


@pytest.mark.parametrize("noun", ["kick", "tom", "crash", "sub bass"])
def test_long_and_short_are_heard(noun):
    long, short = (len(made(f"{word} {noun}")[0]) for word in ("long", "short"))
    assert long > 1.5 * short


def test_distorted_is_denser_and_wide_is_wider():
    def crest(audio):
        return np.abs(audio).max() / np.sqrt(np.mean(audio**2))

    assert crest(made("distorted tom")[0]) < 0.8 * crest(made("tom")[0])
    wide = made("wide kick")[0]
    assert wide.shape[1] == 2
    assert np.std(wide[:, 0] - wide[:, 1]) > 0.1 * np.std(wide)
    assert made("dry choir")[0].shape[1] == 1


def test_dusty_takes_the_top_away():
    def top(audio):
        energy = (np.abs(np.fft.rfft(audio, axis=0)) ** 2).sum(axis=1)
        return energy[np.fft.rfftfreq(len(audio), 1 / RATE) > 6000].sum() / energy.sum()

    for noun in ("beat 90 bpm", "clap", "rhodes chord in C"):
        assert top(made(f"dusty {noun}")[0]) < 0.7 * top(made(noun)[0]), noun


def test_a_recipe_without_settings_stays_as_it_is():
    def recipe(studio):
        return studio.time(1.0)

    assert turned(recipe, {"seconds": 2.0}) is recipe


def test_four_seconds_are_made_in_less_than_one():
    began = time.process_time()
    Synthesiser(7).generate("choir in E minor", 4.0)
    assert time.process_time() - began < 2.0  # about 0.5 s; other tests run beside this one
