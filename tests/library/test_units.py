"""How numbers are printed."""

import pytest

from library.models import Sample
from library.templatetags.units import crumbs, material


def test_crumbs():
    assert crumbs("Packs/Tape Hats") == "Packs / Tape Hats"
    assert crumbs("") == ""


@pytest.mark.parametrize(
    ("facts", "printed"),
    [
        ({}, "44.1 kHz 16-bit mono"),
        ({"channels": 2, "sample_rate": 96_000, "bit_depth": 24}, "96 kHz 24-bit stereo"),
        ({"channels": 6, "bit_depth": None}, "44.1 kHz 6 channels"),
        ({"channels": None, "sample_rate": None, "bit_depth": None}, ""),
    ],
)
def test_material(facts, printed):
    known = {"sample_rate": 44_100, "bit_depth": 16, "channels": 1}
    assert material(Sample(**{**known, **facts})) == printed
