"""What the address of the library page means, and what its chips say."""

import pytest
from django.http import QueryDict

from kits.models import Pad
from library.models import Sample
from library.query import GROUPS, SORTS, Query
from tests.factories import KitFactory, SampleFactory

FULL = (
    "q=dusty+is%3Amono+pack%3Ax+licence%3Acc0&cls=break&cls=kick&kind=loop&key=Am&key=C&genre=Dub"
    "&tag=tape&tag=warm&fmt=wav&lo=84&hi=98.5&dmin=0.3&dmax=1&fav=1&fit=1&nobpm=1&oct=1"
    "&folder=Drums%2FTape&kit=unused&sort=bpm"
)


def found(user, text: str) -> set[str]:
    samples = Query.from_string(text).filter(Sample.objects.owned_by(user))
    return set(samples.values_list("title", flat=True))


def test_a_query_and_its_address_mean_the_same():
    query = Query.from_string(FULL)
    assert query.as_querystring() == FULL
    assert Query.parse(QueryDict(FULL)) == query
    assert query.is_filtered
    assert not Query().is_filtered
    assert Query().as_querystring() == ""


def test_every_group_can_be_opened_alone():
    query = Query.from_string(FULL + "&after=5")
    for group in GROUPS:
        assert query.is_active(group)
        opened = query.without(group)
        assert not opened.is_active(group)
        assert opened.after == ""
        assert all(opened.is_active(other) for other in GROUPS if other != group)


@pytest.mark.parametrize(
    "text",
    [
        "lo=abc&hi=&dmin=nan&dmax=inf", "lo=-3", "lo=1e999",
        "cls=none&fmt=exe&kind=no", "key=H&key=",
        "sort=random", "kit=perhaps", "fit=no", "after=", "q=%00", "folder=%00/", "tag=&genre=%20",
        "%ff=%ff&q=%ff%00",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_passed_over(text):
    query = Query.from_string(text)
    assert not query.is_filtered or query.q
    assert query.sort in SORTS


def test_values_are_read_the_way_people_write_them():
    query = Query.from_string("key=8A&key=a+minor&key=Gb&lo=84,5&cls=kick&cls=kick&tag=+x+")
    assert (query.keys, query.lo) == (("Am", "F#"), 84.5)
    assert (query.classes, query.tags) == (("kick",), ("x",))
    assert len(Query.from_string("&".join(f"tag={n}" for n in range(99))).tags) == 50
    assert len(Query.from_string("genre=" + "x" * 9000).genres[0]) == 500


def test_chips_say_what_is_on_and_lead_to_the_list_without_it():
    query = Query.from_string(FULL)
    chips = {chip.label: chip.without for chip in query.chips()}
    assert list(chips) == [
        "“dusty”", "Mono", "pack x", "licence cc0", "Favourites", "Breaks & loops",
        "Kicks", "Loops",
        "8A, 8B + fits", "84–98.5 BPM ½× 2× or none",
        "0.30 s–1.00 s", "Dub", "#tape", "#warm", "in Drums/Tape", "WAV", "Not on a pad",
    ]  # fmt: skip
    assert Query.from_string(chips["Kicks"]).classes == ("break",)
    assert Query.from_string(chips["#tape"]).tags == ("warm",)
    assert not Query.from_string(chips["Favourites"]).fav
    assert Query.from_string(chips["Mono"]) == query.without("state")
    assert Query.from_string(chips["8A, 8B + fits"]) == query.without("key")
    assert Query().chips() == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("lo=84", "from 84 BPM"),
        ("hi=98", "under 98 BPM"),
        ("dmin=4", "from 4.00 s"),
        ("dmax=0.3", "under 0.30 s"),
        ("dmin=75", "from 1:15"),
        ("key=Am", "8A"),
        ("kit=used", "On a pad"),
    ],
)
def test_one_sided_limits_are_said_so(text, label):
    assert [chip.label for chip in Query.from_string(text).chips()] == [label]


def test_the_words_of_one_group():
    query = Query.from_string(FULL)
    assert query.label_of("cls") == "Breaks & loops, Kicks"
    assert query.label_of("key") == "8A, 8B + fits"


@pytest.fixture
def shelf(user):
    """Fill a library in which each filter tells rows apart."""
    rows = [
        ("a", "kick", None, "Am", 0.2, "Dub", "", "wav", []),
        ("b", "break", 92.0, "C", 2.0, "", "X/Y", "wav", []),
        ("c", "", 120.0, "", None, "", "X", "wav", []),
        ("d", "bass", 84.0, "Em", 1.0, "", "Xy", "flac", ["tape"]),
    ]
    columns = ["title", "sample_class", "bpm", "key", "seconds"]
    columns += ["genre", "folder", "format", "tags"]
    for row in rows:
        SampleFactory(owner=user, **dict(zip(columns, row, strict=True)))
    Sample.objects.filter(title="a").update(is_favourite=True)
    Sample.objects.filter(title="b").update(is_loop=True)
    Sample.objects.filter(title="d").update(is_loop=None)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("", "abcd"),
        ("cls=kick", "a"),
        ("cls=kick&cls=bass", "ad"),
        ("key=Am", "a"),
        ("key=8A&fit=1", "abd"),
        ("lo=84&hi=98", "bd"),
        ("lo=84&hi=98&nobpm=1", "abd"),
        ("lo=100", "c"),
        ("hi=84", "d"),
        ("nobpm=1", "abcd"),
        ("lo=60&hi=60&oct=1", "c"),
        ("lo=46&hi=60&oct=1", "bc"),
        ("oct=1", "abcd"),
        ("fav=1", "a"),
        ("kind=loop", "b"),
        ("kind=loop&kind=oneshot", "abc"),
        ("dmin=1", "bd"),
        ("dmax=1", "a"),
        ("genre=Dub", "a"),
        ("tag=tape", "d"),
        ("tag=none", ""),
        ("folder=X", "bc"),
        ("folder=X/Y", "b"),
        ("fmt=flac", "d"),
        ("fmt=flac&cls=kick", ""),
    ],
)
def test_filters_let_the_right_rows_through(user, shelf, text, titles):
    assert found(user, text) == set(titles)


def test_sounds_on_pads(user, shelf):
    kit = KitFactory(owner=user)
    for number in (1, 2):
        sample = Sample.objects.get(title="a")
        Pad.objects.create(kit=kit, bank="A", number=number, sample=sample, title="a")
    assert found(user, "kit=used") == {"a"}
    assert found(user, "kit=unused") == {"b", "c", "d"}
