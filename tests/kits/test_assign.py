"""Layouts: where several sounds go, what makes room, and what is said about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kits.assign import LAYOUTS, NoRoomError, Plan, place, plan
from kits.hardware.pads import ALL
from kits.models import KitChangedError, Pad
from library.class_pads import USUAL
from library.models import Sample, SampleClass
from tests.factories import KitFactory, SampleFactory
from tests.kits.acts import at, fill, titles


def sounds(*classes, start=1):
    """Return unsaved samples of these classes, named by them."""
    return [
        Sample(pk=start + number, title=f"{name or 'plain'}{number}", sample_class=name)
        for number, name in enumerate(classes)
    ]


def pads(*places, locked=()):
    """Return filled pads at these places."""
    return {at(name): Pad(title=f"old_{name}", locked=name in locked) for name in places}


def placed(found: Plan) -> dict[str, str]:
    """Return the plan in plain words."""
    return {str(where): sample.title for where, sample in found.placed.items()}


def test_one_sound_takes_its_pad():
    found = plan({}, sounds("kick"), at("B5"), "one")
    assert placed(found) == {"B5": "kick0"}
    assert found.label == "put kick0 on B5"
    assert found.said == "kick0 is on B5."


def test_one_sound_replaces_what_is_there():
    found = plan(pads("A1"), sounds("kick"), at("A1"), "one")
    assert found.said == "kick0 is now on A1, replacing old_A1."
    assert found.forecast == "1 sound: 1 in bank A. 1 sound is replaced."


def test_fill_takes_free_pads_in_order_and_replaces_nothing():
    found = plan(pads("A2", "A3"), sounds("kick", "", "hat"), at("A1"), "fill")
    assert placed(found) == {"A1": "kick0", "A4": "plain1", "A5": "hat2"}
    assert not found.replaced
    assert found.label == "put 3 sounds on A1 to A5"
    assert found.said == "3 sounds are on A1 to A5."


def test_fill_begins_at_the_pad_that_was_named_and_goes_on_in_the_next_bank():
    found = plan({}, sounds("kick", "hat"), at("A16"), "fill")
    assert placed(found) == {"A16": "kick0", "B1": "hat1"}
    assert found.forecast == "2 sounds: 1 in bank A, 1 in bank B."


def test_from_this_pad_on_replaces():
    found = plan(pads("A2", "A3"), sounds("kick", "snare", "hat"), at("A1"), "from")
    assert list(placed(found)) == ["A1", "A2", "A3"]
    assert sorted(map(str, found.replaced)) == ["A2", "A3"]
    assert found.said.endswith("2 sounds were replaced.")


def test_shift_moves_only_what_is_in_the_way():
    found = plan(pads("A1", "A2", "A5"), sounds("kick", "snare"), at("A1"), "shift")
    assert placed(found) == {"A1": "kick0", "A2": "snare1"}
    assert {str(where): pad.title for where, pad in found.moved.items()} == {
        "A3": "old_A1",
        "A4": "old_A2",
    }
    assert found.forecast.endswith("2 sounds move down.")


def test_shift_uses_gaps_up():
    found = plan(pads("A1", "A3", "A4"), sounds("kick"), at("A1"), "shift")
    assert [str(where) for where in found.moved] == ["A2"]
    assert found.said == "kick0 is on A1."


def test_shift_pushes_a_run_of_pads_down():
    found = plan(pads("A1", "A2", "A3"), sounds("kick"), at("A1"), "shift")
    assert [str(where) for where in found.moved] == ["A2", "A3", "A4"]


def test_shift_leaves_what_stands_before_the_pad():
    found = plan(pads("A1"), sounds("kick"), at("A2"), "shift")
    assert not found.moved


def test_shift_drops_nothing_off_the_end():
    with pytest.raises(NoRoomError, match="J16 would fall off the end"):
        plan(pads("J15", "J16"), sounds("kick"), at("J15"), "shift")


def test_names_that_carry_a_place_land_there_and_the_rest_on_free_pads():
    some = sounds("kick", "snare", "", "hat")
    some[0].original_name = "C05 Kick.wav"
    some[1].folder, some[1].original_name = "crate/bank_B", "pad_02_snare.wav"
    some[2].original_name = "no place.wav"
    some[3].original_name = "C05 Hat.wav"  # taken by the first
    found = plan(pads("A1", "B2"), some, at("A1"), "name")
    assert placed(found) == {"C5": "kick0", "B2": "snare1", "A2": "plain2", "A3": "hat3"}
    assert [str(where) for where in found.replaced] == ["B2"]


def test_free_pads_of_by_name_avoid_named_places():
    some = sounds("kick", "snare")
    some[0].original_name = "A01 Kick.wav"
    some[1].original_name = "snare.wav"
    assert placed(plan({}, some, at("A1"), "name")) == {"A1": "kick0", "A2": "snare1"}


def test_classes_have_their_pads():
    found = plan({}, sounds(*reversed(USUAL)), at("A1"), "class")
    for where, sample in found.placed.items():
        assert where.bank == "A"
        assert sample.sample_class == USUAL[where.number - 1]
    assert len(found.placed) == 16


def test_classes_go_where_ones_own_table_says():
    table = {where: "kick" if where.number == 16 else "" for where in ALL}
    found = plan({}, sounds("snare", "kick", "", "kick"), at("A1"), "class", table)
    assert placed(found) == {"A16": "kick1", "A1": "plain2", "A2": "kick3", "A3": "snare0"}


def test_sounds_without_a_class_take_free_pads_in_order():
    found = plan({}, sounds("", "kick", "", "snare"), at("A1"), "class")
    assert placed(found) == {"A1": "kick1", "A3": "snare3", "A2": "plain0", "A4": "plain2"}


@pytest.mark.parametrize("classes", [["kick"], [""], ["kick", "snare", "hat"], ["fx", ""]])
def test_by_class_fills_a_bank_before_the_next(classes):
    some = sounds(*(classes * 24)[:24])
    found = plan({}, some, at("A1"), "class")
    banks = [where.bank for where in found.placed]
    assert (banks.count("A"), banks.count("B")) == (16, 8)
    assert found.forecast == "24 sounds: 16 in bank A, 8 in bank B."


def test_by_class_replaces_nothing_and_begins_in_the_bank_that_was_named():
    found = plan(pads("C1"), sounds("kick", "kick"), at("C9"), "class")
    assert placed(found) == {"C2": "kick0", "C3": "kick1"}
    assert not found.replaced


def test_from_this_pad_on_passes_over_locked_pads():
    found = plan(pads("A1", "A2", "A3", locked=["A2"]), sounds("kick", "snare"), at("A1"), "from")
    assert placed(found) == {"A1": "kick0", "A3": "snare1"}
    assert found.said == "2 sounds are on A1 to A3. 2 sounds were replaced. 1 locked pad stays."


def test_shift_leaves_locked_pads_where_they_are():
    found = plan(pads("A1", "A2", "A3", locked=["A2"]), sounds("kick"), at("A1"), "shift")
    moved = {str(where): pad.title for where, pad in found.moved.items()}
    assert (placed(found), moved) == ({"A1": "kick0"}, {"A3": "old_A1", "A4": "old_A3"})
    assert found.forecast.endswith("2 sounds move down. 1 locked pad stays.")


def test_a_name_that_asks_for_a_locked_pad_gets_a_free_one():
    some = sounds("kick")
    some[0].original_name = "A01 Kick.wav"
    found = plan(pads("A1", locked=["A1"]), some, at("A1"), "name")
    assert placed(found) == {"A2": "kick0"}
    assert found.locked == 1


@pytest.mark.parametrize("layout", ["one", "swap"])
def test_a_hand_on_one_pad_may_replace_a_locked_one(layout):
    found = plan(pads("A1", locked=["A1"]), sounds("kick"), at("A1"), layout)
    assert [str(where) for where in found.replaced] == ["A1"]


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_too_many_sounds_are_refused_with_figures(layout):
    taken = pads(*map(str, ALL[:-2]))
    with pytest.raises(NoRoomError, match=r"3 sounds do not fit: there is room for 2\."):
        plan(taken, sounds("kick", "", "fx"), at("J15"), layout)


def test_a_full_kit_says_so():
    with pytest.raises(NoRoomError, match="no pad is free"):
        plan(pads(*map(str, ALL)), sounds("kick"), at("A1"), "fill")


@given(
    taken=st.sets(st.sampled_from(ALL), max_size=60),
    classes=st.lists(st.sampled_from(["", *SampleClass.values]), min_size=1, max_size=60),
    first=st.sampled_from(ALL[:40]),
    layout=st.sampled_from(sorted(LAYOUTS)),
    keep=st.integers(1, 9),
)
def test_no_layout_loses_or_doubles_a_sound(taken, classes, first, layout, keep):
    filled = {where: Pad(title=str(where), locked=where.index % keep == 1) for where in taken}
    some = sounds(*classes)
    try:
        found = plan(filled, some, first, layout)
    except NoRoomError:
        return
    assert sorted(sample.pk for sample in found.placed.values()) == [each.pk for each in some]
    assert set(found.replaced) == set(found.placed) & taken - set_of_shifted(found)
    after = filled | found.changes()
    gone = set(map(id, filled.values())) - set(map(id, after.values()))
    if layout in {"fill", "class", "shift"}:
        assert not gone
    assert not set(found.moved) & set(found.placed)
    assert all(after[where] is pad for where, pad in filled.items() if pad.locked)


def set_of_shifted(found: Plan) -> set:
    """Return the places whose sounds made room."""
    titles_moved = {pad.title for pad in found.moved.values()}
    return {where for where in found.placed if str(where) in titles_moved}


@pytest.mark.django_db
def test_a_plan_is_written_as_one_step():
    kit = KitFactory()
    fill(kit, A1="old")
    some = [SampleFactory(owner=kit.owner, title=name) for name in ("kick", "snare")]
    found = plan({pad.address: pad for pad in kit.pads.all()}, some, at("A1"), "from")
    edit = place(kit, found, seen=kit.version)
    assert titles(kit) == {"A1": "kick", "A2": "snare"}
    assert edit.label == "put 2 sounds on A1 to A2"
    kit.undo()
    assert titles(kit) == {"A1": "old"}
    with pytest.raises(KitChangedError):
        place(kit, found, seen=0)
