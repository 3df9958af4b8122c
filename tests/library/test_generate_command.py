"""`manage.py generate`: from words to a sound in the library, without a browser."""

import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from library import generate, labour, storage
from library.jobs import State
from library.management.commands import generate as command
from library.models import ApiToken, Generation, Sample, WorkerBeat
from library.stand_in import StandIn
from tests.api.conftest import Program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def models(settings, monkeypatch):
    """Let the settings name the tests' models; nobody waits long for anything."""
    settings.GENERATION_ENGINES = [f"tests.models_of_sound.{name}" for name in ("Tone", "Obedient")]
    monkeypatch.setattr(generate, "_made", {})
    monkeypatch.setattr(command, "PATIENCE", 0.0)
    monkeypatch.setattr(StandIn, "look", work_here)


def work_here(stand_in):
    """Do what the child would; a real one is in test_stand_in.py."""
    if not WorkerBeat.any_alive():
        stand_in.work("here:1")


def run(*words):
    out = StringIO()
    call_command("generate", *words, stdout=out)
    return out.getvalue()


def test_words_become_a_sound_of_the_local_user():
    told = run("deep bass", "--seconds", "0.5")
    made = Generation.objects.get()
    assert (made.state, made.sample.title, made.user.username) == (
        State.COMPLETED, "deep bass", "local",
    )  # fmt: skip
    assert re.fullmatch(
        rf"deep bass: 0\.50 s, -16\.0 LUFS, made by Tone in \d\.\d s\. "
        rf"It is in the library as sound {made.sample.pk}\.\n",
        told,
    )


def test_all_that_can_be_chosen_and_told_to_programs(user):
    words = ("kick", "--seconds=0.3", "--engine=Tone", "--seed=340", f"--owner={user.username}")
    told = json.loads(run(*words, "--json"))
    made = Generation.objects.get(user=user)
    assert told["id"] == str(made.pk)
    assert (told["state"], told["engine"], told["engine_version"]) == ("completed", "Tone", "1.2")
    assert (told["duration"], told["sample_rate"], told["channels"]) == (0.3, 44_100, 1)
    assert told["audio"] == f"/api/v1/generations/{made.pk}/audio"
    assert (told["metadata"]["seed"], told["error"]) == (340, "")
    assert (told["sample_id"], told["size_bytes"]) == (made.sample.pk, made.file_size)
    program = Program(ApiToken(owner=user, name="test").issue())
    assert told == program.get(f"generations/{made.pk}").json()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["  "], "Say in a few words"),
        (["kick", "--seconds=99"], "A sound lasts 0.1 to 30 seconds."),
        (["kick", "--engine=Nope"], "There is no model called Nope."),
        (["kick", "--owner=nobody"], "There is no user called nobody."),
        (["fail", "--engine=Obedient"], "Obedient knows no such sound."),
    ],
)
def test_what_went_wrong_is_the_last_word(words, sentence):
    with pytest.raises(CommandError) as raised:
        run(*words)
    assert str(raised.value).startswith(sentence)
    assert raised.value.returncode == 1
    assert not Sample.objects.exists()


def test_a_failure_is_told_to_programs_as_well():
    out = StringIO()
    with pytest.raises(CommandError, match="Obedient knows no such sound"):
        call_command("generate", "fail", "--engine=Obedient", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["state"], told["error"]) == ("failed", "Obedient knows no such sound.")


def test_a_full_disk_ends_the_waiting_and_not_the_sound(monkeypatch):
    room = iter([10**12])
    monkeypatch.setattr(storage, "free_bytes", lambda: next(room, 0))
    with pytest.raises(CommandError, match=r"No room left .* It is tried again by itself"):
        run("kick")
    assert Generation.objects.get().state == State.WAITING


def test_a_fault_of_the_machine_is_not_told_as_a_lack_of_room(monkeypatch):
    def fault(*_about):
        raise OSError("disk")

    monkeypatch.setattr("library.audio.write_audio", fault)
    out = StringIO()
    with pytest.raises(CommandError) as raised:
        call_command("generate", "kick", "--json", stdout=out)
    assert str(raised.value) == (
        "The machine could not do this just now. It is tried again by itself while Padcrate runs."
    )
    assert json.loads(out.getvalue())["state"] == "pending"


def test_only_its_own_sound_is_made(user):
    older = generate.ask(user, "somebody's")
    run("kick", "--seconds=0.3")
    older.refresh_from_db()
    assert older.state == State.PENDING


def test_where_workers_live_they_make_it(monkeypatch):
    WorkerBeat.objects.create(name="here", beat_at=now())
    looks = []

    def look(_seconds):
        looks.append(Generation.objects.get().state)
        if len(looks) == 2:  # now a worker comes round
            labour.work_once("here:1")

    monkeypatch.setattr(command.time, "sleep", look)
    run("kick", "--seconds=0.3")
    assert looks == [State.PENDING, State.PENDING]
    assert Generation.objects.get().is_completed


def test_a_sound_that_somebody_cancels_meanwhile_is_said(monkeypatch):
    WorkerBeat.objects.create(name="here", beat_at=now())
    monkeypatch.setattr(command.time, "sleep", lambda _: Generation.objects.all().delete())
    with pytest.raises(CommandError, match="It was cancelled"):
        run("kick")


def test_ctrl_c_takes_it_back(monkeypatch):
    def interrupted(_stand_in):
        raise KeyboardInterrupt

    monkeypatch.setattr(StandIn, "look", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run("kick")
    assert not Generation.objects.exists()
