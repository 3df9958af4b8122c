"""Old generations go with their files, and files without a row; nothing else does, ever."""

import json
import os
import re
import time
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from library import purge
from library.dated import DatedFiles, day_of, name_of, note
from library.generate import name_for
from library.jobs import State
from library.models import Generation, MadeFile, Prompt, Sample
from tests.factories import PadFactory, SampleFactory

pytestmark = pytest.mark.django_db


def aged(user, days, state=State.COMPLETED, **more):
    """Return a generation that was asked for and ended so many days ago, with its file."""
    moment = now() - timedelta(days=days)
    ended = moment if state in purge.ENDED else None
    made = Generation.objects.create(
        user=user, prompt="kick", model_name="m", duration=1, state=state,
        created_at=moment, **{"finished_at": ended, **more},
    )  # fmt: skip
    if state == State.COMPLETED:
        note(name_for(made))
        made.audio_file = put(name_for(made))
        made.save()
    return made


def put(name, days=0):
    """Store a file that was written so many days ago."""
    storage = DatedFiles().storage
    storage.save(name, ContentFile(b"sound"))
    written = time.time() - days * 86_400
    os.utime(storage.path(name), (written, written))
    return name


def made(name, days=0):
    """Store a file that this database had made."""
    note(name)
    return put(name, days)


def files():
    return [known.name for known in DatedFiles().between()]


def run(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def purged(*words):
    return json.loads(run("purge_generations", "--json", *words))


# ── The command ─────────────────────────────────────────────────────────────


def test_what_is_old_goes_with_its_files_and_a_dry_run_names_them(user):
    old, failed, young = aged(user, 40), aged(user, 31, State.FAILED), aged(user, 29)
    expected = {"generations": 2, "files": [str(old.audio_file)]}
    assert purged("--older-than", "30", "--dry-run") == {**expected, "dry_run": True}
    assert Generation.objects.count() == 3
    assert len(files()) == 2
    assert purged("--older-than", "30") == {**expected, "dry_run": False}
    assert list(Generation.objects.all()) == [young]
    assert files() == [str(young.audio_file)]
    assert not DatedFiles().storage.exists(str(old.audio_file).rpartition("/")[0])
    assert failed not in Generation.objects.all()
    assert Prompt.objects.get().used_count == 3
    assert [known.name for known in MadeFile.objects.all()] == files()


def test_files_that_no_row_has_go_only_when_that_is_said(user):
    aged(user, 0)
    old, young = (put(name_of(uuid4(), day_of(now() - timedelta(days=age)))) for age in (50, 9))
    purged("--older-than", "30")
    assert old in files()
    expected = {"generations": 0, "files": [old]}
    words = ("--older-than", "30", "--strays")
    assert purged(*words, "--dry-run") == {**expected, "dry_run": True}
    assert purged(*words) == {**expected, "dry_run": False}
    assert old not in files()
    assert young in files()


def test_a_pads_sound_stays(user):
    sample = SampleFactory(owner=user, stored=True)
    pad = PadFactory(kit__owner=user, sample=sample)
    aged(user, 40, sample=sample)
    assert purged("--older-than", "30")["generations"] == 1
    pad.refresh_from_db()
    assert pad.sample == sample
    assert default_storage.exists(sample.blob)


@pytest.mark.parametrize("state", [State.PENDING, State.PROCESSING, State.WAITING])
def test_what_is_not_at_its_end_stays_however_old(user, state):
    made = aged(user, 400, state)
    name = put(name_for(made), days=400)  # by a worker that then was killed
    assert purged("--older-than", "30") == {"generations": 0, "files": [], "dry_run": False}
    assert files() == [name]


def test_what_waited_long_and_ended_just_now_stays(user):
    aged(user, 400, finished_at=now())
    assert purged("--older-than", "30")["generations"] == 0
    assert len(files()) == 1


def test_many_go_batch_by_batch(user, monkeypatch):
    monkeypatch.setattr(purge, "BATCH", 2)
    for _ in range(5):
        aged(user, 40)
    assert purge.purge(30).generations == 5
    assert files() == []


def test_a_file_that_another_row_took_in_this_moment_stays(user, monkeypatch):
    old = aged(user, 40)
    name = str(old.audio_file)
    delete = DatedFiles.delete

    def late(self, gone, **more):
        aged(user, 0, State.FAILED, audio_file=name)
        return delete(self, gone, **more)

    monkeypatch.setattr(DatedFiles, "delete", late)
    assert purge.purge(30).files == []
    assert files() == [name]


def test_it_is_told_in_words(user):
    old = aged(user, 40)
    told = run("purge_generations", "--older-than", "30", "--dry-run").splitlines()
    assert told == [
        str(old.audio_file),
        "Generations that would be deleted: 1, files: 1. The library keeps its sounds.",
    ]
    assert "were deleted: 1, files: 1." in run("purge_generations", "--older-than", "30")


@pytest.mark.parametrize("days", ["x", "-3", "1.5", "999999"])
def test_a_wrong_age_is_said(days):
    with pytest.raises(CommandError, match="a number of days"):
        run("purge_generations", f"--older-than={days}")


def test_programs_may_ask_for_any_age(user):
    aged(user, 40)
    assert purge.purge(10**6, strays=True) == purge.Purged()
    with pytest.raises(ValueError, match="number of days from 0"):
        purge.purge(-1)
    assert len(files()) == 1


def test_an_age_is_needed():
    with pytest.raises(CommandError, match="--older-than"):
        run("purge_generations")


# ── Numbers ─────────────────────────────────────────────────────────────────


def test_the_storage_is_counted_day_by_day(user):
    made = [aged(user, 1), aged(user, 1), aged(user, 3)]
    days = [str(day_of(made[0].created_at)), str(day_of(made[2].created_at))]
    assert json.loads(run("storage_stats", "--json")) == {
        "files": 3,
        "bytes": 15,
        "days": [
            {"day": days[0], "files": 2, "bytes": 10},
            {"day": days[1], "files": 1, "bytes": 5},
        ],
    }
    assert run("storage_stats").splitlines() == [
        f"{days[0]}  2 files, 1 kB", f"{days[1]}  1 file, 1 kB", "In all: 3 files, 1 kB.",
    ]  # fmt: skip


def test_nothing_is_counted_where_nothing_was_made():
    assert run("storage_stats").strip() == "In all: 0 files, 0 kB."


# ── The sweep ───────────────────────────────────────────────────────────────


def test_files_of_deleted_people_go_once_they_are_a_day_old(user, stranger, caplog):
    kept = aged(user, 2)
    gone = [str(aged(stranger, 2).audio_file), str(aged(stranger, 0).audio_file)]
    assert not Sample.objects.exists()
    stranger.delete()
    old = DatedFiles().storage.path(gone[0])
    os.utime(old, (time.time() - 2 * 86_400,) * 2)
    purge.Rounds().go()
    assert files() == [gone[1], str(kept.audio_file)]
    assert re.search(f"no generation has: {gone[0]}", caplog.text)


def test_a_round_is_made_in_steps_and_then_rests(monkeypatch):
    monkeypatch.setattr(purge, "BATCH", 2)
    for _ in range(5):
        made(name_of(uuid4(), day_of(now() - timedelta(days=9))), days=9)
    rounds, left = purge.Rounds(), []
    for _ in range(4):
        rounds.go()
        left.append(len(files()))
    assert left == [3, 1, 0, 0]
    late = made(name_of(uuid4(), day_of(now())), days=9)
    rounds.go()
    assert files() == [late]
    rounds.next = 0.0
    rounds.go()
    assert files() == []


def test_the_supervisor_sweeps():
    name = made(name_of(uuid4(), day_of(now())), days=9)
    purge.rounds.next, purge.rounds.after = 0.0, 0
    purge.sweep()
    assert name not in files()


def test_files_that_this_database_did_not_make_stay_however_old():
    others = put(name_of(uuid4(), day_of(now() - timedelta(days=400))), days=400)
    purge.Rounds().go()
    assert files() == [others]


def test_what_a_row_has_or_may_get_keeps_its_note(user):
    done, asked = aged(user, 9), aged(user, 9, State.PROCESSING)
    names = [str(done.audio_file), made(name_for(asked), days=9)]
    purge.Rounds().go()
    assert sorted(files()) == sorted(names)
    Generation.objects.all().delete()
    for name in names:
        put(name, days=9)
    purge.Rounds().go()
    assert files() == []
    assert not MadeFile.objects.exists()
