"""Items that a worker claimed together: each ends for itself, whatever happens in the middle."""

import pytest
from django.core.files.storage import default_storage
from django.db.models import F

from exports import build
from exports.models import Export, ExportItem, Render
from exports.options import Options
from exports.plan import plan
from exports.sources import from_ids
from library import labour, pulse
from library.jobs import State
from library.storage import NoSpaceError
from tests.factories import ExportItemFactory, SampleFactory

pytestmark = pytest.mark.django_db
KIND = "export items"


class Killed(BaseException):
    """Stands for a SIGKILL: nobody catches it."""


def claim(worker="test"):
    return ExportItem.objects.of_open_exports().claim(worker, F("size_bytes"))


def outcome(started):
    return list(started.items.order_by("position").values_list("state", "attempts"))


@pytest.fixture
def acting(monkeypatch):
    """Return a function that lets something happen just before an item of that number is done."""

    def arrange(number, happen):
        count = iter(range(1000))

        def act(item):
            if next(count) == number:
                happen()
            return build.convert_item(item)

        sources = [
            labour.Source(**{**vars(source), "act": act}) if source.name == KIND else source
            for source in labour.SOURCES
        ]
        monkeypatch.setattr(labour, "SOURCES", sources)

    return arrange


def test_everybodys_first_file_still_comes_first(user, stranger, export):
    first = export(3)
    samples = SampleFactory.create_batch(2, stored=True, owner=stranger)
    second = build.create(stranger, plan(from_ids(stranger, [s.pk for s in samples]), Options()))
    assert [item.export_id for item in claim()] == [
        first.pk, second.pk, first.pk, second.pk, first.pk,
    ]  # fmt: skip


def test_several_exports_end_with_one_chunk(user, export, worker):
    made = [export(2), export(3)]
    assert worker(together=16) == 5
    for started in made:
        started.refresh_from_db()
        assert (started.state, started.items.count()) == (State.COMPLETED, started.sample_count)
        assert outcome(started) == [(State.COMPLETED, 1)] * started.sample_count
        assert {item.rev for item in started.items.all()} <= set(range(1, started.rev))


def test_a_sound_that_is_wanted_twice_is_converted_once(user, export, worker, caplog):
    caplog.set_level("INFO", "exports.render")
    first = export(1)
    again = build.create(user, plan(from_ids(user, [first.items.get().sample_id]), Options()))
    worker(together=16)
    assert first.items.get().render == again.items.get().render == Render.objects.get()
    assert caplog.text.count("Converted item") == 1


def test_a_worker_that_dies_in_the_middle_frees_all_and_is_held_against_one(export, acting, worker):
    started = export(4)

    def die():
        raise Killed

    acting(2, die)
    with pytest.raises(Killed):
        worker(together=16)
    assert outcome(started) == [(State.PROCESSING, 1)] * 4
    assert labour.free("test", blameless=True, at=pulse.mine.at) == 4
    assert outcome(started) == [(State.PENDING, n) for n in (0, 0, 1, 0)]
    assert len(claim("other")) == 2  # what was in work goes alone
    labour.free("other", blameless=True)
    assert worker(together=16) == 4
    started.refresh_from_db()
    assert started.state == State.COMPLETED
    assert outcome(started) == [(State.COMPLETED, n) for n in (1, 1, 2, 1)]
    assert Render.objects.count() == 4
    assert all(default_storage.exists(item.render.path) for item in started.items.all())


def test_a_cancel_in_the_middle_keeps_nothing(export, acting, worker):
    started, other = export(3), export(1)
    acting(1, started.cancel)
    worker(together=16)
    started.refresh_from_db()
    other.refresh_from_db()
    assert started.state == State.CANCELLED
    assert set(started.items.values_list("state", "render")) == {(State.CANCELLED, None)}
    assert other.state == State.COMPLETED


def test_one_that_another_worker_took_over_is_left_to_it(export, acting, worker):
    started = export(3)
    lost = started.items.order_by("position")[1]
    acting(2, lambda: ExportItem.objects.filter(pk=lost.pk).update(token="another"))
    worker(together=16)
    started.refresh_from_db()
    assert outcome(started) == [(State.COMPLETED, 1), (State.PROCESSING, 1), (State.COMPLETED, 1)]
    assert started.state == State.PROCESSING


def test_a_disk_that_fills_up_in_the_middle_holds_up_only_the_rest(export, acting, worker):
    started = export(3)

    def fill():
        raise NoSpaceError("No room left.")

    acting(1, fill)
    worker(together=16)
    started.refresh_from_db()
    assert started.state == State.WAITING
    assert outcome(started) == [(State.COMPLETED, 1), (State.WAITING, 0), (State.COMPLETED, 1)]


def test_the_same_file_of_two_workers_is_one_row(export):
    started = export(1)
    (mine,) = claim()
    build.begin([mine])
    facts = build.convert_item(mine)
    quicker = Render(**{name: getattr(facts["render"], name) for name in ("key", "extension")})
    quicker.size_bytes = quicker.crc32 = quicker.frames = quicker.channels = 1
    quicker.save()
    assert mine.finish(**facts)
    render = Render.objects.get()
    assert (render.pk, render.size_bytes) == (quicker.pk, started.items.get().size_bytes)
    assert started.items.get().render == render


def test_what_is_not_known_to_be_small_goes_alone():
    items = [ExportItemFactory(size_bytes=size) for size in (1, 0, 1, 10**9)]
    Export.objects.update(state=State.PROCESSING)
    chunks = []
    while chunk := claim():
        chunks.append([item.pk for item in chunk])
    assert chunks == [[item.pk] for item in items]
