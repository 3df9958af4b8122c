"""Check a file before anybody converts it."""

from dataclasses import dataclass
from pathlib import Path

from library.audio.decoders import Decoder
from library.audio.errors import AudioError
from library.audio.files import blocks, with_fallback
from library.audio.gather import in_words
from library.audio.sniff import EXTENSIONS
from library.audio.units import SHORTEST_MS, is_short


@dataclass(frozen=True)
class Validation:
    """What `validate_sample` found; `errors` are sentences for people, all of them."""

    duration_ms: float | None
    meets_duration_requirement: bool
    format_supported: bool
    file_readable: bool
    errors: tuple[str, ...]

    @property
    def valid(self) -> bool:
        """Tell whether nothing stands in the way."""
        return not self.errors


def unsupported_extension(name: str) -> str | None:
    """Return the sentence about a name's extension, or None when it is supported."""
    extension = Path(name).suffix.lower()
    if extension in EXTENSIONS:
        return None
    return f"Unsupported format: {extension or 'none'}. Supported: {', '.join(EXTENSIONS)}"


def too_short(frames: int, rate: int) -> str | None:
    """Return the sentence about a sound under 100 ms, or None; frames as decoded, rate in Hz.

    The figure is cut, not rounded, so that it never says 100.0.
    """
    if not is_short(frames, rate):
        return None
    tenths = frames * 10_000 // rate
    return f"Duration too short: {tenths / 10:.1f}ms (minimum: {SHORTEST_MS}ms)"


def validate_sample(path: Path, name: str | None = None) -> Validation:
    """Decode a file to its end and report all failures; `name`: what its owner calls it."""
    called = name or path.name
    errors = [problem for problem in [unsupported_extension(called)] if problem]
    supported = not errors
    length: tuple[int, int] | None = None
    try:
        if path.exists():
            length, _ = with_fallback(path, lambda decoder: _length(path, decoder))
        else:
            errors.append(f"Audio file not found: {called}")
    except AudioError as error:
        errors.append(f"Failed to load audio: {error}")
    except OSError as error:
        errors.append(f"Failed to load audio: {in_words(error)}")
    if length and (problem := too_short(*length)):
        errors.append(problem)
    return Validation(
        duration_ms=length[0] * 1000 / length[1] if length else None,
        meets_duration_requirement=length is not None and not is_short(*length),
        format_supported=supported,
        file_readable=length is not None,
        errors=tuple(errors),
    )


def _length(path: Path, decoder: Decoder | None) -> tuple[int, int]:
    with blocks(path, decoder=decoder) as decoding:
        for _ in decoding:
            pass
        return decoding.frames, decoding.rate
