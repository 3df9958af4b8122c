"""Give many sounds new names after a pattern, and take it back exactly; files stay as they are."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from library import listing, search
from library.models import LibraryEdit, Sample
from library.naming import Facts, Pattern, PatternError
from library.templatetags.units import grouped

ACTION = "rename"  # of the edits that are made here
BATCH = 500  # rows in one statement
SHOWN = 5  # names of a preview
LONGEST = Sample.title.field.max_length or 0


@dataclass(frozen=True)
class Renaming:
    """Names before and after, by sample, of those that change, in the order of the list.

    kept: how many of the chosen sounds keep their names. shared: how many get a name that another
    sound has then, too.
    """

    before: dict[int, str]
    after: dict[int, str]
    kept: int
    shared: int

    @property
    def first(self) -> list[tuple[str, str]]:
        """Return some pairs of names to show."""
        pairs = zip(self.before.values(), self.after.values(), strict=True)
        return [pair for pair, _ in zip(pairs, range(SHOWN), strict=False)]

    @property
    def count(self) -> int:
        """Return how many names change."""
        return len(self.after)

    @property
    def rest(self) -> int:
        """Return how many are not among the first."""
        return max(0, self.count - SHOWN)


def plan(user: User, ids: Iterable[int], pattern: Pattern, sort: str = "newest") -> Renaming:
    """Return what a pattern makes of these samples; one query for any number of them.

    sort: the order of the list in which they are counted. Raises PatternError.
    """
    pattern.check()
    chosen = set(ids)
    titles: dict[int, str] = {}
    after: dict[int, str] = {}
    rows = listing.in_order(user, sort).values_list("pk", *Facts._fields)
    for pk, *facts in rows.iterator():
        row = Facts(*facts)
        titles[pk] = row.title
        if pk in chosen:
            after[pk] = pattern.name(row, len(after) + 1)
    _refuse("no name", [titles[pk] for pk, name in after.items() if not name])
    too_long = [titles[pk] for pk, name in after.items() if len(name) > LONGEST]
    _refuse(f"a name of more than {LONGEST} characters", too_long)
    changed = {pk: name for pk, name in after.items() if name != titles[pk]}
    if not changed:
        raise PatternError("No name would change.")
    uses = Counter((titles | changed).values())
    return Renaming(
        before={pk: titles[pk] for pk in changed},
        after=changed,
        kept=len(after) - len(changed),
        shared=sum(uses[name] > 1 for name in changed.values()),
    )


def _refuse(what: str, titles: list[str]) -> None:
    if titles:
        more = f" and {grouped(len(titles) - 1)} more" if len(titles) > 1 else ""
        raise PatternError(f"“{titles[0]}”{more} would get {what}.")


@transaction.atomic
def apply(user: User, ids: Iterable[int], pattern: Pattern, sort: str = "newest") -> LibraryEdit:
    """Rename samples; the edit knows what each was called. Raises PatternError."""
    renaming = plan(user, ids, pattern, sort)
    _write(user, renaming.after)
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for pk, title in renaming.before.items():
        groups[title].append(pk)
    count = renaming.count
    return LibraryEdit.objects.create(
        owner=user,
        action=ACTION,
        label=f"{grouped(count)} sound{'' if count == 1 else 's'} renamed",
        before={"groups": [[[title], some] for title, some in groups.items()]},
    )


def undo(edit: LibraryEdit) -> None:
    """Give the names back to all sounds that still are there."""
    _write(edit.owner, {pk: title for [title], some in edit.before["groups"] for pk in some})


def _write(user: User, titles: dict[int, str]) -> None:
    pks = list(titles)
    for start in range(0, len(pks), BATCH):
        batch = pks[start : start + BATCH]
        rows = list(Sample.objects.owned_by(user).filter(pk__in=batch).only("title"))
        for row in rows:
            row.title = titles[row.pk]
        Sample.objects.bulk_update(rows, ["title"], batch_size=BATCH)
        search.refresh(batch)
