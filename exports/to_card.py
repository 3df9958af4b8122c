"""A finished export onto a card or into a folder: the very files of its ZIP, without the ZIP."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from exports import attribution, download, sheets
from exports.archive import Member
from exports.card.disk import Told
from exports.card.steps import File
from exports.card.write import Card, Result
from exports.models import Export, ExportItem
from exports.options import Options
from kits.hardware.naming import LIMIT, device_limit
from library.jobs import State


def files(export: Export) -> Iterator[File]:
    """Yield the files of an export as a card takes them."""
    items = export.items.filter(state=State.COMPLETED, render__isnull=False).order_by("position")
    written = list(items)
    sums = dict(items.values_list("pk", "render__sha256"))
    members = list(download.members(export))
    for item, member in zip(written, members, strict=False):
        yield _file(member, sums[item.pk], _origin(export, item))
    texts = members[len(written) :]
    whole = _whole(export, written)
    if texts and texts[-1].name == attribution.NAME:
        yield _file(texts[-1], _digest(texts.pop()), f"credits of {whole}")
    pages = {path for path, _ in sheets.files_of(export)}
    while texts and texts[-1].name in pages:
        yield _file(texts[-1], _digest(texts[-1]), f"{texts.pop().name} of {whole}")
    for item, member in zip(written, texts, strict=False):
        yield _file(member, _digest(member), f"text of {_origin(export, item)}")
    for member in texts[len(written) :]:
        yield _file(member, _digest(member), "list")


def write(export: Export, card: Card, told: Told) -> Result:
    """Write an export to an open card; CardError as the card raises it."""
    options = Options.from_json(export.options)
    longest = device_limit(options.format) if options.device_names else LIMIT
    steps = list(card.steps(files(export), longest))
    return card.write(steps, told)


def check(folder: Path) -> None:
    """Raise CardError in words when a folder cannot be written to at all."""
    with Card.opened(folder):
        return


def _origin(export: Export, item: ExportItem) -> str:
    """Return for what a file stands: a later one for the same takes its place on the card."""
    if item.address and export.layout == Export.Layout.KIT:
        return f"kit {export.kit_id or export.name} {item.address}"
    return f"sound {item.sample_sha256}"


def _whole(export: Export, written: Iterable[ExportItem]) -> str:
    """Return what an export is of: the credits of another one stay on the card beside its own."""
    if export.kind == Export.Kind.KIT:
        return f"kit {export.kit_id or export.name}"
    digests = "".join(sorted({item.sample_sha256 for item in written}))
    return f"sounds {hashlib.sha256(digests.encode()).hexdigest()}"


def _file(member: Member, sha256: str, origin: str) -> File:
    return File(member.name, member.size, sha256, origin, member.open)


def _digest(member: Member) -> str:
    with member.open() as opened:
        return hashlib.sha256(opened.read()).hexdigest()
