"""Folders of this machine that the installation offers to its staff (PADCRATE_FOLDERS)."""

import os
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

OUTSIDE = "The folder is not below those that this installation offers (PADCRATE_FOLDERS)"
NO_FOLDER = "There is no such folder"


def allowed(text: str) -> Path:
    """Return an offered folder, links resolved (ValueError says why not in a sentence)."""
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


def roots() -> dict[str, Path]:
    """Return the folders that are offered, by the names under which pages show them."""
    found: dict[str, Path] = {}
    for root in settings.FOLDERS:
        name, count = root.name or "disk", 1
        while name in found:
            count += 1
            name = f"{root.name} ({count})"
        found[name] = root
    return found


def shown(folder: Path) -> str:
    """Return a folder as pages name it: from what is offered on, never where that lies."""
    holders = [(name, root) for name, root in roots().items() if folder.is_relative_to(root)]
    if not holders:
        return folder.name
    name, root = max(holders, key=lambda holder: len(holder[1].parts))
    return "/".join([name, *folder.relative_to(root).parts])


def named(text: str) -> Path:
    """Return the folder that pages call so; ValueError as `allowed` raises it."""
    name, _, rest = text.partition("/")
    root = roots().get(name)
    if root is None or "\0" in rest:
        raise ValueError(NO_FOLDER)
    return allowed(str(root / rest))


def inside(folder: Path) -> list[str]:
    """Return the names of the folders in this one, links and hidden ones left out."""
    try:
        with os.scandir(folder) as entries:
            found = [
                entry.name
                for entry in entries
                if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
            ]
    except OSError:
        return []
    return sorted((name for name in found if is_text(name)), key=str.casefold)


def is_text(name: str) -> bool:
    """Tell whether a name of the file system can be kept and shown: some are only bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
