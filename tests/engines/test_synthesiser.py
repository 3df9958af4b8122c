"""The engine's sounds are clean, the same each time, and as long as they should be."""

import os
import subprocess
import sys
import time
from itertools import pairwise

import numpy as np
import pytest

from library.audio import write_audio
from library.engines.adjectives import turned
from library.engines.synthesiser import Synthesiser
from library.engines.take import Take
from library.engines.vocabulary import SOUNDS
from library.engines.words import wish
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


BAR, SINGLE = 2.75, 1.5  # seconds: one bar of most tempos, and most of a hit


@pytest.mark.parametrize("prompt", [*SINGLES, *LOOPS])
def test_audio_is_clean(prompt):
    audio, rate = made(prompt, BAR if prompt in LOOPS else SINGLE)
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
    audio, _ = made(prompt, SINGLE)
    assert len(audio) <= SINGLE * RATE
    level = np.abs(audio).max(axis=1)
    last = np.flatnonzero(level > 10 ** (-63 / 20))[-1]
    assert len(audio) - last < 0.2 * RATE


def test_what_is_held_lasts_as_long_as_is_asked_for():
    for prompt in ("reese bass", "organ chord", "pad", "riser", "long sub bass"):
        for duration in (1.0, 3.0):
            audio, _ = made(prompt, duration)
            assert len(audio) / RATE == pytest.approx(duration, rel=0.15), prompt


@pytest.mark.parametrize("prompt", LOOPS)
def test_a_repeat_has_no_click_at_the_seam(prompt):
    audio, _ = made(prompt, BAR)
    steps = np.abs(np.diff(np.concatenate([audio, audio]), axis=0)).max(axis=1)
    seam = steps[len(audio) - 60 : len(audio) + 30].max()
    assert np.abs(audio[0] - audio[-1]).max() < 0.001
    assert seam <= steps[: len(audio) - 61].max()


@pytest.mark.parametrize(
    ("bpm", "duration", "beats"),
    [
        (92, 0.5, 1), (60, 1.0, 1), (92, 1.0, 1), (92, 2.0, 2), (60, 3.9, 2), (60, 4.0, 4),
        (92, 4.0, 4), (90, 4.0, 4), (120, 4.0, 8), (93.5, 5.1, 4), (93.5, 5.2, 8), (174, 4.2, 12),
    ],
)  # fmt: skip
def test_a_loop_is_the_whole_bars_that_fit_and_no_longer_than_asked(bpm, duration, beats):
    for prompt in ("house", "clap loop", "sub line", "pad loop"):
        assert Take(wish(f"{prompt} {bpm} bpm"), duration, 0).frames == round(
            beats * 60 / bpm * RATE
        )


def test_a_loop_is_made_as_long_as_it_should_be():
    for prompt, bpm, duration, beats in (
        ("clap loop", 92, 1.0, 1), ("hat loop", 93.5, 1.5, 2), ("hat loop", 120, 4.9, 8),
        ("sub line", 92, 0.5, 1), ("house without kick", 120, 2.0, 4),
    ):  # fmt: skip
        audio, _ = made(f"{prompt} {bpm} bpm", duration)
        assert len(audio) == round(beats * 60 / bpm * RATE)


def test_the_longest_sound_is_no_longer_than_asked():
    take = Take(wish("hip hop drum loop at 92 bpm"), 30.0, 0)
    assert take.frames == round(11 * 4 * 60 / 92 * RATE)


@pytest.mark.parametrize(
    ("prompt", "seconds"), [("1 bar hat loop 120 bpm", 2.0), ("snare two bars", 4.0)]
)
def test_bars_are_as_many_as_are_asked_for(prompt, seconds):
    engine = Synthesiser()
    assert len(engine.generate(prompt, 6.0)[0]) == seconds * RATE
    assert engine.note == ""


def test_what_cannot_be_had_is_told_and_forgotten_with_the_next_sound():
    engine = Synthesiser()
    audio, _ = engine.generate("8 bar hat loop 120 bpm", 4.5)
    assert len(audio) == 4 * RATE
    assert engine.note == "8 bars at 120 BPM last 16.0 s: it has fewer."
    engine.generate("blorp", 0.2)
    assert engine.note.startswith("No word of this")
    engine.generate("hat", 0.2)
    assert engine.note == ""


@pytest.mark.parametrize("prompt", ["warm pad in D minor 90 bpm", "choir loop 100 bpm in A minor"])
def test_what_is_held_has_no_gaps_in_a_loop(prompt):
    sound = np.mean(made(prompt, BAR)[0] ** 2, axis=1)
    pieces = np.concatenate([sound, sound[: RATE // 5]])
    level = [pieces[at : at + RATE // 5].mean() for at in range(0, len(sound), RATE // 20)]
    assert min(level) > 0.1 * max(level)


def _middle(audio):
    """Where the middle of its energy lies, 0 to 1."""
    energy = np.cumsum(np.mean(audio**2, axis=1))
    return np.searchsorted(energy, energy[-1] / 2) / len(energy)


@pytest.mark.parametrize("noun", ["cymbal", "snare", "rhodes in C", "trap beat 140 bpm"])
def test_reverse_plays_it_backwards(noun):
    forward, backward = made(noun, 1.8)[0], made(f"reverse {noun}", 1.8)[0]
    assert _middle(backward) > _middle(forward)
    if "bpm" not in noun:
        assert _middle(backward) > 0.6


def test_a_swell_of_little_time_is_its_end():
    assert _middle(made("reverse", 1.0)[0]) > 0.6


def test_without_reverb_nothing_rings_after():
    def rings(audio):
        energy = np.mean(audio**2, axis=1)
        return energy[round(0.35 * RATE) :].sum() / energy.sum()

    wet, dry = made("big room snare", 1.5)[0], made("big snare without room", 1.5)[0]
    assert dry.shape[1] == 1
    assert len(dry) < 0.75 * len(wet)
    for prompt in ("hat without reverb", "punchy kick no reverb"):
        assert made(prompt, 1.5)[0].shape[1] == 1
    assert rings(dry) < rings(wet)
    assert len(made("dry pad", 2.0)[0]) == pytest.approx(2 * RATE, rel=0.15)
    assert made("dry rhodes loop 120 bpm", 2.0)[0].shape[1] == 1


def test_a_drum_that_is_refused_is_not_heard():
    def low(audio):
        energy = np.abs(np.fft.rfft(audio.mean(axis=1))) ** 2
        return energy[np.fft.rfftfreq(len(audio), 1 / RATE) < 90].sum() / energy.sum()

    assert low(made("no kick, just snare loop", 2.0)[0]) < 0.02
    assert low(made("techno 130 without kick", 2.0)[0]) < 0.1 * low(made("techno 130", 2.0)[0])


@pytest.mark.parametrize("drum", ["snare", "hi-hat"])
def test_a_roll_strikes_often_and_grows(drum):
    audio, _ = made(f"{drum} roll 120 bpm", 2.0)
    assert len(audio) == 2 * RATE
    pieces = np.abs(audio).max(axis=1).reshape(32, -1).max(axis=1)
    assert pieces.min() > 0.05
    assert pieces[-8:].mean() > 1.3 * pieces[:8].mean()


@pytest.mark.parametrize("prompt", ["hat", "clap", "hat loop 120 bpm"])
def test_takes_of_one_prompt_are_about_as_loud(prompt, tmp_path):
    lufs = [
        write_audio(made(prompt, 2.0, seed)[0], tmp_path / "take.wav", RATE).lufs
        for seed in range(6)
    ]
    assert max(lufs) - min(lufs) < 3.0


def test_an_effect_with_a_tempo_fills_whole_bars():
    for prompt in ("riser 128 bpm", "impact 128 bpm", "laser 128 bpm"):
        assert len(made(prompt, 2.0)[0]) == 4 * 60 / 128 * RATE


PROMPTS = ["808 kick", "dusty snare", "pad in A minor", "boom bap 90 bpm", "bass line in E minor"]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_same_words_and_seed_give_the_same_bits(prompt):
    again, _ = Synthesiser(0).generate(f"  {prompt} ", BAR)
    assert np.array_equal(again, made(prompt, BAR)[0])


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
    one, other = (_picture(made(prompt, BAR, seed)[0]) for seed in (0, 1))
    assert np.sqrt(np.mean((one - other) ** 2)) > 1.0


def _centroid(audio):
    energy = (np.abs(np.fft.rfft(audio, axis=0)) ** 2).sum(axis=1)
    return (energy * np.fft.rfftfreq(len(audio), 1 / RATE)).sum() / energy.sum()


@pytest.mark.parametrize(
    "noun", ["snare", "pad in A minor", "techno 130", "rhodes in C", "open hat"]
)
def test_dark_and_bright_are_heard(noun):
    dark, bright = (_centroid(made(f"{word} {noun}", 2.0)[0]) for word in ("dark", "bright"))
    assert bright > 1.1 * dark


@pytest.mark.parametrize("noun", ["kick", "tom", "crash", "sub bass"])
def test_long_and_short_are_heard(noun):
    long, short = (len(made(f"{word} {noun}")[0]) for word in ("long", "short"))
    assert long > 1.5 * short


def test_distorted_is_denser_and_wide_is_wider():
    def crest(audio):
        return np.abs(audio).max() / np.sqrt(np.mean(audio**2))

    assert crest(made("distorted tom", BAR)[0]) < 0.8 * crest(made("tom", BAR)[0])
    wide = made("wide kick", BAR)[0]
    assert wide.shape[1] == 2
    assert np.std(wide[:, 0] - wide[:, 1]) > 0.1 * np.std(wide)
    assert made("dry choir", BAR)[0].shape[1] == 1


def test_dusty_takes_the_top_away():
    def top(audio):
        energy = (np.abs(np.fft.rfft(audio, axis=0)) ** 2).sum(axis=1)
        return energy[np.fft.rfftfreq(len(audio), 1 / RATE) > 6000].sum() / energy.sum()

    for noun in ("beat 90 bpm", "clap", "rhodes chord in C"):
        assert top(made(f"dusty {noun}", BAR)[0]) < 0.7 * top(made(noun, BAR)[0]), noun


def test_a_recipe_without_settings_stays_as_it_is():
    def recipe(studio):
        return studio.time(1.0)

    assert turned(recipe, {"seconds": 2.0}) is recipe


def test_four_seconds_are_made_in_less_than_one():
    began = time.process_time()
    Synthesiser(7).generate("choir in E minor", 4.0)
    assert time.process_time() - began < 2.0  # about 0.5 s; other tests run beside this one
