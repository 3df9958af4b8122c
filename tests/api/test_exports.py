"""Exports asked for by programs: payloads, results, errors in the words of the specification."""

import io
import zipfile

import pytest
from django.utils.timezone import now

from exports.models import Export
from exports.options import Options
from library.models import Preferences
from tests.factories import AnalysisFactory, KitFactory, PadFactory, SampleFactory

ROW = {
    "id", "user_id", "export_type", "sample_count", "output_path", "organized_by", "format",
    "total_size_bytes", "export_duration_seconds", "created_at", "state", "successful", "failed",
}  # fmt: skip
SINGLE = {
    "success", "sample_id", "output_path", "output_filename", "format", "file_size_bytes",
    "conversion_time_seconds", "error",
}  # fmt: skip
BATCH = {
    "total_requested", "successful", "failed", "total_size_bytes", "total_time_seconds",
    "output_base_path", "organized_by", "results", "errors",
}  # fmt: skip
SHORT = {"frames": 2205, "seconds": 0.05}


@pytest.fixture
def kick(user):
    return SampleFactory(owner=user, title="Kick Dusty", stored=True, genre="Hip-Hop", bpm=92)


@pytest.fixture
def kit(user):
    kit = KitFactory(owner=user, name="Night Market")
    PadFactory(kit=kit, number=1, sample__stored=True, sample__title="Kick")
    PadFactory(kit=kit, bank="B", number=3, empty_hull=True)
    return kit


def result_of(program, answer):
    return program.get(f"sp404/exports/{answer.json()['id']}").json()["result"]


def test_an_export_is_accepted_and_says_where_to_look(program, user, kick):
    answer = program.post(f"sp404/samples/{kick.pk}/export")
    assert answer.status_code == 202
    export = Export.objects.get()
    told = answer.json()
    assert answer["Location"] == told["status_url"] == f"/api/v1/sp404/exports/{export.pk}"
    assert told.keys() == ROW | {"name", "progress", "result", "status_url", "download_url"}
    assert (told["state"], told["result"], told["download_url"]) == ("pending", None, None)
    assert told["user_id"] == user.pk
    assert told["progress"] == {
        "total": 1, "completed": 0, "failed": 0, "current_sample": None, "bytes": 0,
    }  # fmt: skip


def test_the_result_of_a_single_export(program, kick, work):
    answer = program.post(f"sp404/samples/{kick.pk}/export")
    work()
    told = program.get(f"sp404/exports/{answer.json()['id']}").json()
    assert told["state"] == "completed"
    result = told["result"]
    assert result.keys() == SINGLE
    assert result.pop("conversion_time_seconds") >= 0
    assert result == {
        "success": True,
        "sample_id": kick.pk,
        "output_path": "kick_dusty.wav",
        "output_filename": "kick_dusty.wav",
        "format": "wav",
        "file_size_bytes": 24_044,
        "error": None,
    }
    assert told["progress"]["bytes"] == told["total_size_bytes"] == 24_044


def test_what_the_configuration_means(program, kick, work):
    config = {"organize_by": "genre", "format": "AIFF", "include_metadata": False}
    answer = program.post(f"sp404/samples/{kick.pk}/export", config)
    assert Export.objects.get().options["include_metadata"] is False
    work()
    assert result_of(program, answer)["output_path"] == "hip-hop/kick_dusty.aiff"


def test_the_defaults_of_the_api_are_not_those_of_the_page(program, kick, user):
    Preferences.objects.update_or_create(
        user=user,
        defaults={"export_format": "aiff", "layout": "bpm", "include_metadata": False},
    )
    program.post(f"sp404/samples/{kick.pk}/export")
    options = Options.from_json(Export.objects.get().options)
    assert (options.layout, options.format, options.root) == ("flat", "wav", "")
    assert (options.pad_short, options.include_metadata, options.sanitize) == (False, True, True)
    assert not options.device_names


def test_lower_case_follows_the_preferences(program, kick, user, work):
    Preferences.objects.update_or_create(user=user, defaults={"lower_case": False})
    answer = program.post(f"sp404/samples/{kick.pk}/export")
    work()
    assert result_of(program, answer)["output_path"] == "Kick_Dusty.wav"


def test_the_result_of_a_batch(program, user, kick, stranger, work):
    short = SampleFactory(owner=user, title="Tick", stored=True, **SHORT)
    foreign = SampleFactory(owner=stranger)
    ids = [kick.pk, short.pk, foreign.pk, 10**9]
    answer = program.post("sp404/samples/export-batch", {"sample_ids": ids})
    assert answer.status_code == 202
    assert answer.json()["export_type"] == "batch"
    work()
    result = result_of(program, answer)
    assert result.keys() == BATCH
    assert (result["total_requested"], result["successful"], result["failed"]) == (4, 1, 3)
    assert result["total_size_bytes"] == 24_044
    assert result["total_time_seconds"] >= 0
    assert (result["output_base_path"], result["organized_by"]) == (None, "flat")
    assert [each.keys() == SINGLE and each["sample_id"] for each in result["results"]] == ids
    assert [each["success"] for each in result["results"]] == [True, False, False, False]
    assert result["errors"] == [
        {
            "sample_id": short.pk,
            "title": "Tick",
            "error": "Duration too short: 50.0ms (minimum: 100ms)",
            "error_type": "validation_error",
        },
        *(
            {
                "sample_id": number,
                "title": f"Sample {number}",
                "error": f"Sample {number} not found",
                "error_type": "not_found",
            }
            for number in (foreign.pk, 10**9)
        ),
    ]


def test_a_batch_of_one_is_a_batch(program, kick, work):
    answer = program.post("sp404/samples/export-batch", {"sample_ids": [kick.pk]})
    work()
    assert answer.json()["export_type"] == "batch"
    assert result_of(program, answer).keys() == BATCH


def test_pad_short_lengthens(program, user):
    short = SampleFactory(owner=user, stored=True, **SHORT)
    sent = {"sample_ids": [short.pk], "config": {"pad_short": True}}
    program.post("sp404/samples/export-batch", sent)
    item = Export.objects.get().items.get()
    assert (item.state, item.size_bytes) == ("pending", 44 + 4800 * 2)


def test_the_result_of_a_kit(program, kit, work):
    answer = program.post(f"sp404/kits/{kit.pk}/export")
    assert answer.status_code == 202
    told = answer.json()
    assert (told["export_type"], told["organized_by"]) == ("kit", "kit")
    assert told["output_path"] == "night_market/"
    work()
    result = result_of(program, answer)
    assert result.keys() == BATCH | {"kit_id"}
    assert result["kit_id"] == kit.pk
    assert result["results"][0]["output_path"] == "night_market/bank_A/pad_01_kick.wav"
    assert result["errors"][0]["error"] == "Source file is gone. Pad left empty."
    assert program.get(f"sp404/exports/{told['id']}").json()["state"] == "partial"


def test_a_kit_may_be_laid_out_otherwise(program, kit, work):
    answer = program.post(f"sp404/kits/{kit.pk}/export", {"organize_by": "flat"})
    work()
    assert result_of(program, answer)["results"][0]["output_path"] == "kick.wav"


def problem(status, answer):
    assert answer.status_code == status
    told = answer.json()
    assert told.keys() >= {"detail", "error_type", "context"}
    return told


@pytest.mark.parametrize("number", [77, 0, 2**63, 9 * 10**30])
@pytest.mark.parametrize(
    ("method", "path", "word"),
    [
        ("POST", "sp404/samples/{}/export", "Sample"),
        ("POST", "sp404/kits/{}/export", "Kit"),
        ("GET", "sp404/exports/{}", "Export"),
        ("GET", "sp404/exports/{}/items", "Export"),
        ("GET", "sp404/exports/{}/download", "Export"),
        ("POST", "sp404/exports/{}/cancel", "Export"),
        ("POST", "sp404/exports/{}/retry", "Export"),
        ("GET", "samples/{}", "Sample"),
        ("DELETE", "samples/{}", "Sample"),
        ("GET", "kits/{}", "Kit"),
        ("DELETE", "kits/{}", "Kit"),
    ],
)
def test_what_is_not_there(program, method, path, word, number):
    told = problem(404, program.call(method, path.format(number)))
    assert told == {
        "detail": f"{word} {number} not found",
        "error_type": "not_found",
        f"{word.lower()}_id": number,
        "context": {},
    }


def test_numbers_beyond_all_bounds(program):
    assert problem(404, program.get("sp404/exports/" + "9" * 5000))["error_type"] == "not_found"
    told = problem(422, program.post("sp404/samples/export-batch", {"sample_ids": [10**30]}))
    assert told["detail"].startswith("sample_ids.0: ")


@pytest.mark.parametrize(
    ("traits", "detail", "kind"),
    [
        (
            {"missing": True},
            "Audio file not found: Kick.wav",
            "validation_error",
        ),
        (SHORT, "Duration too short: 50.0ms (minimum: 100ms)", "validation_error"),
        (
            {"frames": 4405, "seconds": 4405 / 44_100},
            "Duration too short: 99.8ms (minimum: 100ms)",
            "validation_error",
        ),
    ],
)
def test_a_known_failure_of_a_single_export_is_told_at_once(program, user, traits, detail, kind):
    sample = SampleFactory(owner=user, title="Kick", **traits)
    told = problem(422, program.post(f"sp404/samples/{sample.pk}/export"))
    assert told == {
        "detail": detail, "error_type": kind, "sample_id": sample.pk, "context": {},
    }  # fmt: skip
    assert not Export.objects.exists()


def test_a_sound_that_cannot_be_decoded(program, user):
    sample = SampleFactory(owner=user, new=True)
    AnalysisFactory(
        sample=sample, state="failed", finished_at=now(), error="x.wav could not be read: no frames"
    )
    told = problem(422, program.post(f"sp404/samples/{sample.pk}/export"))
    assert told["detail"] == "Failed to load audio: no frames"
    assert told["error_type"] == "conversion_error"


def test_a_kit_without_sounds(program, user):
    for kit in (KitFactory(owner=user), PadFactory(kit__owner=user, empty_hull=True).kit):
        told = problem(422, program.post(f"sp404/kits/{kit.pk}/export"))
        assert told["detail"] == f"Kit {kit.pk} has no samples"
        assert (told["error_type"], told["kit_id"]) == ("validation_error", kit.pk)


@pytest.mark.parametrize(
    ("sent", "detail"),
    [
        ({"sample_ids": []}, "No samples provided for export"),
        ({}, "No samples provided for export"),
        ({"sample_ids": list(range(1, 1002))}, "Maximum 1000 samples per batch"),
        (
            {"sample_ids": [1], "config": {"format": "mp3"}},
            "Unsupported output format: mp3. Supported: wav, aiff",
        ),
    ],
)
def test_a_batch_that_makes_no_sense(program, sent, detail):
    told = problem(422, program.post("sp404/samples/export-batch", sent))
    assert (told["detail"], told["error_type"]) == (detail, "validation_error")
    assert not Export.objects.exists()


def test_a_thousand_samples_are_not_too_many(program):
    sent = {"sample_ids": list(range(1, 1001))}
    answer = program.post("sp404/samples/export-batch", sent)
    assert answer.status_code == 202
    assert answer.json()["state"] == "failed"
    assert len(result_of(program, answer)["errors"]) == 1000


def test_only_a_kit_has_pads(program, kick):
    told = problem(422, program.post(f"sp404/samples/{kick.pk}/export", {"organize_by": "kit"}))
    assert told["detail"] == "Only a kit can be organized by kit"


def test_no_room_for_the_files(program, kick, settings):
    settings.RESERVE_BYTES = 10**18
    told = problem(507, program.post(f"sp404/samples/{kick.pk}/export"))
    assert told == {
        "detail": "Not enough disk space for export",
        "error_type": "storage_error",
        "context": {"needed_bytes": 26_448, "free_bytes": 0},
    }
    assert not Export.objects.exists()


def test_files_that_exist_need_no_room(program, kick, work, settings):
    program.post(f"sp404/samples/{kick.pk}/export")
    work()
    settings.RESERVE_BYTES = 10**18
    assert program.post(f"sp404/samples/{kick.pk}/export").status_code == 202


def test_a_source_that_vanishes_meanwhile(program, kick, work, media):
    answer = program.post(f"sp404/samples/{kick.pk}/export")
    (media / kick.blob).unlink()
    work()
    result = result_of(program, answer)
    assert (result["success"], result["output_path"], result["file_size_bytes"]) == (False, None, 0)
    assert result["error"] == "Audio file not found: Kick Dusty.wav"


def test_the_zip(program, kit, work):
    number = program.post(f"sp404/kits/{kit.pk}/export").json()["id"]
    told = problem(409, program.get(f"sp404/exports/{number}/download"))
    assert told["detail"] == f"Export {number} has no files to download"
    work()
    address = program.get(f"sp404/exports/{number}").json()["download_url"]
    assert address == f"/api/v1/sp404/exports/{number}/download"
    answer = program.get(f"sp404/exports/{number}/download")
    assert answer["Content-Disposition"] == f'attachment; filename="sp404_export_{number}.zip"'
    data = answer.getvalue()
    assert len(data) == int(answer["Content-Length"])
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == [
        "night_market/bank_A/pad_01_kick.wav",
        "night_market/bank_A/pad_01_kick_metadata.txt",
        "manifest.csv",
    ]
    part = program.get(f"sp404/exports/{number}/download", Range="bytes=100-199")
    assert part.status_code == 206
    assert part.getvalue() == data[100:200]
    again = program.get(f"sp404/exports/{number}/download", If_None_Match=answer["ETag"])
    assert again.status_code == 304
    head = program.call("HEAD", f"sp404/exports/{number}/download")
    assert head["Content-Length"] == answer["Content-Length"]


def test_cancel(program, kick):
    number = program.post(f"sp404/samples/{kick.pk}/export").json()["id"]
    answer = program.post(f"sp404/exports/{number}/cancel")
    assert answer.status_code == 200
    assert answer.json()["state"] == "cancelled"
    assert answer.json()["result"]["success"] is False
    assert program.post(f"sp404/exports/{number}/cancel").json()["state"] == "cancelled"


def test_items_in_pages(program, user, work):
    samples = SampleFactory.create_batch(5, owner=user, stored=True)
    ids = [sample.pk for sample in samples]
    number = program.post("sp404/samples/export-batch", {"sample_ids": ids}).json()["id"]
    work()
    told = program.get(f"sp404/exports/{number}/items?limit=2&page=2").json()
    assert (told["total"], told["pages"], told["page"], told["limit"]) == (5, 3, 2, 2)
    assert [item["sample_id"] for item in told["items"]] == ids[2:4]
    assert told["items"][0].keys() == SINGLE | {"id", "title", "pad", "state"}


def test_retry(program, kick, work, media):
    number = program.post(f"sp404/samples/{kick.pk}/export").json()["id"]
    original = (media / kick.blob).read_bytes()
    (media / kick.blob).unlink()
    work()
    told = problem(409, program.post(f"sp404/exports/{number}/retry"))
    assert told["detail"] == f"Export {number} has nothing to try again"
    (media / kick.blob).write_bytes(original)
    type(kick).objects.update(is_missing=False)
    answer = program.post(f"sp404/exports/{number}/retry")
    assert answer.status_code == 202
    assert answer.json()["state"] == "pending"
    work()
    assert program.get(f"sp404/exports/{number}").json()["state"] == "completed"


def test_tempo_folders_follow_the_preferences(program, kick, user, work):
    Preferences.objects.update_or_create(user=user, defaults={"bpm_bounds": [80, 100]})
    answer = program.post(f"sp404/samples/{kick.pk}/export", {"organize_by": "bpm"})
    work()
    assert result_of(program, answer)["output_path"] == "80-100/kick_dusty.wav"


def test_a_share_of_the_disk_that_is_used_up(program, kick, settings):
    settings.QUOTA_BYTES = 30_000  # the original takes 22 kB of them
    told = problem(507, program.post(f"sp404/samples/{kick.pk}/export"))
    assert told["detail"].startswith("Your share of this machine is used up")
    assert told["error_type"] == "storage_error"
    assert not Export.objects.exists()
