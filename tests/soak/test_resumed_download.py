"""Downloads that break with the web server go on where they were, to the same bytes."""

import http.client
import random

import pytest

from tests.soak.crates import Tone
from tests.soak.watch import processes
from tests.until import until

CUTS = 6
SOUNDS = 40

pytestmark = pytest.mark.soak


@pytest.fixture
def exports(instance, person, tmp_path):
    """Return two exports of the same sounds, made one after the other."""
    folder = tmp_path / "crate"
    folder.mkdir()
    for number in range(SOUNDS):
        Tone.numbered(number, 20).write(folder)
    instance.take_in(folder)
    ids = [pk for (pk,) in instance.rows("SELECT id FROM library_sample ORDER BY title")]
    made = []
    for _ in range(2):
        made.append(person.export(ids, include_metadata=True))
        instance.until("SELECT state = 'completed' FROM exports_export WHERE id = ?", made[-1])
    return made


def test_the_same_export_twice_is_the_same_to_the_byte(person, exports):
    first, second = map(person.zip_of, exports)
    assert first == second


def test_a_download_that_the_server_dies_in_goes_on_to_the_same_bytes(
    instance, person, exports, figure
):
    whole = person.zip_of(exports[0])
    dice = random.Random(404)
    got, cuts, etag = b"", 0, ""
    while len(got) < len(whole):
        headers = {"Range": f"bytes={len(got)}-", "If-Range": etag} if got else {}
        line = http.client.HTTPConnection("127.0.0.1", instance.port, timeout=30)
        try:
            line.request(
                "GET", f"/exports/{exports[0]}/zip", headers={"Cookie": person.cookie, **headers}
            )
            answer = line.getresponse()
            assert answer.status == (206 if got else 200)
            assert etag in {"", answer.headers["ETag"]}
            etag = answer.headers["ETag"]
            if cuts < CUTS:
                got += answer.read(dice.randrange(1, len(whole) // CUTS))
                processes(instance, "gunicorn")[0].kill()
                cuts += 1
            got += rest_of(answer)
        finally:
            line.close()
        person.hang_up()
        until(lambda: answers(person), 90, what="the web server")
    figure(f"{len(whole) / 1e6:.0f} MB in {cuts + 1} pieces")
    assert got == whole


def rest_of(answer) -> bytes:
    """Return what still comes before the line breaks."""
    got = b""
    try:
        while piece := answer.read(65_536):
            got += piece
    except http.client.IncompleteRead as cut:
        got += cut.partial
    except OSError:
        pass
    return got


def answers(person) -> bool:
    try:
        return person.get("/healthz").status == 200
    except (OSError, http.client.HTTPException):
        return False
