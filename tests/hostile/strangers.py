"""Files that are no sound at all, whatever they are called, and things that are no files."""

import io
import os
import struct
import zipfile
from pathlib import Path

import numpy as np

from library.audio.errors import UnreadableAudio
from tests.hostile.encoded import by_ffmpeg, by_sndfile, flac, mp3
from tests.hostile.kinds import (
    NO_FORMAT,
    NO_SOUND,
    NOT_DECODED,
    NOT_REGULAR,
    NOT_THERE,
    TOO_LONG,
    Refusal,
    Sound,
    kind,
    place,
)
from tests.hostile.riff import chunk, data, fmt, wav

PRIVATE = "private.wav"
"""A file beside the hostile ones that none of them may open."""


@kind(".wav", Refusal(UnreadableAudio, "the file is empty"))
def empty():
    return b""


@kind(".wav", NO_FORMAT)
def one_byte():
    return b"R"


@kind(".wav", NO_FORMAT)
def magic_only():
    return b"RIFF"


@kind(".wav", NO_FORMAT)
def text():
    return b"These are the lyrics.\n" * 40


@kind(".mp3", NO_FORMAT)
def text_in_utf_16():
    return "Half of this looks like a frame of MPEG".encode("utf-16")


@kind(".wav", NO_FORMAT)
def web_page():
    return b"<!DOCTYPE html><html><title>404 Not Found</title></html>"


@kind(".wav", NO_FORMAT)
def pdf():
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF"


@kind(".wav", NO_FORMAT)
def picture():
    head = struct.pack(">I4sIIBBBBB", 13, b"IHDR", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + head + bytes(16)


@kind(".wav", NO_FORMAT)
def zip_archive():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipfile.ZipInfo("kick.wav"), wav(fmt(), data()))
    return held.getvalue()


@kind(".wav", NO_FORMAT)
def program():
    return b"\x7fELF\x02\x01\x01" + bytes(500)


@kind(".wav", NO_FORMAT)
def midi():
    return (
        b"MThd"
        + struct.pack(">IHHH", 6, 0, 1, 96)
        + b"MTrk"
        + struct.pack(">I", 4)
        + b"\0\xff\x2f\0"
    )


@kind(".wav", NO_FORMAT)
def zeros():
    return bytes(8_192)


@kind(".mp3", NO_FORMAT)
def all_bits_set():
    return b"\xff" * 8_192


@kind(".wav", NO_FORMAT)
def random_bytes():
    return np.random.default_rng(404).bytes(8_192)


@kind(".wav", NO_FORMAT)
def film_in_riff():
    return b"RIFF" + struct.pack("<I", 100) + b"AVI LIST" + bytes(88)


@kind(".wav", NO_FORMAT)
def midi_in_riff():
    return b"RIFF" + struct.pack("<I", 100) + b"RMIDdata" + bytes(88)


@kind(".aiff", NO_FORMAT)
def picture_in_iff():
    return b"FORM" + struct.pack(">I", 100) + b"ILBMBMHD" + bytes(88)


# Sounds in a container outside the list: refused by name, not half read


@kind(".wav", NO_FORMAT)
def au_named_wav():
    return by_sndfile("AU", subtype="PCM_16")


@kind(".wav", NO_FORMAT)
def wave_64_named_wav():
    return by_sndfile("W64", subtype="PCM_16")


@kind(".wav", NO_FORMAT)
def caf_named_wav():
    return by_sndfile("CAF", subtype="PCM_16")


@kind(".m4a", NO_FORMAT)
def matroska_named_m4a():
    return by_ffmpeg("pcm_s16le", "matroska", fflags="bitexact")


@kind(".mp3", NO_FORMAT)
def adts_named_mp3():
    return by_ffmpeg("aac", "adts")


# The right content under the wrong name


@kind(".mp3", Sound())
def wav_named_mp3():
    return wav(fmt(), data())


@kind(".wav", Sound())
def flac_named_wav():
    return flac()


@kind(".wav", Sound(frames=44_100, within_db=0.6))
def mp3_named_wav():
    return mp3()


# Play lists, which a careless demuxer follows to files of other people


@kind(".m4a", NO_FORMAT)
def hls_named_m4a():
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{PRIVATE}\n#EXT-X-ENDLIST\n".encode()


@kind(".mp3", NO_FORMAT)
def hls_named_mp3():
    return hls_named_m4a()


@kind(".mp3", NOT_DECODED)
def hls_behind_a_tag():
    return b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + hls_named_m4a()


@kind(".m4a", NO_SOUND)
def hls_behind_a_box():
    return struct.pack(">I4s4sI", 16, b"ftyp", b"M4A ", 0) + hls_named_m4a()


@kind(".mp3", NO_FORMAT)
def ffconcat_named_mp3():
    return f"ffconcat version 1.0\nfile {PRIVATE}\n".encode()


@kind(".m4a", NO_FORMAT)
def sdp_named_m4a():
    return b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n"


@kind(".m4a", NO_FORMAT)
def dash_named_m4a():
    return (
        b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><AdaptationSet>'
        b"<Representation><BaseURL>" + PRIVATE.encode() + b"</BaseURL></Representation>"
        b"</AdaptationSet></Period></MPD>"
    )


# Things in a folder that are not files


@place(".wav", NOT_REGULAR)
def folder(path: Path):
    path.mkdir()


@place(".wav", NOT_REGULAR)
def pipe(path: Path):
    os.mkfifo(path)


@place(".wav", NOT_REGULAR)
def endless_device(path: Path):
    path.symlink_to("/dev/zero")


@place(".wav", NOT_REGULAR)
def null_device(path: Path):
    path.symlink_to("/dev/null")


@place(".wav", Sound())
def link_to_a_file(path: Path):
    target = path.with_suffix(".elsewhere")
    target.write_bytes(wav(fmt(), data()))
    path.symlink_to(target.name)


@place(".wav", NOT_THERE)
def link_to_nothing(path: Path):
    path.symlink_to("gone.wav")


@place(".wav", NOT_THERE)
def link_to_itself(path: Path):
    path.symlink_to(path.name)


@place(".wav", TOO_LONG)
def an_hour_and_a_minute(path: Path):
    rate, seconds = 8_000, 3_660
    size = rate * seconds
    with path.open("wb") as file:
        file.write(wav(fmt(channels=1, rate=rate, bits=8), chunk(b"data", b"", size)))
        file.truncate(file.tell() + size)


@place(".wav", Sound(channels=1, rate=8_000, frames=1_000, heard=((0, 440.0, -6.0),)))
def two_gigabytes_of_holes(path: Path):
    """A small sound in front of 2 GB of another chunk that takes no room on the disk."""
    sound = (tone_in_8_bits(1_000, 8_000), 0x7000_0000)
    with path.open("wb") as file:
        head = wav(fmt(channels=1, rate=8_000, bits=8), chunk(b"data", sound[0]))
        file.write(head + b"LIST" + struct.pack("<I", sound[1]))
        file.truncate(file.tell() + sound[1])


def tone_in_8_bits(frames: int, rate: int) -> bytes:
    """A tone of 440 Hz at -6 dB in unsigned bytes."""
    turns = np.arange(frames) * (440.0 / rate)
    line = 10 ** (-6 / 20) * np.sin(2 * np.pi * turns)
    return np.rint(line * 128 + 128).astype(np.uint8).tobytes()
