"""From words to a sound in the library: asking for one, making it, and what follows.

A worker makes it (`work`). In one transaction the row gets its facts, the file its lasting name and
the library its sample, so that a worker may be killed at any point: whoever goes on finds either
all of it or nothing, and makes no second sample.
"""

import math
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, Sum

from library import engine_faults, ingest, storage, tasks, usage
from library.dated import DatedFiles, day_of, name_of, note
from library.engines import LONGEST_NAME, Engine
from library.engines.known import engines
from library.ingest import Label
from library.jobs import OPEN_STATES, SECOND_BYTES, JobError, NoSpaceError, State
from library.models import Generation, Leftover, Sample
from library.models.prompts import MOST_WORDS
from library.wording import clean, file_name

SHORTEST = 0.1  # seconds
SEEDS = 2**32  # numpy and torch take seeds below it
USUAL = 4.0  # seconds
COPIES = 1 + ingest.COPIES  # the generation's own file and those of its sample
TAG = "generated"


class AskError(Exception):
    """This cannot be had; the message is a sentence for people."""


class FullError(NoSpaceError, AskError):
    """There is no room for it: the disk is full, or a person's share of it is used up."""


class _LostError(Exception):
    """The row is another worker's, or was deleted: nothing was written."""


# ── Asking ──────────────────────────────────────────────────────────────────


def ask(
    user: User, prompt: str, *, duration: float = USUAL, engine: str = "", seed: int | None = None
) -> Generation:
    """Ask for a sound of so many seconds, and wake a worker once the row is committed.

    engine: its name, the first of the settings by default. seed: a number below 2**32, by chance
    unless given. Raises AskError; FullError, which is one, when there is no room.
    """
    words = clean(prompt)
    _check_words(words)
    longest = settings.LONGEST_GENERATION
    if not (math.isfinite(duration) and SHORTEST <= duration <= longest):
        raise AskError(f"A sound lasts {SHORTEST:g} to {longest:g} seconds.")
    if seed is not None and not 0 <= seed < SEEDS:
        raise AskError(f"A seed is a whole number from 0 to {SEEDS - 1}.")
    kind = _chosen(engine)
    try:
        _require_room(user, duration)
    except NoSpaceError as full:
        raise FullError(str(full)) from full
    with transaction.atomic():
        generation = Generation.objects.create(
            user=user,
            prompt=words,
            model_name=kind.name,
            model_version=kind.version,
            duration=duration,
            metadata={
                "seed": secrets.randbelow(SEEDS) if seed is None else seed,
                "asked_seconds": duration,
            },
        )
        tasks.wake()
    return generation


def _check_words(words: str) -> None:
    if not words:
        raise AskError("Say in a few words what it should sound like.")
    if len(words) > MOST_WORDS:
        raise AskError(f"At most {MOST_WORDS} characters; these are {len(words)}.")


def _chosen(name: str) -> type[Engine]:
    known = engines()
    if not known:
        raise AskError("There is no model on this machine that makes sounds.")
    if not name:
        return next(iter(known.values()))
    if name not in known:
        raise AskError(f"There is no model called {name}. There are: {', '.join(known)}.")
    return known[name]


def _require_room(user: User, seconds: float) -> None:
    """Raise NoSpaceError where a sound of that length would not fit."""
    size = round(seconds * SECOND_BYTES)
    usage.require(user, 2 * size)  # the quota counts the generation's file and the sample's
    storage.require_space(COPIES * size)


def again(generation: Generation) -> Generation:
    """Ask for the same words and length of the same model, with another seed. Raises AskError."""
    return ask(
        generation.user,
        generation.prompt,
        duration=generation.metadata.get("asked_seconds", generation.duration),
        engine=generation.model_name,
    )


def cancel(generation: Generation) -> bool:
    """Take a generation back that is not made yet; False when it has been made meanwhile.

    A worker that is at it finds out when it is done, and keeps nothing.
    """
    return _forget(generation, Q(state__in=OPEN_STATES, audio_file=""))


def delete(generation: Generation) -> bool:
    """Delete a generation that is made or has failed, with its file; its sample stays."""
    return _forget(generation, ~Q(state__in=OPEN_STATES, audio_file=""))


def _forget(generation: Generation, only: Q) -> bool:
    rows = Generation.objects.filter(only, pk=generation.pk)
    with transaction.atomic():
        name = rows.select_for_update().values_list("audio_file", flat=True).first()
        gone, _ = rows.delete()
    if gone:
        DatedFiles().delete(name or name_for(generation))
    return bool(gone)


# ── Making ──────────────────────────────────────────────────────────────────


_made: dict[type[Engine], Engine] = {}  # in this process: a model is loaded once


def _engine(name: str) -> Engine:
    """Return the engine of this name; raises JobError where there is none."""
    kind = engines().get(name)
    if kind is None:
        raise JobError(f"There is no model called {name} any more.")
    if kind not in _made:
        with engine_faults.told(name):
            _made[kind] = kind()
    return _made[kind]


def name_for(generation: Generation) -> str:
    """Return the name of its file, by the day it was asked for: each try has the same."""
    return name_of(generation.pk, day_of(generation.created_at))


def work(generation: Generation) -> dict[str, Any]:
    """Make the sound and take it into the library; return the facts for its row.

    Raises JobError with a sentence for people, NoSpaceError when there is no room.
    """
    files = DatedFiles()
    if generation.audio_file and files.storage.exists(str(generation.audio_file)):
        return {}  # all but the end was written by a worker that then was killed
    _require_room(generation.user, generation.duration)
    engine = _engine(generation.model_name)
    with storage.scratch(".wav") as path:
        facts = _make(engine, generation, path)
        facts["audio_file"] = name = name_for(generation)
        note(name)  # before the transaction: a crash may leave the file alone

        def record(sample: Sample) -> None:
            if not generation.held(State.COMPLETED).update(**facts, sample=sample):
                raise _LostError
            files.put(path, name)

        try:
            facts["sample"] = _take_in(generation, path, record)
        except _LostError:
            return {}  # whoever writes the end finds out as well
        except ingest.Refused as reason:
            raise JobError(str(reason)) from reason
    tasks.wake()
    return facts


def _make(engine: Engine, generation: Generation, path: Path) -> dict[str, Any]:
    """Let the model make the sound and write it; return the facts of the file."""
    from library.audio import read_metadata, write_audio  # pages need neither

    told = {"seed": secrets.randbelow(SEEDS)} | generation.metadata
    with engine_faults.told(engine.name):
        if hasattr(engine, "seed"):
            engine.seed = told["seed"]
        else:
            del told["seed"]  # it would do nothing
        began = time.monotonic()
        made = engine.generate(generation.prompt, generation.duration)
        took = time.monotonic() - began
    with engine_faults.usable(engine.name):
        sound, rate = engine_faults.unpacked(made)
        written = write_audio(sound, path, rate)
        known = read_metadata(path, bpm=True, key=True)
    if said := getattr(engine, "note", ""):
        told["note"] = said
    heard = asdict(known)
    return {
        "model_version": str(engine.version)[:LONGEST_NAME],  # now it is made
        "duration": heard.pop("duration_seconds"),
        "sample_rate": heard.pop("sample_rate"),
        "channels": heard.pop("channels"),
        "file_size": heard.pop("file_size_bytes"),
        "generation_seconds": took,
        "metadata": told | heard | {"limited": written.limited},
    }


def _take_in(generation: Generation, path: Path, record: Callable[[Sample], object]) -> Sample:
    """Take a sound into its owner's library; `record` is called in the transaction of its row."""
    with ingest.at_hand(path, file_name(generation.prompt)) as arrival:
        # Where this ends here, the stored content is known as a leftover.
        Leftover.objects.bulk_create([Leftover(sha256=arrival.sha256)], ignore_conflicts=True)
        mine = Sample.objects.filter(owner=generation.user, sha256=arrival.sha256)

        def write(outcome: ingest.Outcome) -> None:
            if outcome == "added":
                mine.update(source=generation.model_name)
            record(mine.get())

        label = Label(path=file_name(generation.prompt), tags=(TAG,))
        added = ingest.add_arrival(
            owner=generation.user, arrival=arrival, label=label, record=write
        )
    return mine.get(pk=added.sample.pk)


def keep(generation: Generation) -> Sample:
    """Return its sound in the library; one that was thrown away or deleted comes back.

    Raises AskError.
    """
    generation.refresh_from_db(fields=["sample", "audio_file"])
    known = generation.sample
    if known is not None and known.deleted_at is None and not known.is_missing:
        return known
    rows = Generation.objects.filter(pk=generation.pk)
    if not generation.audio_file:
        raise AskError("This generation has no sound.")
    with _in_words(), storage.scratch(".wav") as path:
        DatedFiles().fetch(str(generation.audio_file), path)
        sample = _take_in(generation, path, lambda made: rows.update(sample=made))
    generation.sample = sample
    tasks.wake()
    return sample


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as gone:
        raise AskError("The file of this sound is not there.") from gone
    except NoSpaceError as full:
        raise FullError(str(full)) from full
    except ingest.Refused as reason:
        raise AskError(str(reason)) from reason


def in_use(user: User) -> int:
    """Return the bytes of the files of a person's generations."""
    rows = Generation.objects.owned_by(user).exclude(audio_file="")
    return rows.aggregate(total=Sum("file_size"))["total"] or 0
