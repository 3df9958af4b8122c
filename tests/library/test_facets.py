"""Counts beside the filters: each under all the others, none under its own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library import search
from library.facets import BARS, facets
from library.models import Sample
from library.query import Query
from tests.factories import SampleFactory


@pytest.fixture
def shelf(user, stranger):
    """Fill a library, and another that must not be counted."""
    for row in [
        ("kick", "Dub", "Am", "wav", None, ["a", "b"]),
        ("kick", "Dub", "C", "flac", 92.7, ["a"]),
        ("bass", "House", "Am", "wav", 20.0, []),
        ("", "", "", "wav", 399.0, ["c"]),
    ]:
        columns = ("sample_class", "genre", "key", "format", "bpm", "tags")
        SampleFactory(owner=user, **dict(zip(columns, row, strict=True)))
    Sample.objects.filter(key="C").update(is_favourite=True)
    Sample.objects.filter(sample_class="").update(is_loop=None)
    SampleFactory(owner=user, trashed=True, tags=["gone"])
    SampleFactory(owner=stranger, tags=["a", "theirs"], genre="Theirs")


def counts(choices) -> dict[str, int]:
    return {choice.value: choice.count for choice in choices if choice.count}


def test_everything_is_counted_where_nothing_is_chosen(user, shelf):
    shown = facets(user, Query())
    assert counts(shown.classes) == {"kick": 2, "bass": 1}
    assert counts(shown.genres) == {"Dub": 2, "House": 1}
    assert counts(shown.tags) == {"a": 2, "b": 1, "c": 1}
    assert counts(shown.keys) == {"Am": 2, "C": 1}
    assert counts(shown.formats) == {"wav": 3, "flac": 1}
    assert counts(shown.kinds) == {"oneshot": 3}
    assert shown.favourites == 1
    assert shown.timeless == 1
    assert {place: count for place, count in enumerate(shown.tempo) if count} == {
        0: 1,  # 20 BPM, below the first bar
        13: 1,  # 92 to 96
        BARS - 1: 1,  # 399, beyond the last
    }


def test_closed_lists_show_all_values_in_their_order(user, shelf):
    shown = facets(user, Query())
    assert [choice.label for choice in shown.classes][:3] == ["Breaks & loops", "Kicks", "Snares"]
    assert len(shown.keys) == 24
    assert [choice.label for choice in shown.formats] == [
        "WAV",
        "AIFF",
        "MP3",
        "FLAC",
        "M4A",
        "OGG",
    ]
    assert [choice.value for choice in shown.tags] == ["a", "b", "c"]


def test_a_choice_counts_for_the_others_and_not_for_its_own_group(user, shelf):
    shown = facets(user, Query.from_string("cls=kick&tag=a&lo=90&hi=100"))
    assert counts(shown.classes) == {"kick": 1}
    assert counts(shown.tags) == {"a": 1}
    assert sum(shown.tempo) + shown.timeless == 2
    assert counts(shown.genres) == {"Dub": 1}
    shown = facets(user, Query.from_string("cls=kick"))
    assert counts(shown.classes) == {"kick": 2, "bass": 1}
    assert [choice.is_chosen for choice in shown.classes if choice.value == "kick"] == [True]
    assert counts(shown.genres) == {"Dub": 2}


@pytest.mark.parametrize("text", ["kic", "ki", "-bass"])
def test_words_narrow_all_counts_and_never_reach_other_people(user, stranger, shelf, text):
    samples = Sample.objects.all()
    samples.filter(sample_class="kick").update(title="kick")
    samples.exclude(sample_class="kick").update(title="bass", original_name="bass.wav")
    SampleFactory(owner=stranger, title="kick")
    search.refresh(samples.values_list("pk", flat=True))
    shown = facets(user, Query(q=text))
    assert counts(shown.classes) == {"kick": 2}
    assert sum(shown.tempo) + shown.timeless == 2


def test_what_is_chosen_stays_visible_with_nothing_in_it(user, shelf):
    shown = facets(user, Query.from_string("tag=gone&genre=None&cls=fx"))
    assert [(choice.value, choice.count) for choice in shown.tags if choice.is_chosen] == [
        ("gone", 0)
    ]
    assert [(choice.value, choice.count) for choice in shown.genres if choice.is_chosen] == [
        ("None", 0)
    ]


def test_typed_filters_count_like_those_of_the_panel(user, shelf):
    shown = facets(user, Query(q="cls:kick -tag:b key:C is:favourite is:oneshot"))
    assert counts(shown.classes) == {"kick": 1}
    assert counts(shown.keys) == {"C": 1}
    assert counts(shown.tags) == {"a": 1}
    assert counts(shown.kinds) == {"oneshot": 1}
    assert shown.favourites == 1
    assert counts(facets(user, Query(q="cls:kick")).classes) == {"kick": 2, "bass": 1}


def test_the_number_of_queries_is_fixed(user, shelf):
    with CaptureQueriesContext(connection) as captured:
        facets(user, Query.from_string("q=kick&tag=a&tag=b"))
    assert len(captured) <= 10
