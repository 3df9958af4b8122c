"""credits.txt: who made the sounds of an export, where they come from, under which licence.

It stands in every export that has a sound with any of these facts, as they were when the export was
asked for, in the order of its files: the same export makes the same text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from library import origins
from library.licences import ADDRESSES
from library.models import Sample

NAME = "credits.txt"
HEAD = "Credits\n\nWho made these sounds and what may be done with them, as far as it is known.\n"
FACTS = {"author": "Author", "source": "Source", "licence": "Licence", "pack": "Pack"}


@dataclass(frozen=True)
class Credited:
    """One file of an export. told: author, source, licence and pack, as far as they are known."""

    path: str
    title: str
    told: Mapping[str, str]


def told(sample: Sample | None) -> dict[str, str]:
    """Return what is to be said of a sound; nothing where nobody has named any of it."""
    if sample is None or not (origin := origins.of(sample)).is_told:
        return {}
    return {name: value for name in FACTS if (value := _line(getattr(origin, name)))}


def text(files: Iterable[Credited]) -> str:
    """Return the whole text; empty when no file has anything to be said of it."""
    entries: dict[tuple[str, ...], list[str]] = {}
    for file in files:
        if file.told:
            facts = (file.told.get(name, "") for name in FACTS)
            entries.setdefault((_line(file.title), *facts), []).append(file.path)
    return "".join([HEAD, *map(_entry, entries, entries.values())]) if entries else ""


def _entry(facts: tuple[str, ...], paths: list[str]) -> str:
    title, *values = facts
    named = dict(zip(FACTS, values, strict=True))
    lines = [f"\n{title}\n"]
    lines += [f"  {label}: {_known(named[name])}\n" for name, label in FACTS.items() if named[name]]
    lines.append(f"  {'File' if len(paths) == 1 else 'Files'}: {', '.join(paths)}\n")
    return "".join(lines)


def _known(value: str) -> str:
    """Return a fact, a known licence with its address."""
    return f"{value}, {ADDRESSES[value]}" if value in ADDRESSES else value


def _line(value: str) -> str:
    return " ".join(value.split())
