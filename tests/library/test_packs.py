"""ZIP packs: good ones are read as they are, hostile ones do no harm."""

import errno
import io
import shutil
import stat
import struct
import subprocess
import time
import tracemalloc
import unicodedata
import zipfile
from zlib import crc32

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from library.packs import (
    EntryDamagedError,
    Limits,
    PackRefusedError,
    clean_path,
    copy_out,
    entries,
    is_clutter,
)

SOUND = b"RIFF" + bytes(range(256)) * 3


def zipped(*members, method=zipfile.ZIP_DEFLATED, comment=b""):
    """Return a ZIP of (name or ZipInfo, bytes)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
        archive.comment = comment
    return file


def patched(file, changes, *, signature=b"PK\1\2"):
    """Return the ZIP with bytes overwritten, counted from its first directory entry."""
    data = bytearray(file.getvalue())
    start = data.index(signature)
    for offset, value in changes.items():
        data[start + offset : start + offset + len(value)] = value
    return io.BytesIO(bytes(data))


def central(name=b"a.wav", *, size=1, packed=1, offset=0, extra=b""):
    """Return a directory entry by APPNOTE 4.3.12."""
    lengths = (len(name), len(extra), 0, 0, 0)
    fields = (20, 20, 0, 0, 0, 33, crc32(b"x"), packed, size, *lengths, 0, offset)
    return struct.pack("<4s6H3I5H2I", b"PK\1\2", *fields) + name + extra


def local(name=b"a.wav", data=b"x", *, size=None, method=0):
    """Return a local entry by APPNOTE 4.3.7."""
    sizes = (crc32(data), len(data), len(data) if size is None else size)
    return (
        struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, method, 0, 33, *sizes, len(name), 0)
        + name
        + data
    )


def end(count, size, at, comment=b"", *, disk=0, here=None):
    """Return the record that ends a ZIP, APPNOTE 4.3.16."""
    here = count if here is None else here
    return struct.pack("<4s4H2IH", b"PK\5\6", disk, 0, here, count, size, at, len(comment)) + (
        comment
    )


def unpacked(file, limits=None):
    """Return {path: bytes} of all that is taken, and the skipped."""
    pack, taken = entries(file, limits), {}
    for entry in pack.entries:
        target = io.BytesIO()
        assert copy_out(pack, entry, target) == entry.size
        taken[entry.path] = target.getvalue()
    return taken, dict(pack.skipped)


def refused(file, limits=None):
    with pytest.raises(PackRefusedError) as caught:
        entries(file, limits)
    assert str(caught.value).endswith(".")
    return str(caught.value)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("comment", [b"", b"made by hand", b"c" * 65_535])
def test_a_good_pack_is_read_whole(method, comment):
    pack = zipped(
        ("Drums/", b""),
        ("Drums/kick.wav", SOUND),
        ("Drums/été.wav", SOUND * 2),
        ("empty.wav", b""),
        method=method,
        comment=comment,
    )
    taken, skipped = unpacked(pack)
    assert taken == {"Drums/kick.wav": SOUND, "Drums/été.wav": SOUND * 2, "empty.wav": b""}
    assert skipped == {}
    assert entries(pack).size == 3 * len(SOUND)


def test_an_empty_pack_has_nothing():
    assert unpacked(zipped()) == ({}, {})


@pytest.mark.skipif(shutil.which("zip") is None, reason="zip is not installed")
def test_a_pack_of_another_program_is_read(tmp_path):
    (tmp_path / "Kit").mkdir()
    (tmp_path / "Kit" / "kick.wav").write_bytes(SOUND)
    subprocess.run(["zip", "-qr", "a.zip", "Kit"], cwd=tmp_path, check=True)
    with (tmp_path / "a.zip").open("rb") as file:
        assert unpacked(file) == ({"Kit/kick.wav": SOUND}, {})


def test_what_systems_leave_behind_is_passed_over():
    names = [
        "__MACOSX/Kit/._kick.wav",
        "Kit/._kick.wav",
        "Kit/.DS_Store",
        "Kit/Thumbs.db",
        "Kit/Desktop.ini",
        "Kit/Icon\r",
    ]
    taken, skipped = unpacked(zipped(("Kit/kick.wav", SOUND), *((name, b"x") for name in names)))
    assert list(taken) == ["Kit/kick.wav"]
    assert skipped == {}


def test_utf8_names_without_the_flag_are_understood():
    name = "été.wav".encode()
    entry, listed = local(name), central(name)
    file = io.BytesIO(entry + listed + end(1, len(listed), len(entry)))
    assert list(unpacked(file)[0]) == ["été.wav"]


def test_names_of_old_programs_are_understood():
    name = "café.wav".encode("cp437")
    entry, listed = local(name), central(name)
    file = io.BytesIO(entry + listed + end(1, len(listed), len(entry)))
    assert list(unpacked(file)[0]) == ["café.wav"]


def test_folders_of_windows_programs_are_folders():
    entry = local(b"Kit\\", b"")
    listed = central(b"Kit\\", size=0, packed=0)
    file = io.BytesIO(entry + listed + end(1, len(listed), len(entry)))
    assert unpacked(file) == ({}, {})


# Hostile entries: the others in the pack are still good.


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.wav",
        "a/../../b.wav",
        "/etc/passwd.wav",
        "C:\\Windows\\a.wav",
        "C:a.wav",
        "..\\a.wav",
        "\\\\server\\share\\a.wav",
        "a/.\u202e./b.wav",
        "\u200b/a.wav",
        "\u202e",
    ],
)
def test_an_unsafe_name_is_skipped(name):
    taken, skipped = unpacked(zipped((name, b"x"), ("good.wav", SOUND)))
    assert taken == {"good.wav": SOUND}
    assert list(skipped.values()) == ["its name is not a safe path"]
    assert not any(unicodedata.category(char)[0] == "C" for char in "".join(skipped))


def test_a_name_cut_by_nul_is_skipped():
    file = zipped(("a.exeX.wav", b"x"), ("good.wav", SOUND))
    evil = io.BytesIO(file.getvalue().replace(b"a.exeX.wav", b"a.exe\0.wav"))
    assert unpacked(evil) == (
        {"good.wav": SOUND},
        {"a.exe.wav": "its name is not a safe path"},
    )


def test_backslashes_and_odd_characters_are_cleaned():
    taken, skipped = unpacked(zipped(("Kit\\a\u202egpj\n.wav", b"x")))
    assert taken == {"Kit/agpj.wav": b"x"}
    assert skipped == {}


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR])
def test_a_link_or_device_is_skipped(kind):
    info = zipfile.ZipInfo("link.wav")
    info.external_attr = (kind | 0o777) << 16
    taken, skipped = unpacked(zipped((info, b"/etc/passwd"), ("good.wav", SOUND)))
    assert taken == {"good.wav": SOUND}
    assert skipped == {"link.wav": "it is a link or device, not a file"}


@pytest.mark.parametrize("flag", [1, 1 << 6])
def test_a_locked_entry_is_skipped(flag):
    file = patched(zipped(("a.wav", SOUND)), {8: struct.pack("<H", flag)})
    assert unpacked(file) == ({}, {"a.wav": "it is locked with a password"})


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_compression_is_skipped(method):
    file = zipped(("a.wav", SOUND), method=method)
    assert unpacked(file) == ({}, {"a.wav": "its kind of compression is not supported"})


def test_a_pack_inside_a_pack_is_skipped():
    inner = zipped(("a.wav", SOUND)).getvalue()
    assert unpacked(zipped(("more/Inner.ZIP", inner))) == (
        {},
        {"more/Inner.ZIP": "it is an archive inside the archive"},
    )


def test_a_bomb_is_skipped_by_its_ratio():
    bomb, fine = bytes(2_000_000), bytes(900_000)
    taken, skipped = unpacked(zipped(("bomb.wav", bomb), ("silence.wav", fine)))
    assert taken == {"silence.wav": fine}
    assert skipped == {"bomb.wav": "it would grow to more than 200 times its size"}


def test_an_entry_over_the_limit_is_skipped():
    taken, skipped = unpacked(zipped(("a.wav", SOUND)), Limits(file_bytes=700))
    assert (taken, skipped) == ({}, {"a.wav": "it is larger than 0.0007 MB"})
    assert unpacked(zipped(("a.wav", SOUND)), Limits(file_bytes=len(SOUND)))[0]


@pytest.mark.parametrize("claimed", [1, len(SOUND) - 1, len(SOUND) + 1, 10 * len(SOUND)])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_liar_about_its_size_is_found_out(claimed, method):
    file = patched(zipped(("a.wav", SOUND), method=method), {24: struct.pack("<I", claimed)})
    pack, target = entries(file), io.BytesIO()
    with pytest.raises(EntryDamagedError, match=r"“a\.wav” is"):
        copy_out(pack, pack.entries[0], target)
    assert len(target.getvalue()) <= claimed


def test_a_wrong_checksum_is_found():
    file = patched(zipped(("a.wav", SOUND)), {16: b"\0\0\0\0"})
    pack = entries(file)
    with pytest.raises(EntryDamagedError, match="damaged inside the ZIP"):
        copy_out(pack, pack.entries[0], io.BytesIO())


def test_another_name_before_the_data_is_found():
    entry, listed = local(b"b.exe"), central(b"a.wav")
    pack = entries(io.BytesIO(entry + listed + end(1, len(listed), len(entry))))
    with pytest.raises(EntryDamagedError):
        copy_out(pack, pack.entries[0], io.BytesIO())


def test_broken_compressed_data_is_found():
    file = zipped(("a.wav", SOUND * 50), ("b.wav", SOUND))
    data = bytearray(file.getvalue())
    data[40:60] = b"\xff" * 20
    pack = entries(io.BytesIO(bytes(data)))
    with pytest.raises(EntryDamagedError):
        copy_out(pack, pack.entries[0], io.BytesIO())
    good = io.BytesIO()
    copy_out(pack, pack.entries[1], good)
    assert good.getvalue() == SOUND


def test_a_full_disk_is_not_blamed_on_the_pack():
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

    pack = entries(zipped(("a.wav", SOUND)))
    with pytest.raises(OSError, match="No space left"):
        copy_out(pack, pack.entries[0], Full())


# Hostile packs: refused as a whole.


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"PK\5\6\0\0",
        b"RIFF" + bytes(1000),
        b"Rar!\x1a\7\0" + bytes(1000),
        bytes(30) + b"PK\5\6" + bytes(17),
    ],
)
def test_what_is_no_zip_is_refused(data):
    assert "not a whole ZIP" in refused(io.BytesIO(data))


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9, 0.99])
def test_a_truncated_pack_is_refused(kept):
    data = zipped(*((f"{n}.wav", SOUND) for n in range(20))).getvalue()
    assert "not a whole ZIP" in refused(io.BytesIO(data[: int(len(data) * kept)]))


def test_bytes_before_the_zip_are_refused():
    file = zipped(("a.wav", SOUND))
    assert "not a whole ZIP" in refused(io.BytesIO(b"#!/bin/sh\n" + file.getvalue()))


def test_overlapping_entries_are_refused():
    kernel = local(b"a.wav", SOUND)
    listed = b"".join(central(b"a.wav", size=len(SOUND), packed=len(SOUND)) for _ in range(1000))
    bomb = io.BytesIO(kernel + listed + end(1000, len(listed), len(kernel)))
    assert "overlap" in refused(bomb)


def test_entries_nested_in_the_data_of_others_are_refused():
    inner = local(b"b.wav", SOUND)
    outer = local(b"a.wav", inner)
    listed = central(b"a.wav", size=len(inner), packed=len(inner)) + central(
        b"b.wav", size=len(SOUND), packed=len(SOUND), offset=35
    )
    bomb = io.BytesIO(outer + listed + end(2, len(listed), len(outer)))
    assert "overlap" in refused(bomb)


@pytest.mark.parametrize("changes", [{20: b"\xfe\xff\xff\xff"}, {42: b"\xfe\xff\xff\xff"}])
def test_an_entry_that_reaches_into_the_directory_is_refused(changes):
    assert "overlap" in refused(patched(zipped(("a.wav", SOUND)), changes))


def test_two_hundred_thousand_entries_are_refused_at_once():
    listed = central(b"a") * 200_000
    count = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, *[200_000] * 2, len(listed), 0)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, len(listed), 1)
    file = io.BytesIO(listed + count + locator + end(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF))
    tracemalloc.start()
    began = time.perf_counter()
    reason = refused(file)
    spent, peak = time.perf_counter() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reason == "The ZIP has 200,000 entries; at most 5,000 go."
    assert spent < 0.5
    assert peak < 1_000_000


def test_a_liar_about_the_number_of_entries_is_refused():
    listed = central(b"a") * 5_001
    for claimed in (1, 4_999):
        file = io.BytesIO(listed + end(claimed, len(listed), 0))
        assert "not a whole ZIP" in refused(file)
    assert "at most 5,000" in refused(io.BytesIO(listed + end(5_001, len(listed), 0)))


def test_fewer_entries_than_claimed_are_refused():
    entry, listed = local(), central()
    file = io.BytesIO(entry + listed + end(2, len(listed), len(entry)))
    assert "not a whole ZIP" in refused(file)


def test_a_huge_directory_is_refused():
    listed = central(b"a", extra=bytes(60_000)) * 150
    file = io.BytesIO(listed + end(150, len(listed), 0))
    assert "too long to be read" in refused(file)


def test_junk_in_the_directory_is_refused():
    file = patched(zipped(("a.wav", SOUND), ("b.wav", SOUND)), {0: b"JUNK"})
    assert "not a whole ZIP" in refused(file)


@pytest.mark.parametrize(
    "record",
    [
        struct.pack("<4sQ2H2I4Q", b"JUNK", 44, 45, 45, 0, 0, 0, 0, 0, 0),
        struct.pack("<4sQ2H2I4Q", b"PK\6\6", 99, 45, 45, 0, 0, 0, 0, 0, 0),
        struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, 9, 9, 1 << 60, 1 << 61),
        struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, 9, 9, 0, 4),
        b"",
    ],
)
def test_junk_for_zip64_is_refused(record):
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, 0, 1)
    file = io.BytesIO(record + locator + end(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF))
    assert refused(file)


def test_zip64_markers_without_a_record_are_refused():
    file = io.BytesIO(bytes(200) + end(9, 0xFFFFFFFF, 0xFFFFFFFF))
    assert "not a whole ZIP" in refused(file)


def test_a_good_zip64_pack_is_read():
    entry, listed = local(), central()
    at = len(entry) + len(listed)
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(listed), len(entry))
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, at, 1)
    tail = record + locator + end(1, 0xFFFFFFFF, 0xFFFFFFFF, b"c" * 65_535)
    assert unpacked(io.BytesIO(entry + listed + tail)) == ({"a.wav": b"x"}, {})


def test_a_wrong_zip64_extra_field_is_refused():
    entry = local()
    listed = central(size=0xFFFFFFFF, packed=0xFFFFFFFF, extra=struct.pack("<2H", 1, 0))
    file = io.BytesIO(entry + listed + end(1, len(listed), len(entry)))
    assert "not a whole ZIP" in refused(file)


def test_a_part_of_several_is_refused():
    entry, listed = local(), central()
    for part in ({"disk": 1}, {"here": 0}):
        file = io.BytesIO(entry + listed + end(1, len(listed), len(entry), **part))
        assert "one part of several" in refused(file)


def test_limits_of_the_whole_are_held():
    file = zipped(("a.wav", SOUND), ("b.wav", SOUND), method=zipfile.ZIP_STORED)
    size = len(file.getvalue())
    assert refused(file, Limits(pack_bytes=size - 1)).startswith("The ZIP is larger than")
    assert "unpack to more" in refused(file, Limits(unpacked_bytes=2 * len(SOUND) - 1))
    exact = Limits(pack_bytes=size, unpacked_bytes=2 * len(SOUND), entries=2)
    assert len(unpacked(file, exact)[0]) == 2
    assert "at most 1 go" in refused(file, Limits(entries=1))


def test_limits_are_told_in_round_figures():
    assert "larger than 2 GB" in refused(_Claiming(2 * 10**9 + 1))


class _Claiming(io.BytesIO):
    """A file that says it is very long; it is never read."""

    def __init__(self, size):
        super().__init__()
        self.size = size

    def seek(self, offset, whence=0):
        return self.size

    def read(self, count=-1):
        raise AssertionError("too large a file is not read")


VALID = zipped(("Kit/kick.wav", SOUND), ("été.wav", SOUND * 9), comment=b"x").getvalue()


@given(
    st.dictionaries(st.integers(0, len(VALID) - 1), st.integers(0, 255), max_size=8),
    st.integers(0, len(VALID)),
)
@example({}, len(VALID))
def test_random_damage_ends_in_a_sentence_or_in_the_right_bytes(changes, length):
    data = bytearray(VALID)
    for place, value in changes.items():
        data[place] = value
    try:
        taken, _ = unpacked(io.BytesIO(bytes(data[:length])))
    except PackRefusedError:
        return
    assert set(taken.values()) <= {SOUND, SOUND * 9, b""}


# Paths


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("kick.wav", "kick.wav"),
        ("Kit/Drums/kick.wav", "Kit/Drums/kick.wav"),
        ("Kit\\kick.wav", "Kit/kick.wav"),
        ("./Kit//./kick.wav", "Kit/kick.wav"),
        ("Cafe\u0301/e\u200d\u0301.wav", "Café/é.wav"),
        (" Kit / kick.wav ", "Kit/kick.wav"),
        ("a\tb\r\nc.wav", "abc.wav"),
        ("kick?*<>|.wav", "kick?*<>|.wav"),
        ("...", "..."),
        ("k" * 400 + ".wav", "k" * 251 + ".wav"),
        ("k" * 400, "k" * 255),
        ("k." + "x" * 400, "k." + "x" * 253),
        ("/".join([*("d" * 240 for _ in range(4)), "a.wav"]), f"{'d' * 240}/{'d' * 240}/a.wav"),
    ],
)
def test_paths_are_cleaned(name, cleaned):
    assert clean_path(name) == cleaned


@pytest.mark.parametrize(
    "name", ["", " ", ".", "./", "/", "/a", "..", "a/..", "c:/a", "a\0b", "\u202e", "//s/a"]
)
def test_unsafe_paths_are_none(name):
    assert clean_path(name) is None


@given(st.one_of(st.text(), st.text("./\\:aé \u202e\u0301\0", max_size=20)))
def test_a_cleaned_path_is_always_safe(name):
    path = clean_path(name)
    if path is None:
        return
    parts = path.split("/")
    assert not {"", ".", ".."} & set(parts)
    assert all(len(part) <= 255 and part == part.strip() for part in parts)
    assert not any(unicodedata.category(char)[0] == "C" or char == "\\" for char in path)
    assert unicodedata.is_normalized("NFC", path)
    assert clean_path(path) == path


def test_clutter_is_known_in_any_case():
    assert is_clutter("Kit/THUMBS.DB")
    assert is_clutter("a/__MACOSX/b/kick.wav")
    assert not is_clutter("Kit/kick.wav")
