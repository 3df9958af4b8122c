"""The command that imports folders: what it adds and says, and that a second run adds nothing."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from library import imports
from library.jobs import State
from library.models import Import, Sample
from tests.factories import UserFactory, tone
from tests.library.packing import pack

BROKEN = "broken.wav could not be read: the content is not a sound file of a known format."


@pytest.fixture
def folder(tmp_path):
    """Return a folder of good, equal, broken and foreign files and a pack."""
    root = tmp_path / "Crate"
    for name, data in {
        "Kicks/kick.wav": tone(100),
        "Kicks/same.wav": tone(100),
        "Snares/snr_papercut.wav": tone(200),
        "cover.jpg": b"\xff\xd8",
        "notes.txt": b"hello",
        "broken.wav": b"RIFF",
        ".DS_Store": b"x",
        "Pack.zip": pack({"hat.wav": tone(300), "readme.md": b"#", "in.zip": b"PK"}),
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def run(*args) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_samples", *map(str, args), stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def summary(*args) -> dict:
    return json.loads(run("--json", *args)[1])


def test_a_folder_comes_in_with_its_structure(db, folder):
    code, out, err = run(folder, "--tag", "tape", "--tag", "Dusty", "--genre", "Dub")
    assert code == 1
    assert out == (
        "9 files: 3 added, 0 back from the trash, 1 already here, 3 not sounds, "
        "2 could not be read.\n"
    )
    assert err.splitlines() == [
        "Crate/Pack/in.zip: in.zip was left out: it is an archive inside the archive.",
        f"Crate/broken.wav: {BROKEN}",
    ]
    samples = {sample.title: sample for sample in Sample.objects.all()}
    assert {title: sample.folder for title, sample in samples.items()} == {
        "kick": "Crate/Kicks",
        "snr_papercut": "Crate/Snares",
        "hat": "Crate/Pack",
    }
    for sample in samples.values():
        assert sample.owner.username == "local"
        assert sample.genre == "Dub"
        assert {tag.name for tag in sample.tags.all()} == {"tape", "Dusty"}
        assert sample.analysis.state == State.PENDING
    batch = Import.objects.get()
    assert (batch.state, batch.added, batch.duplicates) == (State.COMPLETED, 3, 1)
    assert imports.tray(batch.owner).total == 3


def test_a_second_run_adds_nothing(db, folder):
    (folder / "broken.wav").unlink()
    (folder / "Pack.zip").unlink()
    assert run(folder)[0] == 0
    again = summary(folder)
    assert (again["added"], again["duplicates"]) == (0, 3)
    assert Sample.objects.count() == 2


def test_a_run_that_was_broken_off_is_taken_up(db, folder, monkeypatch):
    add, calls = imports.add, []

    def dies(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return add(*args)

    monkeypatch.setattr(imports, "add", dies)
    with pytest.raises(KeyboardInterrupt):
        run(folder)
    assert Sample.objects.count() == 1
    assert Import.objects.get().state == State.COMPLETED
    monkeypatch.setattr(imports, "add", add)
    again = summary(folder)
    assert again["added"] + again["duplicates"] == 4
    assert Sample.objects.count() == 3


def test_a_dry_run_says_what_a_real_one_would_do(db, folder):
    dry = summary(folder, "--dry-run")
    assert not Sample.objects.exists()
    assert not Import.objects.exists()
    assert dry == summary(folder)
    assert "0 would be added" in run(folder, "--dry-run")[1]


def test_the_summary_is_json(db, folder):
    assert summary(folder) == {
        "files": 9,
        "added": 3,
        "restored": 0,
        "duplicates": 1,
        "not_sounds": 3,
        "failed": [
            {
                "path": "Crate/Pack/in.zip",
                "message": "in.zip was left out: it is an archive inside the archive.",
            },
            {
                "path": "Crate/broken.wav",
                "message": BROKEN,
            },
        ],
    }


def test_sounds_come_back_from_the_trash(db, folder):
    run(folder / "Kicks")
    Sample.objects.update(deleted_at="2026-01-01T00:00:00Z")
    assert summary(folder / "Kicks", "--dry-run")["restored"] == 1
    assert summary(folder / "Kicks")["restored"] == 1


def test_somebody_elses_library_can_be_filled(folder, db):
    anna = UserFactory(username="anna")
    run(folder / "Kicks", "--owner", "anna")
    assert Sample.objects.get().owner == anna


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["/no/such/path"], "/no/such/path does not exist."),
        ([".", "--owner", "nobody"], "There is no user called nobody."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(db, args, sentence):
    with pytest.raises(CommandError) as refusal:
        call_command("import_samples", *args)
    assert str(refusal.value) == sentence


def test_a_full_disk_ends_the_run_with_what_is_in(db, folder, settings):
    settings.RESERVE_BYTES = 10**18
    out = io.StringIO()
    with pytest.raises(CommandError, match="No room left on this machine"):
        call_command("import_samples", str(folder), stdout=out)
    assert " 0 added" in out.getvalue()


def test_a_broken_pack_is_a_failure_and_a_foreign_problem_is_not(db, tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK")
    assert summary(tmp_path / "a.zip")["failed"][0]["path"] == "a.zip"
    (tmp_path / "b.zip").write_bytes(pack({"x.7z": b"7z"}))
    result = summary(tmp_path / "b.zip")
    assert (result["failed"], result["not_sounds"]) == ([], 1)
    (tmp_path / "c.zip").write_bytes(pack({"../up.wav": tone()}))
    assert summary(tmp_path / "c.zip")["failed"][0]["message"] == (
        "up.wav was left out: its name is not a safe path."
    )
