"""Whole kits through the API: read, written in one step, undone on the page."""

import pytest

from kits.hardware.settings import NUMBERS
from kits.models import Kit, Pad
from tests.factories import KitFactory, PadFactory, SampleFactory


@pytest.fixture
def kit(user):
    return KitFactory(owner=user, name="Night", filled=3)


def test_the_whole_kit(program, kit):
    told = program.get(f"kits/{kit.pk}").json()
    assert told.keys() == {
        "id", "name", "version", "created_at", "updated_at", "tempo", "has_one_tempo", "banks",
        "pads",
    }  # fmt: skip
    assert (told["id"], told["name"], told["version"]) == (kit.pk, "Night", 0)
    pad = kit.pads.first()
    first = told["pads"][0]
    place = {"pad": "A1", "bank": "A", "number": 1, "sample_id": pad.sample_id}
    assert first == pad.fields() | place | {"title": pad.title}
    assert told["banks"][0] == {"bank": "A", "tempo": 90, "volume": 127}
    assert [each["bank"] for each in told["banks"]] == list("ABCDEFGHIJ")
    assert [each["pad"] for each in told["pads"]] == ["A1", "A2", "A3"]


def test_reading_a_kit_costs_the_same_for_many_pads(program, kit, django_assert_num_queries):
    for number in range(4, 17):
        PadFactory(kit=kit, number=number)
    program.get(f"kits/{kit.pk}")  # the token's use is noted once a minute
    with django_assert_num_queries(4):
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


SET = {
    "start": 10, "end": 900, "loop_top": 20, "chops": [0, 40], "fades": True, "play": "gate",
    "direction": 1, "level": 100, "pan": -51, "pitch": -12, "fine": 100, "speed": 150.0,
    "vinyl": False, "bpm": 40.0, "sync": True, "mute_group": "J", "link": 10, "bus": 2, "roll": 0,
    "attack": 127, "hold": 1, "release": 127, "fixed_velocity": True, "voicing": "poly",
    "locked": True, "muted": True, "slice": 3,
}  # fmt: skip


def test_every_setting_is_written_read_and_undone(program, client, kit):
    before = program.get(f"kits/{kit.pk}").json()
    told = program.get(f"kits/{kit.pk}").json()
    told["pads"][0] |= SET
    told["banks"][2] = {"bank": "C", "tempo": 174.5, "volume": 90}
    told |= {"tempo": 120, "has_one_tempo": True}
    after = program.put(f"kits/{kit.pk}", told).json()
    assert SET.items() <= after["pads"][0].items()
    assert set(SET) == set(kit.pads.first().fields()) - {"sample_id", "title"}
    assert after["banks"][2] == {"bank": "C", "tempo": 174.5, "volume": 90}
    assert (after["tempo"], after["has_one_tempo"], after["version"]) == (120, True, 1)
    assert kit.edits.count() == 1
    client.post(f"/kits/{kit.pk}/undo/", {"v": 1})
    undone = program.get(f"kits/{kit.pk}").json()
    for name in ("pads", "banks", "tempo", "has_one_tempo"):
        assert undone[name] == before[name]


def test_a_payload_without_settings_leaves_them_as_they_stand(program, kit):
    told = program.get(f"kits/{kit.pk}").json()
    told["pads"][0] |= SET
    told["banks"][0]["volume"] = 64
    told["tempo"] = 120
    program.put(f"kits/{kit.pk}", told)
    old = {
        "name": "Night",
        "version": 1,
        "pads": [{"pad": p["pad"], "sample_id": p["sample_id"]} for p in told["pads"]],
    }
    after = program.put(f"kits/{kit.pk}", old).json()
    assert after["version"] == 1
    assert SET.items() <= after["pads"][0].items()
    assert (after["tempo"], after["banks"][0]["volume"]) == (120, 64)


def test_one_setting_alone_can_be_sent(program, kit):
    told = program.get(f"kits/{kit.pk}").json()
    pads = [{"pad": p["pad"], "sample_id": p["sample_id"]} for p in told["pads"]]
    pads[1]["level"] = 7
    sent = {"name": "Night", "version": 0, "pads": pads, "banks": [{"bank": "B", "volume": 3}]}
    after = program.put(f"kits/{kit.pk}", sent).json()
    assert [pad["level"] for pad in after["pads"]] == [127, 7, 127]
    assert after["banks"][1] == {"bank": "B", "tempo": 90, "volume": 3}
    assert Kit.objects.get().last_step.label == "changed 1 pad by program"


def test_a_new_sound_comes_with_the_settings_that_are_sent(program, user):
    loop = SampleFactory(owner=user, loop=True)
    sent = {"pads": [{"pad": "A1", "sample_id": loop.pk, "mute_group": "B"}], "tempo": 96}
    made = program.post("kits", sent).json()
    pad = made["pads"][0]
    assert (pad["mute_group"], pad["play"], pad["bpm"], made["tempo"]) == ("B", "loop", 96, 96)


@pytest.mark.parametrize(
    ("told_of_it", "detail"),
    [
        ({"start": 12_000}, "A1: That is outside of the sound."),
        ({"start": 50, "end": 50}, "A1: That is outside of the sound."),
        ({"start": 50, "loop_top": 10}, "A1: The loop top lies between start and end."),
        ({"chops": [5]}, "A1: Chops are at most 16 frames, the first one 0."),
        ({"chops": [0, 9, 9]}, "A1: Chops come one after the other."),
    ],
)
def test_settings_that_contradict_the_sound_are_told(program, kit, told_of_it, detail):
    told = program.get(f"kits/{kit.pk}").json()
    told["pads"][0] |= told_of_it
    answer = program.put(f"kits/{kit.pk}", told)
    assert (answer.status_code, answer.json()["detail"]) == (422, detail)
    assert not kit.edits.exists()


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda each: each.name)
def test_the_ranges_are_those_of_the_table(program, kit, setting):
    document = program.client.get("/api/openapi.json").json()
    told = document["components"]["schemas"]["PadIn"]["properties"][setting.name]
    told = next((each for each in told.get("anyOf", []) if "minimum" in each), told)
    assert (told["minimum"], told["maximum"]) == (setting.low, setting.high)
    sent = program.get(f"kits/{kit.pk}").json()
    for value, status in ((setting.low, 200), (setting.low - 1, 422), (setting.high + 1, 422)):
        sent["pads"][0][setting.name] = value
        answer = program.put(f"kits/{kit.pk}", sent)
        assert answer.status_code == status
        sent["version"] = Kit.objects.get().version


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
        (
            {"name": "a", "version": 0, "pads": [], "banks": [{"bank": "A"}] * 2},
            "A bank is named twice",
        ),
        ({"name": "a", "version": 0, "pads": [], "banks": [{"bank": "K"}]}, "banks.0.bank: "),
        ({"name": "a", "version": 0, "pads": [], "tempo": 201}, "tempo: "),
        (
            {"name": "a", "version": 0, "pads": [{"pad": "A1", "sample_id": 1, "level": None}]},
            "pads.0.level: ",
        ),
        (
            {"name": "a", "version": 0, "pads": [{"pad": "A1", "sample_id": 1, "play": "x"}]},
            "pads.0.play: ",
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
