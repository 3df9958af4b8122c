"""What must be in place before the first page: tables and static files. Quick when it is."""

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

PACKAGES = ("django", "django-htmx", "django-ninja", "whitenoise")  # that bring static files


def database() -> None:
    """Apply the migrations that are missing."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def static_files() -> None:
    """Collect the static files, unless they are the ones that were collected last."""
    stamp = Path(settings.RUN_DIR) / "static-files"
    state = _static_state()
    if Path(settings.STATIC_ROOT).exists() and stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(state)


def _static_state() -> str:
    """Return a digest of our files' names, sizes and times and of the packages that bring some."""
    digest = sha256("".join(map(version, PACKAGES)).encode())
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            facts = path.stat()
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
