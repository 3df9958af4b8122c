"""The record on a card: what it proves, and what a torn, foreign or later one does."""

import json

import pytest

from exports.card import record
from exports.card.errors import CardError
from exports.card.record import ForeignRecordError, Note, Record
from tests.exports.cards import file, holdings, put

NOTE = Note("IMPORT/kick.wav", 4, "a" * 64, "sound 1")


def test_a_record_reads_back_as_it_was():
    whole = Record(tokens={"0123456789abcdef"})
    whole.intend([NOTE, Note("IMPORT/kick.wav", 5, "b" * 64, "sound 1"), Note("é.wav", 1, "", "")])
    assert Record.parse(whole.as_bytes()) == whole
    assert json.loads(whole.as_bytes())["about"].startswith("What Padcrate wrote here.")


def test_bytes_and_path_together_prove_a_file_ours():
    whole = Record()
    whole.intend([NOTE])
    assert whole.wrote("import/KICK.wav", "a" * 64) == {"sound 1"}
    assert whole.wrote("IMPORT/kick.wav", "b" * 64) == set()
    assert whole.wrote("IMPORT/snare.wav", "a" * 64) == set()


def test_a_torn_record_proves_nothing():
    whole = Record()
    whole.intend([NOTE])
    data = whole.as_bytes().rstrip()
    for length in range(len(data)):
        assert Record.parse(data[:length]) == Record()


@pytest.mark.parametrize("files", ['[["IMPORT/x.wav", 4, "aa", "s"]]', "7", "[" * 100_000])
def test_an_edited_record_proves_nothing(files):
    text = f'{{"padcrate-card": 1, "runs": [], "check": "", "files": {files}}}'
    assert Record.parse(text.encode()) == Record()


def test_wrong_kinds_of_values_prove_nothing():
    rows = [[1, 2, 3, 4]]
    check = record._check([json.dumps(row) for row in rows])
    text = json.dumps({"padcrate-card": 1, "runs": [], "check": check, "files": rows})
    assert Record.parse(text.encode()) == Record()


@pytest.mark.parametrize("data", [b"my notes", b'{"padcrate-card": 2, "x": 1}', None])
def test_foreign_and_later_records_are_refused(data):
    with pytest.raises(ForeignRecordError):
        Record.parse(data)


@pytest.mark.parametrize("data", [b"my notes", b'{"padcrate-card": 2}'])
def test_a_foreign_file_of_the_records_name_stops_the_run(tmp_path, data):
    (tmp_path / record.NAME).write_bytes(data)
    with pytest.raises(CardError, match="nothing was written"):
        put(tmp_path, file("kick.wav"))
    assert (tmp_path / record.NAME).read_bytes() == data
    assert holdings(tmp_path) == {}


def test_a_folder_of_the_records_name_stops_the_run(tmp_path):
    (tmp_path / record.NAME).mkdir()
    with pytest.raises(CardError, match="is not Padcrate's"):
        put(tmp_path, file("kick.wav"))


def test_without_its_record_nothing_is_replaced(tmp_path):
    put(tmp_path, file("kick.wav", b"old"), file("same.wav", b"same"))
    (tmp_path / record.NAME).unlink()
    put(tmp_path, file("kick.wav", b"new"), file("same.wav", b"same"))
    assert holdings(tmp_path) == {"kick.wav": b"old", "kick_2.wav": b"new", "same.wav": b"same"}


def test_leftovers_of_ours_are_removed_and_those_of_others_stay(tmp_path):
    broken = Record(tokens={"0123456789abcdef"})
    broken.intend([NOTE, Note("GONE/x.wav", 1, "", ""), Note("no-folder/x.wav", 1, "", "")])
    (tmp_path / record.NAME).write_bytes(broken.as_bytes())
    (tmp_path / "no-folder").write_bytes(b"somebody's")
    (tmp_path / "IMPORT").mkdir()
    ours = [
        "IMPORT/padcrate-0123456789abcdef-00000001.part",
        "padcrate-00000000000000aa.json.part",
        "padcrate-00000000000000ab.json.part",
    ]
    theirs = [
        "IMPORT/padcrate-ffffffffffffffff-00000001.part",
        "IMPORT/padcrate-0123456789abcdef-00000001.wav",
        "IMPORT/padcrate-00000000000000aa.json.part",
        "padcrate-00000000000000ac.json.part",
        "no-folder",
    ]
    for name in ours:
        (tmp_path / name).write_bytes(record.MAGIC[:5])
    (tmp_path / ours[2]).write_bytes(broken.as_bytes())
    for name in theirs:
        (tmp_path / name).write_bytes(b"somebody's")
    (tmp_path / "padcrate-0123456789abcdef-00000002.part").mkdir()
    put(tmp_path, file("kick.wav"))
    assert set(holdings(tmp_path)) == {*theirs, "kick.wav"}
    assert Record.parse((tmp_path / record.NAME).read_bytes()).tokens == set()
