"""What nobody has confirmed, in words, and the ways to settle it."""

import pytest

from library import doubts
from library.models import Hearing, Source
from tests.factories import SampleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop(user):
    """Return a loop of which all is guessed."""
    return SampleFactory(
        owner=user,
        loop=True,
        guessed=True,
        kind_guessed=True,
        key="Am",
        key_second="C",
        class_second="perc",
        **{f"{name}_source": Source.AUDIO for name in ("class", "bpm", "key", "kind")},
        **{f"{name}_confidence": 0.724 for name in ("class", "bpm", "key", "kind")},
    )


def of(sample, column) -> doubts.Doubt:
    return next(doubt for doubt in doubts.doubts(sample) if doubt.column == column)


def ways(sample, column) -> list[tuple[str, str]]:
    return [(way.words, way.sent) for way in of(sample, column).ways]


def test_everything_that_is_guessed_is_asked(loop):
    found = doubts.doubts(loop)
    assert [doubt.words for doubt in found] == ["Break", "96 BPM", "A minor", "A loop"]
    assert {doubt.reason for doubt in found} == {"Heard, 72 % sure."}


def test_a_tempo_may_be_an_octave_off(loop):
    assert ways(loop, "bpm") == [("×2", "bpm=192"), ("÷2", "bpm=48")]
    loop.bpm = 210.5
    assert ways(loop, "bpm") == [("÷2", "bpm=105.25")]
    loop.bpm = 30.0
    assert ways(loop, "bpm") == [("×2", "bpm=60")]


def test_runners_up_are_offered(loop):
    assert ways(loop, "sample_class") == [("Perc", "sample_class=perc")]
    assert ways(loop, "key") == [("C major", "key=C")]
    assert ways(loop, "is_loop") == [("A one-shot", "is_loop=false")]
    loop.key_second = "Am"
    assert ways(loop, "key") == []


def test_a_conflict_shows_both(loop):
    Hearing.objects.create(
        sample=loop,
        heard={"bpm": 96.0, "key": "Am", "sample_class": "break"},
        hinted={
            "bpm": {"value": 90.0, "source": "name"},
            "key": {"value": "C", "source": "chunk"},
            "sample_class": {"value": "break", "source": "name"},
        },
    )
    assert of(loop, "bpm").reason == "Heard, 72 % sure: heard 96, name says 90."
    assert ways(loop, "bpm")[-1] == ("90 BPM", "bpm=90")
    assert of(loop, "key").reason == "Heard, 72 % sure: heard A minor, data in it says C major."
    assert ways(loop, "key") == [("C major", "key=C")]  # once, though it is the runner-up as well
    assert of(loop, "sample_class").reason == "Heard, 72 % sure."
    assert of(loop, "is_loop").reason == "Heard, 72 % sure."


@pytest.mark.parametrize(
    ("source", "sure", "words"),
    [
        (Source.NAME, None, "From its name"),
        (Source.CHUNK, 0.85, "From data in it, 85 % sure"),
        ("", None, "A guess"),
    ],
)
def test_who_says_so(loop, source, sure, words):
    loop.bpm_source, loop.bpm_confidence = source, sure
    assert of(loop, "bpm").reason == f"{words}."
    assert doubts.tooltip(loop, "bpm") == f"{words}. Click to confirm."


def test_a_row_names_the_runner_up(loop):
    assert doubts.tooltip(loop, "key") == ("Heard, 72 % sure. Or C major. Click to confirm.")


def test_what_is_confirmed_is_no_doubt(user):
    assert doubts.doubts(SampleFactory(owner=user, loop=True, key="Am")) == []
