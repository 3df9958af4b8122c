"""Rows from before sources were kept say afterwards who knew what they hold."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from library.models import Sample
from tests.factories import SampleFactory

pytestmark = pytest.mark.django_db
migration = import_module("library.migrations.0016_who_said_what_is_known")
PREFIXES = ("class", "bpm", "key", "kind")


class Editor:
    """What the migration needs of a schema editor."""

    connection = connection


def said(sample) -> dict[str, tuple]:
    sample.refresh_from_db()
    marks = ("source", "guessed", "confidence")
    return {
        prefix: tuple(getattr(sample, f"{prefix}_{mark}") for mark in marks) for prefix in PREFIXES
    }


def test_guesses_were_names_and_all_else_a_persons_word():
    guessed = SampleFactory(loop=True, guessed=True, key="Am")
    told = SampleFactory(loop=True, key="Am")  # as the demo crate's
    nothing = SampleFactory(sample_class="", is_loop=None)
    mixed = SampleFactory(sample_class="bass", bpm=92, bpm_guessed=True, is_loop=True)
    by_hand = SampleFactory(sample_class="bass", class_guessed=True, is_loop=True)
    newer = SampleFactory(bpm=92, bpm_source="audio", bpm_confidence=0.7, is_loop=None)
    migration.say(apps, Editor)
    assert set(said(guessed).values()) == {("name", True, None)}
    assert set(said(told).values()) == {("person", False, 1.0)}
    assert set(said(nothing).values()) == {("", False, None)}
    assert said(mixed) == {
        "class": ("person", False, 1.0),
        "bpm": ("name", True, None),
        "key": ("", False, None),
        "kind": ("name", True, None),
    }
    assert said(by_hand)["kind"] == ("person", False, 1.0)
    assert said(newer)["bpm"] == ("audio", False, 0.7)


def test_it_can_be_taken_back():
    sample = SampleFactory(loop=True, guessed=True, key="Am")
    migration.say(apps, Editor)
    migration.unsay(apps, Editor)
    assert said(sample)["kind"] == ("", False, None)
    assert said(sample)["bpm"] == ("", True, None)


def test_a_library_without_sounds_is_no_fault():
    migration.say(apps, Editor)
    assert not Sample.objects.exists()
