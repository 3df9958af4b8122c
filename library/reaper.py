"""What the supervisor does every few seconds, so that nothing a crash left open stays open."""

import logging
import shutil
import time
from pathlib import Path

from django.conf import settings

from library import labour, tasks, trash
from library.models import WorkerBeat

log = logging.getLogger(__name__)

KEEP_TEMPORARY = 24 * 3600  # seconds
PATIENCE = 30.0  # seconds that ready work may lie without a sign of life from any worker


class Reaper:
    """Mends rows, wakes workers, removes old files and trash, tells when the workers hang."""

    def __init__(self) -> None:
        self.alive_at = time.monotonic()

    def run(self) -> bool:
        """Do all of it once; False when there is work and the workers show no sign of life."""
        labour.sweep()
        trash.sweep()
        remove_old_files(Path(settings.TMP_DIR))
        waiting = labour.has_ready()
        if waiting:
            tasks.wake(settings.WORKERS)
        if not waiting or WorkerBeat.any_alive():
            self.alive_at = time.monotonic()
        return time.monotonic() - self.alive_at < PATIENCE


def remove_old_files(folder: Path) -> None:
    """Remove temporary files and folders that are older than a day: what a crash left behind."""
    limit = time.time() - KEEP_TEMPORARY
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime >= limit:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
            log.info("Removed what a crash left: %s", path.name)
        except FileNotFoundError:  # its owner was quicker
            continue
