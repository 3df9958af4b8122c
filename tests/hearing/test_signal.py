"""What hearing takes of a sound: one channel at two rates, and its exact length."""

import numpy as np
import pytest

from library.audio.errors import AudioError
from library.audio.hearing import signal
from tests import sounds


def collected(samples, rate, *, block=10_000):
    collector = signal.Collector(rate, samples.shape[1])
    for start in range(0, len(samples), block):
        collector.add(samples[start : start + block])
    return collector.signal(len(samples))


@pytest.mark.parametrize(
    ("rate", "native"), [(44_100, 44_100), (48_000, 48_000), (96_000, 44_100), (22_050, 44_100)]
)
def test_a_sound_is_heard_at_two_rates(rate, native):
    heard = collected(sounds.sine(1000, frames=rate, rate=rate, peak_db=-20), rate)
    assert heard.native_rate == native
    assert (len(heard.mono), len(heard.native)) == (22_050, native)
    assert heard.mono.dtype == heard.native.dtype == np.float32
    # Its peak is brought to full scale at both rates.
    assert sounds.level_at(heard.mono, 1000, 22_050) == pytest.approx(0, abs=0.1)
    assert sounds.level_at(heard.native, 1000, native) == pytest.approx(0, abs=0.1)


def test_the_length_is_that_of_the_whole_file():
    samples = sounds.noise(frames=41 * 8_000 + 3)
    heard = collected(samples, 8_000)
    assert heard.seconds == (41 * 8_000 + 3) / 8_000
    assert heard.frames == len(samples)
    assert len(heard.mono) == 40 * 22_050
    assert (heard.rate, heard.channels) == (8_000, 1)


def test_channels_are_mixed():
    left = sounds.sine(1000, frames=44_100, rate=44_100)
    right = sounds.sine(3000, frames=44_100, rate=44_100)
    heard = collected(np.hstack((left, right)), 44_100)
    levels = [sounds.level_at(heard.native, hz, 44_100) for hz in (1000, 3000)]
    assert levels[0] == pytest.approx(levels[1], abs=0.1)
    assert heard.channels == 2


def test_of_more_than_two_channels_the_mean_is_heard():
    tone = sounds.sine(1000, frames=44_100, rate=44_100, channels=1)
    heard = collected(np.hstack((tone, 0 * tone, tone)), 44_100)
    assert sounds.level_at(heard.native, 1000, 44_100) == pytest.approx(0, abs=0.1)


def test_of_opposed_channels_the_louder_is_heard():
    tone = sounds.sine(1000, frames=44_100, rate=44_100)
    heard = collected(np.hstack((tone, -0.999 * tone)), 44_100)
    residue = sounds.residual(heard.native, 1000, 44_100)
    assert sounds.level_at(heard.native, 1000, 44_100) == pytest.approx(0, abs=0.1)
    assert np.abs(residue).max() < 1e-4  # the mix would be mostly rounding, and sound so
    other = collected(np.hstack((-0.5 * tone, tone)), 44_100)
    assert sounds.level_at(other.native, 1000, 44_100) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(
    "samples",
    [
        sounds.silence(),
        sounds.sine(peak_db=-101),
        sounds.noise(frames=63),
        sounds.noise(frames=0),
    ],
    ids=["silence", "far too quiet", "too short", "nothing"],
)
def test_nothing_is_heard_of_what_makes_no_sound(samples):
    assert collected(samples, 48_000) is None


def test_little_is_heard_of_64_frames():
    assert len(collected(sounds.noise(frames=64), 48_000).native) == 64


def test_blocks_may_be_written_over_afterwards():
    samples = sounds.sine(channels=2)
    collector = signal.Collector(48_000, 2)
    collector.add(samples)
    samples[:] = 0
    assert collector.signal(len(samples)) is not None


def test_a_file_is_read(tmp_path):
    path = sounds.write(tmp_path / "tone.flac", sounds.sine(1000, channels=2))
    heard = signal.read(path)
    assert (heard.seconds, heard.rate, heard.channels) == (1.0, 48_000, 2)
    assert sounds.level_at(heard.native, 1000) == pytest.approx(0, abs=0.1)


def test_a_file_that_is_no_sound_says_why(tmp_path):
    (tmp_path / "notes.wav").write_bytes(b"What I wanted to record")
    with pytest.raises(AudioError):
        signal.read(tmp_path / "notes.wav")
