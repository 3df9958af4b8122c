"""The lamp in the face of every page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.timezone import now

from exports.context import READY_FOR, lamp, lamp_of
from library.jobs import State
from tests.factories import AnalysisFactory, ExportFactory, ExportItemFactory, SampleFactory

pytestmark = pytest.mark.django_db


def test_is_absent_when_nothing_lives(user, django_assert_max_num_queries):
    SampleFactory(owner=user)
    ExportFactory(owner=user, done=True, finished_at=now() - READY_FOR - timedelta(seconds=1))
    ExportFactory(owner=user, state=State.FAILED, finished_at=now())
    with django_assert_max_num_queries(2):
        assert lamp_of(user) is None


def test_shows_how_far_an_export_is(user, django_assert_max_num_queries):
    export = ExportFactory(owner=user, state=State.PROCESSING, sample_count=4)
    ExportItemFactory(export=export, state=State.FAILED)
    ExportItemFactory(export=export, state=State.COMPLETED)
    ExportItemFactory.create_batch(2, export=export)
    ExportFactory(owner=user, done=True)
    with django_assert_max_num_queries(2):
        shown = lamp_of(user)
    assert (shown.text, shown.is_alive) == ("Exporting 50 %", True)
    assert shown.url == f"/exports/{export.pk}/"


def test_says_that_the_disk_is_full(user):
    ExportFactory(owner=user, state=State.WAITING)
    shown = lamp_of(user)
    assert (shown.text, shown.look, shown.is_alive) == ("Waiting for disk space", "warn", True)


def test_says_that_an_export_is_ready(user):
    export = ExportFactory(owner=user, done=True)
    shown = lamp_of(user)
    assert (shown.text, shown.url, shown.is_alive) == (
        "Export ready",
        f"/exports/{export.pk}/",
        False,
    )


def test_shows_how_much_is_read(user, django_assert_max_num_queries):
    AnalysisFactory.create_batch(2, sample__owner=user, done=True)
    AnalysisFactory(sample__owner=user)
    AnalysisFactory(sample__owner=user, sample__trashed=True)
    ExportFactory(owner=user, done=True)
    with django_assert_max_num_queries(3):
        shown = lamp_of(user)
    assert (shown.text, shown.is_alive) == ("Reading 2 of 3", True)


def test_tells_nothing_of_others(user):
    ExportFactory(state=State.PROCESSING)
    AnalysisFactory()
    assert lamp_of(user) is None


def test_strangers_see_none(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    assert lamp(request) == {"lamp": None}
