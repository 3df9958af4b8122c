"""Files by date: the same on a disk, in memory and in a bucket without paths and folders."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage, Storage
from django.utils.timezone import now

from library.dated import DatedFiles, day_of, entry, name_of, note
from library.jobs import State
from library.models import Generation, MadeFile
from library.models.generations import generation_storage

pytestmark = pytest.mark.django_db

DAYS = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2), date(2026, 3, 1)]


class Bucket(Storage):
    """What an S3-compatible bucket is: names and bytes; no paths, no folders, no renames."""

    def __init__(self):
        self.objects: dict[str, tuple[bytes, datetime]] = {}

    def _open(self, name, mode="rb"):
        if name not in self.objects:
            raise FileNotFoundError(name)
        return ContentFile(self.objects[name][0], name)

    def _save(self, name, content):
        self.objects[name] = (content.read(), now())
        return name

    def delete(self, name):
        self.objects.pop(name, None)

    def exists(self, name):
        return name in self.objects

    def listdir(self, path):
        start = f"{path.rstrip('/')}/" if path else ""
        rest = [name.removeprefix(start) for name in self.objects if name.startswith(start)]
        folders = {name.partition("/")[0] for name in rest if "/" in name}
        return sorted(folders), [name for name in rest if "/" not in name]

    def size(self, name):
        return len(self.objects[name][0])

    def get_modified_time(self, name):
        if name not in self.objects:
            raise FileNotFoundError(name)
        return self.objects[name][1]


KINDS = {
    "product": lambda folder: generation_storage(),
    "disk": lambda folder: FileSystemStorage(location=folder / "files"),
    "memory": lambda folder: InMemoryStorage(),
    "bucket": lambda folder: Bucket(),
}


@pytest.fixture(params=KINDS)
def files(request, tmp_path):
    """Return the files of each kind of storage in turn."""
    return DatedFiles(KINDS[request.param](tmp_path))


@pytest.fixture
def folders(files):
    """Return a function that tells whether a folder is there; skip where there are none."""
    if isinstance(files.storage, Bucket):
        pytest.skip("a bucket has no folders")
    return files.storage.exists


def put(files, day, content=b"sound", number=None):
    """Store a file of that day and return its name."""
    name = name_of(UUID(int=number) if number else uuid4(), day)
    assert files.storage.save(name, ContentFile(content)) == name
    return name


def row(user, name="", **more):
    """Return a generation that came to its end, with that file."""
    told = {"state": State.COMPLETED, "finished_at": now(), **more}
    return Generation.objects.create(
        user=user, prompt="kick", model_name="m", duration=1, audio_file=name, **told
    )


def names(entries):
    return [known.name for known in entries]


def read(files, name):
    with files.storage.open(name) as file:
        return file.read()


def test_a_name_tells_the_day_of_utc_and_whose_file_it_is():
    someone = UUID(int=7)
    late = datetime.fromisoformat("2026-11-21T23:30:00-05:00")
    name = name_of(someone, day_of(late))
    assert name == "2026/11/22/00000000-0000-0000-0000-000000000007.wav"
    assert entry(name) == (known := entry(name))
    assert (known.day, known.id) == (date(2026, 11, 22), someone)


@pytest.mark.parametrize(
    "name",
    ["2026/02/31/{id}.wav", "2026/2/3/{id}.wav", "2026/02/03/kick.wav", "2026/02/03/{id}.mp3",
     "x/2026/02/03/{id}.wav", "2026/02/03/{id}.wav/"],
)  # fmt: skip
def test_other_names_are_none_of_ours(name):
    assert entry(name.format(id=UUID(int=7))) is None


# ── Looking ─────────────────────────────────────────────────────────────────


def test_nothing_was_stored_yet(files):
    assert list(files.between()) == []
    assert files.statistics().files == 0
    assert files.remove_empty_folders() == []


def test_the_newest_day_comes_first_and_there_is_a_limit(files):
    made = [put(files, day, number=number) for number, day in enumerate(DAYS, 1)]
    second = put(files, DAYS[-1], number=9)
    files.storage.save("2026/03/01/notes.txt", ContentFile(b"x"))
    files.storage.save("kept/kick.wav", ContentFile(b"x"))
    newest_first = [made[3], second, made[2], made[1], made[0]]
    assert names(files.between()) == newest_first
    assert names(files.between(limit=2)) == newest_first[:2]
    assert names(files.between(limit=0)) == []


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (DAYS[1], DAYS[2], [2, 1]),
        (DAYS[1], DAYS[1], [1]),
        (DAYS[2], None, [3, 2]),
        (None, DAYS[0], [0]),
        (date(2026, 1, 3), date(2026, 2, 28), []),
        (DAYS[3], DAYS[0], []),
    ],
)
def test_days_can_be_chosen(files, first, last, found):
    made = [put(files, day) for day in DAYS]
    assert names(files.between(first, last)) == [made[place] for place in found]


def test_files_and_bytes_are_counted_day_by_day(files):
    for day, content in zip(
        [*DAYS, DAYS[0]], [b"1", b"22", b"333", b"4444", b"55555"], strict=True
    ):
        put(files, day, content)
    told = files.statistics()
    assert (told.files, told.bytes) == (5, 15)
    assert [(day, each.files, each.bytes) for day, each in told.days.items()] == [
        (DAYS[3], 1, 4), (DAYS[2], 1, 3), (DAYS[1], 1, 2), (DAYS[0], 2, 6),
    ]  # fmt: skip
    assert files.statistics(DAYS[3], DAYS[3]).bytes == 4


@pytest.mark.parametrize("days", [99_999, 100_000, 10**6, 10**12])
def test_nothing_is_that_old(files, days):
    put(files, DAYS[0])
    assert list(files.older_than(days)) == files.delete_older_than(days) == []


def test_an_age_and_a_limit_are_no_less_than_nothing(files):
    put(files, datetime.now(UTC).date())
    for act in (files.older_than, files.delete_older_than):
        with pytest.raises(ValueError, match="number of days from 0; this is -1"):
            act(-1)
    with pytest.raises(ValueError, match="number from 0; this is -2"):
        files.between(limit=-2)
    assert files.statistics().files == 1


@pytest.mark.parametrize("name", ["", "2026", "2026/01", "2026/01/01", "kick.wav"])
def test_only_a_name_of_ours_is_stored(files, name, settings):
    source = settings.TMP_DIR / "made.wav"
    source.write_bytes(b"sound")
    with pytest.raises(ValueError, match="no name of a generation's file"):
        files.put(source, name)
    assert not MadeFile.objects.exists()
    assert files.statistics().files == 0


# ── Writing ─────────────────────────────────────────────────────────────────


def test_a_file_is_stored_over_an_older_one_and_fetched(files, settings, tmp_path):
    name = name_of(uuid4(), DAYS[0])
    for content in (b"first", b"second"):
        source = settings.TMP_DIR / "made.wav"
        source.write_bytes(content)
        files.put(source, name)
    assert names(files.between()) == [name]
    assert MadeFile.objects.get().name == name
    files.fetch(name, tmp_path / "here.wav")
    assert (tmp_path / "here.wav").read_bytes() == b"second"
    with pytest.raises(FileNotFoundError):
        files.fetch(name_of(uuid4(), DAYS[0]), tmp_path / "none.wav")


def test_a_copy_is_a_file_of_its_own(files):
    name = put(files, DAYS[0])
    files.copy(name, "kept/kick.wav")
    assert files.delete(name)
    assert read(files, "kept/kick.wav") == b"sound"
    assert list(files.between()) == []


def test_a_row_follows_its_file(files, user):
    name, other = put(files, DAYS[0]), put(files, DAYS[0], b"other")
    made = row(user, name)
    target = name_of(made.id, DAYS[3])
    files.move(name, target)
    made.refresh_from_db()
    assert made.audio_file.name == target
    assert MadeFile.objects.get().name == target  # found when the row goes
    assert names(files.between()) == [target, other]
    assert read(files, target) == b"sound"


@pytest.mark.parametrize("act", ["copy", "move"])
def test_nothing_is_written_over_and_what_is_gone_is_said(files, act, user):
    name, taken = put(files, DAYS[0]), put(files, DAYS[1], b"taken")
    made = row(user, name)
    with pytest.raises(FileExistsError):
        getattr(files, act)(name, taken)
    with pytest.raises(FileNotFoundError):
        getattr(files, act)(name_of(uuid4(), DAYS[0]), name_of(uuid4(), DAYS[1]))
    made.refresh_from_db()
    assert (made.audio_file.name, read(files, taken)) == (name, b"taken")


# ── Deleting ────────────────────────────────────────────────────────────────


def test_a_file_without_a_row_goes_and_going_twice_is_no_fault(files):
    name = put(files, DAYS[0])
    assert files.delete(name)
    assert not files.storage.exists(name)
    assert files.delete(name)


def test_a_file_that_a_row_refers_to_stays(files, user):
    name = put(files, DAYS[0])
    row(user, name)
    assert not files.delete(name)
    assert read(files, name) == b"sound"


@pytest.mark.parametrize("state", [State.PENDING, State.PROCESSING, State.WAITING])
def test_a_file_that_a_row_in_work_may_get_stays(files, user, state):
    made = row(user, state=state)
    name = put(files, DAYS[0], number=made.id.int)
    assert not files.delete(name)
    Generation.objects.update(state=State.FAILED)
    assert files.delete(name)


def test_a_row_that_is_written_in_this_moment_keeps_its_file(user, monkeypatch):
    files = DatedFiles()
    name = put(files, DAYS[0])
    rename = Path.rename

    def late(path, aside):
        rename(path, aside)
        row(user, name)

    monkeypatch.setattr(Path, "rename", late)
    assert not files.delete(name)
    assert read(files, name) == b"sound"


def test_a_file_goes_without_being_read(files, monkeypatch):
    name = put(files, DAYS[0])
    note(name)

    def refuse(*_):
        raise AssertionError("was read")

    with monkeypatch.context() as then:
        then.setattr(type(files.storage), "_open", refuse)
        assert files.delete(name)
    assert not files.storage.exists(name)
    assert not MadeFile.objects.exists()


def test_a_folder_is_no_file_to_delete():
    files = DatedFiles()
    name = put(files, DAYS[0])
    with pytest.raises(IsADirectoryError):
        files.delete("2025/12/31")
    assert read(files, name) == b"sound"


def test_a_file_that_was_written_since_stays(files):
    name = put(files, DAYS[0])
    assert not files.delete(name, older_than=now() - timedelta(minutes=1))
    assert files.delete(name, older_than=now() + timedelta(minutes=1))


def test_old_files_go_by_their_day_and_a_dry_run_names_them(files, user):
    today = datetime.now(UTC).date()
    ages = {age: put(files, today - timedelta(days=age)) for age in (0, 29, 30, 31, 400)}
    held = put(files, today - timedelta(days=50))
    row(user, held)
    expected = [ages[31], ages[400]]
    assert files.delete_older_than(30, dry_run=True) == expected
    assert files.statistics().files == 6
    assert files.delete_older_than(30) == expected
    assert names(files.between()) == [ages[0], ages[29], ages[30], held]
    assert files.delete_older_than(30) == []


def test_empty_folders_go_and_those_of_these_days_stay(files, folders):
    today = datetime.now(UTC).date()
    old, kept, fresh = put(files, DAYS[0]), put(files, DAYS[1]), put(files, today)
    files.delete(old)
    files.delete(fresh)
    assert files.remove_empty_folders() == ["2025/12/31", "2025/12", "2025"]
    assert not folders("2025")
    assert folders(f"{today:%Y/%m/%d}")
    assert names(files.between()) == [kept]


def test_a_bucket_has_no_folders_to_remove():
    files = DatedFiles(Bucket())
    files.delete(put(files, DAYS[0]))
    assert files.remove_empty_folders() == []


def test_a_folder_that_is_removed_just_then_is_made_again(settings, monkeypatch):
    files, name = DatedFiles(), name_of(uuid4(), DAYS[0])
    source = settings.TMP_DIR / "made.wav"
    source.write_bytes(b"sound")
    replace, removed = Path.replace, []

    def late(path, target):
        if not removed:
            removed.extend(files.remove_empty_folders())
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", late)
    files.put(source, name)
    assert removed == ["2025/12/31", "2025/12", "2025"]
    assert read(files, name) == b"sound"


def test_a_folder_that_is_written_to_just_then_stays(tmp_path, monkeypatch):
    files = DatedFiles(FileSystemStorage(location=tmp_path))
    files.delete(put(files, DAYS[0]))
    listed = files._listed
    late = []

    def written_after(folder):
        seen = listed(folder)
        if folder == "2025/12/31" and not late:
            late.append(put(files, DAYS[0]))
        return seen

    monkeypatch.setattr(files, "_listed", written_after)
    assert "2025/12/31" not in files.remove_empty_folders()
    assert files.storage.exists(late[0])
