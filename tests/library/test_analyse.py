"""Measuring: facts, what browsers play and draw, and what cannot be measured."""

import errno
import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from library import analyse, ingest, labour, storage
from library.audio import waveform
from library.ingest import Label
from library.jobs import JobError, State
from library.models import Analysis, Sample, Source
from tests.factories import tone


def analysed(user, data: bytes, name="kick.wav") -> Sample:
    ingest.add_sample(owner=user, file=SimpleUploadedFile("x", data), label=Label(name))
    while labour.work_once("here:1"):
        pass
    return Sample.objects.latest("pk")


def flac(seconds=0.5, rate=96_000) -> bytes:
    file = io.BytesIO()
    sound = 0.25 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)
    soundfile.write(file, np.column_stack([sound, sound]), rate, format="FLAC", subtype="PCM_24")
    return file.getvalue()


def test_the_facts_are_those_of_the_sound(user):
    sample = analysed(user, flac())
    assert sample.analysis.state == State.COMPLETED
    assert sample.analysis.version == Analysis.VERSION
    assert (sample.format, sample.codec, sample.bit_depth) == ("flac", "PCM_24", 24)
    assert (sample.sample_rate, sample.channels, sample.frames) == (96_000, 2, 48_000)
    assert sample.seconds == pytest.approx(0.5)
    assert sample.peak_amplitude == pytest.approx(0.25, rel=0.01)
    assert sample.peak_48k == pytest.approx(0.25, rel=0.01)
    assert sample.peak_48k_mono == pytest.approx(0.25, rel=0.01)
    assert sample.rms_energy == pytest.approx(0.25 / 2**0.5, rel=0.01)
    assert sample.decode_warnings == []
    assert len(sample.waveform) == waveform.BARS
    assert max(sample.waveform) == pytest.approx(64, abs=1)


def test_browsers_get_a_wav_and_a_picture(user):
    sample = analysed(user, flac())
    with storage.local(sample.preview) as path:
        preview = soundfile.info(path)
    assert (preview.samplerate, preview.subtype, preview.frames) == (48_000, "PCM_16", 24_000)
    assert default_storage.size(sample.peaks) == 10_752


def test_an_equal_file_of_somebody_else_is_measured_for_each(user, stranger):
    first = analysed(user, tone())
    made = default_storage.get_modified_time(first.preview)
    second = analysed(stranger, tone(), "their name.wav")
    assert second.owner == stranger
    assert second.waveform == first.waveform
    assert default_storage.get_modified_time(second.preview) == made


def test_what_a_person_said_meanwhile_stays(user):
    data = SimpleUploadedFile("x", tone())
    sample = ingest.add_sample(owner=user, file=data, label=Label("loop_92bpm.wav")).sample
    Sample.objects.update(sample_class="fx", class_guessed=False, class_source=Source.PERSON)
    Sample.objects.update(bpm=93, bpm_source=Source.PERSON, title="Mine", genre="Dub")
    labour.work_once("here:1")
    sample.refresh_from_db()
    assert (sample.sample_class, sample.class_guessed, sample.bpm) == ("fx", False, 93)
    assert (sample.title, sample.genre) == ("Mine", "Dub")
    assert sample.peak_amplitude is not None


def test_a_file_that_is_gone_is_said_so(user):
    data = SimpleUploadedFile("x", tone())
    sample = ingest.add_sample(owner=user, file=data, label=Label("kick.wav")).sample
    default_storage.delete(sample.blob)
    labour.work_once("here:1")
    sample.refresh_from_db()
    assert sample.is_missing
    assert sample.analysis.state == State.FAILED
    assert sample.analysis.error == "kick.wav: the file is gone from the media folder."


def test_a_sound_that_no_decoder_can_read_is_told_in_words(user):
    sample = analysed(user, flac()[:200], "vox.flac")
    assert sample.analysis.state == State.FAILED
    assert sample.analysis.error.startswith("vox.flac could not be read: ")
    assert sample.analysis.error.endswith(". Try saving it again as WAV.")
    assert not default_storage.exists(sample.preview)


def test_a_sample_that_was_deleted_meanwhile_is_no_fault(user):
    data = SimpleUploadedFile("x", tone())
    ingest.add_sample(owner=user, file=data, label=Label("kick.wav"))
    (analysis,) = Analysis.objects.select_related("sample").claim("here:1")
    Sample.objects.all().delete()
    assert not analysis.finish(**analyse.analyse(analysis))
    assert not Sample.objects.exists()


def test_the_reason_is_a_job_error(user):
    data = SimpleUploadedFile("x", tone())
    sample = ingest.add_sample(owner=user, file=data, label=Label("kick.wav")).sample
    default_storage.delete(sample.blob)
    with pytest.raises(JobError):
        analyse.analyse(sample.analysis)


def test_a_file_that_the_machine_cannot_open_waits(user, monkeypatch):
    file = SimpleUploadedFile("x", tone())
    sample = ingest.add_sample(owner=user, file=file, label=Label("kick.wav")).sample
    blob, opened = Path(default_storage.path(sample.blob)), Path.open

    def busy(path, *how, **more):
        if path == blob:
            raise OSError(errno.EMFILE, "Too many open files")
        return opened(path, *how, **more)

    with monkeypatch.context() as then:
        then.setattr(Path, "open", busy)
        assert labour.work_once("here:1")
    assert Analysis.objects.get().state == State.WAITING


def test_a_sound_whose_file_is_back_is_no_longer_missing(user):
    back, gone = analysed(user, flac(0.3)), analysed(user, flac(0.4))
    Sample.objects.update(is_missing=True)
    default_storage.delete(gone.blob)
    labour.sweep()
    assert not Sample.objects.get(pk=back.pk).is_missing
    assert Sample.objects.get(pk=gone.pk).is_missing
