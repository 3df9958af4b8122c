"""Real sounds of others: a kit of 32 pads in every layout and both formats, judged file by file."""

import io
import itertools
import re
import zipfile
from pathlib import Path

import pytest
import soundfile

from exports import build, download
from exports.models import Export
from exports.options import Options
from exports.plan import plan
from exports.sources import from_kit
from kits.hardware.pads import ALL
from kits.models import Kit, Pad
from library import ingest
from library.jobs import State
from library.models import Sample

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "audio"
LAYOUTS = ("flat", "folders", "genre", "bpm", "kit")
PLACES = {
    "flat": r"IMPORT/[a-z0-9_-]+\.\w+",
    "folders": r"IMPORT/[a-z0-9_-]+/[a-z0-9_-]+\.\w+",
    "genre": r"IMPORT/(boom_bap|unknown_genre)/[a-z0-9_-]+\.\w+",
    "bpm": r"IMPORT/(slow|70-90|90-110|110-130|130-150|fast|unknown_bpm)/[a-z0-9_-]+\.\w+",
    "kit": r"IMPORT/thirty-two/bank_[AB]/pad_(0[1-9]|1[0-6])_[a-z0-9_-]+\.\w+",
}

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sounds are not here")


@pytest.fixture
def kit(user, worker) -> Kit:
    """Return a kit of 32 pads, every 23rd file of the folder, imported and analysed."""
    files = [path for path in sorted(SHARED.rglob("*")) if path.is_file()][::23][:32]
    for number, path in enumerate(files):
        label = ingest.Label(
            f"{path.parent.name}/{path.name}", genre="Boom bap" if number % 2 else ""
        )
        ingest.add_sample(owner=user, file=path, label=label)
    worker()
    samples = list(Sample.objects.owned_by(user).order_by("pk"))
    assert len(samples) == 32
    made = Kit.objects.create(owner=user, name="Thirty-Two")
    made.change("fill", dict(zip(ALL, map(Pad.holding, samples), strict=False)))
    return made


def test_every_layout_and_format(user, kit, worker):
    for layout, container in itertools.product(LAYOUTS, ("wav", "aiff")):
        options = Options(layout=layout, format=container, pad_short=True)
        export = build.create(user, plan(from_kit(kit), options))
        worker()
        export = Export.objects.get(pk=export.pk)
        assert export.state == State.COMPLETED
        with zipfile.ZipFile(io.BytesIO(b"".join(download.archive(export).stream()))) as archive:
            check(export, archive, layout, container)


def check(export: Export, archive: zipfile.ZipFile, layout: str, container: str) -> None:
    """Compare each file with its source: rate, depth, place, channels, length to the frame."""
    items = list(export.items.select_related("sample"))
    names = archive.namelist()
    assert {item.path for item in items} <= set(names)
    assert len({name.casefold() for name in names}) == len(names)
    for item in items:
        assert re.fullmatch(PLACES[layout], item.path), item.path
        assert item.path.endswith(f".{container}")
        sound, rate = soundfile.read(io.BytesIO(archive.read(item.path)), always_2d=True)
        header = soundfile.info(io.BytesIO(archive.read(item.path)))
        assert (rate, header.subtype, header.format) == (48_000, "PCM_16", container.upper())
        assert sound.shape[1] == min(item.sample.channels, 2)
        exact = item.sample.frames * 48_000 / item.sample.sample_rate
        assert abs(len(sound) - max(exact, 4_800)) <= 1
        assert abs(sound).max() > 0
