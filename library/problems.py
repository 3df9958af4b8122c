"""What the API answers when something cannot be done: one shape for every error."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import ConfigDict, Field

from library.jobs import NoSpaceError

KINDS = {  # what a status means, where the failure itself does not say
    HTTPStatus.UNAUTHORIZED: "authentication_error",
    HTTPStatus.FORBIDDEN: "permission_error",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.INSUFFICIENT_STORAGE: "storage_error",
}
CONVERSION = ("Failed to load audio", "Resampling failed", "Writing failed", "Given up")
TOLD = 20  # mistakes of one request that are listed
STORAGE = ("Not enough disk space", "Permission denied")


class ErrorOut(Schema):
    """Why something was not done: `detail` is a sentence; the ids concerned stand beside it."""

    model_config = ConfigDict(extra="allow")

    detail: str
    error_type: str = Field(
        description="validation_error, conversion_error, storage_error, not_found; besides them "
        "authentication_error, permission_error, conflict"
    )
    context: dict[str, Any] = Field(default_factory=dict)


def errors(*codes: int) -> dict[int, type[ErrorOut]]:
    """Return the errors that an operation documents; it always asks who calls."""
    return dict.fromkeys((401, *codes), ErrorOut)


class Problem(Exception):  # noqa: N818 - reads as what it is
    """Ends a call with a sentence; `ids` names what is concerned: `sample_id=5`."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        context: Mapping[str, Any] | None = None,
        **ids: object,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.context, self.ids = status, detail, context or {}, ids

    @property
    def body(self) -> dict[str, Any]:
        """Return what is sent."""
        kind = KINDS.get(self.status) or kind_of(self.detail)
        return {"detail": self.detail, "error_type": kind, **self.ids, "context": self.context}


def kind_of(sentence: str) -> str:
    """Return the kind of failure that a sentence of a plan or an item tells of."""
    if sentence.startswith(CONVERSION):
        return "conversion_error"
    if sentence.startswith(STORAGE):
        return "storage_error"
    return "not_found" if sentence.endswith(" not found") else "validation_error"


def not_found(what: str, key: int | UUID) -> Problem:
    """Return the answer for a thing that is not there, or not this person's: `Kit 5 not found`."""
    problem = Problem(HTTPStatus.NOT_FOUND, f"{what} {key} not found")
    problem.ids[f"{what.lower()}_id"] = key if isinstance(key, int) else str(key)
    return problem


def refused(detail: str, *, context: Mapping[str, Any] | None = None, **ids: object) -> Problem:
    """Return the answer for what makes no sense or cannot become a file."""
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, context=context, **ids)


def handle(api: NinjaAPI) -> None:
    """Give every error of this API its one shape."""

    def answer(request: HttpRequest, problem: Any) -> HttpResponse:
        response = api.create_response(request, problem.body, status=problem.status)
        if problem.status == HTTPStatus.UNAUTHORIZED:
            response["WWW-Authenticate"] = "Bearer"
        return response

    def say(status: HTTPStatus, sentence: str) -> Any:
        return lambda request, _: answer(request, Problem(status, sentence))

    def invalid(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, _invalid(error.errors))

    def of_ninja(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, _of_ninja(error.status_code, str(error)))

    def full(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, Problem(HTTPStatus.INSUFFICIENT_STORAGE, str(error)))

    api.add_exception_handler(Problem, answer)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(HttpError, of_ninja)
    api.add_exception_handler(NoSpaceError, full)
    api.add_exception_handler(Http404, say(HTTPStatus.NOT_FOUND, "Not found"))
    api.add_exception_handler(
        RequestDataTooBig, say(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too big")
    )
    for broken in (SuspiciousOperation, MultiPartParserError):
        api.add_exception_handler(broken, say(HTTPStatus.BAD_REQUEST, "The request is broken"))


def _of_ninja(code: int, message: str) -> Problem:
    status = HTTPStatus(code)
    if status == HTTPStatus.UNAUTHORIZED:
        return Problem(status, "Send a token (Authorization: Bearer …) or sign in")
    if status == HTTPStatus.FORBIDDEN:
        return Problem(status, "The CSRF token is missing or wrong")
    return Problem(status, message)


def _invalid(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Say the first mistake, in our own words where we have some; the context lists more."""
    told = [(_place(each), _sentence(each)) for each in errors[:TOLD]]
    place, sentence = told[0]
    is_ours = errors[0]["type"] == "value_error"
    return refused(
        sentence if is_ours or not place else f"{place}: {sentence}",
        context={"errors": [{"field": field, "message": text} for field, text in told]},
    )


def _place(error: Mapping[str, Any]) -> str:
    """Return where in the request it is: `config.format`; not by which of our names it is read."""
    source, *names = error["loc"]
    inner = names[1:] if source in {"body", "query"} and len(names) > 1 else names
    return ".".join(map(str, inner))


def _sentence(error: Mapping[str, Any]) -> str:
    return str(error["msg"]).removeprefix("Value error, ")
