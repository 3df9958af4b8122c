"""A kit as it is drawn."""

import json

import pytest

from kits.grid import LEGENDS, grid, some_banks
from kits.hardware.pads import ALL, BANKS
from kits.models import Kit, KitBank
from library.models import Sample
from tests.factories import KitFactory, PadFactory, SampleFactory
from tests.kits.acts import at, fill

pytestmark = pytest.mark.django_db


def test_an_empty_kit_has_all_its_slots():
    drawn = grid(KitFactory())
    assert [bank.letter for bank in drawn.banks] == list(BANKS)
    assert [slot.address for bank in drawn.banks for slot in bank.slots] == list(ALL)
    assert drawn.filled == 0
    assert drawn.size_bytes == 0
    assert drawn.open.letter == "A"
    assert drawn.at(at("J16")).label == "Pad J16, empty"


def test_a_kit_that_is_not_saved_costs_no_query(django_assert_num_queries, user):
    with django_assert_num_queries(0):
        assert grid(Kit(owner=user, name="Kit 1")).filled == 0


def test_slots_know_their_sounds():
    kit = KitFactory()
    fill(kit, A1="kick_dusty_07", B2="plain")
    Sample.objects.filter(title="plain").update(sample_class="")
    drawn = grid(kit, "B")
    assert drawn.at(at("A1")).label == "Pad A1, kick_dusty_07, kick"
    assert drawn.at(at("A1")).words == "kick dusty 07"
    assert drawn.at(at("B2")).label == "Pad B2, plain"
    assert drawn.at(at("A1")).sound_class == "kick"
    assert drawn.open.filled == 1
    assert drawn.filled == 2
    assert [bank.filled for bank in drawn.banks] == [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]


def test_slots_say_what_is_gone():
    kit = KitFactory()
    PadFactory(kit=kit, number=1, empty_hull=True)
    PadFactory(kit=kit, number=2, sample=SampleFactory(owner=kit.owner, missing=True, title="away"))
    PadFactory(kit=kit, number=3, sample=SampleFactory(owner=kit.owner, trashed=True))
    drawn = grid(kit)
    assert drawn.missing == 3
    assert drawn.at(at("A1")).label == "Pad A1, file missing, Gone"
    assert drawn.at(at("A2")).label == "Pad A2, file missing, away"
    assert drawn.open.sounds == "{}"


def test_a_renamed_sound_shows_its_new_name():
    kit = KitFactory()
    fill(kit, A1="old name")
    Sample.objects.update(title="new name")
    assert grid(kit).at(at("A1")).title == "new name"


def test_sizes_are_those_of_a_card():
    kit = KitFactory()
    sample = SampleFactory(owner=kit.owner, frames=44_100, channels=2)
    PadFactory(kit=kit, number=1, sample=sample)
    PadFactory(kit=kit, number=2, sample=SampleFactory(owner=kit.owner, frames=None))
    assert grid(kit).size_bytes == pytest.approx(48_000 * 2 * 2, abs=200)


def test_long_sounds_are_not_decoded_ahead():
    kit = KitFactory()
    samples = fill(kit, A1="short", A2="long")
    Sample.objects.filter(title="long").update(seconds=61)
    drawn = grid(kit)
    assert [drawn.at(at(place)).is_long for place in ("A1", "A2", "A3")] == [False, True, False]
    assert json.loads(drawn.open.sounds) == {
        "A1": {"sample": samples["A1"].pk},
        "A2": {"sample": samples["A2"].pk, "streamed": True},
    }


def test_the_key_of_a_bank_knows_how_all_of_it_sounds():
    kit = KitFactory()
    samples = fill(kit, B2="hat")
    kit.pads.update(mute_group="C", level=100)
    kit.change("softer", {}, banks=[KitBank(kit=kit, letter="B", volume=64)])
    bank = grid(kit).banks[1]
    known = {"B2": {"level": 100, "group": "C", "sample": samples["B2"].pk}}
    assert json.loads(bank.sounds) == known
    assert (bank.volume, grid(kit).open.volume) == (64, 127)


def test_free_pads():
    kit = KitFactory()
    fill(kit, A1="a", A2="b")
    assert grid(kit).first_free() == at("A3")
    for place in ALL[2:]:
        PadFactory(kit=kit, bank=place.bank, number=place.number)
    assert grid(kit).first_free() == at("A1")


def test_legends_and_bank_keys():
    drawn = grid(KitFactory())
    assert "".join(slot.legend for slot in drawn.open.slots) == LEGENDS
    assert "".join(bank.key for bank in drawn.banks) == "1234567890"
    assert [[slot.legend for slot in row] for row in drawn.open.rows] == [
        list("1234"), list("QWER"), list("ASDF"), list("ZXCV"),
    ]  # fmt: skip


@pytest.mark.parametrize("letter", ["", "K", "AB", "a"])
def test_an_unknown_bank_opens_the_first(letter):
    assert grid(KitFactory(), letter).letter == "A"


def test_a_full_kit_is_drawn_in_two_queries(django_assert_num_queries):
    kit = KitFactory()
    for place in ALL[:40]:
        PadFactory(kit=kit, bank=place.bank, number=place.number)
    with django_assert_num_queries(2):  # pads, volumes of banks
        drawn = grid(kit)
        assert [slot.label for bank in drawn.banks for slot in bank.slots]
        assert drawn.size_bytes


def test_some_banks_are_drawn_and_all_is_counted(django_assert_num_queries):
    kit = KitFactory()
    fill(kit, A1="a", B1="b", C1="c")
    whole = grid(kit).size_bytes
    with django_assert_num_queries(3):
        drawn = some_banks(kit, "A", ["C"])
        assert list(drawn.pads) == [at("A1"), at("C1")]
        assert (drawn.filled, drawn.size_bytes) == (3, whole)
