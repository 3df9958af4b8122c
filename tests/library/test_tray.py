"""The tray: what came in, what is still to be read, what went wrong, and when it closes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from library import imports
from library.jobs import State
from library.models import Analysis, Import
from library.tray import dismiss, tray
from tests.factories import AnalysisFactory, ImportFactory, ImportProblemFactory, SampleFactory


def analysis(user, **more):
    return AnalysisFactory(sample=SampleFactory(owner=user), **more)


def test_without_imports_there_is_no_tray(user):
    shown = tray(user)
    assert not shown.is_shown
    assert not shown.is_active
    assert shown.percent == 100


def test_it_counts_what_is_read_and_what_is_to_come(user, stranger):
    ImportFactory(owner=user, total=10, position=6, added=4, duplicates=2)
    for number in range(4):
        analysis(user, done=number < 3)
    analysis(stranger)
    shown = tray(user)
    assert (shown.added, shown.duplicates) == (4, 2)
    assert (shown.read, shown.total, shown.arriving) == (3, 4, 4)
    assert shown.percent == 37
    assert shown.is_active
    assert shown.is_shown


def test_it_rests_when_all_is_read(user):
    ImportFactory(owner=user, total=2, position=2, added=2)
    for _ in range(2):
        analysis(user, done=True)
    shown = tray(user)
    assert not shown.is_active
    assert shown.is_shown
    assert shown.percent == 100


def test_analyses_without_a_batch_are_shown_too(user):
    analysis(user)
    shown = tray(user)
    assert (shown.total, shown.read) == (1, 0)
    assert shown.is_active


def test_an_upload_that_fell_silent_does_not_keep_it_going(user):
    ImportFactory(owner=user, total=10, position=6, touched_at=now() - timedelta(seconds=30))
    assert tray(user).arriving == 0


@pytest.mark.parametrize(("state", "arriving"), [(State.PENDING, 1), (State.COMPLETED, 0)])
def test_a_pack_is_active_until_its_worker_is_done(user, state, arriving):
    old = now() - timedelta(days=1)
    ImportFactory(owner=user, kind=Import.Kind.PACK, state=state, touched_at=old)
    shown = tray(user)
    assert shown.arriving == arriving
    assert shown.is_shown == bool(arriving)


def test_it_lists_problems_in_words_and_skipped_files_apart(user, stranger):
    batch = ImportFactory(owner=user)
    ImportProblemFactory(batch=batch, name="a.wav", message="a.wav could not be read: no.")
    ImportProblemFactory(batch=batch, name="x/n.pdf", message="n.pdf is not a sound. Skipped.")
    ImportProblemFactory(batch=ImportFactory(owner=stranger))
    ImportFactory(owner=user, kind="pack", state=State.FAILED, error="p.zip contains no sounds.")
    analysis(user, state=State.FAILED, error="b.wav could not be read.", finished_at=now())
    analysis(user, state=State.FAILED, error="old", finished_at=now() - timedelta(days=1))
    analysis(stranger, state=State.FAILED, error="theirs", finished_at=now())
    shown = tray(user)
    assert shown.problems == [
        "a.wav could not be read: no.",
        "p.zip contains no sounds.",
        "b.wav could not be read.",
    ]
    assert shown.not_sounds == ["x/n.pdf"]


def test_closing_it_hides_what_has_ended(user, stranger):
    ImportFactory(owner=user)
    running = ImportFactory(owner=user, kind=Import.Kind.PACK)
    ImportFactory(owner=user, kind=Import.Kind.PACK, state=State.FAILED, error="x")
    theirs = ImportFactory(owner=stranger)
    dismiss(user)
    assert tray(user).batches == [running]
    assert tray(stranger).batches == [theirs]


def test_it_asks_a_fixed_number_of_questions(user):
    for _ in range(5):
        ImportProblemFactory(batch=ImportFactory(owner=user))
        analysis(user)
    with CaptureQueriesContext(connection) as captured:
        tray(user)
    assert len(captured) == 5


def test_what_the_views_use_is_one_module(user):
    assert imports.tray is tray
    assert imports.dismiss is dismiss
    assert Analysis.objects.count() == 0
