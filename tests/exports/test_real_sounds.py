"""Real sounds, where they lie beside the repository: 32 pads in every layout and format."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from exports import build, download
from exports.models import Export, Render
from exports.options import Options
from exports.plan import plan
from exports.sources import from_kit
from kits.hardware.pads import ALL
from library import analyse, ingest
from library.audio.sniff import EXTENSIONS
from library.jobs import State
from tests.factories import KitFactory, PadFactory

SOUNDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "audio"
PADS = 32


@pytest.fixture
def kit(user):
    """Put 32 sounds, evenly taken from the folder, on banks A and B."""
    if not SOUNDS.is_dir():
        pytest.skip("The folder of real sounds is not here.")
    kit = KitFactory(owner=user, name="Real Sounds")
    paths = sorted(path for path in SOUNDS.rglob("*") if path.suffix.lower() in EXTENSIONS)
    step = max(1, len(paths) // (PADS + 4))
    samples = iter(filter(None, (taken_in(user, path) for path in paths[::step])))
    for pad, sample in zip(ALL[:PADS], samples, strict=False):
        PadFactory(kit=kit, bank=pad.bank, number=pad.number, sample=sample)
    assert kit.pads.count() == PADS
    return kit


def taken_in(user, path):
    label = ingest.Label(path=str(path.relative_to(SOUNDS)))
    added = ingest.add_sample(owner=user, file=path, label=label)
    if added.outcome != "added":
        return None
    added.sample.analysis.finish(State.COMPLETED, **analyse.analyse(added.sample.analysis))
    return added.sample


@pytest.mark.django_db
def test_a_kit_of_real_sounds_in_each_layout_and_both_formats(user, kit, worker):
    for format_ in ("wav", "aiff"):
        renders = Render.objects.count()
        for layout in Export.Layout.values:
            options = Options(layout=layout, format=format_)
            planned = plan(from_kit(kit), options)
            export = build.create(user, planned)
            worker()
            export.refresh_from_db()
            assert export.state == State.COMPLETED
            check(export, planned)
        assert Render.objects.count() - renders <= PADS  # shared by all layouts
    again = plan(from_kit(kit), replace(options, layout="kit"))
    assert [item.path for item in again.items] == sorted(item.path for item in again.items)


def check(export, planned):
    data = io.BytesIO(b"".join(download.archive(export).stream()))
    with zipfile.ZipFile(data) as archive:
        assert archive.namelist() == [item.path for item in planned.items]
        for item in planned.items:
            sample = item.wanted.sample
            info = soundfile.info(io.BytesIO(archive.read(item.path)))
            assert (info.samplerate, info.subtype) == (48_000, "PCM_16")
            assert info.channels == min(sample.channels, 2)
            exact = max(sample.frames * 48_000 / sample.sample_rate, 4_800)
            assert abs(info.frames - exact) <= 1
            assert archive.getinfo(item.path).file_size == item.size
            assert len(item.path.rpartition("/")[2].rpartition(".")[0]) <= 23
