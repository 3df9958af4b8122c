"""The streamed ZIP: readable by others, the same bytes in any range, honest about faults."""

import io
import random
import shutil
import struct
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.archive import (
    CHUNK,
    Archive,
    Member,
    MemberChangedError,
    UnsafeNameError,
)

WHEN = (2026, 11, 21, 13, 37, 58)
GIB = 1 << 30


def member(name, data=b"", modified=WHEN):
    return Member(name, len(data), crc32(data), modified, lambda: io.BytesIO(data))


def whole(archive):
    return b"".join(archive.stream())


class Pattern(io.RawIOBase):
    """A file of any size whose bytes come from their place, held nowhere."""

    PERIOD = bytes(random.Random(404).randbytes(65_521))  # a prime: no power of two fits

    def __init__(self, size):
        self.size, self.at = size, 0

    def seek(self, offset, whence=0):
        self.at = offset
        return offset

    def read(self, count=-1):
        count = min(count, self.size - self.at)
        shift = self.at % len(self.PERIOD)
        self.at += count
        repeats = (shift + count) // len(self.PERIOD) + 1
        return (self.PERIOD * repeats)[shift : shift + count]


class Unbuilt(io.RawIOBase):
    """The archive as a seekable file, so that readers can be tried without a disk."""

    def __init__(self, archive):
        self.archive, self.at = archive, 0

    def seekable(self):
        return True

    def readable(self):
        return True

    def tell(self):
        return self.at

    def seek(self, offset, whence=0):
        self.at = offset + (0, self.at, self.archive.length)[whence]
        return self.at

    def read(self, count=-1):
        end = self.archive.length if count < 0 else self.at + count
        data = b"".join(self.archive.stream(self.at, min(end, self.archive.length)))
        self.at += len(data)
        return data


@pytest.fixture
def sounds():
    rng = random.Random(7)
    names = ["kick.wav", "drums/snare.wav", "drums/été 名.wav", "empty.txt", "big.aiff"]
    sizes = [10, 4_097, 1, 0, 3 * CHUNK + 17]
    return {name: rng.randbytes(size) for name, size in zip(names, sizes, strict=True)}


@pytest.fixture
def archive(sounds):
    return Archive([member(name, data) for name, data in sounds.items()])


def test_python_reads_every_member(archive, sounds):
    data = whole(archive)
    assert len(data) == archive.length
    with zipfile.ZipFile(io.BytesIO(data)) as read:
        assert read.testzip() is None
        assert {info.filename: read.read(info) for info in read.infolist()} == sounds
        assert read.namelist() == list(sounds)
        for info in read.infolist():
            assert info.compress_type == zipfile.ZIP_STORED
            assert info.date_time == WHEN
            assert info.external_attr >> 16 == 0o100644
            assert info.flag_bits == (0 if info.filename.isascii() else 0x800)
            assert info.extract_version == 20
            assert info.extra == b""


@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip is not installed")
def test_unzip_finds_no_fault(archive, sounds, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(whole(archive))
    done = subprocess.run(["unzip", "-t", path], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "No errors detected" in done.stdout
    assert done.stdout.count(" OK") == len(sounds)


def test_an_empty_archive_is_a_zip():
    archive = Archive([])
    assert whole(archive) == b"PK\5\6" + bytes(18)
    assert zipfile.ZipFile(io.BytesIO(whole(archive))).namelist() == []


def test_the_bytes_of_a_small_archive():
    data = whole(Archive([member("a.wav", b"hi", (2026, 1, 2, 3, 4, 6))]))
    local = bytes.fromhex(
        "504b0304 1400 0000 0000"  # signature, version 2.0, no flags, stored
        "8318 225c"  # 03:04:06, 2026-01-02
        "ac2a93d8 02000000 02000000"  # CRC-32 of "hi", two sizes
        "0500 0000"  # length of the name, no extra field
        "612e776176"
        "6869"
    )
    central = bytes.fromhex(
        "504b0102 1403 1400 0000 0000 8318 225c"  # made by Unix 2.0, then as above
        "ac2a93d8 02000000 02000000 0500 0000"
        "0000 0000 0000 0000a481 00000000"  # no comment, disk 0, mode 0100644, offset 0
        "612e776176"
    )
    end = bytes.fromhex("504b0506 0000 0000 0100 0100 33000000 25000000 0000")
    assert data == local + central + end


def test_the_same_members_give_the_same_bytes(sounds):
    first, second = (Archive(member(name, data) for name, data in sounds.items()) for _ in range(2))
    assert whole(first) == whole(second) == whole(first)
    assert first.etag == second.etag
    assert first.etag.startswith('"')
    assert first.etag.endswith('"')


@pytest.mark.parametrize(
    "other",
    [
        member("b.wav", b"hi"),
        member("a.wav", b"ho"),
        member("a.wav", b"hi!"),
        member("a.wav", b"hi", (2026, 11, 21, 13, 37, 56)),
    ],
)
def test_any_difference_changes_the_etag(other):
    assert Archive([member("a.wav", b"hi")]).etag != Archive([other]).etag


def test_ranges_equal_the_slices(archive):
    data, rng = whole(archive), random.Random(1)
    for _ in range(300):
        start, end = sorted(rng.choices(range(len(data) + 1), k=2))
        assert b"".join(archive.stream(start, end)) == data[start:end]
    for start in range(len(data) - 400, len(data)):
        assert b"".join(archive.stream(start)) == data[start:]
    assert list(archive.stream(len(data))) == []


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (0, 10**9)])
def test_a_range_outside_is_refused(archive, start, end):
    with pytest.raises(ValueError, match="No bytes"):
        next(archive.stream(start, end))


def test_only_what_a_range_needs_is_opened():
    opened = []

    def noted(name):
        def begin():
            opened.append(name)
            return io.BytesIO(b"12345")

        return Member(name, 5, crc32(b"12345"), WHEN, begin)

    archive = Archive([noted("a"), noted("b"), noted("c")])
    assert b"".join(archive.stream(36 + 31, 36 + 35)) == b"1234"
    assert opened == ["b"]


def test_a_broken_off_download_closes_its_file():
    file = io.BytesIO(bytes(3 * CHUNK))
    size = 3 * CHUNK
    archive = Archive([Member("a", size, crc32(bytes(size)), WHEN, lambda: file)])
    stream = archive.stream()
    next(stream)
    next(stream)
    assert not file.closed
    stream.close()
    assert file.closed


@pytest.mark.parametrize(
    ("now", "reason"),
    [(b"1234", "shorter"), (b"123456", "longer"), (b"12346", "other bytes")],
)
def test_a_changed_member_breaks_the_download(now, reason):
    changed = Member("a.wav", 5, crc32(b"12345"), WHEN, lambda: io.BytesIO(now))
    archive, sent = Archive([changed]), []
    with pytest.raises(MemberChangedError, match=reason):
        sent.extend(archive.stream())
    assert len(b"".join(sent)) == 35, "the header alone, not the member's last bytes"


def test_a_range_from_the_middle_still_notices_the_length():
    longer = Member("a", 5, crc32(b"12345"), WHEN, lambda: io.BytesIO(b"123456"))
    with pytest.raises(MemberChangedError):
        list(Archive([longer]).stream(33))
    assert list(Archive([longer]).stream(31, 34)) == [b"123"]


def test_a_file_that_reads_in_small_bites_is_read_whole():
    class Slow(io.BytesIO):
        def read(self, count=-1):
            return super().read(min(count, 7))

    data = random.Random(2).randbytes(1000)
    slow = Member("a", 1000, crc32(data), WHEN, lambda: Slow(data))
    assert data in whole(Archive([slow]))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/a.wav",
        "../a.wav",
        "a/../b.wav",
        "./a.wav",
        "a//b.wav",
        "a/",
        "a\\b.wav",
        "C:a.wav",
        "a\0.wav",
        "a\nb.wav",
        "\ud800.wav",
        "x" * 65_536,
    ],
)
def test_unsafe_names_are_refused(name):
    with pytest.raises(UnsafeNameError):
        Archive([member(name)])


@pytest.mark.parametrize(
    "names", [["a.wav", "A.WAV"], ["d/a", "D/a"], ["a", "A/b"], ["a/b/c", "a/b"]]
)
def test_names_that_would_meet_on_a_card_are_refused(names):
    with pytest.raises(UnsafeNameError):
        Archive([member(name) for name in names])


@pytest.mark.parametrize(
    ("modified", "read"),
    [
        (datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC), (2026, 5, 6, 7, 8, 8)),
        ((1970, 5, 6, 7, 8, 9), (1980, 1, 1, 0, 0, 0)),
        ((2200, 5, 6, 7, 8, 9), (2107, 5, 6, 7, 8, 8)),
        ((2016, 12, 31, 23, 59, 60), (2016, 12, 31, 23, 59, 58)),
        (datetime.max.replace(tzinfo=UTC), (2107, 12, 31, 23, 59, 58)),
        (datetime.min.replace(tzinfo=UTC) + timedelta(days=1), (1980, 1, 1, 0, 0, 0)),
    ],
)
def test_times_are_those_that_dos_can_tell(modified, read):
    data = whole(Archive([member("a", b"1", modified)]))
    assert zipfile.ZipFile(io.BytesIO(data)).infolist()[0].date_time == read


@pytest.fixture(scope="module")
def huge():
    """A member over 4 GiB between two small ones, and one more over 4 GiB."""
    big = Member("big.wav", 4 * GIB + 5, 1, WHEN, lambda: Pattern(4 * GIB + 5))
    edge = Member("edge.wav", 0xFFFFFFFF, 2, WHEN, lambda: Pattern(0xFFFFFFFF))
    return Archive([member("a", b"first"), big, member("z", b"last"), edge])


def test_zip64_is_used_where_needed_alone(huge):
    with zipfile.ZipFile(Unbuilt(huge)) as read:
        infos = read.infolist()
        assert [info.file_size for info in infos] == [5, 4 * GIB + 5, 4, 0xFFFFFFFF]
        assert [info.extract_version for info in infos] == [20, 45, 45, 45]
        assert infos[2].header_offset > 4 * GIB
        assert read.read("a") == b"first"
        assert read.read("z") == b"last"
        with read.open("big.wav") as file:
            assert file.read(1000) == Pattern.PERIOD[:1000]
    assert huge.length > 8 * GIB


def test_a_range_deep_inside_a_huge_member_is_right(huge):
    header = 30 + 1 + 5 + 30 + len("big.wav") + 20
    place = 3 * GIB + 12_345
    expected = Pattern(5 * GIB)
    expected.seek(place)
    got = b"".join(huge.stream(header + place, header + place + 3 * CHUNK))
    assert got == expected.read(3 * CHUNK)


def test_a_local_header_carries_both_large_sizes(huge):
    at = 30 + 1 + 5
    header = b"".join(huge.stream(at, at + 30 + 7 + 20))
    assert struct.unpack("<2I", header[18:26]) == (0xFFFFFFFF, 0xFFFFFFFF)
    assert struct.unpack("<2H2Q", header[37:]) == (1, 16, 4 * GIB + 5, 4 * GIB + 5)


def test_seventy_thousand_members():
    data = b"x"
    archive = Archive(member(f"{n:05}", data) for n in range(70_000))
    tail = b"".join(archive.stream(archive.length - 98))
    assert tail[:4] == b"PK\6\6"
    assert struct.unpack("<Q", tail[32:40]) == (70_000,)
    with zipfile.ZipFile(io.BytesIO(whole(archive))) as read:
        assert len(read.namelist()) == 70_000
        assert read.read("69999") == data


@pytest.mark.parametrize(("count", "large"), [(0xFFFE, False), (0xFFFF, True)])
def test_zip64_begins_at_65535_members(count, large):
    archive = Archive(member(f"{n:05}") for n in range(count))
    tail = b"".join(archive.stream(archive.length - 98))
    assert tail.startswith(b"PK\6\6") is large


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip is not installed")
def test_unzip_reads_five_gigabytes(tmp_path):
    size, check = 4 * GIB + GIB // 2, 0
    source = Pattern(size)
    while piece := source.read(1 << 20):
        check = crc32(piece, check)
    big = Member("big.wav", size, check, WHEN, lambda: Pattern(size))
    archive = Archive([member("a", b"first"), big, member("z", b"last")])
    path = tmp_path / "huge.zip"
    with path.open("wb") as file:
        file.writelines(archive.stream())
    assert path.stat().st_size == archive.length
    done = subprocess.run(["unzip", "-t", path], check=False, capture_output=True, text=True)
    assert "No errors detected" in done.stdout


NAMES = st.lists(
    st.text("abcdéß名- _", min_size=1, max_size=8).map(lambda name: name + ".wav"),
    unique_by=str.casefold,
    max_size=6,
)


@given(NAMES, st.data())
def test_whatever_the_members_the_zip_is_whole(names, data):
    contents = {name: data.draw(st.binary(max_size=200)) for name in names}
    archive = Archive([member(name, content) for name, content in contents.items()])
    joined = whole(archive)
    with zipfile.ZipFile(io.BytesIO(joined)) as read:
        assert {name: read.read(name) for name in read.namelist()} == contents
    start = data.draw(st.integers(0, len(joined)))
    end = data.draw(st.integers(start, len(joined)))
    assert b"".join(archive.stream(start, end)) == joined[start:end]
