"""The reaper: what a crash left is mended, old temporary files go, hanging workers are seen."""

import os
import time
from datetime import timedelta

import pytest
from django.utils.timezone import now
from django_q.brokers import get_broker

from library import labour, reaper
from library.models import Analysis, WorkerBeat
from tests.factories import AnalysisFactory


@pytest.fixture
def work(monkeypatch, transactional_db):
    """Register one kind of job and return how often it was swept."""
    swept = []
    kind = labour.Source(1, "a", Analysis.objects.all, dict, sweep=lambda: swept.append(1))
    monkeypatch.setattr(labour, "SOURCES", [kind])
    return swept


def test_ready_work_wakes_the_workers(work, settings):
    settings.WORKERS = 2
    assert reaper.Reaper().run()
    assert get_broker().queue_size() == 0
    AnalysisFactory()
    assert reaper.Reaper().run()
    assert get_broker().queue_size() == 2
    assert work == [1, 1]


def test_work_without_a_sign_of_life_is_reported_after_a_while(work, monkeypatch):
    watch = reaper.Reaper()
    AnalysisFactory()
    assert watch.run()
    monkeypatch.setattr(reaper, "PATIENCE", -1.0)
    assert not watch.run()
    beat = WorkerBeat.objects.create(name="pool")
    monkeypatch.setattr(reaper, "PATIENCE", 5.0)
    watch.alive_at -= 60
    assert watch.run()
    WorkerBeat.objects.filter(pk=beat.pk).update(beat_at=now() - timedelta(hours=1))
    watch.alive_at -= 60
    assert not watch.run()


def test_temporary_files_and_folders_go_after_a_day(settings):
    yesterday = time.time() - 25 * 3600
    for age in ("old", "new"):
        folder = settings.TMP_DIR / f"{age} folder"
        folder.mkdir()
        for path in (folder / "sound.wav", settings.TMP_DIR / f"{age}.part"):
            path.write_bytes(b"x")
    for path in (folder for folder in settings.TMP_DIR.iterdir() if folder.name.startswith("old")):
        os.utime(path, (yesterday, yesterday))
    reaper.remove_old_files(settings.TMP_DIR)
    assert sorted(path.name for path in settings.TMP_DIR.iterdir()) == ["new folder", "new.part"]


def test_a_file_that_its_owner_removes_first_is_no_fault(settings):
    (settings.TMP_DIR / "link.part").symlink_to(settings.TMP_DIR / "gone")
    reaper.remove_old_files(settings.TMP_DIR)
    assert (settings.TMP_DIR / "link.part").is_symlink()
