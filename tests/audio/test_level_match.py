"""One gain brings a sound to its loudness, unless peaks, too much boost or silence forbid it."""

import math

import numpy as np
import pytest
import soundfile

from library.audio import convert
from library.audio.level_match import LevelMatch
from library.audio.recipe import Recipe
from library.audio.units import db_to_gain
from tests import sounds

TARGET = -16.0


def matched(samples, *, held=True):
    match = LevelMatch(samples.shape[1], TARGET, -1.0)
    blocks = [samples[start : start + 10_000] for start in range(0, len(samples), 10_000)]
    for block in blocks:
        match.add(block)
        if not held:
            match.add_peaks(block)
    return match.result(blocks if held else None)


@pytest.mark.parametrize("held", [True, False])
def test_a_tone_reaches_the_target(held):
    # BS.1770-4: a mono sine of 997 Hz at 0 dBFS measures -3.01 LUFS
    found = matched(sounds.sine(997, frames=96_000, peak_db=-30), held=held)
    assert found.source_lufs == pytest.approx(-33.01, abs=0.03)
    assert found.gain_db == pytest.approx(17.01, abs=0.03)
    assert found.lufs == pytest.approx(TARGET, abs=0.01)
    assert not found.limited
    assert str(found) == "Loudness matched to −16 LUFS"


@pytest.mark.parametrize("held", [True, False])
def test_a_hit_stops_at_its_peak(held):
    hit = sounds.sine(997, frames=96_000, peak_db=-20) * np.exp(-np.arange(96_000) / 2_000)[:, None]
    found = matched(hit.astype(np.float32), held=held)
    assert found.limited
    assert found.lufs < TARGET
    assert np.abs(hit).max() * found.gain <= db_to_gain(-1)
    assert str(found).endswith("LUFS, limited by peak")


def test_a_boost_has_its_limit():
    found = matched(sounds.sine(997, frames=96_000, peak_db=-50))
    assert found.gain_db == pytest.approx(24, abs=0.01)
    assert str(found) == "Reached −29 LUFS, boost limited to 24 dB"


def test_silence_is_left_alone():
    found = matched(sounds.silence(frames=48_000, channels=2))
    assert found.gain == 1
    assert math.isinf(found.lufs)
    assert str(found) == "Too quiet to have a loudness, level kept"


def test_what_nobody_hears_stays_below_the_ceiling_too():
    # 0.1 Hz: the weighting takes more than 100 dB off it
    found = matched(sounds.sine(0.1, frames=480_000, peak_db=3))
    assert math.isinf(found.lufs)
    assert db_to_gain(3) * found.gain == pytest.approx(db_to_gain(-1.03), rel=1e-3)
    assert str(found) == "Too quiet to have a loudness, peak lowered"


@pytest.mark.parametrize("peak_db", [-3, -30])
def test_a_sound_too_long_to_be_held_gets_the_same_gain(tmp_path, monkeypatch, peak_db):
    noise = sounds.noise(frames=400_000, channels=2, peak_db=peak_db)
    source = sounds.write(tmp_path / "a.wav", noise, 44_100, "PCM_24")
    recipe = Recipe(loudness_lufs=TARGET)
    held = convert.convert(source, tmp_path / "held.wav", recipe)
    monkeypatch.setattr(convert, "HELD_TO_LEVEL_BYTES", 1 << 20)
    streamed = convert.convert(source, tmp_path / "streamed.wav", recipe)
    assert streamed.levelled.gain == pytest.approx(held.levelled.gain, rel=1e-6)
    assert streamed.levelled.limited == held.levelled.limited
    words = [
        soundfile.read(tmp_path / f"{name}.wav", dtype="int16")[0].astype(int)
        for name in ("held", "streamed")
    ]
    assert np.abs(words[0] - words[1]).max() <= 1
