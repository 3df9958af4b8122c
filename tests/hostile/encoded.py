"""Whole files from encoders, in memory and equal each time, for others to break."""

import io
import zlib
from functools import cache

import av
import numpy as np
import soundfile

from tests import sounds
from tests.hostile.kinds import RATE, tone

STEP = 4_096
"""Frames per write: libsndfile's Vorbis dies of long ones."""


def by_sndfile(container: str, samples=None, rate=RATE, subtype=None, **options) -> bytes:
    """A file as libsndfile writes it; the usual sound unless samples are given."""
    samples = tone() if samples is None else samples
    held, channels = io.BytesIO(), samples.shape[1]
    with soundfile.SoundFile(held, "w", rate, channels, subtype, None, container, **options) as out:
        for start in range(0, len(samples), STEP):
            out.write(samples[start : start + STEP])
    return held.getvalue()


@cache
def flac(subtype="PCM_16") -> bytes:
    """The usual sound as FLAC."""
    return by_sndfile("FLAC", subtype=subtype)


@cache
def mp3() -> bytes:
    """A second of the usual sound as MP3 of one bit rate, with a table in front."""
    return by_sndfile("MP3", tone(RATE), bitrate_mode="CONSTANT", compression_level=0.5)


def ogg(subtype="VORBIS", samples=None, rate=RATE, serial=1) -> bytes:
    """An Ogg file; its serial number, which libsndfile draws, is the one given."""
    return repaged(by_sndfile("OGG", samples, rate, subtype), serial)


def pages(data: bytes) -> list[bytes]:
    """The pages of an Ogg file (RFC 3533, 6)."""
    found = []
    while data:
        count = data[26]
        length = 27 + count + sum(data[27 : 27 + count])
        found.append(data[:length])
        data = data[length:]
    return found


def repaged(data: bytes, serial: int) -> bytes:
    """The same stream under another serial number."""
    return b"".join(signed(with_serial(page, serial)) for page in pages(data))


def with_serial(page: bytes, serial: int) -> bytes:
    """A page under another serial number."""
    return page[:14] + serial.to_bytes(4, "little") + page[18:]


def signed(page: bytes) -> bytes:
    """A page with a checksum that is right: CRC 0x04C11DB7, not reflected, from nought."""
    blank = page[:22] + bytes(4) + page[26:]
    return blank[:22] + _crc(blank).to_bytes(4, "little") + blank[26:]


def _crc(page: bytes) -> int:
    """By zlib's, which is the same one mirrored, started and ended with all bits set."""
    mirrored = page.translate(MIRROR)
    return int(f"{zlib.crc32(mirrored, 0xFFFFFFFF) ^ 0xFFFFFFFF:032b}"[::-1], 2)


MIRROR = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def by_ffmpeg(codec: str, container: str, samples=None, rate=RATE, form=None, **options) -> bytes:
    """A file as FFmpeg writes it; options go to its container."""
    samples = tone() if samples is None else samples
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[samples.shape[1]]
    held = io.BytesIO()
    with av.open(held, "w", format=container, options=options) as out:
        stream = out.add_stream(
            codec, rate=rate, layout=layout, **({"format": form} if form else {})
        )
        for frame in _frames(stream, samples, rate, layout):
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return held.getvalue()


def _frames(stream, samples, rate, layout):
    form = stream.format.name
    size = stream.codec_context.frame_size or STEP
    source = _in_words(samples, form)
    for start in range(0, len(source), size):
        block = source[start : start + size]
        plane = block.T if form.endswith("p") else block.reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(plane), form, layout)
        frame.sample_rate, frame.pts = rate, start
        yield frame


def _in_words(samples, form):
    if form.startswith("s16"):
        return sounds.words(samples)
    if form.startswith("s32"):
        return np.clip(np.rint(samples.astype(np.float64) * 2**31), -(2**31), 2**31 - 1).astype(
            "i4"
        )
    return samples


@cache
def m4a(codec="aac", **options) -> bytes:
    """The usual sound in MP4."""
    return by_ffmpeg(codec, "mp4", **options)
