"""Finding by words: the query language, hostile input, and that both ways give the same rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library import search
from library.models import Sample
from tests.factories import SampleFactory, UserFactory

QUERIES = [
    "kick", "snr pap", "pap snr", "papercut", "-kick", "snare -tape", '"dusty kick"', '"dusty ki',
    '"kick dusty"', "bd", "SNARE", "sd", "hh", "hihats", "vocal", "loop", "loops", "808", "7",
    "café", "cafe", "CAFÉ", "tape", "drums", "boom bap", "effekt", "ü", "bigkick", "big", "kick07",
    "a-b", "-", '"', '""', "-\"dusty kick\"", "-hh", "snare OR kick", "NEAR(a b)", "kick*", "*",
    "wav", "нота", "ドラム", "no_such_word", "кик -нота", "^kick", "title:kick", "kick AND -tape",
]  # fmt: skip


def keep(**known) -> Sample:
    sample = SampleFactory(**known)
    search.refresh([sample.pk])
    sample.refresh_from_db()
    return sample


@pytest.fixture
def shelf(user) -> dict[str, Sample]:
    """Return a small library by title."""
    rows = [
        {"title": "snr_papercut", "sample_class": "snare"},
        {"title": "kick_dusty_07", "folder": "Drums/Tape", "sample_class": "kick"},
        {"title": "dusty kick", "sample_class": "kick", "genre": "Boom bap"},
        {"title": "Café Loop", "sample_class": "break", "tags": ["vinyl", "tape"]},
        {"title": "VPBigKick07", "sample_class": ""},
        {"title": "oh_tight", "sample_class": "hat"},
        {"title": "нота", "sample_class": "keys"},
        {"title": "ドラム", "sample_class": ""},
        {"title": "stay_a_while", "sample_class": "vocal"},
        {"title": "sweep", "sample_class": "fx"},
    ]
    return {
        row["title"]: keep(owner=user, original_name=f"{row['title']}.wav", **row) for row in rows
    }


def titles(text: str) -> set[str]:
    return set(search.matching(Sample.objects.all(), text).values_list("title", flat=True))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("snr pap", {"snr_papercut"}),
        ("snare pap", {"snr_papercut"}),
        ("kick", {"kick_dusty_07", "dusty kick", "VPBigKick07"}),
        ("ki du", {"kick_dusty_07", "dusty kick"}),
        ("bd", {"kick_dusty_07", "dusty kick", "VPBigKick07"}),
        ('"dusty kick"', {"dusty kick"}),
        ('"dusty ki', {"dusty kick"}),
        ('"dusty ki"', set()),
        ("dusty -boom", {"kick_dusty_07"}),
        ('dusty -"dusty kick"', {"kick_dusty_07"}),
        ("tape", {"kick_dusty_07", "Café Loop"}),
        ("cafe", {"Café Loop"}),
        ("CAFÉ", {"Café Loop"}),
        ("hh", {"oh_tight"}),
        ("vox", {"stay_a_while"}),
        ("effect", {"sweep"}),
        ("нот", {"нота"}),
        ("ドラ", {"ドラム"}),
        ("no such", set()),
    ],
)
def test_people_find_what_they_mean(shelf, text, found):
    assert titles(text) == found


def test_nothing_to_look_for_finds_everything(shelf):
    for text in ("", "  ", "-", '""', "-- !!", "🥁"):
        assert titles(text) == set(shelf)


@pytest.mark.parametrize("text", QUERIES)
def test_the_index_and_the_table_give_the_same_rows(shelf, text):
    found = search.containing(Sample.objects.all(), search.parse(text))
    assert titles(text) == set(found.values_list("title", flat=True))


def test_another_database_looks_into_the_table(shelf, monkeypatch):
    monkeypatch.setattr(connection, "vendor", "postgresql")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert titles("snr pap") == {"snr_papercut"}
    assert "MATCH" not in captured[0]["sql"]
    search.install(connection, anew=True)
    search.remove(connection)
    assert titles("kick") == {"kick_dusty_07", "dusty kick", "VPBigKick07"}


@pytest.mark.parametrize(
    "text",
    [
        '"', '"""', "'", "' OR 1=1 --", "kick\0", "\0", "a" * 10_000, '"' * 10_000, "- " * 5000,
        "(kick", "kick)", "AND", "OR NOT", "NEAR(", "{a b}: c", "*", "^", "%", "_", "\\", "\ud800",
        "kick; DROP TABLE library_sample", "-" * 10_000, "\u202e", "a\nb", "a:b", '-"',
    ],
)  # fmt: skip
def test_nothing_that_can_be_typed_is_an_error(shelf, text):
    assert titles(text) <= set(shelf)


@pytest.mark.parametrize(
    ("text", "is_narrow"), [("snr", True), ("sn", False), ("-snare", False), ("k pap", True)]
)
def test_what_can_match_many_rows_is_known_beforehand(text, is_narrow):
    assert search.is_narrow(text) is is_narrow


def test_a_query_has_its_limits():
    assert len(search.parse("a b c d e f g h i j k l m n o p")) == search.MOST_TERMS
    assert len(search.parse("x" * 10_000)[0].words[0]) == search.LONGEST_QUERY


def test_the_index_follows_the_rows(shelf):
    Sample.objects.filter(title="sweep").update(search_text=" renamed ")
    assert titles("renamed") == {"sweep"}
    assert titles("sweep") == set()
    Sample.objects.filter(title="sweep").delete()
    assert titles("renamed") == set()


def test_refresh_writes_only_what_has_changed(shelf):
    ids = [sample.pk for sample in shelf.values()]
    search.refresh(ids)
    with CaptureQueriesContext(connection) as captured:
        search.refresh(ids)
    assert not [query for query in captured if query["sql"].startswith("UPDATE")]


def test_an_index_that_lost_its_triggers_is_mended(shelf):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER library_search_update")
    Sample.objects.filter(title="sweep").update(search_text=" renamed ")
    assert titles("renamed") == set()
    search.mend(using="default")
    assert titles("renamed") == {"sweep"}


def test_the_index_can_be_taken_away_and_made_again(shelf):
    search.remove(connection)
    search.remove(connection)
    search.install(connection)
    assert titles("papercut") == {"snr_papercut"}


def test_before_there_is_a_table_there_is_nothing_to_mend(db, monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", list)
    monkeypatch.setattr(search, "install", None)
    search.mend(using="default")


def test_words_are_those_of_all_that_a_person_sees(user):
    sample = keep(
        owner=user, title="Ab_c", original_name="Ab-c.WAV", folder="X y", genre="Dub", tags=["t-1"]
    )
    assert sample.search_text == " ab c ab c wav x y t 1 dub kick kicks "


def test_two_people_share_the_index_and_not_the_rows(shelf):
    other = UserFactory()
    keep(owner=other, title="snr_papercut")
    found = search.matching(Sample.objects.owned_by(other), "papercut")
    assert [sample.owner for sample in found] == [other]
