"""Exports that staff have written into a folder of the server, below those it offers."""

import logging
import os
from http import HTTPStatus
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.timezone import now

from exports import build, to_card
from exports.card.errors import BusyError, CardError
from exports.card.write import Card
from exports.delivery import Delivery
from exports.models import Export
from exports.plan import Plan
from library import tasks
from library.jobs import GoOn, JobError, State
from library.offered import allowed
from library.problems import Problem, refused

log = logging.getLogger(__name__)

NO_FILES = "There is nothing to write: the export failed, was cancelled, or its files were deleted."
NO_PERMISSION = "Permission denied writing to the export folder"


def check(user: User, text: str) -> None:
    """Raise the Problem that stands in the way of an export into this folder."""
    if not user.is_staff:
        raise Problem(HTTPStatus.FORBIDDEN, "Only staff may choose a folder for exports")
    try:
        folder = allowed(text)
    except ValueError as reason:
        raise refused(str(reason), context={"output_base_path": text}) from reason
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Problem(HTTPStatus.INTERNAL_SERVER_ERROR, NO_PERMISSION)


@transaction.atomic
def create(user: User, plan: Plan, folder: str | None) -> Export:
    """Begin an export, and what writes its files into the folder afterwards, as one commit."""
    export = build.create(user, plan)
    if folder is not None:
        Delivery.objects.create(export=export, folder=folder)
    return export


def deliver(job: Delivery) -> dict[str, Any]:
    """Write the files of an export into its folder; the worker's part.

    Only what differs is written and nothing foreign is touched, so that a second time, after a
    crash or for another export, goes on where the first one ended.
    """
    try:
        with Card.opened(allowed(job.folder)) as card:
            result = to_card.write(job.export, card, lambda _: None)
    except BusyError as busy:  # an export from the shell is at it: later
        raise OSError(str(busy)) from busy
    except (CardError, ValueError) as reason:
        raise JobError(str(reason)) from reason
    if _went_on(job.export):
        raise GoOn
    log.info("Export %s: %s files in the folder", job.export_id, result.whole)
    if not result.left_out:
        return {}
    path, why = result.left_out[0]
    return {"state": State.PARTIAL, "error": f"{len(result.left_out)} left out. {path}: {why}"}


def _went_on(export: Export) -> bool:
    """Tell whether failed files were tried again meanwhile: what they became is not there yet."""
    return not Export.objects.filter(pk=export.pk, finished_at=export.finished_at).exists()


def sweep() -> None:
    """Deliver again what belongs to exports that went on; end what waits for nothing."""
    again = Delivery.objects.outdated()
    if again.update(state=State.PENDING, attempts=0, error="", finished_at=None, lease_until=None):
        tasks.wake()
    Delivery.objects.in_vain().update(state=State.FAILED, error=NO_FILES, finished_at=now())
