"""Limits that hold while the bytes are still coming in."""

from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from library import storage
from library.ingest import COPIES
from library.jobs import FULL, NoSpaceError

REFUSAL = "upload_refusal"  # the attribute of a request that holds the sentence


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Write uploads to the media file system, and stop where a file is too big or the disk full.

    A file that goes too far is dropped and the rest of the request is read to its end, so that the
    browser gets an answer; `refusal` tells the view why a file is missing.
    """

    def handle_raw_input(self, *args: Any, **_kwargs: Any) -> None:
        """Look for room before anything is written: for the file, its stored copy, its preview."""
        content_length: int = args[2]  # by the order in Django's parser
        try:
            storage.require_space(content_length * COPIES)
        except NoSpaceError as reason:
            self._refuse(str(reason), HTTPStatus.INSUFFICIENT_STORAGE)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file, unless there is no room for it."""
        self.written = 0
        if refusal(self.request, HTTPStatus.INSUFFICIENT_STORAGE):
            raise SkipFile
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write a piece; drop the file when it is too big or the disk is full."""
        self.written += len(raw_data)
        name = self.file_name or "The file"
        is_pack = PurePosixPath(name).suffix.lower() == ".zip"
        most = settings.MAX_PACK_BYTES if is_pack else settings.MAX_FILE_BYTES
        if self.written > most:
            self._refuse(
                f"{name} is too big: it may have {storage.megabytes(most)} at most.",
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            )
            self._drop()
        try:
            return super().receive_data_chunk(raw_data, start)
        except OSError as fault:
            if fault.errno not in FULL:
                raise
            self._refuse(storage.no_room(self.written * COPIES), HTTPStatus.INSUFFICIENT_STORAGE)
            self._drop()
        return None

    def _refuse(self, sentence: str, status: HTTPStatus) -> None:
        setattr(self.request, REFUSAL, (sentence, status))

    def _drop(self) -> None:
        self.file.close()  # which deletes it
        raise SkipFile


def refusal(
    request: HttpRequest | None, status: HTTPStatus | None = None
) -> tuple[str, HTTPStatus] | None:
    """Return why a file of this request was not taken, and the status that says so, if any was.

    With `status` only a refusal of that kind counts.
    """
    found: tuple[str, HTTPStatus] | None = getattr(request, REFUSAL, None)
    return None if found and status not in {None, found[1]} else found
