"""What the plan shows is what the workers write: names, places, exact sizes, changes."""

import io
import zipfile

import pytest
import soundfile

from exports import build, download
from exports.models import Export
from exports.options import Options
from exports.plan import plan
from exports.sources import from_ids
from library import labour
from library.jobs import State
from library.models import Sample
from tests.exports.mixed import library


def run_all():
    """Do all export items as a worker would."""
    while labour.work_once("test"):
        pass


def zipped(export) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(download.archive(export).stream())))


@pytest.mark.django_db
def test_two_hundred_mixed_files(user, tmp_path):
    samples = library(user, tmp_path, 200)
    source = from_ids(user, [sample.pk for sample in samples])
    for options in (
        Options(layout="folders"),
        Options(layout="bpm", format="aiff", channels="mono", pad_short=False, root=""),
    ):
        planned = plan(source, options)
        assert len(planned.items) == 200
        assert all(item.is_known for item in planned.items)
        export = build.create(user, planned)
        run_all()
        compare(planned, Export.objects.get(pk=export.pk))


def compare(planned, export):
    assert export.state == (State.PARTIAL if planned.left_out else State.COMPLETED)
    assert export.total_bytes == planned.total_bytes
    written = {item.position: item for item in export.items.select_related("render")}
    for item in planned.items:
        row = written[item.position]
        if item.problem:
            assert (row.state, row.error) == (State.FAILED, item.problem)
            continue
        assert (row.state, row.error) == (State.COMPLETED, "")
        assert (row.path, row.size_bytes) == (item.path, item.size)
        assert tuple(row.changes) == item.changes
    with zipped(export) as archive:
        entries = {entry.filename: entry.file_size for entry in archive.infolist()}
        assert entries == {item.path: item.size for item in planned.included}
        for item in planned.included:
            check_sound(io.BytesIO(archive.read(item.path)), item)


def check_sound(file, item):
    sample: Sample = item.wanted.sample
    header = soundfile.info(file)
    assert (header.samplerate, header.subtype) == (48_000, "PCM_16")
    assert header.format == item.recipe.format.upper()
    channels = 1 if item.recipe.channels == "mono" else min(sample.channels, 2)
    assert header.channels == channels
    exact = sample.frames * 48_000 / sample.sample_rate
    assert abs(header.frames - max(exact, 4_800 if item.recipe.pad_short else 0)) <= 1
