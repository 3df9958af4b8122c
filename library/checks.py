"""System checks: what must hold of the settings and the machine."""

from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from library.engines import EngineError
from library.engines.known import engine_at

TAG = "padcrate"
NETWORK_TYPES = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph"}
MOUNTS = Path("/proc/mounts")


@register(TAG)
def queue_times(**_about: Any) -> list[CheckMessage]:
    """A message must not come back while its task may still run, nor a slice outlive its task."""
    problems: list[CheckMessage] = []
    if settings.QUEUE_RETRY <= settings.TASK_TIMEOUT:
        problems.append(Error("QUEUE_RETRY must be longer than TASK_TIMEOUT.", id="padcrate.E001"))
    longest = max(settings.ITEM_SECONDS, settings.GENERATION_SECONDS)
    if settings.SLICE_SECONDS + longest >= settings.TASK_TIMEOUT:
        problems.append(
            Error(
                "SLICE_SECONDS and the longest job (ITEM_SECONDS, GENERATION_SECONDS) together "
                "must be shorter than the queue's timeout.",
                hint="Lower PADCRATE_SLICE_SECONDS or PADCRATE_ITEM_SECONDS.",
                id="padcrate.E002",
            )
        )
    return problems


@register(TAG)
def generation_engines(**_about: Any) -> list[CheckMessage]:
    """Each class that makes sounds must be there, and be called by a name of its own."""
    problems: list[CheckMessage] = []
    names: dict[str, str] = {}
    for path in settings.GENERATION_ENGINES:
        try:
            name = engine_at(path).name
        except EngineError as reason:
            told = str(reason)
        else:
            if names.setdefault(name, path) == path:
                continue
            told = f"{path} and {names[name]} are both called {name}."
        hint = "Mend PADCRATE_GENERATION_ENGINES: dotted paths of classes, with commas between."
        problems.append(Error(told, hint=hint, id="padcrate.E005"))
    return problems


@register(TAG)
def media_folder(**_about: Any) -> list[CheckMessage]:
    """Files must be writable where they are kept."""
    try:
        with TemporaryFile(dir=settings.TMP_DIR):
            return []
    except OSError as fault:
        return [
            Error(
                f"The media folder cannot be written to: {fault.strerror}.",
                hint="Make PADCRATE_DATA a folder that this user may write to.",
                id="padcrate.E003",
            )
        ]


@register(TAG)
def database_disk(**_about: Any) -> list[CheckMessage]:
    """SQLite's locks do not hold on network file systems."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return []
    kind = file_system(Path(database["NAME"]))
    if kind not in NETWORK_TYPES:
        return []
    return [
        Error(
            f"SQLite cannot be trusted on a network file system ({kind}).",
            hint="Put PADCRATE_DATA on a local disk, or set PADCRATE_DATABASE_URL.",
            id="padcrate.E004",
        )
    ]


def file_system(path: Path) -> str:
    """Return the type of the file system a path lies on, or nothing where that is not told."""
    if not MOUNTS.exists():
        return ""
    found = ("", "")
    for line in MOUNTS.read_text().splitlines():
        _device, mount, kind, *_rest = line.split()
        if path.is_relative_to(mount.replace("\\040", " ")) and len(mount) >= len(found[0]):
            found = (mount, kind)
    return found[1]
