"""The loudness of what `write_audio` writes, told by other meters than ours."""

import numpy as np
import pytest
import soundfile

from library.audio import write_audio
from library.audio.units import db_to_gain
from tests import sounds
from tests.audio.test_loudness_meters import ebur128
from tests.measure import loudness_lufs, resampled_exactly, true_peak_db

RATE = 48_000


def kept(path):
    return soundfile.read(path, dtype="float32", always_2d=True)[0]


def music(seconds, rate, channels=1):
    """Hits that ring out over a steady chord: something with loud and soft parts."""
    moments = np.arange(round(seconds * rate)) / rate
    ring = np.sin(2 * np.pi * 220 * moments) * np.exp(-6 * (moments % 0.5))
    chord = sum(np.sin(2 * np.pi * hz * moments) for hz in (131, 196, 330, 1000)) / 16
    line = (0.2 * ring + 0.2 * chord)[:, None] * np.linspace(1, 0.5, channels)
    return line.astype(np.float32)


@pytest.mark.parametrize("bit_depth", ["PCM_16", "PCM_24", "PCM_32", "FLOAT"])
@pytest.mark.parametrize("channels", [1, 2])
def test_another_meter_finds_the_loudness_that_was_asked_for(channels, bit_depth, tmp_path):
    path = tmp_path / "out.wav"
    done = write_audio(music(4, RATE, channels), path, RATE, bit_depth=bit_depth)
    loud, _, peak = ebur128(kept(path), tmp_path / "notes")
    assert loud == pytest.approx(-16, abs=0.1)
    assert done.lufs == pytest.approx(loudness_lufs(kept(path)), abs=0.02)
    assert done.true_peak_dbtp == pytest.approx(peak, abs=0.1)
    assert not done.limited


@pytest.mark.parametrize("rate", [4000, 8000, 22_050, 32_000, 44_100, 96_000, 192_000])
def test_at_other_rates_too(rate, tmp_path):
    path = tmp_path / "out.wav"
    done = write_audio(music(3, rate, 2), path, rate)
    loud, _, peak = ebur128(kept(path), tmp_path / "notes", rate)
    assert loud == pytest.approx(-16, abs=0.5)  # its filters are bent near half of a low rate
    assert done.lufs == pytest.approx(-16, abs=0.01)
    assert done.true_peak_dbtp == pytest.approx(peak, abs=0.2)


@pytest.mark.parametrize("rate", [4000, 8000, 16_000])
def test_low_rates_are_as_loud_as_at_48_khz(rate, tmp_path):
    path = tmp_path / "out.wav"
    write_audio(music(3, rate, 2), path, rate)
    played = resampled_exactly(kept(path), rate)
    assert loudness_lufs(played) == pytest.approx(-16, abs=0.05)


@pytest.mark.parametrize("target", [-9.0, -23, -60])
def test_any_loudness_can_be_asked_for(target, tmp_path):
    path = tmp_path / "out.wav"
    steady = sounds.noise(frames=2 * RATE, peak_db=-6)
    done = write_audio(steady, path, RATE, target_lufs=target)
    assert ebur128(kept(path), tmp_path / "notes")[0] == pytest.approx(target, abs=0.1)
    assert not done.limited


@pytest.mark.parametrize("quiet_db", [-30, -45, -60])
def test_however_quiet_it_is_as_long_as_it_can_be_heard(quiet_db, tmp_path):
    path = tmp_path / "out.wav"
    write_audio(sounds.noise(frames=2 * RATE, peak_db=quiet_db), path, RATE)
    assert ebur128(kept(path), tmp_path / "notes")[0] == pytest.approx(-16, abs=0.1)


def test_what_no_one_hears_is_not_raised(tmp_path):
    path = tmp_path / "out.wav"
    faint = sounds.noise(frames=RATE, peak_db=-75)
    done = write_audio(faint, path, RATE, bit_depth="FLOAT")
    assert np.array_equal(kept(path), faint)
    assert done.lufs == -np.inf
    assert done.true_peak_dbtp == pytest.approx(true_peak_db(faint), abs=0.3)
    assert not done.limited


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
@pytest.mark.parametrize("level_db", [-40, 0, 30])
def test_the_peak_caps_the_gain_and_that_is_said(rate, level_db, tmp_path):
    path = tmp_path / "out.wav"
    moments = np.arange(2 * rate)[:, None] / rate % 0.5
    hits = np.sin(2 * np.pi * 900 * moments) * np.exp(-300 * moments)
    done = write_audio(hits * db_to_gain(level_db), path, rate)
    assert done.limited
    assert done.lufs < -16.5
    assert -1.1 <= true_peak_db(kept(path), rate) <= -1
    assert done.true_peak_dbtp == pytest.approx(true_peak_db(kept(path), rate), abs=0.05)


@pytest.mark.parametrize("rate", [22_050, 44_100, 96_000])
def test_another_meter_finds_no_peak_over_the_ceiling(rate, tmp_path):
    path = tmp_path / "out.wav"
    hiss = sounds.noise(frames=rate, channels=2)  # up to half of the rate: the hardest to meter
    assert write_audio(hiss, path, rate, target_lufs=0).limited
    assert ebur128(kept(path), tmp_path / "notes", rate)[2] <= -1


@pytest.mark.parametrize("seconds", [0.02, 0.1, 0.39])
def test_clips_under_400_ms_count_with_silence_after_them(seconds, tmp_path):
    path = tmp_path / "out.wav"
    done = write_audio(music(seconds, RATE), path, RATE, target_lufs=-30)
    assert loudness_lufs(kept(path)) == pytest.approx(-30, abs=0.1)
    assert done.lufs == pytest.approx(-30, abs=0.01)
    assert len(kept(path)) == round(seconds * RATE)


def test_one_gain_does_it_all(tmp_path):
    source = music(2, RATE, 2)
    write_audio(source, tmp_path / "out.wav", RATE, bit_depth="FLOAT")
    ratios = kept(tmp_path / "out.wav")[source != 0] / source[source != 0]
    assert ratios == pytest.approx(ratios[0], rel=1e-5)


def test_levels_stay_where_no_loudness_is_wanted(tmp_path):
    path = tmp_path / "out.wav"
    over = sounds.sine(frames=RATE, peak_db=6)
    done = write_audio(over, path, RATE, normalize=False)
    assert done.lufs == pytest.approx(loudness_lufs(kept(path)), abs=0.02)  # of what was held
    assert done.true_peak_dbtp == pytest.approx(true_peak_db(kept(path)), abs=0.1)
    assert not done.limited
    free = write_audio(over, path, RATE, normalize=False, bit_depth="FLOAT")
    assert free.true_peak_dbtp == pytest.approx(6, abs=0.05)
    assert free.lufs > done.lufs + 0.5


def test_a_sound_that_only_pushes_the_air_is_kept_from_the_ceiling(tmp_path):
    path = tmp_path / "out.wav"
    done = write_audio(np.ones(RATE * 2, np.float32), path, RATE, bit_depth="FLOAT")
    assert done.limited
    assert kept(path).max() < db_to_gain(-1)
