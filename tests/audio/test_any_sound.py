"""Any sound that can be written: the exact length, no surprise, and the same bytes again."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import example, given, settings
from hypothesis import strategies as st

from library.audio.convert import convert
from library.audio.errors import UnreadableAudio
from library.audio.files import NOT_NUMBERS
from library.audio.recipe import DEFAULT, Recipe
from library.audio.validate import validate_sample
from tests.hostile.riff import comm, extended, form, ssnd

WIDTHS = {
    "WAV": ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"),
    "WAVEX": ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"),
    "RF64": ("PCM_16", "PCM_24", "FLOAT"),
    "AIFF": ("PCM_S8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"),
    "FLAC": ("PCM_S8", "PCM_16", "PCM_24"),
}
FORMATS = [(container, width) for container, widths in WIDTHS.items() for width in widths]
RATES = (4_000, 8_000, 11_025, 22_050, 32_000, 44_100, 47_999, 48_000, 48_001, 88_200, 96_000)
BLOCK = 65_536
LEAD = 5
"""Milliseconds that trimming leaves at both ends."""


@dataclass(frozen=True)
class Sound:
    """What is written: silence, noise from the first sample on, silence; all lengths in frames."""

    form: tuple[str, str]
    rate: int
    channels: int
    frames: int
    before: int
    after: int
    peak: float
    wrong: bool

    @property
    def noisy(self):
        """Where the noise begins and ends."""
        start = min(self.before, self.frames)
        return start, max(start, self.frames - self.after)

    def write(self, path):
        """Write it."""
        samples = np.zeros((self.frames, self.channels))
        start, end = self.noisy
        drawn = np.random.default_rng(self.frames).uniform(-1, 1, (end - start, self.channels))
        samples[start:end] = self.peak * drawn
        samples[start:end][[0, -1] if end > start else []] = self.peak
        if self.wrong and self.form[1] in {"FLOAT", "DOUBLE"}:
            samples[start : end : max(1, (end - start) // 3)] = np.nan
        if self.form == ("AIFF", "PCM_S8"):  # libsndfile counts a filling byte as a frame of mono
            words = np.rint(np.clip(samples, -1, 1) * 127).astype(np.int8)
            about = comm(self.frames, self.channels, 8, extended(self.rate))
            path.write_bytes(form(about, ssnd(words.tobytes())))
        else:
            soundfile.write(path, samples, self.rate, self.form[1], format=self.form[0])

    def kept(self):
        """Frames that are left when silence is trimmed: nothing is, of nothing but silence."""
        start, end = self.noisy
        if start == end:
            return self.frames
        lead = LEAD * self.rate // 1_000
        return min(self.frames, end + lead) - max(0, start - lead)


lengths = st.one_of(st.integers(0, 5), st.integers(0, 6_000), st.integers(BLOCK - 2, BLOCK + 2))


def possible(sound):
    """FLAC counts high rates in tens of hertz."""
    is_fine = sound.form[0] != "FLAC" or sound.rate < 1 << 16
    return sound if is_fine else replace(sound, rate=sound.rate // 10 * 10)


anything = st.builds(
    Sound,
    form=st.sampled_from(FORMATS),
    rate=st.one_of(st.sampled_from(RATES), st.integers(4_000, 384_000)),
    channels=st.integers(1, 8),
    frames=lengths,
    before=st.just(0) | st.integers(0, 3_000),
    after=st.just(0) | st.integers(0, 3_000),
    peak=st.sampled_from([0.01, 0.5, 1.0, 1.9]),
    wrong=st.booleans(),
).map(possible)
recipes = st.builds(
    Recipe,
    format=st.sampled_from(["wav", "aiff"]),
    channels=st.sampled_from(["keep", "mono"]),
    pad_short=st.booleans(),
    overs=st.sampled_from(["guard", "clip"]),
    loudness_lufs=st.none() | st.floats(-40, -5),
    trim=st.booleans(),
    quality=st.sampled_from(["HQ", "VHQ"]),
)


def check(sound, recipe):
    """Convert a sound twice and hold the results against what arithmetic says."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "source.wav", Path(folder) / "target"
        sound.write(source)
        if not sound.frames:
            with pytest.raises(UnreadableAudio, match=r"has no samples|is empty"):
                convert(source, target, recipe)
            assert [path.name for path in Path(folder).iterdir()] == ["source.wav"]
            return
        result = convert(source, target, recipe)
        once = target.read_bytes()
        assert convert(source, target, recipe) == result
        assert target.read_bytes() == once
        assert result.size_bytes == len(once)
        assert {path.name for path in Path(folder).iterdir()} == {"source.wav", "target"}
        found = soundfile.info(target)
    kept = sound.kept() if recipe.trim and not is_wrong(sound) else sound.frames
    exact = -(-kept * 48_000 // sound.rate)
    wanted = max(exact, 4_800) if recipe.pad_short else exact
    if recipe.trim and is_wrong(sound):
        assert result.frames <= wanted
    else:
        assert result.frames == wanted
    assert found.frames == result.frames
    assert (found.samplerate, found.subtype) == (48_000, "PCM_16")
    assert found.channels == (1 if recipe.channels == "mono" else min(sound.channels, 2))
    assert (result.source_frames, result.source_rate) == (sound.frames, sound.rate)
    assert (NOT_NUMBERS in result.changes) == is_wrong(sound)


def is_wrong(sound):
    """Tell whether there are numbers in it that are none."""
    start, end = sound.noisy
    return sound.wrong and sound.form[1] in {"FLOAT", "DOUBLE"} and end > start


PLAIN = Sound(("WAV", "PCM_16"), 44_100, 2, 1_000, 0, 0, 0.5, wrong=False)


@settings(max_examples=250, deadline=None)
@given(anything, recipes)
@example(replace(PLAIN, frames=0), DEFAULT)
@example(replace(PLAIN, frames=1, rate=384_000), DEFAULT)
@example(replace(PLAIN, frames=1, rate=4_000, channels=8), DEFAULT)
@example(replace(PLAIN, frames=BLOCK, rate=48_000), DEFAULT)
def test_any_sound(sound, recipe):
    check(sound, recipe)


@pytest.mark.soak
@settings(max_examples=3_000, deadline=None)
@given(anything, recipes)
def test_any_sound_many_times(sound, recipe):
    check(sound, recipe)


@settings(max_examples=60, deadline=None)
@given(anything)
def test_a_sound_is_short_by_its_frames(sound):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.wav"
        sound.write(path)
        found = validate_sample(path)
    assert found.file_readable == (sound.frames > 0)
    assert found.meets_duration_requirement == (sound.frames * 10 >= sound.rate)
    assert found.valid == (found.file_readable and found.meets_duration_requirement)


@settings(max_examples=40, deadline=None)
@given(anything.filter(lambda sound: sound.frames > 0), st.sampled_from(["wav", "aiff"]))
def test_sixteen_bits_at_48_khz_keep_their_words(sound, wanted):
    container = sound.form[0]
    plain = replace(sound, form=(container, "PCM_16"), rate=48_000, channels=sound.channels % 2 + 1)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "source.wav", Path(folder) / "target"
        plain.write(source)
        convert(source, target, Recipe(format=wanted))
        before, _ = soundfile.read(source, dtype="int16")
        after, _ = soundfile.read(target, dtype="int16")
    assert np.array_equal(before, after)
