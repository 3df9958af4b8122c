"""What becomes of a kit's pad settings, in the plan's words."""

from collections.abc import Iterable, Iterator, Sequence

from exports import carried
from exports.measured import measured
from exports.planned import PlannedItem
from exports.sources import Source
from kits.hardware.settings import VOLUME
from library.audio.baked import Baked
from library.audio.units import resampled_frames


def lines(source: Source, items: Sequence[PlannedItem]) -> list[str]:
    """Return what is cut into the sounds, what could be and is not, and what stays behind."""
    if not source.is_kit:
        return []
    pads = {item.wanted.pad: item for item in items if not item.problem}.values()
    found = [_cut(pads), _not_chosen(pads), *_stays(pads), *_of_banks(source)]
    return [line for line in found if line]


def _cut(pads: Iterable[PlannedItem]) -> str:
    counts = _counts(carried.cut_into(item.recipe.baked) for item in pads)
    words = [f"{count} {carried.CUTS[name].done}" for name, count in counts]
    if not words:
        return ""
    noun = "pad" if counts[0][1] == 1 else "pads"
    first = words[0].replace(" ", f" {noun} ", 1)
    return f"Cut into the sound: {', '.join([first, *words[1:]])}."


def _not_chosen(pads: Iterable[PlannedItem]) -> str:
    """Say what a file could carry and these do not: not chosen, or a pan where all is mono."""
    missing = []
    for item in pads:
        done = carried.cut_into(item.recipe.baked)
        missing.append([name for name in carried.cut_into(_asked(item)) if name not in done])
    words = [f"{carried.CUTS[name].left} of {_pads(count)}" for name, count in _counts(missing)]
    return f"Not cut in: {', '.join(words)}." if words else ""


def _asked(item: PlannedItem) -> Baked:
    material = measured(item.sample)
    if material is None:
        return item.wanted.baked
    frames = resampled_frames(material.frames, material.rate)
    return item.wanted.baked.settled(frames, material.channels)


def _stays(pads: Iterable[PlannedItem]) -> Iterator[str]:
    left = [item.wanted.left for item in pads if item.wanted.left]
    if left:
        names = list(dict.fromkeys(name for names in left for name in names))
        yield f"{_joined(names)} {_travels(names)} only in a native project: {_pads(len(left))}."


def _of_banks(source: Source) -> Iterator[str]:
    if source.kit is None or (source.earlier is not None and not source.is_now):
        return
    turned = source.kit.banks.exclude(volume=int(VOLUME.default)).order_by("letter")
    letters = list(turned.values_list("letter", flat=True))
    if letters:
        banks = f"bank{'s' * (len(letters) > 1)} {', '.join(letters)}"
        yield f"The volume of {banks} stays behind."


def _counts(lists: Iterable[Iterable[str]]) -> list[tuple[str, int]]:
    """Count names, in the order of the form."""
    found = [name for names in lists for name in names]
    return [(name, found.count(name)) for name in carried.CUTS if name in found]


def _travels(names: Sequence[str]) -> str:
    return "travels" if len(names) == 1 else "travel"


def _pads(count: int) -> str:
    return f"{count} pad{'s' * (count != 1)}"


def _joined(names: Sequence[str]) -> str:
    """Return `Gate, mute group and BPM sync`."""
    first, *rest = names
    words = [
        first,
        *(name if name[1:2].isupper() else name[:1].lower() + name[1:] for name in rest),
    ]
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
