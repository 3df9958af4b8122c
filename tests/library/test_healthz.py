"""The health page: what a monitor asks, without a login and without telling paths."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils.timezone import now

from library.models import Analysis, WorkerBeat
from tests.factories import AnalysisFactory

pytestmark = pytest.mark.django_db


def beat(age=0):
    WorkerBeat.objects.create(name="pool", beat_at=now() - timedelta(seconds=age))


def test_all_is_well(anonymous):
    beat()
    answer = anonymous.get("/healthz")
    assert answer.status_code == 200
    state = answer.json()
    assert state.pop("free_bytes") > 0
    assert state == {"ok": True, "database": True, "workers": True, "oldest_ready_seconds": None}


def test_workers_without_a_sign_of_life_are_reported(anonymous):
    beat(age=60)
    answer = anonymous.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["workers"] is False


def test_the_longest_wait_is_told(anonymous):
    beat()
    AnalysisFactory()
    AnalysisFactory(done=True)
    Analysis.objects.update(queued_at=now() - timedelta(seconds=90))
    assert anonymous.get("/healthz").json()["oldest_ready_seconds"] in (90, 91)


def test_a_full_disk_is_reported(anonymous, settings):
    beat()
    settings.RESERVE_BYTES = 10**18
    answer = anonymous.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["free_bytes"] == 0


def test_a_database_that_is_away_is_reported(anonymous):
    def away(*_args):
        raise OperationalError("could not connect to /var/secret.sqlite3")

    with connection.execute_wrapper(away):
        answer = anonymous.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] is False
    assert "secret" not in answer.text
