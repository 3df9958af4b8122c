"""Whether the disk has room for what an export will write, asked before it begins."""

from collections.abc import Iterable

from exports.models import Render
from exports.plan import Plan, PlannedItem
from exports.render import key_of
from library import storage

MARGIN = 1.1
AT_ONCE = 500


def missing(plan: Plan) -> tuple[int, int] | None:
    """Return the bytes that are needed and those that are free, or None when there is room.

    Files that exist already need none; sounds that are not measured yet are not counted.
    """
    needed = round(MARGIN * sum(size for size in _new_files(plan.included).values()))
    free = storage.free_bytes()
    return (needed, free) if needed > free else None


def _new_files(items: Iterable[PlannedItem]) -> dict[str, int]:
    """Return the size of each file that does not exist yet, by its key."""
    sizes = {
        key_of(item.wanted.sample.sha256, item.recipe): item.size or 0
        for item in items
        if item.wanted.sample is not None
    }
    keys = list(sizes)
    for start in range(0, len(keys), AT_ONCE):
        known = Render.objects.filter(key__in=keys[start : start + AT_ONCE])
        for key in known.values_list("key", flat=True):
            del sizes[key]
    return sizes
