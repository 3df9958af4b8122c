"""Sounds from words for programs: asked for, followed, fetched, kept."""

import pytest
from django.core.files.base import ContentFile
from django.utils.timezone import now

from library import generate, waiting
from library.models import Generation, Prompt, Sample
from tests.factories import GenerationFactory, PromptFactory, tone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def models(settings, monkeypatch):
    """Let the settings name the tests' models; none is made yet."""
    here = "tests.models_of_sound"
    settings.GENERATION_ENGINES = [f"{here}.{name}" for name in ("Tone", "Obedient")]
    monkeypatch.setattr(generate, "_made", {})


def test_from_words_to_a_sound(program, user, work):
    answer = program.post("generations", {"prompt": " a  tone ", "duration": 0.5, "seed": 7})
    assert answer.status_code == 202
    told = answer.json()
    assert answer["Location"] == f"/api/v1/generations/{told['id']}"
    assert told | {"created_at": ""} == {
        "id": told["id"], "prompt": "a tone", "state": "pending", "error": "", "engine": "Tone",
        "engine_version": "1.2", "duration": 0.5, "sample_rate": None, "channels": None,
        "size_bytes": None, "generation_seconds": None, "sample_id": None, "audio": None,
        "metadata": {"seed": 7, "asked_seconds": 0.5},
        "created_at": "", "started_at": None, "finished_at": None,
    }  # fmt: skip
    work()
    path = answer["Location"].removeprefix("/api/v1/")
    done = program.get(path).json()
    sample = Sample.objects.get(owner=user)
    assert (done["state"], done["sample_id"], done["sample_rate"]) == (
        "completed", sample.pk, 44_100,
    )  # fmt: skip
    assert done["metadata"]["loudness_lufs"] == pytest.approx(-16, abs=0.5)
    assert done["metadata"]["limited"] is False
    sound = program.get(done["audio"].removeprefix("/api/v1/"))
    content = b"".join(sound.streaming_content)
    assert (sound["Content-Type"], len(content)) == ("audio/wav", done["size_bytes"])
    part = program.get(done["audio"].removeprefix("/api/v1/"), Range="bytes=0-3")
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"RIFF")
    head = program.call("HEAD", done["audio"].removeprefix("/api/v1/"))
    assert head["Content-Length"] == str(done["size_bytes"])


def test_who_prefers_to_wait_gets_the_result_where_it_is_there(program, user):
    answer = program.post("generations", {"prompt": "a tone"}, Prefer="wait=0")
    assert answer.status_code == 202
    assert answer["Preference-Applied"] == "wait=0"
    row = GenerationFactory(user=user, completed=True)
    answer = program.get(f"generations/{row.pk}", Prefer="wait=5")
    assert answer["Preference-Applied"] == "wait=5"
    assert answer.json()["state"] == "completed"


@pytest.fixture
def meanwhile(monkeypatch):
    """Let somebody delete what a call waits for."""
    monkeypatch.setattr(waiting, "let_go", lambda: Generation.objects.all().delete())


def test_what_is_cancelled_while_a_call_waits_is_404(program, user, meanwhile):
    row = GenerationFactory(user=user)
    answer = program.get(f"generations/{row.pk}", Prefer="wait=5")
    gone = {
        "detail": f"Generation {row.pk} not found", "error_type": "not_found",
        "context": {}, "generation_id": str(row.pk),
    }  # fmt: skip
    assert (answer.status_code, answer.json()) == (404, gone)
    answer = program.post("generations", {"prompt": "a tone"}, Prefer="wait=5")
    assert (answer.status_code, answer.json()["error_type"]) == (404, "not_found")


def test_what_is_deleted_while_it_is_kept_is_404(program, user, monkeypatch):
    row = GenerationFactory(user=user, completed=True)

    def keep(known):
        known.delete()
        known.pk = row.pk
        known.refresh_from_db()

    monkeypatch.setattr(generate, "keep", keep)
    assert program.post(f"generations/{row.pk}/keep").status_code == 404


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": "\u200b"}, "Say in a few words what it should sound like."),
        ({"prompt": "a\0b"}, "Null bytes are not allowed"),
        ({"prompt": "x" * 501}, "prompt"),
        ({}, "prompt"),
        ({"prompt": "x", "duration": 0}, "duration"),
        ({"prompt": "x", "duration": 31}, "A sound lasts 0.1 to 30 seconds."),
        ({"prompt": "x", "engine": "Nobody"}, "There is no model called Nobody."),
        ({"prompt": "x", "seed": -1}, "seed"),
        ({"prompt": "x", "seed": 2**32}, "seed"),
        ({"prompt": "x", "seed": True}, "seed"),
        ({"prompt": "x", "seed": "7"}, "seed"),
        ({"prompt": "x", "duration": True}, "duration"),
        ({"prompt": "x", "seconds": 3}, "seconds"),
    ],
)
def test_what_cannot_be_had_is_told_in_a_sentence(program, sent, sentence):
    answer = program.post("generations", sent)
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]
    assert answer.json()["error_type"] == "validation_error"
    assert not Generation.objects.exists()
    assert not Prompt.objects.exists()


def test_a_full_disk_is_507(program, settings):
    settings.RESERVE_BYTES = 10**18
    answer = program.post("generations", {"prompt": "a tone"})
    assert answer.status_code == 507
    assert answer.json()["error_type"] == "storage_error"


def test_a_failure_tells_its_sentence(program, work):
    asked = program.post("generations", {"prompt": "fail", "engine": "Obedient"}).json()
    work()
    told = program.get(f"generations/{asked['id']}").json()
    assert (told["state"], told["error"]) == ("failed", "Obedient knows no such sound.")
    assert told["audio"] is None


def test_lists_newest_first_and_by_state(program, user, stranger):
    first = GenerationFactory(user=user, completed=True)
    second = GenerationFactory(user=user, waiting=True)
    third = GenerationFactory(user=user)
    GenerationFactory(user=stranger)
    page = program.get("generations?limit=2").json()
    assert (page["total"], page["pages"]) == (3, 2)
    assert [row["id"] for row in page["items"]] == [str(third.pk), str(second.pk)]
    assert page["items"][1]["state"] == "pending"  # it waits for the disk
    rest = program.get("generations?limit=2&page=2").json()["items"]
    assert [row["id"] for row in rest] == [str(first.pk)]
    assert program.get("generations?state=pending").json()["total"] == 2
    assert program.get("generations?state=completed").json()["total"] == 1
    assert program.get("generations?state=failed").json()["total"] == 0
    assert program.get("generations?state=waiting").status_code == 422


def test_a_list_asks_two_questions(program, user, django_assert_max_num_queries):
    for _ in range(100):
        GenerationFactory(user=user, completed=True)
    with django_assert_max_num_queries(6):  # two of them find out who calls
        assert len(program.get("generations?limit=100").json()["items"]) == 100


@pytest.mark.parametrize("state", ["completed", "failed", "processing", "waiting", None])
def test_deleting_takes_off_the_list_whatever_the_state(program, user, state):
    row = GenerationFactory(user=user, **({state: True} if state else {}))
    answer = program.delete(f"generations/{row.pk}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not Generation.objects.exists()
    assert program.delete(f"generations/{row.pk}").status_code == 404


def test_keeping_brings_a_sound_back(program, user, work):
    asked = program.post("generations", {"prompt": "a tone", "duration": 0.5}).json()
    address = f"generations/{asked['id']}/keep"
    early = program.post(address)
    assert early.status_code == 409
    assert early.json() == {
        "detail": "This generation has no sound.", "error_type": "conflict",
        "context": {}, "generation_id": asked["id"],
    }  # fmt: skip
    work()
    sample = Sample.objects.get()
    assert program.post(address).json() == {"sample_id": sample.pk}
    Sample.objects.update(deleted_at=now())
    assert program.post(address).json() == {"sample_id": sample.pk}
    assert Sample.objects.kept().get() == sample


def test_a_file_that_is_gone_is_404(program, user):
    row = GenerationFactory(user=user, completed=True)
    answer = program.get(f"generations/{row.pk}/audio")
    assert answer.status_code == 404
    assert answer.json() == {
        "detail": f"Generation {row.pk} not found", "error_type": "not_found",
        "context": {}, "generation_id": str(row.pk),
    }  # fmt: skip
    row.audio_file.storage.save(row.audio_file.name, ContentFile(tone()))
    assert program.get(f"generations/{row.pk}/audio").status_code == 200


def test_prompts_stand_most_used_first(program, user, stranger):
    PromptFactory(user=user, text="once")
    PromptFactory(user=user, text="often", used_count=9)
    PromptFactory(user=stranger, text="theirs", used_count=99)
    page = program.get("prompts").json()
    assert [(row["text"], row["used_count"]) for row in page["items"]] == [
        ("often", 9),
        ("once", 1),
    ]
    assert page["total"] == 2
