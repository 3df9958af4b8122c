"""Read what is embedded in a sound file of any kind."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from library.audio.chunks import aiff, id3, mp4, riff, vorbis
from library.audio.chunks.embedded import NOTHING, Embedded
from library.audio.sniff import HEAD_BYTES, behind_tag, sniff

READERS: dict[str, Callable[[BinaryIO], Embedded]] = {
    "wav": riff.read,
    "aiff": aiff.read,
    "flac": vorbis.read_flac,
    "ogg": vorbis.read_ogg,
    "m4a": mp4.read,
}


def read(path: Path) -> Embedded:
    """Return what a file says about its music; nothing when it is no sound. Raises OSError."""
    with path.open("rb") as file:
        tag = id3.read(file)
        file.seek(behind_tag(file))
        start = file.tell()
        container = sniff(file.read(HEAD_BYTES))
        file.seek(start)
        inner = READERS[container](file) if container in READERS else NOTHING
    return inner | tag
