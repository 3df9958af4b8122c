"""The same export once more: what has changed since, and how to have it as it was."""

from dataclasses import dataclass
from functools import cached_property

from exports import build
from exports.measured import measured
from exports.models import Export
from exports.options import Options
from exports.plan import plan
from exports.sources import Source, Wanted, as_exported, from_kit
from library.audio.baked import Baked

NAMED = 6  # pads and titles that a sentence calls by name


@dataclass(frozen=True)
class Since:
    """What is different now from an earlier export.

    pads: addresses that hold another sound, or none, or one that they did not, or from which
    another file would be cut. gone: titles whose
    sounds were deleted or lost their files. renamed: how many sounds have another title.
    """

    export: Export
    is_now: bool  # the page shows what there is now, not what was exported then
    pads: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    renamed: int = 0

    @cached_property
    def sentences(self) -> list[str]:
        """Say it in words; that nothing changed is worth a sentence too."""
        lines = []
        if self.export.kind == Export.Kind.KIT and self.export.kit is None:
            lines.append("The kit was deleted since; this is what was exported.")
        if self.pads:
            count = _count(len(self.pads), "pad differs", "pads differ")
            lines.append(f"Kit has changed since: {count}: {_some(self.pads)}.")
        if self.gone:
            count = _count(len(self.gone), "sound is", "sounds are")
            lines.append(f"{count} no longer there: {_some(self.gone)}.")
        if self.renamed:
            lines.append(_count(self.renamed, "sound has", "sounds have") + " another name now.")
        return lines or ["Nothing has changed since."]

    @property
    def has_choice(self) -> bool:
        """Tell whether then and now are two different things to export."""
        is_there = self.export.kit is not None or self.export.kind != Export.Kind.KIT
        return is_there and bool(self.pads or self.renamed)


def since(source: Source) -> Since | None:
    """Return what is different from the export that this source repeats; None for others."""
    export = source.earlier
    if export is None:
        return None
    then = as_exported(export) if source.is_now else source
    lost = [one.title for one in then.wanted if one.asked_id and not one.is_there]
    renamed = sum(one.title_now[:200] != one.title for one in then.wanted)
    return Since(export, source.is_now, _other_pads(export, then), tuple(lost), renamed)


def _other_pads(export: Export, then: Source) -> tuple[str, ...]:
    """Return the addresses at which the kit of today holds something else, in the order of pads."""
    if export.kit is None:
        return ()
    options = Options.from_json(export.options)
    today, past = (
        {one.pad: _played(one, options) for one in wanted if one.pad}
        for wanted in (from_kit(export.kit).wanted, then.wanted)
    )
    places = today.keys() | past.keys()
    nothing = object()
    other = [at for at in places if today.get(at, nothing) != past.get(at, nothing)]
    return tuple(map(str, sorted(other)))


def _played(one: Wanted, options: Options) -> tuple[int | None, Baked]:
    """Return the sound of a pad, and what is cut into it."""
    sample = one.sample
    return (sample.pk if sample else None), options.baked(one.baked, measured(sample))


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _some(names: tuple[str, ...]) -> str:
    """Return the first few names, and how many more there are."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def make(export: Export) -> Export | None:
    """Export the same again as it was, with the same options; None when nothing of it is left.

    A new row: the record of the earlier one is never rewritten. NoSpaceError as `build.create`.
    """
    planned = plan(as_exported(export), Options.from_json(export.options))
    return build.create(export.owner, planned) if planned.included else None
