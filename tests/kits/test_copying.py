"""Copies of kits and banks: every setting comes along, mute groups and links stay apart."""

import pytest

from kits import copying
from kits.models import Kit, KitBank, Pad
from kits.moves import CannotMoveError
from tests.factories import KitFactory
from tests.kits.acts import at, fill, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def kit(user):
    """Return a kit with two hats that choke each other, a trimmed bass and a bank tempo."""
    kit = KitFactory(owner=user, name="Night Market", tempo=92)
    fill(kit, A1="kick", A5="hat", A6="hat open", A9="bass")
    kit.pads.filter(number__in=[5, 6]).update(mute_group="A", link=3)
    kit.pads.filter(number=9).update(start=100, end=900, level=90, pan=-8, play="gate")
    KitBank.objects.create(kit=kit, letter="A", tempo=87.5, volume=100)
    return kit


@pytest.fixture
def other(user):
    """Return another kit of the same person that uses mute groups A and B and link 3."""
    other = KitFactory(owner=user, name="Day")
    fill(other, A1="k1", A2="k2", A3="k3")
    for number, group, link in ((1, "A", 3), (2, "B", 0), (3, "", 0)):
        other.pads.filter(number=number).update(mute_group=group, link=link)
    return other


def state(kit, letter="") -> list[dict]:
    """Return all fields of the pads, by place."""
    pads = kit.pads.filter(bank=letter) if letter else kit.pads.all()
    return [{"number": pad.number, **pad.fields()} for pad in pads]


def groups(kit) -> dict[str, tuple[str, int]]:
    return {str(pad.address): (pad.mute_group, pad.link) for pad in kit.pads.all()}


def test_a_duplicate_has_everything_but_the_steps(kit):
    kit.change("step", {at("A1"): None})
    kit.undo()
    made = copying.duplicate(kit)
    assert (made.name, made.tempo, made.version) == ("Night Market copy", 92, 0)
    assert state(made) == state(kit)
    assert [bank.fields() for bank in made.banks.all()] == [{"tempo": 87.5, "volume": 100}]
    assert not made.edits.exists()
    made.pads.all().delete()
    assert kit.pads.count() == 4


def test_duplicates_get_names_of_their_own_that_fit(kit):
    names = [copying.duplicate(kit).name for _ in range(2)]
    assert names == ["Night Market copy", "Night Market copy 2"]
    Kit.objects.filter(pk=kit.pk).update(name="x" * 100)
    kit.refresh_from_db()
    assert copying.duplicate(kit).name == "x" * 95 + " copy"


def test_a_bank_comes_with_its_settings_and_clashing_groups_get_free_letters(kit, other):
    edit, said = copying.copy_bank(kit, "A", other, "C", seen=0)
    assert edit.label == "put bank A of Night Market on C"
    assert said == ("Put bank A of Night Market on C. Mute group A became C. Pad link 3 became 1.")
    assert groups(other)["C5"] == groups(other)["C6"] == ("C", 1)
    assert groups(other)["A1"] == ("A", 3)
    bass = other.pads.get(bank="C", number=9)
    assert (bass.start, bass.end, bass.level, bass.pan, bass.play) == (100, 900, 90, -8, "gate")
    assert other.bank("C").fields() == {"tempo": 87.5, "volume": 100}


def test_one_undo_takes_the_bank_and_its_tempo_back(kit, other):
    fill(other, C2="stood here")
    before = state(other)
    copying.copy_bank(kit, "A", other, "C")
    other.undo()
    assert state(other) == before
    assert not other.banks.exists()
    other.redo()
    assert titles(other)["C1"] == "kick"


def test_groups_that_clash_with_nothing_keep_their_letters(kit, user):
    empty = KitFactory(owner=user)
    _, said = copying.copy_bank(kit, "A", empty, "A")
    assert said == "Put bank A of Night Market on A."
    assert groups(empty)["A5"] == ("A", 3)


def test_a_copy_inside_the_kit_does_not_choke_what_it_was_copied_from(kit):
    _, said = copying.copy_bank(kit, "A", kit, "B")
    assert said == "Copied bank A to B. Mute group A became B. Pad link 3 became 1."
    assert groups(kit)["A5"] == ("A", 3)
    assert groups(kit)["B5"] == ("B", 1)


def test_where_no_letter_is_free_the_group_is_dropped_and_said(kit, other):
    fill(other, **{f"D{number}": f"d{number}" for number in range(1, 11)})
    for number, letter in enumerate("ABCDEFGHIJ", 1):
        other.pads.filter(bank="D", number=number).update(mute_group=letter)
    _, said = copying.copy_bank(kit, "A", other, "C")
    assert "Mute group A was dropped: all ten are in use." in said
    assert groups(other)["C5"][0] == ""


def test_the_target_becomes_the_copy_but_locked_pads_stay(kit, other):
    fill(other, C1="locked", C2="goes")
    other.pads.filter(bank="C", number=1).update(locked=True)
    _, said = copying.copy_bank(kit, "A", other, "C")
    assert "1 pad was replaced. 1 locked pad stays." in said
    after = titles(other)
    assert after["C1"] == "locked"
    assert "C2" not in after
    assert after["C9"] == "bass"


def test_a_kit_of_one_tempo_keeps_it_and_says_so(kit, other):
    other.change("one tempo", {}, whole={"has_one_tempo": True, "tempo": 120})
    _, said = copying.copy_bank(kit, "A", other, "C")
    assert said.endswith("The kit keeps its one tempo of 120 BPM.")
    assert other.tempo_of("C") == 120


def test_nothing_to_copy_is_refused_in_words(kit, other):
    with pytest.raises(CannotMoveError, match=r"Bank J of Night Market is empty\."):
        copying.copy_bank(kit, "J", other, "C")
    with pytest.raises(CannotMoveError, match="is there already"):
        copying.copy_bank(kit, "A", kit, "A")
    assert not Pad.objects.filter(kit=other, bank="C").exists()


def test_filled_banks_are_counted_in_one_query(kit, other, django_assert_num_queries):
    empty = KitFactory(owner=kit.owner)
    with django_assert_num_queries(1):
        found = copying.filled_banks([kit, other, empty])
    assert found == [(kit, [("A", 4)]), (other, [("A", 3)])]
