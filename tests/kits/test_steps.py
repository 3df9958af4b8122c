"""Steps of a kit: change, undo, redo, and two windows at once."""

import json
import threading

import pytest
from django.db import connection
from django.test import Client

from kits.models import Kit, KitChangedError, KitEdit, Pad
from tests.factories import KitFactory, SampleFactory
from tests.kits.acts import at, fill, titles

pytestmark = pytest.mark.django_db


def snapshot(kit) -> str:
    """Return the kit as text, byte for byte."""
    return json.dumps(kit.snapshot())


@pytest.fixture
def kit():
    """Return a kit with A1 and A2 loaded."""
    kit = KitFactory()
    fill(kit, A1="kick", A2="snare")
    return kit


def test_undo_restores_every_byte(kit):
    before = snapshot(kit)
    new = SampleFactory(owner=kit.owner)
    kit.change("put", {at("A1"): Pad.holding(new), at("B3"): Pad.holding(new), at("A2"): None})
    assert snapshot(kit) != before
    assert kit.undo().label == "put"
    assert snapshot(kit) == before


def test_redo_does_it_again(kit):
    kit.change("cleared", {at("A1"): None})
    after = snapshot(kit)
    kit.undo()
    assert kit.redo().label == "cleared"
    assert snapshot(kit) == after
    assert kit.redo() is None


def test_many_steps_go_back_one_by_one(kit):
    seen = [snapshot(kit)]
    for number in range(3, 7):
        sample = SampleFactory(owner=kit.owner)
        kit.change(f"step {number}", {at(f"A{number}"): Pad.holding(sample)})
        seen.append(snapshot(kit))
    for state in reversed(seen[:-1]):
        kit.undo()
        assert snapshot(kit) == state
    assert kit.undo() is None
    for state in seen[1:]:
        kit.redo()
        assert snapshot(kit) == state


def test_a_new_step_ends_what_could_be_done_again(kit):
    kit.change("first", {at("A1"): None})
    kit.undo()
    kit.change("second", {at("A2"): None})
    assert kit.redo() is None
    assert [edit.label for edit in kit.edits.all()] == ["second"]


def test_labels_of_the_next_undo_and_redo(kit):
    assert kit.last_step is None
    assert kit.next_step is None
    kit.change("cleared A1", {at("A1"): None})
    kit.change("cleared A2", {at("A2"): None})
    kit.undo()
    assert str(kit.last_step) == "cleared A1"
    assert str(kit.next_step) == "cleared A2"


def test_a_window_that_looked_earlier_changes_nothing(kit):
    kit.change("first", {at("A1"): None})
    before, seen = snapshot(kit), kit.version - 1
    with pytest.raises(KitChangedError):
        kit.change("late", {at("A2"): None}, seen=seen)
    assert snapshot(kit) == before
    assert KitEdit.objects.filter(label="late").count() == 0


@pytest.mark.parametrize("way", ["undo", "redo"])
def test_a_window_that_looked_earlier_goes_neither_back_nor_on(kit, way):
    kit.change("first", {at("A1"): None})
    if way == "redo":
        kit.undo()
    before = snapshot(kit)
    with pytest.raises(KitChangedError):
        getattr(kit, way)(seen=kit.version - 1)
    assert snapshot(kit) == before


@pytest.mark.django_db(transaction=True)
def test_of_windows_that_write_at_once_one_wins_and_the_others_are_told(user):
    """Every thread posts with the version that all of them saw."""
    kit = KitFactory(owner=user)
    fill(kit, A1="kick")
    together = threading.Barrier(4)
    codes = {}

    def write(to: str) -> None:
        client = Client()
        client.force_login(user)
        together.wait()
        fields = {"from": "A1", "to": to, "copy": "1", "v": 0, "view": "stage", "bank": "A"}
        answer = client.post(f"/kits/{kit.pk}/move/", fields, headers={"HX-Request": "true"})
        codes[to] = answer.status_code
        connection.close()

    threads = [threading.Thread(target=write, args=(f"B{number}",)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes.values()) == [200, 409, 409, 409]
    (winner,) = (to for to, code in codes.items() if code == 200)
    assert titles(kit) == {"A1": "kick", winner: "kick"}
    kit.refresh_from_db()
    assert kit.version == kit.edits.count() == 1


def test_every_step_raises_the_version(kit):
    versions = [kit.version]
    kit.change("first", {at("A1"): None}, seen=kit.version)
    versions.append(kit.version)
    kit.undo(seen=kit.version)
    versions.append(kit.version)
    kit.redo(seen=kit.version)
    versions.append(kit.version)
    assert versions == [0, 1, 2, 3]


def test_undo_leaves_a_hull_where_the_sample_is_gone_for_good(kit):
    sample = kit.pads.get(number=1).sample
    kit.change("cleared", {at("A1"): None})
    sample.delete()
    kit.undo()
    pad = kit.pads.get(number=1)
    assert pad.sample is None
    assert pad.title == "kick"
    assert pad.is_missing


def test_a_deleted_sample_leaves_its_pads(kit):
    kit.pads.get(number=1).sample.delete()
    assert titles(kit) == {"A1": "kick", "A2": "snare"}
    assert kit.pads.get(number=1).is_missing


def test_pads_carry_all_their_fields(kit):
    pad = kit.pads.get(number=1)
    moving = {field.attname for field in Pad._meta.concrete_fields}
    assert pad.fields().keys() == moving - {"id", "kit_id", "bank", "number"}
    assert str(pad) == "A1 kick"


def test_the_bench_kit_is_the_one_last_opened(user):
    assert Kit.on_bench(user).pk is None
    assert Kit.on_bench(user).name == "Kit 1"
    first, second = KitFactory(owner=user, name="Kit 1"), KitFactory(owner=user, name="Kit 2")
    assert Kit.on_bench(user) == second
    first.lay_on_bench()
    assert Kit.on_bench(user) == first
    assert str(first) == "Kit 1"
    assert Kit.new(user).name == "Kit 3"


def test_laying_the_bench_kit_on_the_bench_writes_nothing(user, django_assert_num_queries):
    kit = KitFactory(owner=user)
    with django_assert_num_queries(1):
        kit.lay_on_bench()


def test_a_snapshot_of_some_pads_names_the_empty_ones(kit):
    found = kit.snapshot([at("A1"), at("C4")])
    assert found["A1"]["title"] == "kick"
    assert found["C4"] is None
