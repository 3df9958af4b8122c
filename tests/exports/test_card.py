"""Files onto a folder: what is added, updated, kept, put beside, and never touched."""

import errno
import hashlib
import os
import stat

import pytest

from exports.card import record
from exports.card.disk import Disk, Folder
from exports.card.errors import CardError
from exports.card.record import Note, Record
from exports.card.steps import Act, File, Survey, bytes_needed
from exports.card.write import DAMAGED, Card
from tests.exports.cards import file, holdings, put


def test_missing_files_are_added_with_their_folders(tmp_path):
    result = put(tmp_path, file("IMPORT/kit/bank_A/pad_01.wav", b"one"), file("IMPORT/x.wav"))
    assert result.added == ["IMPORT/kit/bank_A/pad_01.wav", "IMPORT/x.wav"]
    assert holdings(tmp_path) == {"IMPORT/kit/bank_A/pad_01.wav": b"one", "IMPORT/x.wav": b"kick"}


def test_a_second_run_writes_nothing(tmp_path):
    put(tmp_path, file("IMPORT/x.wav"))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert put(tmp_path, file("IMPORT/x.wav")).unchanged == ["IMPORT/x.wav"]
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_only_what_differs_is_updated(tmp_path):
    put(tmp_path, file("a.wav", b"old"), file("b.wav", b"same"))
    kept = (tmp_path / "b.wav").stat()
    result = put(tmp_path, file("a.wav", b"newer"), file("b.wav", b"same"))
    assert (result.updated, result.unchanged) == (["a.wav"], ["b.wav"])
    assert holdings(tmp_path) == {"a.wav": b"newer", "b.wav": b"same"}
    assert (tmp_path / "b.wav").stat().st_ino == kept.st_ino


def test_same_size_and_other_bytes_differ(tmp_path):
    put(tmp_path, file("a.wav", b"one"))
    assert put(tmp_path, file("a.wav", b"two")).updated == ["a.wav"]
    assert holdings(tmp_path) == {"a.wav": b"two"}


def test_a_foreign_file_stays_and_ours_goes_beside_it(tmp_path):
    (tmp_path / "kick.wav").write_bytes(b"somebody's")
    for _ in range(2):
        result = put(tmp_path, file("kick.wav"))
        assert holdings(tmp_path) == {"kick.wav": b"somebody's", "kick_2.wav": b"kick"}
        [(path, sentence)] = result.beside
        assert path == "kick_2.wav"
        assert sentence == (
            "kick.wav was there already and stays as it is; this one is kick_2.wav."
        )
    assert put(tmp_path, file("kick.wav", b"better", "kick.wav")).updated == ["kick_2.wav"]
    assert holdings(tmp_path) == {"kick.wav": b"somebody's", "kick_2.wav": b"better"}


def test_a_foreign_file_of_the_same_bytes_is_kept_and_never_becomes_ours(tmp_path):
    (tmp_path / "kick.wav").write_bytes(b"kick")
    assert put(tmp_path, file("kick.wav")).unchanged == ["kick.wav"]
    put(tmp_path, file("kick.wav", b"newer"))
    assert holdings(tmp_path) == {"kick.wav": b"kick", "kick_2.wav": b"newer"}


def test_a_file_that_differs_only_in_case_is_a_file_of_that_name(tmp_path):
    (tmp_path / "import").mkdir()
    (tmp_path / "import/KICK.WAV").write_bytes(b"somebody's")
    result = put(tmp_path, file("IMPORT/kick.wav"))
    assert holdings(tmp_path) == {
        "import/KICK.WAV": b"somebody's",
        "import/kick_2.wav": b"kick",
    }
    assert result.beside[0][1].startswith("import/KICK.WAV was there already")


def test_new_folders_that_differ_only_in_case_are_one(tmp_path):
    put(tmp_path, file("IMPORT/Loops/a.wav"), file("import/LOOPS/b.wav"), file("import/A.wav"))
    assert set(holdings(tmp_path)) == {
        "IMPORT/Loops/a.wav",
        "IMPORT/Loops/b.wav",
        "IMPORT/A.wav",
    }


def test_bytes_like_ours_under_a_name_in_other_case_are_not_ours(tmp_path):
    """Where names in other case are other files, as on a computer's own disk."""
    put(tmp_path, file("kick.wav", b"old"))
    (tmp_path / "kick.wav").unlink()
    (tmp_path / "KICK.wav").write_bytes(b"old")
    put(tmp_path, file("kick.wav", b"new"))
    assert holdings(tmp_path) == {"KICK.wav": b"old", "kick_2.wav": b"new"}


def test_letters_with_marks_are_compared_as_cards_do(tmp_path):
    (tmp_path / "cafe\u0301.wav").write_bytes(b"somebody's")
    put(tmp_path, file("Caf\u00e9.wav"))
    assert holdings(tmp_path)["Caf\u00e9_2.wav"] == b"kick"


def test_our_file_that_a_person_changed_stays(tmp_path):
    put(tmp_path, file("kick.wav", b"first"))
    (tmp_path / "kick.wav").write_bytes(b"edited by hand")
    result = put(tmp_path, file("kick.wav", b"second"))
    assert holdings(tmp_path) == {"kick.wav": b"edited by hand", "kick_2.wav": b"second"}
    assert "kick.wav was changed since it was written" in result.beside[0][1]


def test_our_file_for_another_sound_stays(tmp_path):
    put(tmp_path, file("kick.wav", b"808", "sound 1"))
    result = put(tmp_path, file("kick.wav", b"909", "sound 2"))
    assert holdings(tmp_path) == {"kick.wav": b"808", "kick_2.wav": b"909"}
    assert "kick.wav holds another sound" in result.beside[0][1]


def test_a_free_name_keeps_to_the_machines_length(tmp_path):
    name = "abcdefghijklmnopqrstuvw.wav"
    (tmp_path / name).write_bytes(b"somebody's")
    put(tmp_path, file(name), longest=27)
    assert holdings(tmp_path)["abcdefghijklmnopqrstu_2.wav"] == b"kick"


def test_a_name_that_another_file_of_the_export_wants_is_not_free(tmp_path):
    (tmp_path / "kick.wav").write_bytes(b"somebody's")
    put(tmp_path, file("kick.wav", b"1"), file("kick_2.wav", b"2"), file("KICK_2.wav", b"3"))
    assert holdings(tmp_path) == {
        "kick.wav": b"somebody's",
        "kick_2.wav": b"2",
        "kick_3.wav": b"1",
        "KICK_2_2.wav": b"3",
    }


def test_a_file_that_was_removed_is_written_again(tmp_path):
    put(tmp_path, file("kick.wav"))
    (tmp_path / "kick.wav").unlink()
    assert put(tmp_path, file("kick.wav")).added == ["kick.wav"]


def test_what_stood_for_the_same_pad_before_stays_and_is_named(tmp_path):
    put(tmp_path, file("kit/pad_01_kick.wav", b"1", "A1"), file("kit/pad_02.wav", b"2", "A2"))
    put(tmp_path, file("other/pad_01_kick.wav", b"1", "A1"), file("kit/pad_03.wav", b"3", "A3"))
    (tmp_path / "kit/pad_02.wav").unlink()
    result = put(
        tmp_path, file("kit/pad_01_snare.wav", b"new", "A1"), file("kit/pad_02_b.wav", b"b", "A2")
    )
    assert result.older == ["kit/pad_01_kick.wav"]
    assert (tmp_path / "kit/pad_01_kick.wav").read_bytes() == b"1"


def test_nothing_is_ever_removed(tmp_path):
    put(tmp_path, file("old.wav", b"old"))
    put(tmp_path, file("new.wav", b"new"))
    assert holdings(tmp_path) == {"old.wav": b"old", "new.wav": b"new"}


def test_a_folder_at_the_name_of_a_file_stays(tmp_path):
    (tmp_path / "kick.wav").mkdir()
    assert put(tmp_path, file("kick.wav")).added == ["kick_2.wav"]


def test_a_file_at_the_name_of_a_folder_leaves_the_sound_out(tmp_path):
    (tmp_path / "Import").write_bytes(b"somebody's")
    result = put(tmp_path, file("IMPORT/kick.wav"))
    assert result.left_out == [("IMPORT/kick.wav", "Import is a file there, so no folder can be.")]
    assert holdings(tmp_path) == {"Import": b"somebody's"}


def test_links_on_the_card_are_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kick.wav").write_bytes(b"somebody's")
    card = tmp_path / "card"
    card.mkdir()
    (card / "IMPORT").symlink_to(outside)
    (card / "snare.wav").symlink_to(outside / "kick.wav")
    result = put(card, file("IMPORT/kick.wav"), file("snare.wav", b"snare"))
    assert result.left_out[0][1] == "IMPORT is a link or a device there, so no folder can be."
    assert result.beside[0][0] == "snare_2.wav"
    assert holdings(outside) == {"kick.wav": b"somebody's"}


def test_a_folder_that_becomes_a_link_meanwhile_is_not_followed(tmp_path):
    outside, card = tmp_path / "outside", tmp_path / "card"
    outside.mkdir()
    (card / "IMPORT").mkdir(parents=True)
    with Card.opened(card) as opened:
        steps = list(opened.steps([file("IMPORT/kick.wav")]))
        (card / "IMPORT").rmdir()
        (card / "IMPORT").symlink_to(outside)
        result = opened.write(steps, lambda _size: None)
    assert "Something else took this name" in result.left_out[0][1]
    assert holdings(outside) == {}


@pytest.mark.parametrize(
    "path", ["", "../x", "a/../x", "/x", "a//x", "./x", "a\\x", "C:x", "a\nb", "x/"]
)
def test_no_path_leads_out_of_the_folder(path):
    with pytest.raises(ValueError, match="Not a path"):
        file(path)


def test_a_record_with_paths_that_lead_out_leads_nowhere(tmp_path):
    card = tmp_path / "card"
    card.mkdir()
    run = "0123456789abcdef"
    outside = tmp_path / f"padcrate-{run}-1.part"
    outside.write_bytes(b"somebody's")
    evil = Record(tokens={run})
    evil.intend([Note("../x.wav", 1, "0" * 64, "")])
    (card / record.NAME).write_bytes(evil.as_bytes())
    put(card, file("kick.wav"))
    assert outside.read_bytes() == b"somebody's"
    assert holdings(card) == {"kick.wav": b"kick"}


def test_a_file_that_appears_during_the_run_stays(tmp_path):
    with Card.opened(tmp_path) as card:
        steps = list(card.steps([file("kick.wav")]))
        (tmp_path / "kick.wav").write_bytes(b"somebody's")
        result = card.write(steps, lambda _size: None)
    assert "took this name" in result.left_out[0][1]
    assert holdings(tmp_path) == {"kick.wav": b"somebody's"}


@pytest.mark.parametrize("change", [lambda f: f.write_bytes(b"by hand"), lambda f: f.unlink()])
def test_a_file_that_changes_during_the_run_stays(tmp_path, change):
    put(tmp_path, file("kick.wav", b"old"))
    with Card.opened(tmp_path) as card:
        steps = list(card.steps([file("kick.wav", b"new")]))
        assert steps[0].act == Act.UPDATE
        change(tmp_path / "kick.wav")
        before = holdings(tmp_path)
        result = card.write(steps, lambda _size: None)
    assert "was changed just now" in result.left_out[0][1]
    assert holdings(tmp_path) == before


def test_systems_without_the_careful_rename_look_first(tmp_path, monkeypatch):
    monkeypatch.setattr("exports.card.disk._rename_to_free", lambda *_names: False)
    assert put(tmp_path, file("a.wav")).added == ["a.wav"]
    (tmp_path / "new").write_bytes(b"ours")
    (tmp_path / "old").write_bytes(b"somebody's")
    with Disk(tmp_path) as disk, disk.folder("") as folder, pytest.raises(FileExistsError):
        folder.rename("new", "old")


@pytest.mark.parametrize("call", [None, lambda *_arguments: -1])
def test_a_rename_that_the_system_does_not_know(tmp_path, monkeypatch, call):
    class Library:
        renameat2 = staticmethod(call) if call else None

    monkeypatch.setattr("exports.card.disk.ctypes.CDLL", lambda *_a, **_k: Library)
    monkeypatch.setattr("exports.card.disk.ctypes.get_errno", lambda: errno.ENOSYS)
    assert put(tmp_path, file("a.wav")).added == ["a.wav"]


def test_damaged_sources_are_left_out_and_the_others_written(tmp_path):
    good = file("good.wav")
    lying = File("bad.wav", 4, "0" * 64, "", good.open)

    def gone():
        raise FileNotFoundError(errno.ENOENT, "gone")

    missing = File("gone.wav", 4, "0" * 64, "", gone)
    result = put(tmp_path, lying, missing, good)
    assert [path for path, _ in result.left_out] == ["bad.wav", "gone.wav"]
    assert "damaged" in result.left_out[0][1]
    assert "could not be read" in result.left_out[1][1]
    assert holdings(tmp_path) == {"good.wav": b"kick"}


def test_a_card_that_gives_back_other_bytes_is_told_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(Folder, "digest", lambda *_arguments: "0" * 64)
    with pytest.raises(CardError, match="gave back other bytes"):
        put(tmp_path, file("kick.wav"))
    assert holdings(tmp_path) == {}


def test_a_card_that_loses_what_it_took_is_told_at_the_end(tmp_path, monkeypatch):
    true = Folder.rename

    def rename(folder, old, new):
        true(folder, old, new)
        (tmp_path / new).write_bytes(b"lost")

    monkeypatch.setattr(Folder, "rename", rename)
    result = put(tmp_path, file("kick.wav"))
    assert result.left_out == [("kick.wav", DAMAGED)]
    assert result.whole == 0


def test_a_lost_update_is_told_as_well(tmp_path, monkeypatch):
    put(tmp_path, file("kick.wav", b"old"))
    true = Folder.replace

    def replace(folder, old, new):
        true(folder, old, new)
        if new == "kick.wav":
            (tmp_path / new).write_bytes(b"lost")

    monkeypatch.setattr(Folder, "replace", replace)
    assert put(tmp_path, file("kick.wav", b"new")).left_out == [("kick.wav", DAMAGED)]


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(CardError, match="There is no folder"):
        put(tmp_path / "SP404", file("kick.wav"))
    assert not (tmp_path / "SP404").exists()


def test_two_runs_never_write_at_once(tmp_path):
    with Card.opened(tmp_path), pytest.raises(CardError, match="Another run"):
        put(tmp_path, file("kick.wav"))


def test_a_name_that_cannot_be_is_left_out(tmp_path):
    result = put(tmp_path, file(f"{'x' * 300}.wav"), file("kick.wav"), longest=400)
    assert result.left_out[0][1] == "The card does not take this name."
    assert result.added == ["kick.wav"]


def test_a_file_too_large_for_the_card_leaves_the_others(tmp_path, monkeypatch):
    true = Folder.write

    def write(folder, name, pieces):
        data = b"".join(pieces)
        if len(data) == 9:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        true(folder, name, [data])

    monkeypatch.setattr(Folder, "write", write)
    result = put(tmp_path, file("long.wav", b"9 letters"), file("kick.wav"))
    assert result.left_out == [("long.wav", "The file is larger than the card's format takes.")]
    assert holdings(tmp_path) == {"kick.wav": b"kick"}


def test_a_hundred_foreign_files_leave_the_sound_out(tmp_path):
    for number in range(1, 100):
        name = "kick.wav" if number == 1 else f"kick_{number}.wav"
        (tmp_path / name).write_bytes(b"somebody's")
    result = put(tmp_path, file("kick.wav"))
    assert result.left_out == [
        ("kick.wav", "kick.wav was there already, and no other name is free.")
    ]


def test_room_is_counted_in_clusters(tmp_path):
    put(tmp_path, file("old.wav", b"x" * 5000))
    with Card.opened(tmp_path) as card:
        steps = list(
            card.steps(
                [
                    file("a.wav", b"a" * 10),
                    file("old.wav", b"y" * 4097),
                    file("b.wav", b"b" * 4096),
                ]
            )
        )
    # a, then the new one beside the old one (which gives its room back), and the folder's list
    assert bytes_needed(steps, 4096) == 4096 + 2 * 4096 + 4096
    assert bytes_needed(steps[:1], 4096) == 2 * 4096


def test_too_little_room_is_said_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(Disk, "room", lambda _disk: (4096, 4096))
    with pytest.raises(CardError, match=r"Not enough disk space .* 14 kB needed, 4 kB free"):
        put(tmp_path, file("a.wav", b"a" * 5000))
    assert list(tmp_path.iterdir()) == []


def test_a_driver_that_tells_no_room_is_believed_to_have_some(tmp_path, monkeypatch):
    monkeypatch.setattr(Disk, "room", lambda _disk: (0, 0))
    assert put(tmp_path, file("a.wav")).added == ["a.wav"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "is full"),
        (errno.EIO, "was taken out or is failing"),
        (errno.ENODEV, "was taken out or is failing"),
        (errno.EROFS, "protected against writing"),
        (errno.EACCES, "Permission denied writing to the export folder"),
        (errno.EMFILE, "could not be written: Too many open files"),
    ],
)
def test_faults_of_the_card_are_one_sentence(tmp_path, monkeypatch, code, words):
    true = Folder.rename
    done = []

    def rename(folder, old, new):
        if done:
            raise OSError(code, os.strerror(code))
        done.append(new)
        true(folder, old, new)

    monkeypatch.setattr(Folder, "rename", rename)
    files = [file("a.wav", b"a"), file("b.wav", b"b")]
    with pytest.raises(CardError, match=words):
        put(tmp_path, *files)
    assert holdings(tmp_path) == {"a.wav": b"a"}
    monkeypatch.undo()
    assert put(tmp_path, *files).added == ["b.wav"]


def test_faults_of_folders_are_faults_of_the_card(tmp_path, monkeypatch):
    monkeypatch.setattr("exports.card.disk._sync", _fail(errno.EIO))
    with pytest.raises(CardError, match="does not answer"):
        put(tmp_path, file("IMPORT/a.wav"))


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOSYS])
def test_drivers_that_cannot_sync_a_folder_are_good_enough(tmp_path, monkeypatch, code):
    true = os.fsync

    def fsync(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(code, os.strerror(code))
        true(handle)

    monkeypatch.setattr("exports.card.disk.os.fsync", fsync)
    assert put(tmp_path, file("IMPORT/a.wav")).added == ["IMPORT/a.wav"]


def test_a_folder_that_does_not_sync_is_a_fault(tmp_path, monkeypatch):
    true = os.fsync

    def fsync(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        true(handle)

    monkeypatch.setattr("exports.card.disk.os.fsync", fsync)
    with pytest.raises(CardError, match="does not answer"):
        put(tmp_path, file("a.wav"))


def _fail(code):
    def fail(*_arguments):
        raise OSError(code, os.strerror(code))

    return fail


def test_systems_without_locks_are_good_enough(tmp_path, monkeypatch):
    monkeypatch.setattr("exports.card.disk.fcntl.flock", _fail(errno.ENOLCK))
    assert put(tmp_path, file("a.wav")).added == ["a.wav"]


def test_folders_that_cannot_be_opened_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr("exports.card.disk.os.open", _fail(errno.EACCES))
    with pytest.raises(CardError, match="cannot be opened: Permission denied"):
        put(tmp_path, file("a.wav"))


def test_no_room_for_the_last_note_is_no_fault(tmp_path, monkeypatch):
    true = Folder.replace
    saved = []

    def replace(folder, old, new):
        if new == record.NAME:
            saved.append(new)
            if len(saved) > 1:
                raise OSError(errno.ENOSPC, "full")
        true(folder, old, new)

    monkeypatch.setattr(Folder, "replace", replace)
    assert put(tmp_path, file("a.wav")).added == ["a.wav"]
    monkeypatch.undo()
    put(tmp_path, file("a.wav", b"newer"))
    assert holdings(tmp_path) == {"a.wav": b"newer"}


def test_another_fault_at_the_last_note_is_told(tmp_path, monkeypatch):
    true = Folder.replace
    saved = []

    def replace(folder, old, new):
        saved.append(new)
        if len(saved) > 1:
            raise OSError(errno.EIO, "gone")
        true(folder, old, new)

    monkeypatch.setattr(Folder, "replace", replace)
    with pytest.raises(CardError, match="does not answer"):
        put(tmp_path, file("a.wav"))


def test_progress_hears_every_byte_three_times(tmp_path):
    heard = []
    files = [file("a.wav", b"a" * 3_000_000), file("b.wav", b"b")]
    put(tmp_path, files[1])
    with Card.opened(tmp_path) as card:
        steps = list(card.steps(files))
        assert card.bytes_to_pass(steps) == 9_000_000
        card.write(steps, heard.append)
    assert sum(heard) == 9_000_000


def test_a_survey_reads_names_as_they_are_written(tmp_path):
    (tmp_path / "Kick.wav").write_bytes(b"1")
    (tmp_path / "kick.wav").write_bytes(hashlib.sha256(b"").digest())
    with Disk(tmp_path) as disk:
        step = next(Survey(disk, Record()).steps([file("kick.wav", b"1")]))
    assert (step.act, step.path) == (Act.ADD, "kick_2.wav")
