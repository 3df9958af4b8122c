"""Figures of the filter panel."""

import pytest

from library import keys
from library.facets import BARS, Choice
from library.templatetags.plots import HEIGHT, tempo_bars, wheel


def choices(**counts) -> list[Choice]:
    """Return all keys with these counts; the ones counted 9 are chosen."""
    return [
        Choice(key, label, counts.get(key, 0), counts.get(key) == 9) for key, label in keys.CHOICES
    ]


def test_bars_are_as_high_as_their_share():
    bars = tempo_bars([0, 5, 10], None, None)
    assert [bar.height for bar in bars] == [0, HEIGHT / 2, HEIGHT]
    assert [bar.y + bar.height for bar in bars] == [HEIGHT] * 3
    assert [bar.bpm for bar in bars] == [40, 44, 48]
    assert not any(bar.is_in for bar in bars)


def test_no_sounds_make_flat_bars():
    assert {bar.height for bar in tempo_bars([0] * BARS, None, None)} == {0}


@pytest.mark.parametrize(
    ("low", "high", "lit"),
    [(44, 47, [44]), (None, 44, [40, 44]), (47, None, [44, 48]), (None, None, [])],
)
def test_bars_inside_the_limits_are_lit(low, high, lit):
    assert [bar.bpm for bar in tempo_bars([1, 1, 1], low, high) if bar.is_in] == lit


def test_the_wheel_has_24_keys_in_two_rings():
    drawn = wheel(choices(Am=3), [])
    assert len({segment.path for segment in drawn}) == 24
    top = next(segment for segment in drawn if segment.code == "12B")
    assert (top.x, top.y) == (100.0, 17.0)
    inner = next(segment for segment in drawn if segment.code == "3A")
    assert (inner.x, inner.y) == (154.0, 100.0)
    assert inner.path.startswith("M138.6 89.6L165.7 82.4A68 68 0 0 1 165.7 117.6")


def test_the_wheel_tells_chosen_fitting_and_present_keys():
    looks = {segment.code: segment.look for segment in wheel(choices(Am=9, C=2, F=4), {"Am", "C"})}
    assert (looks["8A"], looks["8B"], looks["7B"], looks["1A"]) == ("on", "fit", "has", "")
    spoken = next(segment.spoken for segment in wheel(choices(C=2), []) if segment.code == "8B")
    assert spoken == "8B, C major, 2 sounds"
