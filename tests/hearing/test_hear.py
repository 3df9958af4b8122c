"""Everything that is heard in a sound at once, of any sound that is one."""

import numpy as np
import pytest

from library import keys
from library.audio.classes import COARSE, LOOPS, ONE_SHOTS
from library.audio.hearing import hear
from library.audio.hearing.hear import warm_up
from library.audio.hearing.judge import judge
from library.audio.hearing.signal import Collector, read
from tests import sounds

RATE = 44_100


def signal_of(samples, rate=RATE):
    collector = Collector(rate, samples.shape[1])
    collector.add(samples.astype(np.float32))
    return collector.signal(len(samples))


def beat(seconds, *, bpm=120, rate=RATE):
    """Noise that is struck on every beat."""
    moments = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(404).uniform(-1, 1, moments.size)
    return (noise * np.exp(-20 * (moments % (60 / bpm))))[:, None]


def test_a_loop_is_heard_with_all_that_belongs_to_it():
    heard = hear.hear(signal_of(beat(4.0)))
    assert heard.is_loop
    assert heard.bpm == 120
    assert heard.heard_class in LOOPS
    assert heard.coarse in COARSE.values()
    assert heard.onsets.seconds == pytest.approx(np.arange(8) / 2, abs=0.002)
    assert (heard.descriptor.shape, heard.descriptor.dtype) == ((64,), np.float16)
    assert len(heard.rhythm) > 16
    assert heard.fingerprint
    for sure in (heard.kind_confidence, heard.bpm_confidence, heard.class_confidence):
        assert 0 <= sure <= 1


def test_a_one_shot_has_no_rhythm():
    heard = hear.hear(signal_of(beat(0.4)))
    assert not heard.is_loop
    assert heard.heard_class in ONE_SHOTS
    assert len(heard.rhythm) == 0


def test_a_chord_has_its_key():
    chord = sum(sounds.sine(hz, frames=3 * RATE, rate=RATE) for hz in (220, 277.18, 329.63)) / 3
    heard = hear.hear(signal_of(chord))
    assert (heard.key, heard.tonality > 0.6) == ("A", True)
    assert heard.key_second in keys.CAMELOT


@pytest.mark.parametrize(
    "samples",
    [
        sounds.noise(frames=64),
        sounds.click(frames=64),
        sounds.click(frames=RATE, at=RATE - 1),
        np.ones((RATE, 1)),
        np.where(np.arange(2 * RATE) % 2, 1.0, -1.0)[:, None],
        sounds.sine(20, frames=2 * RATE, rate=RATE),
        sounds.silence(frames=2 * RATE) + sounds.click(frames=2 * RATE, at=RATE),
        1e-4 * sounds.noise(frames=RATE),
    ],
    ids=["short", "click", "end", "constant", "highest", "lowest", "a click", "faint"],
)
def test_no_sound_is_too_odd(samples):
    heard = hear.hear(signal_of(samples))
    assert np.isfinite(heard.descriptor).all()
    assert np.isfinite([heard.kind_confidence, heard.class_confidence, heard.tonality]).all()
    assert heard.key in {"", *keys.CAMELOT}


def test_of_ten_minutes_the_length_counts_and_the_beginning_is_heard():
    collector = Collector(8_000, 1)
    block = beat(60.0, rate=8_000).astype(np.float32)
    for _ in range(10):
        collector.add(block)
    heard = hear.hear(collector.signal(10 * len(block)))
    assert heard.onsets.seconds.max() < 40
    assert heard.bpm is not None


def test_the_same_sound_is_heard_the_same_again():
    first, second = (hear.hear(signal_of(beat(2.0))) for _ in range(2))
    assert first.descriptor.tobytes() == second.descriptor.tobytes()
    assert first.fingerprint == second.fingerprint
    assert first.bpm_confidence == second.bpm_confidence


def test_a_sound_without_a_tempo_has_no_rhythm_even_as_a_loop():
    found = hear.tempo(signal_of(sounds.noise(frames=64)))
    assert found.bpm is None
    assert len(hear._rhythm(found, 0.001)) == 0


def test_what_is_made_once_is_made_before_the_fork():
    warm_up()
    models = (hear.tempo, hear.kind, hear.key, hear.onsets)
    loaded = [__import__(one.__module__, fromlist=["model"]).model for one in models]
    assert all(model.cache_info().currsize for model in loaded)


def test_names_are_witnesses(tmp_path):
    path = sounds.write(tmp_path / "dusty_90bpm.wav", beat(16 / 3, bpm=90), RATE, "PCM_16")
    judged = judge(read(path), path, path.name, "Loops")
    assert judged.hinted.bpm.value == 90
    assert judged.verdict.heard.bpm == 90
    assert judged.verdict.heard.bpm_confidence >= judged.heard.bpm_confidence
