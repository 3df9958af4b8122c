"""One converted file: found again when its bytes exist already, else made, checked and kept."""

import hashlib
import logging
import zlib
from pathlib import Path

from django.core.files.storage import default_storage
from django.utils.timezone import now

from exports.loudness import reached
from exports.models import ExportItem, Render
from library.audio.convert import Result, convert
from library.audio.errors import AudioError
from library.audio.recipe import Recipe
from library.audio.units import RATE
from library.audio.validate import too_short
from library.jobs import JobError
from library.models import Sample
from library.storage import keep, local, require_space, scratch

log = logging.getLogger(__name__)

CHUNK = 1 << 20
ROOM = 2.2  # the copy being made and the one being kept, and a tenth


def key_of(sha256: str, recipe: Recipe) -> str:
    """Return the address of a render: 64 hexadecimal digits of what determines its bytes."""
    return hashlib.sha256(f"{sha256}:{recipe.as_json()}".encode()).hexdigest()


def render(item: ExportItem) -> Render:
    """Return the converted file of an item, made now unless it exists.

    JobError in words for people when the source cannot become one; NoSpaceError when the disk is
    full. Safe to run twice at once: equal bytes go to equal names.
    """
    recipe = Recipe(**item.recipe)
    key = key_of(item.sample_sha256, recipe)
    return find(key) or _made(item, recipe, key)


def find(key: str) -> Render | None:
    """Return the render at this address if its file is whole, and keep the sweep off it."""
    if not Render.objects.filter(key=key).update(made_at=now()):
        return None
    known = Render.objects.filter(key=key).first()
    return known if known is not None and _is_stored(known) else None


def _is_stored(known: Render) -> bool:
    try:
        return default_storage.size(known.path) == known.size_bytes
    except FileNotFoundError:
        return False


def _made(item: ExportItem, recipe: Recipe, key: str) -> Render:
    name = Sample(sha256=item.sample_sha256).blob
    try:
        with local(name) as source, scratch(f".{recipe.format}") as target:
            require_space(round(ROOM * (item.size_bytes or source.stat().st_size)))
            result = _converted(item, recipe, source, target)
            made = _row(key, recipe, result, target)
            keep(target, made.path)
    except FileNotFoundError as error:
        if not default_storage.exists(name):  # from now on library, kits and plans say so
            Sample.objects.filter(sha256=item.sample_sha256).update(is_missing=True)
        raise JobError(f"Audio file not found: {_stored_name(item)}") from error
    _verify(made)
    facts = {field: getattr(made, field) for field in FACTS}
    return Render.objects.update_or_create(key=key, defaults=facts)[0]


FACTS = ("extension", "size_bytes", "crc32", "sha256", "frames", "channels", "changes", "made_at")


def _converted(item: ExportItem, recipe: Recipe, source: Path, target: Path) -> Result:
    try:
        result = convert(source, target, recipe)
    except AudioError as reason:
        raise JobError(f"Failed to load audio: {reason}") from reason
    if not recipe.pad_short and (problem := too_short(result.frames, RATE)):
        raise JobError(problem)
    log.info(
        "Converted item %s: %s Hz, %s channels to %s, %s frames",
        item.pk,
        result.source_rate,
        result.source_channels,
        recipe.format,
        result.frames,
    )
    if result.source_channels > 2:  # noqa: PLR2004 - stereo
        log.warning("Item %s: %s channels folded down", item.pk, result.source_channels)
    return result


def _row(key: str, recipe: Recipe, result: Result, target: Path) -> Render:
    data = target.read_bytes()
    return Render(
        key=key,
        extension=recipe.format,
        size_bytes=result.size_bytes,
        crc32=zlib.crc32(data),
        sha256=hashlib.sha256(data).hexdigest(),
        frames=result.frames,
        channels=result.channels,
        changes=[*result.changes, *reached(result.levelled)],
    )


def _stored_name(item: ExportItem) -> str:
    return item.sample.original_name if item.sample else item.sample_title


def _verify(made: Render) -> None:
    """Read the kept file again; OSError when it is not what was converted."""
    check, size, digest = 0, 0, hashlib.sha256()
    with default_storage.open(made.path) as file:
        while piece := file.read(CHUNK):
            check = zlib.crc32(piece, check)
            size += len(piece)
            digest.update(piece)
    if (check, size, digest.hexdigest()) != (made.crc32, made.size_bytes, made.sha256):
        default_storage.delete(made.path)
        raise OSError("The disk did not keep what was written")
