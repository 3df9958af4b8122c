"""Ten thousand sounds taken in and heard, unattended: nothing is left over, memory stays flat."""

import os
import time

import numpy as np
import pytest

from tests import sounds
from tests.soak.watch import Memory, Watch

COUNT = int(os.environ.get("SOAK_LIBRARY", "10000"))
FORMATS = [(".wav", "PCM_24"), (".flac", "PCM_16"), (".aiff", "PCM_16"), (".wav", "PCM_16")]
RATE = 44_100
AT_ONCE = 10  # folders
LONG_EVERY = 100  # the others are one-shots of up to 1.5 s
LONGEST_WAIT = 3 * 60 * 60  # seconds
FLAT = 40 * 10**6
"""What a process may own more at the end than at the beginning: caches that fill once."""

pytestmark = pytest.mark.soak


def strike(number: int) -> np.ndarray:
    """Return a struck sound like no other: two partials and noise that die away; or a long loop."""
    random = np.random.default_rng(number)
    seconds = 8.0 if number % LONG_EVERY == 0 else random.uniform(0.15, 1.5)
    time_ = np.arange(round(seconds * RATE)) / RATE
    beat = time_ % 0.5 if seconds > 2 else time_
    partials = random.uniform(40, 4_000, (2, 1))
    tones = np.sin(2 * np.pi * partials * beat).sum(0)
    hiss = random.uniform(0, 1) * random.standard_normal(len(time_))
    return 0.25 * (tones + hiss) * np.exp(-beat / random.uniform(0.02, 0.4))


@pytest.fixture
def folder(tmp_path):
    """Write all of them, a hundred to a folder."""
    for number in range(COUNT):
        suffix, subtype = FORMATS[number % len(FORMATS)]
        path = tmp_path / "crate" / f"pack_{number // 100:03}" / f"hit_{number:05}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        sounds.write(path, strike(number)[:, None], rate=RATE, subtype=subtype)
    return tmp_path / "crate"


def test_all_are_heard_and_memory_is_flat(instance, folder, figure):
    memory = Memory(instance)
    begun = time.monotonic()
    with Watch(memory.measure, 2):
        packs = sorted(folder.iterdir())
        for start in range(0, len(packs), AT_ONCE):
            instance.manage("import_samples", *map(str, packs[start : start + AT_ONCE]))
        stored = time.monotonic() - begun
        instance.until(
            "SELECT NOT EXISTS (SELECT 1 FROM library_analysis "
            "WHERE state IN ('pending', 'processing', 'waiting'))",
            seconds=LONGEST_WAIT,
        )
    took = time.monotonic() - begun
    figure(f"{COUNT} stored after {stored:.0f} s, heard after {took:.0f} s")
    figure(str(memory))
    assert instance.rows("SELECT state, count(*) FROM library_analysis GROUP BY state") == [
        ("completed", COUNT)
    ]
    assert instance.rows("SELECT count(*) FROM library_hearing") == [(COUNT,)]
    assert max(memory.growth().values()) < FLAT
