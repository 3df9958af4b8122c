"""Find samples by words: the query language of the search field, and its full-text index.

The only module with SQL of its own. On SQLite the words stand in an FTS5 index beside the table,
kept by triggers; other databases look into `Sample.search_text` itself. Both give the same rows
(`tests/library/test_search.py` compares them).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from library.audio import names
from library.models import Sample

LONGEST_QUERY = 200  # characters; the rest is not looked at
MOST_TERMS = 12
NARROW_LETTERS = 3

SYNONYMS = [
    {"kick", "bd", "bassdrum"},
    {"snare", "snr", "sd"},
    {"hat", "hh", "hihat"},
    {"vox", "vocal", "voice"},
    {"loop", "break"},
]
_GROUP_OF = {word: group for group in SYNONYMS for word in group}

_TERM = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<plain>[^\s"]+))')
_WORD = re.compile(r"[^\W_]+")

_CREATE = """CREATE VIRTUAL TABLE IF NOT EXISTS library_search USING fts5(
    search_text, content='library_sample', content_rowid='id', prefix='2 3',
    tokenize='unicode61 remove_diacritics 2')"""
_FORGET = """INSERT INTO library_search(library_search, rowid, search_text)
    VALUES ('delete', old.id, old.search_text);"""
_LEARN = "INSERT INTO library_search(rowid, search_text) VALUES (new.id, new.search_text);"
_FILL = "INSERT INTO library_search(library_search) VALUES ('rebuild')"
_FIND = "SELECT rowid FROM library_search WHERE library_search MATCH %s"
_TRIGGERS = {
    "library_search_insert": f"AFTER INSERT ON library_sample BEGIN {_LEARN} END",
    "library_search_delete": f"AFTER DELETE ON library_sample BEGIN {_FORGET} END",
    "library_search_update": (
        "AFTER UPDATE OF search_text ON library_sample "
        f"WHEN old.search_text IS NOT new.search_text BEGIN {_FORGET} {_LEARN} END"
    ),
}


@dataclass(frozen=True)
class Term:
    """One thing asked for: words in a row, the last perhaps only begun, or any of its synonyms."""

    words: tuple[str, ...]
    is_begun: bool = True
    is_excluded: bool = False

    @property
    def others(self) -> list[str]:
        """Return the synonyms of a single word, in a fixed order."""
        return sorted(synonyms(self.words[0])) if len(self.words) == 1 else []


def synonyms(word: str) -> set[str]:
    """Return the other words for the same thing, of its plural as well."""
    group = _GROUP_OF.get(word) or _GROUP_OF.get(word.removesuffix("s")) or set()
    return group - {word}


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, without accents and signs."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _WORD.findall(plain.casefold())


def parse(text: str) -> list[Term]:
    """Read what a person typed: words, `-word`, `"two words"`. Anything may be typed."""
    return list(_terms(text[:LONGEST_QUERY]))[:MOST_TERMS]


def _terms(text: str) -> Iterator[Term]:
    for match in _TERM.finditer(text):
        excluded = bool(match["no"])
        if match["phrase"] is not None:
            found = tuple(words(match["phrase"]))
            if found:
                yield Term(found, is_begun=not match["end"], is_excluded=excluded)
        elif excluded:
            found = tuple(words(match["plain"]))
            if found:
                yield Term(found, is_excluded=True)
        else:
            yield from (Term((word,)) for word in words(match["plain"]))


def is_narrow(text: str) -> bool:
    """Tell whether a query asks for so much that few rows can match: a word of three letters."""
    wanted = (term for term in parse(text) if not term.is_excluded)
    return any(len(word) >= NARROW_LETTERS for term in wanted for word in term.words)


def matching(samples: "QuerySet[Sample]", text: str) -> "QuerySet[Sample]":
    """Return those of the samples that have all the words asked for and none of the excluded."""
    terms = parse(text)
    if connection.vendor != "sqlite":
        return containing(samples, terms)
    wanted = [term for term in terms if not term.is_excluded]
    if wanted:
        samples = samples.filter(pk__in=_rows(" AND ".join(map(_match, wanted))))
    for term in terms:
        if term.is_excluded:
            samples = samples.exclude(pk__in=_rows(_match(term)))
    return samples


def in_a_row(text: str) -> Q:
    """Return a quick test for these words in a row; an open one where no index tells."""
    found = words(text)
    if connection.vendor != "sqlite" or not found:
        return Q()
    return Q(pk__in=_rows(_match(Term(tuple(found), is_begun=False))))


def _rows(match: str) -> RawSQL:
    return RawSQL(_FIND, [match])  # noqa: S611 - the query is a parameter


def _match(term: Term) -> str:
    """Write a term as FTS5 reads it; words hold only letters and digits: nothing to escape."""
    asked = f'"{" ".join(term.words)}"' + ("*" if term.is_begun else "")
    return "(" + " OR ".join([asked, *(f'"{word}"' for word in term.others)]) + ")"


def containing(samples: "QuerySet[Sample]", terms: Iterable[Term]) -> "QuerySet[Sample]":
    """Do what `matching` does with any database; search_text begins and ends with a space."""
    for term in terms:
        asked = " " + " ".join(term.words) + ("" if term.is_begun else " ")
        found = Q(search_text__contains=asked)
        for word in term.others:
            found |= Q(search_text__contains=f" {word} ")
        samples = samples.exclude(found) if term.is_excluded else samples.filter(found)
    return samples


def text_of(sample: Sample, tags: Iterable[str]) -> str:
    """Return all words by which a sample can be found, between spaces."""
    named = [sample.title, sample.original_name, sample.folder, *tags, sample.genre]
    if sample.sample_class:
        named += [sample.class_word, sample.get_sample_class_display()]
    found = [word for text in named for word in words(text)]
    parts = [part for text in named for part in names.tokens(text)]  # "BigKick07" is also "kick"
    known = set(found)
    return " " + " ".join([*found, *dict.fromkeys(p for p in parts if p not in known)]) + " "


def refresh(ids: Iterable[int]) -> None:
    """Write the words of these samples anew, after anything they are made of has changed."""
    rows = Sample.objects.filter(pk__in=list(ids)).prefetch_related("tags")
    rows = rows.only("title", "original_name", "folder", "genre", "sample_class", "search_text")
    changed = [
        (text, sample.pk)
        for sample in rows
        if (text := text_of(sample, [tag.name for tag in sample.tags.all()])) != sample.search_text
    ]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE library_sample SET search_text = %s WHERE id = %s", changed)


def install(database: BaseDatabaseWrapper, *, anew: bool = False) -> None:
    """Make the index and its triggers where they are missing, and fill it then."""
    if database.vendor != "sqlite":
        return
    with transaction.atomic(using=database.alias), database.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'library_search%%'")
        known = {name for (name,) in cursor.fetchall()}
        if not anew and known.issuperset({"library_search", *_TRIGGERS}):
            return
        cursor.execute(_CREATE)
        for name, what in _TRIGGERS.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {what}")
        cursor.execute(_FILL)


def remove(database: BaseDatabaseWrapper) -> None:
    """Take the index and its triggers away."""
    if database.vendor != "sqlite":
        return
    with database.cursor() as cursor:
        for name in _TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute("DROP TABLE IF EXISTS library_search")


def mend(**signal: Any) -> None:
    """Put the index right after a migration.

    Where Django changes a column on SQLite it copies the table, and the triggers go with the old
    one. Connected to `post_migrate`.
    """
    from django.db import connections

    database = connections[signal["using"]]
    if Sample._meta.db_table in database.introspection.table_names():
        install(database)
