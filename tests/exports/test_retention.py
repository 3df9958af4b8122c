"""Files of old exports go, their records stay, and nothing that somebody needs goes with them."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils.timezone import now

from exports import build, retention, share
from exports.models import Export, Render, ShareLink
from exports.options import Options
from exports.plan import plan
from exports.sources import from_ids
from library import labour
from library.jobs import State
from library.models import Preferences, Sample
from tests.factories import ExportFactory, ExportItemFactory, PreferencesFactory, SampleFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def look_now(monkeypatch):
    """Let each sweep look for overdue exports, as the first one of a process does."""
    monkeypatch.setattr(retention, "rounds", retention.Rounds())


@pytest.fixture
def aged(export, worker):
    """Return a function that makes a finished export whose end and files are so old."""

    def make(age=40 * DAY, count=2, **options):
        started = export(count, **options)
        worker()
        Export.objects.filter(pk=started.pk).update(finished_at=now() - age)
        Render.objects.update(made_at=now() - age)
        started.refresh_from_db()
        return started

    return make


def again(user, export):
    """Export the same sounds once more."""
    ids = [item.sample_id for item in export.items.all()]
    return build.create(user, plan(from_ids(user, ids), Options()))


def paths():
    return {render.path for render in Render.objects.all()}


def is_stored(names):
    return [default_storage.exists(name) for name in names]


def test_files_go_and_the_record_stays(client, aged):
    old = aged()
    renders = list(Render.objects.all())
    size = sum(render.size_bytes for render in renders)
    assert retention.purge() == retention.Purged(exports=1, renders=2, bytes=size)
    assert not any(is_stored(render.path for render in renders))
    assert not Render.objects.exists()
    old.refresh_from_db()
    assert old.files_removed_at is not None
    assert (old.state, old.total_bytes, old.items.count()) == (State.COMPLETED, size, 2)
    page = client.get(f"/exports/{old.pk}/").text
    assert "Files cleared on" in page
    assert "Make again" in page
    assert client.get(f"/exports/{old.pk}/zip").status_code == 404
    listed = client.get(f"/exports/{old.pk}/manifest.csv").text
    assert listed.count(",written,") == 2
    history = client.get("/exports/").text
    assert "Files cleared" in history
    assert "Make again" in history
    assert f"/exports/{old.pk}/zip" not in history


def test_originals_are_never_touched(aged):
    aged()
    blobs = [sample.blob for sample in Sample.objects.all()]
    retention.purge(timedelta(0))
    assert is_stored(blobs) == [True, True]
    assert Sample.objects.count() == 2


def test_thirty_days_unless_somebody_wants_otherwise(aged, user):
    young, old = aged(29 * DAY), aged(31 * DAY)
    assert list(retention.overdue()) == [old]
    PreferencesFactory(user=user, retention_days=90)
    assert list(retention.overdue()) == []
    Preferences.objects.update(retention_days=7)
    assert set(retention.overdue()) == {young, old}
    Preferences.objects.update(retention_days=0)
    assert list(retention.overdue()) == []


def test_an_age_that_is_given_counts_for_everybody(aged, user, stranger):
    mine = aged(3 * DAY)
    PreferencesFactory(user=user, retention_days=0)
    theirs = ExportFactory(owner=stranger, done=True, finished_at=now() - 3 * DAY)
    assert retention.purge(2 * DAY, owner=stranger).exports == 1
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert mine.files_removed_at is None
    assert theirs.files_removed_at is not None
    assert retention.purge(4 * DAY) == retention.Purged()
    assert retention.purge(2 * DAY).exports == 1


def test_a_dry_run_tells_the_same_and_removes_nothing(aged, user, worker):
    first, second = aged(count=3), aged(count=1)
    shared = again(user, second)
    worker()
    Render.objects.update(made_at=now() - 40 * DAY)
    before = paths()
    told = retention.purge(dry_run=True)
    assert paths() == before
    assert all(is_stored(before))
    assert not Export.objects.exclude(files_removed_at=None).exists()
    assert told == retention.purge()
    assert told.exports == 2
    assert told.renders == 3
    assert first.pk != shared.pk


def test_files_that_another_export_needs_stay(client, aged, user, worker):
    old = aged()
    fresh = again(user, old)
    worker()
    Render.objects.update(made_at=now() - 40 * DAY)
    assert retention.purge() == retention.Purged(exports=1)
    assert is_stored(paths()) == [True, True]
    assert client.get(f"/exports/{fresh.pk}/zip").status_code == 200


def test_files_of_today_are_left_to_the_sweep(aged):
    aged()
    Render.objects.update(made_at=now() - timedelta(hours=23))
    assert retention.purge() == retention.Purged(exports=1)
    assert all(is_stored(paths()))
    names = paths()
    build.sweep()
    assert all(is_stored(names))
    Render.objects.update(made_at=now() - timedelta(hours=25))
    build.sweep()
    assert not any(is_stored(names))


def test_running_and_failed_exports_have_nothing_to_clear(export, user):
    export(1)
    for state in (State.CANCELLED, State.FAILED):
        ExportFactory(owner=user, state=state, finished_at=now() - 99 * DAY)
    assert retention.purge(timedelta(0)) == retention.Purged()


def test_a_link_that_still_works_keeps_the_files(aged):
    old = aged()
    link, _ = share.make(old)
    assert retention.purge() == retention.Purged()
    assert retention.purge(10 * DAY, dry_run=True).exports == 1  # asked for by hand
    ShareLink.objects.filter(pk=link.pk).update(expires_at=now())
    assert retention.purge().exports == 1


def test_the_reaper_does_it_by_itself(aged):
    old, young = aged(), aged(DAY)
    labour.sweep()
    old.refresh_from_db()
    young.refresh_from_db()
    assert old.files_removed_at is not None
    assert young.files_removed_at is None


def test_the_reaper_looks_again_at_once_only_while_there_are_many(
    user, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    ExportFactory.create_batch(3, owner=user, done=True, finished_at=now() - 40 * DAY)
    assert len(list(retention.rounds.due())) == 2
    for export in retention.overdue()[:2]:
        retention.remove_files(export)
    assert len(list(retention.rounds.due())) == 1
    with django_assert_num_queries(0):
        assert list(retention.rounds.due()) == []


def test_more_than_one_batch_is_cleared(user, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    ExportFactory.create_batch(5, owner=user, done=True, finished_at=now() - 40 * DAY)
    assert retention.purge().exports == 5


def test_delete_files_keeps_the_record(client, aged):
    fresh = aged(timedelta(hours=1))
    text = client.get(f"/exports/{fresh.pk}/").text
    assert "Delete files (keeps the record)" in text
    assert "Delete files (keeps the record)" in client.get("/exports/").text
    names = paths()
    answer = client.post(f"/exports/{fresh.pk}/delete-files/")
    assert (answer.status_code, answer["Location"]) == (303, f"/exports/{fresh.pk}/")
    assert not any(is_stored(names))  # somebody needs the room now
    fresh.refresh_from_db()
    assert fresh.items.filter(state=State.COMPLETED).count() == 2
    first = fresh.files_removed_at
    client.post(f"/exports/{fresh.pk}/delete-files/")
    fresh.refresh_from_db()
    assert fresh.files_removed_at == first


def test_delete_files_leaves_what_a_worker_may_be_about_to_use(aged, client):
    fresh = aged(timedelta(hours=1))
    Render.objects.update(made_at=now())  # found again for another export a moment ago
    client.post(f"/exports/{fresh.pk}/delete-files/")
    assert all(is_stored(paths()))
    assert Render.objects.count() == 2


def test_delete_files_does_nothing_to_a_running_export(client, export):
    running = export(1)
    assert client.post(f"/exports/{running.pk}/delete-files/").status_code == 303
    running.refresh_from_db()
    assert running.files_removed_at is None


def test_made_again_after_clearing_gives_the_same_sounds(client, aged, worker):
    old = aged()
    sums = list(old.items.values_list("path", "render__sha256"))
    retention.purge()
    client.post(f"/exports/{old.pk}/again/")
    worker()
    fresh = Export.objects.first()
    assert list(fresh.items.values_list("path", "render__sha256")) == sums


def test_forget_spares_what_an_export_points_at():
    used = ExportItemFactory(done=True, sample=SampleFactory()).render
    Render.objects.update(made_at=now() - 40 * DAY)
    assert retention.forget(used.pk) is None
    assert Render.objects.filter(pk=used.pk).exists()
