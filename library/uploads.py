"""Limits that hold while the bytes are still coming in."""

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from library import storage
from library.ingest import COPIES
from library.jobs import FULL, NoSpaceError

NOTED = "upload_refusals"  # the attribute of a request that holds them


@dataclass(frozen=True)
class Refusal:
    """A file that was not taken: why, in a sentence, and the status that says so."""

    name: str
    sentence: str
    status: HTTPStatus


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Write uploads to the media file system, and stop where a file is too big or the disk full.

    A file that goes too far is dropped and the rest of the request is read to its end, so that the
    browser gets an answer; `refusals` tells the view which files are missing, and why.
    """

    def handle_raw_input(self, *args: Any, **_kwargs: Any) -> None:
        """Look for room before anything is written: for the file, its stored copy, its preview."""
        content_length: int = args[2]  # by the order in Django's parser
        self.no_room = ""
        try:
            storage.require_space(content_length * COPIES)
        except NoSpaceError as reason:
            self.no_room = str(reason)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file, unless there is no room for it or nobody has signed in.

        Forms are read before a view or the door can refuse them.
        """
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            raise SkipFile
        self.written = 0
        super().new_file(*args, **kwargs)
        if self.no_room:
            self._refuse(self.no_room, HTTPStatus.INSUFFICIENT_STORAGE)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write a piece; drop the file when it is too big or the disk is full."""
        self.written += len(raw_data)
        name = self.file_name or ""
        is_pack = PurePosixPath(name).suffix.lower() == ".zip"
        most = settings.MAX_PACK_BYTES if is_pack else settings.MAX_FILE_BYTES
        if self.written > most:
            self._refuse(
                f"{name} is too big: it may have {storage.megabytes(most)} at most.",
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            )
        try:
            return super().receive_data_chunk(raw_data, start)
        except OSError as fault:
            if fault.errno not in FULL:
                raise
            self.no_room = storage.no_room(self.written * COPIES)
            self._refuse(self.no_room, HTTPStatus.INSUFFICIENT_STORAGE)

    def _refuse(self, sentence: str, status: HTTPStatus) -> NoReturn:
        """Note why, and drop the file: closing it deletes it."""
        told = Refusal(self.file_name or "unnamed", sentence, status)
        setattr(self.request, NOTED, [*refusals(self.request), told])
        self.file.close()
        raise SkipFile


def refusals(request: HttpRequest | None) -> list[Refusal]:
    """Return the files of this request that were not taken, in their order."""
    return getattr(request, NOTED, [])
