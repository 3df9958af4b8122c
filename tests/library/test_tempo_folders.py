"""Tempo ranges: rising bounds, so that none can overlap; a preference of each person."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from library import tempo_folders
from library.models import Preferences

URL = "/preferences/"
HX = {"HX-Request": "true"}
RISING = st.lists(st.integers(20, 400), min_size=1, max_size=24, unique=True).map(sorted)


@pytest.mark.parametrize(
    ("bpm", "folder"),
    [
        (None, "unknown_bpm"), (69.99, "slow"), (70, "70-90"), (89.9, "70-90"), (90, "90-110"),
        (149.99, "130-150"), (150, "fast"), (400, "fast"),
    ],
)  # fmt: skip
def test_the_usual_ranges_include_lower_bounds_only(bpm, folder):
    assert tempo_folders.folder(bpm) == folder


def test_one_bound_makes_two_folders():
    assert [tempo_folders.folder(bpm, [100]) for bpm in (99.9, 100)] == ["slow", "fast"]
    assert tempo_folders.in_words([100]) == "slow (under 100), fast (from 100)"


@given(RISING, st.floats(20, 400))
def test_every_tempo_has_exactly_one_folder(bounds, bpm):
    tempo_folders.check(bounds)
    name = tempo_folders.folder(bpm, bounds)
    inside = [
        f"{low}-{high}" for low in bounds for high in bounds if low < high and low <= bpm < high
    ]
    assert name in tempo_folders.folders(bounds)
    assert name in {"slow", "fast"} or name in inside
    assert (name == "slow") == (bpm < bounds[0])
    assert (name == "fast") == (bpm >= bounds[-1])


@pytest.mark.parametrize(
    ("typed", "bounds"),
    [
        ("80, 100,120", [80, 100, 120]), ("80 100;120", [80, 100, 120]), ("95", [95]),
        ("", [70, 90, 110, 130, 150]), (" , ", [70, 90, 110, 130, 150]),
    ],
)  # fmt: skip
def test_typed_bounds(typed, bounds):
    assert tempo_folders.parse(typed) == bounds


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("90, 70", "In rising order, each once: 70 stands behind 90."),
        ("90, 90", "In rising order, each once: 90 stands behind 90."),
        ("10, 90", "10 lies outside 20 to 400 BPM."),
        ("90, 401", "401 lies outside 20 to 400 BPM."),
        ("slow", "Whole numbers between commas, such as 70, 90, 110."),
        ("92.5", "Whole numbers between commas, such as 70, 90, 110."),
        ("-90", "Whole numbers between commas, such as 70, 90, 110."),
        ("٩٠", "Whole numbers between commas, such as 70, 90, 110."),
        ("9" * 5000, "Whole numbers between commas, such as 70, 90, 110."),
        (",".join(map(str, range(100, 125))), "From 1 to 24 numbers."),
    ],
)
def test_what_is_no_order_is_refused_in_words(typed, reason):
    with pytest.raises(ValidationError) as error:
        tempo_folders.parse(typed)
    assert error.value.messages == [reason]


@pytest.mark.parametrize("stored", [None, {}, "70", [70.5], [True, 90], ["70"], [], [[70]]])
def test_the_model_takes_nothing_else(stored, user):
    own = Preferences.of(user)
    own.bpm_bounds = stored
    with pytest.raises(ValidationError):
        own.full_clean()


def test_fresh_preferences_have_the_usual_ranges(user):
    assert Preferences.of(user).bpm_bounds == [70, 90, 110, 130, 150]


def test_the_page_saves_ranges_and_says_which_folders_they_give(client, user):
    assert 'value="70, 90, 110, 130, 150"' in client.get(URL).text
    answer = client.post(URL, {"field": "bpm_bounds", "bpm_bounds": "85, 128"}, headers=HX)
    assert answer.status_code == 200
    assert "slow (under 85), 85-128, fast (from 128)" in answer.text
    assert Preferences.of(user).bpm_bounds == [85, 128]


def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(client, user):
    answer = client.post(URL, {"field": "bpm_bounds", "bpm_bounds": "128, 85"}, headers=HX)
    assert answer.status_code == 422
    assert "85 stands behind 128" in answer.text
    assert 'value="128, 85"' in answer.text
    assert "130-150" in answer.text  # what still holds
    assert Preferences.of(user).bpm_bounds == [70, 90, 110, 130, 150]
