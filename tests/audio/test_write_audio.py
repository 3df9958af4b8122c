"""`write_audio`: what of an array comes to lie in a file, and how."""

import copy
import math
import pickle
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library.audio import Written, write_audio
from tests import sounds
from tests.measure import true_peak_db

DEPTHS = ("PCM_16", "PCM_24", "PCM_32", "FLOAT")
STEP = {"PCM_16": 2**-15, "PCM_24": 2**-23, "PCM_32": 2**-31}
RATE = 48_000


def kept(path, kind="float64"):
    """What lies in a file, frames x channels."""
    return soundfile.read(path, dtype=kind, always_2d=True)[0]


def unlevelled(array, path, rate=RATE, bit_depth="FLOAT"):
    """Write as it is and return what is there."""
    write_audio(array, path, rate, normalize=False, bit_depth=bit_depth)
    return kept(path)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "sound.wav"


def test_it_says_where_and_how_large_and_more_to_those_who_ask(target):
    done = write_audio(sounds.sine(), str(target), RATE)
    path, size = done
    assert (path, size) == (target, target.stat().st_size) == done
    assert len(done) == 2
    assert done.path == target
    assert done.size_bytes == 44 + 2 * RATE
    assert done.lufs == pytest.approx(-16, abs=0.01)
    assert done.true_peak_dbtp == pytest.approx(true_peak_db(kept(target)), abs=0.01)
    assert done.limited is False


def sent(result):
    """Return what arrives in another process."""
    return pickle.loads(pickle.dumps(result))  # noqa: S301 - our own


def test_its_result_can_be_shown_copied_and_sent(target):
    done = write_audio(sounds.noise(), target, RATE, target_lufs=-3)
    for again in (copy.copy(done), copy.deepcopy(done), sent(done)):
        assert again == done
        assert vars(again) == vars(done)
        assert again.limited is True
    assert repr(Written(Path("a.wav"), 44)) == (
        f"Written(path={Path('a.wav')!r}, size_bytes=44,"
        " lufs=-inf, true_peak_dbtp=-inf, limited=False)"
    )


@pytest.mark.parametrize(
    ("shape", "frames", "channels"),
    [
        ((7,), 7, 1),
        ((1,), 1, 1),
        ((1, 1), 1, 1),
        ((1, 2), 2, 1),
        ((2, 1), 2, 1),
        ((2, 2), 2, 2),
        ((2, 3), 3, 2),
        ((3, 2), 3, 2),
        ((3, 1), 3, 1),
        ((1, 9), 9, 1),
        ((900, 2), 900, 2),
    ],
)
def test_channels_come_first_where_they_can_only_be_that(shape, frames, channels, target):
    array = np.arange(1, math.prod(shape) + 1).reshape(shape) / 4096
    found = unlevelled(array, target)
    assert found.shape == (frames, channels)
    is_first = len(shape) == 2 and shape[0] <= 2 and shape[1] > shape[0]
    wanted = array.T if is_first else array.reshape(frames, channels)
    assert np.array_equal(found, wanted.astype(np.float32))


@pytest.mark.parametrize("kind", ["int8", "int16", "int32", ">i2", "uint8", "uint16", "uint32"])
def test_whole_numbers_count_by_their_full_scale(kind, target):
    limits = np.iinfo(kind)
    middle = 0 if limits.min else (limits.max + 1) // 2
    half = (limits.max + 1) // (1 if limits.min else 2)
    array = np.array([limits.min, middle - half // 2, middle, middle + 1, limits.max], kind)
    wanted = [-1, -0.5, 0, 1 / half, (half - 1) / half]
    assert unlevelled(array, target)[:, 0] == pytest.approx(wanted, rel=1e-7, abs=0)


@pytest.mark.parametrize("kind", ["uint8", "int16", ">i2", "int32", "uint32", "float64"])
@pytest.mark.parametrize("normalize", [True, False])
def test_no_more_of_it_is_held_than_once_in_float32(kind, normalize, target):
    rising = np.arange(2 * 2**20).reshape(-1, 2)
    array = (rising / 2**24 if kind == "float64" else rising).astype(kind)
    write_audio(array[:RATE], target, RATE)  # what is made once
    tracemalloc.start()
    try:
        write_audio(array, target, RATE, normalize=normalize)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1.5 * 4 * array.size


@pytest.mark.parametrize("kind", [">f4", "<f4", "f2", "f8", "longdouble"])
def test_floats_count_as_they_are(kind, target):
    array = np.array([-1, -0.25, 0, 0.5, 1], kind)
    assert unlevelled(array, target)[:, 0].tolist() == [-1, -0.25, 0, 0.5, 1]


def test_lists_and_views_are_arrays_too(target):
    assert unlevelled([0.5, -0.5], target)[:, 0].tolist() == [0.5, -0.5]
    backwards = np.linspace(0, 1, 9, dtype=np.float32)[::-2]
    assert np.array_equal(unlevelled(backwards, target)[:, 0], backwards)
    backwards.flags.writeable = False
    assert np.array_equal(unlevelled(backwards, target)[:, 0], backwards)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    size=st.tuples(st.integers(2, 3000), st.integers(1, 2), st.booleans()),
    rate=st.sampled_from([4000, 8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 384_000])
    | st.integers(4000, 384_000),
    bit_depth=st.sampled_from(DEPTHS),
    normalize=st.booleans(),
    loudest=st.floats(-90, 20),
)
def test_any_sound_at_any_rate(tmp_path, size, rate, bit_depth, *, normalize, loudest):
    frames, channels, first = size
    samples = sounds.noise(frames=frames, channels=channels, peak_db=loudest)
    array = samples.T if first and frames > channels else samples
    path = tmp_path / "any.wav"
    done = write_audio(array, path, rate, normalize=normalize, bit_depth=bit_depth)
    info = soundfile.info(path)
    assert (info.frames, info.channels, info.samplerate) == (frames, channels, rate)
    assert (info.format, info.subtype) == ("WAV", bit_depth)
    assert done.size_bytes == path.stat().st_size
    if not normalize and bit_depth == "FLOAT":
        assert np.array_equal(kept(path, "float32"), samples)
    elif not normalize:
        wanted = np.clip(samples.astype(np.float64), -1, 1 - STEP[bit_depth])
        most = 1.5 if bit_depth == "PCM_16" else 0.5
        assert np.abs(kept(path) - wanted).max() <= most * STEP[bit_depth]
    else:
        assert done.true_peak_dbtp <= -1


@pytest.mark.parametrize("bit_depth", ["PCM_16", "PCM_24", "PCM_32"])
@pytest.mark.parametrize("top", [1.0, 1.5, 1e9])
def test_nothing_ever_wraps_around(bit_depth, top, target):
    array = np.array([top, -top, 0.25, top, -top], np.float32)
    found = unlevelled(array, target, bit_depth=bit_depth)[:, 0]
    step = STEP[bit_depth]
    assert found[[0, 3]] == pytest.approx(1 - step, abs=2 * step)
    assert found[[1, 4]] == pytest.approx(-1, abs=2 * step)
    assert found.max() < 1
    assert found[2] == pytest.approx(0.25, abs=2 * step)


def test_words_go_in_and_out_unchanged(target):
    words = np.array([-32768, -1, 0, 1, 77, 32767] * 20_000, np.int16)
    unlevelled(words, target, bit_depth="PCM_16")
    assert np.array_equal(kept(target, "int16")[:, 0], words)
    long = (np.arange(-9, 9) * 931_321).astype(np.int32) << 8
    unlevelled(long, target, bit_depth="PCM_24")
    assert np.array_equal(kept(target, "int32")[:, 0], long)


def test_sixteen_bits_are_dithered_the_same_way_each_time(target):
    soft = sounds.sine(1000, frames=2 * RATE, peak_db=-100)
    found = unlevelled(soft, target, bit_depth="PCM_16")
    assert sounds.level_at(found, 1000) == pytest.approx(-100, abs=0.5)
    first = target.read_bytes()
    unlevelled(soft.copy(), target, bit_depth="PCM_16")
    assert target.read_bytes() == first


@pytest.mark.parametrize("bit_depth", DEPTHS)
@pytest.mark.parametrize("normalize", [True, False])
def test_silence_stays_silence(bit_depth, normalize, target):
    done = write_audio(np.zeros((2, RATE)), target, RATE, normalize=normalize, bit_depth=bit_depth)
    assert not kept(target).any()
    assert done.lufs == done.true_peak_dbtp == -math.inf
    assert not done.limited


def test_silence_before_a_sound_stays_digital_silence(target):
    samples = np.concatenate((sounds.silence(frames=2 * RATE), sounds.sine()))
    write_audio(samples, target, RATE)
    assert not kept(target)[:RATE].any()


@pytest.mark.parametrize(
    ("bit_depth", "head"),
    [
        # RIFF, size, WAVE, fmt, its size, kind, channels, rate, bytes a second, a frame, bits, …
        ("PCM_16", ("52494646 2A000000 57415645 666D7420 10000000 0100 0100"
         " 44AC0000 88580100 0200 1000 64617461 06000000")),
        ("PCM_24", ("52494646 2E000000 57415645 666D7420 10000000 0100 0100"
         " 44AC0000 CC040200 0300 1800 64617461 09000000")),
        ("PCM_32", ("52494646 30000000 57415645 666D7420 10000000 0100 0100"
         " 44AC0000 10B10200 0400 2000 64617461 0C000000")),
        ("FLOAT", ("52494646 3E000000 57415645 666D7420 12000000 0300 0100"
         " 44AC0000 10B10200 0400 2000 0000 66616374 04000000 03000000 64617461 0C000000")),
    ],
)  # fmt: skip
def test_nothing_but_the_format_and_the_sound_is_in_a_file(bit_depth, head, target):
    write_audio([0.5, -0.5, 0.25], target, 44_100, bit_depth=bit_depth)
    content, head = target.read_bytes(), bytes.fromhex(head)
    assert content.startswith(head)
    size = int.from_bytes(head[-4:], "little")
    assert content[len(head) + size :] == bytes(size % 2)  # chunks have an even number of bytes
    assert len(content) == int.from_bytes(content[4:8], "little") + 8


@pytest.mark.parametrize("rate", [8000, 44_100.0, np.int32(22_050), np.float32(96_000)])
def test_rates_of_any_kind_of_number(rate, target):
    write_audio(sounds.sine(), target, rate)
    assert soundfile.info(target).samplerate == rate


@pytest.mark.parametrize("lufs", [-20, np.float32(-20), np.int16(-20)])
def test_a_loudness_of_any_kind_of_number(lufs, target):
    done = write_audio(sounds.noise(), target, RATE, target_lufs=lufs)
    assert done.lufs == pytest.approx(-20, abs=0.01)
