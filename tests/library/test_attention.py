"""What stands out in a sound is said in the list, with what an export does about it."""

import pytest

from library.models import Sample
from tests.factories import SampleFactory

PLAIN = {"sample_rate": 44_100, "bit_depth": 16, "channels": 2, "frames": 4410}


@pytest.mark.parametrize(
    ("facts", "words", "effect"),
    [
        ({}, "", ""),
        ({"peak_amplitude": 1.0}, "", ""),
        ({"bit_depth": 24}, "", ""),
        ({"codec": "FLOAT", "bit_depth": 32}, "32-bit float", "converted to 16-bit 48 kHz"),
        (
            {"bit_depth": 24, "sample_rate": 96_000, "frames": 96_000},
            "24-bit 96 kHz",
            "converted to 16-bit 48 kHz",
        ),
        ({"channels": 6}, "6 channels", "folded down to stereo"),
        ({"peak_amplitude": 1.2}, "over full scale", "peak lowered"),
        ({"peak_amplitude": 0.0099}, "too quiet", "left as quiet as it is"),
        ({"peak_amplitude": 0.0101}, "", ""),
        (
            {"frames": 4409},
            "under 100 ms",
            "lengthened with silence, unless you switch that off",
        ),
        (
            {"codec": "DOUBLE", "peak_amplitude": 2.0},
            "64-bit float · over full scale",
            "converted to 16-bit 48 kHz, peak lowered",
        ),
    ],
)
def test_what_stands_out(facts, words, effect):
    sample = Sample(**(PLAIN | facts))
    assert sample.attention == words
    assert sample.on_export == effect


def test_what_is_not_measured_is_not_spoken_of():
    assert Sample().attention == ""


def test_list_and_dialog_say_it(client, user):
    sample = SampleFactory(owner=user, frames=2205, seconds=0.05)
    assert '<em title="On export: lengthened with silence' in client.get("/library/").text
    assert "under 100 ms: lengthened" in client.get(f"/samples/{sample.pk}/").text
