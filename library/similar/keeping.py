"""How the file of a person's sounds keeps up with what is heard.

Every hearing gets a number of its own, above all before it, also when a sound is heard again. So
the highest number tells at once whether there is something new, and what is above the number that a
file notes is all of it.

Numbers of rows that are gone are never given again, so a file that goes further than the last
hearing is whole: the newest sounds were deleted. What is of another database says so itself.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max

from library.models import Hearing, Sample
from library.similar import matrix
from library.similar.matrix import SPECTRAL, STEPS, WIDTH, Floats, Matrix, Numbers, unit

OVERLAP = 1000
"""Hearings before the last one that are read again: two workers' may be seen in another order."""

BATCH = 2000
SAME = 1e-5


@dataclass(frozen=True, eq=False)
class _Fresh:
    """What was heard lately. seen: all sounds; ids: those with numbers, ascending."""

    seen: Numbers
    ids: Numbers
    sounds: Floats
    loop_ids: Numbers
    rhythms: Floats


def path_of(user: User) -> Path:
    """Return where a person's file lies; the folder `cache` may be emptied at any time."""
    return Path(settings.MEDIA_ROOT) / "cache" / "similar" / f"{user.pk}.matrix"


def newest() -> int:
    """Return the number of the last hearing of anybody."""
    return Hearing.objects.aggregate(newest=Max("pk"))["newest"] or 0


@cache
def database() -> int:
    """Return what tells this database from any other: when it was made, µs since 1970."""
    steps = MigrationRecorder(connection).migration_qs.order_by("pk")
    made = steps.values_list("applied", flat=True).first()
    return round(made.timestamp() * 1e6) if made is not None else 0


def matrix_of(user: User) -> Matrix:
    """Return a person's sounds as they are now; what was heard since is put into the file first."""
    path, last = path_of(user), newest()
    known = Matrix.mapped(path)
    if known is not None and known.database != database():
        known = None
    if known is not None and known.upto >= last:
        if known.upto > last:
            matrix.note(path, last)
        return known
    fresh = _read(user, after=0 if known is None else known.upto - OVERLAP)
    if known is not None and _holds(known, fresh):
        matrix.note(path, last)
        return known
    grown = _grown(_empty() if known is None else known, fresh, _owned(user), last)
    grown.write(path)
    return grown


def _read(user: User, after: int) -> _Fresh:
    found = Hearing.objects.filter(pk__gt=after, sample__owner=user).order_by()
    seen, ids, numbers, loop_ids, rhythms = [], [], [], [], []
    for pk, descriptor, rhythm in found.values_list("sample_id", "descriptor", "rhythm").iterator(
        BATCH
    ):
        seen.append(pk)
        if len(descriptor) != WIDTH * 2:  # silence
            continue
        ids.append(pk)
        numbers.append(bytes(descriptor))
        if len(rhythm) == (STEPS + 1) * 2:
            loop_ids.append(pk)
            rhythms.append(bytes(rhythm))
    order, loop_order = np.argsort(ids), np.argsort(loop_ids)
    return _Fresh(
        np.array(seen, np.int64),
        np.array(ids, np.int64)[order],
        unit(_table(numbers, WIDTH)[order]),
        np.array(loop_ids, np.int64)[loop_order],
        _table(rhythms, STEPS + 1)[loop_order],
    )


def _table(rows: list[bytes], width: int) -> Floats:
    """Return rows of float16 as float32 (n, width)."""
    return np.frombuffer(b"".join(rows), np.float16).reshape(-1, width).astype(np.float32)


def _holds(known: Matrix, fresh: _Fresh) -> bool:
    """Tell whether all that was read stands in the file already."""
    places = known.places_of(fresh.ids)
    if not len(places) == len(fresh.ids) == len(known.places_of(fresh.seen)):
        return False
    is_same = np.allclose(known.sounds[places], fresh.sounds, atol=SAME)
    loops = known.loops[np.isin(known.loops, places)]
    if not is_same or not np.array_equal(known.ids[loops], fresh.loop_ids):
        return False
    at = np.isin(known.loops, loops)
    both = np.column_stack([known.rhythms[at], known.tempos[at]])
    return bool(np.allclose(both, fresh.rhythms, atol=SAME))


def _grown(known: Matrix, fresh: _Fresh, owned: Numbers, upto: int) -> Matrix:
    """Return what was known of sounds that are still there and not heard again, and the rest."""
    stays = np.isin(known.ids, owned) & ~np.isin(known.ids, fresh.seen)
    ids = np.concatenate([known.ids[stays], fresh.ids])
    order = np.argsort(ids)
    ids = ids[order]
    sounds = np.concatenate([known.sounds[stays], fresh.sounds])[order]
    loops_stay = stays[known.loops]
    loop_ids = np.concatenate([known.ids[known.loops[loops_stay]], fresh.loop_ids])
    by_id = np.argsort(loop_ids)
    before = np.column_stack([known.rhythms[loops_stay], known.tempos[loops_stay]])
    rhythms = np.concatenate([before, fresh.rhythms])[by_id]
    return Matrix(
        upto,
        database(),
        ids,
        sounds,
        np.linalg.norm(sounds[:, SPECTRAL], axis=1).astype(np.float32),
        np.searchsorted(ids, loop_ids[by_id]),
        unit(rhythms[:, :STEPS]),
        np.ascontiguousarray(rhythms[:, STEPS], np.float32),
    )


def _empty() -> Matrix:
    none = np.empty(0, np.int64)
    flat = np.empty(0, np.float32)
    return Matrix(
        0,
        database(),
        none,
        np.empty((0, WIDTH), np.float32),
        flat,
        none,
        np.empty((0, STEPS), np.float32),
        flat,
    )


def _owned(user: User) -> Numbers:
    return np.fromiter(Sample.objects.owned_by(user).values_list("pk", flat=True), np.int64)
