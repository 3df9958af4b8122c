"""What goes wrong in an engine, which may be anybody's class, in words for people."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import InterfaceError, OperationalError

from library.audio.errors import AudioError
from library.engines import EngineError
from library.jobs import FULL, JobError, NoSpaceError

log = logging.getLogger(__name__)

MOST_WORDS = 200  # characters of what an exception says
PATHS = re.compile(
    r"""(['"])(?:~|[A-Za-z]:)?[/\\].*?\1 | file:\S+ | [A-Za-z]:\\\S+ | (?<![\w/])~?/(?!/)\S*""",
    re.VERBOSE,
)


@contextmanager
def told(engine: str) -> Iterator[None]:
    """Raise JobError, with a sentence, for whatever an engine of this name raises.

    A full disk and a database that is away go on as they are: the job then waits.
    """
    try:
        yield
    except (Exception, SystemExit) as fault:
        if isinstance(fault, JobError) or _is_anothers(fault):
            raise
        raise JobError(_sentence(engine, fault)) from fault


def _is_anothers(fault: BaseException) -> bool:
    """Tell whether this is the machine's, or the queue's, whose time limit is a SystemExit."""
    if isinstance(fault, SystemExit):
        return type(fault) is not SystemExit
    is_full = isinstance(fault, OSError) and fault.errno in FULL
    return is_full or isinstance(fault, NoSpaceError | OperationalError | InterfaceError)


def _sentence(engine: str, fault: BaseException) -> str:
    if isinstance(fault, EngineError):
        return str(fault)
    if isinstance(fault, MemoryError):
        return _no_memory(engine)
    log.error("%s failed", engine, exc_info=fault)
    if isinstance(fault, OSError) and (words := said(fault.strerror or fault)):
        return f"{engine} failed: {words}."
    words = said(fault)
    return f"{engine} failed: {type(fault).__name__}{words and ': ' + words}."


def _no_memory(engine: str) -> str:
    return f"{engine} needs more memory than there is. Ask for a shorter sound."


@contextmanager
def usable(engine: str) -> Iterator[None]:
    """Raise JobError, with a sentence, where what an engine has made is no sound."""
    try:
        yield
    except AudioError as reason:
        raise JobError(f"{engine} made no sound that can be used: {reason}.") from reason
    except MemoryError as reason:
        raise JobError(_no_memory(engine)) from reason


def unpacked(made: Any) -> tuple[Any, Any]:
    """Return the sound and the rate that an engine has handed back; raises AudioError."""
    if not isinstance(made, tuple | list) or len(made) != 2:  # noqa: PLR2004
        raise AudioError(f"it is {_kind(made)}, not a sound and its rate")
    return made[0], made[1]


def _kind(made: Any) -> str:
    if made is None:
        return "nothing"
    if isinstance(made, tuple | list):
        return f"a {type(made).__name__} of {len(made)}"
    return f"of the type {type(made).__name__}"


def said(fault: object) -> str:
    """Return the first line of what an exception says, short, without paths of this machine."""
    first = next(iter(str(fault).strip().splitlines()), "")
    words = PATHS.sub("…", first).rstrip(" .")
    return words if len(words) <= MOST_WORDS else words[: MOST_WORDS - 1] + "…"
