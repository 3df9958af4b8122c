"""Which sounds of one person hold the same recording: found by workers, kept in a file.

Each sound is compared with those that were there before it: of all that are near it by their 64
numbers, the nearest are held against it by their fingerprints. What was heard since is compared
when somebody looks; the file may be deleted at any time.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import uuid4
from zipfile import BadZipFile

import numpy as np
from django.conf import settings
from django.contrib.auth.models import User

from library.models import Hearing
from library.similar.keeping import database, matrix_of, newest
from library.similar.matrix import Matrix, Numbers

NEAR = 0.85
"""Cosine from which on two sounds may be copies: on copies of recordings that were coded, made
softer, resampled or given silence it was .99 as a rule, on trimmed ones .88 in the worst twentieth.
"""

MOST = 6
"""Of the nearest before it that a sound is held against; copies were among the first three."""

PATIENCE = 30.0
"""Seconds after which a worker that was asked and shows nothing is asked again."""

BATCH = 32
"""Sounds that are compared at once: with 100 000 others a table of 13 MB."""

NEVER = np.float32(-2)


@dataclass(frozen=True, eq=False)
class Pairs:
    """What is known of copies. upto: all hearings to here are compared. pairs: int64 (p, 2)."""

    upto: int
    pairs: Numbers

    @classmethod
    def of(cls, user: User) -> Self:
        """Return what the file holds; nothing without one, or one of another database."""
        try:
            with np.load(path_of(user), allow_pickle=False) as stored:
                made = int(stored["database"])
                known = cls(min(int(stored["upto"]), newest()), stored["pairs"])
        except (ValueError, KeyError, EOFError, OSError, BadZipFile):
            return cls.none()
        return known if made == database() else cls.none()

    @classmethod
    def none(cls) -> Self:
        """Return that nothing has been compared."""
        return cls(0, np.empty((0, 2), np.int64))

    def write(self, user: User) -> None:
        """Store it whole."""
        path = path_of(user)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = settings.TMP_DIR / f"{uuid4().hex}.part"
        try:
            with part.open("xb") as file:
                np.savez(file, upto=self.upto, database=database(), pairs=self.pairs)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def path_of(user: User) -> Path:
    """Return where a person's file lies; the folder `cache` may be emptied at any time."""
    return Path(settings.MEDIA_ROOT) / "cache" / "copies" / f"{user.pk}.npz"


def claim(user: User) -> bool:
    """Tell whether a worker is to be asked now: not while one was a moment ago."""
    mark = path_of(user).with_suffix(".asked")
    try:
        if time.time() - mark.stat().st_mtime < PATIENCE:
            return False
    except FileNotFoundError:
        mark.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark.touch()
    return True


def waiting(user: User, known: Pairs) -> int:
    """Return how many sounds have not been compared yet."""
    return Hearing.objects.filter(pk__gt=known.upto, sample__owner=user).count()


def compare(user: User, seconds: float) -> bool:
    """Compare what was heard since, for some seconds; False when there is more to do."""
    until = time.monotonic() + seconds
    known = Pairs.of(user)
    fresh = Hearing.objects.filter(pk__gt=known.upto, sample__owner=user).order_by("pk")
    rows = np.array(list(fresh.values_list("pk", "sample_id")), np.int64).reshape(-1, 2)
    if not len(rows):
        return True
    matrix = matrix_of(user)
    turn = _turns(matrix, rows[:, 1])
    pairs = [known.pairs[~np.isin(known.pairs, rows[:, 1]).any(axis=1)]]
    upto = known.upto
    for start in range(0, len(rows), BATCH):
        if start and time.monotonic() > until:
            break
        some = rows[start : start + BATCH]
        pairs.append(_copies(_candidates(matrix, turn, some[:, 1])))
        upto = int(some[-1, 0])
    Pairs(upto, np.concatenate(pairs)).write(user)
    path_of(user).with_suffix(".asked").unlink(missing_ok=True)
    return upto == int(rows[-1, 0])


def _turns(matrix: Matrix, fresh: Numbers) -> Numbers:
    """Return for each row of the matrix when it is compared: -1 for what has been."""
    turns = np.full(len(matrix.ids), -1, np.int64)
    for turn, sample in enumerate(fresh.tolist()):
        place = matrix.place_of(sample)
        if place is not None:
            turns[place] = turn
    return turns


def _candidates(matrix: Matrix, turn: Numbers, samples: Numbers) -> Numbers:
    """Return pairs (int64 (p, 2)) of these sounds and the nearest of those before them."""
    places = matrix.places_of(np.sort(samples))
    if not len(places):
        return np.empty((0, 2), np.int64)
    likeness = matrix.sounds[places] @ matrix.sounds.T
    found = [np.empty((0, 2), np.int64)]
    for place, row in zip(
        places, likeness, strict=True
    ):  # a table of all places takes four times it
        row[turn >= turn[place]] = NEVER
        nearest = np.argpartition(row, -min(MOST, len(row)))[-MOST:]
        near = nearest[row[nearest] >= NEAR]
        found.append(np.column_stack([np.full(len(near), place), near]))
    pairs: Numbers = matrix.ids[np.concatenate(found)]
    return pairs


def _copies(candidates: Numbers) -> Numbers:
    """Return those of the pairs whose fingerprints are of one recording."""
    from library.audio.hearing.fingerprint import ALIKE, alike  # what only workers load

    prints = _prints(np.unique(candidates))
    both = [pair for pair in candidates.tolist() if pair[0] in prints and pair[1] in prints]
    found = [pair for pair in both if alike(prints[pair[0]], prints[pair[1]]) >= ALIKE]
    return np.array(found, np.int64).reshape(-1, 2)


def _prints(samples: Numbers) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for start in range(0, len(samples), 500):
        some = Hearing.objects.filter(sample__in=samples[start : start + 500].tolist())
        rows = some.exclude(fingerprint=b"").values_list("sample_id", "fingerprint")
        found |= {pk: bytes(content) for pk, content in rows}
    return found
