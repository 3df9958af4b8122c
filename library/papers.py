"""Licences and read-mes as they arrive: in a ZIP, from a browser, from a folder of the machine."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile

from library import licences, origins, packs

MOST_PAPERS = 20  # of one ZIP that are read
MOST_UNPACKED = 1 << 20  # bytes of one of them


def of_zip(pack: packs.Pack, papers: Sequence[packs.Entry]) -> Iterator[tuple[str, str]]:
    """Yield path and text of the papers in a ZIP; one that is damaged or huge says nothing."""
    for entry in papers[:MOST_PAPERS]:
        text = io.BytesIO()
        try:
            if entry.size <= MOST_UNPACKED:
                packs.copy_out(pack, entry, text)
        except packs.EntryDamagedError:
            continue
        yield entry.path, licences.decode(text.getvalue())


def keep(
    owner: User,
    pack_name: str,
    path: str,
    file: "UploadedFile[bytes] | Path",
    *,
    replaces: bool = False,
) -> None:
    """Keep a paper with the pack of this name; path: inside the pack; else as `add_papers`."""
    if isinstance(file, UploadedFile):
        data = file.read(licences.LARGEST)
    else:
        with file.open("rb") as opened:
            data = opened.read(licences.LARGEST)
    pack, told = origins.named(owner, pack_name), [(path, licences.decode(data))]
    origins.add_papers(pack, told, replaces=replaces)
