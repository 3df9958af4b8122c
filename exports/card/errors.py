"""What goes wrong with a card, in one sentence that says what to do next."""

import errno
from pathlib import Path

MEGA = 10**6

FULL = {errno.ENOSPC, errno.EDQUOT}
REFUSED = {errno.EACCES, errno.EPERM}
NAME = {errno.EINVAL, errno.ENAMETOOLONG, errno.EILSEQ}
TAKEN = {errno.EEXIST, errno.ELOOP, errno.ENOTDIR, errno.EISDIR}
GONE = {
    errno.EIO,
    errno.ENODEV,
    errno.ENXIO,
    errno.ENOENT,
    errno.ENOTCONN,
    errno.ECONNABORTED,
    errno.ESHUTDOWN,
    errno.ESTALE,
}
AGAIN = "Run the same again and it goes on from there."


class CardError(Exception):
    """Nothing more can be written, and the message tells a person why."""


class BusyError(CardError):
    """Another run is at it; the same a little later works."""


class FileError(Exception):
    """This one file cannot be written, and the message tells a person why; others can."""


def of_card(fault: OSError, folder: Path) -> CardError:
    """Return what a fault of the system means for the folder that is written to."""
    if fault.errno in FULL:
        return CardError(
            f"{folder} is full. What is on it is whole; make room. {AGAIN}",
        )
    if fault.errno in REFUSED:
        return CardError(f"Permission denied writing to the export folder {folder}.")
    if fault.errno == errno.EROFS:
        return CardError(f"{folder} is protected against writing. Slide the card's lock. {AGAIN}")
    if fault.errno in GONE:
        return CardError(
            f"{folder} does not answer any more: the card was taken out or is failing. "
            f"What was written is whole. {AGAIN}"
        )
    return CardError(f"{folder} could not be written: {fault.strerror or fault}.")


def reason(fault: OSError | FileError) -> FileError:
    """Return why one file is impossible there; raise the fault when it is the whole card's."""
    if isinstance(fault, FileError):
        return fault
    if fault.errno == errno.EFBIG:
        return FileError("The file is larger than the card's format takes.")
    if fault.errno in NAME:
        return FileError("The card does not take this name.")
    if fault.errno in TAKEN:
        return FileError("Something else took this name meanwhile. Run the same again.")
    raise fault


def no_room(folder: Path, needed: int, free: int) -> CardError:
    """Return the sentence about a card that is too small (bytes)."""
    return CardError(
        f"Not enough disk space for export on {folder}: {_size(needed, up=True)} needed, "
        f"{_size(free)} free. Nothing was written."
    )


def _size(size: int, *, up: bool = False) -> str:
    """Return a size for people: `210 MB`; small ones in kB."""
    unit, name = (MEGA, "MB") if size >= MEGA else (1000, "kB")
    return f"{(size + (unit - 1) * up) // unit} {name}"
