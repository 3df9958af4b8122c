"""Signals made for tests, and files of every format written from them: nothing is stored.

All signals are float32, frames x channels, full scale at -1..1.
"""

import av
import numpy as np
import soundfile

from library.audio.units import db_to_gain

MP4_CODECS = {"aac": "fltp", "alac": "s16p"}


def _spread(line, channels):
    return np.repeat(line[:, None], channels, axis=1).astype(np.float32)


def sine(hz=440.0, *, frames=48_000, rate=48_000, peak_db=-6.0, channels=1):
    """A steady tone."""
    turns = np.arange(frames) * (hz / rate)
    return _spread(db_to_gain(peak_db) * np.sin(2 * np.pi * turns), channels)


def sweep(*, frames=48_000, rate=48_000, low_hz=20.0, high_hz=20_000.0, peak_db=-6.0, channels=1):
    """A tone that rises through all pitches, each octave for as long."""
    seconds = frames / rate
    octaves = np.log(high_hz / low_hz)
    growth = np.exp(np.arange(frames) / frames * octaves)
    phase = 2 * np.pi * low_hz * seconds / octaves * (growth - 1)
    return _spread(db_to_gain(peak_db) * np.sin(phase), channels)


def noise(*, frames=48_000, peak_db=-6.0, channels=1, seed=404):
    """White noise, different in each channel."""
    drawn = np.random.default_rng(seed).uniform(-1, 1, (frames, channels))
    return (db_to_gain(peak_db) * drawn).astype(np.float32)


def click(*, frames=48_000, at=0, peak_db=0.0, channels=1):
    """One frame in silence."""
    samples = silence(frames=frames, channels=channels)
    samples[at] = db_to_gain(peak_db)
    return samples


def silence(*, frames=48_000, channels=1):
    """Nothing."""
    return np.zeros((frames, channels), np.float32)


def words(samples):
    """The 16-bit words nearest to samples, for files that must come through unchanged."""
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)


def write(path, samples, rate=48_000, subtype=None, **options):
    """Write what libsndfile can, by extension (.wav .aiff .flac .ogg .mp3); returns the path.

    int16 samples go in word for word.
    """
    form = {".aif": "AIFF", ".aifc": "AIFF"}.get(path.suffix)
    channels = samples.shape[1]
    with soundfile.SoundFile(path, "w", rate, channels, subtype, format=form, **options) as file:
        for start in range(0, len(samples), 4096):  # libsndfile's Vorbis dies of long writes
            file.write(samples[start : start + 4096])
    return path


def write_m4a(path, samples, rate=44_100, codec="aac", layout=None):
    """Write AAC or 16-bit ALAC in MP4; returns the path."""
    layout = layout or {1: "mono", 2: "stereo", 6: "5.1"}[samples.shape[1]]
    form = MP4_CODECS[codec]
    source = words(samples) if form == "s16p" else samples
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout, format=form)
        for start in range(0, len(source), 4096):
            plane = np.ascontiguousarray(source[start : start + 4096].T)
            frame = av.AudioFrame.from_ndarray(plane, format=form, layout=layout)
            frame.sample_rate, frame.pts = rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def level_at(samples, hz, rate=48_000):
    """Peak level of the tone nearest to `hz` in one channel.

    A sine and a cosine of that pitch are fitted by least squares: no window, no leakage error.
    """
    line = np.asarray(samples, np.float64).reshape(-1)
    turns = 2 * np.pi * hz / rate * np.arange(len(line))
    basis = np.stack((np.sin(turns), np.cos(turns)), axis=1)
    fitted, *_ = np.linalg.lstsq(basis, line, rcond=None)
    return float(20 * np.log10(np.hypot(*fitted)))


def residual(samples, hz, rate=48_000):
    """What is left of one channel when the tone of `hz` and a constant are taken out."""
    line = np.asarray(samples, np.float64).reshape(-1)
    turns = 2 * np.pi * hz / rate * np.arange(len(line))
    basis = np.stack((np.sin(turns), np.cos(turns), np.ones(len(line))), axis=1)
    fitted, *_ = np.linalg.lstsq(basis, line, rcond=None)
    return line - basis @ fitted


def rms_db(samples):
    """Root mean square in dB of full scale."""
    energy = np.mean(np.square(np.asarray(samples, np.float64)))
    return float(10 * np.log10(energy)) if energy else -np.inf
