"""Exports from the shell: all that `manage.py export_samples` and `export_kit` do but talk."""

import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from django.db.models import Q

from exports import build, download
from exports.models import Export
from library import labour
from library.jobs import OPEN_STATES
from library.stand_in import StandIn
from library.storage import sync

PATIENCE = 0.2  # seconds between two looks
ITEMS = "export items"


def follow(export: Export) -> Iterator[int]:
    """Wait for the end of an export; yield now and then how many of its files have ended.

    Workers do it where some are alive. Where none is, a child does, for this export alone and by
    the same claims: with workers that start meanwhile it shares, and nothing is done twice.
    """
    with StandIn(lambda name: labour.work_at(ITEMS, name, export=export)) as stand_in:
        while export.is_open:
            stand_in.look()
            build.finish(export.pk)  # the last worker may have died before it could
            time.sleep(PATIENCE)
            export.refresh_from_db()
            yield export.items.filter(~Q(state__in=OPEN_STATES)).count()


def write_zip(export: Export, target: Path) -> Iterator[int]:
    """Write the ZIP of an export, whole or not at all; yield the bytes of each piece.

    The same bytes as a download. An older file of that name is replaced at the end.
    """
    part = target.with_name(f".{uuid4().hex}.part")
    try:
        with part.open("xb") as file:
            for piece in download.archive(export).stream():
                file.write(piece)
                yield len(piece)
        sync(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    sync(target.parent)
