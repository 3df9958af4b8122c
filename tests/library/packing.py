"""ZIP packs, made for tests."""

import io
import zipfile


def pack(files: dict[str, bytes]) -> bytes:
    """Return a ZIP with these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)  # of no date: the same files, the same bytes
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return target.getvalue()
