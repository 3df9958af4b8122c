"""MP4: boxes that lie, are missing, come late or in pieces, or point elsewhere."""

import io
import struct

import av
import numpy as np

from library.audio.decoders import DAMAGED
from library.audio.errors import UnreadableAudio
from tests.hostile.encoded import by_ffmpeg, m4a
from tests.hostile.kinds import (
    CUT,
    FRAMES,
    NO_SOUND,
    RATE,
    WRONG_CHANNELS,
    WRONG_RATE,
    Refusal,
    Sound,
    kind,
    tone,
)
from tests.hostile.mp4_boxes import box, changed, moov_first, patched
from tests.hostile.strangers import PRIVATE

AAC = Sound(within_db=0.3)


# Boxes


@kind(".m4a", NO_SOUND)
def m4a_without_moov():
    return changed(m4a(), b"moov", lambda _: b"")


@kind(".m4a", NO_SOUND)
def m4a_cut_before_moov():
    return m4a()[: m4a().index(b"moov") - 4]


@kind(".m4a", Sound((RATE // 2, 3 * RATE // 2), heard=(), warnings=(DAMAGED, *CUT)))
def m4a_sound_cut_in_half():
    data = moov_first(by_ffmpeg("aac", "mp4", tone(2 * RATE)))
    return data[: (len(data) + data.index(b"mdat")) // 2]


@kind(".m4a", Sound((FRAMES, FRAMES + 2_048), heard=()))
def m4a_in_pieces():
    """Nothing in it tells how much at the start is the encoder's."""
    return m4a(movflags="frag_keyframe+empty_moov+default_base_moof")


@kind(".m4a", AAC)
def m4a_with_sizes_of_64_bits():
    def wide(body: bytes) -> bytes:
        return struct.pack(">I4sQ", 1, b"moov", 16 + len(body)) + body

    return changed(m4a(), b"moov", wide)


@kind(".m4a", AAC)
def m4a_last_box_to_the_end():
    return changed(m4a(), b"moov", lambda body: box(b"moov", body, size=0))


@kind(".m4a", NO_SOUND)
def m4a_endless_box_first():
    free = box(b"free", bytes(8), size=2**32 - 1)
    return m4a()[:28] + free + m4a()[28:]


@kind(".m4a", NO_SOUND)
def m4a_endless_wide_box_first():
    free = struct.pack(">I4sQ", 1, b"free", 2**63)
    return m4a()[:28] + free + m4a()[28:]


@kind(".m4a", NO_SOUND)
def m4a_box_shorter_than_its_head():
    return m4a()[:28] + struct.pack(">I4s", 4, b"moov") + m4a()[28:]


@kind(".m4a", Refusal(UnreadableAudio, ""))
def m4a_moov_5000_deep():
    body = b""
    for _ in range(5_000):
        body = box(b"moov", body)
    return box(b"ftyp", b"M4A \0\0\0\0") + body


@kind(".m4a", Refusal(UnreadableAudio, ""))
def m4a_of_2_to_the_32_samples():
    return patched(b"stsz", 4, struct.pack(">II", 0, 2**32 - 1))


@kind(".m4a", Refusal(UnreadableAudio, ""))
def m4a_samples_of_2_gb():
    return patched(b"stsz", 4, struct.pack(">II", 2**31 - 1, 3))


@kind(".m4a", Refusal(UnreadableAudio, ""))
def m4a_samples_beyond_the_end():
    return patched(b"stco", 8, struct.pack(">I", 2**31))


@kind(".m4a", Sound((1, FRAMES + 2_048), heard=(), warnings=(DAMAGED,)))
def m4a_damaged_midway():
    data = bytearray(m4a())
    at = data.index(b"mdat") + 1_500
    data[at : at + 400] = b"\xff" * 400
    return bytes(data)


@kind(".m4a", Refusal(UnreadableAudio, ""))
def m4a_of_nothing_but_noise():
    data = bytearray(m4a())
    at, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
    data[at:end] = np.random.default_rng(4).bytes(end - at)
    return bytes(data)


@kind(".m4a", Refusal(UnreadableAudio, ""))
def m4a_alac_frames_of_4_gb():
    data = bytearray(m4a("alac"))
    at = data.rindex(b"alac") + 8
    data[at : at + 4] = b"\xff" * 4
    return bytes(data)


@kind(".m4a", WRONG_CHANNELS)
def m4a_of_65535_channels():
    """Plain words, for AAC knows better than its box."""
    data = by_ffmpeg("pcm_s16le", "mov")
    return patched(b"stsd", 8 + 24, b"\xff\xff", data)


@kind(".m4a", WRONG_RATE)
def m4a_of_1_hz():
    data = by_ffmpeg("pcm_s16le", "mov")
    return patched(b"stsd", 8 + 32, b"\0\1", data)


# Pictures, and sounds that are elsewhere


def film(*, with_sound: bool) -> bytes:
    """A second of grey, and perhaps the usual sound."""
    held = io.BytesIO()
    with av.open(held, "w", format="mp4") as out:
        picture = out.add_stream("mpeg4", rate=10)
        picture.width, picture.height, picture.pix_fmt = 32, 32, "yuv420p"
        sound = out.add_stream("aac", rate=RATE, layout="stereo") if with_sound else None
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((48, 32), 128, np.uint8), "yuv420p")
            frame.pts = number
            out.mux(picture.encode(frame))
        out.mux(picture.encode())
        if sound is not None:
            for start in range(0, FRAMES, 1_024):
                plane = np.ascontiguousarray(tone()[start : start + 1_024].T)
                frame = av.AudioFrame.from_ndarray(plane, "fltp", "stereo")
                frame.sample_rate, frame.pts = RATE, start
                out.mux(sound.encode(frame))
            out.mux(sound.encode())
    return held.getvalue()


@kind(".m4a", NO_SOUND)
def film_without_sound():
    return film(with_sound=False)


@kind(".m4a", AAC)
def film_with_sound():
    return film(with_sound=True)


@kind(".m4a", AAC)
def m4a_whose_sound_is_elsewhere():
    """The samples are said to lie in another file, which must not be opened: ours is taken."""
    link = box(b"url ", bytes(4) + f"file:{PRIVATE}\0".encode())
    return changed(m4a(), b"dref", lambda _: box(b"dref", struct.pack(">II", 0, 1) + link))


@kind(".m4a", NO_SOUND)
def m4a_of_nothing_but_its_name():
    return box(b"ftyp", b"M4A \0\0\0\0")
