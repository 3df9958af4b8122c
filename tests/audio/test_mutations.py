"""Nasty files made nastier by chance: whatever comes out, it is a sound or a named error."""

import random

import pytest

from tests.hostile import KINDS
from tests.hostile.mutations import mutated
from tests.hostile.trial import tried

MOST_KB = 100 << 10
"""A little more than a worker may take: nothing here is that long, but there are many."""


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    """Return the contents of all kinds that are small files, with their endings."""
    folder = tmp_path_factory.mktemp("originals")
    paths = [one.write(folder) for one in KINDS.values()]
    small = [path for path in paths if path.is_file() and 8 < path.stat().st_size < 300_000]
    return [(path.suffix, path.read_bytes()) for path in small]


@pytest.mark.parametrize(
    ("seed", "count"), [(1, 300), pytest.param(2, 10_000, marks=pytest.mark.soak)]
)
def test_chance_finds_nothing(originals, tmp_path, seed, count):
    dice = random.Random(seed)
    paths = []
    for number in range(count):
        suffix, data = dice.choice(originals)
        paths.append(tmp_path / f"{number}{suffix}")
        paths[-1].write_bytes(mutated(data, dice))
    out = tmp_path / "out"
    out.mkdir()
    trial = tried("convert", paths, out)
    for line in trial.lines:
        assert "result" in line or "AudioError" in line["error"], line
        assert line["left_open"] == 0, line
    sounding = [line for line in trial.lines if "result" in line]
    assert len(sounding) > count / 5
    assert {path.name for path in out.iterdir()} == {f"{line['file']}.wav" for line in sounding}
    assert trial.about["peak_kb"] <= MOST_KB
