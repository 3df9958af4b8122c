"""What a converter makes of words, lengths, channels and loudness."""

from functools import cache

import numpy as np

from library.audio.units import resampled_frames
from tests import measure, sounds
from tests.targets.through import RATE, STEPS, CannotDo
from tests.targets.tones import middle, tone


def dither_residual(through):
    """What rounding adds, in steps rms."""
    samples = sounds.noise(frames=4 * RATE, peak_db=-12, channels=2)
    error = through.words(samples, RATE) - samples.astype(np.float64) * STEPS
    return float(np.sqrt(np.mean(error**2)))


def over_error(through):
    """What is added, in steps rms, to a sine whose samples reach full scale and its tops +3 dB.

    A quarter of the rate, 45 degrees late: samples at 1, 1, -1, -1, the wave itself at 1.41.
    """
    quarter = np.array([1, 1, -1, -1], np.float32)
    samples = np.tile(quarter, 44_100)[:, None]
    _, _, rest = measure.fit(middle(through.line(samples, 44_100)), [11_025])
    return float(np.sqrt(np.mean(rest**2))) * STEPS


def changed_words(through):
    """Words that are not the source's, where it had 48 kHz and 16 bits."""
    samples = sounds.words(sounds.noise(frames=RATE, peak_db=0, channels=2))
    samples[:4] = [[32_767, -32_768], [-32_768, 32_767], [0, 1], [-1, 0]]
    worst = 0
    for suffix in (".wav", ".flac", ".aiff"):
        out = through.words(samples, RATE, subtype="PCM_16", suffix=suffix)
        if out.shape != samples.shape:
            raise CannotDo("another length")
        worst = max(worst, int(np.count_nonzero(out != samples)))
    return worst


def silence(through):
    """Largest word in what was silent."""
    worst = 0
    for rate, subtype in ((44_100, "PCM_16"), (48_000, "PCM_16"), (96_000, "PCM_24")):
        out = through.words(sounds.silence(frames=rate, channels=2), rate, subtype=subtype)
        worst = max(worst, int(np.abs(out.astype(int)).max(initial=0)))
    return worst


# ── Lengths and channels ────────────────────────────────────────────────────

RATES = (8_000, 11_025, 22_050, 44_100, 48_000, 88_200, 96_000, 192_000)
LENGTHS = (1, 2, 3, 147, 1_000, 4_409, 22_050, 44_100, 96_001)


def length_error(through):
    """Worst difference to ceil(frames x 48000 / rate)."""
    worst = 0
    for number, frames in enumerate(LENGTHS):
        for rate in RATES[number % 2 :: 2]:
            out = through.words(sounds.noise(frames=frames), rate)
            worst = max(worst, abs(len(out) - -(-frames * 48_000 // rate)))
    return worst


MP3_OGG = ((".mp3", None), (".ogg", "VORBIS"))
MP4 = ((".m4a", "aac"), (".m4a", "alac"))


@cache
def bursts(rate):
    """Noise that comes and goes, with most of its strength where lossy coders keep it."""
    line = np.repeat(sounds.noise(frames=rate // 4, peak_db=-12), 8)[: 2 * rate - 777]
    return line[:, None]


def coded(through, kinds):
    """Give what came out of files with lossy codes (and ALAC), and what should have."""
    for rate in (44_100, 48_000):
        original = bursts(rate)
        ideal = measure.resampled_exactly(original[:, 0], rate)
        ideal = np.resize(ideal, resampled_frames(len(original), rate))
        for suffix, subtype in kinds:
            yield through.line(original, rate, subtype=subtype, suffix=suffix), ideal


def coded_length(kinds, through):
    """Worst difference to the length before coding."""
    return max(abs(len(line) - len(ideal)) for line, ideal in coded(through, kinds))


def coded_lag(kinds, through):
    """Frames by which the sound comes late or early, at worst."""
    return max(abs(measure.lag(line, ideal)) for line, ideal in coded(through, kinds))


def crosstalk(through):
    """A tone of one side, found on the other, relative to it."""
    stereo = np.hstack((tone(997, -1, 44_100, 4), tone(1_501, -1, 44_100, 4)))
    out = through.words(stereo, 44_100) / STEPS
    leaks = measure.level(out[:, 1], 997), measure.level(out[:, 0], 1_501)
    return max(leaks) + 1


def fold_down_error(through):
    """Worst error in dB of 5.1 folded to stereo by BS.775: left, right, middle, back; no LFE."""
    tones = {"FL": 400, "FR": 600, "FC": 900, "LFE": 60, "BL": 1_300, "BR": 1_700}
    line = [tone(hz, -20, RATE, 2) for hz in tones.values()]
    out = through.words(np.hstack(line), RATE, subtype="PCM_24", suffix=".flac") / STEPS
    if out.shape[1] != 2:
        raise CannotDo(f"{out.shape[1]} channels")
    left, right = ([measure.level(side, hz) for hz in tones.values()] for side in out.T)
    front, wrong = left[0], -60.0
    side = front - 3.01
    errors = [front - right[1], left[2] - side, right[2] - side, left[4] - side, right[5] - side]
    leaks = [right[0], left[1], left[3], right[3], right[4], left[5]]
    return max(np.abs(errors).max(), *(max(0.0, leak - front - wrong) for leak in leaks))


# ── Loudness ────────────────────────────────────────────────────────────────


@cache
def songs():
    """A dense loop, a sparse one, a soft one and a one-shot, all with another loudness."""
    noise = sounds.noise(frames=5 * 44_100, peak_db=-20, channels=2)
    beat = np.exp(-np.arange(len(noise)) % 22_050 / 4_000)[:, None].astype(np.float32)
    shot = sounds.sine(110, frames=13_230, rate=44_100, peak_db=-2)
    fall = np.exp(-np.arange(13_230) / 3_000)[:, None].astype(np.float32)
    chord = tone(220, -34, 44_100, 4) + tone(331, -34, 44_100, 4)
    return noise, sounds.noise(frames=5 * 44_100, peak_db=-6, channels=2) * beat, chord, shot * fall


def loudness_miss(through):
    """Worst distance from -16 LUFS of those whose peaks left room for it, in LU."""
    worst = 0.0
    for samples in songs():
        out = through.words(samples, 44_100, lufs=-16.0) / STEPS
        missing = abs(measure.loudness_lufs(out) + 16)
        room = -1 - measure.true_peak_db(out)
        worst = max(worst, missing if room > 0.3 else 0.0)
    return worst


def loudest_peak(through):
    """Highest true peak of files that were brought to -16 LUFS, in dB."""
    outs = [through.words(samples, 44_100, lufs=-16.0) / STEPS for samples in songs()]
    return max(measure.true_peak_db(out) for out in outs)
