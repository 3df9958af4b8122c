"""Deleting for good: what goes, what stays, and that nobody else loses a file."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import now

from library import bulk, ingest, reaper, storage, trash
from library.bulk import Action, Selection
from library.ingest import Label
from library.jobs import State
from library.models import Analysis, Leftover, Preferences, Sample
from tests.factories import (
    AnalysisFactory,
    ExportFactory,
    ExportItemFactory,
    KitFactory,
    PadFactory,
    SampleFactory,
    tone,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_rounds(monkeypatch):
    """Let the supervisor look at once."""
    monkeypatch.setattr(trash, "rounds", trash.Rounds())


def gone(user, ago=0, **more) -> Sample:
    """Return a stored sound that was thrown away so many days ago, with all its files of old."""
    sample = SampleFactory(owner=user, stored=True, **more)
    Sample.objects.filter(pk=sample.pk).update(deleted_at=now() - timedelta(days=ago, minutes=1))
    for name in (sample.preview, sample.peaks):
        default_storage.save(name, ContentFile(b"x"))
    age(sample)
    return sample


def age(sample: Sample, days: float = 2) -> None:
    then = time.time() - days * 86_400
    for name in (sample.blob, sample.preview, sample.peaks):
        os.utime(default_storage.path(name), (then, then))


def files(sample: Sample) -> list[bool]:
    return [default_storage.exists(one) for one in (sample.blob, sample.preview, sample.peaks)]


def test_after_thirty_days_rows_and_files_go(user):
    old, young = gone(user, 30), gone(user, 29)
    kept = SampleFactory(owner=user, stored=True)
    reaper.Reaper().run()
    assert set(Sample.objects.all()) == {young, kept}
    assert files(old) == [False] * 3
    assert files(young) == [True] * 3
    assert not Leftover.objects.exists()


@pytest.mark.parametrize(("days", "goes"), [(0, False), (7, True), (8, False)])
def test_each_person_says_how_long(user, stranger, days, goes):
    Preferences.objects.create(user=user, trash_days=days)
    mine, theirs = gone(user, 7), gone(stranger, 7)
    trash.sweep()
    assert Sample.objects.filter(pk=mine.pk).exists() != goes
    assert Sample.objects.filter(pk=theirs.pk).exists()
    assert (trash.days(user), trash.days(stranger)) == (days, 30)


def test_looks_only_now_and_then(user):
    trash.sweep()
    gone(user, 30)
    trash.sweep()
    assert Sample.objects.exists()


def test_what_a_pad_holds_stays(user):
    sample = gone(user, 400)
    kit = KitFactory(owner=user)
    pad = PadFactory(kit=kit, sample=sample)
    trash.sweep()
    assert Sample.objects.get() == sample
    pad.delete()
    trash.rounds.next = 0
    trash.sweep()
    assert not Sample.objects.exists()


def test_what_is_measured_just_now_stays(user):
    sample = gone(user, 400)
    AnalysisFactory(sample=sample, state=State.PROCESSING)
    assert trash.empty(user) == trash.Emptied(0)
    Analysis.objects.update(state=State.COMPLETED)
    assert trash.empty(user) == trash.Emptied(1)


def test_the_same_content_of_somebody_else_keeps_its_files(user, stranger):
    mine = gone(user)
    theirs = SampleFactory(owner=stranger, sha256=mine.sha256)
    assert trash.empty(user) == trash.Emptied(1)
    assert files(theirs) == [True] * 3
    assert not Leftover.objects.exists()
    Sample.objects.filter(pk=theirs.pk).update(deleted_at=now())
    trash.empty(stranger)
    assert files(theirs) == [False] * 3


def test_an_export_that_still_reads_the_file_keeps_it(user):
    sample = gone(user)
    export = ExportFactory(owner=user)
    item = ExportItemFactory(export=export, sample=sample)
    trash.empty(user)
    item.refresh_from_db()
    assert (item.sample, item.sample_sha256) == (None, sample.sha256)  # history stays readable
    assert files(sample) == [True] * 3
    export.cancel()
    trash.sweep_files()
    assert files(sample) == [False] * 3


def test_a_file_of_today_stays_until_tomorrow(user):
    sample = gone(user)
    age(sample, 0.5)
    trash.empty(user)
    assert not Sample.objects.exists()
    assert files(sample) == [True] * 3
    age(sample, 1.1)
    trash.sweep()
    assert files(sample) == [False] * 3


def test_content_that_comes_again_before_its_file_goes_is_whole(user, tmp_path):
    sample = gone(user)
    data = Path(default_storage.path(sample.blob)).read_bytes()
    path = tmp_path / "again.wav"
    path.write_bytes(data)
    Sample.objects.all().delete()
    Leftover.objects.create(sha256=sample.sha256)
    added = ingest.add_sample(owner=user, file=path, label=Label("again.wav"))
    trash.sweep_files()
    assert Path(default_storage.path(added.sample.blob)).read_bytes() == data
    assert not Leftover.objects.exists()


def test_a_file_written_in_the_moment_it_is_taken_away_goes_back(media, monkeypatch):
    storage_path = media / "blobs" / "aa" / "x"
    storage_path.parent.mkdir(parents=True)
    storage_path.write_bytes(b"old")
    os.utime(storage_path, (1, 1))
    rename = type(storage_path).rename

    def quicker(path, target):
        path.write_bytes(b"new")
        return rename(path, target)

    monkeypatch.setattr(type(storage_path), "rename", quicker)
    assert not storage.discard("blobs/aa/x", now() - trash.YOUNG)
    assert storage_path.read_bytes() == b"new"
    assert list((media / "tmp").iterdir()) == []


def test_a_storage_without_folders_forgets_files_as_well(media, monkeypatch):
    monkeypatch.delattr(type(default_storage._wrapped), "discard", raising=False)
    default_storage.save("blobs/aa/x", ContentFile(b"x"))
    assert not storage.discard("blobs/aa/x", now() - trash.YOUNG)
    assert storage.discard("blobs/aa/x", now() + trash.YOUNG)
    assert storage.discard("blobs/aa/x", now())
    assert not default_storage.exists("blobs/aa/x")


def test_a_death_between_row_and_file_leaves_nothing_behind(user, monkeypatch):
    sample = gone(user)
    monkeypatch.setattr(trash, "sweep_files", lambda *_: 0)
    trash.empty(user)
    assert files(sample) == [True] * 3
    monkeypatch.undo()
    trash._forget(Leftover.objects.get())
    assert files(sample) == [False] * 3


def test_two_at_once_do_not_trip(user):
    sample = gone(user)
    Sample.objects.all().delete()
    note = Leftover.objects.create(sha256=sample.sha256)
    trash._forget(note)
    trash._forget(note)
    assert not Leftover.objects.exists()


def test_many_files_go_some_at_a_time(user, monkeypatch):
    monkeypatch.setattr(trash, "FILES_AT_ONCE", 2)
    samples = [gone(user, 31) for _ in range(5)]
    trash.sweep()
    assert Leftover.objects.count() == 3
    trash.sweep()
    trash.sweep()
    assert not Leftover.objects.exists()
    assert not any(any(files(sample)) for sample in samples)


def test_one_that_was_put_back_meanwhile_stays(user, monkeypatch):
    samples = [gone(user) for _ in range(3)]
    chosen = Sample.objects.filter(pk__in=[one.pk for one in samples])
    Sample.objects.filter(pk=samples[0].pk).update(deleted_at=None)
    assert trash.delete(chosen) == 2
    assert Sample.objects.get() == samples[0]
    assert trash.delete(chosen) == 0


def test_only_chosen_ones_of_ones_own(user, stranger):
    one, other = gone(user), gone(user)
    theirs = gone(stranger)
    here = SampleFactory(owner=user)
    assert trash.empty(user, [one.pk, theirs.pk, here.pk]) == trash.Emptied(1)
    assert set(Sample.objects.all()) == {other, theirs, here}


def test_pads_are_asked_for_by_name(user):
    sample = gone(user, title="kick")
    pad = PadFactory(kit=KitFactory(owner=user, name="Beat"), sample=sample)
    assert trash.empty(user) == trash.Emptied(0, on_pads=1)
    assert trash.empty(user, from_pads=True) == trash.Emptied(1)
    pad.refresh_from_db()
    assert (pad.sample, pad.title, pad.is_missing) == (None, "kick", True)


def test_undo_of_what_is_gone_for_good_does_nothing(user):
    sample = SampleFactory(owner=user, stored=True)
    edit = bulk.apply(user, Action.TRASH, Selection(frozenset({sample.pk})))
    trash.empty(user)
    assert bulk.undo(edit)
    assert not Sample.objects.exists()


def test_tells_which_kits_miss_a_sound(user):
    samples = [SampleFactory(owner=user) for _ in range(5)]
    assert trash.warning([samples[0].pk]) == ""
    beat = KitFactory(owner=user, name="Beat")
    PadFactory(kit=beat, sample=samples[0], number=5)
    assert trash.warning([one.pk for one in samples]) == (
        "1 pad in Beat plays nothing until they are put back."
    )
    for number, sample in enumerate(samples):
        PadFactory(kit=KitFactory(owner=user, name=f"Kit {number}"), sample=sample)
    assert trash.warning([one.pk for one in samples]) == (
        "6 pads in Beat, Kit 0, Kit 1 and 3 more play nothing until they are put back."
    )
    assert trash.kits_of([samples[0].pk]) == {samples[0].pk: ["A5 of Beat", "A1 of Kit 0"]}


def test_uploading_a_trashed_sound_again_brings_it_back(user, tmp_path):
    path = tmp_path / "kick.wav"
    path.write_bytes(tone(123))
    sample = ingest.add_sample(owner=user, file=path, label=Label("kick.wav")).sample
    Sample.objects.update(deleted_at=now())
    assert ingest.add_sample(owner=user, file=path, label=Label("kick.wav")).outcome == "restored"
    trash.empty(user)
    assert Sample.objects.kept().get() == sample


def test_what_is_deleted_for_good_while_it_comes_again_comes_in_anew(user, tmp_path, monkeypatch):
    sample = gone(user)
    path = tmp_path / "kick.wav"
    path.write_bytes(Path(default_storage.path(sample.blob)).read_bytes())
    exists = default_storage.exists

    def purged(name):
        there = exists(name)
        trash.empty(user)
        return there

    monkeypatch.setattr(default_storage._wrapped, "exists", purged)
    added = ingest.add_sample(owner=user, file=path, label=Label("kick.wav"))
    assert added.outcome == "added"
    assert Sample.objects.kept().get() == added.sample
    assert Path(default_storage.path(added.sample.blob)).read_bytes() == path.read_bytes()


def test_what_is_measured_just_now_stays_whatever_is_asked_for(user):
    sample = gone(user)
    analysis = AnalysisFactory(sample=sample, state=State.PROCESSING)
    assert trash.empty(user, from_pads=True) == trash.Emptied(0)
    Analysis.objects.filter(pk=analysis.pk).update(state=State.COMPLETED)
    assert trash.empty(user, from_pads=True) == trash.Emptied(1)


@pytest.fixture
def in_slices(monkeypatch):
    """Let each slice be over after two rows."""
    monkeypatch.setattr(trash, "BATCH", 2)
    monkeypatch.setattr(trash, "SLICE_SECONDS", 0)


@pytest.mark.parametrize("from_pads", [False, True])
def test_a_full_trash_is_emptied_in_slices(user, stranger, in_slices, from_pads):
    Preferences.objects.update_or_create(user=user, defaults={"trash_days": 0})
    samples = [gone(user) for _ in range(6)]
    theirs = gone(stranger)
    PadFactory(kit=KitFactory(owner=user), sample=samples[5])
    done = trash.empty(user, from_pads=from_pads)
    assert done == trash.Emptied(2, int(not from_pads), waiting=3 + int(from_pads))
    assert trash.waiting(user).count() == int(not from_pads)
    assert trash.going(user).count() == done.waiting
    for _ in range(2):
        trash.sweep()
    kept = {theirs} if from_pads else {samples[5], theirs}
    assert set(Sample.objects.all()) == kept


def test_what_is_overdue_goes_in_slices(user, in_slices):
    for _ in range(5):
        gone(user, 31)
    left = []
    for _ in range(3):
        trash.sweep()
        left.append(Sample.objects.count())
    assert left == [3, 1, 0]


def test_what_is_about_to_go_comes_back_with_an_upload(user, in_slices, tmp_path):
    samples = [gone(user) for _ in range(3)]
    trash.empty(user)
    path = tmp_path / "kick.wav"
    path.write_bytes(Path(default_storage.path(samples[2].blob)).read_bytes())
    assert ingest.add_sample(owner=user, file=path, label=Label("kick.wav")).outcome == "restored"
    trash.sweep()
    assert Sample.objects.kept().get() == samples[2]
