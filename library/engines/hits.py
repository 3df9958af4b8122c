"""Single hits and effects: recipes of the demo crate and their neighbours, chosen by words."""

from dataclasses import replace

import numpy as np

from library.audio.names import tokens
from library.audio.synth.cymbals import Hat
from library.audio.synth.drums import Clap, Kick
from library.audio.synth.fx import Impact, Riser, Swell, Vinyl
from library.audio.synth.kit_sounds import CLAPS, HATS, KICKS, PERCUSSION, SNARES
from library.audio.synth.percussion import Skin, Stick
from library.audio.synth.sound import DemoSound
from library.audio.synth.space import Room
from library.audio.synth.studio import Recipe

Choices = tuple[tuple[frozenset[str], Recipe], ...]
"""Recipes of one sound, each with the words that ask for it."""


def _crate(sounds: tuple[DemoSound, ...], tag: str = "", *, without: str = "") -> Choices:
    """Return sounds of the demo crate, those with a tag, or without one."""
    return tuple(
        (frozenset({*sound.tags, *tokens(sound.genre)}), sound.recipe)
        for sound in sounds
        if (not tag or tag in sound.tags) and without not in sound.tags
    )


def _only(recipe: Recipe) -> Choices:
    return ((frozenset(), recipe),)


HITS: dict[str, Choices] = {
    "kick": _crate(KICKS),
    "snare": _crate(SNARES),
    "clap": _crate(CLAPS),
    "snap": _only(Clap(0.2, 2100, 2, 0.006, 0.03, 0.35, 2.2, 1.6)),
    "hat": _crate(HATS, "closed"),
    "open hat": _crate(HATS, "open"),
    "pedal hat": _crate(HATS, "pedal"),
    "crash": _only(Hat(2.4, 0.55, 330, 3200, 17000, 0.35, attack=0.002)),
    "ride": _only(Hat(1.6, 0.4, 610, 3800, 15000, 0.85)),
    "tom": _crate(PERCUSSION, "tom"),
    "low tom": _only(Skin(1.1, 84, 0.27, 1.3, 0.3, 1500, room=Room(0.3, 0.15, 4000))),
    "high tom": _only(Skin(0.7, 172, 0.17, 1.25, 0.3, 2200, room=Room(0.3, 0.15, 4000))),
    "rim": _crate(PERCUSSION, "rim"),
    "conga": _crate(PERCUSSION, "conga"),
    "bongo": _only(Skin(0.3, 390, 0.06, 1.1, 0.4, 2600)),
    "shaker": _crate(PERCUSSION, "shaker"),
    "tambourine": _only(Hat(0.4, 0.07, 890, 6500, 16000, 0.75, attack=0.004)),
    "cowbell": _crate(PERCUSSION, "cowbell"),
    "clave": _crate(PERCUSSION, "clave"),
    "woodblock": _only(Stick(0.2, ((980, 1.0), (1630, 0.4)), 0.02, 0.3)),
    "perc": _crate(PERCUSSION, without="tom"),
}

TUNED = {
    "kick": 62.0, "low tom": 120.0, "tom": 180.0, "high tom": 260.0, "conga": 330.0, "bongo": 560.0,
}  # fmt: skip
"""Drums that a key tunes, and the Hz that each stays below, by an octave at most."""


def hit(
    sound: str, words: tuple[str, ...], chance: np.random.Generator
) -> tuple[Recipe, frozenset[str]]:
    """Return the recipe that most of the words ask for, by chance between equals, and these."""
    choices = HITS[sound]
    fits = [len(tags.intersection(words)) for tags, _ in choices]
    best = [choice for choice, fit in zip(choices, fits, strict=True) if fit == max(fits)]
    tags, recipe = best[chance.integers(len(best))]
    return recipe, tags.intersection(words)


def tuned(recipe: Recipe, hz: float) -> Recipe:
    """Return a drum at a pitch."""
    return replace(recipe, hz=hz)  # type: ignore[type-var]


def effect(sound: str, seconds: float, chance: np.random.Generator) -> Recipe:
    """Return the recipe of an effect of about that length."""
    match sound:
        case "riser":
            return Riser(seconds, 220.0 * 2 ** chance.uniform(-0.5, 0.5), 7000.0)
        case "swell":
            return Swell(max(seconds, 1.8), 430.0 * 2 ** chance.uniform(-0.5, 0.5))
        case "zap":
            pitch = 150.0 * 2 ** chance.uniform(-1, 1)
            return Kick(0.5, pitch, 0.12, 14.0 + 8 * chance.random(), 0.07, 0.05, 2.5, 12000)
        case "vinyl":
            return Vinyl(seconds)
    tail = min(2.5, 0.6 * seconds)
    pitch = 38.0 * 2 ** chance.uniform(-0.3, 0.3)
    return Impact(max(seconds - tail, 0.4), pitch, Room(tail, 0.9, 4500))
