"""Places to jump to in a long list, and lists that begin there."""

from datetime import UTC, datetime

import pytest

from library.listing import page
from library.marks import MOST, marks
from library.models import Sample
from library.query import SORTS, Query
from tests.factories import SampleFactory

HX = {"HX-Request": "true"}


@pytest.fixture
def shelf(user):
    rows = [
        ("amber", 92.0, 0.25, -30.0, "kick", datetime(2026, 1, 5, tzinfo=UTC)),
        ("Basalt", 97.5, 3.0, -12.0, "snare", datetime(2026, 1, 9, tzinfo=UTC)),
        ("coal", 140.0, 70.0, -9.5, "", datetime(2026, 3, 1, tzinfo=UTC)),
        ("clay", None, None, None, "kick", datetime(2026, 3, 1, 5, tzinfo=UTC)),
    ]
    for title, bpm, length, loudness, kind, moment in rows:
        SampleFactory(
            owner=user, title=title, bpm=bpm, seconds=length, loudness_lufs=loudness,
            sample_class=kind, added_at=moment,
        )  # fmt: skip


def jump(user, sort: str) -> dict[str, str]:
    """Return the places and the first row that the list has from there on."""
    places = marks(user, Query(sort=sort))
    found = [page(user, Query.from_string(mark.address)).rows for mark in places]
    return {
        mark.label: rows[0].title if rows else "" for mark, rows in zip(places, found, strict=True)
    }


@pytest.mark.parametrize(
    ("sort", "places"),
    [
        ("name", {"A": "amber", "B": "Basalt", "C": "clay"}),
        ("bpm", {"90": "amber", "140": "coal"}),
        ("length", {
            "0.50 s": "Basalt", "1.00 s": "Basalt", "2.00 s": "Basalt", "4.00 s": "coal",
            "8.00 s": "coal", "16.00 s": "coal", "30.00 s": "coal", "1:00": "coal",
        }),
        ("loudness", {
            "−30": "amber", "−27": "Basalt", "−24": "Basalt", "−21": "Basalt", "−18": "Basalt",
            "−15": "Basalt", "−12": "Basalt",
        }),
        ("class", {"Kick": "amber", "Snare": "Basalt"}),
        ("newest", {"Mar 2026": "clay", "Jan 2026": "Basalt"}),
        ("oldest", {"Jan 2026": "amber", "Mar 2026": "coal"}),
    ],
)  # fmt: skip
def test_each_order_has_its_own_places(user, shelf, sort, places):
    assert jump(user, sort) == places


def test_days_of_one_month_and_hours_of_one_day(user, shelf):
    Sample.objects.exclude(title__in=["amber", "Basalt"]).delete()
    assert jump(user, "oldest") == {"5 Jan": "amber", "9 Jan": "Basalt"}
    Sample.objects.filter(title="amber").delete()
    assert list(jump(user, "newest")) == ["9 Jan 00:00"]


@pytest.mark.parametrize("sort", SORTS)
def test_an_empty_list_has_no_places(user, sort):
    assert marks(user, Query(sort=sort)) == []


def test_many_places_are_thinned_out(user):
    for number in range(MOST + 5):
        SampleFactory(owner=user, title=chr(0x4E00 + number))
    assert len(marks(user, Query(sort="name"))) <= MOST


def test_places_keep_the_search(user, shelf, client):
    answer = client.get("/library/jumps/?sort=name&cls=kick")
    address = "/library/?cls=kick&amp;sort=name&amp;after=0~a"
    assert f'href="{address}"' in answer.text.replace("%7E", "~")
    assert ">B<" not in answer.text


def test_a_list_that_begins_in_the_middle_says_so(user, shelf, client):
    whole = client.get("/library/?sort=name&after=0~b")
    assert 'data-total="4"' in whole.text
    assert "Show from the start" in whole.text
    assert 'data-title="amber"' not in whole.text
    assert 'data-title="Basalt"' in whole.text
    part = client.get("/library/?sort=name&after=0~b", headers=HX | {"HX-Target": "results"})
    assert 'id="rows"' in part.text
    assert part["HX-Push-Url"].replace("%7E", "~") == "/library/?sort=name&after=0~b"
    more = client.get("/library/?sort=name&after=0~b", headers=HX | {"HX-Target": "more-rows"})
    assert 'id="rows"' not in more.text
    assert "before this place" in client.get("/library/?sort=name&after=0~zz").text


def test_a_list_comes_back_as_long_as_it_was(user, client):
    for number in range(70):
        SampleFactory(owner=user, title=f"t{number:02}")
    assert client.get("/library/?rows=70").text.count("data-sample-id") == 70
    for nonsense in ("7", "x", "-1", ""):
        assert client.get(f"/library/?rows={nonsense}").text.count("data-sample-id") == 60


def test_places_are_in_the_time_zone_of_the_installation(user, settings):
    """Late on the last of January in UTC it is February in Auckland already, and back in time."""
    for title, moment in [
        ("amber", datetime(2026, 1, 31, 10, 59, tzinfo=UTC)),  # 23:59 on the 31st
        ("basalt", datetime(2026, 1, 31, 11, 0, tzinfo=UTC)),  # 0:00 on the 1st of February
        ("coal", datetime(2026, 2, 3, 12, 0, tzinfo=UTC)),
    ]:
        SampleFactory(owner=user, title=title, added_at=moment)
    assert jump(user, "oldest") == {"Jan 2026": "amber", "Feb 2026": "coal"}
    settings.TIME_ZONE = "Pacific/Auckland"
    assert jump(user, "oldest") == {"Jan 2026": "amber", "Feb 2026": "basalt"}
    assert jump(user, "newest") == {"Feb 2026": "coal", "Jan 2026": "amber"}
    Sample.objects.filter(title="amber").delete()
    assert jump(user, "oldest") == {"1 Feb": "basalt", "4 Feb": "coal"}


def test_hours_of_a_zone_between_whole_hours(user, settings):
    settings.TIME_ZONE = "Asia/Kolkata"
    for title, minute in (("amber", 29), ("basalt", 30), ("coal", 59)):
        moment = datetime(2026, 1, 9, 5, minute, tzinfo=UTC)
        SampleFactory(owner=user, title=title, added_at=moment)
    assert jump(user, "oldest") == {"9 Jan 10:00": "amber", "9 Jan 11:00": "basalt"}
    assert jump(user, "newest") == {"9 Jan 11:00": "coal", "9 Jan 10:00": "amber"}
