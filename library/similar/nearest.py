"""The sounds nearest to one: brute force over all of a person's, which 100 000 still allow."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.contrib.auth.models import User
from django.db import models
from django.db.models import QuerySet

from library import keys
from library.models import Sample
from library.similar.keeping import matrix_of
from library.similar.matrix import SPECTRAL, Floats, Matrix, Numbers

COUNT = 40
"""Sounds that a list shows."""

SPARE = 24
"""More than are shown: some of the nearest may be in the trash."""

OCTAVE = 0.25
"""Octaves between two tempos at which the likeness of rhythms is down to 1/e."""

NOWHERE = np.float32(-2)
"""Below every likeness: what must not be found."""


class Aspect(models.TextChoices):
    """In which way sounds are alike."""

    ALL = "all", "Sound"
    TIMBRE = "timbre", "Timbre"
    RHYTHM = "rhythm", "Rhythm"
    KEY = "key", "Key"


NOTES = {
    Aspect.ALL: "Colour, attack and length together.",
    Aspect.TIMBRE: "What it is made of, however long it lasts.",
    Aspect.RHYTHM: "Loops whose hits fall at the same places of the bar, at a near tempo.",
    Aspect.KEY: "Sounds in a key that fits, the nearest first.",
}


def aspect_of(written: str | None) -> Aspect:
    """Return the way of likeness that a request names; all of it by default."""
    return Aspect(written) if written in Aspect.values else Aspect.ALL


@dataclass(frozen=True)
class Asked:
    """What is to be found: like what, in which way, of the same class alone, how many at most."""

    sample: Sample
    aspect: Aspect = Aspect.ALL
    same_class: bool = False
    count: int = COUNT


@dataclass(frozen=True)
class Found:
    """The nearest sounds with their likeness (0–1), the nearest first.

    reason: why there can be none, as a sentence for people.
    """

    near: tuple[tuple[Sample, float], ...] = ()
    reason: str = ""

    @property
    def samples(self) -> list[Sample]:
        """Return the sounds alone."""
        return [sample for sample, _ in self.near]


def nearest(user: User, asked: Asked, rows: "QuerySet[Sample]") -> Found:
    """Return the sounds of a person nearest to one of them, never itself.

    rows: how samples are to be fetched; those in the trash and of others are left out here.
    """
    known = matrix_of(user)
    place = known.place_of(asked.sample.pk)
    reason = _reason(asked, known, place)
    if reason or place is None:
        return Found(reason=reason)
    likeness = LIKENESS[asked.aspect](known, place)
    allowed = _allowed(user, asked)
    if allowed is not None:
        masked = np.full(len(likeness), NOWHERE)
        inside = known.places_of(allowed)
        masked[inside] = likeness[inside]
        likeness = masked
    likeness[place] = NOWHERE
    mine = rows.filter(owner=user, deleted_at=None)
    return Found(tuple(_best(known, likeness, asked.count, mine)))


def _reason(asked: Asked, known: Matrix, place: int | None) -> str:
    """Return why nothing can be like this sound, or nothing."""
    if place is None:
        return _unheard(asked.sample)
    if asked.aspect == Aspect.RHYTHM and not (known.loops == place).any():
        return "This sound is no loop, so there is no rhythm to compare."
    if asked.aspect == Aspect.KEY and not asked.sample.key:
        return "No key is known of this sound."
    if asked.same_class and not asked.sample.sample_class:
        return "This sound has no class yet."
    return ""


def _unheard(sample: Sample) -> str:
    analysis = getattr(sample, "analysis", None)
    if analysis is not None and analysis.is_open:
        return "This sound is still being listened to."
    if sample.peak_amplitude == 0:
        return "This sound is silent."
    return "This sound has not been listened to yet."


def _allowed(user: User, asked: Asked) -> Numbers | None:
    """Return the ids among which to look; None for all. The rows know, the file does not."""
    kept = Sample.objects.owned_by(user).kept().order_by()
    if asked.same_class:
        kept = kept.filter(sample_class=asked.sample.sample_class)
    if asked.aspect == Aspect.KEY:
        kept = kept.filter(key__in=keys.fits(asked.sample.key))
    elif not asked.same_class:
        return None
    return np.fromiter(kept.values_list("pk", flat=True), np.int64)


def _sound(known: Matrix, place: int) -> Floats:
    likeness: Floats = known.sounds @ known.sounds[place]
    return likeness


def _timbre(known: Matrix, place: int) -> Floats:
    """Return the cosines of the spectral parts alone."""
    asked = np.zeros(known.sounds.shape[1], np.float32)
    asked[SPECTRAL] = known.sounds[place, SPECTRAL]
    lengths = np.maximum(known.spectral * known.spectral[place], np.float32(1e-6))
    likeness: Floats = (known.sounds @ asked) / lengths
    return likeness


def _rhythm(known: Matrix, place: int) -> Floats:
    """Return the cosines of the patterns, less the further the tempos are apart."""
    own = int(np.searchsorted(known.loops, place))
    apart = np.abs(np.log2(known.tempos / known.tempos[own])) / np.float32(OCTAVE)
    likeness = np.full(len(known.ids), NOWHERE)
    likeness[known.loops] = (known.rhythms @ known.rhythms[own]) * np.exp(-np.square(apart))
    return likeness


LIKENESS: dict[Aspect, Callable[[Matrix, int], Floats]] = {
    Aspect.ALL: _sound,
    Aspect.TIMBRE: _timbre,
    Aspect.RHYTHM: _rhythm,
    Aspect.KEY: _sound,
}


def _best(
    known: Matrix, likeness: Floats, count: int, rows: "QuerySet[Sample]"
) -> list[tuple[Sample, float]]:
    """Return the likest of the rows; looks further down while too many of them are gone."""
    found: list[tuple[Sample, float]] = []
    looked = 0
    while len(found) < count and looked < len(likeness):
        upto = min(len(likeness), max(4 * looked, count + SPARE))
        order = _order(likeness, upto)[looked:]
        order = order[likeness[order] > NOWHERE]
        if not len(order):
            break
        samples = rows.in_bulk(known.ids[order].tolist())
        pairs = zip(known.ids[order].tolist(), likeness[order].tolist(), strict=True)
        found += [(samples[pk], max(0.0, like)) for pk, like in pairs if pk in samples]
        looked = upto
    return found[:count]


def _order(likeness: Floats, count: int) -> Numbers:
    """Return the places of the `count` highest values, the highest first; equals by their id."""
    top = np.argpartition(-likeness, count - 1)[:count] if count < len(likeness) else None
    places = np.arange(len(likeness)) if top is None else np.sort(top)
    order: Numbers = places[np.argsort(-likeness[places], kind="stable")]
    return order
