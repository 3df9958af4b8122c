"""Sounds through the API: list, look, upload, trash."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_q.models import OrmQ

from library.models import Analysis, Crate, Sample
from tests.factories import AnalysisFactory, SampleFactory, tone


def wav(name="Kick.wav", sound=None):
    return SimpleUploadedFile(name, tone() if sound is None else sound)


def test_one_sample(program, user):
    heard = {"bpm_source": "audio", "bpm_confidence": 0.7, "bpm_guessed": True, "tonality": 0.2}
    sample = SampleFactory(
        owner=user, title="Dusty", genre="Hip-Hop", tags=["b", "a"], bpm=92.5, **heard
    )
    AnalysisFactory(sample=sample, done=True)
    answer = program.get(f"samples/{sample.pk}")
    assert answer.status_code == 200
    told = answer.json()
    assert told.pop("created_at")
    assert sorted(told.pop("tags")) == ["a", "b"]
    assert told == {
        "id": sample.pk,
        "title": "Dusty",
        "original_name": "Dusty.wav",
        "folder": "",
        "genre": "Hip-Hop",
        "sample_class": "kick",
        "class_source": "",
        "class_confidence": None,
        "class_guessed": False,
        "class_second": "",
        "heard_class": "",
        "bpm": 92.5,
        **heard,
        "key": "",
        "key_source": "",
        "key_confidence": None,
        "key_guessed": False,
        "key_second": "",
        "is_loop": False,
        "kind_source": "",
        "kind_confidence": None,
        "kind_guessed": False,
        "is_favourite": False,
        "duration_ms": 250.0,
        "format": "wav",
        "sample_rate": 44_100,
        "channels": 1,
        "bit_depth": 16,
        "size_bytes": 22_094,
        "sha256": sample.sha256,
        "in_trash": False,
        "is_missing": False,
        "analysis": "completed",
        "analysis_error": "",
    }


def test_the_list_speaks_the_query_language_of_the_page(program, user):
    SampleFactory(owner=user, title="Slow", bpm=80, sample_class="break")
    SampleFactory(owner=user, title="Fast", bpm=170, sample_class="break")
    SampleFactory(owner=user, title="Bell", bpm=80, sample_class="fx")
    SampleFactory(owner=user, title="Gone", bpm=80, sample_class="break", trashed=True)
    found = program.get("samples?cls=break&lo=70&hi=90").json()
    assert [item["title"] for item in found["items"]] == ["Slow"]
    assert (found["total"], found["limit"], found["next"]) == (1, 20, None)
    by_name = program.get("samples?sort=name").json()["items"]
    assert [item["title"] for item in by_name] == ["Bell", "Fast", "Slow"]


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("bpm:79-81 is:break", ["Slow"]),
        ("-bpm:90-200 -cls:fx", ["Slow"]),
        ("bpm:40", []),
        ("bpm:40&oct=1", ["Bell", "Slow"]),
        ("bpm:fast", []),
        ("is:favourite", ["Fast"]),
    ],
)
def test_filters_are_typed_into_the_search(program, user, typed, titles):
    SampleFactory(owner=user, title="Slow", bpm=80, sample_class="break")
    SampleFactory(owner=user, title="Fast", bpm=170, sample_class="break", is_favourite=True)
    SampleFactory(owner=user, title="Bell", bpm=80, sample_class="fx")
    found = program.get(f"samples?sort=name&q={typed}")
    assert found.status_code == 200
    assert [item["title"] for item in found.json()["items"]] == titles


def test_crates_lead_to_their_sounds(program, user, stranger):
    SampleFactory(owner=user, title="Slow", bpm=80)
    SampleFactory(owner=user, title="Fast", bpm=170)
    made = Crate.objects.create(owner=user, name="Slow ones", query="q=bpm%3A79-81")
    Crate.objects.create(owner=stranger, name="Theirs", query="cls=kick")
    page = program.get("crates").json()
    (item,) = page["items"]
    assert (item["id"], item["name"], item["query"]) == (made.pk, "Slow ones", made.query)
    assert page["total"] == 1
    there = program.get(item["samples"].removeprefix("/api/v1/")).json()
    assert [sample["title"] for sample in there["items"]] == ["Slow"]


def test_pages_of_the_list_follow_one_another(program, user):
    made = SampleFactory.create_batch(7, owner=user)
    seen, address = [], "samples?limit=3&sort=name"
    while address:
        page = program.get(address).json()
        assert page["total"] == 7
        assert len(page["items"]) <= 3
        seen += [item["id"] for item in page["items"]]
        address = page["next"] and page["next"].removeprefix("/api/v1/")
    assert seen == [sample.pk for sample in made]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "9" * 40])
def test_a_page_has_one_to_a_hundred_rows(program, limit):
    answer = program.get(f"samples?limit={limit}")
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("limit: ")
    assert answer.json()["error_type"] == "validation_error"


def test_listing_costs_the_same_for_many(program, user, django_assert_max_num_queries):
    for sample in SampleFactory.create_batch(30, owner=user, tags=["x"]):
        AnalysisFactory(sample=sample, done=True)
    with django_assert_max_num_queries(6):
        assert len(program.get("samples?limit=30").json()["items"]) == 30


def test_upload_takes_the_road_of_the_page(program, user, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = program.upload(
            file=wav(), path="Drums/Kick.wav", genre="Boom bap", tags=["dusty", "loud"]
        )
    assert answer.status_code == 201
    told = answer.json()
    sample = Sample.objects.get()
    assert answer["Location"] == f"/api/v1/samples/{sample.pk}"
    assert sample.owner == user
    assert (told["title"], told["folder"], told["genre"]) == ("Kick", "Drums", "Boom bap")
    assert sorted(told["tags"]) == ["dusty", "loud"]
    assert told["analysis"] == "pending"
    assert Analysis.objects.get().sample == sample
    assert OrmQ.objects.count() == 1  # a worker is woken


def test_the_same_file_again_is_the_same_sample(program, user):
    sound = tone(330)
    first = program.upload(file=wav(sound=sound))
    again = program.upload(file=wav("Other.wav", sound))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]


@pytest.mark.parametrize(
    ("file", "detail", "kind"),
    [
        (
            wav("song.mid"),
            "Unsupported format: .mid. Supported: .wav, .aiff, .aif, .aifc, .mp3, .flac",
            "validation_error",
        ),
        (wav("a.wav", b"not a sound at all"), "Failed to load audio: ", "conversion_error"),
        (wav("empty.wav", b""), "Failed to load audio: ", "conversion_error"),
    ],
)
def test_what_is_no_sound_is_refused(program, file, detail, kind):
    answer = program.upload(file=file)
    assert answer.status_code == 422
    told = answer.json()
    assert told["detail"].startswith(detail)
    assert str(Path(__file__).parents[2]) not in told["detail"]
    assert told["error_type"] == kind
    assert told["context"] == {}
    assert not Sample.objects.exists()


def test_an_upload_needs_a_file(program):
    answer = program.upload(path="Kick.wav")
    assert answer.status_code == 422
    assert answer.json()["detail"] == "No file was sent; it belongs into the field `file`"


def test_tags_and_genre_have_bounds(program):
    for fields in ({"tags": ["x" * 51]}, {"tags": ["x"] * 31}, {"genre": "y" * 61}, {"path": "\0"}):
        assert program.upload(file=wav(), **fields).status_code == 422


def test_a_file_that_is_too_big(program, settings):
    settings.MAX_FILE_BYTES = 1000
    answer = program.upload(file=wav())
    assert answer.status_code == 413
    assert answer.json()["detail"] == "Kick.wav is too big: it may have 1 kB at most."
    assert answer.json()["error_type"] == "validation_error"


def test_no_room_for_an_upload(program, settings):
    settings.RESERVE_BYTES = 10**18
    answer = program.upload(file=wav())
    assert answer.status_code == 507
    assert answer.json()["error_type"] == "storage_error"
    assert not Sample.objects.exists()


def test_strangers_upload_nothing(nobody):
    answer = nobody.client.post("/api/v1/samples", {"file": io.BytesIO(tone())})
    assert answer.status_code == 401
    assert not Sample.objects.exists()


def test_delete_puts_into_the_trash(program, user):
    sample = SampleFactory(owner=user)
    assert program.delete(f"samples/{sample.pk}").status_code == 204
    assert program.get(f"samples/{sample.pk}").json()["in_trash"] is True
    assert program.get("samples").json()["total"] == 0
    assert program.delete(f"samples/{sample.pk}").status_code == 204
