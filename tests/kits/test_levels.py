"""How loud the pads of a bank are beside each other."""

import pytest

from kits.grid import grid
from kits.levels import FLOOR_DB, HEIGHT, levels
from library.audio.units import db_to_gain
from tests.factories import KitFactory, PadFactory, SampleFactory
from tests.kits.acts import act, fill

pytestmark = pytest.mark.django_db


def kit_of(*decibels):
    """Return a kit with a sound of each level from A1 on; None is not measured yet."""
    kit = KitFactory()
    for number, db in enumerate(decibels, start=1):
        rms = None if db is None else db_to_gain(db)
        sample = SampleFactory(owner=kit.owner, rms_energy=rms)
        PadFactory(kit=kit, number=number, sample=sample)
    return kit


def drawn(*decibels):
    """Return the levels of such a kit."""
    return levels(grid(kit_of(*decibels)).open)


def test_bars_stand_on_the_bottom_and_grow_with_the_level():
    found = drawn(0, FLOOR_DB / 2, FLOOR_DB, None)
    heights = [bar.height for bar in found.bars]
    assert heights[:4] == [HEIGHT, HEIGHT / 2, 1, 1]
    assert heights[4:] == [1] * 12
    assert [bar.y + bar.height for bar in found.bars] == [HEIGHT] * 16
    assert [bar.x for bar in found.bars[:3]] == [0, 20, 40]


def test_levels_beyond_the_drawing_stay_inside():
    assert [bar.height for bar in drawn(6, -90).bars[:2]] == [HEIGHT, 1]


def test_the_middle_is_the_median():
    assert drawn(-10, -20, -30).middle == pytest.approx(HEIGHT - HEIGHT * (1 - 20 / 48), abs=0.1)
    assert drawn(-10).middle is None


def test_the_sentence_names_both_ends():
    assert drawn(-21.04, -9.8).sentence == ("Loudest A2 at −9.8 dB, quietest A1 at −21.0 dB RMS.")
    assert drawn(-12).sentence == "A1 at −12.0 dB RMS."
    assert drawn(None).sentence == "No sound in this bank is measured yet."


def test_the_remark_names_what_sticks_out():
    assert drawn(-10, -11, -12, -30).remark == "A4 sits 18 dB under the middle"
    assert drawn(-20, -21, -22, -6).remark == "A4 sits 14 dB over the middle"
    assert drawn(-10, -12).remark == ""
    assert drawn(-10).remark == ""


def test_sounds_that_are_gone_have_no_level():
    kit = KitFactory()
    PadFactory(kit=kit, number=1, sample=SampleFactory(owner=kit.owner, missing=True))
    PadFactory(kit=kit, number=2, empty_hull=True)
    assert levels(grid(kit).open).known == []


def test_steps_and_banks_bring_the_levels_along(client, user):
    kit = KitFactory(owner=user)
    fill(kit, A1="kick", B1="snare")
    html = act(client, kit, "move", **{"from": "A1", "to": "A4"}).text
    assert "A4 at −9.1 dB RMS." in html
    html = client.get(f"/kits/{kit.pk}/?bank=B", headers={"HX-Request": "true"}).text
    assert "B1 at −9.1 dB RMS." in html
    page = client.get(f"/kits/{kit.pk}/").text
    assert page.count('id="levels"') == 1
