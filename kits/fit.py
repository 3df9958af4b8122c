"""How well a sound serves in a kit: is it clean, is its class sure, does it fit the others?

Every figure lies in 0..1, and what is not known counts as the middle.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import log2
from statistics import median

from library import keys
from library.models import Sample, Source
from library.models.samples import TOO_QUIET

TONAL = frozenset({"bass", "keys", "vocal", "break", "fx"})
"""Classes whose key is heard in company; a drum's is not."""

UNKNOWN = 0.5
LOUD_SPAN = 12.0  # dB from the middle of its class at which loudness counts nothing
TEMPO_SPAN = log2(1.08)  # octaves between two tempos at which they no longer fit
NEAR_TEMPO = log2(1.02)  # so near they need no word
FULL_SCALE = 1.0


@dataclass(frozen=True)
class Company:
    """What the sounds of a kit have in common: a key ('' for none), a tempo (None for none)."""

    key: str = ""
    bpm: float | None = None


@dataclass(frozen=True)
class Weights:
    """How much each figure counts beside the others."""

    sure: float = 1.0
    loud: float = 0.6
    key: float = 1.2
    tempo: float = 1.6  # a loop that is off disturbs more than a key
    star: float = 0.3


WEIGHTS = Weights()


def fault(sample: Sample) -> str:
    """Return in a word why a sound is in no kit that is made by itself; nothing for a clean one."""
    if sample.is_missing:
        return "missing"
    if sample.seconds is None or sample.peak_amplitude is None:
        return "not measured yet"
    if sample.peak_amplitude > FULL_SCALE:
        return "over full scale"
    return "too quiet" if sample.peak_amplitude < TOO_QUIET else ""


def merit(sample: Sample, company: Company, middle: float | None) -> float:
    """Return how well a clean sound serves; `middle` is the loudness of its class (LUFS)."""
    return (
        WEIGHTS.sure * sureness(sample)
        + WEIGHTS.loud * loudness(sample, middle)
        + WEIGHTS.key * key_fit(sample, company)
        + WEIGHTS.tempo * tempo_fit(sample, company)
        + WEIGHTS.star * sample.is_favourite
    )


def sureness(sample: Sample) -> float:
    """Return how sure its class is; what a person said is sure."""
    if sample.class_source == Source.PERSON:
        return 1.0
    if sample.class_confidence is None:
        return UNKNOWN
    return sample.class_confidence / 2 if sample.class_guessed else sample.class_confidence


def loudness(sample: Sample, middle: float | None) -> float:
    """Return how near it is to what is usual in its class."""
    if sample.loudness_lufs is None or middle is None:
        return UNKNOWN
    return max(0.0, 1 - abs(sample.loudness_lufs - middle) / LOUD_SPAN)


def key_fit(sample: Sample, company: Company) -> float:
    """Return how its key goes with the others; a key that is not sure counts less."""
    if not is_pitched(sample) or not company.key:
        return UNKNOWN
    return UNKNOWN + (_closeness(sample.key, company.key) - UNKNOWN) * _trust(sample)


def _trust(sample: Sample) -> float:
    """Return how sure its key is."""
    return 1.0 if sample.key_source == Source.PERSON else sample.key_confidence or UNKNOWN


@cache
def _closeness(key: str, other: str) -> float:
    if key == other:
        return 1.0
    if key in keys.fits(other):
        return 0.85
    return 0.25 if key in keys.related(other) else 0.0


def tempo_fit(sample: Sample, company: Company) -> float:
    """Return how a loop's tempo goes with the others; half and double are the same."""
    if not sample.is_loop or company.bpm is None:
        return UNKNOWN
    if not sample.bpm:
        return UNKNOWN / 2
    return _nearness(sample.bpm, company.bpm)


def octaves_apart(bpm: float, other: float) -> float:
    """Return how far two tempos are from each other, or from each other's half and double."""
    apart = log2(bpm / other)
    return abs(apart - round(apart))


def is_pitched(sample: Sample) -> bool:
    """Tell whether its key matters beside others."""
    return bool(sample.key) and sample.sample_class in TONAL


def middle_of(samples: Iterable[Sample]) -> float | None:
    """Return the loudness in the middle of those that are measured."""
    known = [sample.loudness_lufs for sample in samples if sample.loudness_lufs is not None]
    return median(known) if known else None


def is_off(sample: Sample, company: Company) -> bool:
    """Tell whether it is a loop of another tempo."""
    if not sample.is_loop or not sample.bpm or company.bpm is None:
        return False
    return octaves_apart(sample.bpm, company.bpm) >= TEMPO_SPAN


Voices = Sequence[tuple[Sample, float]]
"""Sounds, and how much each has to say of key and tempo: how likely a pad gets it, or more."""


def company_of(voices: Voices, *, luck: "dict[str, float] | None" = None) -> Company:
    """Return the key and the tempo that most of these go with.

    luck: by Camelot place and by whole BPM, what to multiply a vote with: another seed's taste.
    """
    luck = luck or {}
    trusts: defaultdict[str, float] = defaultdict(float)
    for sample, weight in voices:
        if is_pitched(sample) and weight:
            trusts[sample.key] += weight * _trust(sample)
    votes = {
        key: luck.get(code, 1.0)
        * sum(trust * _closeness(other, key) for other, trust in trusts.items())
        for key, code in keys.CAMELOT.items()
    }
    key = max(votes, key=lambda each: votes[each]) if trusts else ""
    return Company(key, tempo_of(voices, luck=luck))


def tempo_of(voices: Voices, *, luck: "dict[str, float] | None" = None) -> float | None:
    """Return the tempo of one of the loops, that which most go with; None without any."""
    luck = luck or {}
    tempos: defaultdict[float, float] = defaultdict(float)
    for sample, weight in voices:
        if sample.is_loop and sample.bpm and weight:
            tempos[sample.bpm] += weight
    crowd = {
        bpm: luck.get(f"{bpm:.0f}", 1.0)
        * sum(weight * _nearness(bpm, other) for other, weight in tempos.items())
        for bpm in sorted(tempos)
    }
    return max(crowd, key=lambda each: round(crowd[each], 6)) if crowd else None


def _nearness(bpm: float, other: float) -> float:
    return max(0.0, 1 - octaves_apart(bpm, other) / TEMPO_SPAN)
