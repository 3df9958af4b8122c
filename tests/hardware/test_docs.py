"""docs/hardware.md and the Device table say the same."""

import re
import string
from dataclasses import fields
from pathlib import Path

import pytest

from kits.hardware.devices import SP404MKII, Device
from library.audio import units

PAGE = Path(__file__).parents[2] / "docs" / "hardware.md"
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (\w+) \| (.+) \|$", re.MULTILINE)
ROWS = {name: rest for name, *rest in ROW.findall(PAGE.read_text(encoding="utf-8"))}


def written(value):
    """Return a value as the page writes it."""
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def test_the_page_lists_every_field_once_and_in_order():
    assert list(ROWS) == [field.name for field in fields(Device)]


@pytest.mark.parametrize(
    "name", [field.name for field in fields(Device) if field.name != "safe_characters"]
)
def test_the_page_gives_the_value(name):
    assert ROWS[name][0] == written(getattr(SP404MKII, name))


def test_the_page_gives_the_safe_characters():
    marks = re.fullmatch(r"letters, digits, space and `(.+)`", ROWS["safe_characters"][0])
    expected = string.ascii_letters + string.digits + " " + marks[1]
    assert sorted(SP404MKII.safe_characters) == sorted(expected)


@pytest.mark.parametrize("name", ROWS)
def test_every_line_has_a_confidence_and_a_source(name):
    _, confidence, source = ROWS[name]
    assert confidence in {"high", "medium", "low"}
    assert re.match(r"(Manual|Files|Notes|Users|our own choice)", source)


def test_the_longest_sound_fits_the_longest_file():
    stereo_frame = SP404MKII.max_channels * SP404MKII.bit_depth // 8
    longest = SP404MKII.longest_seconds * SP404MKII.rate * stereo_frame
    assert longest == 184_320_000
    assert longest < SP404MKII.longest_bytes


def test_the_audio_side_knows_the_same_figures():
    assert SP404MKII.rate == units.RATE
    assert SP404MKII.min_seconds * 1000 == units.SHORTEST_MS
