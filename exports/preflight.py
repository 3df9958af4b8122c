"""What the machine would trip over, said before the card goes in, and what can be done about it.

The words in quotation marks are the machine's own, as people have seen them on its display
(docs/hardware.md). A fix is a choice of the export form, offered as a button beside the problem.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from exports.options import LONGEST_FRAMES, Options
from exports.planned import PlannedItem
from exports.problem import (
    BEHIND_THE_END,
    FIXES,
    GONE,
    NOT_FOUND,
    PAD_GONE,
    PATH_TOO_LONG,
    TOO_LONG,
    TOO_SHORT,
    UNREADABLE,
    Problem,
    Weight,
)
from kits.hardware.devices import SP404MKII
from kits.hardware.naming import folded
from library.audio.containers import WORD
from library.audio.recipe import ONE_OF_TWO
from library.audio.units import SHORTEST_MS
from library.models import Sample
from library.storage import megabytes
from library.templatetags.units import filesize

UNSUPPORTED = "Unsupported FILE"
DEVICE_TOO_SHORT = "Too Short Sample"
DEVICE_TOO_LONG = "Too Long Sample"
DEVICE_FULL = "Internal Storage Full!"
WAYS_WITH_LONG = ("split", "shorten")


def problems(items: Sequence[PlannedItem], options: Options) -> tuple[Problem, ...]:
    """Return all there is to say of a plan's files, the worst first."""
    flight = _Flight(items, options)
    found = [problem for look in LOOKS for problem in look(flight)]
    order = list(Weight)
    return tuple(sorted(found, key=lambda problem: order.index(problem.weight)))


@dataclass(frozen=True)
class _Flight:
    items: Sequence[PlannedItem]
    options: Options

    @cached_property
    def written(self) -> list[PlannedItem]:
        return [item for item in self.items if not item.problem]

    @cached_property
    def measured(self) -> list[tuple[PlannedItem, Sample]]:
        known = (item for item in self.written if item.size is not None)
        return [(item, item.sample) for item in known if item.sample is not None]

    def left_out(self, *beginnings: str) -> tuple[PlannedItem, ...]:
        return tuple(item for item in self.items if item.problem.startswith(beginnings))


def _gone(flight: _Flight) -> Iterator[Problem]:
    pads = flight.left_out(PAD_GONE)
    if pads:
        todo = "Add the file to the library again and put the sound on its pad."
        yield _stops(pads, f"{_count(len(pads), 'pad stays', 'pads stay')} empty. {todo}")
    lost = flight.left_out(GONE)
    if lost:
        todo = "Restore it from the trash, or add the file again."
        yield _stops(lost, f"{_left_out(lost)}: the source file is gone. {todo}")
    unknown = tuple(item for item in flight.items if item.problem.endswith(NOT_FOUND))
    if unknown:
        yield _stops(unknown, f"{_left_out(unknown)}: not in your library. Choose again there.")


def _unreadable(flight: _Flight) -> Iterator[Problem]:
    items = flight.left_out(UNREADABLE)
    if items:
        sentence = f"{_left_out(items)}: not readable. Save it again as WAV and add that."
        yield _stops(items, sentence, device=UNSUPPORTED)


def _nothing_between(flight: _Flight) -> Iterator[Problem]:
    items = flight.left_out(BEHIND_THE_END)
    if items:
        todo = "Set them again on the pad."
        yield _stops(items, f"{_left_out(items)}: start and end lie behind its end. {todo}")


def _no_place(flight: _Flight) -> Iterator[Problem]:
    items = flight.left_out(PATH_TOO_LONG)
    if items:
        todo = "Choose other folders, or shorten their names in the library."
        yield _stops(items, f"{_left_out(items)}: too long a path. {todo}", fixes=("flat",))


def _short(flight: _Flight) -> Iterator[Problem]:
    items = flight.left_out(TOO_SHORT)
    if items:
        sentence = f"{_left_out(items)}: under {SHORTEST_MS} ms."
        yield _stops(items, sentence, device=DEVICE_TOO_SHORT, fixes=("lengthen",))
    longer = tuple(item for item, sample in flight.measured if item.recipe.pad_short)
    if longer:
        sentence = f"{_sounds(longer)} under {SHORTEST_MS} ms: lengthened with silence."
        yield Problem(Weight.SETTLED, sentence, longer, DEVICE_TOO_SHORT)


def _long(flight: _Flight) -> Iterator[Problem]:
    minutes = SP404MKII.longest_seconds // 60
    most = megabytes(SP404MKII.longest_bytes)
    items = flight.left_out(TOO_LONG)
    if items:
        sentence = f"{_left_out(items)}: longer than {minutes} minutes, larger than {most}."
        yield _stops(items, sentence, device=DEVICE_TOO_LONG, fixes=WAYS_WITH_LONG)
    over = tuple(item for item in flight.written if (item.frames or 0) > LONGEST_FRAMES)
    if over and flight.options.is_for_card:
        sentence = (
            f"{_sounds(over)} longer than {minutes} minutes, the manual's limit. "
            f"In mono, people have loaded up to {most}."
        )
        yield Problem(Weight.WARNS, sentence, over, DEVICE_TOO_LONG, WAYS_WITH_LONG)
    cut = tuple(item for item in flight.written if not item.recipe.is_whole)
    if cut:
        is_faded = cut[0].recipe.fade_out
        done = "cut there with a short fade" if is_faded else f"{len(cut)} parts without a gap"
        first = tuple(item for item in cut if item.recipe.start == 0)
        sentence = f"{_sounds(first)} over {minutes} minutes: {done}."
        yield Problem(Weight.SETTLED, sentence, cut, DEVICE_TOO_LONG)


def _refused_as_they_are(flight: _Flight) -> Iterator[Problem]:
    kinds = [(item, kind) for item, sample in flight.measured if (kind := _refused(sample))]
    if kinds and flight.options.is_for_card:
        items = tuple(item for item, _ in kinds)
        of = Counter(kind for _, kind in kinds).most_common()
        what = ", ".join(f"{count} × {kind}" for kind, count in of)
        sentence = f"{_sounds(items)} the sampler would refuse, converted: {what}."
        yield Problem(Weight.SETTLED, sentence, items, UNSUPPORTED)


def _refused(sample: Sample) -> str:
    """Return what the machine refuses about a source as it is, or nothing."""
    channels = sample.channels or 1
    if sample.codec in {"FLOAT", "DOUBLE", "PCM_32"}:
        return f"{sample.bit_depth}-bit {'whole numbers' if sample.codec == 'PCM_32' else 'float'}"
    if sample.format not in SP404MKII.formats:
        return sample.format.upper()
    if sample.bit_depth is None and sample.format != "mp3":
        return f"compressed {sample.format.upper()}"
    return f"{channels} channels" if channels > SP404MKII.max_channels else ""


def _names(flight: _Flight) -> Iterator[Problem]:
    if not flight.options.is_for_card:
        return
    safe = set(SP404MKII.safe_characters) | {"/"}
    odd = tuple(item for item in flight.written if not set(item.path) <= safe)
    if odd:
        sentence = f"{_names_of(odd)} with letters that the sampler does not know."
        yield Problem(Weight.WARNS, sentence, odd, UNSUPPORTED, ("letters",))
    most = SP404MKII.name_length
    long = tuple(item for item in flight.written if len(_stem(item)) > most)
    if long:
        seen = Counter(folded(_stem(item)[:most]) for item in flight.written)
        alike = sum(seen[folded(_stem(item)[:most])] > 1 for item in long)
        more = f", and {alike} of them look like another" if alike else ""
        sentence = f"{_names_of(long)} over {most} characters: the sampler cuts them{more}."
        yield Problem(Weight.WARNS, sentence, long, fixes=("names",))


def _stem(item: PlannedItem) -> str:
    return item.file_name.rpartition(".")[0]


def _folders(flight: _Flight) -> Iterator[Problem]:
    counts = Counter(item.folder for item in flight.written)
    folder, most = max(counts.items(), key=lambda entry: entry[1], default=("", 0))
    if most > SP404MKII.files_per_folder and flight.options.is_for_card:
        name = folder.rpartition("/")[2]
        sentence = (
            f"{most} files in one folder, {name}: the sampler's own limit is not known, "
            "and long lists are slow to scroll on it."
        )
        layout = flight.options.layout
        ways = tuple(way for way in ("tempo", "genre") if FIXES[way][1]["layout"] != layout)
        yield Problem(Weight.WARNS, sentence, fixes=ways)


def _loops(flight: _Flight) -> Iterator[Problem]:
    items = tuple(item for item in flight.written if item.is_cut_loop)
    if items:
        loops = _count(len(items), "loop", "loops")
        sentence = f"{loops} cut shorter: out of time when repeated."
        yield Problem(Weight.WARNS, sentence, items, fixes=("keep-silence",))


def _silent(flight: _Flight) -> Iterator[Problem]:
    items = tuple(item for item, sample in flight.measured if _is_silent(item, sample))
    if items:
        sentence = f"{_sounds(items)} silent from beginning to end."
        yield Problem(Weight.WARNS, sentence, items)


def _is_silent(item: PlannedItem, sample: Sample) -> bool:
    return sample.peak_48k == 0 or item.recipe.baked.level == 0


def _full(flight: _Flight) -> Iterator[Problem]:
    device, size = SP404MKII, sum(item.size or 0 for item in flight.written)
    if not flight.options.is_for_card:
        return
    if size > device.storage_bytes:
        most = megabytes(device.storage_bytes)
        sentence = f"{megabytes(size)} in all: the sampler has {most}. Export fewer sounds."
        yield Problem(Weight.WARNS, sentence, device=DEVICE_FULL)
    if len(flight.written) > device.samples:
        sentence = (
            f"{len(flight.written)} sounds: the {device.projects} projects of the sampler hold "
            f"{device.samples}. The others stay on the card."
        )
        yield Problem(Weight.WARNS, sentence)


def _equal_channels(flight: _Flight) -> Iterator[Problem]:
    double = tuple(item for item, sample in flight.measured if _is_double(item, sample))
    if double:
        alike = "it sounds" if len(double) == 1 else "they sound"
        sentence = (
            f"{_sounds(double)} with the same in both channels. "
            f"As mono {alike} exactly alike: {_saved(double)} less."
        )
        yield Problem(Weight.OFFER, sentence, double, fixes=("mono",))
    mono = tuple(item for item in flight.written if ONE_OF_TWO in item.changes)
    if mono:
        sentence = f"{_sounds(mono)} with the same in both channels: mono, {_saved(mono)} less."
        yield Problem(Weight.SETTLED, sentence, mono)


def _is_double(item: PlannedItem, sample: Sample) -> bool:
    is_panned = item.recipe.baked.balance is not None
    return bool(sample.channels_equal) and item.channels == sample.channels and not is_panned


def _widened(flight: _Flight) -> Iterator[Problem]:
    items = tuple(item for item, sample in flight.measured if _is_wider(item, sample))
    if items:
        sentence = f"{_count(len(items), 'mono sound', 'mono sounds')} panned: stereo, 2 voices."
        yield Problem(Weight.SETTLED, sentence, items)


def _is_wider(item: PlannedItem, sample: Sample) -> bool:
    return item.recipe.baked.balance is not None and sample.channels == 1


def _saved(items: tuple[PlannedItem, ...]) -> str:
    """Return what one channel fewer of these saves: `7 voices and 3.2 MB`."""
    size = sum((item.frames or 0) * WORD for item in items)
    return f"{_count(len(items), 'voice', 'voices')} and {filesize(size)}"


def _stops(
    items: tuple[PlannedItem, ...], sentence: str, *, device: str = "", fixes: tuple[str, ...] = ()
) -> Problem:
    return Problem(Weight.STOPS, sentence, items, device, fixes)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _sounds(items: tuple[PlannedItem, ...]) -> str:
    return _count(len(items), "sound", "sounds")


def _left_out(items: tuple[PlannedItem, ...]) -> str:
    return f"{_sounds(items)} left out"


def _names_of(items: tuple[PlannedItem, ...]) -> str:
    return _count(len(items), "name", "names")


LOOKS: tuple[Callable[[_Flight], Iterator[Problem]], ...] = (
    _gone, _unreadable, _nothing_between, _no_place, _long, _short, _names, _folders, _full,
    _loops, _silent, _equal_channels, _widened, _refused_as_they_are,
)  # fmt: skip
