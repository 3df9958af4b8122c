"""From a plan to rows, from rows to files; what a crash leaves, and how it is mended."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils.timezone import now
from django_q.models import OrmQ

from exports import build, retention
from exports.models import Export, ExportItem, Render
from exports.options import Options
from exports.plan import PAD_GONE, plan
from exports.sources import from_ids, from_kit
from library import labour
from library.jobs import State
from tests.factories import (
    ExportFactory,
    ExportItemFactory,
    KitFactory,
    PadFactory,
    RenderFactory,
    SampleFactory,
)

pytestmark = pytest.mark.django_db


def kind():
    """Return the kind of job that items of exports are."""
    return next(source for source in labour.SOURCES if source.name == "export items")


def test_everything_stands_in_rows_before_the_first_byte(export, user):
    sample = SampleFactory(owner=user, stored=True, title="Kick", tags=["dusty"], bpm=92, key="Am")
    options = Options(include_metadata=True, format="aiff")
    started = build.create(user, plan(from_ids(user, [sample.pk]), options))
    assert (started.kind, started.state, started.format) == ("single", State.PENDING, "aiff")
    assert Options.from_json(started.options) == options
    (item,) = started.items.all()
    assert (item.path, item.sample_sha256) == ("IMPORT/kick.aiff", sample.sha256)
    assert (item.original_rate, item.original_format) == (44_100, "wav")
    assert item.notes["tags"] == ["dusty"]
    assert (item.notes["bpm"], item.notes["key"]) == (92, "A minor")
    assert not Render.objects.exists()


def test_wakes_workers_once_the_rows_are_committed(export, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        export(3)
    assert OrmQ.objects.count() >= 1


def test_what_is_known_to_fail_fails_at_once(user, worker):
    kit = KitFactory(owner=user)
    PadFactory(kit=kit, number=1, sample__stored=True)
    PadFactory(kit=kit, number=2, empty_hull=True)
    started = build.create(user, plan(from_kit(kit), Options(layout="kit")))
    gone = started.items.get(number=2)
    assert (gone.state, gone.error, gone.address) == (State.FAILED, PAD_GONE, "A2")
    assert gone.finished_at is not None
    worker()
    started.refresh_from_db()
    assert started.state == State.PARTIAL


def test_an_export_of_nothing_ends_at_once(user):
    started = build.create(user, plan(from_ids(user, [10**9]), Options()))
    started.refresh_from_db()
    assert started.state == State.FAILED
    assert not started.items.unfinished().exists()


def test_a_path_that_no_row_holds_is_a_failed_item(user):
    sample = SampleFactory(owner=user, folder="/".join(["名前" * 30] * 8))
    started = build.create(user, plan(from_ids(user, [sample.pk]), Options(layout="folders")))
    (item,) = started.items.all()
    assert (item.state, item.path) == (State.FAILED, "00000.wav")


def test_runs_to_its_end(export, worker):
    started = export(3)
    assert worker() == 3
    started.refresh_from_db()
    assert started.state == State.COMPLETED
    assert started.started_at <= started.finished_at
    assert started.total_bytes == sum(item.size_bytes for item in started.items.all())
    assert all(default_storage.exists(item.render.path) for item in started.items.all())


def test_the_first_item_starts_the_export(export, worker):
    started = export(2)
    worker(1)
    started.refresh_from_db()
    assert started.state == State.PROCESSING
    begun = started.started_at
    worker()
    started.refresh_from_db()
    assert started.started_at == begun


def test_everybody_gets_a_first_file_before_anybody_a_second(user, stranger, export):
    first = export(2)
    samples = SampleFactory.create_batch(2, stored=True, owner=stranger)
    second = build.create(stranger, plan(from_ids(stranger, [s.pk for s in samples]), Options()))
    order = []
    while items := ExportItem.objects.of_open_exports().claim("w"):
        order += [item.export_id for item in items]
    assert order == [first.pk, second.pk, first.pk, second.pk]


def test_a_dead_workers_item_is_done_by_another(export, worker):
    started = export(2)
    ExportItem.objects.of_open_exports().claim("dead")
    assert worker() == 1  # the dead one still holds the other
    assert labour.free("dead") == 1
    assert worker() == 1
    started.refresh_from_db()
    assert started.state == State.COMPLETED


def test_revisions_grow_with_every_visible_change(export, worker):
    started = export(2)
    worker(1)
    started.refresh_from_db()
    seen = started.rev
    assert list(started.items.filter(rev__gt=seen)) == []
    worker(1)
    started.refresh_from_db()
    assert started.rev > seen
    assert started.items.filter(rev__gt=seen).count() == 1


def test_cancel_keeps_nothing_and_stops_the_rest(export, worker):
    started = export(3)
    worker(1)
    assert started.cancel()
    assert not started.cancel()
    assert worker() == 0
    started.refresh_from_db()
    assert started.state == State.CANCELLED
    assert set(started.items.values_list("state", "render")) == {(State.CANCELLED, None)}


def test_a_file_in_work_at_the_cancel_changes_nothing(export):
    started = export(1)
    items = ExportItem.objects.of_open_exports().claim("w")
    started.cancel()
    labour.run(kind(), items)
    started.refresh_from_db()
    assert started.state == State.CANCELLED
    assert started.items.get().render is None


def test_an_item_that_was_taken_away_is_not_put_back(export):
    started = export(1)
    (item,) = ExportItem.objects.of_open_exports().claim("w")
    ExportItem.objects.update(token="another")
    assert not item.put_back(waiting=True, error="full")
    started.refresh_from_db()
    assert (started.state, started.items.get().state) == (State.PENDING, State.PROCESSING)


def test_an_item_whose_worker_died_goes_back_without_waiting(export):
    started = export(1)
    (item,) = ExportItem.objects.of_open_exports().claim("w")
    ExportItem.begin([item])
    rev = Export.objects.get().rev
    assert item.put_back(waiting=False)
    started.refresh_from_db()
    assert (started.state, started.items.get().state) == (State.PROCESSING, State.PENDING)
    assert started.items.get().rev > rev


def test_sweep_closes_what_a_dead_worker_left_open():
    left = ExportFactory(state=State.PROCESSING)
    ExportItemFactory(export=left, done=True)
    still = ExportItemFactory(export__state=State.PROCESSING).export
    build.sweep()
    left.refresh_from_db()
    still.refresh_from_db()
    assert (left.state, still.state) == (State.COMPLETED, State.PROCESSING)


def test_sweep_forgets_old_files_nobody_points_at(export, worker):
    started = export(2)
    worker()
    kept, unused = (item.render for item in started.items.all())
    started.items.filter(render=unused).update(render=None)
    Render.objects.update(made_at=now() - timedelta(hours=25))
    fresh = RenderFactory()
    build.sweep()
    assert set(Render.objects.all()) == {kept, fresh}
    assert default_storage.exists(kept.path)
    assert not default_storage.exists(unused.path)


def test_sweep_spares_what_was_taken_up_meanwhile():
    taken = RenderFactory(made_at=now())
    retention.forget(taken.pk)
    assert Render.objects.filter(pk=taken.pk).exists()


def test_deleting_an_export_keeps_the_files_of_others(export, worker, user):
    started = export(1)
    worker()
    again = build.create(user, plan(from_ids(user, [started.items.get().sample_id]), Options()))
    worker()
    started.delete()
    assert Export.objects.get() == again
    assert default_storage.exists(again.items.get().render.path)


def test_the_log_tells_of_start_end_and_what_is_skipped(user, worker, caplog):
    caplog.set_level("INFO", "exports.build")
    kick = SampleFactory(owner=user, stored=True, title="Kick")
    started = build.create(user, plan(from_ids(user, [kick.pk, 10**9]), Options()))
    worker()
    size = started.items.get(state=State.COMPLETED).size_bytes
    begun, skipped, ended = (each for each in caplog.records if each.name == "exports.build")
    assert begun.getMessage() == f"Export {started.pk} started: batch, 2 files, flat, wav"
    assert skipped.levelname == "WARNING"
    assert skipped.getMessage().endswith("is left out: Sample 1000000000 not found")
    told = f"Export {started.pk} finished: partial, 1 written, 1 left out, {size} bytes, "
    assert ended.getMessage().startswith(told)
