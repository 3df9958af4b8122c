"""Pad addresses: parse, print, order, and places that stand in names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kits.hardware.devices import SP404MKII
from kits.hardware.errors import HardwareError
from kits.hardware.pads import ALL, PadAddress, place_from_name


@pytest.mark.parametrize("text", ["B7", "b7", "B07", "b-07", " B-7 ", "B-07"])
def test_parse_accepts_the_usual_ways_of_writing(text):
    assert PadAddress.parse(text) == PadAddress("B", 7)


@pytest.mark.parametrize(
    "text",
    ["", "B", "7", "7B", "K1", "A0", "A00", "A17", "A-", "A--1", "A1\n2", "AA1", "B٣"],
)
def test_parse_refuses_everything_else(text):
    with pytest.raises(HardwareError):
        PadAddress.parse(text)


@pytest.mark.parametrize(("bank", "number"), [("", 1), ("AB", 1), ("a", 1), ("A", 17)])
def test_a_place_that_the_machine_lacks_cannot_be_made(bank, number):
    with pytest.raises(HardwareError):
        PadAddress(bank, number)


def test_the_message_names_what_exists():
    with pytest.raises(HardwareError, match="pads are 1 to 16"):
        PadAddress.parse("A17")
    with pytest.raises(HardwareError, match="banks are A to J"):
        PadAddress.parse("K1")


def test_all_pads_stand_in_the_order_of_the_machine():
    assert len(ALL) == len(set(ALL)) == SP404MKII.pads == 160
    assert (str(ALL[0]), str(ALL[15]), str(ALL[16]), str(ALL[-1])) == (
        "A1",
        "A16",
        "B1",
        "J16",
    )
    assert sorted(ALL, key=str) != sorted(ALL) == list(ALL)
    assert sorted(pad.padded for pad in ALL) == [pad.padded for pad in ALL]


def test_next_walks_over_every_pad_once():
    walk, pad = [], PadAddress("A", 1)
    while pad is not None:
        walk.append(pad)
        pad = pad.next()
    assert walk == list(ALL)


@pytest.mark.parametrize("index", [-1, 160])
def test_an_index_outside_the_kit_is_refused(index):
    with pytest.raises(HardwareError, match="no pad at place"):
        PadAddress.from_index(index)


@given(st.sampled_from(ALL))
def test_every_way_back_leads_to_the_same_pad(pad):
    assert PadAddress.parse(str(pad)) == pad
    assert PadAddress.parse(pad.padded.lower()) == pad
    assert PadAddress.from_index(pad.index) == pad
    assert ALL[pad.index] == pad


@given(st.text(max_size=12))
def test_parse_never_fails_in_another_way(text):
    try:
        pad = PadAddress.parse(text)
    except HardwareError:
        return
    assert pad in ALL


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("C05 Kick.wav", "C5"),
        ("c05_kick", "C5"),
        ("C-05 kick.aiff", "C5"),
        ("J16.wav", "J16"),
        ("crate/a01-snare.wav", "A1"),
        ("my_kit/bank_A/pad_05_kick.wav", "A5"),
        ("my_kit\\bank_B\\pad_16_kick.wav", "B16"),
        ("Bank C Pad 7 Hat.wav", "C7"),
        ("BANK-D/kick-pad-3.wav", "D3"),
        ("bank_A/bank_B/pad_01.wav", "B1"),
    ],
)
def test_a_name_can_carry_its_place(name, place):
    assert place_from_name(name) == PadAddress.parse(place)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "kick.wav",
        "C4 Rhodes.wav",  # a note
        "C05#.wav",
        "C17 kick.wav",
        "K01 kick.wav",
        "A001 kick.wav",
        "D05x.wav",
        "A01/kick.wav",  # a folder that looks like a pad holds many sounds
        "Warm Pad 12.wav",  # a pad sound without a bank
        "bank_A/kick.wav",
        "bank_K/pad_01.wav",
        "bank_A/pad_17.wav",
        "bank_A/pad_00.wav",
        "bank_A/pad_123.wav",
        "databank_A/pad_01.wav",
        "bank_avenue/pad_01.wav",
        "bank_A/launchpad_01.wav",
    ],
)
def test_other_names_carry_none(name):
    assert place_from_name(name) is None
