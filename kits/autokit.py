"""A kit from a crate: for every pad the sound that serves best, and in words why.

Nothing here is chance: the same library, wish and seed give the same kit.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from django.contrib.auth.models import User

from kits import fit, reasons
from kits.assign import Pads
from kits.blueprints import LOOP, ONE_SHOT, Want, Wants
from kits.fit import Company
from kits.hardware.pads import PadAddress
from library import keys, listing
from library.copies.pairs import Pairs
from library.models import Preferences, Sample
from library.query import Query

POOL = 120  # sounds of one class that are looked at; of more, the seed draws
COLUMNS = (
    *("title", "sha256", "waveform", "sample_class", "class_source", "class_confidence"),
    *("class_guessed", "is_loop", "bpm", "key", "key_source", "key_confidence", "seconds"),
    *("loudness_lufs", "peak_amplitude", "is_missing", "is_favourite"),
)  # that the choice, its reasons and the page look at
DRUMS = frozenset({"kick", "snare", "clap", "hat", "perc"})
TASTE = 0.9  # how much a seed but the first may prefer one sound to another
PLAIN = 1  # the seed of the plain best
Copies = defaultdict[int, set[int]]
KEEP = 5  # times that a sound which is there already counts in the choice of key and tempo


@dataclass(frozen=True)
class Wish:
    """What a kit is to be made of and for.

    wants: what each pad to fill is for. standing: pads of the kit that stay; their sounds come no
    second time. key and bpm: '' and None let the sounds say.
    """

    user: User
    query: Query
    wants: Wants
    standing: Pads = field(default_factory=dict)
    seed: int = PLAIN
    key: str = ""
    bpm: float | None = None


@dataclass(frozen=True)
class Pick:
    """What a pad gets (None: nothing), why, and how many others of its class there are."""

    at: PadAddress
    want: Want
    sample: Sample | None
    reason: str
    others: int = 0

    @property
    def settings(self) -> Want | None:
        """Return what waits for the sound: what the pad is for, if the sound is of that class."""
        if self.sample is None or self.want.sound_class not in {"", self.sample.sample_class}:
            return None
        return self.want


def table_wants(classes: Mapping[PadAddress, str], places: Iterable[PadAddress]) -> Wants:
    """Return what pads are for by a table of classes alone: drums play once, breaks go round."""
    kinds = {"break": LOOP} | dict.fromkeys(DRUMS, ONE_SHOT)
    return {at: Want(classes[at], kinds.get(classes[at], "")) for at in places}


class Draft:
    """A kit that could be: picks for all pads of a wish."""

    def __init__(
        self,
        wish: Wish,
        chosen: Mapping[PadAddress, int] | None = None,
        like: "Draft | None" = None,
    ) -> None:
        """`chosen` are ids of sounds that pads have already; unknown ones are passed over.

        like: a draft that has looked at the same sounds already.
        """
        self.wish = wish
        self.pool: list[Sample] = _pool(wish) if like is None else like.pool
        self.copies: Copies = _copies(wish.user, self.pool) if like is None else like.copies
        known = {sample.pk: sample for sample in self.pool}
        self._chosen = {
            at: known[pk] for at, pk in (chosen or {}).items() if at in wish.wants and pk in known
        }

    @cached_property
    def company(self) -> Company:
        """Return the key and tempo that the kit goes by: the tempo is that of loops it holds.

        What somebody puts on single pads afterwards changes neither.
        """
        there = [pad.sample for pad in self.wish.standing.values() if pad.sample]
        luck = {}
        if self.wish.seed != PLAIN:
            names = [*keys.CAMELOT.values(), *map(str, range(20, 401))]
            luck = {name: 0.7 + 0.6 * self._dice(name) for name in names}
        anchor = [(sample, float(KEEP)) for sample in there]
        heard = fit.company_of([*self._voices(), *anchor], luck=luck)
        key, bpm = self.wish.key or heard.key, self.wish.bpm or heard.bpm
        if self.wish.bpm or bpm is None:
            return Company(key, bpm)
        first = Draft(replace(self.wish, key=key, bpm=bpm), like=self)
        held = [(sample, 1.0) for sample in first.placed.values()]
        return Company(key, fit.tempo_of([*held, *anchor]))

    def _voices(self) -> list[tuple[Sample, float]]:
        """Return the clean sounds, each with how likely a pad gets it, by class and kind."""
        voices = []
        for name, group in self.groups.items():
            for is_loop in (True, False, None):
                some = [each for each in group if each.is_loop is is_loop]
                room = sum(
                    want.sound_class == name or want.sound_class not in self.groups
                    for want in self.wish.wants.values()
                    if some and want.takes(some[0])
                )
                voices += [(each, min(1.0, room / len(some))) for each in some]
        return voices

    @cached_property
    def picks(self) -> list[Pick]:
        """Return a pick for each pad, in the machine's order."""
        return [self._pick(at, self.placed) for at in sorted(self.wish.wants)]

    @cached_property
    def placed(self) -> dict[PadAddress, Sample]:
        """Return the sounds of the pads that get one."""
        placed = dict(self._chosen)
        for is_own in (True, False):  # what nobody of its class claims is left for the others
            for at in sorted(self.wish.wants):
                ranked = self._ranked(at, placed)
                if at in placed or not ranked or (is_own and not self._is_own(at, ranked[0])):
                    continue
                placed[at] = ranked[0]
        return placed

    def after(self, at: PadAddress) -> "Draft":
        """Return the draft in which a pad has the sound that comes next for it, round and round.

        A pad that has it for want of its own class gets another one.
        """
        placed = self.placed
        ranked = self._rivals(at, placed) if at in placed else []
        if len(ranked) < 2:  # noqa: PLR2004 - itself alone
            return self
        place = ranked.index(placed[at]) if placed[at] in ranked else -1
        following = ranked[(place + 1) % len(ranked)]
        kept = {other: each.pk for other, each in placed.items() if each != following}
        return Draft(self.wish, kept | {at: following.pk}, self)

    def _rivals(self, at: PadAddress, placed: Mapping[PadAddress, Sample]) -> list[Sample]:
        """Return what a pad may have while the others keep theirs, the best first.

        A pad of a class may have back what others got for want of theirs.
        """
        is_own = self._is_own(at, placed[at])
        others = {
            other: each
            for other, each in placed.items()
            if other != at and (not is_own or self._is_own(other, each))
        }
        return self._ranked(at, others)

    def _is_own(self, at: PadAddress, sample: Sample) -> bool:
        return bool(sample.sample_class) and sample.sample_class == self.wish.wants[at].sound_class

    def _ranked(self, at: PadAddress, placed: Mapping[PadAddress, Sample]) -> list[Sample]:
        """Return what a pad may get, the best first: its class, else whatever is left."""
        want = self.wish.wants[at]
        used = {pk for each in placed.values() for pk in (each.pk, *self.copies[each.pk])}
        used |= {pad.sample_id or 0 for pad in self.wish.standing.values()}
        own = self._usable(self._ranking.get(want.sound_class, []), want, used)
        return own or self._usable(self._by_merit, want, used)

    @staticmethod
    def _usable(ranked: Iterable[Sample], want: Want, used: set[int]) -> list[Sample]:
        return [each for each in ranked if each.pk not in used and want.takes(each)]

    @cached_property
    def _ranking(self) -> dict[str, list[Sample]]:
        """Return the clean sounds of each class, the best first; none for those without one."""
        ranking: defaultdict[str, list[Sample]] = defaultdict(list)
        for sample in self._by_merit:
            if sample.sample_class:
                ranking[sample.sample_class].append(sample)
        return dict(ranking)

    @cached_property
    def _by_merit(self) -> list[Sample]:
        return sorted(
            self.pool,
            key=lambda each: (fit.is_off(each, self.company), -self._merit(each), each.pk),
        )

    @cached_property
    def _middles(self) -> dict[str, float | None]:
        return {name: fit.middle_of(group) for name, group in self.groups.items()}

    @cached_property
    def _preferences(self) -> Preferences:
        return Preferences.of(self.wish.user)

    @cached_property
    def groups(self) -> dict[str, list[Sample]]:
        """Return the clean sounds by class."""
        groups: defaultdict[str, list[Sample]] = defaultdict(list)
        for sample in self.pool:
            groups[sample.sample_class].append(sample)
        return dict(groups)

    def _merit(self, sample: Sample) -> float:
        merit = fit.merit(sample, self.company, self._middles[sample.sample_class])
        return merit + (TASTE * self._dice(sample.sha256) if self.wish.seed != PLAIN else 0)

    def _dice(self, what: str) -> float:
        return random.Random(f"{self.wish.seed} {what}").random()  # noqa: S311 - no secret

    def _pick(self, at: PadAddress, placed: Mapping[PadAddress, Sample]) -> Pick:
        want, sample = self.wish.wants[at], placed.get(at)
        if sample is None:
            words = reasons.nothing(want, self.pool, is_company=bool(self.wish.standing))
            return Pick(at, want, None, words)
        others = len(self._rivals(at, placed)) - 1
        group = self.groups[sample.sample_class]
        words = reasons.why(sample, want, self.company, group, self._preferences)
        return Pick(at, want, sample, words, max(0, others))


def _pool(wish: Wish) -> list[Sample]:
    """Return the clean sounds that are looked at, of each class at most POOL."""
    found = listing.samples_of(wish.user, wish.query).filter(is_missing=False)
    by_class: defaultdict[str, list[int]] = defaultdict(list)
    for pk, name in found.order_by("pk").values_list("pk", "sample_class"):
        by_class[name].append(pk)
    dice = random.Random(wish.seed)  # noqa: S311 - no secret
    ids: list[int] = []
    for name in sorted(by_class):
        some = by_class[name]
        ids += some if len(some) <= POOL else dice.sample(some, POOL)
    rows = Sample.objects.only(*COLUMNS).in_bulk(ids)
    return [rows[pk] for pk in sorted(rows) if not fit.fault(rows[pk])]


def _copies(user: User, pool: Sequence[Sample]) -> Copies:
    """Return which sounds of the pool hold the same recording."""
    ids = [sample.pk for sample in pool]
    pairs = Pairs.of(user).pairs
    copies: Copies = defaultdict(set)
    for one, other in pairs[np.isin(pairs, ids).all(axis=1)].tolist():
        copies[one].add(other)
        copies[other].add(one)
    return copies
