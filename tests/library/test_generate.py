"""From words to a sample: asking, making, keeping, taking back; whatever goes wrong on the way."""

import errno
import inspect
import math
import threading
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django_q.models import OrmQ

from library import generate, labour, storage, trash
from library.audio import headers, read_metadata
from library.dated import DatedFiles
from library.engines import EngineError, known
from library.generate import AskError, FullError
from library.generations_api import Asked
from library.jobs import NoSpaceError, State
from library.management.commands.generate import Command
from library.models import Analysis, Generation, Leftover, MadeFile, Prompt, Sample
from library.usage import QuotaError
from library.views.generations import AskForm
from tests.factories import PadFactory

pytestmark = pytest.mark.django_db

HERE = "tests.models_of_sound"


@pytest.fixture(autouse=True)
def models(settings, monkeypatch):
    """Let the settings name the tests' models; none is made yet."""
    settings.GENERATION_ENGINES = [f"{HERE}.{name}" for name in ("Tone", "Moody", "Obedient")]
    monkeypatch.setattr(generate, "_made", {})


def source():
    return next(kind for kind in labour.SOURCES if kind.name == "generations")


def claim(worker="here:1"):
    (held,) = source().rows().claim(worker)
    return held


def make(generation):
    """Let a worker do it, and return the row as it then is."""
    labour.run(source(), [claim()])
    generation.refresh_from_db()
    return generation


def made(user, prompt="dusty 808 kick", **more):
    """Return a generation that became a sound."""
    return make(generate.ask(user, prompt, **{"duration": 0.5, **more}))


def files():
    return [entry.name for entry in DatedFiles().between()]


# ── Asking ──────────────────────────────────────────────────────────────────


def test_words_become_a_row_and_a_prompt_and_a_worker_is_woken(
    user, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        asked = generate.ask(user, "  dusty \n 808\tkick\x00\u200b ", duration=2)
    assert (asked.prompt, asked.duration, asked.state) == ("dusty 808 kick", 2, State.PENDING)
    assert (asked.model_name, asked.model_version) == ("Tone", "1.2")
    assert asked.metadata["asked_seconds"] == 2
    assert 0 <= asked.metadata["seed"] < 2**32
    assert Prompt.objects.get(user=user).text == "dusty 808 kick"
    assert OrmQ.objects.count() == 1


def test_seeds_come_by_chance_unless_given(user):
    assert len({generate.ask(user, "kick").metadata["seed"] for _ in range(5)}) == 5
    assert generate.ask(user, "kick", seed=0).metadata["seed"] == 0


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"prompt": " \n\u200b "}, "Say in a few words what it should sound like."),
        ({"prompt": "x" * 501}, "At most 500 characters; these are 501."),
        ({"duration": 0.05}, "A sound lasts 0.1 to 30 seconds."),
        ({"duration": 30.5}, "A sound lasts 0.1 to 30 seconds."),
        ({"duration": math.nan}, "A sound lasts 0.1 to 30 seconds."),
        ({"seed": -1}, "A seed is a whole number from 0 to 4294967295."),
        ({"seed": 2**32}, "A seed is a whole number from 0 to 4294967295."),
        ({"engine": "Nope"}, "There is no model called Nope. There are: Tone, Moody, Obedient."),
    ],
)
def test_what_cannot_be_had_is_said_and_nothing_is_written(user, about, words):
    asked = {"prompt": "kick", **about}
    with pytest.raises(AskError, match=words.replace(".", r"\.")):
        generate.ask(user, asked.pop("prompt"), **asked)
    assert not Generation.objects.exists()
    assert not Prompt.objects.exists()


def test_without_room_nothing_is_asked_for(user, settings, monkeypatch):
    settings.QUOTA_BYTES = 1_000_000
    with pytest.raises(FullError, match="Your share of this machine is used up"):
        generate.ask(user, "kick", duration=4)
    settings.QUOTA_BYTES = 0
    monkeypatch.setattr(storage, "free_bytes", lambda: 1000)
    with pytest.raises(FullError, match="No room left") as raised:
        generate.ask(user, "kick", duration=4)
    assert isinstance(raised.value, AskError)
    assert isinstance(raised.value, NoSpaceError)
    assert not Generation.objects.exists()


def test_models_are_known_by_name_in_the_order_of_the_settings(settings, user):
    assert list(generate.engines()) == ["Tone", "Moody", "Obedient"]
    settings.GENERATION_ENGINES = ["no.such.Model", f"{HERE}.Silent", f"{HERE}.Moody"]
    assert list(generate.engines()) == ["Moody"]
    settings.GENERATION_ENGINES = []
    with pytest.raises(AskError, match="There is no model on this machine"):
        generate.ask(user, "kick")


def test_an_engine_needs_nothing_but_generate(user, settings):
    settings.GENERATION_ENGINES = [f"{HERE}.Bare", f"{HERE}.Settled"]
    asked = generate.ask(user, "kick", duration=0.5)
    assert (asked.model_name, asked.model_version) == ("Bare", "")
    assert make(asked).is_completed
    assert made(user, "kick", engine="Settled").model_version == "v" * 100


def test_an_engine_is_imported_once_and_so_is_one_that_cannot_be(settings, monkeypatch, caplog):
    asked = []

    def fail(path):
        asked.append(path)
        raise ZeroDivisionError("a fault of its own")

    monkeypatch.setattr(known, "import_string", fail)
    settings.GENERATION_ENGINES = [f"{HERE}.Once"]
    for _ in range(3):
        assert generate.engines() == {}
    with pytest.raises(EngineError, match=r"There is no engine .*Once: a fault of its own"):
        known.engine_at(f"{HERE}.Once")
    assert asked == [f"{HERE}.Once"]
    assert len(caplog.records) == 1


# ── Making ──────────────────────────────────────────────────────────────────


def test_a_worker_makes_a_sample_with_all_its_facts(user):
    one = made(user, "dusty 808 kick", seed=340)
    assert (one.state, one.attempts, one.error) == (State.COMPLETED, 1, "")
    assert one.finished_at >= one.started_at >= one.created_at
    assert (one.sample_rate, one.channels, one.duration) == (44_100, 1, 0.5)
    assert one.generation_seconds > 0
    day = f"{one.created_at:%Y/%m/%d}"
    assert files() == [str(one.audio_file)] == [f"{day}/{one.pk}.wav"]
    with one.audio_file.open() as file:
        content = file.read()
    assert one.file_size == len(content)
    told = one.metadata
    assert (told["seed"], told["asked_seconds"], told["limited"]) == (340, 0.5, False)
    assert told["loudness_lufs"] == pytest.approx(-16, abs=0.1)
    assert told["true_peak_dbtp"] < -1
    assert told["dynamic_range_db"] == pytest.approx(3.01, abs=0.05)
    assert {"bpm", "key", "peak_amplitude", "rms_energy", "bit_depth"} <= told.keys()

    sample = one.sample
    assert (sample.owner, sample.title, sample.source) == (user, "dusty 808 kick", "Tone")
    assert (sample.sample_class, sample.class_guessed) == ("kick", True)
    assert [tag.name for tag in sample.tags.all()] == ["generated"]
    with default_storage.open(sample.blob) as file:
        assert file.read() == content
    assert Analysis.objects.get(sample=sample).state == State.PENDING


def test_a_stereo_model_without_a_seed(user):
    one = made(user, engine="Moody", seed=7)
    assert (one.channels, one.sample_rate) == (2, 48_000)
    assert "seed" not in one.metadata


def test_a_model_is_made_once_and_takes_each_seed(user, monkeypatch):
    born, seeds = [], []
    kind = generate.engines()["Tone"]

    def init(self):
        born.append(self)

    monkeypatch.setattr(kind, "__init__", init)
    plain = kind.generate
    monkeypatch.setattr(
        kind, "generate", lambda self, *asked: seeds.append(self.seed) or plain(self, *asked)
    )
    for seed in (5, 6):
        made(user, seed=seed)
    assert len(born) == 1
    assert seeds == [5, 6]


def test_the_same_words_and_seed_are_one_sample(user, stranger):
    one, two, other = made(user, seed=1), made(user, seed=1), made(stranger, seed=1)
    assert one.sample == two.sample != other.sample
    assert Sample.objects.count() == 2
    assert len(files()) == 3


def test_silence_is_a_sound_with_no_loudness(user):
    one = made(user, "silence", engine="Obedient")
    assert one.is_completed
    assert one.metadata["loudness_lufs"] is None


def test_what_its_peaks_hold_down_is_said_so(user):
    one = made(user, "clicks", engine="Obedient")
    assert one.metadata["limited"] is True
    assert one.metadata["loudness_lufs"] < -16.5
    assert one.metadata["true_peak_dbtp"] == pytest.approx(-1, abs=0.1)


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("fail", "Obedient knows no such sound."),
        ("nan", "Obedient made no sound that can be used: "),
        ("memory", "Obedient needs more memory than there is. Ask for a shorter sound."),
        ("bug", "Obedient failed: ZeroDivisionError."),
    ],
)
def test_what_a_model_cannot_do_is_said(user, prompt, words):
    one = made(user, prompt, engine="Obedient")
    assert one.is_failed
    assert one.error.startswith(words)
    assert one.error.endswith(".")
    assert not Sample.objects.exists()
    assert not files()
    assert left(storage.settings.TMP_DIR) == []


def left(folder):
    return [path.name for path in folder.iterdir()]


def test_a_model_that_is_gone_or_cannot_be_made(user, settings):
    asked = generate.ask(user, "kick", engine="Moody")
    settings.GENERATION_ENGINES = [f"{HERE}.Unmade"]
    assert make(asked).error == "There is no model called Moody any more."
    assert make(generate.ask(user, "kick")).error == (
        "The weights of Unmade are missing. Download them first."
    )


def test_a_full_disk_lets_it_wait_before_the_model_is_troubled(user, monkeypatch):
    asked = generate.ask(user, "bug", engine="Obedient")
    with monkeypatch.context() as then:
        then.setattr(storage, "free_bytes", lambda: 1000)
        assert make(asked).state == State.WAITING
    assert asked.error.startswith("No room left on this machine")
    assert asked.attempts == 0


def test_a_disk_that_fills_up_meanwhile_lets_it_wait_too(user, monkeypatch):
    asked = generate.ask(user, "kick", duration=0.5)

    def full(self, source, name):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as then:
        then.setattr(DatedFiles, "put", full)
        assert make(asked).state == State.WAITING
    assert not Sample.objects.exists()
    assert not asked.audio_file
    Generation.objects.update(state=State.PENDING)
    assert make(asked).is_completed


def test_a_used_up_share_lets_it_wait(user, settings):
    asked = generate.ask(user, "kick")
    settings.QUOTA_BYTES = 1000
    assert make(asked).state == State.WAITING
    assert asked.error.startswith("Your share")


# ── Two workers, and rows that go ───────────────────────────────────────────


def test_of_two_workers_the_one_that_lost_the_row_keeps_nothing(user, monkeypatch):
    asked = generate.ask(user, "kick", engine="Moody", duration=0.5)
    late = claim("slow:1")
    Generation.objects.update(state=State.PENDING)
    done = make(asked)
    before = read_metadata(done.audio_file.path)
    late.audio_file = ""
    labour.run(source(), [late])
    done.refresh_from_db()
    assert done.is_completed
    assert Sample.objects.count() == 1
    assert read_metadata(done.audio_file.path) == before
    assert left(storage.settings.TMP_DIR) == []
    # What it had stored for its sample is noted, to be removed when it is a day old.
    assert Leftover.objects.exclude(sha256=done.sample.sha256).count() == 1


def test_a_worker_that_went_down_after_the_sample_is_finished_by_another(user):
    asked = generate.ask(user, "kick", engine="Moody", duration=0.5)
    first = claim("dead:1")
    assert generate.work(first)["sample"]  # and the end was never written
    Generation.objects.update(state=State.PENDING)
    one = make(asked)
    assert (one.state, one.attempts) == (State.COMPLETED, 2)
    assert Sample.objects.get() == one.sample
    assert one.metadata["loudness_lufs"] is not None
    assert files() == [str(one.audio_file)]


def test_a_file_whose_row_was_never_written_is_written_over(user, monkeypatch):
    asked = generate.ask(user, "kick", engine="Moody", duration=0.5)
    put = DatedFiles.put

    def killed(self, source, name):
        put(self, source, name)
        raise KeyboardInterrupt  # nothing that the job machine would catch

    with monkeypatch.context() as then:
        then.setattr(DatedFiles, "put", killed)
        with pytest.raises(KeyboardInterrupt):
            generate.work(claim("dead:1"))
    assert not Sample.objects.exists()
    assert files() == [generate.name_for(asked)]
    assert Leftover.objects.count() == 1  # the content that was stored for the sample
    assert MadeFile.objects.get().name == generate.name_for(asked)  # and the file without a row
    Generation.objects.update(state=State.PENDING)
    one = make(asked)
    assert files() == [str(one.audio_file)]
    assert one.file_size == one.audio_file.size
    assert headers.probe(Path(one.audio_file.path)).seconds == one.duration


@pytest.mark.parametrize("state", [State.PENDING, State.WAITING, State.PROCESSING])
def test_what_is_not_made_yet_can_be_cancelled(user, state):
    asked = generate.ask(user, "kick", duration=0.5)
    Generation.objects.update(state=state)
    assert generate.cancel(asked)
    assert not Generation.objects.exists()
    assert not generate.cancel(asked)


def test_the_work_at_a_cancelled_one_is_for_nothing(user):
    asked = generate.ask(user, "kick", duration=0.5)
    held = claim()
    generate.cancel(asked)
    labour.run(source(), [held])
    assert not Sample.objects.exists()
    assert not Generation.objects.exists()
    assert not files()


@pytest.mark.django_db(transaction=True)
def test_cancelling_in_the_moment_of_writing_comes_too_late(user, monkeypatch):
    asked = generate.ask(user, "kick", duration=0.5)
    put, said = DatedFiles.put, []

    def cancel():
        said.append(generate.cancel(asked))
        connection.close()

    meanwhile = threading.Thread(target=cancel)

    def put_meanwhile(self, source, name):
        put(self, source, name)
        meanwhile.start()
        meanwhile.join(0.3)
        assert not said  # it waits for the end of this transaction

    monkeypatch.setattr(DatedFiles, "put", put_meanwhile)
    one = make(asked)
    meanwhile.join(20)
    assert said == [False]
    assert one.is_completed
    assert files() == [str(one.audio_file)]


def test_what_is_made_is_not_cancelled_but_deleted(user):
    one = made(user)
    pad = PadFactory(kit__owner=user, sample=one.sample)
    assert not generate.cancel(one)
    assert generate.delete(one)
    assert not files()
    assert not Generation.objects.exists()
    pad.refresh_from_db()
    assert default_storage.exists(pad.sample.blob)


def test_what_is_in_work_is_not_deleted(user):
    asked = generate.ask(user, "fail", engine="Obedient")
    assert not generate.delete(asked)
    assert make(asked).is_failed
    assert generate.delete(asked)
    assert not Generation.objects.exists()


def test_what_is_made_but_for_its_end_is_deleted_and_its_worker_finds_out(user):
    asked = generate.ask(user, "kick", duration=0.5)
    held = claim()
    generate.work(held)
    assert not generate.cancel(asked)
    assert generate.delete(asked)
    assert held.finish() is False
    assert not files()
    assert Sample.objects.count() == 1


# ── Once more, and back into the library ────────────────────────────────────


def test_again_is_the_same_with_another_seed(user):
    one = made(user, "deep bass", engine="Tone", seed=5)
    Generation.objects.filter(pk=one.pk).update(duration=0.51)  # a model need not be exact
    one.refresh_from_db()
    two = generate.again(one)
    assert (two.prompt, two.duration, two.model_name) == ("deep bass", 0.5, "Tone")
    assert two.metadata["seed"] != 5
    assert two.pk != one.pk
    assert Prompt.objects.get().used_count == 2


def test_again_without_its_model(user, settings):
    one = made(user)
    settings.GENERATION_ENGINES = [f"{HERE}.Moody"]
    with pytest.raises(AskError, match="There is no model called Tone"):
        generate.again(one)


def test_a_sound_that_is_in_the_library_stays_as_it_is(user):
    one = made(user)
    assert generate.keep(one) == one.sample
    assert Sample.objects.count() == 1


def test_a_sound_comes_back_from_the_trash(user):
    one = made(user)
    Sample.objects.update(deleted_at=one.finished_at)
    assert generate.keep(one).deleted_at is None
    assert Sample.objects.get(deleted_at=None) == one.sample


def test_a_sound_that_was_deleted_for_good_comes_back_from_its_own_file(user):
    one = made(user)
    default_storage.delete(one.sample.blob)
    Sample.objects.update(deleted_at=one.finished_at)
    trash.empty(user)
    one.refresh_from_db()
    assert (one.sample, one.is_completed) == (None, True)
    sample = generate.keep(one)
    one.refresh_from_db()
    assert one.sample == sample
    assert sample.source == "Tone"
    assert default_storage.exists(sample.blob)
    assert files() == [str(one.audio_file)]


def test_a_sound_whose_file_is_gone_everywhere_cannot_come_back(user):
    one = made(user)
    one.sample.delete()
    default = DatedFiles().storage
    default.delete(str(one.audio_file))
    with pytest.raises(AskError, match="The file of this sound is not there"):
        generate.keep(one)
    failed = made(user, "fail", engine="Obedient")
    with pytest.raises(AskError, match="This generation has no sound"):
        generate.keep(failed)


def test_no_room_to_come_back(user, settings):
    one = made(user)
    one.sample.delete()
    settings.QUOTA_BYTES = 10
    with pytest.raises(FullError, match="Your share"):
        generate.keep(one)


# ── Room ────────────────────────────────────────────────────────────────────


def test_files_of_generations_count_as_a_persons_own(user, stranger, settings):
    one = made(user)
    made(stranger)
    assert generate.in_use(user) == one.file_size
    settings.QUOTA_BYTES = 2 * one.file_size + 10_000
    with pytest.raises(QuotaError):
        generate.usage.require(user, 20_000)
    generate.delete(one)
    assert generate.in_use(user) == 0


# ── Names ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ('kick/snare: "hard" <now>?', "kick snare hard now"),
        ("808 kick 140 bpm in C minor", "808 kick 140 bpm in C minor"),
        ("F# pad", "F# pad"),
        ("...", "Sound"),
        ("../../etc/passwd", "etc passwd"),
        ("ein Händeklatschen mit 50 % Hall", "ein Händeklatschen mit 50 % Hall"),
        ("word " * 40, ("word " * 16).strip()),
        ("x" * 120, "x" * 80),
        ("kick.mp3", "kick.mp3"),
    ],
)
def test_a_sample_is_called_by_the_words(user, prompt, title):
    assert made(user, prompt, duration=0.1).sample.title == title


# ── Somewhere else ──────────────────────────────────────────────────────────


def test_a_bucket_keeps_the_files_just_as_well(user, settings):
    backend = {"BACKEND": "tests.library.test_dated.Bucket"}
    settings.STORAGES = settings.STORAGES | {"generations": backend}
    one = made(user)
    bucket = DatedFiles().storage
    assert files() == list(bucket.objects) == [str(one.audio_file)]
    assert one.file_size == bucket.size(str(one.audio_file))
    one.sample.delete()
    assert default_storage.exists(generate.keep(one).blob)
    assert generate.delete(one)
    assert not bucket.objects
    assert left(storage.settings.TMP_DIR) == []


def test_the_usual_length_is_the_same_wherever_sounds_are_asked_for():
    usual = inspect.signature(generate.ask).parameters["duration"].default
    assert usual == generate.USUAL == Asked(prompt="kick").duration
    parser = Command().create_parser("manage.py", "generate")
    assert parser.parse_args(["kick"]).seconds == usual
    assert AskForm().fields["seconds"].initial == f"{usual:g}"
