"""Which models the settings name, by their dotted paths."""

import logging

from django.conf import settings
from django.utils.module_loading import import_string

from library.engines import Engine, EngineError

log = logging.getLogger(__name__)


def engine_at(path: str) -> type[Engine]:
    """Return the class of a dotted path; raises EngineError with a sentence."""
    try:
        found = import_string(path)
    except Exception as fault:  # whatever a module of somebody else raises when it is loaded
        raise EngineError(f"There is no engine {path}: {fault}.") from fault
    if not callable(getattr(found, "generate", None)) or not getattr(found, "name", ""):
        raise EngineError(f"{path} is no engine: it lacks a name, or generate().")
    return found  # type: ignore[no-any-return]


def engines() -> dict[str, type[Engine]]:
    """Return the classes of the settings by their names; one that cannot be loaded is left out."""
    found: dict[str, type[Engine]] = {}
    for path in settings.GENERATION_ENGINES:
        try:
            known = engine_at(path)
        except EngineError as reason:  # the system check tells it as an error
            log.warning("%s", reason)
        else:
            found.setdefault(known.name, known)
    return found
