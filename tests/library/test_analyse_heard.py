"""What a worker hears gets into the rows: values, who knows them, and what search needs."""

import io
import struct

import numpy as np
import pytest
import soundfile
from django.core.files.uploadedfile import SimpleUploadedFile

from library import ingest, labour
from library.ingest import Label
from library.jobs import State
from library.models import Analysis, Hearing, Sample, Source

pytestmark = pytest.mark.django_db
RATE = 44_100


def wav(samples) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def beat(bpm=120, beats=8) -> bytes:
    """Kicks on all beats and hats between them, cut to its exact length."""
    dice = np.random.default_rng(404)
    moments = np.arange(round(60 / bpm * beats * RATE)) / RATE
    since, between = moments % (60 / bpm), (moments + 30 / bpm) % (60 / bpm)
    kick = np.sin(2 * np.pi * 55 * since) * np.exp(-12 * since)
    noise = np.diff(dice.uniform(-1, 1, moments.size), prepend=0)
    return wav(0.7 * kick + 0.2 * noise * np.exp(-60 * between))


def added(user, data: bytes, name: str) -> Sample:
    file = SimpleUploadedFile("x", data)
    return ingest.add_sample(owner=user, file=file, label=Label(name)).sample


def heard(sample: Sample) -> Sample:
    while labour.work_once("here:1"):
        pass
    sample = Sample.objects.get(pk=sample.pk)
    assert sample.analysis.state == State.COMPLETED
    return sample


def test_a_loop_gets_its_tempo_and_what_it_knows_is_kept(user):
    sample = heard(added(user, beat(), "Loops/dusty_120bpm.wav"))
    assert (sample.is_loop, sample.bpm, sample.sample_class) == (True, 120, "break")
    assert sample.bpm_confidence > 0.9
    assert not sample.bpm_guessed
    assert {sample.bpm_source, sample.kind_source, sample.class_source} <= set(Source.values)
    assert "" not in {sample.bpm_source, sample.kind_source, sample.class_source}
    assert 0 <= sample.tonality <= 1
    crest = 20 * np.log10(sample.peak_amplitude / sample.rms_energy)
    assert sample.dynamic_range_db == pytest.approx(crest)


def test_the_hearing_keeps_what_slicing_likeness_and_second_thoughts_need(user):
    sample = heard(added(user, beat(), "Loops/dusty_120bpm.wav"))
    kept = sample.hearing
    assert kept.version == Analysis.VERSION
    seconds = np.frombuffer(kept.onsets, np.float32)
    strengths = np.frombuffer(kept.strengths, np.float32)
    assert seconds[::2] == pytest.approx(np.arange(8) / 2, abs=0.003)
    assert len(strengths) == len(seconds)
    assert len(kept.descriptor) == 128
    assert len(np.frombuffer(kept.rhythm, np.float16)) > 16
    assert kept.fingerprint
    assert kept.heard["bpm"] == 120
    assert kept.hinted["bpm"] == {"value": 120.0, "confidence": 0.95, "source": "name"}


def test_silence_is_measured_and_nothing_is_heard_in_it(user):
    sample = heard(added(user, wav(np.zeros(RATE)), "quiet.wav"))
    assert (sample.seconds, sample.dynamic_range_db) == (1.0, None)
    assert (sample.sample_class, sample.bpm, sample.key) == ("", None, "")
    assert not Hearing.objects.exists()


def test_what_a_person_calls_a_loop_or_not_decides_whether_it_has_a_tempo(user):
    sample = added(user, beat(), "dusty.wav")
    Sample.objects.update(is_loop=False, kind_source=Source.PERSON)
    sample = heard(sample)
    assert (sample.is_loop, sample.kind_source, sample.bpm) == (False, Source.PERSON, None)


def test_what_is_heard_can_be_searched_for(user):
    sample = heard(added(user, beat(), "Loops/dusty_120bpm.wav"))
    assert " break " in sample.search_text


def test_a_sound_is_heard_again_by_a_newer_analyser(user):
    sample = heard(added(user, beat(), "dusty.wav"))
    Hearing.objects.update(version=1, onsets=b"")
    Analysis.objects.update(state=State.PENDING, attempts=0)
    again = heard(sample)
    assert again.hearing.version == Analysis.VERSION
    assert again.hearing.onsets
    assert Hearing.objects.count() == 1


def test_a_key_in_the_name_of_drums_is_shown(user):
    sample = heard(added(user, beat(), "Loops/dusty_120bpm_F#m.wav"))
    assert (sample.key, sample.key_source) == ("F#m", Source.NAME)


def test_a_conflict_is_a_guess_that_shows_both(client, user):
    sample = heard(added(user, beat(), "Loops/dusty_100bpm.wav"))
    assert (sample.bpm, sample.bpm_source, sample.bpm_guessed) == (120, Source.AUDIO, True)
    page = client.get(f"/samples/{sample.pk}/").text
    assert "heard 120, name says 100." in page
    assert 'value="bpm=100"' in page


def test_data_in_the_file_is_a_witness(user):
    data = beat()
    acid = struct.pack("<IHHfIHHf", 0, 60, 0x8000, 0.0, 8, 4, 4, 120.0)
    data += b"acid" + struct.pack("<I", len(acid)) + acid
    sample = heard(added(user, data, "untitled 3.wav"))
    assert (sample.bpm, sample.is_loop, sample.bpm_guessed) == (120, True, False)
    assert sample.hearing.hinted["bpm"] == {"value": 120.0, "confidence": 0.85, "source": "chunk"}
    assert sample.hearing.hinted["is_loop"]["source"] == "chunk"
