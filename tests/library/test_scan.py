"""Watched folders: what is new, changed, moved, gone, unreadable, or killed in between."""

import os
import shutil
import time
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils.timezone import now

from library import ingest, labour, pulse, scan, trash, walk, watch
from library.ingest import Label
from library.jobs import GoOn, NoSpaceError, State
from library.models import Import, Pack, Sample, WatchedFile, WatchedFolder
from tests.factories import UserFactory, tone
from tests.library.packing import pack


@pytest.fixture
def user(db):
    """Return somebody of the staff."""
    return UserFactory(staff=True)


@pytest.fixture
def root(tmp_path, settings) -> Path:
    """Return a folder below one that the installation offers."""
    settings.FOLDERS = [tmp_path / "srv"]
    folder = tmp_path / "srv" / "Sounds"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def watched(user, root) -> WatchedFolder:
    return watch.add(user, root)


def put(path: Path, data: bytes, ago: float = 60) -> Path:
    """Write a file that was changed so many seconds ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    then = time.time() - ago
    os.utime(path, (then, then))
    return path


def look(watched: WatchedFolder) -> WatchedFolder:
    """Scan as workers do, all of it, without measuring anything."""
    WatchedFolder.objects.filter(pk=watched.pk).update(state=State.PENDING, attempts=0)
    source = next(one for one in labour.SOURCES if one.name == "watched folders")
    for _ in range(200):
        chunk = source.rows().claim("here:1", source.weight)
        if not chunk:
            break
        labour.run(source, chunk)
    return WatchedFolder.objects.get(pk=watched.pk)


def places() -> dict[str, str]:
    return {sample.title: sample.folder for sample in Sample.objects.kept()}


def test_all_sounds_come_in_with_their_folders(user, root, watched):
    put(root / "kick.wav", tone(100))
    put(root / "Drums" / "Hats" / "hat.wav", tone(200))
    put(root / "notes.pdf", b"%PDF")
    put(root / ".hidden.wav", tone(300))
    put(root / ".git" / "x.wav", tone(300))
    put(root / "._kick.wav", tone(300))
    row = look(watched)
    assert (row.state, row.error) == (State.COMPLETED, "")
    assert row.scanned_at is not None
    assert row.due_at > now()
    assert places() == {"kick": "Sounds", "hat": "Sounds/Drums/Hats"}
    assert {str(file) for file in WatchedFile.objects.all()} == {"kick.wav", "Drums/Hats/hat.wav"}
    assert all(sample.owner == user for sample in Sample.objects.all())
    assert (root / "kick.wav").read_bytes() == tone(100)


def test_unchanged_files_are_not_read_again(root, watched, monkeypatch):
    put(root / "kick.wav", tone(100))
    look(watched)
    monkeypatch.setattr(ingest, "at_hand", None)
    assert look(watched).state == State.COMPLETED


def test_new_files_come_in_with_the_next_look(root, watched):
    put(root / "kick.wav", tone(100))
    look(watched)
    put(root / "snare.wav", tone(200))
    look(watched)
    assert set(places()) == {"kick", "snare"}


def test_a_changed_file_comes_in_as_a_new_sound_and_the_old_one_stays(root, watched):
    put(root / "kick.wav", tone(100))
    look(watched)
    old = Sample.objects.get()
    put(root / "kick.wav", tone(150), ago=30)
    look(watched)
    new = WatchedFile.objects.get().sample
    assert new != old
    assert set(Sample.objects.kept()) == {old, new}


def test_a_file_that_was_only_touched_is_the_same_sound(root, watched):
    path = put(root / "kick.wav", tone(100))
    look(watched)
    Sample.objects.update(deleted_at=now())
    os.utime(path, (1_000_000_000, 1_000_000_000))
    look(watched)
    assert Sample.objects.get().deleted_at is not None  # thrown away stays thrown away


@pytest.mark.parametrize("new", ["Drums/kick.wav", "boom.wav", "A/B/boom.wav"])
@pytest.mark.parametrize("error", ["", f"{labour.TOO_LONG} 60 s and was given up."])
def test_a_moved_file_takes_its_sound_along(root, watched, new, error):
    put(root / "Old" / "kick.wav", tone(100))
    look(watched)
    WatchedFolder.objects.update(error=error)
    before = Sample.objects.get()
    (root / new).parent.mkdir(parents=True, exist_ok=True)
    (root / "Old" / "kick.wav").rename(root / new)
    look(watched)
    after = Sample.objects.get()
    name = Path(new)
    assert after.pk == before.pk
    assert (after.title, after.original_name) == (name.stem, name.name)
    assert after.folder == ("Sounds" / name).parent.as_posix()
    assert f" {name.stem} " in after.search_text
    file = WatchedFile.objects.get()
    assert (str(file), file.sample, file.gone_at) == (new, after, None)


def test_a_renamed_folder_of_many(root, watched):
    for number in range(6):
        put(root / "Old" / "Deep" / f"{number}.wav", tone(100 + number))
    look(watched)
    ids = set(Sample.objects.values_list("pk", flat=True))
    (root / "Old").rename(root / "Another")
    look(watched)
    assert set(Sample.objects.values_list("pk", flat=True)) == ids
    assert set(places().values()) == {"Sounds/Another/Deep"}
    assert WatchedFile.objects.count() == 6


def test_a_file_that_comes_back_elsewhere_later_is_known_again(root, watched, tmp_path):
    path = put(root / "kick.wav", tone(100))
    look(watched)
    path.rename(tmp_path / "away.wav")
    look(watched)
    assert WatchedFile.objects.get().gone_at is not None
    (root / "Later").mkdir()
    (tmp_path / "away.wav").rename(root / "Later" / "kick.wav")
    look(watched)
    assert places() == {"kick": "Sounds/Later"}
    assert WatchedFile.objects.get().gone_at is None


def test_what_a_person_has_named_keeps_its_name(root, watched):
    put(root / "kick.wav", tone(100))
    look(watched)
    Sample.objects.update(title="My kick", folder="Mine")
    (root / "kick.wav").rename(root / "boom.wav")
    look(watched)
    sample = Sample.objects.get()
    assert (sample.title, sample.folder, sample.original_name) == ("My kick", "Mine", "boom.wav")


def test_a_moved_file_over_another_one(root, watched):
    put(root / "a.wav", tone(100))
    put(root / "b.wav", tone(200))
    look(watched)
    (root / "a.wav").rename(root / "b.wav")
    look(watched)
    assert Sample.objects.kept().count() == 2  # nothing is lost
    file = WatchedFile.objects.get(gone_at=None)
    assert (str(file), file.sample.sha256) == ("b.wav", file.sha256)


def test_two_files_that_change_places(root, watched):
    put(root / "a.wav", tone(100))
    put(root / "b.wav", tone(200))
    look(watched)
    (root / "a.wav").rename(root / "c")
    (root / "b.wav").rename(root / "a.wav")
    (root / "c").rename(root / "b.wav")
    for name in ("a.wav", "b.wav"):
        put(root / name, (root / name).read_bytes(), ago=20)
    look(watched)
    assert Sample.objects.kept().count() == 2
    assert all(file.sample.sha256 == file.sha256 for file in WatchedFile.objects.all())


def test_a_copy_is_no_second_sound_and_stays_when_the_first_goes(root, watched):
    put(root / "kick.wav", tone(100))
    look(watched)
    put(root / "copy.wav", tone(100))
    look(watched)
    assert places() == {"kick": "Sounds"}
    (root / "kick.wav").unlink()
    look(watched)
    assert places() == {"kick": "Sounds"}
    assert WatchedFile.objects.filter(gone_at=None).get().sample == Sample.objects.get()


def test_a_copy_does_not_bring_back_what_was_thrown_away(root, watched, user):
    put(root / "kick.wav", tone(100))
    look(watched)
    Sample.objects.update(deleted_at=now())
    put(root / "copy.wav", tone(100))
    look(watched)
    assert not Sample.objects.kept().exists()
    trash.empty(user)
    put(root / "third.wav", tone(100))
    (root / "copy.wav").rename(root / "moved.wav")
    look(watched)
    assert not Sample.objects.exists()


def test_nothing_that_was_thrown_away_before_it_was_watched_comes_back(root, watched, user):
    path = put(root / "kick.wav", tone(100))
    sample = ingest.add_sample(owner=user, file=path, label=Label("kick.wav")).sample
    Sample.objects.update(deleted_at=now())
    look(watched)
    assert not Sample.objects.kept().exists()
    assert WatchedFile.objects.get().sample == sample
    assert watch.told(user)[0].thrown == 1


def test_a_pack_that_a_scan_finds_brings_nothing_back(root, watched, user):
    path = put(root.parent / "kick.wav", tone(100))
    ingest.add_sample(owner=user, file=path, label=Label("kick.wav"))
    Sample.objects.update(deleted_at=now())
    put(root / "Dusty.zip", pack({"kick.wav": tone(100), "snare.wav": tone(200)}))
    look(watched)
    while labour.work_once("here:1"):
        pass
    assert set(places()) == {"snare"}
    batch = Import.objects.get()
    assert (batch.added, batch.duplicates) == (1, 1)


def test_a_vanished_file_leaves_its_sound(root, watched):
    path = put(root / "Drums" / "kick.wav", tone(100))
    look(watched)
    shutil.rmtree(path.parent)
    look(watched)
    sample = Sample.objects.kept().get()
    assert default_storage.exists(sample.blob)
    assert WatchedFile.objects.get().gone_at is not None
    put(path, tone(100), ago=60)
    look(watched)
    assert WatchedFile.objects.get().gone_at is None
    assert Sample.objects.count() == 1


def test_the_very_same_file_back_in_its_place(root, watched, tmp_path):
    path = put(root / "kick.wav", tone(100))
    look(watched)
    path.rename(tmp_path / "away")
    look(watched)
    (tmp_path / "away").rename(path)
    look(watched)
    assert WatchedFile.objects.get().gone_at is None


def test_links_lead_nowhere(root, watched, tmp_path):
    outside = put(tmp_path / "secret" / "outside.wav", tone(100))
    (root / "link.wav").symlink_to(outside)
    (root / "folder").symlink_to(outside.parent)
    os.mkfifo(root / "pipe.wav")
    look(watched)
    assert not Sample.objects.exists()
    put(root / "kick.wav", tone(200))
    look(watched)
    (root / "kick.wav").unlink()
    (root / "kick.wav").symlink_to(outside)
    look(watched)
    assert set(places()) == {"kick"}
    assert WatchedFile.objects.get().gone_at is not None


def test_a_file_exchanged_for_a_link_in_the_last_moment(root, watched, tmp_path, monkeypatch):
    outside = put(tmp_path / "secret" / "outside.wav", tone(100))
    path = put(root / "kick.wav", tone(200))
    opened = walk.opened

    def quicker(folder, name):
        path.unlink()
        path.symlink_to(outside)
        return opened(folder, name)

    monkeypatch.setattr(walk, "opened", quicker)
    look(watched)
    assert not Sample.objects.exists()


def test_a_folder_exchanged_for_a_link_in_the_last_moment(root, tmp_path, monkeypatch):
    put(tmp_path / "secret" / "outside.wav", tone(100))
    put(root / "Drums" / "kick.wav", tone(200))
    found = []
    for folder in walk.Walk(root).folders():
        found.append((folder.path, list(folder.files)))
        if not folder.path:
            shutil.rmtree(root / "Drums")
            (root / "Drums").symlink_to(tmp_path / "secret")
    assert found == [("", [])]


def test_the_folder_itself_become_a_link(root, watched, tmp_path):
    put(tmp_path / "secret" / "outside.wav", tone(100))
    root.rmdir()
    root.symlink_to(tmp_path / "secret")
    row = look(watched)
    assert (row.state, row.error) == (State.FAILED, f"{watch.offered.OUTSIDE}.")
    root.unlink()
    put(root.parent / "Other" / "x.wav", tone(100))
    root.symlink_to(root.parent / "Other")
    row = look(watched)
    assert row.error == "The folder has become a link to another one."
    assert not Sample.objects.exists()


def test_a_file_that_is_still_being_written_is_left_for_later(root, watched, settings):
    put(root / "kick.wav", tone(100), ago=1)
    row = look(watched)
    assert not Sample.objects.exists()
    assert (row.due_at - now()).total_seconds() < settings.WATCH_SECONDS / 2
    put(root / "kick.wav", tone(100), ago=10)
    look(watched)
    assert places() == {"kick": "Sounds"}


def test_a_file_that_changes_while_it_is_read_is_left_for_later(root, watched, monkeypatch):
    path = put(root / "kick.wav", tone(100))
    at_hand = ingest.at_hand

    def slower(*args):
        put(path, tone(100) + b"more", ago=30)
        return at_hand(*args)

    monkeypatch.setattr(ingest, "at_hand", slower)
    look(watched)
    assert not Sample.objects.exists()
    monkeypatch.undo()
    look(watched)
    assert Sample.objects.count() == 1


def test_a_file_from_the_future_comes_in(root, watched):
    put(root / "kick.wav", tone(100), ago=-1000)
    look(watched)
    assert places() == {"kick": "Sounds"}


def test_broken_files_are_told_once_and_read_again_when_they_change(root, watched, monkeypatch):
    put(root / "broken.wav", b"RIFF")
    put(root / "old.wma", b"x")
    look(watched)
    told = {file.name: file.problem for file in WatchedFile.objects.all()}
    assert told["broken.wav"].startswith("broken.wav could not be read: the content is not")
    assert told["old.wma"].startswith("old.wma is of a kind that cannot be read here.")
    put(root / "broken.wav", tone(100), ago=30)
    look(watched)
    assert WatchedFile.objects.get(name="broken.wav").problem == ""
    assert set(places()) == {"broken"}


@pytest.mark.parametrize(
    ("error", "why"), [(PermissionError(13, "x"), "permission denied"), (OSError(5, "x"), "it is")]
)
def test_a_file_that_cannot_be_opened_is_tried_again_each_time(
    root, watched, monkeypatch, error, why
):
    put(root / "kick.wav", tone(100))

    def refuse(*_):
        raise error

    monkeypatch.setattr(walk, "opened", refuse)
    assert look(watched).state == State.COMPLETED
    assert why in WatchedFile.objects.get().problem
    monkeypatch.undo()
    look(watched)
    assert places() == {"kick": "Sounds"}


def test_a_full_disk_lets_the_scan_wait(root, watched, monkeypatch):
    put(root / "kick.wav", tone(100))

    def full(*_):
        raise NoSpaceError("No room left on this machine.")

    monkeypatch.setattr(ingest, "at_hand", full)
    row = look(watched)
    assert (row.state, row.attempts) == (State.WAITING, 0)
    assert not WatchedFile.objects.exists()


@pytest.mark.parametrize("number", [28, 122])
def test_faults_of_the_disk_are_no_faults_of_a_file(root, watched, monkeypatch, number):
    put(root / "kick.wav", tone(100))

    def fail(*_):
        raise OSError(number, "full")

    monkeypatch.setattr(walk, "opened", fail)
    assert look(watched).state == State.WAITING
    assert not WatchedFile.objects.exists()


def test_an_unreadable_folder_hides_nothing_for_good(root, watched, monkeypatch):
    put(root / "Drums" / "Deep" / "kick.wav", tone(100))
    look(watched)
    opened = os.open

    def refuse(name, *args, **kwargs):
        if name == "Drums":
            raise PermissionError(13, "x")
        return opened(name, *args, **kwargs)

    monkeypatch.setattr(walk.os, "open", refuse)
    row = look(watched)
    assert (row.state, row.error) == (
        State.PARTIAL,
        "1 folder could not be read: permission denied.",
    )
    assert WatchedFile.objects.get().gone_at is None


def test_an_unreadable_root_says_so(root, watched, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "x")

    monkeypatch.setattr(walk.os, "open", refuse)
    row = look(watched)
    assert (row.state, row.error) == (
        State.FAILED,
        "The folder could not be read: permission denied.",
    )


def test_names_that_no_row_can_hold_are_counted(root, watched):
    put(root / "kick.wav", tone(100))
    for name in (b"caf\xe9.wav", b"caf\xe8.wav"):
        with open(os.path.join(os.fsencode(root), name), "wb") as file:  # noqa: PTH118, PTH123
            file.write(tone(200))
    row = look(watched)
    assert row.error == "2 names are too long or cannot be read."
    assert set(places()) == {"kick"}


def test_very_deep_folders_end_somewhere(root, watched, monkeypatch):
    monkeypatch.setattr(walk, "DEEPEST", 1)
    put(root / "1" / "a.wav", tone(100))
    put(root / "1" / "2" / "b.wav", tone(150))
    put(root / "1" / "2" / "3" / "c.wav", tone(200))
    look(watched)
    assert set(places()) == {"a", "b"}


def test_a_killed_scan_goes_on_where_it_was(root, watched, monkeypatch):
    for number in range(6):
        put(root / f"{number}.wav", tone(100 + number))
    keep, kept = scan.Scan._keep, []

    class Killed(BaseException):
        pass

    def dies(self, found, known):
        if len(kept) == 3:  # the sound is in, its row is not
            raise Killed
        kept.append(found.name)
        keep(self, found, known)

    monkeypatch.setattr(scan.Scan, "_keep", dies)
    with pytest.raises(Killed):
        look(watched)
    assert (Sample.objects.count(), WatchedFile.objects.count()) == (4, 3)
    monkeypatch.setattr(scan.Scan, "_keep", keep)
    WatchedFolder.objects.unfinished().free("here:1")
    row = look(watched)
    assert row.state == State.COMPLETED
    assert (Sample.objects.count(), WatchedFile.objects.count()) == (6, 6)


def test_long_scans_are_done_in_slices(root, watched, settings):
    for number in range(3):
        put(root / f"{number}.wav", tone(100 + number))
    settings.SLICE_SECONDS = 0
    source = next(one for one in labour.SOURCES if one.name == "watched folders")
    for count in (1, 2, 3):
        labour.run(source, source.rows().claim("here:1", source.weight))
        row = WatchedFolder.objects.get()
        assert (Sample.objects.count(), row.state, row.attempts) == (count, State.PENDING, 0)
    labour.run(source, source.rows().claim("here:1", source.weight))
    assert WatchedFolder.objects.get().state == State.COMPLETED


def test_a_worker_that_lost_its_lease_writes_nothing(root, watched):
    put(root / "kick.wav", tone(100))
    (stale,) = WatchedFolder.objects.select_related("owner").claim("slow:1")
    WatchedFolder.objects.update(token="other")
    assert scan.scan(stale) == {}
    assert not WatchedFile.objects.exists()


def test_a_folder_that_is_no_longer_watched_meanwhile(root, watched):
    put(root / "kick.wav", tone(100))
    (stale,) = WatchedFolder.objects.select_related("owner").claim("slow:1")
    WatchedFolder.objects.all().delete()
    assert scan.scan(stale) == {}


@pytest.mark.parametrize(("field", "value"), [("is_staff", False), ("is_active", False)])
def test_who_is_no_longer_staff_watches_nothing(root, watched, user, field, value):
    put(root / "kick.wav", tone(100))
    setattr(user, field, value)
    user.save()
    row = look(watched)
    assert row.error == "Only staff may watch folders of the machine."
    assert not Sample.objects.exists()


def test_a_folder_that_is_no_longer_offered(root, watched, settings):
    settings.FOLDERS = []
    row = look(watched)
    assert (row.state, row.error) == (State.FAILED, f"{watch.offered.OUTSIDE}.")
    assert str(root) not in row.error


def test_packs_are_unpacked_once(root, watched):
    put(root / "Dusty.zip", pack({"kick.wav": tone(100), "LICENSE": b"CC0 1.0"}))
    look(watched)
    look(watched)
    (root / "Dusty.zip").rename(root / "Renamed.zip")
    look(watched)
    batch = Import.objects.get()
    assert (batch.kind, batch.name) == ("pack", "Dusty.zip")
    while labour.work_once("here:1"):
        pass
    assert places() == {"kick": "Dusty"}


def test_a_folder_with_a_paper_is_a_pack(root, watched):
    put(root / "loose.wav", tone(100))
    put(root / "Dusty" / "LICENSE.txt", b"CC BY 4.0")
    put(root / "Dusty" / "Kicks" / "kick.wav", tone(200))
    look(watched)
    found = {sample.title: sample.pack and sample.pack.name for sample in Sample.objects.all()}
    assert found == {"loose": None, "kick": "Dusty"}
    assert Pack.objects.get().licence == "CC BY 4.0"
    put(root / "Dusty" / "LICENSE.txt", b"CC0", ago=30)
    look(watched)
    assert Pack.objects.get().licence == "CC0 1.0"


def test_a_paper_at_the_top_makes_the_whole_folder_a_pack(root, watched):
    put(root / "README.md", b"Author: Jane Doe\n")
    put(root / "Kicks" / "kick.wav", tone(200))
    look(watched)
    sample = Sample.objects.get()
    assert (sample.pack.name, sample.pack.author) == ("Sounds", "Jane Doe")


def test_many_sounds_wake_the_workers_on_the_way(root, watched, monkeypatch):
    woken = []
    monkeypatch.setattr(scan, "WAKE_EVERY", 2)
    monkeypatch.setattr(scan.tasks, "wake", lambda messages=1: woken.append(messages))
    for number in range(5):
        put(root / f"{number}.wav", tone(100 + number))
    look(watched)
    assert len(woken) == 3


def test_two_watched_folders_share_what_moves_between_them(user, root, watched):
    other = root.parent / "Other"
    other.mkdir()
    second = watch.add(user, other)
    put(root / "kick.wav", tone(100))
    look(watched)
    (root / "kick.wav").rename(other / "kick.wav")
    look(second)
    look(watched)
    assert places() == {"kick": "Other"}
    assert WatchedFile.objects.get().watched == second


def test_a_file_that_is_gone_before_it_is_looked_at(root, watched, monkeypatch):
    put(root / "kick.wav", tone(100))
    put(root / "snare.wav", tone(200))

    class Gone:
        name = "kick.wav"

        def stat(self, **_):
            raise FileNotFoundError(2, "x")

    scandir = os.scandir

    class Listing(list):
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

    def one_is_gone(handle):
        with scandir(handle) as entries:
            return Listing([Gone(), *(entry for entry in entries if entry.name != "kick.wav")])

    monkeypatch.setattr(walk.os, "scandir", one_is_gone)
    look(watched)
    assert set(places()) == {"snare"}


def test_paths_that_no_row_can_hold_are_counted(root, watched, monkeypatch):
    monkeypatch.setattr(walk, "LONGEST_PATH", 20)
    put(root / "kick.wav", tone(100))
    put(root / "a_long_folder" / "snare.wav", tone(200))
    assert look(watched).error == "1 name is too long or cannot be read."
    assert set(places()) == {"kick"}


def test_each_file_and_each_piece_of_one_has_its_own_time(root, watched, monkeypatch):
    for number in range(3):
        put(root / f"{number}.wav", tone(100 + number))
    look(watched)
    put(root / "new.wav", tone(200))
    monkeypatch.setattr(ingest, "CHUNK", 10_000)
    longest = []

    def slow(call):
        def slower(*args, **more):
            longest.append(pulse.mine.busy)
            pulse.mine._figures[pulse.SINCE] -= 40 * 10**9
            return call(*args, **more)

        return slower

    monkeypatch.setattr(scan.Scan, "_look", slow(scan.Scan._look))
    monkeypatch.setattr(ingest, "_check_size", slow(ingest._check_size))
    look(watched)
    assert len(longest) > 6
    assert max(longest) < 60


def test_a_slice_also_ends_among_files_that_are_known(root, watched, settings, monkeypatch):
    put(root / "a.wav", tone(100))
    put(root / "z.wav", tone(200))
    look(watched)
    put(root / "a.wav", tone(150), ago=30)
    (job,) = _claimed(watched)
    one = scan.Scan(job, root)
    looked = scan.Scan._look

    def late(self, found, row):
        looked(self, found, row)
        assert found.name == "a.wav"
        self.until = 0

    monkeypatch.setattr(scan.Scan, "_look", late)
    with pytest.raises(GoOn):
        one.run()


def _claimed(watched: WatchedFolder) -> list[WatchedFolder]:
    WatchedFolder.objects.filter(pk=watched.pk).update(state=State.PENDING)
    return WatchedFolder.objects.select_related("owner").claim("here:1")


class Killed(BaseException):
    """The end of a worker."""


def kill_at(monkeypatch, name: str) -> None:
    at_hand = ingest.at_hand

    def hang(path, called, most):
        if called == name:
            raise Killed
        return at_hand(path, called, most)

    monkeypatch.setattr(ingest, "at_hand", hang)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_file_at_which_scans_hang_is_passed_over(root, watched, monkeypatch, is_known):
    if is_known:
        put(root / "b.wav", tone(300))
        look(watched)
    for place, name in enumerate(("a.wav", "b.wav", "c.wav")):
        put(root / name, tone(100 + place), ago=30)
    kill_at(monkeypatch, "b.wav")
    for _ in range(2):  # the second time it is known that the first one came to nothing
        with pytest.raises(Killed):
            look(watched)
        place = [source.name for source in labour.SOURCES].index("watched folders")
        labour.give_up("here:1", (place, watched.pk))
    row = look(watched)
    assert (row.state, row.error) == (State.COMPLETED, "")
    assert {"a", "c"} <= set(places())
    file = WatchedFile.objects.get(name="b.wav")
    assert file.problem == "b.wav took too long to read."
    assert (file.sample is not None) == is_known
    monkeypatch.undo()
    put(root / "b.wav", tone(200), ago=20)
    look(watched)
    file.refresh_from_db()
    assert (file.problem, file.sample.sha256) == ("", file.sha256)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_full_disk_is_no_fault_of_a_file_that_was_tried_before(
    root, watched, monkeypatch, is_known
):
    if is_known:
        put(root / "kick.wav", tone(300))
        look(watched)
    put(root / "kick.wav", tone(100), ago=30)

    def full(*_):
        raise NoSpaceError("No room left on this machine.")

    before = list(WatchedFile.objects.values())
    WatchedFolder.objects.update(error=f"{labour.TOO_LONG} 60 s and was given up.")
    monkeypatch.setattr(ingest, "at_hand", full)
    assert look(watched).state == State.WAITING
    assert list(WatchedFile.objects.values()) == before
