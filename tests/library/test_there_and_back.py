"""Every migration has a way back that takes no more than what the migration brought."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APPS = ("library", "kits", "exports")
REWRITTEN = {  # migrations whose way back or forward is to write rows
    "library.0016_who_said_what_is_known": "library_sample",
    "library.0011_equal_channels": "library_analysis",
    "library.0007_loudness_and_trimming": "library_analysis",
}


@pytest.fixture(scope="module")
def journey():
    """Take a database of its own there and back, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.library.there_and_back"],
        cwd=ROOT, env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_migration_went_back(journey):
    on_disk = {
        f"{app}.{file.stem}" for app in APPS for file in ROOT.glob(f"{app}/migrations/0*.py")
    }
    assert {step["name"] for step in journey[:-1]} == on_disk
    assert journey[-1]["left"] == []


def test_it_took_nothing_but_what_it_had_brought(journey):
    for step in journey[:-1]:
        rewritten = REWRITTEN.get(step["name"], "nothing")
        strange = [what for what in step["changed"] if not what.startswith(rewritten)]
        assert not strange, step["name"]


def test_generations_take_no_sound_with_them(journey):
    (step,) = (step for step in journey if step.get("name") == "library.0020_generations")
    assert step["gone"] == ["library_generation", "library_madefile", "library_prompt"]
    assert step["changed"] == []


def test_a_step_forward_leaves_rows_and_schema_as_they_were(journey):
    again = [step for step in journey if "again" in step]
    assert {step["name"].split(".")[0] for step in again} == set(APPS)
    for step in again:
        assert step["same"], step["name"]
        rewritten = REWRITTEN.get(step["name"], "nothing")
        assert not [what for what in step["again"] if not what.startswith(rewritten)], step["name"]


def test_the_whole_way_forward_ends_with_the_schema_it_began_with(journey):
    assert journey[-1]["same"]
