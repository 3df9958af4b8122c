"""One converted file: found again when its bytes exist already, else made, checked and kept."""

import hashlib
import logging
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import default_storage
from django.utils.timezone import now

from exports.models import ExportItem, Render
from library.audio.convert import Result, convert
from library.audio.errors import AudioError, ResamplingFailed
from library.audio.gather import in_words
from library.audio.recipe import LOWERED, Recipe
from library.audio.units import RATE
from library.audio.validate import too_short
from library.jobs import FULL, JobError, WriteError
from library.models import Sample
from library.storage import keep, local, require_space, scratch

log = logging.getLogger(__name__)

CHUNK = 1 << 20
ROOM = 1.1  # the file being made, and a tenth
HELD = RATE * 8  # bytes of a second of stereo before it is rounded
BROKEN = "The disk did not keep what was written"


def key_of(sha256: str, recipe: Recipe) -> str:
    """Return the address of a render: 64 hexadecimal digits of what determines its bytes."""
    return hashlib.sha256(f"{sha256}:{recipe.as_json()}".encode()).hexdigest()


def render(item: ExportItem) -> Render:
    """Return the converted file of an item, made now unless it is among the known ones.

    A new one has its file but no row yet: that is written with the item's result. JobError in
    words for people when the source cannot become one; NoSpaceError when the disk is full. Safe
    to run twice at once: equal bytes go to equal names.
    """
    recipe = Recipe(**item.recipe)
    key = key_of(item.sample_sha256, recipe)
    if key not in item.known:
        item.known[key] = _made(item, recipe, key)
    return item.known[key]


def find(items: Sequence[ExportItem]) -> None:
    """Tell items that are converted together which files exist whole, and keep the sweep off them.

    They share what they know, so that the same sound in one export twice is converted once.
    """
    keys = {key_of(item.sample_sha256, Recipe(**item.recipe)) for item in items}
    rows = Render.objects.filter(key__in=keys)
    touched = rows.update(made_at=now())
    known = {row.key: row for row in rows if _is_stored(row)} if touched else {}
    for item in items:
        item.known = known


def _is_stored(known: Render) -> bool:
    try:
        return default_storage.size(known.path) == known.size_bytes
    except FileNotFoundError:
        return False


def _made(item: ExportItem, recipe: Recipe, key: str) -> Render:
    name = Sample(sha256=item.sample_sha256).blob
    try:
        with local(name) as source, scratch(f".{recipe.format}") as target:
            require_space(_room(item, recipe, source))
            result = _converted(item, recipe, source, target)
            made = _row(key, recipe, result, target)
            if not keep(target, made.path):
                _verify(made)
    except FileNotFoundError as error:
        if not default_storage.exists(name):  # from now on library, kits and plans say so
            Sample.objects.filter(sha256=item.sample_sha256).update(is_missing=True)
        raise _failed(item, f"Audio file not found: {_stored_name(item)}") from error
    except OSError as fault:
        if fault.errno in FULL:
            raise
        raise WriteError(f"Writing failed: {in_words(fault)}") from fault
    return made


def _room(item: ExportItem, recipe: Recipe, source: Path) -> int:
    """Return the bytes that making a file takes; a part that is remade is held meanwhile."""
    held = HELD * (item.original_seconds or 0) if recipe.comes_cut else 0
    return round(ROOM * (item.size_bytes or source.stat().st_size) + held)


def _converted(item: ExportItem, recipe: Recipe, source: Path, target: Path) -> Result:
    began = time.monotonic()
    try:
        result = convert(source, target, recipe)
    except ResamplingFailed as reason:
        raise _failed(item, f"Resampling failed: {reason}") from reason
    except AudioError as reason:
        raise _failed(item, f"Failed to load audio: {reason}") from reason
    if not recipe.pad_short and (problem := too_short(result.frames, RATE)):
        raise _failed(item, problem)
    log.info(
        "Converted item %s, %s: %s, %s Hz, %s channels to %s, %s Hz, %s channels, in %.2f s",
        item.pk,
        item.sample_title,
        result.source_format,
        result.source_rate,
        result.source_channels,
        recipe.format,
        RATE,
        result.channels,
        time.monotonic() - began,
    )
    if result.repaired:
        log.warning("Item %s: the first decoder broke off, another one read it", item.pk)
    if result.source_channels > 2:  # noqa: PLR2004 - stereo
        log.warning("Item %s: %s channels folded down", item.pk, result.source_channels)
    return result


def _failed(item: ExportItem, sentence: str) -> JobError:
    """Note a fault of a conversion and return what its item is told."""
    log.error("Item %s, %s, was not converted: %s", item.pk, item.sample_title, sentence)
    return JobError(sentence)


def _row(key: str, recipe: Recipe, result: Result, target: Path) -> Render:
    with target.open("rb") as file:
        sums = _sums(file)
    if sums["size_bytes"] != result.size_bytes:
        raise OSError(BROKEN)
    return Render(
        key=key,
        extension=recipe.format,
        frames=result.frames,
        channels=result.channels,
        changes=[*result.changes, *_lowered(result)],
        **sums,
    )


def _lowered(result: Result) -> list[str]:
    """Say what only the conversion could find out: that another pitch has higher peaks."""
    more = max(0.1, result.lowered_db)
    return [f"{LOWERED} {more:.1f} dB after pitching"] if result.lowered_db else []


def _sums(file: IO[bytes]) -> dict[str, Any]:
    """Read a file to its end and return what is kept of its bytes."""
    check, size, digest = 0, 0, hashlib.sha256()
    while piece := file.read(CHUNK):
        check = zlib.crc32(piece, check)
        size += len(piece)
        digest.update(piece)
    return {"size_bytes": size, "crc32": check, "sha256": digest.hexdigest()}


def _stored_name(item: ExportItem) -> str:
    return item.sample.original_name if item.sample else item.sample_title


def _verify(made: Render) -> None:
    """Read a file that was copied to its place again; OSError when it is not what was converted."""
    with default_storage.open(made.path) as file:
        sums = _sums(file)
    if any(getattr(made, name) != value for name, value in sums.items()):
        default_storage.delete(made.path)
        raise OSError(BROKEN)
