"""The folders that sounds lie in, as a tree that opens branch by branch."""

from collections import Counter
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Count, Q

from library.models import Sample

MOST = 500  # of one folder; a library with more of them has the search


@dataclass(frozen=True)
class Branch:
    """One folder: its name, its whole path, the sounds in it and below, and whether it has more."""

    name: str
    path: str
    count: int
    has_more: bool


def inside(folder: str) -> Q:
    """Return the test for what lies below a folder, its letters as they are written.

    Where LIKE takes no heed of capitals, as in SQLite, it is a range, which an index can find:
    `0` follows `/`. Elsewhere the order of letters may be that of a language, but LIKE is exact.
    """
    if connection.vendor == "sqlite":
        return Q(folder__gte=f"{folder}/", folder__lt=f"{folder}0")
    return Q(folder__startswith=f"{folder}/")


def below(user: User, folder: str = "") -> list[Branch]:
    """Return the folders right below one ('' for the outermost), by name; MOST at most."""
    samples = Sample.objects.owned_by(user).kept()
    samples = samples.filter(inside(folder) if folder else Q(folder__gt=""))
    start = f"{folder}/" if folder else ""
    counts: Counter[str] = Counter()
    has_more = set()
    for path, count in samples.order_by().values_list("folder").annotate(rows=Count("pk")):
        name, deeper, _ = path[len(start) :].partition("/")
        counts[name] += count
        if deeper:
            has_more.add(name)
    names = sorted(counts, key=lambda name: (name.casefold(), name))[:MOST]
    return [Branch(name, start + name, counts[name], name in has_more) for name in names]
