"""A disk that fills up in the middle of an export, and sources that vanish: told, then mended."""

import os
import shutil
import time
from contextlib import contextmanager

import pytest

from tests.e2e.instance import running
from tests.exports.mounting import CannotMountError, memory
from tests.soak.crates import Tone, forget
from tests.soak.person import JobPage, Person

MEGA = 10**6
DISK = 400 * MEGA
RESERVE = 2 * MEGA
SOUNDS = 40
ENDED = "SELECT state NOT IN ('pending', 'processing', 'waiting') FROM exports_export WHERE id = ?"

pytestmark = pytest.mark.soak


@pytest.fixture
def instance(tmp_path):
    """Yield a product whose data lie on a small disk of its own."""
    try:
        with memory(tmp_path / "disk", DISK) as disk:
            env = {"PADCRATE_RESERVE_BYTES": str(RESERVE), "PADCRATE_WORKERS": "2"}
            with running(disk / "data", **env) as started:
                yield started
    except CannotMountError as reason:
        pytest.skip(str(reason))


@pytest.fixture
def person(instance):
    """Return somebody in front of it."""
    someone = Person.at(instance)
    yield someone
    someone.hang_up()


@pytest.fixture
def ids(instance, tmp_path):
    """Take forty sounds in; return their ids."""
    folder = tmp_path / "crate"
    folder.mkdir()
    for number in range(SOUNDS):
        Tone.numbered(number, 15).write(folder)
    instance.take_in(folder)
    return [pk for (pk,) in instance.rows("SELECT id FROM library_sample ORDER BY title")]


@contextmanager
def full(instance, leave):
    """Fill the disk but for so many bytes; give them back in the end."""
    ballast = instance.data / "ballast"
    try:
        with ballast.open("wb") as file:
            # Workers are writing meanwhile: fill until nothing more fits.
            while (room := shutil.disk_usage(instance.data).free - leave) > 0:
                try:
                    os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, room)
                except OSError:
                    continue
        yield
    finally:
        ballast.unlink(missing_ok=True)


def ended(instance, export):
    """Wait for the end; return the state."""
    instance.until(ENDED, export, seconds=120)
    return instance.one("SELECT state FROM exports_export WHERE id = ?", export)


def some_done(instance, export):
    """Wait until an export is on its way."""
    instance.until(
        "SELECT count(*) >= 2 FROM exports_exportitem WHERE export_id = ? "
        "AND state = 'completed'", export,
    )  # fmt: skip


@pytest.fixture
def calm(instance, person, ids):
    """Return the ZIP of an export that nothing disturbed."""
    export = person.export(ids)
    assert ended(instance, export) == "completed"
    content = person.zip_of(export)
    forget(instance)
    return content


def test_an_export_waits_for_room_says_so_and_goes_on(instance, person, ids, calm, figure):
    export = person.export(ids)
    page = JobPage(person, export)
    page.open()
    some_done(instance, export)
    with full(instance, RESERVE):
        end = time.monotonic() + 60
        while not page.headlines[-1].startswith("No room left on this machine: "):
            assert time.monotonic() < end, page.headlines
            time.sleep(0.2)
            assert page.ask()
        told = page.headlines[-1]
        assert told.endswith("Nothing was lost.")
        refused = person.api("POST", "sp404/samples/export-batch", {
            "sample_ids": ids, "config": {"format": "aiff"},
        })  # fmt: skip
        assert refused.status == 507, refused.text
        assert "Not enough disk space for export" in refused.text
    begun = time.monotonic()
    assert ended(instance, export) == "completed"
    figure(f"told: {told}")
    figure(f"with room again it ended after {time.monotonic() - begun:.1f} s")
    assert person.zip_of(export) == calm


def test_a_disk_full_to_the_last_byte_loses_nothing(instance, person, ids, calm, figure):
    """Now not even the database can write."""
    export = person.export(ids)
    some_done(instance, export)
    with full(instance, 0):
        time.sleep(5)
        assert person.get("/library/").status == 200
        assert person.get(f"/exports/{export}/").status == 200
    begun = time.monotonic()
    assert ended(instance, export) == "completed"
    figure(f"with room again it ended after {time.monotonic() - begun:.1f} s")
    assert person.zip_of(export) == calm
    assert instance.one("PRAGMA integrity_check") == "ok"


def test_sources_that_vanish_are_named_and_tried_again_once_they_are_back(
    instance, person, ids, calm, figure, tmp_path
):
    away = tmp_path / "away"
    away.mkdir()
    lost = instance.rows(
        "SELECT original_name, sha256 FROM library_sample ORDER BY title DESC LIMIT 3"
    )
    for _, digest in lost:
        shutil.move(instance.data / "media/blobs" / digest[:2] / digest, away / digest)
    export = person.export(ids)
    assert ended(instance, export) == "partial"
    errors = person.api("GET", f"sp404/exports/{export}").json()["result"]["errors"]
    assert {error["error"] for error in errors} == {
        f"Audio file not found: {name}" for name, _ in lost
    }
    for _, digest in lost:
        shutil.move(away / digest, instance.data / "media/blobs" / digest[:2] / digest)
    begun = time.monotonic()
    instance.until("SELECT NOT EXISTS (SELECT 1 FROM library_sample WHERE is_missing)", seconds=120)
    figure(f"found again after {time.monotonic() - begun:.1f} s")
    retried = person.api("POST", f"sp404/exports/{export}/retry")
    assert retried.status == 202, retried.text
    assert ended(instance, export) == "completed"
    assert person.zip_of(export) == calm
