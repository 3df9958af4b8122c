"""How much of the machine an export takes: files, minutes, megabytes and voices, as bars."""

from collections.abc import Sequence
from dataclasses import dataclass

from exports.planned import PlannedItem
from kits.hardware.devices import SP404MKII
from kits.hardware.pads import BANKS
from library.templatetags.units import filesize, grouped, seconds

GIGABYTE = 1_000_000_000
FULL = 100  # the length of a bar
STORAGE = f"{SP404MKII.storage_bytes // GIGABYTE} GB"
LONGEST = seconds(SP404MKII.longest_seconds)


@dataclass(frozen=True)
class Meter:
    """One bar: what is measured, how much of it there is, and the machine's limit, in words.

    share: 0 to 100, at least 1 where there is anything.
    """

    label: str
    amount: str
    limit: str
    share: int
    is_over: bool = False


@dataclass(frozen=True)
class Bank:
    """What one bank of a kit takes; share: of the largest bank, 0 to 100."""

    letter: str
    pads: int
    size: int
    voices: int
    share: int

    @property
    def is_over(self) -> bool:
        """Tell whether its pads together take more voices than there are."""
        return self.voices > SP404MKII.polyphony


@dataclass(frozen=True)
class Capacity:
    """The whole picture: bars against the machine's limits, and the banks of a kit."""

    meters: tuple[Meter, ...]
    banks: tuple[Bank, ...]
    minutes: str  # of all sounds together
    voices: str  # in a sentence


def capacity(items: Sequence[PlannedItem], *, kit: bool) -> Capacity:
    """Measure what will be written, as far as it is known; kit: it lies on pads."""
    known = [item for item in items if item.size is not None]
    banks = _banks(known) if kit else ()
    return Capacity(
        meters=_meters(known, banks),
        banks=banks,
        minutes=seconds(sum(item.seconds or 0 for item in known)),
        voices=_voices(known, banks),
    )


def _meters(items: Sequence[PlannedItem], banks: Sequence[Bank]) -> tuple[Meter, ...]:
    device = SP404MKII
    size = sum(item.size or 0 for item in items)
    longest = max((item.seconds or 0 for item in items), default=0)
    meters = (
        _meter("Space", size, device.storage_bytes, words=(filesize(size), STORAGE)),
        _meter("Longest", longest, device.longest_seconds, words=(seconds(longest), LONGEST)),
    )
    room = device.pads if banks else device.samples
    count = len({item.wanted.pad for item in items}) if banks else len(items)
    label = "Pads" if banks else "Sounds"
    filled = _meter(label, count, room, words=(grouped(count), grouped(room)))
    if not banks:
        return filled, *meters
    most, voices = max(bank.voices for bank in banks), device.polyphony
    return filled, *meters, _meter("Voices", most, voices, words=(str(most), str(voices)))


def _meter(label: str, amount: float, limit: float, *, words: tuple[str, str]) -> Meter:
    return Meter(label, *words, _share(amount, limit), is_over=amount > limit)


def _share(amount: float, limit: float) -> int:
    return min(FULL, max(1, round(FULL * amount / limit))) if amount else 0


def _banks(items: Sequence[PlannedItem]) -> tuple[Bank, ...]:
    of_bank: dict[str, list[PlannedItem]] = {}
    for item in items:
        if item.wanted.pad:
            of_bank.setdefault(item.wanted.pad.bank, []).append(item)
    sizes = {letter: sum(item.size or 0 for item in some) for letter, some in of_bank.items()}
    largest = max(sizes.values(), default=0)
    return tuple(
        Bank(
            letter=letter,
            pads=len({item.wanted.pad for item in of_bank[letter]}),
            size=sizes[letter],
            voices=sum(item.voices for item in of_bank[letter]),
            share=_share(sizes[letter], largest),
        )
        for letter in BANKS
        if letter in of_bank
    )


def _voices(items: Sequence[PlannedItem], banks: Sequence[Bank]) -> str:
    """Say what it costs when sounds play together; mono takes one voice, stereo two."""
    total = sum(item.voices for item in items)
    if not banks:
        return ""
    voices = SP404MKII.polyphony
    rule = f"The sampler plays {voices} voices at once: mono takes 1, stereo 2."
    if total <= voices:
        return f"{rule} All pads together take {total}."
    over = [bank.letter for bank in banks if bank.is_over]
    if not over:
        return f"{rule} Each bank fits; all pads together take {total}."
    which = "bank" if len(over) == 1 else "banks"
    return f"{rule} All pads of {which} {', '.join(over)} together take more."
