"""Where a pad is: a bank letter and a number, in the machine's order."""

import re
from dataclasses import dataclass
from typing import Self

from kits.hardware.devices import SP404MKII
from kits.hardware.errors import HardwareError

BANKS = SP404MKII.banks
PADS_PER_BANK = SP404MKII.pads_per_bank
WRITTEN = re.compile(r"([A-Z])-?([0-9]{1,2})", re.ASCII)

# Places in names. The kit layout says them in words. A short code counts only at the
# very start and with two digits, so that "C4 Rhodes", a note, is left alone.
BANK_WORD = re.compile(r"(?:^|[^a-z])bank[ _-]*([a-j])(?![a-z])", re.IGNORECASE)
PAD_WORD = re.compile(r"(?:^|[^a-z])pad[ _-]*([0-9]{1,2})(?![0-9])", re.IGNORECASE)
CODE = re.compile(r"([a-j])-?(0[1-9]|1[0-6])(?![0-9a-z#])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class PadAddress:
    """A pad of a kit: bank A to J, number 1 to 16; sorts as the machine does."""

    bank: str
    number: int

    def __post_init__(self) -> None:
        """Refuse a place that the machine does not have (HardwareError)."""
        if len(self.bank) != 1 or self.bank not in BANKS:
            raise HardwareError(
                f"There is no bank {self.bank}; banks are {BANKS[0]} to {BANKS[-1]}."
            )
        if not 1 <= self.number <= PADS_PER_BANK:
            raise HardwareError(f"There is no pad {self.number}; pads are 1 to {PADS_PER_BANK}.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "B7", "b07" or "B-07"; HardwareError for anything else."""
        found = WRITTEN.fullmatch(text.strip().upper())
        if found is None:
            raise HardwareError(f"“{text[:20]}” is not a pad; write it as A1 or J16.")
        return cls(found[1], int(found[2]))

    @classmethod
    def from_index(cls, index: int) -> Self:
        """Return the pad at place 0 to 159, counted bank by bank (HardwareError)."""
        if not 0 <= index < SP404MKII.pads:
            raise HardwareError(f"There is no pad at place {index}.")
        bank, number = divmod(index, PADS_PER_BANK)
        return cls(BANKS[bank], number + 1)

    def __str__(self) -> str:
        """Return "B7", as in addresses of pages and ids of pads."""
        return f"{self.bank}{self.number}"

    @property
    def padded(self) -> str:
        """The address with two digits, "B07": it sorts right as plain text."""
        return f"{self.bank}{self.number:02}"

    @property
    def index(self) -> int:
        """The place 0 to 159, counted bank by bank."""
        return BANKS.index(self.bank) * PADS_PER_BANK + self.number - 1

    def next(self) -> "PadAddress | None":
        """Return the pad after this one, into the next bank; None after the last."""
        after = self.index + 1
        return ALL[after] if after < len(ALL) else None


ALL = tuple(PadAddress.from_index(index) for index in range(SP404MKII.pads))


def place_from_name(name: str) -> PadAddress | None:
    """Return the pad that a file name or relative path asks for, or None.

    Understood: "bank_A/pad_05_kick.wav" and "Bank A Pad 5" anywhere in the path, and a
    code that starts the file's own name, "C05 Kick.wav" or "C-05_kick".
    """
    path = name.replace("\\", "/")
    own_name = path.rpartition("/")[2]
    if (code := CODE.match(own_name)) is not None:
        return PadAddress(code[1].upper(), int(code[2]))
    pad = PAD_WORD.search(own_name)
    banks = BANK_WORD.findall(path)
    if pad is None or not banks or not 1 <= int(pad[1]) <= PADS_PER_BANK:
        return None
    return PadAddress(banks[-1].upper(), int(pad[1]))
