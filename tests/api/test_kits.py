"""Whole kits through the API: read, written in one step, undone on the page."""

import pytest

from kits.models import Kit, Pad
from tests.factories import KitFactory, PadFactory, SampleFactory


@pytest.fixture
def kit(user):
    return KitFactory(owner=user, name="Night", filled=3)


def test_the_whole_kit(program, kit):
    told = program.get(f"kits/{kit.pk}").json()
    assert told.keys() == {"id", "name", "version", "created_at", "updated_at", "pads"}
    assert (told["id"], told["name"], told["version"]) == (kit.pk, "Night", 0)
    pad = kit.pads.first()
    assert told["pads"][0] == {
        "pad": "A1", "bank": "A", "number": 1, "sample_id": pad.sample_id, "title": pad.title,
    }  # fmt: skip
    assert [each["pad"] for each in told["pads"]] == ["A1", "A2", "A3"]


def test_reading_a_kit_costs_the_same_for_many_pads(program, kit, django_assert_num_queries):
    for number in range(4, 17):
        PadFactory(kit=kit, number=number)
    program.get(f"kits/{kit.pk}")  # the token's use is noted once a minute
    with django_assert_num_queries(3):
        assert len(program.get(f"kits/{kit.pk}").json()["pads"]) == 16


def test_the_list_in_pages(program, user):
    for number in range(5):
        KitFactory(owner=user, filled=number)
    told = program.get("kits?page=2&limit=2").json()
    assert told.keys() == {"items", "total", "page", "pages", "limit"}
    assert (told["total"], told["page"], told["pages"], told["limit"]) == (5, 2, 3, 2)
    assert [item["pad_count"] for item in told["items"]] == [2, 1]
    assert program.get("kits?page=99").json()["items"] == []


def test_a_new_kit(program, user):
    answer = program.post("kits", {"name": "  Fresh "})
    kit = Kit.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == f"/api/v1/kits/{kit.pk}"
    assert (kit.owner, kit.name) == (user, "Fresh")
    assert answer.json()["pads"] == []


def test_a_new_kit_that_is_filled(program, user):
    sample = SampleFactory(owner=user)
    answer = program.post("kits", {"pads": [{"pad": "j16", "sample_id": sample.pk}]})
    assert answer.json()["name"] == "Kit 1"
    assert [pad["pad"] for pad in answer.json()["pads"]] == ["J16"]


def test_a_kit_that_cannot_be_filled_is_not_made(program):
    answer = program.post("kits", {"pads": [{"pad": "A1", "sample_id": 99}]})
    assert answer.status_code == 404
    assert answer.json() == {
        "detail": "Sample 99 not found", "error_type": "not_found", "sample_id": 99, "context": {},
    }  # fmt: skip
    assert not Kit.objects.exists()


def test_what_is_sent_is_what_the_kit_is(program, kit, user):
    new = SampleFactory(owner=user, title="New")
    told = program.get(f"kits/{kit.pk}").json()
    stays, _, moves = told["pads"]
    told["name"] = "Day"
    told["pads"] = [stays, {**moves, "pad": "B1"}, {"pad": "A2", "sample_id": new.pk}]
    answer = program.put(f"kits/{kit.pk}", told)
    assert answer.status_code == 200
    after = answer.json()
    assert (after["name"], after["version"]) == ("Day", 1)
    assert {pad["pad"]: pad["sample_id"] for pad in after["pads"]} == {
        "A1": stays["sample_id"], "A2": new.pk, "B1": moves["sample_id"],
    }  # fmt: skip
    assert program.get(f"kits/{kit.pk}").json() == after


def test_it_can_be_undone_like_any_step(program, client, kit):
    before = program.get(f"kits/{kit.pk}").json()
    program.put(f"kits/{kit.pk}", {"name": "Night", "version": 0, "pads": []})
    kit.refresh_from_db()
    assert not kit.pads.exists()
    assert kit.last_step.label == "changed 3 pads by program"
    client.post(f"/kits/{kit.pk}/undo/", {"v": 1})
    assert program.get(f"kits/{kit.pk}").json()["pads"] == before["pads"]


def test_pads_that_stay_are_not_written_anew(program, kit):
    rows = list(kit.pads.values_list("pk", flat=True))
    told = program.get(f"kits/{kit.pk}").json()
    told["pads"].pop()
    program.put(f"kits/{kit.pk}", told)
    assert list(kit.pads.values_list("pk", flat=True)) == rows[:2]


def test_sending_the_same_again_is_no_step(program, kit):
    told = program.get(f"kits/{kit.pk}").json()
    assert program.put(f"kits/{kit.pk}", told).json() == told
    assert not kit.edits.exists()


def test_a_new_name_alone_is_a_version_so_that_only_one_caller_gives_it(program, kit):
    told = program.get(f"kits/{kit.pk}").json()
    first = program.put(f"kits/{kit.pk}", {**told, "name": "Mine"})
    assert (first.json()["name"], first.json()["version"]) == ("Mine", told["version"] + 1)
    assert program.put(f"kits/{kit.pk}", {**told, "name": "Yours"}).status_code == 409
    kit.refresh_from_db()
    assert kit.name == "Mine"


def test_a_stale_version_is_a_conflict(program, kit):
    told = program.get(f"kits/{kit.pk}").json()
    kit.change("elsewhere", {kit.pads.first().address: None})
    answer = program.put(f"kits/{kit.pk}", {**told, "name": "Mine"})
    assert answer.status_code == 409
    assert answer.json() == {
        "detail": "The kit was changed meanwhile; read it again",
        "error_type": "conflict",
        "kit_id": kit.pk,
        "context": {"version": 1},
    }
    assert Kit.objects.get().name == "Night"
    assert kit.pads.count() == 2


def test_a_pad_whose_sound_is_gone_can_stay_and_cannot_be_made(program, kit):
    kit.pads.filter(number=1).update(sample=None)
    told = program.get(f"kits/{kit.pk}").json()
    assert told["pads"][0]["sample_id"] is None
    told["pads"].pop()
    assert program.put(f"kits/{kit.pk}", told).json()["pads"][0]["sample_id"] is None
    sent = {"name": "N", "version": 1, "pads": [{"pad": "C1", "sample_id": None}]}
    answer = program.put(f"kits/{kit.pk}", sent)
    assert answer.status_code == 422
    assert answer.json()["detail"] == "There is no pad without a sound on C1 to keep"


def test_sounds_of_others_and_of_the_trash_come_on_no_pad(program, kit, user, stranger):
    for sample in (SampleFactory(owner=stranger), SampleFactory(owner=user, trashed=True)):
        sent = {"name": "N", "version": 0, "pads": [{"pad": "A1", "sample_id": sample.pk}]}
        answer = program.put(f"kits/{kit.pk}", sent)
        assert answer.status_code == 404
        assert answer.json()["detail"] == f"Sample {sample.pk} not found"
    assert Pad.objects.count() == 3


@pytest.mark.parametrize(
    ("sent", "detail"),
    [
        ({"name": " ", "version": 0, "pads": []}, "name: "),
        ({"name": "x" * 101, "version": 0, "pads": []}, "name: "),
        ({"name": "a\0b", "version": 0, "pads": []}, "Null bytes are not allowed"),
        ({"name": "a", "pads": []}, "version: "),
        ({"name": "a", "version": 0}, "pads: "),
        ({"name": "a", "version": 10**30, "pads": []}, "version: "),
        (
            {"name": "a", "version": 0, "pads": [{"pad": "K1", "sample_id": 1}]},
            "There is no bank K",
        ),
        (
            {"name": "a", "version": 0, "pads": [{"pad": "A1", "sample_id": 10**30}]},
            "pads.0.sample_id: ",
        ),
        (
            {"name": "a", "version": 0, "pads": [{"pad": "A1", "sample_id": 1}] * 2},
            "A pad is named twice",
        ),
        ([], ""),
        (None, ""),
    ],
)
def test_what_makes_no_sense_is_told(program, kit, sent, detail):
    answer = program.put(f"kits/{kit.pk}", sent)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(detail)
    assert answer.json()["context"]["errors"]
    assert kit.pads.count() == 3


def test_a_body_that_is_no_json(program, kit):
    headers = {"Authorization": f"Bearer {program.secret}"}
    for body in ("{", '{"name": "\\ud800", "version": 0, "pads": []}', "\udcff"):
        answer = program.client.put(
            f"/api/v1/kits/{kit.pk}", body.encode(errors="replace"), "application/json",
            headers=headers,
        )  # fmt: skip
        assert answer.status_code in {400, 422}
        assert answer.json()["error_type"] == "validation_error"


def test_delete_leaves_the_sounds(program, kit):
    sound = kit.pads.first().sample
    assert program.delete(f"kits/{kit.pk}").status_code == 204
    assert not Kit.objects.exists()
    assert program.get(f"samples/{sound.pk}").status_code == 200
