"""What the headers of sound files say, held against the bounds.

Nothing is decoded, and FFmpeg is never loaded: a web process may call `probe`.
"""

import errno
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from library.audio.claims import promised_frames
from library.audio.decoders import ForwardFile, open_sndfile
from library.audio.errors import OutOfBounds, UnreadableAudio, UnsupportedFormat
from library.audio.mp4 import first_sound
from library.audio.ogg import identify
from library.audio.sniff import HEAD_BYTES, behind_tag, sniff

LOWEST_RATE, HIGHEST_RATE = 4_000, 384_000
MOST_CHANNELS = 8
LONGEST_SECONDS = 3600

LARGEST_TAG = 16 << 20
"""Bytes of an ID3 tag: it holds a picture at most."""

NOWHERE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
"""What a path says that leads to nothing, or round in a circle."""

BIT_DEPTHS = {
    "PCM_S8": 8,
    "PCM_U8": 8,
    "PCM_16": 16,
    "PCM_24": 24,
    "PCM_32": 32,
    "FLOAT": 32,
    "DOUBLE": 64,
}
CONTAINERS = {
    "WAV": "wav",
    "WAVEX": "wav",
    "RF64": "wav",
    "AIFF": "aiff",
    "FLAC": "flac",
    "OGG": "ogg",
    "MP3": "mp3",
}


@dataclass(frozen=True)
class Header:
    """What a file says of itself, within bounds but not to be relied on.

    format: 'wav', 'aiff', 'mp3', 'flac', 'm4a' or 'ogg'. subtype: libsndfile's word
    ('PCM_16', 'FLOAT', 'MPEG_LAYER_III', 'VORBIS', ...) or 'AAC', 'ALAC'. rate in Hz.
    bit_depth: None for lossy codecs. frames and seconds: None where the header has none.
    """

    format: str
    subtype: str
    rate: int
    channels: int
    bit_depth: int | None
    frames: int | None

    @property
    def seconds(self) -> float | None:
        """The claimed length in seconds."""
        return None if self.frames is None else self.frames / self.rate


class Opened(NamedTuple):
    """A file whose header is read; no `file` where libsndfile cannot read it."""

    header: Header
    promised: int | None
    file: ForwardFile | None


def probe(path: Path) -> Header:
    """Read the header of a regular file and hold it against the bounds; raises AudioError.

    4-384 kHz, 1-8 channels, at most 60 minutes. Nothing is decoded.
    """
    with open_header(path) as opened:
        return opened.header


@contextmanager
def open_header(path: Path) -> Iterator[Opened]:
    """Open a file, its header read and within bounds; raises AudioError."""
    container = _container(path)
    with ExitStack() as stack:
        try:
            if container == "m4a":
                header = _mp4_header(path)
                opened = Opened(header, header.frames, None)
            else:
                file = stack.enter_context(open_sndfile(path, container))
                opened = Opened(*_sndfile_header(path, container, file), file)
        except UnreadableAudio:
            if container != "ogg":
                raise
            opened = Opened(_ogg_header(path), None, None)
        _check_header(opened.header)
        yield opened


def _check_header(header: Header) -> None:
    check_bounds(header.rate, header.channels)
    if header.frames == 0:
        raise UnreadableAudio("the file has no samples")
    if header.frames is not None and header.frames > LONGEST_SECONDS * header.rate:
        is_counted = _is_present(header.format, header.frames)
        says = "" if is_counted else "the header says that "
        raise OutOfBounds(f"{says}the sound is longer than 60 minutes")


def _container(path: Path) -> str:
    """Sniff a regular file with something in it. A pipe is never opened: that would wait.

    OSError where the machine is at fault: that says nothing about the sound.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableAudio("it is not a regular file")
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            has_room = behind_tag(file) < min(found.st_size, LARGEST_TAG)
    except OSError as error:
        if error.errno not in NOWHERE:
            raise
        raise UnreadableAudio("the file is not there") from error
    if not head:
        raise UnreadableAudio("the file is empty")
    if not has_room:  # libmpg123 would keep all of the tag, or make room for what it claims
        raise UnreadableAudio("the content cannot be decoded")
    container = sniff(head)
    if container is None:
        raise UnsupportedFormat("the content is not a sound file of a known format")
    return container


def _sndfile_header(path: Path, container: str, file: ForwardFile) -> tuple[Header, int | None]:
    """Return what an open file says of itself, and how many frames it promises."""
    kind, subtype = file.format, file.subtype
    if kind not in CONTAINERS:
        raise UnsupportedFormat("the content is not a sound file of a known format")
    container, depth = CONTAINERS[kind], BIT_DEPTHS.get(subtype)
    promised = promised_frames(path, container, file.frames)
    is_known = promised is not None or _is_present(container, file.frames)
    frames = file.frames if is_known else None
    header = Header(container, subtype, file.samplerate, file.channels, depth, frames)
    if container == "ogg":  # counted by the last page that is there; `ogg.survey` tells more
        return header, None
    return header, promised if container in {"wav", "aiff"} else frames


def _ogg_header(path: Path) -> Header:
    """Read the first page: libsndfile looks for the last one and gives up where it is cut off."""
    with path.open("rb") as page:
        subtype, rate, channels = identify(page)
    return Header("ogg", subtype, rate, channels, None, None)


def _is_present(container: str, frames: int) -> bool:
    """Tell whether libsndfile counted by what is there: so it does in WAV and AIFF."""
    return container in {"wav", "aiff"} and frames > 0


def _mp4_header(path: Path) -> Header:
    with path.open("rb") as file:
        track = first_sound(file)
    frames = None if track.seconds is None else round(track.seconds * track.rate)
    depth = track.bit_depth
    return Header("m4a", track.codec, track.rate, track.channels, depth, frames)


def check_bounds(rate: int, channels: int) -> None:
    """Raise OutOfBounds for a rate (Hz) or a number of channels that is not taken."""
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise OutOfBounds(f"the rate of {rate} Hz is outside 4 to 384 kHz")
    if not 1 <= channels <= MOST_CHANNELS:
        raise OutOfBounds(f"{channels} channels are outside 1 to 8")
