"""All that one sound tells, put into fields: measured, heard and, if wanted, read off its name."""

import math
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from library import keys
from library.audio import listen
from library.audio.crew import CHUNK, Crew, Lost
from library.audio.errors import AudioError
from library.audio.gather import in_words
from library.audio.hearing.hear import hear, warm_up
from library.audio.hearing.heard import Heard
from library.audio.hearing.judge import judge
from library.audio.hearing.reconcile import AUDIO
from library.audio.hearing.shown import shows_key

KEY_NAMES = dict(keys.CHOICES)
"""`F# major` of `F#`."""

LARGE_BYTES = 1_500_000
"""Files of this size go out alone; smaller ones several at once."""

MOMENT = 6
"""Decimals of a second: less than a sample."""
SHARE = 4
"""Decimals of a confidence and of decibels."""

Fields = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A file to tell of; shelf: folders that may say something; error: it is known already.

    given: its path as it was typed, where it was.
    """

    path: Path
    size_bytes: int = 0
    shelf: str = ""
    error: str = ""
    given: str = ""

    @property
    def name(self) -> str:
        """Return what to call it: programs look for what they asked for."""
        return self.given or str(self.path)


@dataclass(frozen=True)
class Account:
    """What became of a file: fields as `analyse --json` prints them, or an error as a phrase.

    path: as it was typed, or as it was found in a folder.
    """

    path: str
    fields: Fields = field(default_factory=dict)
    error: str = ""


def accounts(
    asked: Sequence[Asked], *, with_hints: bool, size: int, limit_seconds: float
) -> Generator[Account, None, None]:
    """Listen with up to `size` processes; yield what files tell, in the order they were given.

    Close the iterator to stop. Raises OSError when the machine has no process to give.
    """
    warm_up()  # what it makes is shared by all children
    crew = Crew(
        partial(_account, asked, with_hints=with_hints),
        size=size,
        limit_seconds=limit_seconds,
        killed=_leave_it,
    )
    done: dict[int, Account] = {}
    due = 0
    with closing(crew.run(_portions(asked))) as results:
        for number, result in results:
            done[number] = (
                Account(asked[number].name, error=result.reason)
                if isinstance(result, Lost)
                else result
            )
            while due in done:
                yield done.pop(due)
                due += 1


def _leave_it(_number: int, _process: int) -> None:
    """Clear nothing up: listening leaves nothing behind."""


def _portions(asked: Sequence[Asked]) -> Generator[list[int], None, None]:
    """Yield the files' numbers in order: large ones alone, small ones several at once."""
    portion: list[int] = []
    for number, one in enumerate(asked):
        is_large = one.size_bytes > LARGE_BYTES
        if portion and (is_large or len(portion) == CHUNK):
            yield portion
            portion = []
        portion.append(number)
        if is_large:
            yield portion
            portion = []
    if portion:
        yield portion


def _account(asked: Sequence[Asked], number: int, *, with_hints: bool) -> Account:
    """Listen to one file in a child. Whatever goes wrong goes wrong with this file alone."""
    one = asked[number]
    if one.error:
        return Account(one.name, error=one.error)
    try:
        return Account(one.name, told(one.path, one.shelf if with_hints else None))
    except AudioError as error:
        return Account(one.name, error=str(error))
    except MemoryError:
        return Account(one.name, error="it takes too much memory")
    except OSError as error:
        return Account(one.name, error=in_words(error))
    except Exception as error:  # noqa: BLE001 - one file never stops the others
        return Account(one.name, error=f"the analyser failed ({error!r})")


def told(path: Path, shelf: str | None = None) -> Fields:
    """Decode a file once and return all that it tells; raises AudioError and OSError.

    shelf: the folders above it, whose names count with its own and with embedded data; None for
    the sound alone.
    """
    facts = listen.facts(path)
    measured = _measured_fields(facts)
    if facts.signal is None:
        return _heard_fields(None) | measured
    if shelf is None:
        return _heard_fields(hear(facts.signal)) | measured
    verdict = judge(facts.signal, path, path.name, shelf).verdict
    shows = shows_key(verdict.heard, is_told=verdict.sources["key"] != AUDIO)
    heard = _heard_fields(verdict.heard) | {"key_shown": shows}
    return heard | measured | {"sources": verdict.sources}


def _heard_fields(heard: Heard | None) -> Fields:
    if heard is None:
        names = ("bpm", "key", "tonality", "class", "kind")
        sure = {f"{name}_confidence": None for name in names if name != "tonality"}
        return dict.fromkeys(names) | sure | {"key_shown": False, "onsets": []}
    is_loop = heard.is_loop
    return {
        "bpm": round(heard.bpm, SHARE) if is_loop and heard.bpm is not None else None,
        "bpm_confidence": _rounded(heard.bpm_confidence) if is_loop else None,
        "key": KEY_NAMES.get(heard.key),
        "key_confidence": _rounded(heard.key_confidence),
        "key_shown": shows_key(heard),
        "tonality": _rounded(heard.tonality),
        "class": heard.heard_class or None,
        "class_confidence": _rounded(heard.class_confidence),
        "kind": "loop" if is_loop else "one-shot",
        "kind_confidence": _rounded(heard.kind_confidence),
        "onsets": [round(second, MOMENT) for second in heard.onsets.seconds.tolist()],
    }


def _measured_fields(facts: listen.Facts) -> Fields:
    return {
        "duration_seconds": facts.seconds,
        "sample_rate": facts.material.rate,
        "channels": facts.material.channels,
        "bit_depth": facts.material.bit_depth,
        "peak_amplitude": facts.peak_amplitude,
        "rms_energy": facts.rms_energy,
        "dynamic_range_db": _rounded(facts.dynamic_range_db),
        "loudness_lufs": _rounded(facts.loudness_lufs),
        "true_peak_dbtp": _rounded(facts.true_peak_dbtp),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, SHARE)
