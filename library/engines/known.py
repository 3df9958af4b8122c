"""Which models the settings name, by their dotted paths; each is imported once in a process."""

import logging
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from library.engines import LONGEST_NAME, Engine, EngineError

log = logging.getLogger(__name__)


def engine_at(path: str) -> type[Engine]:
    """Return the class of a dotted path; raises EngineError with a sentence.

    One without a name is called as its class is, one without a version has an empty one.
    """
    found, fault = _imported(path)
    if found is None:
        raise EngineError(fault)
    return found


@lru_cache
def _imported(path: str) -> tuple[type[Engine] | None, str]:
    """Return the class, or None and why: what failed once is not tried by every page again."""
    try:
        found = import_string(path)
        if fault := _fault(found):
            return None, f"{path} is no engine: {fault}."
    except Exception as fault:  # noqa: BLE001  whatever a module of somebody else raises
        return None, f"There is no engine {path}: {fault}."
    return found, ""


def _fault(found: Any) -> str:
    """Return what a class lacks to be an engine; give it a name and a version where it has none."""
    if not (isinstance(found, type) and callable(getattr(found, "generate", None))):
        return "it is no class, or lacks generate()"
    for word, usual in (("name", found.__name__), ("version", "")):
        if not hasattr(found, word):
            setattr(found, word, usual)
        told = getattr(found, word)
        if not isinstance(told, str):
            return f"its {word} is no text"
        if len(told) > LONGEST_NAME:
            return f"its {word} has more than {LONGEST_NAME} characters"
    return "" if found.name.strip() else "its name is empty"  # type: ignore[attr-defined]


def engines() -> dict[str, type[Engine]]:
    """Return the classes of the settings by their names; one that cannot be loaded is left out."""
    return dict(_by_name(tuple(settings.GENERATION_ENGINES)))


@lru_cache
def _by_name(paths: tuple[str, ...]) -> dict[str, type[Engine]]:
    found: dict[str, type[Engine]] = {}
    for path in paths:
        try:
            known = engine_at(path)
        except EngineError as reason:  # the system check tells it as an error
            log.warning("%s", reason)
        else:
            found.setdefault(known.name, known)
    return found
