"""Folders of sounds that can be told apart in what becomes of them: each has its own pitch."""

import hashlib
import io
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from tests import sounds
from tests.e2e.instance import Instance
from tests.hostile import KINDS

# extension, subtype, rate; the first four are exact to the frame
FORMATS = [
    (".wav", "PCM_24", 44_100),
    (".aiff", "PCM_16", 48_000),
    (".flac", "PCM_16", 96_000),
    (".wav", "PCM_16", 22_050),
    (".mp3", None, 44_100),
    (".ogg", "VORBIS", 44_100),
    (".m4a", None, 44_100),
]
PEAK_DB = -12.0
"""Low enough for encoders of lossy formats, which overshoot where a tone begins."""

LOSSLESS = (".wav", ".aiff", ".flac")
LOSSY_SLACK = 2_400
"""Frames by which a lossy codec may miss the length: its blocks and its delay."""

BROKEN = [
    "flac_header_only", "mp3_rate_changes_midway", "mp3_channels_change_midway",
    "m4a_of_no_known_codec", "m4a_edit_beyond_the_end", "m4a_of_2_to_the_31_edits",
    "m4a_sound_of_no_time_scale", "m4a_of_2_to_the_32_samples", "m4a_samples_of_2_gb",
    "m4a_samples_beyond_the_end", "m4a_of_nothing_but_noise", "ogg_first_page_only",
    "ogg_cut_in_its_headers",
]  # fmt: skip
"""Kinds whose header passes the door, so that a worker finds out what they are."""


@dataclass(frozen=True)
class Tone:
    """A sound of one pitch; seconds are of the source."""

    name: str
    suffix: str
    subtype: str | None
    rate: int
    hertz: float
    frames: int
    channels: int

    @classmethod
    def numbered(cls, number: int, seconds: float) -> "Tone":
        """Return one that differs from all others."""
        suffix, subtype, rate = FORMATS[number % len(FORMATS)]
        return cls(
            name=f"tone_{number:04}",
            suffix=suffix,
            subtype=subtype,
            rate=rate,
            hertz=150 + 6.0 * number,
            frames=round(seconds * rate),
            channels=1 + number % 2,
        )

    def write(self, folder: Path) -> Path:
        """Write the file."""
        path = folder / f"{self.name}{self.suffix}"
        signal = sounds.sine(
            self.hertz,
            frames=self.frames,
            rate=self.rate,
            peak_db=PEAK_DB,
            channels=self.channels,
        )
        if self.suffix == ".m4a":
            return sounds.write_m4a(path, signal, rate=self.rate)
        return sounds.write(path, signal, rate=self.rate, subtype=self.subtype)

    def heard(self, folder: Path) -> list[float]:
        """Return the levels of its tone in the file itself: encoders may miss the one asked for."""
        if self.suffix in LOSSLESS:
            return [PEAK_DB] * self.channels
        with av.open(str(folder / f"{self.name}{self.suffix}")) as file:
            blocks = [frame.to_ndarray().T for frame in file.decode(audio=0)]
        return self.levels(np.concatenate(blocks), self.rate)

    def levels(self, samples: np.ndarray, rate: int) -> list[float]:
        """Return the levels of its tone in each channel, away from the ends."""
        edge = len(samples) // 10
        sides = samples[edge : len(samples) - edge].T
        return [sounds.level_at(side, self.hertz, rate) for side in sides]

    def fault(self, converted: bytes, folder: Path) -> str:
        """Say what is wrong with what became of its file in a folder; nothing when it is right."""
        with wave.open(io.BytesIO(converted)) as file:
            form = (file.getframerate(), file.getsampwidth(), file.getnchannels())
            frames = file.getnframes()
            words = np.frombuffer(file.readframes(frames), "<i2").reshape(-1, form[2])
        if form != (48_000, 2, self.channels):
            return f"{self.name}: rate, bytes and channels are {form}"
        expected = -(-self.frames * 48_000 // self.rate)
        if abs(frames - expected) > (0 if self.suffix in LOSSLESS else LOSSY_SLACK):
            return f"{self.name}: {frames} frames instead of {expected}"
        levels, wanted = self.levels(words / 32_768, 48_000), self.heard(folder)
        if not np.allclose(levels, wanted, atol=0.2):
            return f"{self.name}: its tone is at {levels} dB instead of {wanted}"
        return ""


@dataclass(frozen=True)
class Bad:
    """A sound that cannot be exported: how it is made, harmed later, and what is said of it."""

    name: str
    write: Callable[[Path], Path]
    harm: Callable[[Path], None] | None
    phrase: str


def bad_ones() -> list[Bad]:
    """Return nineteen: broken, too short, gone from the disk, overwritten there."""
    broken = [Bad(name, KINDS[name].write, None, "Failed to load audio: ") for name in BROKEN]
    short = [_bad(f"blip_{n}", n, 0.05, None, "Duration too short: ") for n in (9_001, 9_002)]
    gone = [_bad(f"gone_{n}", n, 1, Path.unlink, "Audio file not found: ") for n in (9_003, 9_004)]
    noise = [_bad(f"noise_{n}", n, 1, _overwrite, "Failed to load audio: ") for n in (9_005, 9_006)]
    return [*broken, *short, *gone, *noise]


def _bad(
    name: str, number: int, seconds: float, harm: Callable[[Path], None] | None, phrase: str
) -> Bad:
    tone = Tone(name, ".wav", "PCM_16", 44_100, number / 10, round(seconds * 44_100), 1)
    return Bad(name, tone.write, harm, phrase)


def _overwrite(path: Path) -> None:
    size = path.stat().st_size
    path.chmod(0o600)
    path.write_bytes(np.random.default_rng(404).bytes(size))


def blob(instance: Instance, source: Path) -> Path:
    """Return where an instance keeps the bytes of a file."""
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    return instance.data / "media/blobs" / digest[:2] / digest


def forget(instance: Instance) -> None:
    """Let the next export convert everything again, as if nothing had been exported before."""
    instance.rows("UPDATE exports_exportitem SET render_id = NULL")
    instance.rows("DELETE FROM exports_render")
    for path in (instance.data / "media/renders").rglob("*.*"):
        path.unlink()
