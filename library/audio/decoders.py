"""The two decoders: libsndfile for nearly everything, FFmpeg (PyAV) for MP4 and second tries.

Both give blocks of exactly `frames` frames (the last one shorter), frames x channels, and both
raise UnreadableAudio in plain words. PyAV is imported when first used: 20 MB and GPL parts stay out
of every process that only reads headers.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import soundfile

from library.audio.clip import Integers, Samples
from library.audio.errors import DamagedAudio, UnreadableAudio, UnsupportedFormat
from library.audio.layouts import stated_places
from library.audio.mended import mended
from library.audio.packed import is_packed, packed_blocks
from library.audio.quiet import stderr_muted

Decoder = Literal["sndfile", "ffmpeg"]

DAMAGED = "Damaged frames skipped"

WAVE_ORDER = {
    1: ("FC",),
    2: ("FL", "FR"),
    3: ("FL", "FR", "FC"),
    4: ("FL", "FR", "BL", "BR"),
    5: ("FL", "FR", "FC", "BL", "BR"),
    6: ("FL", "FR", "FC", "LFE", "BL", "BR"),
    7: ("FL", "FR", "FC", "LFE", "BC", "SL", "SR"),
    8: ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"),
}
"""Where the channels of WAV, AIFF and FLAC stand when nothing says it (Microsoft's default masks;
RFC 9639, 9.1.3)."""

VORBIS_ORDER = WAVE_ORDER | {
    3: ("FL", "FC", "FR"),
    5: ("FL", "FC", "FR", "BL", "BR"),
    6: ("FL", "FC", "FR", "BL", "BR", "LFE"),
    7: ("FL", "FC", "FR", "SL", "SR", "BC", "LFE"),
    8: ("FL", "FC", "FR", "SL", "SR", "BL", "BR", "LFE"),
}
"""Where those of Vorbis and Opus stand, which libsndfile leaves there (Vorbis I, 4.3.9)."""

SMPB = re.compile(r"\s*(?:[0-9A-F]{8}\s+){3}([0-9A-F]{16})\b", re.IGNORECASE)
UNKNOWN_PLACE = "NONE"

WORD_KINDS = {"u8": "u1", "s16": "i2", "s32": "i4", "s64": "i8", "flt": "f4", "dbl": "f8"}
"""FFmpeg's sample formats as numpy calls them."""

DEMUXERS = {
    "wav": "wav",
    "aiff": "aiff",
    "mp3": "mp3",
    "flac": "flac",
    "ogg": "ogg",
    "m4a": "mov",
}


WORDS = {"PCM_S8", "PCM_U8", "PCM_16"}
"""What libsndfile gives as 16-bit words without any rounding."""


@dataclass
class Stream:
    """An open decoder: rate in Hz, the places of the channels, and blocks, to be taken once.

    The blocks are float32, or int16 where `in_words` says that the source has no more than that.
    """

    rate: int
    places: tuple[str, ...]
    blocks: Iterator[Samples] | Iterator[Integers]
    in_words: bool
    warnings: list[str]


class ForwardFile(soundfile.SoundFile):  # type: ignore[misc] # comes without types
    """A sound file that is only read onwards.

    soundfile seeks to where it already is after every read of a seekable file. That garbles MP3
    from the second block on, and fails for FLAC of unknown length.
    """

    def seekable(self) -> bool:
        """Deny it."""
        return False


@contextmanager
def open_sndfile(path: Path, container: str) -> Iterator[ForwardFile]:
    """Open with libsndfile; raises UnreadableAudio in place of its own errors."""
    with ExitStack() as stack:
        muted = stack.enter_context(ExitStack())  # MP3 lies in other containers too
        muted.enter_context(stderr_muted())
        try:
            # As bytes, for names that are no text; absolute, or "-" would be standard input.
            file = stack.enter_context(ForwardFile(os.fsencode(path.absolute())))
            is_empty = not file.frames
        except (soundfile.SoundFileError, TypeError, ValueError) as error:
            file = _mended_file(path, container, stack)
            if file is None:
                raise UnreadableAudio("the content cannot be decoded") from error
            is_empty = False
        file = (_mended_file(path, container, stack) if is_empty else None) or file
        if not file.subtype.startswith("MPEG"):
            muted.close()
        yield file


def _mended_file(path: Path, container: str, stack: ExitStack) -> ForwardFile | None:
    """Try once more with chunks put in order, where they may be at fault."""
    source = stack.enter_context(mended(path)) if container in {"wav", "aiff"} else None
    if source is None:
        return None
    try:
        file: ForwardFile = stack.enter_context(ForwardFile(source))
    except soundfile.SoundFileError:
        return None
    return file


def sndfile_stream(path: Path, file: ForwardFile, container: str, frames: int) -> Stream:
    """Decode an open file; raises UnreadableAudio while blocks are taken."""
    places = _stated(path, file.channels, container)
    in_words = file.subtype in WORDS
    if is_packed(file):
        blocks = packed_blocks(file, frames)
    else:
        blocks = _read_blocks(file, container, frames, np.int16 if in_words else np.float32)
    return Stream(file.samplerate, places, blocks, in_words, [])


def _stated(path: Path, channels: int, container: str) -> tuple[str, ...]:
    if container == "ogg":
        return VORBIS_ORDER[channels]
    asked = channels > 2 and container in {"wav", "aiff"}  # noqa: PLR2004 - stereo
    return (stated_places(path, channels) if asked else None) or WAVE_ORDER[channels]


def _read_blocks(file: ForwardFile, container: str, frames: int, kind: type[Any]) -> Iterator[Any]:
    left = file.frames
    while True:
        # Behind the last frame of a FLAC may lie a tag, which libFLAC takes for damage.
        wanted = min(frames, left) if container == "flac" else frames
        try:
            block = file.read(out=np.empty((wanted, file.channels), kind))
        except soundfile.SoundFileError as error:
            raise DamagedAudio("the content is damaged") from error
        left -= len(block)
        if len(block):
            yield block
        if len(block) < frames:
            break
    if container == "mp3" and left > 0:  # mpg123 gives up where much is broken in one place
        raise UnreadableAudio("the content is damaged")


@contextmanager
def ffmpeg_stream(path: Path, container: str, frames: int) -> Iterator[Stream]:
    """Open with FFmpeg; raises UnreadableAudio here or while blocks are taken."""
    import av

    av.logging.set_level(None)
    with ExitStack() as stack:
        try:
            # Demuxer and protocol are named: a play list in disguise must not open other files.
            source = stack.enter_context(
                av.open(
                    f"file:{path.absolute()}",
                    format=DEMUXERS[container],
                    options={"protocol_whitelist": "file"},
                    metadata_errors="replace",
                )
            )
        except (av.FFmpegError, OSError, ValueError) as error:
            raise UnreadableAudio("the content cannot be decoded") from error
        packets = _Packets(source)
        first = packets.first()
        length = packets.length if container == "m4a" else None
        cut = _reblock(packets.arrays(first), frames, length)
        yield Stream(
            first.rate, _places(first.layout), cut, in_words=False, warnings=packets.warnings
        )


def _places(layout: Any) -> tuple[str, ...]:
    """Name the places of the channels; by their number where FFmpeg does not know them."""
    names = tuple(channel.name for channel in layout.channels)
    return WAVE_ORDER.get(layout.nb_channels, names) if UNKNOWN_PLACE in names else names


class _Packets:
    """Frames of the first sound, packet by packet, so that a broken one can be left out."""

    def __init__(self, source: Any) -> None:
        self.source = source
        known = [one for one in source.streams.audio if one.codec_context is not None]
        if not known:
            raise UnreadableAudio("the file holds no sound")
        self.stream: Any = known[0]
        self.stream.codec_context.thread_count = 1
        self.warnings: list[str] = []
        self.start: int | None = None
        self.end = 0
        self.frames = self._decode()

    def _decode(self) -> Iterator[Any]:
        import av

        try:
            for packet in self.source.demux(self.stream):
                if packet.pts is not None:
                    self.end = max(self.end, packet.pts + (packet.duration or 0))
                try:
                    yield from packet.decode()
                except av.FFmpegError:
                    self._warn()
        except av.FFmpegError:
            self._warn()

    def _warn(self) -> None:
        if DAMAGED not in self.warnings:
            self.warnings.append(DAMAGED)

    def first(self) -> Any:
        frame = next((one for one in self.frames if one.samples), None)
        if frame is None:
            raise UnreadableAudio("the content cannot be decoded")
        self.start = frame.pts
        return frame

    def length(self) -> int:
        """Frames by the last packet's end, once all are read: FFmpeg leaves the padding on.

        `iTunSMPB` is Apple's own note of the same: 0, delay, padding, frames, in hexadecimal.
        """
        note = SMPB.match(str(self.source.metadata.get("iTunSMPB", "")))
        if note and (frames := int(note[1], 16)):
            return frames
        rate = self.stream.codec_context.sample_rate
        ticks = self.end - max(0, self.start or 0)
        length: int = round(ticks * self.stream.time_base * int(rate))  # of a Fraction: exact
        return length

    def arrays(self, first: Any) -> Iterator[Samples]:
        yield _samples(first)
        for frame in self.frames:
            if frame.rate != first.rate or frame.layout.nb_channels != first.layout.nb_channels:
                raise UnsupportedFormat("the rate or the channels change midway")
            yield _samples(frame)


def _samples(frame: Any) -> Samples:
    """Turn FFmpeg's integers or floats, planar or packed, into float32, frames x channels."""
    kind = WORD_KINDS[frame.format.packed.name]
    channels = 1 if frame.format.is_planar else frame.layout.nb_channels
    samples = np.empty((frame.samples, frame.layout.nb_channels), np.float32)
    for place, plane in enumerate(frame.planes):
        words = np.frombuffer(plane, kind, frame.samples * channels).reshape(-1, channels)
        samples[:, place : place + channels] = words
    if kind == "u1":
        samples -= 128
    if kind[0] != "f":
        samples *= np.float32(2.0 ** (1 - 8 * int(kind[1])))
    return samples


def _reblock(
    arrays: Iterator[Samples], frames: int, length: Callable[[], int] | None
) -> Iterator[Samples]:
    """Join short arrays into blocks, and cut the tail at what `length()` says at the end."""
    waiting: list[Samples] = []
    held = given = 0
    for array in arrays:
        waiting.append(array)
        held += len(array)
        # One block more than needed stays back: the padding to cut off is never longer than that.
        while held >= 2 * frames:
            joined = np.concatenate(waiting)
            yield joined[:frames]
            given += frames
            held -= frames
            waiting = [joined[frames:]]
    rest = np.concatenate(waiting)
    if length is not None:
        rest = rest[: max(0, length() - given)]
    for start in range(0, len(rest), frames):
        yield rest[start : start + frames]
