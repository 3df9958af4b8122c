"""The ZIP, the manifest and the text files."""

import csv
import io
import subprocess
import zipfile
from datetime import timedelta

import pytest
from django.utils.timezone import now

from exports import build, download
from exports.models import Export, ExportItem
from exports.options import Options
from exports.plan import PAD_GONE, plan
from exports.sources import from_ids, from_kit
from tests.factories import (
    AnalysisFactory,
    ExportItemFactory,
    KitFactory,
    PadFactory,
    SampleFactory,
    tone,
)

pytestmark = pytest.mark.django_db


def zipped(export):
    export.refresh_from_db()
    return zipfile.ZipFile(io.BytesIO(b"".join(download.archive(export).stream())))


def rows(export):
    return list(csv.DictReader(io.StringIO(download.manifest(export))))


def test_holds_exactly_this_exports_files(export, worker, tmp_path):
    other, mine = export(2), export(3)
    worker()
    with zipped(mine) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == list(mine.items.values_list("path", flat=True))
    path = tmp_path / "x.zip"
    path.write_bytes(b"".join(download.archive(other).stream()))
    subprocess.run(["unzip", "-tq", path], check=True)


def test_is_the_same_each_time(export, worker):
    started = export(2)
    worker()
    started.refresh_from_db()
    first, second = download.archive(started), download.archive(started)
    assert first.etag == second.etag
    assert b"".join(first.stream()) == b"".join(second.stream())


def test_the_same_export_on_another_day_is_the_same_to_the_byte(export, worker, user):
    first = export(2, options=Options(include_metadata=True))
    worker()
    Export.objects.filter(pk=first.pk).update(finished_at=now() - timedelta(days=9))
    ExportItem.objects.update(queued_at=now() - timedelta(days=9))
    first.refresh_from_db()
    ids = [item.sample_id for item in first.items.all()]
    second = build.create(user, plan(from_ids(user, ids), Options(include_metadata=True)))
    worker()
    second.refresh_from_db()
    archives = [download.archive(one) for one in (first, second)]
    assert archives[0].etag == archives[1].etag
    assert b"".join(archives[0].stream()) == b"".join(archives[1].stream())
    came = [item.sample.added_at.timetuple()[:5] for item in first.items.all()]
    assert [info.date_time[:5] for info in zipped(first).infolist()[:2]] == came


def test_what_was_left_out_is_missing_and_the_manifest_says_so(user, worker):
    kit = KitFactory(owner=user)
    PadFactory(kit=kit, number=1, sample__sound=tone(rate=96_000), sample__title="=High")
    PadFactory(kit=kit, number=2, empty_hull=True)
    PadFactory(kit=kit, number=3, sample__stored=True)
    started = build.create(user, plan(from_kit(kit), Options(layout="kit")))
    worker()
    with zipped(started) as archive:
        assert [name.rpartition("/")[2][:6] for name in archive.namelist()] == ["pad_01", "pad_03"]
    high, gone, plain = rows(started)
    assert (high["state"], high["pad"], high["changes"]) == ("changed", "A1", "96 to 48 kHz")
    assert high["title"] == "'=High"  # no formula for a spreadsheet
    assert (gone["state"], gone["path"], gone["changes"]) == ("left out", "", PAD_GONE)
    assert (plain["state"], plain["source_rate"]) == ("written", "44100")
    assert int(plain["bytes"]) == started.items.get(number=3).render.size_bytes


def test_a_manifest_of_work_in_progress_says_so(export):
    assert {row["state"] for row in rows(export(1))} == {"pending"}


def test_text_lists_lie_beside_the_sounds(user, worker):
    sample = SampleFactory(
        owner=user, stored=True, title="Kick", genre="Hip-Hop", bpm=92.5, key="Am", tags=["b", "a"]
    )
    AnalysisFactory(sample=sample, done=True)
    options = Options(include_metadata=True, root="")
    started = build.create(user, plan(from_ids(user, [sample.pk]), options))
    worker()
    with zipped(started) as archive:
        assert archive.namelist() == ["kick.wav", "kick_metadata.txt", "manifest.csv"]
        text = archive.read("kick_metadata.txt").decode()
        assert archive.read("manifest.csv").decode() == download.manifest(started)
    for line in ("Title: Kick", "Genre: Hip-Hop", "BPM: 92.5", "Key: A minor", "Tags: a, b"):
        assert line in text.splitlines()
    assert "Original format: wav\nOriginal rate: 44100 Hz\nOriginal duration: 0.250 s\n" in text
    assert "Converted rate: 48000 Hz\nConverted depth: 16 bit\n" in text


def test_facts_that_are_missing_say_so():
    item = ExportItemFactory(sample_title="Kick", original_rate=None, original_seconds=None)
    lines = download.metadata(item).splitlines()
    for line in ("Genre: Unknown", "BPM: Unknown", "Key: Unknown", "Tags: None"):
        assert line in lines
    assert "Original rate: Unknown" in lines
    assert "Original duration: Not analyzed" in lines
    assert "Analyzed: Not analyzed" in lines


def test_text_lists_of_long_names_have_names_of_their_own(user, worker):
    samples = [
        SampleFactory(owner=user, stored=True, title="x" * 200 + "y" * 100 + str(n))
        for n in range(2)
    ]
    options = Options(include_metadata=True, root="", device_names=False)
    started = build.create(user, plan(from_ids(user, [s.pk for s in samples]), options))
    worker()
    with zipped(started) as archive:
        texts = [name for name in archive.namelist() if name.endswith(".txt")]
        assert len(texts) == 2
