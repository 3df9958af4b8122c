"""Filters typed among the words of a search: what each lets through, and what its chip says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kits.models import Pad
from library import search
from library.models import Pack, Sample
from library.query import GROUPS, Query
from library.typed import MOST_FILTERS, READERS, parts
from tests.factories import KitFactory, SampleFactory

COLUMNS = ["title", "sample_class", "bpm", "key", "seconds", "folder", "format", "tags", "is_loop"]


@pytest.fixture
def shelf(user):
    """Fill a library in which each filter tells rows apart."""
    rows = [
        ("a", "kick", None, "Am", 0.2, "Drums/Tape", "wav", ["tape"], False),
        ("b", "break", 92.0, "C", 2.0, "Loops", "aiff", ["tape", "two words"], True),
        ("c", "", 46.0, "", 5.0, "", "flac", [], True),
        ("d", "bass", 184.3, "Em", 0.9, "Old/drums/tape/x", "m4a", [], False),
        ("e", "snare", 95.5, "F#", 60.0, "Drums/Tapestop", "mp3", [], None),
    ]
    for row in rows:
        SampleFactory(owner=user, **dict(zip(COLUMNS, row, strict=True)))
    pack = Pack.objects.create(owner=user, name="Basement Breaks", licence="CC BY 4.0")
    Sample.objects.filter(title="a").update(is_favourite=True, channels=2, licence="CC0")
    Sample.objects.filter(title="b").update(pack=pack, key_guessed=True)
    Sample.objects.filter(title="c").update(is_missing=True, pack=pack, licence="Own words")
    second = Pack.objects.create(owner=user, name='Basement Breaks (2) "live"')
    Sample.objects.filter(title="d").update(pack=second)
    kit = KitFactory(owner=user)
    Pad.objects.create(kit=kit, bank="A", number=1, sample=Sample.objects.get(title="d"), title="d")
    search.refresh(Sample.objects.values_list("pk", flat=True))


def found(user, text: str) -> str:
    samples = Query(q=text).filter(Sample.objects.owned_by(user))
    return "".join(sorted(samples.values_list("title", flat=True)))


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("bpm:92", "b"), ("bpm:92.0", "b"), ("bpm:184", "d"), ("bpm:90-100", "be"),
        ("bpm:90–100", "be"), ("bpm:90..100", "be"), ("bpm:100-", "d"), ("bpm:-50", "c"),
        ("bpm:>95", "de"), ("bpm:>=92", "bde"), ("bpm:<92", "bc"), ("bpm:46,92", "bc"),
        ("bpm:none", "a"), ("-bpm:90-100", "acd"), ("BPM:92", "b"),
        ("key:8A", "a"), ("key:am", "a"), ("key:Am", "a"), ("key:8A+", "abd"), ("key:8A,2B", "ae"),
        ("key:none", "c"), ("-key:8A+", "ce"),
        ("len:<1", "ad"), ("len:<1s", "ad"), ("len:1-4", "b"), ("len:<300ms", "a"),
        ("len:>4", "ce"),
        ("len:2", "b"), ("length:100-300ms", "a"),
        ("tag:tape", "ab"), ("tag:#TAPE", "ab"), ('tag:"two words"', "b"), ("-tag:tape", "cde"),
        ("tag:tape tag:two", ""), ("tag:none", ""),
        ("cls:kick", "a"), ("class:bd", "a"), ("cls:snares,kick", "ae"), ("cls:none", "c"),
        ("is:kick", "a"), ("is:loop", "bc"), ("is:oneshot", "ad"), ("is:one-shot", "ad"),
        ("-is:loop", "ade"), ("is:used", "d"), ("is:unused", "abce"), ("-is:used", "abce"),
        ("is:favourite", "a"), ("is:favorite", "a"), ("is:guess", "b"), ("is:missing", "c"),
        ("is:stereo", "a"), ("is:mono", "bcde"), ("is:loop is:missing", "c"),
        ("folder:Drums/Tape", "ad"), ("folder:tape", "ad"), ("folder:/Loops/", "b"),
        ("-folder:drums", "bc"),
        ("fmt:wav", "a"), ("fmt:aif", "b"), ("format:mp4", "d"), ("fmt:wav,flac", "ac"),
        ("pack:basement", "bcd"), ('pack:"Basement', "bcd"), ('pack:"Basement Breaks', "bcd"),
        ('pack:"basement breaks"', "bc"), ('-pack:"Basement Breaks"', "ade"),
        ('pack:"Basement"', ""), ('pack:"Basement Breaks (2) live"', "d"),
        ("licence:cc", "ab"), ("license:own", "c"),
        ("kick bpm:none", "a"), ("bpm:90-100 snare -tag:tape", "e"),
    ],
)  # fmt: skip
def test_each_filter_lets_the_right_rows_through(user, shelf, text, titles):
    assert found(user, text) == titles
    assert all(part.test is not None for part in parts(text) if ":" in part.text)


@pytest.mark.parametrize(
    "text",
    [
        "bpm:fast", "bpm:", "bpm:-", "bpm:100-90", "bpm:90,", "bpm:1e5", "key:H", "key:+",
        "len:long", "cls:tree", "is:blue", "is:loop,kick", "fmt:exe", "folder:/",
        "tag:#", "nothing:here",
        "12:30", ":", "-:", 'bpm:"', '"bpm:92"', "bpm:٣", "len:٩ms", "http://x.y/z",
    ],
)  # fmt: skip
def test_what_is_no_filter_is_searched_for_as_words(user, shelf, text):
    assert [part.group for part in parts(text)] == ["q"] * len(parts(text))
    assert Query(q=text).words == " ".join(part.text for part in parts(text))
    assert isinstance(found(user, text), str)


@given(st.text(st.sampled_from('abkey:bpm len-tag,"<>.+ 0128A\x00é٣')))
def test_anything_may_be_typed(text):
    query = Query(q=text)
    assert Query.from_string(query.as_querystring()) is not None
    assert " ".join(part.text for part in query.parts).split() == text[:200].split() or '"' in text
    assert all(chip.label for chip in query.chips())
    assert {part.group for part in query.parts} <= set(GROUPS)


def test_more_filters_than_anybody_types_are_words():
    text = " ".join(f"bpm:{number}" for number in range(90, 90 + MOST_FILTERS + 1))
    assert [part.group for part in parts(text)] == ["tempo"] * MOST_FILTERS + ["q"]


def test_every_filter_belongs_to_a_group_of_the_page():
    typed = (
        "bpm:92 key:8A len:1 tag:a cls:kick is:loop is:fav is:used is:mono folder:a fmt:wav pack:a"
    )
    groups = {part.group for part in parts(typed)} | {parts("licence:a")[0].group}
    assert groups == set(GROUPS) - {"q", "genre"}
    assert {name.rstrip(":") for name in READERS} >= {"bpm", "key", "len", "tag", "is", "folder"}


def test_chips_say_what_was_typed_and_take_it_out():
    text = 'dusty bpm:90-100 "two words" -tag:tape key:8A+ len:<1 is:loop bpm:>80 len:200-300ms'
    query = Query.from_string("q=" + text.replace("+", "%2B"))
    chips = {chip.label: chip.without for chip in query.chips()}
    assert list(chips) == [
        '“dusty "two words"”', "90–100 BPM", "not #tape", "8A + fits", "under 1 s", "Loops",
        "from 80 BPM", "200–300 ms",
    ]  # fmt: skip
    left = Query.from_string(chips["not #tape"])
    assert left.q == text.replace("-tag:tape ", "")
    words = Query.from_string(chips['“dusty "two words"”'])
    assert (words.words, len(words.parts)) == ("", 7)
    labels = {"bpm:-90": "up to 90 BPM", "bpm:92": "92 BPM", "bpm:90-": "from 90 BPM"}
    for typed, label in labels.items():
        assert [chip.label for chip in Query(q=typed).chips()] == [label]


def test_a_group_is_opened_in_the_panel_and_in_what_is_typed():
    query = Query.from_string("q=snr+bpm:92+is:loop&lo=80&hi=100&cls=snare")
    assert query.without("tempo") == Query.from_string("q=snr+is:loop&cls=snare")
    only_the_panel = {chip.label: chip.without for chip in query.chips()}["80–100 BPM"]
    assert Query.from_string(only_the_panel) == Query.from_string("q=snr+bpm:92+is:loop&cls=snare")
    assert query.label_of("tempo") == "92 BPM, 80–100 BPM"


@pytest.mark.parametrize("text", ["q=bpm:92&oct=1", "lo=91&hi=93&oct=1"])
def test_half_and_double_tempos(user, shelf, text):
    query = Query.from_string(text)
    found = query.filter(Sample.objects.owned_by(user)).values_list("title", flat=True)
    assert set(found) == {"b", "c", "d"}
    assert query.chips()[0].label.endswith(" BPM ½× 2×")
    assert Query.from_string(query.as_querystring()) == query
