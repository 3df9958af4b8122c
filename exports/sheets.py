"""The pad sheet of an exported kit: frozen with the export, drawn by a worker, kept with its files.

A picture is a converted file like any other: found again by what determines its bytes, shared by
exports of the same kit, and cleared with the last of them.
"""

import hashlib
import json
import logging
import zlib
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.timezone import now

from exports.models import Export, Render, SheetPage
from exports.sheet_page import path_of
from exports.sources import Source
from kits.grid import pads_of
from kits.hardware.pads import PadAddress
from kits.models import Kit, Pad
from kits.sheet import png
from kits.sheet.pages import Page, pages
from kits.sheet.text import NAME, text
from library.jobs import OPEN_STATES, NoSpaceError
from library.storage import require_space

log = logging.getLogger(__name__)

File = tuple[str, int]  # path and bytes; 0: not certain yet


def of(source: Source, *, is_drawn: bool = True) -> list[Page]:
    """Return the pages of a kit as this source has it; none for sounds without pads.

    An export that is made again as it was has the sheet of then. is_drawn: with the waveforms.
    """
    if not source.is_kit:
        return []
    if source.earlier is not None and not source.is_now:
        kept = kept_of(source.earlier)
        if kept:
            return kept
    return pages(_kit_of(source), pads=_lying(source), is_drawn=is_drawn)


def _kit_of(source: Source) -> Kit:
    """Return the kit, or what is known of one that was deleted since it was exported."""
    if source.kit is not None:
        return source.kit
    when = source.earlier.created_at if source.earlier else now()
    return Kit(name=source.name, updated_at=when)


def _lying(source: Source) -> dict[PadAddress, Pad]:
    """Return what is exported by its pad: with its settings where it still lies there."""
    today = pads_of(source.kit) if source.kit is not None else {}
    lying = {}
    for wanted in source.wanted:
        at = wanted.pad
        if at is None:
            continue
        pad = today.get(at)
        if pad is None or pad.sample != wanted.sample:
            pad = Pad(bank=at.bank, number=at.number, sample=wanted.sample, title=wanted.title)
        lying[at] = pad
    return lying


def planned(source: Source) -> tuple[File, ...]:
    """Return the files of a sheet that is still to be drawn: what a picture takes is not known."""
    found = of(source, is_drawn=False)
    return _files(found, {})


def freeze(export: Export, source: Source) -> None:
    """Keep the sheet of what an export was asked for."""
    SheetPage.objects.bulk_create(
        SheetPage(export=export, letter=page.letter, content=page.as_json()) for page in of(source)
    )


def kept_of(export: Export) -> list[Page]:
    """Return the pages that an export keeps."""
    return [Page.from_json(page.content) for page in export.sheet_pages.all()]


def files_of(export: Export) -> tuple[File, ...]:
    """Return the files of the sheet that an export keeps; none where it was not asked for."""
    if not export.options.get("include_sheet"):
        return ()
    rows = list(export.sheet_pages.select_related("render"))
    sizes = {row.letter: row.render.size_bytes for row in rows if row.render is not None}
    return _files([Page.from_json(row.content) for row in rows], sizes)


def _files(found: Iterable[Page], sizes: dict[str, int]) -> tuple[File, ...]:
    shown = list(found)
    pictures = [(path_of(page.letter), sizes.get(page.letter, 0)) for page in shown]
    written = text(shown).encode()
    return ((NAME, len(written)), *pictures) if written else ()


def draw(export_id: int) -> bool:
    """Draw the pages of an export whose sounds are done; False while there is no room for them.

    Safe to run twice at once: equal bytes go to equal names.
    """
    undrawn = SheetPage.objects.undrawn().filter(export=export_id, export__state__in=OPEN_STATES)
    todo = list(undrawn)
    if not todo or Export(pk=export_id).items.filter(state__in=OPEN_STATES).exists():
        return True
    try:
        for row in todo:
            _keep(row)
    except (NoSpaceError, OSError) as fault:
        log.warning("Export %s waits: its pad sheet could not be written: %s", export_id, fault)
        return False
    return True


def _keep(row: SheetPage) -> None:
    """Point a page at its picture, drawn now unless it exists."""
    key = key_of(row)
    Render.objects.filter(key=key).update(made_at=now())  # keeps the sweep off it
    known = Render.objects.filter(key=key).first()
    if known is None or not default_storage.exists(known.path):
        data = png.png(Page.from_json(row.content))
        require_space(len(data))
        known = Render(
            key=key,
            extension="png",
            size_bytes=len(data),
            crc32=zlib.crc32(data),
            sha256=hashlib.sha256(data).hexdigest(),
            frames=0,
            channels=0,
        )
        default_storage.save(known.path, ContentFile(data))
    with transaction.atomic():
        Render.add([known])
        kept = Render.objects.get(key=key)
        SheetPage.objects.filter(pk=row.pk).update(render=kept)


def key_of(row: SheetPage) -> str:
    """Return the address of a page's picture: 64 digits of what determines its bytes."""
    content = json.dumps(row.content, sort_keys=True)
    return hashlib.sha256(f"sheet {png.VERSION}:{content}".encode()).hexdigest()
