"""Where sounds come from: packs, the papers in them, and what each sound takes over from its pack.

A sound's own source, author or licence wins; what it lacks is its pack's.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count, takewhile
from pathlib import PurePosixPath

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import now

from library import licences
from library.licences import Facts
from library.models import Pack, Sample

FIELDS = ("source", "author", "licence")
LONGEST_NAME = Pack.name.field.max_length or 0
LONGEST_TEXT = 4 * licences.LARGEST  # characters of all papers of a pack together
EMPTY_FOR = timedelta(days=1)  # then a pack without sounds is forgotten
_HEAD = re.compile(r"^── (.+) ──$", re.MULTILINE)


@dataclass(frozen=True)
class Origin:
    """What holds for a sound; an empty text where nobody has said anything."""

    source: str = ""
    author: str = ""
    licence: str = ""
    pack: str = ""

    @property
    def is_told(self) -> bool:
        """Tell whether there is anything to give credit with."""
        return bool(self.source or self.author or self.licence)


def of(sample: Sample) -> Origin:
    """Return what holds for a sound: its own words, then those of its pack."""
    known = of_pack(sample)
    return replace(known, **{name: own for name in FIELDS if (own := getattr(sample, name))})


def of_pack(sample: Sample) -> Origin:
    """Return what a sound takes over from its pack."""
    pack = sample.pack
    if pack is None:
        return Origin()
    return Origin(**{name: getattr(pack, name) for name in FIELDS}, pack=pack.name)


def named(owner: User, name: str) -> Pack:
    """Return a person's pack of this name, made where there is none."""
    known = " ".join(name.split())[:LONGEST_NAME] or "Unnamed"
    return Pack.objects.get_or_create(owner=owner, name=known)[0]


def top_folder(path: str) -> str:
    """Return the outermost folder of a path, which is the pack it came in; '' for a lone file."""
    folder, slash, _ = path.partition("/")
    return folder if slash else ""


@transaction.atomic
def add_papers(pack: Pack, papers: Iterable[tuple[str, str]], *, replaces: bool = False) -> None:
    """Keep papers, (path, text) each, with their pack, and fill in what they say.

    Another text at the path of a known one is that of another pack of this name: both are kept, so
    that neither speaks for the sounds of the other. replaces: it is the same paper, written anew.
    What a person wrote stays: only a value that papers gave before, or an empty one, is changed.
    """
    row = Pack.objects.select_for_update().get(pk=pack.pk)
    before = sections(row.licence_text)
    after = dict(before)
    for path, text in papers:
        if body := text.replace("── ", "- ").strip():
            after[_place(after, path, body, replaces=replaces)] = body
    old, new = _said(before), _said(after)
    for name in FIELDS:
        if getattr(row, name) == getattr(old, name):
            setattr(row, name, getattr(new, name))
    row.licence_text = _joined(after)
    row.save(update_fields=[*FIELDS, "licence_text"])
    for name in (*FIELDS, "licence_text"):
        setattr(pack, name, getattr(row, name))


def _place(papers: dict[str, str], path: str, text: str, *, replaces: bool) -> str:
    """Return where a paper is kept: its path, with a number when that is another one's."""
    same = list(takewhile(papers.__contains__, (_numbered(path, n) for n in count(1))))
    for known in same:
        if papers[known] == text:
            return known
    is_renewed = replaces and len(same) == 1
    return path if is_renewed else _numbered(path, len(same) + 1)


def _numbered(path: str, number: int) -> str:
    """Return `Docs/LICENSE (2).txt` for the second paper at `Docs/LICENSE.txt`."""
    pure = PurePosixPath(path)
    return path if number == 1 else str(pure.with_stem(f"{pure.stem} ({number})"))


def sections(text: str) -> dict[str, str]:
    """Return the papers of a pack by their paths."""
    _, *parts = _HEAD.split(text)
    return {path: body.strip() for path, body in zip(parts[::2], parts[1::2], strict=True)}


def _joined(papers: dict[str, str]) -> str:
    ordered = sorted(papers, key=_weight)
    return "\n\n".join(f"── {path} ──\n\n{papers[path]}" for path in ordered)[:LONGEST_TEXT]


def _weight(path: str) -> tuple[bool, int, str]:
    """Sort terms before read-mes, outer folders before inner ones."""
    return not licences.is_terms(path), path.count("/"), path


def _said(papers: dict[str, str]) -> Facts:
    """Return what papers say together; of licences that disagree none is taken for the whole.

    Nor is one of several authors or sources where two packs have become one.
    """
    ordered = sorted(papers, key=_weight)
    told = [licences.facts(path, papers[path]) for path in ordered]
    named_in_terms = [
        fact.licence for path, fact in zip(ordered, told, strict=True) if licences.is_terms(path)
    ]
    is_mixed = any(_numbered(path, 2) in papers for path in papers)
    found = set(filter(None, named_in_terms)) or {fact.licence for fact in told if fact.licence}
    return Facts(
        licence=found.pop() if len(found) == 1 else "",
        author=_one([fact.author for fact in told if fact.author], is_mixed=is_mixed),
        source=_one([fact.source for fact in told if fact.source], is_mixed=is_mixed),
    )


def _one(told: list[str], *, is_mixed: bool) -> str:
    """Return the first that is told, or nothing where others could be meant."""
    return told[0] if len(set(told)) == 1 or (told and not is_mixed) else ""


def inside(path: str) -> str:
    """Return a paper's path without the folder that is the pack."""
    return str(PurePosixPath(*PurePosixPath(path).parts[1:])) if "/" in path else path


def forget_empty() -> None:
    """Remove packs that never got a sound, or whose last one was deleted for good."""
    sounds = Sample.objects.filter(pack=OuterRef("pk"))
    Pack.objects.filter(~Exists(sounds), added_at__lt=now() - EMPTY_FOR).delete()
