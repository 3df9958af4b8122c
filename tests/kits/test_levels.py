"""How loud the pads of a bank are beside each other, and how they get equally loud."""

import pytest

from kits.grid import grid
from kits.levels import CLOSE_DB, FLOOR, HEIGHT, levels, loudness, match
from kits.moves import CannotMoveError
from library.audio.baked import gain_of
from tests.factories import KitFactory, PadFactory, SampleFactory
from tests.kits.acts import act, events, fill, plainly

pytestmark = pytest.mark.django_db


def kit_of(*loud, owner=None):
    """Return a kit with a sound of each loudness (LUFS) from A1 on; None is not measured yet."""
    kit = KitFactory(**({"owner": owner} if owner else {}))
    for number, lufs in enumerate(loud, start=1):
        sample = SampleFactory(owner=kit.owner, loudness_lufs=lufs)
        PadFactory(kit=kit, number=number, sample=sample)
    return kit


def drawn(*loud):
    """Return the levels of such a kit."""
    return levels(grid(kit_of(*loud)).open)


def heard(kit):
    """Return how loud its pads are, by number, where it is known."""
    slots = grid(kit).open.slots
    known = {slot.address.number: loudness(slot) for slot in slots}
    return {number: lufs for number, lufs in known.items() if lufs is not None}


def test_bars_stand_on_the_bottom_and_grow_with_the_loudness():
    found = drawn(0, FLOOR / 2, FLOOR, None)
    heights = [bar.height for bar in found.bars]
    assert heights[:4] == [HEIGHT, HEIGHT / 2, 1, 1]
    assert heights[4:] == [1] * 12
    assert [bar.y + bar.height for bar in found.bars] == [HEIGHT] * 16
    assert [bar.x for bar in found.bars[:3]] == [0, 20, 40]


def test_loudness_beyond_the_drawing_stays_inside():
    assert [bar.height for bar in drawn(6, -90).bars[:2]] == [HEIGHT, 1]


def test_the_level_of_a_pad_counts():
    kit = kit_of(-10)
    kit.pads.update(level=64)
    assert heard(kit)[1] == pytest.approx(-10 - 11.9, abs=0.05)
    assert (gain_of(127), gain_of(0)) == (1, 0)
    kit.pads.update(level=0)
    assert heard(kit) == {}


def test_the_middle_is_the_median():
    assert drawn(-10, -20, -30).middle == pytest.approx(HEIGHT - HEIGHT * (1 - 20 / 48), abs=0.1)
    assert drawn(-10).middle is None


def test_the_sentence_names_both_ends():
    assert drawn(-21.04, -9.8).sentence == "Loudest A2 at −9.8, quietest A1 at −21 LUFS."
    assert drawn(-12).sentence == "A1 at −12 LUFS."
    assert drawn(None).sentence == "No sound in this bank is measured yet."


def test_the_remark_names_what_sticks_out():
    assert drawn(-10, -11, -12, -30).remark == "A4 sits 18 dB under the rest"
    assert drawn(-20, -21, -22, -6).remark == "A4 sits 14 dB over the rest"
    assert drawn(-10, -14, -18).remark == ""
    assert drawn(-10, -14, -18.1).remark == "A3 sits 4 dB under the rest"
    assert drawn(-10).remark == ""


def test_sounds_that_are_gone_have_no_loudness():
    kit = KitFactory()
    PadFactory(kit=kit, number=1, sample=SampleFactory(owner=kit.owner, missing=True))
    PadFactory(kit=kit, number=2, empty_hull=True)
    assert levels(grid(kit).open).known == []


def test_steps_and_banks_bring_the_plot_along(client, user):
    kit = KitFactory(owner=user)
    for sample in fill(kit, A1="kick", B1="snare").values():
        sample.loudness_lufs = -9.1
        sample.save(update_fields=["loudness_lufs"])
    html = act(client, kit, "move", **{"from": "A1", "to": "A4"}).text
    assert "A4 at −9.1 LUFS." in html
    html = client.get(f"/kits/{kit.pk}/?bank=B", headers={"HX-Request": "true"}).text
    assert "B1 at −9.1 LUFS." in html
    page = client.get(f"/kits/{kit.pk}/").text
    assert page.count('id="levels"') == 1


def test_matching_brings_all_within_a_decibel_and_undo_takes_it_back(client, user):
    kit = kit_of(-6.2, -21, -14.5, -9, -11.7, owner=user)
    kit.pads.filter(number=2).update(level=90)
    before = kit.snapshot()
    response = act(client, kit, "level", bank="A")
    assert events(response)["toast"]["text"] == "Matched 5 pads to A2 at −21 LUFS."
    found = heard(kit).values()
    assert max(found) - min(found) <= CLOSE_DB
    assert kit.pads.get(number=2).level == 127
    assert kit.edits.get().label == "matched levels of bank A"
    after = {at: fields | {"level": 0} for at, fields in kit.snapshot().items()}
    assert after == {at: fields | {"level": 0} for at, fields in before.items()}
    kit.refresh_from_db()
    kit.undo()
    assert kit.snapshot() == before


def test_only_the_pads_that_are_named_are_matched(client, user):
    kit = kit_of(-6, -12, -18, owner=user)
    response = plainly(client, kit, "level", pads=["A1", "A2"])
    assert response.status_code == 303
    assert list(kit.pads.values_list("level", flat=True)) == [90, 127, 127]
    assert kit.edits.get().label == "matched levels of 2 pads"


def test_what_cannot_be_matched_is_said_and_left_alone():
    kit = kit_of(-70, -6, -69, None)
    found = match(grid(kit).open.slots)
    assert found.said == "Matched 2 pads to A1 at −70 LUFS. Not matched: A2, A4."
    assert [str(at) for at in found.levels] == ["A1", "A3"]


def test_a_pad_that_plays_a_part_of_its_sound_has_no_loudness():
    kit = kit_of(-10, -10, -10, -12)
    frames = grid(kit).open.slots[0].pad.frames
    kit.pads.filter(number=1).update(end=frames // 2)
    kit.pads.filter(number=2).update(start=frames // 4, slice=2)
    kit.pads.filter(number=3).update(end=frames - frames // 20)  # nearly the whole of it
    found = levels(grid(kit).open)
    assert [bar.lufs for bar in found.bars[:4]] == [None, None, -10, -12]
    assert found.parts == "Not known of 2 pads that play a part of a sound."
    assert match(grid(kit).open.slots).said.endswith("Not matched: A1, A2.")
    kit.pads.filter(number=2).delete()
    assert levels(grid(kit).open).parts == "Not known of 1 pad that plays a part of a sound."
    kit.pads.filter(number__gt=2).delete()
    assert levels(grid(kit).open).sentence == ""


def test_the_page_counts_pads_of_unknown_loudness(client, user):
    kit = kit_of(-10, -10, -30, owner=user)
    kit.pads.filter(number=1).update(start=6_000)
    html = client.get(f"/kits/{kit.pk}/").text
    assert html.count("Not known of 1 pad that plays a part of a sound.") == 2
    assert "dB over the rest. Not known" in html or "dB under the rest. Not known" in html


def test_one_quiet_sound_does_not_drag_its_bank_down(client, user):
    kit = kit_of(-8, -9, -12, -14, -16, -28, owner=user)
    kit.pads.filter(number=6).update(level=100)
    response = act(client, kit, "level", bank="A")
    words = "Matched 5 pads to A5 at −16 LUFS. A6 stays 12 dB under."
    assert events(response)["toast"]["text"] == words
    found = heard(kit)
    assert found.pop(6) == pytest.approx(-28)
    assert max(found.values()) - min(found.values()) <= CLOSE_DB


def test_who_names_a_quiet_pad_gets_all_as_quiet(client, user):
    kit = kit_of(-8, -9, -12, -30, owner=user)
    act(client, kit, "level", pads=["A1", "A2", "A3", "A4"])
    assert max(heard(kit).values()) - min(heard(kit).values()) <= CLOSE_DB


def test_one_sound_has_nothing_to_be_matched_with(client, user):
    with pytest.raises(CannotMoveError, match="Two sounds of known loudness"):
        match(grid(kit_of(-10, None)).open.slots)
    kit = kit_of(-10, -10, owner=user)
    response = act(client, kit, "level", bank="A")
    assert response.status_code == 422
    assert events(response)["toast"]["text"] == "These levels match already."


def test_matching_a_bank_spares_locked_pads_and_says_so(client, user):
    kit = kit_of(-10, -14, -20, owner=user)
    kit.pads.filter(number=1).update(locked=True, level=90)
    said = events(act(client, kit, "level", bank="A"))["toast"]["text"]
    assert said.endswith("LUFS. 1 locked pad stayed.")
    assert kit.pads.get(number=1).level == 90
    assert "locked" not in events(act(client, kit, "level", pads=["A1", "A3"]))["toast"]["text"]
    assert kit.pads.get(number=1).level < 90
