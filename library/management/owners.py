"""Whose library a command works on."""

from argparse import ArgumentParser

from django.contrib.auth.models import User
from django.core.management.base import CommandError

from library.access import LOCAL_NAME, local_user


def add_owner(parser: ArgumentParser) -> None:
    """Let a command take `--owner`, which `--user` means as well."""
    parser.add_argument(
        "--owner",
        "--user",
        default=LOCAL_NAME,
        metavar="NAME",
        help="whose library (default: the local user's)",
    )


def owner(name: str) -> User:
    """Return the person of this name; the local user is made where there is none yet."""
    if name == LOCAL_NAME:
        return local_user()
    user = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no user called {name}.")
    return user
