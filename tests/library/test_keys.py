"""Keys: how they are written, and which are near each other."""

import pytest

from library import keys


@pytest.mark.parametrize("key", keys.CAMELOT)
def test_a_key_is_named_by_its_tonic_and_mode(key):
    assert keys.named(keys.tonic(key), is_minor=key.endswith("m")) == key
    assert 0 <= keys.tonic(key) < 12


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("C", {"Am", "F", "G", "Cm", "Em", "B", "Db"}),
        ("Am", {"C", "Dm", "Em", "A", "F", "G#m", "Bbm"}),
    ],
)
def test_keys_that_are_easily_mistaken(key, near):
    assert keys.related(key) == near


def test_to_be_mistaken_goes_both_ways():
    for key in keys.CAMELOT:
        assert all(key in keys.related(other) for other in keys.related(key))
