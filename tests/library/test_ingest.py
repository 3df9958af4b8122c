"""Taking files in: what comes in, what is refused and how it is said, and never twice."""

import io
import os
import wave
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from library import ingest, jobs, storage
from library.audio.names import Hints
from library.ingest import Label, Refused, add_sample
from library.jobs import NoSpaceError, State
from library.models import Analysis, Sample, Tag
from tests.factories import tone


def add(owner, name="kick.wav", data=None, **known):
    data = tone() if data is None else data
    return add_sample(owner=owner, file=SimpleUploadedFile("x", data), label=Label(name, **known))


def empty_wav() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(44_100)
    return file.getvalue()


def test_a_new_sound_has_its_row_its_file_and_a_waiting_analysis(user):
    added = add(user, "Drums/Dusty/kick_dusty_07.wav", tags=("tape",), genre="boom bap")
    sample = Sample.objects.get()
    assert added.outcome == "added"
    assert added.sample == sample
    assert (sample.title, sample.original_name) == ("kick_dusty_07", "kick_dusty_07.wav")
    assert (sample.folder, sample.genre) == ("Drums/Dusty", "boom bap")
    assert (sample.format, sample.sample_rate, sample.frames) == ("wav", 44_100, 11_025)
    assert (sample.sample_class, sample.class_guessed) == ("kick", True)
    assert [tag.name for tag in sample.tags.all()] == ["tape"]
    assert sample.analysis.state == State.PENDING
    with default_storage.open(sample.blob) as stored:
        assert stored.read() == tone()


def test_labels_that_are_given_are_no_guesses(user):
    sample = add(user, hints=Hints("bass", is_loop=False, bpm=92.0, key="Am")).sample
    assert (sample.sample_class, sample.bpm, sample.key, sample.is_loop) == (
        "bass",
        92.0,
        "Am",
        False,
    )
    assert not any([sample.class_guessed, sample.bpm_guessed, sample.key_guessed])


def test_guesses_from_names_are_marked(user):
    sample = add(user, "loop_92bpm_Am.wav").sample
    assert (sample.bpm, sample.bpm_guessed) == (92.0, True)
    assert (sample.key, sample.key_guessed) == ("Am", True)
    assert add(user, "thing.wav", tone(200)).sample.class_guessed is False


def test_the_same_content_comes_in_once_whatever_its_name(user):
    first = add(user).sample
    again = add(user, "other name.wav", tags=("new",))
    assert (again.outcome, again.sample) == ("duplicate", first)
    assert Sample.objects.get().title == "kick"
    assert Analysis.objects.count() == 1
    assert not Tag.objects.exists()


def test_people_do_not_see_each_others_content(user, stranger):
    add(user)
    assert add(stranger).outcome == "added"
    assert Sample.objects.count() == 2


def test_a_sound_in_the_trash_comes_back(user):
    sample = add(user).sample
    Sample.objects.update(deleted_at="2026-01-01T00:00:00Z")
    again = add(user)
    assert again.outcome == "restored"
    assert again.sample.deleted_at is None
    assert Sample.objects.kept().get() == sample


def test_a_lost_file_is_put_back_and_measured_anew(user):
    sample = add(user).sample
    default_storage.delete(sample.blob)
    Sample.objects.update(is_missing=True)
    Analysis.objects.update(state=State.FAILED, attempts=3, error="gone")
    assert add(user).outcome == "duplicate"
    assert default_storage.exists(sample.blob)
    assert Sample.objects.get().is_missing is False
    analysis = Analysis.objects.get()
    assert (analysis.state, analysis.attempts, analysis.error) == (State.PENDING, 0, "")


def test_two_uploads_of_one_file_at_once_make_one_row(user, monkeypatch):
    keep, counted = storage.keep, []

    def keep_while_another_comes(source, name):
        monkeypatch.setattr(storage, "keep", keep)
        add(user, "quicker.wav")
        return keep(source, name)

    monkeypatch.setattr(storage, "keep", keep_while_another_comes)
    added = add_sample(
        owner=user,
        file=SimpleUploadedFile("x", tone()),
        label=Label("kick.wav"),
        record=counted.append,
    )
    assert (added.outcome, added.sample.title) == ("duplicate", "quicker")
    assert counted == ["duplicate"]
    assert Sample.objects.count() == Analysis.objects.count() == 1


def test_the_counter_stands_or_falls_with_the_row(user):
    def fail(outcome):
        assert outcome == "added"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        add_sample(
            owner=user,
            file=SimpleUploadedFile("x", tone()),
            label=Label("kick.wav"),
            record=fail,
        )
    assert not Sample.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("notes.pdf", b"%PDF-1.7", "notes.pdf is not a sound. Skipped."),
        ("README", b"hello", "README is not a sound. Skipped."),
        (
            "take.wma",
            b"0&\xb2u",
            (
                "take.wma is of a kind that cannot be read here. "
                "Supported: .wav, .aiff, .aif, .aifc, .mp3, .flac, .m4a, .ogg."
            ),
        ),
        (
            "notes.wav",
            b"these are notes and no sound at all",
            "notes.wav could not be read: the content is not a sound file of a known format.",
        ),
        (
            "vox.wav",
            empty_wav(),
            "vox.wav could not be read: the file has no samples. Try saving it again as WAV.",
        ),
    ],
)
def test_what_is_refused_is_said_in_words(user, name, data, sentence):
    with pytest.raises(Refused) as refusal:
        add(user, f"folder/{name}", data)
    assert str(refusal.value) == sentence
    assert refusal.value.is_sound == ("Skipped" not in sentence)
    assert not Sample.objects.exists()
    assert not default_storage.exists("blobs")


def test_content_decides_the_format(user):
    assert add(user, "kick.mp3").sample.format == "wav"


def test_a_file_over_the_limit_is_refused(user, settings, tmp_path):
    settings.MAX_FILE_BYTES = 1000
    path = tmp_path / "long.wav"
    path.write_bytes(tone())
    for file in (SimpleUploadedFile("x", tone()), path):
        with pytest.raises(Refused, match=r"^long\.wav is too big: it may have 1 kB at most\.$"):
            add_sample(owner=user, file=file, label=Label("long.wav"))


def test_a_file_that_grows_while_it_is_read_is_refused(user, settings, tmp_path):
    settings.MAX_FILE_BYTES = 1000
    with pytest.raises(Refused, match="too big"):
        ingest._copied([b"x" * 600, b"x" * 600], tmp_path / "copy", "long.wav", 1000)


def test_files_of_this_machine_and_of_the_browser_come_in_alike(user, tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(tone(300))
    assert add_sample(owner=user, file=path, label=Label("a.wav")).outcome == "added"
    upload = TemporaryUploadedFile("b.wav", "audio/wav", len(tone(300)), None)
    upload.write(tone(300))
    upload.seek(0)
    assert add_sample(owner=user, file=upload, label=Label("b.wav")).outcome == "duplicate"
    upload.close()


@pytest.mark.parametrize("kind", ["pipe", "gone", "loop", "secret"])
def test_what_is_no_readable_file_is_refused(user, tmp_path, kind, monkeypatch):
    path = tmp_path / "a.wav"
    if kind == "pipe":
        os.mkfifo(path)
    if kind == "loop":
        path.symlink_to(path.name)
    if kind == "secret":
        path.write_bytes(tone())

        def refuse(*args, **kwargs):
            raise PermissionError

        monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(Refused, match=r"^a\.wav could not be read: "):
        add_sample(owner=user, file=path, label=Label("a.wav"))


def test_a_full_disk_is_told_before_anything_is_copied(user, settings, tmp_path):
    settings.RESERVE_BYTES = 10**18
    path = tmp_path / "a.wav"
    path.write_bytes(tone())
    with pytest.raises(NoSpaceError, match=r"67 kB needed, 0 kB free\. Nothing was lost\."):
        add_sample(owner=user, file=path, label=Label("a.wav"))


@pytest.mark.parametrize("fault", [28, 5])
def test_a_disk_that_fills_while_copying_is_told(user, tmp_path, fault):
    def chunks():
        yield b"x"
        raise OSError(fault, "fault")

    with pytest.raises(NoSpaceError if fault in jobs.FULL else OSError):
        ingest._copied(chunks(), tmp_path / "copy", "a.wav", 1000)


@pytest.mark.parametrize("fault", [28, 5])
def test_a_disk_that_fills_while_storing_is_told(user, monkeypatch, fault):
    def fail(source, name):
        raise OSError(fault, "fault")

    monkeypatch.setattr(storage, "keep", fail)
    with pytest.raises(NoSpaceError if fault in jobs.FULL else OSError):
        add(user)
    assert not Sample.objects.exists()


@pytest.mark.parametrize(
    ("path", "folder", "name"),
    [
        ("a\0b.wav", "", "ab.wav"),
        ("../../etc/kick.wav", "", "kick.wav"),
        ("C:\\Samples\\kick.wav", "", "kick.wav"),
        ("a/b\\kick.wav", "a/b", "kick.wav"),
        ("evil\u202egnp.wav", "", "evilgnp.wav"),
        ("Cafe\u0301.wav", "", "Café.wav"),
        ("line\r\nbreak.wav", "", "linebreak.wav"),
        ("x" * 300 + ".wav", "", "x" * 251 + ".wav"),
    ],
)
def test_hostile_names_are_made_harmless(user, path, folder, name):
    sample = add(user, path).sample
    sample.full_clean(exclude=["waveform"])
    assert (sample.folder, sample.original_name) == (folder, name)


def test_looking_keeps_nothing(user, tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(tone())
    look = {"owner": user, "file": path, "label": Label("a.wav")}
    outcome, digest = ingest.look(**look)
    assert outcome == "added"
    assert not Sample.objects.exists()
    assert not default_storage.exists(f"blobs/{digest[:2]}/{digest}")
    sample = add_sample(**look).sample
    assert ingest.look(**look) == ("duplicate", sample.sha256)
    Sample.objects.update(deleted_at="2026-01-01T00:00:00Z")
    assert ingest.look(**look)[0] == "restored"
    with pytest.raises(Refused, match="is not a sound"):
        ingest.look(owner=user, file=path, label=Label("a.txt"))


def test_a_name_of_nothing_is_called_unnamed():
    assert ingest.clean("..") == "unnamed"
    assert ingest.clean("\0") == "unnamed"
