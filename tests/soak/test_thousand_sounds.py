"""A thousand sounds of all formats in one export, twenty of them bad, by two workers.

The page that watches it moves all the way, other pages stay quick, memory stays flat.
"""

import itertools
import os
import time
import zipfile
from io import BytesIO

import pytest

from library.problems import kind_of
from tests.soak.crates import Tone, bad_ones, blob
from tests.soak.person import JobPage
from tests.soak.watch import Memory, Pages, Watch, spread

COUNT = int(os.environ.get("SOAK_SOUNDS", "1000"))
UNKNOWN = 987_654_321  # asked for by a program that made a mistake
PAGES = ["/library/", "/exports/", "/exports/failed/", "/kits/"]
MEGA = 10**6
FLAT = 25 * MEGA
"""What a process may own more at the end than at the beginning: caches that fill once."""

pytestmark = pytest.mark.soak


@pytest.fixture
def crate(instance, tmp_path):
    """Take all sounds in, harm some; return the folder, the tones, the bad ones, all ids."""
    folder = tmp_path / "crate"
    folder.mkdir()
    bad = bad_ones()
    tones = [Tone.numbered(n, 0.3 + 0.05 * (n % 25)) for n in range(COUNT - len(bad) - 1)]
    for tone in tones:
        tone.write(folder)
    harmed = [(one.harm, one.write(folder)) for one in bad]
    instance.take_in(folder)
    for harm, path in harmed:
        if harm is not None:
            harm(blob(instance, path))
    ids = dict(instance.rows("SELECT title, id FROM library_sample"))
    assert len(ids) == COUNT - 1
    return folder, tones, bad, ids


def test_nine_hundred_and_eighty_right_and_twenty_named(instance, person, crate, figure):
    folder, tones, bad, ids = crate
    memory = Memory(instance)
    window = person.twin()
    pages, before = Pages(window, PAGES), Pages(window, PAGES)
    for _ in range(20 * len(PAGES)):  # the first ones of a process compile the templates
        before.ask()
    begun = time.monotonic()
    export = person.export([*ids.values(), UNKNOWN])
    page = JobPage(person, export)
    with Watch(memory.measure, 0.1), Watch(pages.ask, 0.02):
        goes_on = page.open()
        while goes_on:
            time.sleep(0.1)
            goes_on = page.ask()
    took = time.monotonic() - begun
    window.hang_up()
    steps = [after - before for before, after in itertools.pairwise(page.counts)]
    figure(f"{COUNT} sounds in {took:.1f} s, {COUNT / took:.0f} a second")
    figure(f"progress: {len(page.counts)} answers, steps of {max(steps)} at most")
    figure(f"polls {spread(page.seconds)}")
    figure(f"before: {before}")
    figure(f"meanwhile: {pages}")
    figure(str(memory))

    check_errors(person, export, bad)
    check_files(person, export, tones, folder)
    assert min(steps) >= 0
    assert max(steps) <= COUNT / 10  # it moves, it does not jump
    assert len(set(page.counts)) >= 20
    assert max(memory.growth().values()) < FLAT


def check_errors(person, export, bad):
    """Each bad one is told by its name with its reason, and nothing else is."""
    told = person.api("GET", f"sp404/exports/{export}").json()
    assert told["state"] == "partial"
    assert (told["successful"], told["failed"]) == (COUNT - 20, 20)
    errors = told["result"]["errors"]
    named = {error["title"]: error["error"] for error in errors if error["sample_id"] != UNKNOWN}
    assert set(named) == {one.name for one in bad}
    for one in bad:
        assert named[one.name].startswith(one.phrase), named[one.name]
        assert kind_of(named[one.name])
    (lost,) = [error["error"] for error in errors if error["sample_id"] == UNKNOWN]
    assert lost == f"Sample {UNKNOWN} not found"


def check_files(person, export, tones, folder):
    """Each good one is in the ZIP once, and is what it was."""
    with zipfile.ZipFile(BytesIO(person.zip_of(export))) as archive:
        held = {info.filename.rpartition("/")[2]: info for info in archive.infolist()}
        assert len(held) == len(archive.infolist()) == len(tones)
        faults = [tone.fault(archive.read(held[f"{tone.name}.wav"]), folder) for tone in tones]
    assert [fault for fault in faults if fault] == []
