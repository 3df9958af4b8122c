"""Files on their way in: from the script one by one, from the plain form all at once."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from library import storage
from library.models import Import, Sample
from tests.factories import tone

URL = "/library/upload/"
HX = {"HX-Request": "true"}
BATCH = "0b6b6c2e-0000-4000-8000-000000000001"


def wav(name="kick.wav", hertz=220) -> SimpleUploadedFile:
    """Return a sound as a browser sends it."""
    return SimpleUploadedFile(name, tone(hertz), content_type="audio/wav")


def send(client, file, path="Pack/Kicks/kick.wav", **more):
    """Send one file as the script does."""
    data = {"file": file, "path": path, "batch": BATCH, "total": "2", **more}
    return client.post(URL, data, headers=HX)


def test_takes_a_file_with_its_folder(client, user):
    assert send(client, wav()).status_code == 201
    sample = Sample.objects.get()
    assert (sample.owner, sample.title, sample.folder) == (user, "kick", "Pack/Kicks")
    batch = Import.objects.get()
    assert (batch.key, batch.name, batch.total, batch.added) == (BATCH, "Pack", 2, 1)


def test_knows_what_is_here_already(client):
    send(client, wav())
    assert send(client, wav("other.wav")).status_code == 200
    assert Sample.objects.count() == 1
    assert Import.objects.get().duplicates == 1


def test_refuses_what_is_no_sound_in_words(client):
    assert send(client, SimpleUploadedFile("notes.pdf", b"%PDF-1.7")).status_code == 422
    assert send(client, SimpleUploadedFile("a.wav", b"hello"), "Pack/a.wav").status_code == 422
    assert not Sample.objects.exists()
    tray = client.get("/library/imports/", headers=HX).text
    assert "a.wav could not be read" in tray


def test_takes_a_pack_for_a_worker(client):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("kick.wav", tone())
    file = SimpleUploadedFile("Tape Hats.zip", packed.getvalue())
    assert send(client, file, "Tape Hats.zip").status_code == 202
    assert Import.objects.filter(kind=Import.Kind.PACK, name="Tape Hats.zip").exists()


def test_passes_over_clutter(client):
    assert send(client, SimpleUploadedFile(".DS_Store", b"x"), "Pack/.DS_Store").status_code == 200
    assert not Sample.objects.exists()


def test_the_script_says_that_no_more_come(client):
    send(client, wav())
    assert client.post(URL, {"batch": BATCH, "end": "1"}, headers=HX).status_code == 200
    batch = Import.objects.get()
    assert (batch.total, batch.state) == (1, "completed")


def test_says_when_the_disk_is_full_and_loses_nothing(client, monkeypatch):
    send(client, wav())
    monkeypatch.setattr(storage, "free_bytes", lambda: 0)
    answer = send(client, wav("late.wav", 330), "Pack/late.wav")
    assert answer.status_code == 507
    assert answer.text.startswith("No room left on this machine")
    assert Sample.objects.count() == 1
    plain = client.post(URL, {"file": [wav("late.wav", 330)]})
    assert plain.status_code == 303
    assert "No room left on this machine" in client.get("/library/imports/").text


def test_takes_many_without_scripts(client):
    files = [wav("kick.wav"), wav("snare.wav", 330), SimpleUploadedFile("notes.txt", b"hi")]
    answer = client.post(URL, {"file": files})
    assert (answer.status_code, answer["Location"]) == (303, "/library/imports/")
    assert Sample.objects.count() == 2
    page = client.get("/library/imports/")
    assert "2 added" in page.text
    assert "notes.txt is not a sound. Skipped." in page.text
    assert Import.objects.get().state == "completed"


def test_offers_the_doors(client):
    page = client.get(URL)
    assert 'enctype="multipart/form-data"' in page.text
    dialog = client.get(URL, headers=HX)
    assert "<html" not in dialog.text
    assert "Choose files" in dialog.text


@pytest.mark.parametrize("total", ["", "many", "-1"])
def test_a_strange_total_counts_what_came(client, total):
    assert send(client, wav(), total=total).status_code == 201
    assert Import.objects.get().total == 1


def test_needs_somebody_signed_in(anonymous, db):
    assert anonymous.post(URL, {"file": wav()}).status_code == 302
    assert not Sample.objects.exists()


def test_a_request_that_breaks_off_brings_no_half_sound(client):
    whole = encode_multipart(BOUNDARY, {"batch": BATCH, "file": wav()})
    for length in (len(whole) // 2, len(whole) - 60, len(whole)):
        assert not Sample.objects.exists()
        client.generic("POST", URL, whole[:length], MULTIPART_CONTENT, headers=HX)
    assert Sample.objects.count() == 1
