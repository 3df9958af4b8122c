"""Answers that a client may fetch in parts: one byte range, as RFC 9110 section 14 has it.

For players that seek and downloads that go on after a cut. Files of people are sent in a way
that a browser never runs them, whatever they contain.
"""

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header, parse_etags

Span = tuple[int, int]  # first byte, and one past the last
Stream = Callable[[int, int], Iterable[bytes]]

SINGLE = re.compile(r"\s*bytes\s*=\s*(\d{0,19})\s*-\s*(\d{0,19})\s*", re.ASCII | re.IGNORECASE)


class UnsatisfiableRangeError(ValueError):
    """None of the bytes asked for exist: 416."""


def parse_range(header: str | None, length: int) -> Span | None:
    """Return the bytes asked for, or None where the whole is to be sent.

    Other units, several ranges and nonsense are ignored, as the standard allows.
    UnsatisfiableRangeError when a well-formed range lies outside `length` bytes.
    """
    found = SINGLE.fullmatch(header or "")
    first, last = found.groups() if found else ("", "")
    if not first and not last:
        return None
    if not first:  # "-500": the last 500
        start, end = max(0, length - int(last)), length
    else:
        start, end = int(first), min(int(last) + 1 if last else length, length)
        if last and int(last) < start:
            return None
    if start >= length:
        raise UnsatisfiableRangeError(header)
    return start, end


def ranged_response(  # noqa: PLR0913 - one keyword for each fact about the content
    request: HttpRequest,
    *,
    length: int,
    stream: Stream,
    etag: str,
    content_type: str,
    filename: str | None = None,
    attachment: bool = False,
    cache: str = "private, max-age=0, must-revalidate",
) -> HttpResponseBase:
    """Answer a GET or HEAD for `length` bytes that `stream(start, end)` yields.

    200, or 206 for a single range, 304 when the client has it, 416 when the range lies
    outside. `etag` is a strong one with its quotes. The stream begins only when the body
    is sent, and never for HEAD. Whether this person may have it is the view's business.
    """
    response: HttpResponseBase
    if _has_it(request, etag):
        response = HttpResponseNotModified()
    else:
        source = _nothing if request.method == "HEAD" else stream
        response = _content(_range_header(request, etag), length, source)
    if response.streaming:
        response["Content-Type"] = content_type
        if disposition := content_disposition_header(attachment, filename or ""):
            response["Content-Disposition"] = disposition
    return _guarded(response, etag, cache)


def _content(header: str | None, length: int, stream: Stream) -> HttpResponseBase:
    """Return the whole, the part asked for, or the refusal."""
    try:
        span = parse_range(header, length)
    except UnsatisfiableRangeError:
        return HttpResponse(
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            content_type="text/plain",
            headers={"Content-Range": f"bytes */{length}"},
        )
    start, end = span or (0, length)
    response = StreamingHttpResponse(stream(start, end))
    response["Content-Length"] = str(end - start)
    if span:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response["Content-Range"] = f"bytes {start}-{end - 1}/{length}"
    return response


def _guarded(response: HttpResponseBase, etag: str, cache: str) -> HttpResponseBase:
    """Add what every answer carries; a browser must not run or embed what people upload."""
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Cache-Control"] = cache
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _nothing(start: int, end: int) -> Iterable[bytes]:  # noqa: ARG001 - a stream's signature
    return ()


def _has_it(request: HttpRequest, etag: str) -> bool:
    """Tell whether If-None-Match names the content; a weak mark counts (13.1.2)."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or etag in {mark.removeprefix("W/") for mark in known}


def _range_header(request: HttpRequest, etag: str) -> str | None:
    """Return Range where it counts: on GET, and if If-Range holds (strongly, 13.1.5)."""
    holds = request.headers.get("If-Range", etag).strip() == etag
    return request.headers.get("Range") if holds and request.method == "GET" else None
