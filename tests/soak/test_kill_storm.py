"""Fifty SIGKILLs of worker, web server and both, at any moment of exports of forty sounds.

Whatever is killed, each export ends by itself, and its ZIP is the calm one to the byte.
"""

import hashlib
import http.client
import os
import random
import statistics
import time

import psutil
import pytest

from tests.soak.crates import Tone, forget
from tests.soak.watch import processes

KILLS = int(os.environ.get("SOAK_KILLS", "50"))
SOUNDS = 40
PATIENCE = 90.0
"""Seconds until something must go on after a kill: the supervisor's longest pause, three times."""

pytestmark = pytest.mark.soak


@pytest.fixture
def ids(instance, tmp_path):
    """Take forty sounds in, most of them long enough to be killed at; return their ids."""
    folder = tmp_path / "crate"
    folder.mkdir()
    for number in range(SOUNDS):
        Tone.numbered(number, 30 if number % 4 else 0.5).write(folder)
    instance.take_in(folder)
    return [pk for (pk,) in instance.rows("SELECT id FROM library_sample ORDER BY title")]


class Storm:
    """Kills, and measures how long it takes until all goes on."""

    def __init__(self, instance, person) -> None:
        self.instance, self.person = instance, person
        self.dice = random.Random(404)
        self.kills: dict[str, int] = {"worker": 0, "web": 0, "both": 0}
        self.web: list[float] = []
        self.work: list[float] = []
        self.last = ""  # what the page said

    def strike(self, export: int) -> None:
        """Kill one thing, then wait until pages come and the export has moved or ended."""
        what = self.dice.choice(["worker", "web", "both"])
        before = self.moved(export)
        begun = time.monotonic()
        words = {"worker": ["worker"], "web": ["gunicorn"], "both": ["worker", "gunicorn"]}[what]
        struck = [self.kill(word) for word in words]
        if any(struck):
            self.kills[what] += 1
        self.web.append(self.until(lambda: self.page(export), begun, f"pages after {what}"))
        self.work.append(
            self.until(lambda: self.moved(export) != before, begun, f"work after {what}")
        )

    def kill(self, word: str) -> bool:
        """Kill the leader of a service, or one of its children."""
        members = processes(self.instance, word)
        if not members:
            return False
        chosen = members[0] if self.dice.random() < 0.4 else self.dice.choice(members)
        try:
            chosen.kill()
        except psutil.NoSuchProcess:
            return False
        return True

    def page(self, export: int) -> bool:
        """Tell whether the job page comes."""
        try:
            answer = self.person.get(f"/exports/{export}/")
        except (OSError, http.client.HTTPException) as fault:
            self.last = repr(fault)
            return False
        self.last = f"{answer.status} {answer.text[:2000]}"
        return answer.status == 200

    def moved(self, export: int) -> tuple[str, int]:
        """Return what changes as long as an export goes on."""
        (found,) = self.instance.rows(
            "SELECT state, (SELECT count(*) FROM exports_exportitem WHERE export_id = e.id "
            "AND state = 'completed') FROM exports_export e WHERE id = ?", export,
        )  # fmt: skip
        return found

    def is_open(self, export: int) -> bool:
        """Tell whether it goes on."""
        return self.moved(export)[0] in {"pending", "processing", "waiting"}

    def story(self) -> str:
        """Tell what is going on, for whoever finds out why it does not go on."""
        there = [
            f"{process.pid} {process.status()}"
            for word in ("gunicorn", "worker")
            for process in processes(self.instance, word)
        ]
        return f"{self.last}\n{there}\n{''.join(self.instance.output[-60:])}"

    def until_ended(self, export: int) -> float:
        """Wait for its end; return the seconds until then."""
        return self.until(lambda: not self.is_open(export), time.monotonic(), "the end")

    def until(self, look, begun: float, what: str) -> float:
        """Wait; return the seconds since `begun`."""
        while not look():
            if time.monotonic() - begun > PATIENCE:
                pytest.fail(f"waited for {what}: {self.story()}")
            time.sleep(0.05)
        return time.monotonic() - begun


def test_fifty_kills(instance, person, ids, figure):
    storm = Storm(instance, person)
    calm = person.export(ids)
    took = storm.until_ended(calm)
    expected = person.zip_of(calm)
    lasted = []
    while sum(storm.kills.values()) < KILLS:
        forget(instance)
        export = person.export(ids)
        begun = time.monotonic()
        while storm.is_open(export) and sum(storm.kills.values()) < KILLS:
            time.sleep(storm.dice.uniform(0, took / 2))
            if storm.is_open(export):
                storm.strike(export)
        storm.until_ended(export)
        lasted.append(time.monotonic() - begun)
        check(instance, person, export, expected)
    figure(f"{storm.kills} in {len(lasted)} exports; a calm one takes {took:.1f} s")
    measured = {
        "an export under kills": lasted,
        "until pages came again": storm.web,
        "until work went on": storm.work,
    }
    for name, seconds in measured.items():
        middle, most = statistics.median(seconds), max(seconds)
        figure(f"{name}: median {middle:.1f}, most {most:.1f} s")


def check(instance, person, export, expected):
    """Nothing is lost, twice, half or left open."""
    states = dict(
        instance.rows(
            "SELECT state, count(*) FROM exports_exportitem WHERE export_id = ? GROUP BY state",
            export,
        )
    )
    assert states == {"completed": SOUNDS}
    renders = instance.rows("SELECT key, size_bytes, sha256 FROM exports_render")
    assert len(renders) == SOUNDS
    stored = {path.stem: path for path in (instance.data / "media/renders").rglob("*.*")}
    assert set(stored) == {key for key, _, _ in renders}
    for key, size, digest in renders:
        content = stored[key].read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (size, digest)
    assert person.zip_of(export) == expected
