"""What a nasty file is: a name, a way to make it, and what must become of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from library.audio.errors import AudioError, OutOfBounds, UnreadableAudio, UnsupportedFormat
from library.audio.files import CUT_SHORT
from library.audio.units import gain_to_db
from tests import sounds

RATE = 44_100
FRAMES = 12_001
LEFT, RIGHT = (997.0, -6.0), (1_499.0, -12.0)
"""The pitch (Hz) and the peak (dB) of each channel of the usual sound."""

ABSENT = -70.0
"""A level up to which a tone counts as not there."""


@dataclass(frozen=True)
class Sound:
    """The right audio.

    frames: as decoded from the source, or from-to for lossy codecs and damage. heard: channel of
    the result, Hz, peak in dB (`ABSENT` for a tone that must not be there). warnings: all that
    the decoder must say. within_db: how exact the levels are. absent_db: up to where a tone that
    must not be there may show, as the noise of a codec.
    """

    frames: int | tuple[int, int] = FRAMES
    rate: int = RATE
    channels: int = 2
    heard: tuple[tuple[int, float, float], ...] = ((0, *LEFT), (1, *RIGHT))
    warnings: tuple[str, ...] = ()
    within_db: float = 0.1
    absent_db: float = ABSENT

    def __str__(self) -> str:
        """Say it in a line."""
        warned = "".join(f"; {warning}" for warning in self.warnings)
        return f"{self.frames} frames at {self.rate} Hz, {self.channels} channels{warned}"


@dataclass(frozen=True)
class Refusal:
    """The named error, and a phrase of its reason."""

    error: type[AudioError]
    phrase: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.error.__name__}: {self.phrase}"


@dataclass(frozen=True)
class Kind:
    """One nasty file."""

    name: str
    suffix: str
    expected: Sound | Refusal
    make: Callable[[Path], bytes | None]

    def write(self, folder: Path) -> Path:
        """Write the file into a folder and return its path."""
        path = folder / f"{self.name}{self.suffix}"
        content = self.make(path)
        if content is not None:
            path.write_bytes(content)
        return path


KINDS: dict[str, Kind] = {}

Maker = Callable[[], bytes]
Placer = Callable[[Path], bytes | None]


def kind(suffix: str, expected: Sound | Refusal) -> Callable[[Maker], Maker]:
    """Put a function that returns a file's bytes into the table, under its own name."""

    def note(make: Maker) -> Maker:
        _add(Kind(make.__name__, suffix, expected, lambda _: make()))
        return make

    return note


def place(suffix: str, expected: Sound | Refusal) -> Callable[[Placer], Placer]:
    """Put a function that makes something at a path into the table; bytes it returns go there."""

    def note(make: Placer) -> Placer:
        _add(Kind(make.__name__, suffix, expected, make))
        return make

    return note


def _add(one: Kind) -> None:
    if one.name in KINDS:
        raise ValueError(f"two kinds are called {one.name}")
    KINDS[one.name] = one


def tone(frames=FRAMES, rate=RATE, channels=2):
    """The usual sound: a tone of its own for each of up to two channels."""
    made = sounds.silence(frames=frames, channels=channels)
    for channel, (hz, peak_db) in enumerate((LEFT, RIGHT)[:channels]):
        made[:, channel] = sounds.sine(hz, frames=frames, rate=rate, peak_db=peak_db)[:, 0]
    return made


SHARES = {
    "FL": (1, 0),
    "FR": (0, 1),
    "FLC": (1, 0),
    "FRC": (0, 1),
    "LFE": (0, 0),
    "BL": (0.5**0.5, 0),
    "BR": (0, 0.5**0.5),
    "SL": (0.5**0.5, 0),
    "SR": (0, 0.5**0.5),
    "FC": (0.5**0.5, 0.5**0.5),
    "BC": (0.5**0.5, 0.5**0.5),
    "TFL": (0.5**0.5, 0),
    "TFR": (0, 0.5**0.5),
}
"""Shares of left and right, by ITU-R BS.775; tops as if they stood at the side."""

SPREAD_DB = -6.0


def pitch(number: int) -> float:
    """The pitch in Hz of one of many channels."""
    return 500.0 + 310.0 * number


def spread(channels: int, frames=FRAMES, rate=RATE):
    """A tone of its own in each of many channels, all equally loud."""
    made = sounds.silence(frames=frames, channels=channels)
    for number in range(channels):
        line = sounds.sine(pitch(number), frames=frames, rate=rate, peak_db=SPREAD_DB)
        made[:, number] = line[:, 0]
    return made


def folded(*places: str, **more) -> Sound:
    """What `spread` must sound like when its channels stand in these places."""
    sums = [sum(SHARES[place][side] for place in places) for side in (0, 1)]
    heard = []
    for number, place in enumerate(places):
        for side in (0, 1):
            share = SHARES[place][side] / max(sums)
            level = SPREAD_DB + gain_to_db(share) if share else ABSENT
            heard.append((side, pitch(number), level))
    return Sound(channels=len(places), heard=tuple(heard), **more)


CUT = (CUT_SHORT,)
MONO = ((0, *LEFT),)
NO_SAMPLES = Refusal(UnreadableAudio, "the file has no samples")
NOT_DECODED = Refusal(UnreadableAudio, "the content cannot be decoded")
NO_SOUND = Refusal(UnreadableAudio, "the file holds no sound")
NO_FORMAT = Refusal(UnsupportedFormat, "not a sound file of a known format")
NOT_REGULAR = Refusal(UnreadableAudio, "it is not a regular file")
NOT_THERE = Refusal(UnreadableAudio, "the file is not there")
WRONG_RATE = Refusal(OutOfBounds, "outside 4 to 384 kHz")
WRONG_CHANNELS = Refusal(OutOfBounds, "outside 1 to 8")
TOO_LONG = Refusal(OutOfBounds, "longer than 60 minutes")
