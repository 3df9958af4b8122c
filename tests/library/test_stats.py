"""The figures of a library, and the page that shows them."""

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from library import stats
from library.models import Sample
from library.months import MOST, months
from tests.factories import SampleFactory

pytestmark = pytest.mark.django_db
URL = "/library/stats/"


def plot(user, slug):
    """Return one of the plots."""
    return next(each for each in stats.stats(user).plots if each.slug == slug)


def counted(user, slug):
    """Return what its bars count, by their labels."""
    return {bar.label: bar.count for bar in plot(user, slug).rows}


def added(user, year, month, **fields):
    """Return a sound that came on the tenth of a month."""
    return SampleFactory(owner=user, added_at=datetime(year, month, 10, tzinfo=UTC), **fields)


# ── Bars ────────────────────────────────────────────────────────────────────


def test_tempos_in_bars_of_four(user):
    for bpm in (88, 91.9, 92, 20, 250, None):
        SampleFactory(owner=user, bpm=bpm)
    assert stats.stats(user).count == 6
    assert counted(user, "tempo") == {
        "under 44 BPM": 1, "88–92 BPM": 2, "92–96 BPM": 1, "from 196 BPM": 1,
    }  # fmt: skip
    assert plot(user, "tempo").sentence == (
        "5 sounds have a tempo, most often 88–92 BPM: 2. 1 has none."
    )


def test_lengths_in_half_octaves(user):
    for seconds in (0.001, 0.51, 0.7, 0.72, 1.5, 500, None):
        SampleFactory(owner=user, seconds=seconds)
    assert counted(user, "length") == {
        "under 0.044 s": 1, "0.5–0.71 s": 2, "0.71–1 s": 1, "1.4–2 s": 1, "from 91 s": 1,
    }  # fmt: skip
    assert "Half are shorter than 0.71 s." in plot(user, "length").sentence


def test_loudness_in_bars_of_two(user):
    for lufs in (-14, -13.1, -12.5, -70, -40, 3, None):
        SampleFactory(owner=user, loudness_lufs=lufs)
    assert counted(user, "loudness") == {
        "−14 to −12 LUFS": 3, "−40 to −38 LUFS": 2, "−2 to 0 LUFS": 1,
    }  # fmt: skip


def test_the_highest_bar_is_as_high_as_the_plot_and_all_lie_within(user):
    for seconds in (0.5, 0.5, 0.5, 0.5, 2):
        SampleFactory(owner=user, seconds=seconds)
    bars = plot(user, "length").bars
    assert max(bar.height for bar in bars) == stats.HEIGHT
    assert sorted(bar.height for bar in bars)[-2] == stats.HEIGHT / 4
    for bar, following in pairwise(bars):
        assert bar.x + bar.width < following.x
        assert bar.y + bar.height == stats.HEIGHT
    assert bars[-1].x + bars[-1].width < stats.WIDTH


def test_keys_and_their_shades(user):
    for key, count in {"Am": 4, "C": 1, "": 3}.items():
        for _ in range(count):
            SampleFactory(owner=user, key=key)
    wheel = stats.stats(user).wheel
    assert {choice.value: choice.count for choice in wheel.choices if choice.count} == {
        "Am": 4, "C": 1,
    }  # fmt: skip
    assert (wheel.levels["Am"], wheel.levels["C"], wheel.levels["Gm"]) == (stats.LEVELS, 1, 0)
    assert wheel.sentence == "5 sounds have a key, most often A minor (8A): 4."


def test_what_is_in_the_trash_or_of_others_does_not_count(user, stranger):
    SampleFactory(owner=user, bpm=90, key="Am")
    SampleFactory(owner=user, bpm=90, key="Am", trashed=True)
    SampleFactory(owner=stranger, bpm=90, key="Am")
    found = stats.stats(user)
    assert found.count == 1
    assert counted(user, "tempo") == {"88–92 BPM": 1}
    assert found.wheel.sentence == "1 sound has a key, most often A minor (8A): 1."
    assert plot(user, "tempo").sentence == "1 sound has a tempo, most often 88–92 BPM: 1."
    assert found.growth.months[-1].count == 1


def test_an_empty_library(user):
    found = stats.stats(user)
    assert found.count == 0
    assert [each.sentence for each in found.plots] == [
        "No sounds have a tempo yet.",
        "No sounds are measured yet.",
        "No sounds have a loudness yet.",
    ]
    assert (found.growth.months, found.growth.parts) == ([], [])


# ── Months ──────────────────────────────────────────────────────────────────


def test_months_and_their_classes(user):
    added(user, 2026, 3, sample_class="kick")
    before = [("January 2026", "Jan", {}), ("February 2026", "Feb", {})]
    for _ in range(3):
        added(user, 2026, 5, sample_class="kick")
    added(user, 2026, 5, sample_class="")
    added(user, 2026, 6, sample_class="hat")
    found = months(user)
    assert [(month.label, month.short, month.classes) for month in found] == [
        *before,
        ("March 2026", "Mar", {"kick": 1}),
        ("April 2026", "Apr", {}),
        ("May 2026", "May", {"kick": 3, "": 1}),
        ("June 2026", "Jun", {"hat": 1}),
    ]


def test_what_is_older_than_a_year_is_one(user):
    added(user, 2020, 1)
    added(user, 2024, 12)
    added(user, 2025, 1)
    added(user, 2025, 12)
    found = months(user)
    assert len(found) == MOST + 1
    assert (found[0].label, found[0].short, found[0].count) == ("before January 2025", "…", 2)
    assert [month.count for month in found[1:]] == [1, *[0] * 10, 1]


@pytest.mark.parametrize("gap", [1, 2, 5])
def test_every_sound_is_in_its_month_however_many_are_gone_in_between(user, gap):
    rows = [added(user, 2026, 1 + number // 7) for number in range(40)]
    Sample.objects.filter(pk__in=[row.pk for row in rows[::gap]]).exclude(pk=rows[-1].pk).delete()
    left = Sample.objects.owned_by(user)
    assert [month.count for month in months(user)] == [
        left.filter(added_at__month=number).count() for number in range(1, 7)
    ]


def test_the_stacks_lie_on_each_other(user):
    for sample_class in ("kick", "kick", "hat", ""):
        added(user, 2026, 5, sample_class=sample_class)
    kick, hat, none = stats.stats(user).growth.parts
    assert (kick.name, hat.name, none.name) == ("kick", "hat", "")
    assert kick.y + kick.height == stats.HEIGHT
    assert hat.y + hat.height == kick.y
    assert none.y == 0
    growth = stats.stats(user).growth
    assert growth.table[-1] == ("May 2026", [2, 1, 1], 4)
    assert all(count == 0 for _, _, count in growth.table[:-1])
    assert growth.classes == [("kick", "Kick"), ("hat", "Hat"), ("", "No class")]
    assert growth.sentence == "4 sounds, all of them in May 2026."


def test_it_says_since_when_and_when_the_most(user):
    for month in (3, 5, 5):
        added(user, 2026, month)
    growth = stats.stats(user).growth
    assert growth.sentence == "3 sounds since March 2026, most in May 2026: 2."
    for _ in range(5):
        added(user, 2020, 1)
    Sample.objects.filter(owner=user).update(added_at=datetime(2026, 5, 1, tzinfo=UTC))
    assert stats.stats(user).growth.sentence == "8 sounds, all of them in May 2026."


def test_it_says_that_most_came_long_ago(user):
    for _ in range(3):
        added(user, 2020, 1)
    added(user, 2026, 5)
    assert stats.stats(user).growth.sentence == (
        "4 sounds, some of them before June 2025, most before June 2025: 3."
    )


# ── The page ────────────────────────────────────────────────────────────────


def test_every_plot_has_a_sentence_and_its_numbers(client, user):
    SampleFactory(owner=user, bpm=90, key="Am")
    page = client.get(URL).text
    pictures = re.findall(r'role="img"\s+aria-label="([^"]+)"', page)
    assert len(pictures) == 5
    assert all(words.endswith(".") for words in pictures)
    assert page.count("Show numbers") == 5
    assert 'href="/library/?key=Am"' in page


def test_the_page_of_an_empty_library(client):
    page = client.get(URL)
    assert "Nothing has been added yet." in page.text
    assert "style=" not in page.text


def test_as_many_queries_for_many_sounds_as_for_few(client, user, django_assert_max_num_queries):
    for number in range(30):
        added(user, 2026, 1 + number // 10, bpm=60 + number, seconds=1 + number)
    with django_assert_max_num_queries(30):
        client.get(URL)
