"""A sound heard with its witnesses: what its name, its folders and data in the file say of it."""

from dataclasses import dataclass
from pathlib import Path

from library.audio.chunks import reading
from library.audio.hearing.hear import hear
from library.audio.hearing.heard import Heard
from library.audio.hearing.hints import Hinted, hinted
from library.audio.hearing.reconcile import Verdict, reconcile
from library.audio.hearing.signal import Signal


@dataclass(frozen=True)
class Judged:
    """What the audio alone says, what the witnesses say, and what holds."""

    heard: Heard
    hinted: Hinted
    verdict: Verdict


def judge(signal: Signal, path: Path, name: str, folder: str) -> Judged:
    """Hear a sound and ask its witnesses; path: where the file lies. Raises OSError.

    name: of the file as people know it, folder: the path above it, `Drums/Kicks`; '' for none.
    """
    heard = hear(signal)
    said = hinted(name, folder, reading.read(path), signal.seconds)
    return Judged(heard, said, reconcile(heard, said, signal.seconds))
