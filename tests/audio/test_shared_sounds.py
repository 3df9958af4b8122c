"""Real sounds of many makers; the folder is no part of the project."""

import csv
from pathlib import Path

import pytest

from library.audio.convert import convert
from library.audio.headers import probe
from library.audio.listen import facts
from library.audio.recipe import Recipe, planned_changes, planned_size
from library.audio.units import is_short, resampled_frames

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
EVERY = 13

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")


def listed():
    with (DATA / "manifest.csv").open(newline="") as file:
        return [DATA / row["path"] for row in csv.DictReader(file)]


def check(path, target):
    """Probe, hear and convert a file; plan and result must agree."""
    header, material = probe(path), facts(path).material
    assert (header.rate, header.channels) == (material.rate, material.channels)
    assert header.frames in {None, material.frames}
    recipe = Recipe(pad_short=True)
    result = convert(path, target, recipe)
    assert result.changes == planned_changes(material, recipe)
    size = planned_size(material.frames, material.rate, material.channels, recipe)
    assert result.size_bytes == size == target.stat().st_size
    exact = resampled_frames(material.frames, material.rate)
    assert result.frames == max(exact, 4_800)
    assert result.channels == material.channels


def test_a_sample_of_them_is_read_and_converted(tmp_path):
    for path in listed()[::EVERY]:
        check(path, tmp_path / "out.wav")


@pytest.mark.soak
def test_all_of_them_are_read_and_converted(tmp_path):
    for path in listed():
        check(path, tmp_path / "out.wav")


def test_24_of_them_are_under_a_hundred_milliseconds():
    headers = [probe(path) for path in listed()]
    assert sum(is_short(header.frames, header.rate) for header in headers) == 24
