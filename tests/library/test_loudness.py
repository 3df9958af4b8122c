"""Loudness in the library: measured by the worker, shown, sorted by, measured again."""

from importlib import import_module

import pytest
from django.apps import apps

from library import ingest, labour
from library.jobs import State
from library.models import Analysis, Sample
from tests import sounds
from tests.factories import AnalysisFactory, SampleFactory


def analysed(user, path) -> Sample:
    ingest.add_sample(owner=user, file=path, label=ingest.Label(path.name))
    while labour.work_once("here:1"):
        pass
    return Sample.objects.latest("pk")


def test_the_facts_are_those_of_theory(user, tmp_path):
    # 1 kHz at -20 dBFS in both channels measures -20 LUFS (ITU-R BS.1770-4, 0 dB in one: -3.01)
    tone = sounds.sine(1000, frames=88_200, rate=44_100, peak_db=-20, channels=2)
    tone[:4_410] = 0
    sample = analysed(user, sounds.write(tmp_path / "tone.wav", tone, rate=44_100, subtype="FLOAT"))
    assert sample.loudness_lufs == pytest.approx(-20, abs=0.1)
    assert sample.true_peak_dbtp == pytest.approx(-20, abs=0.2)
    assert sample.sound_start == pytest.approx(4_410 - 220, abs=2)
    assert sample.sound_end == 88_200


def test_silence_has_no_loudness_but_is_measured(user, tmp_path):
    sample = analysed(user, sounds.write(tmp_path / "none.wav", sounds.silence(frames=9_600)))
    assert (sample.loudness_lufs, sample.true_peak_dbtp) == (None, None)
    assert (sample.sound_start, sample.sound_end) == (0, 9_600)


def test_the_list_shows_it(client, user):
    AnalysisFactory(sample__owner=user, sample__loudness_lufs=-16.04, done=True)
    AnalysisFactory(sample__owner=user, sample__loudness_lufs=None, done=True)
    AnalysisFactory(sample__owner=user, sample__new=True)
    page = client.get("/library/").text
    column = page.split('class="num k-lufs">')[1:]
    assert [cell.partition("<")[0] for cell in column] == ["…", "–", "−16.0"]
    assert page.count("data-lufs") == 1


def test_the_list_is_sorted_by_it(client, user):
    for title, lufs in (("middle", -16.0), ("none", None), ("quiet", -40.0), ("loud", -6.0)):
        SampleFactory(owner=user, title=title, loudness_lufs=lufs)
    page = client.get("/library/?sort=loudness").text
    places = [page.index(f'data-title="{title}"') for title in ("quiet", "middle", "loud", "none")]
    assert places == sorted(places)
    assert 'aria-sort="ascending"><abbr title="Loudness' in page


def test_details_have_peak_and_loudness(client, user):
    sample = SampleFactory(owner=user, loudness_lufs=-16.04, true_peak_dbtp=-5.92)
    text = client.get(f"/samples/{sample.pk}/").text
    assert "−16.0 LUFS, true peak −5.9 dB" in text
    assert "−6.0 dBFS" in text
    Sample.objects.update(loudness_lufs=None)
    assert "LUFS" not in client.get(f"/samples/{sample.pk}/").text


def test_what_was_measured_before_is_measured_again(db):
    old = AnalysisFactory(state=State.COMPLETED, version=1, attempts=1)
    failed = AnalysisFactory(state=State.FAILED, error="bad", attempts=1)
    migration = import_module("library.migrations.0007_loudness_and_trimming")
    migration.measure_again(apps, None)
    assert list(Analysis.objects.ready()) == [old]
    failed.refresh_from_db()
    assert failed.state == State.FAILED
