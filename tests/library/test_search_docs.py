"""docs/search.md names every filter there is, and each of its examples is one."""

import re
from pathlib import Path

from django.conf import settings

from library import search, typed

TEXT = (Path(settings.BASE_DIR) / "docs/search.md").read_text()
ROWS = dict(re.findall(r"^\| (`\w+:`[^|]*)\| (.*) \|$", TEXT, re.MULTILINE))
SHORT = {"length", "class", "format", "license"}  # other spellings


def test_every_filter_is_told():
    names = {name for head in ROWS for name in re.findall(r"(\w+):", head)}
    assert names == set(typed.READERS) - SHORT


def test_every_value_that_is_told_is_one():
    for head, told in ROWS.items():
        for name in re.findall(r"(\w+):", head):
            for value in re.findall(r"`([^`]+)`", told):
                (part,) = typed.parts(f"{name}:{value}")
                assert part.test is not None, part.text


def test_every_state_and_format_is_told():
    states = re.findall(r"`(\w+)`", ROWS["`is:` "])
    assert {typed.STATES[word].label for word in states if word in typed.STATES} == {
        meaning.label for meaning in typed.STATES.values()
    }
    assert set(re.findall(r"`(\w+)`", ROWS["`fmt:` "])) == set(typed.FORMAT_NAMES.values())


def test_every_synonym_is_told():
    for group in search.SYNONYMS:
        assert all(f"`{word}`" in TEXT for word in group), group
