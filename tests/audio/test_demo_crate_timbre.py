"""The demo crate by ear, in figures: every sound is what its label says."""

import numpy as np
import pytest

from library.audio.synth.crate import RATE
from library.audio.synth.tuning import PITCH_CLASSES
from library.audio.synth.vocal import VOWELS
from tests.crate_sounds import SOUNDS, chroma, named, power, rendered, share, strongest_hz


def seconds_to_fall(name, decibels):
    """Time from the loudest 5 ms to the last that is within some dB of it."""
    mono = np.abs(rendered(name)).max(axis=1)
    block = round(0.005 * RATE)
    levels = mono[: len(mono) // block * block].reshape(-1, block).max(axis=1)
    loud = np.flatnonzero(levels > levels.max() * 10 ** (-decibels / 20))
    return 0.005 * (loud[-1] - np.argmax(levels))


def triad(key):
    """Pitch classes of root, third and fifth."""
    root = PITCH_CLASSES[key.removesuffix("m")]
    return [root, (root + (3 if key.endswith("m") else 4)) % 12, (root + 7) % 12]


@pytest.mark.parametrize("name", named("kick"))
def test_kicks_live_below_150_hz_and_sink(name):
    assert share(name, 0, 150) > 0.75
    assert 40 < strongest_hz(name, 20, 150) < 80
    start = rendered(name)[: round(0.02 * RATE)].mean(axis=1)
    crossings = np.count_nonzero(np.diff(np.signbit(start)))
    assert crossings / 2 / 0.02 > 1.3 * strongest_hz(name, 20, 150)


@pytest.mark.parametrize("name", named("snare"))
def test_snares_are_a_skin_and_a_rattle(name):
    assert 140 < strongest_hz(name, 100, 400) < 260
    assert share(name, 120, 500) > 0.05
    assert share(name, 1000, RATE / 2) > 0.25
    assert share(name, 0, 120) < 0.05


@pytest.mark.parametrize("name", named("clap"))
def test_claps_are_several_bursts_of_middle_noise(name):
    assert share(name, 500, 8000) > 0.7
    assert share(name, 0, 250) < 0.05
    level = np.abs(rendered(name)[: round(0.08 * RATE)]).max(axis=1)
    block = round(0.002 * RATE)
    level = level[: len(level) // block * block].reshape(-1, block).max(axis=1)
    rises = (level[1:] > 1.8 * level[:-1]) & (level[1:] > 0.3 * level.max())
    assert np.count_nonzero(rises) >= 2


@pytest.mark.parametrize("name", named("hat"))
def test_hats_live_above_5_khz(name):
    assert share(name, 5000, RATE / 2) > 0.9


def test_open_hats_ring_longer_than_closed_ones():
    closed = [seconds_to_fall(name, 20) for name in named("hat") if "closed" in name]
    opened = [seconds_to_fall(name, 20) for name in named("hat") if "open" in name]
    assert max(closed) < 0.12
    assert min(opened) > 0.2


@pytest.mark.parametrize(
    ("name", "low_hz", "high_hz"),
    [
        ("perc_tom_01", 100, 180),
        ("perc_rim_01", 400, 3000),
        ("perc_conga_01", 200, 320),
        ("perc_shaker_01", 3500, 14000),
        ("perc_cowbell_01", 500, 4000),
        ("perc_clave_01", 2300, 2700),
    ],
)
def test_percussion_sits_where_the_instrument_does(name, low_hz, high_hz):
    assert share(name, low_hz, high_hz) > 0.8


@pytest.mark.parametrize("name", named("bass"))
def test_basses_are_low_and_in_their_key(name):
    root = PITCH_CLASSES[SOUNDS[name].key.removesuffix("m")]
    assert share(name, 0, 400) > 0.75
    assert np.argmax(chroma(name)) == root
    semitones = 12 * np.log2(strongest_hz(name, 30, 160) / 440) + 9
    assert round(semitones) % 12 == root
    assert abs(semitones - round(semitones)) < 0.35


@pytest.mark.parametrize("name", [*named("keys"), "vocal_choir_01"])
def test_chords_hold_the_triad_of_their_key(name):
    classes = chroma(name)
    root, third, fifth = triad(SOUNDS[name].key)
    wrong_third = {1: third + 1, 0: third - 1}[SOUNDS[name].key.endswith("m")] % 12
    assert np.argmax(classes) == root
    assert classes[[root, third, fifth]].sum() > 0.6
    assert min(classes[third], classes[fifth]) > 5 * classes[wrong_third]


def test_the_solo_voice_sings_its_note():
    assert np.argmax(chroma("vocal_aah_01")) == PITCH_CLASSES["A"]
    assert strongest_hz("vocal_aah_01", 180, 260) == pytest.approx(220, rel=0.01)


def _envelope_db(name, hz):
    """Level of the strongest line near a frequency."""
    lines, energy = power(name)
    near = np.abs(lines - hz) < 130
    return 10 * np.log10(energy[near].max())


def test_the_aah_has_the_mouth_of_an_aah():
    first, second, third = (1.1 * formant for formant in VOWELS["aah"])
    between = _envelope_db("vocal_aah_01", 1.1 * 1750)
    assert _envelope_db("vocal_aah_01", first) > between + 12
    assert _envelope_db("vocal_aah_01", second) > between + 9
    assert _envelope_db("vocal_aah_01", third) > between + 3


def test_the_choir_opens_from_ooh_to_aah():
    audio = rendered("vocal_choir_01").mean(axis=1)

    def above_700_hz(start):
        part = audio[round(start * RATE) : round((start + 0.6) * RATE)]
        energy = np.abs(np.fft.rfft(part)) ** 2
        return energy[round(700 * 0.6) :].sum() / energy.sum()

    assert above_700_hz(2.4) > 2 * above_700_hz(0.3)


def _quarters(name):
    """Energy of the four quarters of a sound, sum 1."""
    audio = rendered(name)
    energy = [np.sum(part**2) for part in np.array_split(audio, 4)]
    return np.array(energy) / np.sum(energy)


def test_the_riser_and_the_reversed_swell_grow():
    for name in ("fx_riser_01", "fx_reverse_01"):
        assert (np.diff(_quarters(name)) > 0).all()
        assert _quarters(name)[3] > 0.5


def test_the_impact_is_low_and_falls_slowly():
    assert share("fx_impact_01", 0, 120) > 0.5
    assert (np.diff(_quarters("fx_impact_01")) < 0).all()
    assert seconds_to_fall("fx_impact_01", 40) > 1


def test_the_vinyl_is_sparse_clicks_above_a_quiet_ground():
    level = np.abs(rendered("fx_vinyl_01")).max(axis=1)
    assert np.median(level) < 0.1 * level.max()
    clicks = np.count_nonzero(np.diff((level > 0.25 * level.max()).astype(int)) == 1)
    assert clicks > 20
    assert max(_quarters("fx_vinyl_01")) < 0.4
