"""System checks: settings and disks on which the product would not be safe."""

from pathlib import Path

import pytest
from django.core.checks import run_checks

from library import checks


def found():
    return [problem.id for problem in run_checks(tags=[checks.TAG])]


def test_the_settings_as_they_are_pass():
    assert found() == []


def test_a_message_may_not_come_back_while_its_task_runs(settings):
    settings.QUEUE_RETRY = settings.TASK_TIMEOUT
    assert found() == ["padcrate.E001"]


def test_a_slice_and_its_last_item_end_before_the_task_times_out(settings):
    settings.SLICE_SECONDS = 100
    assert found() == ["padcrate.E002"]


def test_a_sound_from_a_model_ends_before_its_task_times_out(settings):
    settings.GENERATION_SECONDS = settings.TASK_TIMEOUT - settings.SLICE_SECONDS
    assert found() == ["padcrate.E002"]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("no.such.Model", "There is no engine no.such.Model: No module named 'no'."),
        ("nonsense", "There is no engine nonsense: nonsense doesn't look like a module path."),
        (
            "tests.models_of_sound.Gone",
            """There is no engine tests.models_of_sound.Gone: \
Module "tests.models_of_sound" does not define a "Gone" attribute/class.""",
        ),
        (
            "tests.models_of_sound.Silent",
            "tests.models_of_sound.Silent is no engine: it is no class, or lacks generate().",
        ),
        (
            "tests.models_of_sound.sine",
            "tests.models_of_sound.sine is no engine: it is no class, or lacks generate().",
        ),
        (
            "tests.models_of_sound.Blank",
            "tests.models_of_sound.Blank is no engine: its name is empty.",
        ),
        (
            "tests.models_of_sound.Numbered",
            "tests.models_of_sound.Numbered is no engine: its version is no text.",
        ),
        (
            "tests.models_of_sound.LongName",
            "tests.models_of_sound.LongName is no engine: its name has more than 100 characters.",
        ),
        (
            "tests.models_of_sound.LongVersion",
            """tests.models_of_sound.LongVersion is no engine: \
its version has more than 100 characters.""",
        ),
        (
            "tests.models_of_sound.Twin",
            "tests.models_of_sound.Twin and tests.models_of_sound.Tone are both called Tone.",
        ),
    ],
)
def test_each_model_of_the_settings_must_be_there(path, sentence, settings):
    settings.GENERATION_ENGINES = ["tests.models_of_sound.Tone", path]
    (problem,) = run_checks(tags=[checks.TAG])
    assert (problem.id, problem.msg) == ("padcrate.E005", sentence)
    assert "PADCRATE_GENERATION_ENGINES" in problem.hint


def test_the_media_folder_must_be_writable(settings, tmp_path):
    settings.TMP_DIR = tmp_path / "not there"
    assert found() == ["padcrate.E003"]


@pytest.mark.parametrize(("kind", "expected"), [("nfs4", ["padcrate.E004"]), ("ext4", [])])
def test_sqlite_must_lie_on_a_local_disk(kind, expected, settings, monkeypatch, tmp_path):
    mounts = tmp_path / "mounts"
    folder = Path(settings.DATABASES["default"]["NAME"]).parent
    mounts.write_text(
        f"disk / ext4 rw 0 0\nserver:/x {folder} {kind} rw 0 0\nother /mnt nfs rw 0 0\n"
    )
    monkeypatch.setattr(checks, "MOUNTS", mounts)
    assert found() == expected


def test_another_database_may_lie_anywhere(monkeypatch, settings):
    monkeypatch.setattr(checks, "file_system", lambda _path: "nfs")
    assert found() == ["padcrate.E004"]
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    assert checks.database_disk() == []


def test_a_machine_that_does_not_tell_its_mounts_passes(monkeypatch, tmp_path):
    monkeypatch.setattr(checks, "MOUNTS", tmp_path / "none")
    assert found() == []
