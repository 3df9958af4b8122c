"""What leaves the server of a sample: its rendition, its waveform, its original."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from library.analyse import analyse
from tests.factories import AnalysisFactory, SampleFactory, tone


@pytest.fixture
def sample(user):
    """Return a stored and measured sound."""
    made = SampleFactory(owner=user, sound=tone(), original_name="kick “düster”.wav")
    analyse(AnalysisFactory(sample=made))
    return made


def body(response) -> bytes:
    """Return all bytes of an answer."""
    return b"".join(response.streaming_content)


def test_plays_what_every_browser_can(client, sample):
    answer = client.get(f"/samples/{sample.pk}/audio")
    sound = body(answer)
    assert answer["Content-Type"] == "audio/wav"
    assert (sound[:4], sound[8:12]) == (b"RIFF", b"WAVE")
    assert int(answer["Content-Length"]) == len(sound)
    assert int.from_bytes(sound[24:28], "little") == 48_000
    assert "immutable" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert client.head(f"/samples/{sample.pk}/audio")["Content-Length"] == str(len(sound))


def test_sends_a_range(client, sample):
    whole = body(client.get(f"/samples/{sample.pk}/audio"))
    part = client.get(f"/samples/{sample.pk}/audio", headers={"Range": "bytes=100-299"})
    assert part.status_code == 206
    assert part["Content-Range"] == f"bytes 100-299/{len(whole)}"
    assert body(part) == whole[100:300]


def test_sends_it_once(client, sample):
    mark = client.get(f"/samples/{sample.pk}/audio")["ETag"]
    again = client.get(f"/samples/{sample.pk}/audio", headers={"If-None-Match": mark})
    assert again.status_code == 304


def test_draws_the_deck(client, sample):
    answer = client.get(f"/samples/{sample.pk}/peaks.bin")
    assert len(body(answer)) == 2 * (256 + 1024 + 4096)


def test_gives_the_original_back_byte_for_byte(client, sample):
    answer = client.get(f"/samples/{sample.pk}/original")
    assert body(answer) == tone()
    assert answer["Content-Disposition"].startswith("attachment")
    assert "d%C3%BCster" in answer["Content-Disposition"]
    assert answer["Content-Type"] == "application/octet-stream"


def test_streams_what_is_longer_than_a_chunk(client, user):
    long = SampleFactory(owner=user)
    content = bytes(range(256)) * 1000
    default_storage.save(long.blob, ContentFile(content))
    assert body(client.get(f"/samples/{long.pk}/original")) == content


@pytest.mark.parametrize("what", ["audio", "peaks.bin", "original"])
def test_what_is_not_there_yet_is_404(client, user, what):
    waiting = SampleFactory(owner=user)
    assert client.get(f"/samples/{waiting.pk}/{what}").status_code == 404


def test_an_original_that_is_gone_is_marked(client, user):
    sample = SampleFactory(owner=user, sound=tone())
    default_storage.delete(sample.blob)
    assert client.get(f"/samples/{sample.pk}/original").status_code == 404
    sample.refresh_from_db()
    assert sample.is_missing
    assert "File missing" in client.get("/library/").text
