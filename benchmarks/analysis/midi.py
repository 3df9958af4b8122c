"""Notes played by fluidsynth on a General MIDI soundfont: sounds whose truth is written down."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

Mono = npt.NDArray[np.float32]

RATE = 44_100
TICKS = 480
"""In a quarter note; at 125 beats a minute that is 1000 ticks a second."""

TEMPO = 480_000
"""Microseconds in a quarter note."""

DRUMS = 9
"""The channel that plays drums, counted from 0."""

DRY = ("fluidsynth", "-ni", "-R", "0", "-C", "0", "-g", "0.6", "-O", "float")
"""Without reverb and chorus."""

FONTS = (
    Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"),
    Path("/usr/share/sounds/sf2/TimGM6mb.sf2"),
)
"""Where Debian's fluid-soundfont-gm and timgm6mb-soundfont put theirs."""


@dataclass(frozen=True)
class Note:
    """One note: when it starts and how long it is held (seconds), MIDI numbers for the rest."""

    start: float
    seconds: float
    pitch: int
    velocity: int = 100
    channel: int = 0
    program: int = 0


def available() -> tuple[Path, ...]:
    """Return the soundfonts that are installed, none without fluidsynth."""
    return tuple(font for font in FONTS if font.exists() and shutil.which("fluidsynth"))


def play(font: Path, notes: Sequence[Note], seconds: float) -> Mono:
    """Render notes to one channel at 44.1 kHz, exactly so long; dry, the same every time."""
    with tempfile.TemporaryDirectory() as folder:
        score, sound = Path(folder, "notes.mid"), Path(folder, "notes.wav")
        score.write_bytes(encoded(notes, seconds))
        subprocess.run(
            [*DRY, "-r", str(RATE), "-F", str(sound), str(font), str(score)],
            check=True,
            capture_output=True,
        )
        samples, _ = soundfile.read(sound, dtype="float32", always_2d=True)
    line = samples.mean(axis=1, dtype=np.float32)[: round(seconds * RATE)]
    return np.pad(line, (0, round(seconds * RATE) - len(line)))


def encoded(notes: Sequence[Note], seconds: float) -> bytes:
    """Return a Standard MIDI File of format 0 that lasts so long.

    Notes are let go by then: fluidsynth plays for ever where one is not before the end.
    """
    events: list[tuple[int, int, bytes]] = []
    for note in notes:
        start, end = _ticks(note.start), _ticks(min(note.start + note.seconds, seconds))
        program = bytes([0xC0 | note.channel, note.program])
        events.append((start, 1, program))
        events.append((start, 2, bytes([0x90 | note.channel, note.pitch, note.velocity])))
        events.append((max(end, start + 1), 0, bytes([0x80 | note.channel, note.pitch, 0])))
    events.append((_ticks(seconds) + 1, 3, b"\xff\x2f\x00"))
    track = b"\x00\xff\x51\x03" + TEMPO.to_bytes(3, "big")
    now = 0
    for tick, _, message in sorted(events):
        track += _variable(tick - now) + message
        now = tick
    head = b"MThd" + (6).to_bytes(4, "big") + b"\x00\x00\x00\x01" + TICKS.to_bytes(2, "big")
    return head + b"MTrk" + len(track).to_bytes(4, "big") + track


def _ticks(seconds: float) -> int:
    return round(seconds * TICKS * 1_000_000 / TEMPO)


def _variable(number: int) -> bytes:
    """Return a MIDI variable-length quantity: seven bits a byte, the highest first."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))
