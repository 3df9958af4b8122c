"""Copies of one recording side by side: which is the better one, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from library import listing, trash
from library.copies.pairs import Pairs
from library.models import Sample

CODED = {"mp3", "ogg", "m4a"}
UNCODED = {"ALAC"}
"""Codecs of these formats that lose nothing."""

TOUCHES = 0.9999
"""Of full scale: a peak there may have been cut."""

BATCH = 500  # rows in one statement

LONGER = 0.05
"""Seconds that count: codecs add or take less."""


@dataclass(frozen=True)
class Copy:
    """One file of a recording. pads: where it lies; reasons: what is better about it."""

    sample: Sample
    is_best: bool
    reasons: tuple[str, ...]
    pads: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Copies of one recording, the best first."""

    copies: tuple[Copy, ...]

    @property
    def best(self) -> Sample:
        """Return the better one."""
        return self.copies[0].sample

    @property
    def ids(self) -> str:
        """Return all of them as a form sends them: `3,8`."""
        return ",".join(str(copy.sample.pk) for copy in self.copies)

    @property
    def pads_of_others(self) -> list[str]:
        """Return the pads that hold the lesser ones."""
        return [pad for copy in self.copies[1:] for pad in copy.pads]

    @property
    def is_equal(self) -> bool:
        """Tell whether none is better than another."""
        return not self.copies[0].reasons


def sets(user: User) -> list[list[int]]:
    """Return the ids of sounds with the same recording, none from the trash, newest sets first."""
    known = Pairs.of(user).pairs
    ids = sorted({pk for pair in known.tolist() for pk in pair})
    kept: set[int] = set()
    for start in range(0, len(ids), BATCH):
        some = Sample.objects.owned_by(user).kept().filter(pk__in=ids[start : start + BATCH])
        kept.update(some.values_list("pk", flat=True))
    found = _joined([(a, b) for a, b in known.tolist() if a in kept and b in kept])
    return sorted(found, key=max, reverse=True)


def groups(user: User, some: Sequence[Sequence[int]]) -> list[Group]:
    """Return these sets with all that a page shows of them; some queries for each 500 sounds."""
    ids = [pk for each in some for pk in each]
    samples: dict[int, Sample] = {}
    for start in range(0, len(ids), BATCH):
        samples |= listing.drawn().filter(owner=user).in_bulk(ids[start : start + BATCH])
    pads = trash.kits_of(ids)
    found = [[samples[pk] for pk in each if pk in samples] for each in some]
    return [_group(each, pads) for each in found if len(each) > 1]


def best_of(samples: Iterable[Sample]) -> Sample:
    """Return the one to keep: of equals the one that came first."""
    return max(samples, key=_quality)


def _joined(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the sets that pairs make, ids ascending."""
    heads: dict[int, int] = {}

    def head(pk: int) -> int:
        while heads.setdefault(pk, pk) != pk:
            heads[pk] = pk = heads[heads[pk]]
        return pk

    for one, other in pairs:
        heads[head(one)] = head(other)
    found: dict[int, list[int]] = {}
    for pk in sorted(heads):
        found.setdefault(head(pk), []).append(pk)
    return list(found.values())


def _group(samples: list[Sample], pads: dict[int, list[str]]) -> Group:
    best = best_of(samples)
    others = [sample for sample in samples if sample is not best]
    ranked = [best, *sorted(others, key=_quality, reverse=True)]
    return Group(
        tuple(
            Copy(
                sample,
                sample is best,
                tuple(_reasons(sample, others)) if sample is best else (),
                tuple(pads.get(sample.pk, ())),
            )
            for sample in ranked
        )
    )


def _is_lossless(sample: Sample) -> bool:
    return sample.format not in CODED or sample.codec.upper() in UNCODED


def _is_whole(sample: Sample) -> bool:
    """Tell whether its peak stays below full scale."""
    return (sample.peak_amplitude or 0) < TOUCHES


def _quality(sample: Sample) -> tuple[bool, int, int, bool, int, int]:
    """Return what counts, the most important first; the last is its age."""
    return (
        _is_lossless(sample),
        sample.sample_rate or 0,
        sample.bit_depth or 0,
        _is_whole(sample),
        round((sample.seconds or 0) / LONGER),
        -sample.pk,
    )


def _reasons(best: Sample, others: Sequence[Sample]) -> Iterable[str]:
    """Say what is better than in at least one of the others."""
    if _is_lossless(best) and not all(map(_is_lossless, others)):
        yield "lossless"
    if any((other.sample_rate or 0) < (best.sample_rate or 0) for other in others):
        yield f"{(best.sample_rate or 0) / 1000:g} kHz"
    if any((other.bit_depth or 0) < (best.bit_depth or 0) for other in others):
        yield f"{best.bit_depth}-bit"
    if _is_whole(best) and not all(map(_is_whole, others)):
        yield "does not touch full scale"
    shorter = min((other.seconds or 0) for other in others)
    if round((best.seconds or 0) / LONGER) > round(shorter / LONGER):
        yield f"{(best.seconds or 0) - shorter:.2f} s longer"
