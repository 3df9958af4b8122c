"""Files are written whole or not at all; a full disk is told in words and loses nothing."""

import os
import subprocess

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, default_storage

from library import storage
from library.jobs import NoSpaceError


def left_over(settings):
    return [path.name for path in settings.TMP_DIR.iterdir()]


class Interrupted(File):
    """Bytes that end in a fault, as when the power or the network goes."""

    def chunks(self, chunk_size=None):
        yield b"half of a"
        raise OSError("gone")


def test_a_file_is_stored_under_its_name_and_readable_by_its_owner_alone(settings, media):
    assert default_storage.save("blobs/ab/abc", ContentFile(b"sound")) == "blobs/ab/abc"
    assert (media / "blobs/ab/abc").read_bytes() == b"sound"
    assert (media / "blobs/ab").stat().st_mode & 0o077 == 0
    assert left_over(settings) == []


def test_an_interrupted_write_leaves_nothing_and_harms_nothing_that_is_there(settings, media):
    with pytest.raises(OSError, match="gone"):
        default_storage.save("blobs/ab/new", Interrupted(None))
    assert not default_storage.exists("blobs/ab/new")
    default_storage.save("blobs/ab/old", ContentFile(b"whole"))
    with pytest.raises(OSError, match="gone"):
        default_storage.save("blobs/ab/old", Interrupted(None))
    assert (media / "blobs/ab/old").read_bytes() == b"whole"
    assert left_over(settings) == []


def test_the_same_name_again_replaces_the_file(media):
    default_storage.save("blobs/ab/abc", ContentFile(b"sound"))
    assert default_storage.save("blobs/ab/abc", ContentFile(b"sound")) == "blobs/ab/abc"
    assert [path.name for path in (media / "blobs/ab").iterdir()] == ["abc"]


def test_bytes_and_folder_are_synced_before_the_name_counts(monkeypatch):
    order = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda handle: order.append("sync") or fsync(handle))
    monkeypatch.setattr(os, "replace", lambda *paths: order.append("rename") or replace(*paths))
    default_storage.save("blobs/ab/abc", ContentFile(b"sound"))
    new = ["sync", "sync"]  # so that the names of the two folders last as well
    assert order == ["sync", "rename", "sync", *new]
    order.clear()
    default_storage.save("blobs/ab/abd", ContentFile(b"sound"))
    assert order == ["sync", "rename", "sync"]


def test_a_finished_file_on_the_media_file_system_is_moved_to_its_name(settings, monkeypatch):
    order = []
    fsync, replace = os.fsync, os.replace
    with storage.scratch(".wav") as made:
        made.write_bytes(b"sound")
        number = made.stat().st_ino
        monkeypatch.setattr(os, "fsync", lambda handle: order.append("sync") or fsync(handle))
        monkeypatch.setattr(os, "replace", lambda *paths: order.append("name") or replace(*paths))
        assert storage.keep(made, "renders/ab/abc.wav")
    assert order == ["sync", "name", "sync", "sync", "sync"]
    with storage.local("renders/ab/abc.wav") as path:
        assert (path.read_bytes(), path.stat().st_ino) == (b"sound", number)
    assert left_over(settings) == []


def test_a_finished_file_from_elsewhere_is_copied(tmp_path):
    (tmp_path / "made.wav").write_bytes(b"sound")
    assert not storage.keep(tmp_path / "made.wav", "renders/ab/abc.wav")
    with storage.local("renders/ab/abc.wav") as path:
        assert path.read_bytes() == b"sound"
    assert (tmp_path / "made.wav").exists()


def test_a_file_that_is_gone_is_said_to_be():
    with pytest.raises(FileNotFoundError, match="blobs/xx"), storage.local("blobs/xx"):
        pass


class Remote(Storage):
    """Files that lie on no disk of this machine."""

    sound = b"sound"

    def _open(self, name, mode="rb"):
        return ContentFile(self.sound, name)

    def _save(self, name, content):
        self.sound = content.read()
        return name

    def exists(self, name):
        return False


def test_a_storage_without_paths_gets_a_copy(monkeypatch, settings):
    remote = Remote()
    monkeypatch.setattr(storage, "default_storage", remote)
    with storage.scratch(".wav") as made:
        made.write_bytes(b"other")
        assert not storage.keep(made, "renders/ab/abc.wav")
    assert remote.sound == b"other"
    assert left_over(settings) == []


def test_a_storage_without_paths_is_copied_for_as_long_as_it_is_needed(monkeypatch, settings):
    monkeypatch.setattr(storage, "default_storage", Remote())
    with storage.local("blobs/ab/abc.wav") as path:
        assert path.suffix == ".wav"
        assert path.read_bytes() == b"sound"
    assert left_over(settings) == []


def test_a_scratch_file_is_gone_afterwards_whatever_happens(settings):
    with pytest.raises(ValueError, match="stop"), storage.scratch(".wav") as path:  # noqa: PT012
        path.write_bytes(b"x")
        raise ValueError("stop")
    assert left_over(settings) == []


def test_too_little_room_is_said_in_words(settings):
    settings.RESERVE_BYTES = 10**18
    assert storage.free_bytes() == 0
    with pytest.raises(NoSpaceError, match=r"210 MB needed, 0 kB free\. Nothing was lost\."):
        storage.require_space(210_000_000)
    settings.RESERVE_BYTES = 0
    storage.require_space(1000)


@pytest.mark.parametrize(("size", "words"), [(1, "1 kB"), (1500, "2 kB"), (2_400_000, "2 MB")])
def test_sizes_for_people(size, words):
    assert storage.megabytes(size) == words


@pytest.fixture
def small_disk(settings, tmp_path):
    """Put the media folder on a disk of one megabyte."""
    if os.geteuid() != 0:
        pytest.skip("a small disk needs root")
    root = tmp_path / "disk"
    root.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", root], check=False)
    if mounted.returncode:
        pytest.skip("this machine mounts no small disk")
    settings.MEDIA_ROOT, settings.TMP_DIR = root, root / "tmp"
    settings.TMP_DIR.mkdir()
    yield root
    subprocess.run(["umount", root], check=True)


def test_a_full_disk_leaves_no_half_file_and_what_is_there_stays(small_disk, settings):
    default_storage.save("blobs/ab/first", ContentFile(b"f" * 300_000))
    with pytest.raises(OSError, match="No space left"):
        default_storage.save("blobs/ab/second", ContentFile(b"s" * 900_000))
    assert not default_storage.exists("blobs/ab/second")
    assert left_over(settings) == []
    with storage.local("blobs/ab/first") as path:
        assert path.stat().st_size == 300_000
    default_storage.delete("blobs/ab/first")
    default_storage.save("blobs/ab/second", ContentFile(b"s" * 900_000))
