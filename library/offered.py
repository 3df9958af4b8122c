"""Folders of this machine that the installation offers to its staff (PADCRATE_FOLDERS)."""

import os
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

OUTSIDE = "The folder is not below those that this installation offers (PADCRATE_FOLDERS)"
NO_FOLDER = "There is no such folder"


def allowed(text: str) -> Path:
    """Return a folder that exports may be written to (ValueError says why not in a sentence)."""
    try:
        folder = Path(text).resolve()
    except (OSError, RuntimeError) as fault:  # a circle of links
        raise ValueError(NO_FOLDER) from fault
    if not Path(text).is_absolute() or not any(
        folder.is_relative_to(root) for root in settings.FOLDERS
    ):
        raise ValueError(OUTSIDE)
    if not os.path.isdir(folder):  # noqa: PTH112 - Path's raises for names that are too long
        raise ValueError(NO_FOLDER)
    return folder


def check(text: str) -> None:
    """Raise ValidationError for what is no such folder."""
    try:
        allowed(text)
    except ValueError as reason:
        raise ValidationError(f"{reason}.") from reason


def may_choose(user: User) -> bool:
    """Tell whether this person may name a folder, and there is any to name."""
    return user.is_staff and bool(settings.FOLDERS)
