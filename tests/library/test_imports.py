"""Batches: browser uploads, ZIP packs and the demo crate, broken off and taken up again."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django_q.models import OrmQ

from library import imports, labour, storage, tasks
from library.audio.synth import crate
from library.jobs import NoSpaceError, State
from library.models import Analysis, Import, ImportProblem, Sample
from tests.factories import tone
from tests.library.packing import pack


@pytest.fixture
def batch(user) -> Import:
    """Return a batch of a browser."""
    return imports.upload_batch(user, "batch-1", "Drums", 3)


def send(batch: Import, path: str, data: bytes) -> str:
    return imports.receive(batch, SimpleUploadedFile("x", data), path)


def send_pack(batch: Import, files: dict[str, bytes], name="Dusty Pack.zip") -> Import:
    assert send(batch, name, pack(files)) == "pack"
    return Import.objects.latest("pk")


def work(limit: int = 1000) -> int:
    """Do what is ready, as a worker would."""
    done = 0
    while done < limit and labour.work_once("here:1"):
        done += 1
    return done


def fresh(batch: Import) -> Import:
    return Import.objects.get(pk=batch.pk)


def test_a_batch_is_made_once_and_may_grow(user, stranger, batch):
    assert imports.upload_batch(user, "batch-1", "Other", 5) == batch
    assert (fresh(batch).total, fresh(batch).name) == (5, "Drums")
    assert imports.upload_batch(user, "batch-1", "Other", 2).total == 5
    assert imports.upload_batch(stranger, "batch-1", "Theirs") != batch
    assert imports.upload_batch(user, "", "No name").key != ""


def test_each_file_is_counted_as_what_became_of_it(batch, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert send(batch, "Drums/kick.wav", tone(100)) == "added"
    assert OrmQ.objects.count() == 1  # a worker is woken
    assert send(batch, "Drums/again.wav", tone(100)) == "duplicate"
    assert send(batch, "Drums/notes.pdf", b"%PDF") == "refused"
    assert send(batch, "Drums/broken.wav", b"RIFF") == "refused"
    assert send(batch, "Drums/.DS_Store", b"x") == "clutter"
    row = fresh(batch)
    assert (row.added, row.duplicates, row.position) == (1, 1, 5)
    assert [str(problem) for problem in row.problems.all()] == [
        "notes.pdf is not a sound. Skipped.",
        "broken.wav could not be read: the content is not a sound file of a known format.",
    ]


def test_a_problem_that_comes_again_is_told_once(batch):
    for _ in range(2):
        send(batch, "x" * 200 + "/" + "y" * 200 + ".pdf", b"%PDF")
    assert ImportProblem.objects.count() == 1


def test_a_file_that_was_stopped_on_its_way_is_told(batch):
    assert imports.refuse(batch, "Drums/../long.wav", "long.wav is too big.") == "refused"
    assert (batch.problems.get().name, fresh(batch).position) == ("long.wav", 1)


def test_no_worker_takes_an_upload(batch):
    send(batch, "kick.wav", tone())
    assert work() == 1  # the analysis alone
    imports.end_upload(batch)
    assert (fresh(batch).state, fresh(batch).total) == (State.COMPLETED, 1)


def test_a_pack_becomes_an_import_of_its_own(batch):
    files = {
        "Kicks/kick.wav": tone(100),
        "Kicks/same.wav": tone(100),
        "notes.txt": b"hello",
        "bad.wav": b"RIFF",
        "inner.zip": b"PK",
        "__MACOSX/._kick.wav": b"x",
    }
    row = send_pack(batch, files)
    assert (row.kind, row.name, row.state) == ("pack", "Dusty Pack.zip", State.PENDING)
    assert default_storage.exists(row.blob)
    work()
    row = fresh(row)
    assert (row.state, row.added, row.duplicates) == (State.PARTIAL, 1, 1)
    assert (row.position, row.total) == (4, 4)
    assert {str(problem) for problem in row.problems.all()} == {
        "inner.zip was left out: it is an archive inside the archive.",
        "notes.txt is not a sound. Skipped.",
        "bad.wav could not be read: the content is not a sound file of a known format.",
    }
    sample = Sample.objects.get()
    assert (sample.folder, sample.title) == ("Dusty Pack/Kicks", "kick")
    assert sample.analysis.state == State.COMPLETED
    assert not default_storage.exists(row.blob)


def test_a_pack_without_problems_is_completed(batch):
    row = send_pack(batch, {"kick.wav": tone(), "readme.txt": b"hi"})
    work()
    assert fresh(row).state == State.COMPLETED


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (pack({"notes.txt": b"x"}), "Dusty Pack.zip contains no sounds that can be read."),
        (pack({}), "Dusty Pack.zip contains no sounds that can be read."),
        (
            b"PK\3\4 and then nothing",
            (
                "Dusty Pack.zip could not be read: "
                "This is not a whole ZIP file: its directory is missing or damaged."
            ),
        ),
    ],
    ids=["no sounds", "empty", "damaged"],
)
def test_a_pack_with_nothing_in_it_says_so(batch, data, error):
    assert send(batch, "Dusty Pack.zip", data) == "pack"
    work()
    row = Import.objects.latest("pk")
    assert (row.state, row.error) == (State.FAILED, error)


def test_the_same_pack_sent_again_in_one_batch_is_one_import(batch):
    files = {"kick.wav": tone()}
    assert send_pack(batch, files) == send_pack(batch, files)


def test_a_pack_over_the_limit_is_refused(batch, settings):
    settings.MAX_PACK_BYTES = 10
    assert send(batch, "big.zip", pack({"kick.wav": tone()})) == "refused"
    assert str(batch.problems.get()) == "big.zip is too big: it may have 1 kB at most."


def test_a_pack_whose_file_is_gone_says_so(batch):
    row = send_pack(batch, {"kick.wav": tone()})
    default_storage.delete(row.blob)
    work()
    assert fresh(row).error == "Dusty Pack.zip is gone from the media folder."


def test_a_damaged_entry_does_not_stop_the_others(batch):
    data = pack({"a.wav": tone(100), "b.wav": tone(200)})
    place = data.index(b"a.wav") + 20
    broken = data[:place] + bytes(8) + data[place + 8 :]
    send(batch, "p.zip", broken)
    work()
    row = Import.objects.latest("pk")
    assert (row.state, row.added) == (State.PARTIAL, 1)
    assert "damaged" in str(row.problems.get())


def test_a_pack_goes_on_where_a_dead_worker_stopped(batch, monkeypatch):
    row = send_pack(batch, {f"{n}.wav": tone(100 + n) for n in range(6)})
    add, calls = imports._add, []

    class Killed(BaseException):
        pass

    def dies(*args):
        add(*args)
        calls.append(args)
        if len(calls) == 3:
            raise Killed

    monkeypatch.setattr(imports, "_add", dies)
    with pytest.raises(Killed):
        labour.work_once("here:1")
    assert (fresh(row).position, fresh(row).added) == (3, 3)
    Import.objects.unfinished().free("here:1")
    work()
    row = fresh(row)
    assert (row.state, row.added, row.duplicates, row.position) == (State.COMPLETED, 6, 0, 6)
    assert len(calls) == 6


def test_long_work_is_done_in_slices_that_count_no_attempt(batch, settings):
    row = send_pack(batch, {f"{n}.wav": tone(100 + n) for n in range(3)})
    settings.SLICE_SECONDS = 0
    for position in (1, 2, 3):
        assert labour.work_once("here:1")
        row = fresh(row)
        assert (row.position, row.state, row.attempts) == (position, State.PENDING, 0)
    settings.SLICE_SECONDS = 20
    work()
    assert (fresh(row).state, fresh(row).added) == (State.COMPLETED, 3)


def test_a_worker_that_is_told_to_stop_ends_its_slice(batch, monkeypatch):
    row = send_pack(batch, {f"{n}.wav": tone(100 + n) for n in range(3)})
    monkeypatch.setattr(tasks.stopping, "is_set", lambda: True)
    labour.work_once("here:1")
    assert (fresh(row).position, fresh(row).state) == (1, State.PENDING)


def test_a_worker_that_lost_its_lease_writes_nothing(batch, monkeypatch):
    row = send_pack(batch, {f"{n}.wav": tone(100 + n) for n in range(3)})
    (stale,) = Import.objects.filter(kind="pack").claim("slow:1")
    Import.objects.filter(pk=row.pk).update(token="other", position=1)
    assert imports.work(stale) == {}
    assert not Sample.objects.exists()
    assert (fresh(row).position, fresh(row).added) == (1, 0)


def test_without_room_a_pack_waits(batch, monkeypatch):
    row = send_pack(batch, {"kick.wav": tone()})

    def full(needed):
        raise NoSpaceError(storage.no_room(needed))

    monkeypatch.setattr(storage, "require_space", full)
    labour.work_once("here:1")
    row = fresh(row)
    assert (row.state, row.attempts) == (State.WAITING, 0)
    assert row.error.startswith("No room left on this machine")
    assert default_storage.exists(row.blob)


def test_a_pack_that_somebody_else_still_needs_is_kept(batch, stranger):
    files = {"kick.wav": tone()}
    row = send_pack(batch, files)
    other = send_pack(imports.upload_batch(stranger, "b", "Theirs"), files)
    labour.work_once("here:1")
    assert not fresh(row).is_open
    assert default_storage.exists(other.blob)
    work()
    assert fresh(other).added == 1
    assert not default_storage.exists(other.blob)


def packs_kept(media) -> list[str]:
    return [path.name for path in (media / "packs").rglob("*") if path.is_file()]


def test_a_pack_that_kills_its_workers_leaves_no_file(batch, media):
    row = send_pack(batch, {"kick.wav": tone()})
    assert packs_kept(media) == [row.key]
    Import.objects.filter(pk=row.pk).update(attempts=5)
    assert work() == 0
    assert fresh(row).state == State.FAILED
    labour.sweep()
    assert packs_kept(media) == []


def test_a_pack_that_is_sent_again_leaves_no_file(batch, media):
    files = {"kick.wav": tone()}
    send_pack(batch, files)
    send_pack(batch, files)
    assert Import.objects.filter(kind="pack").count() == 1
    work()
    send_pack(batch, files)
    assert Import.objects.filter(kind="pack").count() == 1
    assert packs_kept(media) == []


def test_many_sounds_wake_the_workers_on_the_way(batch, monkeypatch):
    monkeypatch.setattr(imports, "WAKE_EVERY", 2)
    woken = []
    monkeypatch.setattr(tasks, "wake", lambda messages=1: woken.append(messages))
    send_pack(batch, {f"{n}.wav": tone(100 + n) for n in range(5)})
    woken.clear()
    labour.work_once("here:1")
    assert len(woken) == 3


def test_the_demo_crate_comes_in_with_its_labels(user):
    batch = imports.load_demo(user)
    assert imports.load_demo(user) == batch
    work()
    row = fresh(batch)
    assert (row.state, row.added, row.total) == (State.COMPLETED, 48, 48)
    samples = {sample.title: sample for sample in Sample.objects.all()}
    for sound in crate.DEMO:
        sample = samples[sound.name]
        assert (sample.sample_class, sample.class_guessed) == (sound.sample_class, False)
        assert (sample.bpm, sample.genre) == (sound.bpm, sound.genre)
        if sound.key:
            assert (sample.key, sample.key_guessed) == (sound.key, False)
        else:  # what is heard in it beyond its labels is a guess
            assert sample.key_guessed == bool(sample.key)
        assert sample.is_loop == sound.is_loop
        assert sample.folder == sound.folder
        assert {tag.name for tag in sample.tags.all()} == set(sound.tags)
        assert sample.analysis.state == State.COMPLETED
    assert len({bytes(sample.waveform) for sample in samples.values()}) == 48


def test_the_demo_crate_loaded_again_adds_nothing(user, monkeypatch):
    monkeypatch.setattr(crate, "DEMO", crate.DEMO[:2])
    for added, duplicates in ((2, 0), (0, 2)):
        batch = imports.load_demo(user)
        work()
        assert (fresh(batch).added, fresh(batch).duplicates) == (added, duplicates)
    assert Analysis.objects.count() == 2
