"""An export done at once, and the sounds of its ZIP."""

import io
import zipfile

import soundfile

from exports import build, download
from exports.options import card
from exports.plan import plan
from exports.sources import from_kit

EVERYTHING = card(kit=True)
"""What a kit is exported with unless somebody chooses otherwise."""


def exported(kit, worker, options=EVERYTHING):
    """Plan and do an export; return the plan, the row, and the sounds of its ZIP by path."""
    planned = plan(from_kit(kit), options)
    export = build.create(kit.owner, planned)
    worker()
    export.refresh_from_db()
    return planned, export, sounds_of(export)


def sounds_of(export):
    archive = zipfile.ZipFile(io.BytesIO(b"".join(download.archive(export).stream())))
    names = [name for name in archive.namelist() if name.endswith(".wav")]
    return {
        name: soundfile.read(io.BytesIO(archive.read(name)), dtype="int16", always_2d=True)[0]
        for name in names
    }
