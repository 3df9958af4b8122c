"""Files that a scan comes upon: which of them concern it, and what it knows of them."""

import os
from dataclasses import dataclass
from pathlib import PurePosixPath

from library import ingest, licences, packs
from library.ingest import Refused
from library.walk import Folder


@dataclass(frozen=True)
class Found:
    """A file that has changed, where it is, and the pack that its folder belongs to."""

    folder: Folder
    name: str
    pack: str

    @property
    def facts(self) -> os.stat_result:
        """Return size and time of change as they were when it was found."""
        return self.folder.files[self.name]

    @property
    def ending(self) -> str:
        """Return its extension in lower case."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def size_and_time(self) -> dict[str, int]:
        """Return what a row keeps of these facts; it is read again when they differ."""
        return {"size": self.facts.st_size, "modified_ns": self.facts.st_mtime_ns}


def is_wanted(name: str) -> bool:
    """Tell whether a file is a sound, a pack or a paper; all else is passed over in silence."""
    if packs.is_clutter(name):
        return False
    if licences.is_paper(name) or name.lower().endswith(".zip"):
        return True
    try:
        ingest.check_extension(name)
    except Refused as reason:
        return reason.is_sound
    return True
