"""Why a pad of an auto-kit got its sound, in words that are true."""

from collections.abc import Callable, Sequence

from kits import fit
from kits.blueprints import LOOP, Want
from kits.fit import Company
from library import keys
from library.models import Preferences, Sample

NOUNS = {
    "break": ("break", "breaks"),
    "kick": ("kick", "kicks"),
    "snare": ("snare", "snares"),
    "clap": ("clap", "claps"),
    "hat": ("hat", "hats"),
    "perc": ("percussion sound", "percussion sounds"),
    "bass": ("bass", "basses"),
    "keys": ("keys sound", "keys sounds"),
    "vocal": ("vocal", "vocals"),
    "fx": ("effect", "effects"),
    "": ("sound without a class", "sounds without a class"),
}
NEAR_DB = 2.0  # of the middle: as loud as most


def why(
    sample: Sample,
    want: Want,
    company: Company,
    group: Sequence[Sample],
    preferences: Preferences,
) -> str:
    """Return what speaks for a sound: `in 8A, 92 BPM; loudest of 14 clean kicks`.

    group: the clean sounds of its class, itself among them.
    """
    key = _key(sample, company, preferences)
    fits = ", ".join(filter(None, [key, _tempo(sample, company)]))
    words = "; ".join(filter(None, [fits, _rank(sample, group)]))
    if want.sound_class and want.sound_class != sample.sample_class:
        return f"no {NOUNS[want.sound_class][0]} left; {words}"
    return words


def nothing(want: Want, pool: Sequence[Sample], *, is_company: bool = False) -> str:
    """Return why a pad stays empty; `is_company`: the kit has sounds that come no second time."""
    if not pool:
        return "no clean sound to choose from"
    words = "no loop left" if want.kind == LOOP else "nothing left that suits"
    return f"{words} and is not in the kit" if is_company else words


def _key(sample: Sample, company: Company, preferences: Preferences) -> str:
    if not fit.is_pitched(sample) or not company.key:
        return ""
    own, common = preferences.written(sample.key), preferences.written(company.key)
    if sample.key == company.key:
        return f"in {own}"
    if sample.key in keys.fits(company.key):
        return f"{own} fits {common}"
    return f"{own} is off {common}"


def _tempo(sample: Sample, company: Company) -> str:
    if not sample.is_loop or not sample.bpm or company.bpm is None:
        return ""
    words = f"{sample.bpm:.4g} BPM"
    apart = fit.octaves_apart(sample.bpm, company.bpm)
    if apart >= fit.TEMPO_SPAN:
        return f"{words} is off {company.bpm:.4g}"
    is_double = round(sample.bpm / company.bpm) > 1 or round(company.bpm / sample.bpm) > 1
    if is_double:
        return f"{words} counts as {company.bpm:.4g}"
    return words if apart < fit.NEAR_TEMPO else f"{words} near {company.bpm:.4g}"


def _rank(sample: Sample, group: Sequence[Sample]) -> str:
    """Return where it stands among the clean ones of its class."""
    one, many = NOUNS[sample.sample_class]
    if len(group) == 1:
        return f"the only clean {one}"
    of = f"{len(group)} clean {many}"
    if sample.is_favourite:
        return f"a favourite of {of}"
    return _standing(sample, group, of)


def _standing(sample: Sample, group: Sequence[Sample], of: str) -> str:
    if _leads(sample, group, lambda each: each.loudness_lufs):
        return f"loudest of {of}"
    if _leads(sample, group, fit.sureness):
        return f"surest of {of}"
    middle = fit.middle_of(group)
    if sample.loudness_lufs is None or middle is None:
        return f"one of {of}"
    apart = sample.loudness_lufs - middle
    if abs(apart) > NEAR_DB:
        return f"one of {of}, {abs(apart):.0f} dB {'over' if apart > 0 else 'under'} the middle"
    return f"as loud as most of {of}"


def _leads(
    sample: Sample, group: Sequence[Sample], figure: Callable[[Sample], float | None]
) -> bool:
    """Tell whether it alone has the highest figure."""
    own = figure(sample)
    others = (figure(each) for each in group if each is not sample)
    return own is not None and all(other is None or other < own for other in others)
