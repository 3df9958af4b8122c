"""Sounds from words for programs: asked for as on the page, told as JSON, fetched as a file."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from library import generate, waiting
from library.api import Word
from library.generate import SEEDS, AskError, FullError
from library.http import HtmxRequest
from library.jobs import State
from library.models import Generation, Prompt
from library.models.prompts import MOST_WORDS
from library.paging import Numbered, PageOut, numbered
from library.problems import Problem, errors, not_found, refused
from library.views.generations import sound

router = Router(tags=["generations"])

WAV = {"content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}}
SENT: dict[str, Any] = {"responses": {200: WAV, 206: WAV, 416: {"description": "No such range"}}}


class Asked(Schema):
    """What sound is wanted."""

    model_config = ConfigDict(extra="forbid")

    prompt: Word = Field(min_length=1, max_length=MOST_WORDS, examples=["808 kick, 140 bpm"])
    duration: float = Field(generate.USUAL, gt=0, strict=True, description="Seconds")
    engine: Word = Field("", max_length=100, description="Name of a model; the first when empty")
    seed: int | None = Field(
        None, ge=0, lt=SEEDS, strict=True, description="The same seed, the same sound"
    )


class GenerationOut(Schema):
    """One sound from words: how far it is, and what became of it."""

    id: UUID
    prompt: str
    state: Literal["pending", "processing", "completed", "failed"]
    error: str
    engine: str = Field(validation_alias="model_name")
    engine_version: str = Field(validation_alias="model_version")
    duration: float = Field(description="Seconds: asked for, and in the end those of the sound")
    sample_rate: int | None
    channels: int | None
    size_bytes: int | None = Field(validation_alias="file_size")
    generation_seconds: float | None = Field(description="That the model took")
    metadata: dict[str, Any]
    sample_id: int | None = Field(description="The sound in the library")
    audio: str | None = Field(description="Address of the file that the model wrote")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @staticmethod
    def resolve_state(row: Generation) -> str:
        """Return one of four words: what waits for the disk is pending."""
        return str(State.PENDING if row.is_pending else row.state)

    @staticmethod
    def resolve_audio(row: Generation) -> str | None:
        """Return where its file is."""
        has_file = row.is_completed and row.audio_file
        return reverse("api:generation_audio", args=[row.pk]) if has_file else None


class GenerationsOut(PageOut):
    """A page of generations."""

    items: list[GenerationOut]


class GenerationsQuery(Numbered):
    """Which of them are asked for."""

    state: Literal["pending", "processing", "completed", "failed"] | None = None


class PromptOut(Schema):
    """Words, and how often they were asked for."""

    text: str
    used_count: int
    first_used_at: datetime
    last_used_at: datetime


class PromptsOut(PageOut):
    """A page of prompts."""

    items: list[PromptOut]


class KeptOut(Schema):
    """Where the sound is."""

    sample_id: int


@router.post(
    "/generations",
    response={200: GenerationOut, 202: GenerationOut, **errors(400, 404, 422, 507)},
)
def ask_generation(
    request: HtmxRequest, response: HttpResponse, asked: Asked
) -> Status[Generation]:
    """Ask for a sound: `202` and its address, or `200` if it has ended while the call waited.

    `404` where it was deleted meanwhile.
    """
    try:
        made = generate.ask(
            request.user,
            asked.prompt,
            duration=asked.duration,
            engine=asked.engine,
            seed=asked.seed,
        )
    except FullError:
        raise
    except AskError as reason:
        raise refused(str(reason)) from reason
    response["Location"] = reverse("api:read_generation", args=[made.pk])
    done = waiting.until(request, response, made, lambda: made.is_finished)
    return Status(HTTPStatus.OK if done else HTTPStatus.ACCEPTED, made)


@router.get("/generations", response={200: GenerationsOut, **errors(422)})
def list_generations(request: HtmxRequest, asked: Query[GenerationsQuery]) -> dict[str, Any]:
    """List them, newest first; of one state where it is asked for."""
    mine = Generation.objects.owned_by(request.user)
    found = mine.in_state(asked.state) if asked.state else mine
    return numbered(found.newest(), asked)


@router.get("/generations/{uuid:generation_id}", response={200: GenerationOut, **errors(404)})
def read_generation(
    request: HtmxRequest, response: HttpResponse, generation_id: UUID
) -> Generation:
    """Tell how far it is; `Prefer: wait=N` waits for its end."""
    row = _one(request, generation_id)
    waiting.until(request, response, row, lambda: row.is_finished)
    return row


@router.delete("/generations/{uuid:generation_id}", response={204: None, **errors(404)})
def delete_generation(request: HtmxRequest, generation_id: UUID) -> Status[None]:
    """Take it off the list, with its own file; what is not made yet is cancelled.

    A sound in the library stays there.
    """
    row = _one(request, generation_id)
    if not generate.cancel(row):
        generate.delete(row)
    return Status(HTTPStatus.NO_CONTENT, None)


@router.post(
    "/generations/{uuid:generation_id}/keep",
    response={200: KeptOut, **errors(404, 409, 507)},
)
def keep_generation(request: HtmxRequest, generation_id: UUID) -> dict[str, Any]:
    """Put its sound into the library again, where it was thrown away; else it stays as it is."""
    row = _one(request, generation_id)
    try:
        sample = generate.keep(row)
    except Generation.DoesNotExist as gone:
        raise not_found("Generation", generation_id) from gone
    except FullError:
        raise
    except AskError as reason:
        key = str(generation_id)
        raise Problem(HTTPStatus.CONFLICT, str(reason), generation_id=key) from reason
    return {"sample_id": sample.pk}


@router.api_operation(["HEAD"], "/generations/{uuid:generation_id}/audio", include_in_schema=False)
@router.get("/generations/{uuid:generation_id}/audio", response=errors(404), openapi_extra=SENT)
def generation_audio(request: HtmxRequest, generation_id: UUID) -> HttpResponseBase:
    """Send the file that the model wrote, or the byte range of it that is asked for."""
    row = _one(request, generation_id)
    try:
        return sound(request, row)
    except Http404 as gone:
        raise not_found("Generation", generation_id) from gone


@router.get("/prompts", response={200: PromptsOut, **errors(422)})
def list_prompts(request: HtmxRequest, asked: Query[Numbered]) -> dict[str, Any]:
    """List what was asked for, the most used first."""
    return numbered(Prompt.objects.owned_by(request.user).most_used(), asked)


def _one(request: HtmxRequest, key: UUID) -> Generation:
    row = Generation.objects.owned_by(request.user).filter(pk=key).first()
    if row is None:
        raise not_found("Generation", key)
    return row
