"""The upload handler: limits in bytes and on the disk while a request comes in."""

from http import HTTPStatus
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import SkipFile
from django.test import RequestFactory

from library import storage
from library.jobs import FULL
from library.uploads import BoundedUploadHandler, Refusal, refusals


def send(*files: SimpleUploadedFile):
    request = RequestFactory().post("/", {"file": files, "path": "a/b"})
    request.user = User()
    request.upload_handlers = [BoundedUploadHandler(request)]
    return request


def test_a_file_is_written_to_the_media_file_system(settings):
    request = send(SimpleUploadedFile("kick.wav", b"x" * 100_000))
    file = request.FILES["file"]
    assert Path(file.temporary_file_path()).is_relative_to(settings.TMP_DIR)
    assert file.size == 100_000
    assert refusals(request) == []
    file.close()


def test_what_is_too_big_is_dropped_with_a_sentence_and_the_rest_stays(settings):
    settings.MAX_FILE_BYTES = 100_000
    request = send(
        SimpleUploadedFile("kick.wav", b"x" * 100_000),
        SimpleUploadedFile("long.wav", b"x" * 100_001),
        SimpleUploadedFile("pack.zip", b"x" * 200_000),
    )
    assert [file.name for file in request.FILES.getlist("file")] == ["kick.wav", "pack.zip"]
    assert request.POST["path"] == "a/b"
    assert refusals(request) == [
        Refusal(
            "long.wav",
            "long.wav is too big: it may have 100 kB at most.",
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )
    ]
    for file in request.FILES.getlist("file"):
        assert Path(file.temporary_file_path()).exists()
        file.close()
    assert not list(settings.TMP_DIR.iterdir())


def test_of_strangers_nothing_is_written(settings):
    request = send(SimpleUploadedFile("kick.wav", b"x" * 100_000))
    request.user = AnonymousUser()
    assert request.POST["path"] == "a/b"
    assert not request.FILES
    assert not list(settings.TMP_DIR.iterdir())


def test_packs_have_their_own_limit(settings):
    settings.MAX_PACK_BYTES = 1000
    request = send(SimpleUploadedFile("pack.ZIP", b"x" * 1001))
    assert not request.FILES
    assert refusals(request)[0].sentence == "pack.ZIP is too big: it may have 1 kB at most."


def test_nothing_is_written_without_room_for_it(settings):
    settings.RESERVE_BYTES = 10**18
    files = [SimpleUploadedFile(name, b"x" * 1000) for name in ("kick.wav", "hat.wav")]
    request = send(*files)
    assert not request.FILES
    assert [refused.name for refused in refusals(request)] == ["kick.wav", "hat.wav"]
    for refused in refusals(request):
        assert refused.sentence.startswith("No room left on this machine: ")
        assert refused.status == HTTPStatus.INSUFFICIENT_STORAGE
    assert not list(settings.TMP_DIR.iterdir())


@pytest.mark.parametrize("fault", [28, 5])
def test_a_disk_that_fills_up_on_the_way_is_told(settings, fault):
    request = send()
    handler = BoundedUploadHandler(request)
    handler.handle_raw_input(None, {}, 1000, b"", None)
    handler.new_file("file", "kick.wav", "audio/wav", None)

    class Full:
        def write(self, data):
            raise OSError(fault, "no")

        def close(self):
            self.is_closed = True

    handler.file.close()
    handler.file = full = Full()
    with pytest.raises(SkipFile if fault in FULL else OSError):
        handler.receive_data_chunk(b"x" * 1000, 0)
    if fault in FULL:
        assert full.is_closed
        assert refusals(request) == [
            Refusal("kick.wav", storage.no_room(3000), HTTPStatus.INSUFFICIENT_STORAGE)
        ]
