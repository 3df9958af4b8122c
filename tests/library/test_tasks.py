"""Messages wake workers, who work for one slice of time."""

import pytest
from django_q.brokers import get_broker

from library import labour, tasks
from library.jobs import State
from library.models import Analysis
from tests.factories import AnalysisFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(monkeypatch):
    """Let analyses be the only kind of job, done at once."""
    monkeypatch.setattr(labour, "SOURCES", [])
    labour.register(labour.Source(1, "a", Analysis.objects.all, lambda job: {}))


def raising(fault):
    def act(*_args, **_kwargs):
        raise fault

    return act


def test_waking_never_puts_more_messages_than_workers_into_the_queue(transactional_db, settings):
    settings.WORKERS = 3
    broker = get_broker()
    tasks.wake()
    assert broker.queue_size() == 1
    tasks.wake(10)
    assert broker.queue_size() == 3
    tasks.wake(2)
    assert broker.queue_size() == 3


def test_a_message_is_sent_when_the_rows_are_committed(django_capture_on_commit_callbacks):
    broker = get_broker()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.wake()
        assert broker.queue_size() == 0
    assert broker.queue_size() == 1


def test_a_queue_that_is_away_harms_nobody(transactional_db, monkeypatch, caplog):
    monkeypatch.setattr(tasks, "async_task", raising(ConnectionError("away")))
    tasks.wake()
    assert "away" in caplog.text


def test_work_goes_on_for_one_slice_and_then_wakes_the_next(
    kind, settings, django_capture_on_commit_callbacks
):
    settings.SLICE_SECONDS = 0
    AnalysisFactory(), AnalysisFactory()
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.work() == 1
    assert get_broker().queue_size() == 1
    settings.SLICE_SECONDS = 20
    assert tasks.work() == 1
    assert tasks.work() == 0


def test_a_worker_that_was_asked_to_end_takes_no_further_job(kind):
    job = AnalysisFactory()
    tasks.stopping.set()
    try:
        assert tasks.work() == 0
    finally:
        tasks.stopping.clear()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.PENDING, 0)
