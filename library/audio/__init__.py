"""Sound, without Django: what other programs use of it stands here.

The names are found when they are first asked for, so that importing this package, as importing any
of its modules does, loads nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from library.audio.described import Metadata, describe_audio, read_metadata
    from library.audio.errors import AudioError
    from library.audio.written import Written, write_audio, write_audio_batch

__all__ = [
    "AudioError",
    "Metadata",
    "Written",
    "describe_audio",
    "read_metadata",
    "write_audio",
    "write_audio_batch",
]

_HOMES = {
    "AudioError": "errors",
    "Metadata": "described",
    "Written": "written",
    "describe_audio": "described",
    "read_metadata": "described",
    "write_audio": "written",
    "write_audio_batch": "written",
}


def __getattr__(name: str) -> object:
    """Import a name from where it lives (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Name what is here and what is to be had."""
    return sorted({*globals(), *__all__})
