"""Cards for tests: files to be written to a folder, and what a folder holds."""

import hashlib
import io
from pathlib import Path

from exports.card import record
from exports.card.steps import File
from exports.card.write import Card, Result


def file(path: str, data: bytes = b"kick", origin: str = "") -> File:
    """Return a file that shall be on a card; without an origin its first path stands for it."""
    digest = hashlib.sha256(data).hexdigest()
    return File(path, len(data), digest, origin or path, lambda: io.BytesIO(data))


def put(folder: Path, *files: File, longest: int = 255) -> Result:
    """Write files to a folder in one run and return what came of it."""
    with Card.opened(folder) as card:
        return card.write(list(card.steps(files, longest)), lambda _size: None)


def holdings(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes, but the record."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != record.NAME
    }
