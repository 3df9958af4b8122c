"""Wrong names on generated loops: what is heard clearly holds, whatever a name says."""

import random

import pytest

from benchmarks.analysis.generator.chords import chords
from benchmarks.analysis.generator.loops import loops
from library import keys
from library.audio.hearing.hear import hear
from library.audio.hearing.hints import hinted, same_tempo
from library.audio.hearing.reconcile import CLEAR, TONAL, reconcile
from library.audio.hearing.signal import Collector

SEED, COUNT = 20_261_121, 12  # a seed that no training has used


@pytest.fixture(scope="module")
def heard():
    """Hear some loops and chords; returns (what is true, what is heard, seconds)."""
    found = []
    for made in [*loops(SEED, COUNT), *chords(SEED, COUNT)]:
        samples = made.samples.reshape(len(made.samples), -1)
        collector = Collector(made.rate, samples.shape[1])
        collector.add(samples)
        signal = collector.signal(len(samples))
        found.append((made, hear(signal), signal.seconds))
    return found


def test_tempos(heard):
    dice = random.Random(404)
    clear = [
        (sound, seconds)
        for made, sound, seconds in heard
        if made.bpm and sound.is_loop and same_tempo(sound.bpm, made.bpm)
        if sound.bpm_confidence >= CLEAR
    ]
    assert len(clear) > COUNT / 3
    for sound, seconds in clear:
        for wrong in [*dice.sample(range(60, 201), 20), round(sound.bpm * 2), round(sound.bpm / 2)]:
            if not same_tempo(wrong, sound.bpm):
                verdict = reconcile(sound, hinted(f"loop {wrong} BPM.wav"), seconds)
                assert verdict.heard.bpm == sound.bpm
                assert verdict.contested == {"bpm"}


def test_keys(heard):
    clear = [
        (sound, seconds)
        for made, sound, seconds in heard
        if made.key and sound.key == keys.named(made.key[0], is_minor=made.key[1])
        if sound.tonality >= TONAL and sound.key_confidence >= CLEAR
    ]
    assert clear
    for sound, seconds in clear:
        for wrong in keys.CAMELOT.keys() - {sound.key, sound.key_second}:
            mode = "min" if wrong.endswith("m") else "maj"
            name = f"{wrong.removesuffix('m')}{mode} loop.wav"
            verdict = reconcile(sound, hinted(name), seconds)
            assert verdict.heard.key == sound.key
            assert "key" in verdict.contested


def test_right_names_make_surer(heard):
    for made, sound, seconds in heard:
        if made.bpm and sound.is_loop and same_tempo(sound.bpm, made.bpm):
            verdict = reconcile(sound, hinted(f"loop {made.bpm:g} BPM.wav"), seconds)
            assert verdict.heard.bpm_confidence > max(sound.bpm_confidence, 0.95)
            assert verdict.heard.bpm == pytest.approx(made.bpm, rel=0.02)
