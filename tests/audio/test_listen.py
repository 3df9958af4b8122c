"""One decoding for both: what is measured and what is written are the same as one by one."""

import numpy as np
import pytest

from library.audio.convert import convert
from library.audio.decoders import DAMAGED
from library.audio.listen import facts
from library.audio.recipe import Recipe
from tests import sounds


def loud(*, frames, rate=44_100, channels=2):
    tone = sounds.sine(frames=frames, rate=rate, channels=channels, peak_db=-3)
    return sounds.noise(frames=frames, channels=channels, peak_db=-6) + tone


MADE = {
    "48 kHz words": lambda path: sounds.write(
        path.with_suffix(".wav"), sounds.words(sounds.noise(channels=2)), subtype="PCM_16"
    ),
    "48 kHz, 16 bits in 24": lambda path: sounds.write(
        path.with_suffix(".wav"),
        (sounds.words(sounds.noise()) / 32768).astype(np.float32),
        subtype="PCM_24",
    ),
    "44.1 kHz": lambda path: sounds.write(
        path.with_suffix(".flac"), sounds.sweep(rate=44_100, channels=2), 44_100
    ),
    "two equal channels": lambda path: sounds.write(
        path.with_suffix(".wav"), sounds.sine(rate=44_100, channels=2), 44_100
    ),
    "over full scale": lambda path: sounds.write(
        path.with_suffix(".wav"), 3 * sounds.noise(), 44_100, subtype="FLOAT"
    ),
    "too long to be held, over full scale": lambda path: sounds.write(
        path.with_suffix(".wav"), 2 * loud(frames=900_000), 44_100, subtype="FLOAT"
    ),
    "six channels": lambda path: sounds.write(
        path.with_suffix(".wav"), sounds.noise(channels=6), 96_000
    ),
    "compressed": lambda path: sounds.write(path.with_suffix(".mp3"), loud(frames=44_100), 44_100),
    "in MP4": lambda path: sounds.write_m4a(path.with_suffix(".m4a"), loud(frames=44_100)),
    "silence": lambda path: sounds.write(path.with_suffix(".wav"), sounds.silence(), 44_100),
}


@pytest.mark.parametrize("name", MADE)
def test_hearing_and_converting_at_once_gives_what_each_gives_alone(tmp_path, name):
    path = MADE[name](tmp_path / "sound")
    alone = convert(path, tmp_path / "alone.out")
    assert facts(path, tmp_path / "together.out") == facts(path)
    assert (tmp_path / "together.out").read_bytes() == (tmp_path / "alone.out").read_bytes()
    assert not alone.repaired


def test_where_the_first_decoder_breaks_off_the_whole_is_heard_again(tmp_path):
    path = sounds.write(tmp_path / "a.flac", sounds.noise(frames=5 * 44_100, peak_db=-12), 44_100)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3_000] = bytes(3_000)
    path.write_bytes(data)
    alone = convert(path, tmp_path / "alone.wav")
    heard = facts(path, tmp_path / "together.wav")
    assert alone.repaired
    assert DAMAGED in heard.material.warnings
    assert heard == facts(path)
    assert (tmp_path / "together.wav").read_bytes() == (tmp_path / "alone.wav").read_bytes()


class Ear:
    """Keeps all that it hears."""

    def __init__(self, decoding):
        self.rate = decoding.rate
        self.decoded, self.resampled = [], []

    def source(self, block):
        self.decoded.append(block.copy())

    def at_48k(self, block):
        self.resampled.append(block.copy())


def test_a_listener_hears_all_of_the_sound_once_and_before_its_level_changes(tmp_path):
    tone = sounds.sine(frames=400_000, rate=44_100, channels=2)
    path = sounds.write(tmp_path / "a.wav", tone, 44_100, subtype="FLOAT")
    ears = []
    result = convert(
        path,
        tmp_path / "b.wav",
        Recipe(channels="mono", loudness_lufs=-30.0),
        listening=lambda decoding: ears.append(Ear(decoding)) or ears[-1],
    )
    (ear,) = ears
    assert ear.rate == 44_100
    assert np.array_equal(np.concatenate(ear.decoded), tone)
    assert np.concatenate(ear.resampled).shape == (result.frames, 1)
    assert np.abs(np.concatenate(ear.resampled)).max() == pytest.approx(0.5, rel=0.02)
