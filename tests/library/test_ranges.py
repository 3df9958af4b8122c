"""Byte ranges, validators and the headers that make people's files harmless."""

import io
import zipfile

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from exports.archive import Archive, Member
from library.ranges import UnsatisfiableRangeError, parse_range, ranged_response

DATA = bytes(range(256)) * 4
ETAG = '"f00d"'


def answer(method="GET", *, data=DATA, filename=None, attachment=False, **headers):
    return ranged_response(
        RequestFactory().generic(method, "/", headers=headers),
        length=len(data),
        stream=lambda start, end: iter([data[start:end]]),
        etag=ETAG,
        content_type="audio/wav",
        filename=filename,
        attachment=attachment,
    )


def body(response):
    return b"".join(response.streaming_content)


def test_without_a_range_the_whole_is_sent():
    response = answer()
    assert response.status_code == 200
    assert body(response) == DATA
    assert response["Content-Length"] == "1024"
    assert response["Content-Type"] == "audio/wav"
    assert response["Accept-Ranges"] == "bytes"
    assert "Content-Range" not in response
    assert "Content-Disposition" not in response


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, 1024),
        ("bytes=10-19", 10, 20),
        ("bytes=1000-", 1000, 1024),
        ("bytes=1000-99999", 1000, 1024),
        ("bytes=-24", 1000, 1024),
        ("bytes=-99999", 0, 1024),
        ("bytes=1023-1023", 1023, 1024),
        ("Bytes = 5 - 6", 5, 7),
    ],
)
def test_one_range_is_sent_as_a_part(asked, start, end):
    response = answer(Range=asked)
    assert response.status_code == 206
    assert body(response) == DATA[start:end]
    assert response["Content-Length"] == str(end - start)
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/1024"
    assert response["Content-Type"] == "audio/wav"


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_outside_is_refused(asked):
    response = answer(Range=asked, filename="a.wav", attachment=True)
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */1024"
    assert response.content == b""
    assert "Content-Disposition" not in response


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-1,5-6",
        "bytes=9-3",
        "bytes=-",
        "bytes=a-b",
        "bytes",
        "lines=1-2",
        "bytes=" + "9" * 40 + "-",
        "bytes=٣-",
        "",
    ],
)
def test_what_is_not_one_range_is_ignored(asked):
    response = answer(Range=asked)
    assert response.status_code == 200
    assert body(response) == DATA


@pytest.mark.parametrize("asked", ["bytes=0-", "bytes=-1"])
def test_nothing_can_be_cut_from_an_empty_file(asked):
    assert answer(data=b"", Range=asked).status_code == 416
    assert answer(data=b"")["Content-Length"] == "0"


@pytest.mark.parametrize(
    ("mark", "status"),
    [(ETAG, 206), ('"other"', 200), ('W/"f00d"', 200), ("Wed, 21 Oct 2026 07:28:00 GMT", 200)],
)
def test_if_range_guards_a_resumed_download(mark, status):
    response = answer(Range="bytes=1-2", **{"If-Range": mark})
    assert response.status_code == status


@pytest.mark.parametrize(
    ("marks", "status"),
    [
        (ETAG, 304),
        ('W/"f00d"', 304),
        ('"a", "f00d", "b"', 304),
        ("*", 304),
        ('"other"', 200),
        ("f00d", 200),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_client_has_is_not_sent_again(marks, status, method):
    response = answer(method, **{"If-None-Match": marks})
    assert response.status_code == status
    assert response["ETag"] == ETAG
    assert ("Content-Length" in response) is (status == 200)


def test_if_none_match_comes_before_the_range():
    assert answer(Range="bytes=9999-", **{"If-None-Match": ETAG}).status_code == 304


def test_head_tells_the_length_and_opens_nothing():
    def refuse(start, end):
        raise AssertionError("a HEAD needs no bytes")

    response = ranged_response(
        RequestFactory().head("/", headers={"Range": "bytes=0-3"}),
        length=9,
        stream=refuse,
        etag=ETAG,
        content_type="audio/wav",
    )
    assert response.status_code == 200
    assert response["Content-Length"] == "9"
    assert body(response) == b""


@pytest.mark.parametrize(
    "headers",
    [{}, {"Range": "bytes=0-1"}, {"Range": "bytes=9999-"}, {"If-None-Match": ETAG}],
)
def test_every_answer_is_guarded(headers):
    response = answer(**headers)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"] == "private, max-age=0, must-revalidate"
    assert response["ETag"] == ETAG


@pytest.mark.parametrize(
    ("filename", "attachment", "header"),
    [
        ("kick.wav", False, 'inline; filename="kick.wav"'),
        ("kick.wav", True, 'attachment; filename="kick.wav"'),
        ("été.wav", True, "attachment; filename*=utf-8''%C3%A9t%C3%A9.wav"),
        ('a"b.wav', True, 'attachment; filename="a\\"b.wav"'),
        ("a\r\nSet-Cookie: x", True, "attachment; filename*=utf-8''a%0D%0ASet-Cookie%3A%20x"),
        (None, True, "attachment"),
    ],
)
def test_the_name_is_written_safely(filename, attachment, header):
    response = answer(filename=filename, attachment=attachment)
    assert response["Content-Disposition"] == header


def test_the_cache_rule_can_be_another():
    response = ranged_response(
        RequestFactory().get("/"),
        length=0,
        stream=lambda start, end: (),
        etag=ETAG,
        content_type="audio/ogg",
        cache="private, max-age=31536000, immutable",
    )
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"


def test_a_cut_download_of_an_archive_is_resumed():
    members = [
        Member(name, len(data), zipfile.crc32(data), (2026, 1, 1, 0, 0, 0), opener)
        for name, data in [("a.wav", b"kick" * 999), ("b.wav", b"snare" * 999)]
        for opener in [lambda data=data: io.BytesIO(data)]
    ]
    archive = Archive(members)

    def fetch(**headers):
        return ranged_response(
            RequestFactory().get("/", headers=headers),
            length=archive.length,
            stream=archive.stream,
            etag=archive.etag,
            content_type="application/zip",
        )

    first = body(fetch(Range="bytes=0-4999"))
    rest = fetch(Range="bytes=5000-", **{"If-Range": archive.etag})
    assert rest.status_code == 206
    with zipfile.ZipFile(io.BytesIO(first + body(rest))) as whole:
        assert whole.testzip() is None


@given(st.one_of(st.text(max_size=30), st.from_regex(r"bytes=\d{0,5}-\d{0,5}", fullmatch=True)))
def test_no_header_leads_outside(header):
    try:
        span = parse_range(header, 1024)
    except UnsatisfiableRangeError:
        return
    assert span is None or 0 <= span[0] < span[1] <= 1024
