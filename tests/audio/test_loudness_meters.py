"""Our meters beside independent ones: FFmpeg's ebur128, which comes with PyAV, and pyloudnorm."""

from contextlib import suppress
from itertools import pairwise

import av
import numpy as np
import pyloudnorm
import pytest
import soundfile

from library.audio.convert import convert
from library.audio.loudness import LoudnessMeter
from library.audio.recipe import Recipe
from library.audio.truepeak import TruePeakMeter
from library.audio.units import db_to_gain, gain_to_db
from tests import sounds

RATE = 48_000


def ebur128(samples, notes, rate=RATE):
    """Loudness (LUFS), range (LU), true peak (dBTP) as FFmpeg sees them; notes: a file for them."""
    step = rate // 10  # its output comes in blocks of 100 ms
    layout = {1: "mono", 2: "stereo"}[samples.shape[1]]
    graph = av.filter.Graph()
    source = graph.add_abuffer(format="flt", sample_rate=rate, layout=layout)
    meter, sink = graph.add("ebur128", "metadata=1:peak=true"), graph.add("abuffersink")
    # PyAV tells the metadata of a frame only from 17.1 on.
    note = graph.add("ametadata", f"mode=print:direct=1:file={notes}")
    for one, other in pairwise((source, meter, note, sink)):
        one.link_to(other)
    graph.configure()
    for start in range(0, len(samples), step):
        block = np.ascontiguousarray(samples[start : start + step]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(block, format="flt", layout=layout)
        frame.sample_rate, frame.pts = rate, start
        graph.push(frame)
        with suppress(av.BlockingIOError):  # what is less than 100 ms stays within
            graph.pull()
    last = dict(line.split("=") for line in notes.read_text().splitlines() if "=" in line)
    peak = gain_to_db(float(last["lavfi.r128.true_peak"]))
    return float(last["lavfi.r128.I"]), float(last["lavfi.r128.LRA"]), peak


def ours(samples):
    """The same, by our own meters."""
    loudness, peak = LoudnessMeter(samples.shape[1]), TruePeakMeter(samples.shape[1])
    loudness.add(samples)
    peak.add(samples)
    return loudness.integrated(), loudness.range_lu, gain_to_db(peak.peak)


def swelling_noise(channels):
    """Twenty seconds of noise up to 20 kHz that swells and fades, 30 dB up and down."""
    level_db = 15 * np.sin(2 * np.pi * np.arange(20 * RATE) / (7 * RATE)) - 25
    steady = sounds.noise(frames=20 * RATE, channels=channels, peak_db=0)
    spectrum = np.fft.rfft(steady * 10 ** (level_db[:, None] / 20), axis=0)
    spectrum[20 * 20_000 :] = 0
    return np.fft.irfft(spectrum, axis=0).astype(np.float32)


def sweep(channels):
    """All pitches; the last one fades, for its end would ring."""
    samples = sounds.sweep(frames=10 * RATE, channels=channels)
    samples[-4_800:] *= np.linspace(1, 0, 4_800, dtype=np.float32)[:, None]
    return samples


def strums(channels):
    """Decaying chords with rests between them: both gates have work."""
    one = sum(sounds.sine(hz, frames=5 * RATE, peak_db=-16) for hz in (110, 165, 220, 277))
    fall = np.exp(-np.arange(5 * RATE) / (0.4 * RATE)).astype(np.float32)
    return np.repeat(np.tile(one * fall[:, None], (4, 1)), channels, axis=1)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("make", [swelling_noise, strums, sweep])
def test_both_meters_agree(make, channels, tmp_path):
    samples = make(channels)
    theirs, mine = ebur128(samples, tmp_path / "notes"), ours(samples)
    assert mine[0] == pytest.approx(theirs[0], abs=0.02)  # theirs counts in steps of 0.01
    assert mine[1] == pytest.approx(theirs[1], abs=0.2)  # its first 3 s begin 0.1 s too early
    assert mine[2] == pytest.approx(theirs[2], abs=0.1)  # through another filter


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("make", [swelling_noise, strums, sweep])
def test_files_brought_to_a_loudness_have_it_for_other_meters(make, channels, rate, tmp_path):
    source, target = tmp_path / "source.flac", tmp_path / "levelled.wav"
    soundfile.write(source, make(channels), rate, "PCM_24")
    levelled = convert(source, target, Recipe(loudness_lufs=-16)).levelled
    written, _ = soundfile.read(target, dtype="float32", always_2d=True)
    lufs, _, true_peak = ebur128(written, tmp_path / "notes")
    if levelled.limited:  # as it says
        assert true_peak == pytest.approx(-1, abs=0.1)
        assert lufs < -16
    assert lufs == pytest.approx(levelled.lufs, abs=0.06)  # it hears no part of 100 ms at the end
    assert levelled.limited or levelled.lufs == pytest.approx(-16, abs=0.02)
    # Its filter is a little off at 48 kHz (0.02 to 0.06 LU).
    assert pyloudnorm.Meter(RATE).integrated_loudness(written) == pytest.approx(lufs, abs=0.1)
    assert true_peak < -1 + 0.1


@pytest.mark.parametrize("channels", [1, 2])
def test_a_file_that_cannot_be_so_loud_says_so_and_stops_at_the_ceiling(channels, tmp_path):
    source, target = tmp_path / "source.wav", tmp_path / "levelled.wav"
    hits = sounds.click(frames=3 * RATE, at=RATE, peak_db=-3, channels=channels)
    soundfile.write(source, hits + sounds.sine(frames=3 * RATE, peak_db=-60), RATE, "PCM_24")
    levelled = convert(source, target, Recipe(loudness_lufs=-16)).levelled
    assert levelled.limited
    written, _ = soundfile.read(target, dtype="float32", always_2d=True)
    lufs, _, true_peak = ebur128(written, tmp_path / "notes")
    assert lufs == pytest.approx(levelled.lufs, abs=0.05)
    assert lufs < -30
    assert true_peak == pytest.approx(-1, abs=0.1)


def test_a_softly_played_sound_near_the_gate_is_on_target_too(tmp_path):
    soft = strums(2) * np.float32(db_to_gain(-40))
    meter = LoudnessMeter(2)
    meter.add(soft)
    levelled = soft * np.float32(meter.gain_for(-40))
    assert ebur128(levelled, tmp_path / "notes")[0] == pytest.approx(-40, abs=0.02)


@pytest.mark.parametrize("rate", [16_000, 32_000, 44_100, 96_000, 192_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_we_agree_at_other_rates(rate, channels, tmp_path):
    samples = sounds.noise(frames=2 * rate, channels=channels)
    meter = LoudnessMeter(channels, rate)
    meter.add(samples)
    theirs = ebur128(samples, tmp_path / "notes", rate)[0]
    assert meter.integrated() == pytest.approx(theirs, abs=0.1)
