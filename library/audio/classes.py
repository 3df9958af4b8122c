"""The classes of sounds: as they are heard, as the interface shows them, and in coarse families."""

ONE_SHOTS = (
    "kick", "snare", "clap", "hat", "tom", "cymbal", "rim", "perc", "bass", "melodic", "vocal",
    "fx",
)  # fmt: skip
LOOPS = ("drums", "melodic", "bass", "vocal", "fx")

SHOWN = {
    "kick": "kick",
    "snare": "snare",
    "rim": "snare",
    "clap": "clap",
    "hat": "hat",
    "tom": "perc",
    "cymbal": "perc",
    "perc": "perc",
    "bass": "bass",
    "melodic": "keys",
    "vocal": "vocal",
    "fx": "fx",
    "drums": "break",
}
"""What the interface calls a class that is heard."""

HEARD = {
    "kick": "kick",
    "snare": "snare",
    "clap": "clap",
    "hat": "hat",
    "perc": "perc",
    "bass": "bass",
    "keys": "melodic",
    "vocal": "vocal",
    "fx": "fx",
    "break": "drums",
}
"""What is heard where the interface shows a class, as far as that tells."""

DRUMS = frozenset({"kick", "snare", "clap", "hat", "tom", "cymbal", "rim", "perc"})
COARSE = {
    **dict.fromkeys((*DRUMS, "drums"), "drum"),
    "bass": "tonal",
    "melodic": "tonal",
    "vocal": "vocal",
    "fx": "effect",
}
"""Families: what a class is shown as where it is not sure enough."""
