"""Sounds for programs: what the library page does, as JSON."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from ninja import File, Form, Query, Router, Schema, Status, UploadedFile
from pydantic import AfterValidator, Field

from library import bulk, ingest, listing, tasks, uploads
from library.audio.errors import AudioError
from library.audio.validate import unsupported_extension
from library.http import HtmxRequest
from library.ingest import Label, Refused
from library.models import Crate, Sample
from library.paging import MOST, PAGE, Numbered, PageOut, numbered
from library.problems import Problem, errors, not_found, refused

router = Router(tags=["samples"])

MOST_TAGS = 30


def printable(text: str) -> str:
    """Return a text that every database keeps (ValueError)."""
    if "\0" in text:
        raise ValueError("Null bytes are not allowed")
    return text


Word = Annotated[str, AfterValidator(printable)]


class SampleOut(Schema):
    """One sound: what it is called, what it is made of, what is known of the music in it.

    Class, tempo, key and kind (loop or one-shot) say who knows them (`audio`, `name`, `chunk`,
    `person`, nothing for nobody), how sure that is (0 to 1), and whether that is only a guess.
    """

    id: int
    title: str
    original_name: str
    folder: str
    genre: str
    tags: list[str]
    sample_class: str
    class_source: str
    class_confidence: float | None
    class_guessed: bool
    class_second: str = Field(description="The runner-up")
    heard_class: str = Field(description="Finer than the class: rim, tom, cymbal, …")
    bpm: float | None
    bpm_source: str
    bpm_confidence: float | None
    bpm_guessed: bool
    key: str
    key_source: str
    key_confidence: float | None
    key_guessed: bool
    key_second: str = Field(description="The runner-up")
    tonality: float | None = Field(description="How much of it has a pitch, 0 to 1")
    is_loop: bool | None
    kind_source: str
    kind_confidence: float | None
    kind_guessed: bool
    is_favourite: bool
    duration_ms: float | None
    format: str
    sample_rate: int | None
    channels: int | None
    bit_depth: int | None
    size_bytes: int
    sha256: str
    created_at: datetime = Field(validation_alias="added_at")
    in_trash: bool
    is_missing: bool
    analysis: str = Field(description="State of the measuring: pending, completed, failed, …")
    analysis_error: str

    @staticmethod
    def resolve_tags(sample: Sample) -> list[str]:
        """Return the words that hang on it."""
        return [tag.name for tag in sample.tags.all()]

    @staticmethod
    def resolve_duration_ms(sample: Sample) -> float | None:
        """Return milliseconds."""
        return None if sample.seconds is None else sample.seconds * 1000

    @staticmethod
    def resolve_in_trash(sample: Sample) -> bool:
        """Tell whether it was thrown away."""
        return sample.deleted_at is not None

    @staticmethod
    def resolve_analysis(sample: Sample) -> str:
        """Return how far the measuring is."""
        return str(sample.analysis.state) if hasattr(sample, "analysis") else "pending"

    @staticmethod
    def resolve_analysis_error(sample: Sample) -> str:
        """Return why it could not be measured."""
        return sample.analysis.error if hasattr(sample, "analysis") else ""


class Limit(Schema):
    """How many rows a page has."""

    limit: int = Field(PAGE, ge=1, le=MOST)


class SamplesOut(Schema):
    """A page of the list; `next` is the address of the page after it, null on the last."""

    items: list[SampleOut]
    total: int
    limit: int
    next: str | None


class UploadForm(Schema):
    """What is known of an arriving file besides its bytes."""

    path: Word = Field("", max_length=1000, description="Its name, perhaps after folders")
    genre: Word = Field("", max_length=60)
    tags: list[Annotated[Word, Field(max_length=50)]] = Field([], max_length=MOST_TAGS)


# What a search understands is read by library/query.py; this tells OpenAPI about it.
SEARCH = {
    "q": "Words to search for, and typed filters: `snr -loud bpm:90-100 key:8A+ len:<1 tag:tape`",
    "fav": "1: favourites alone",
    "kind": "loop or oneshot; repeatable",
    "cls": "Class: break, kick, snare, clap, hat, perc, bass, keys, vocal, fx; repeatable",
    "key": "Musical key, `8A` or `Am`; repeatable",
    "fit": "1: keys that mix with these as well",
    "lo": "Lowest BPM",
    "hi": "Highest BPM",
    "nobpm": "1: sounds without a tempo stay in",
    "oct": "1: tempos match at half and double as well",
    "dmin": "Shortest, in seconds",
    "dmax": "Longest, in seconds",
    "genre": "Genre; repeatable",
    "tag": "Tag; repeatable",
    "folder": "This folder and all below",
    "fmt": "Format of the original: wav, aiff, mp3, flac, m4a, ogg; repeatable",
    "kit": "used or unused: on a pad of any kit or not",
    "sort": "newest, oldest, name, bpm, length or class",
    "after": "Where the page begins, from `next`",
}
PARAMETERS: dict[str, Any] = {
    "parameters": [
        {"in": "query", "name": name, "description": text, "schema": {"type": "string"}}
        for name, text in SEARCH.items()
    ]
}


@router.get("/samples", response={200: SamplesOut, **errors(422)}, openapi_extra=PARAMETERS)
def list_samples(request: HtmxRequest, asked: Query[Limit]) -> dict[str, Any]:
    """List sounds; the search is the one of the library page and its address."""
    query, limit = listing.Query.parse(request.GET), asked.limit
    page = listing.page(request.user, query, limit)
    total = listing.samples_of(request.user, query).count() if page.total is None else page.total
    following = f"{request.path}?{page.next}&{urlencode({'limit': limit})}" if page.next else None
    return {"items": page.rows, "total": total, "limit": limit, "next": following}


class CrateOut(Schema):
    """A search under a name; `query` is what stands behind ? in the address of its list."""

    id: int
    name: str
    query: str
    samples: str = Field(description="Address of the sounds that it finds now")
    created_at: datetime = Field(validation_alias="made_at")

    @staticmethod
    def resolve_samples(crate: Crate) -> str:
        """Return where its sounds are listed."""
        return f"{reverse('api:list_samples')}?{crate.query}"


class CratesOut(PageOut):
    """A page of crates."""

    items: list[CrateOut]


@router.get("/crates", response={200: CratesOut, **errors(422)})
def list_crates(request: HtmxRequest, asked: Query[Numbered]) -> dict[str, Any]:
    """List the searches that were kept, by name."""
    return numbered(Crate.objects.filter(owner=request.user), asked)


@router.post("/samples", response={201: SampleOut, 200: SampleOut, **errors(400, 413, 422, 507)})
def upload_sample(
    request: HtmxRequest,
    response: HttpResponse,
    form: Form[UploadForm],
    file: File[UploadedFile | None] = None,
) -> Status[Sample]:
    """Bring a sound into the library: 201, or 200 when it is there already.

    It is measured afterwards by a worker; `analysis` tells how far that is.
    """
    added = _add(request, file, form)
    response["Location"] = reverse("api:read_sample", args=[added.sample.pk])
    status = HTTPStatus.OK if added.outcome == "duplicate" else HTTPStatus.CREATED
    return Status(status, _mine(request).get(pk=added.sample.pk))


@router.get("/samples/{int:sample_id}", response={200: SampleOut, **errors(404)})
def read_sample(request: HtmxRequest, sample_id: int) -> Sample:
    """Return one sound, also from the trash."""
    return _one(request, sample_id)


@router.delete("/samples/{int:sample_id}", response={204: None, **errors(404)})
def trash_sample(request: HtmxRequest, sample_id: int) -> Status[None]:
    """Put a sound into the trash; the trash page and another upload bring it back."""
    sample = _one(request, sample_id)
    bulk.apply(request.user, bulk.Action.TRASH, bulk.Selection(frozenset({sample.pk})))
    return Status(HTTPStatus.NO_CONTENT, None)


def _mine(request: HtmxRequest) -> "QuerySet[Sample]":
    owned = Sample.objects.owned_by(request.user).select_related("analysis")
    return owned.prefetch_related("tags").defer(*listing.UNSEEN)


def _one(request: HtmxRequest, number: int) -> Sample:
    sample = _mine(request).filter(pk=number).first()
    if sample is None:
        raise not_found("Sample", number)
    return sample


def _add(request: HtmxRequest, file: UploadedFile | None, form: UploadForm) -> ingest.Added:
    """Take the file in as the upload page does, and say in the API's words why not."""
    for stopped in uploads.refusals(request):
        raise Problem(stopped.status, stopped.sentence)
    if file is None:
        raise refused("No file was sent; it belongs into the field `file`")
    label = Label(form.path or file.name or "unnamed", tags=tuple(form.tags), genre=form.genre)
    if problem := unsupported_extension(ingest.clean(label.path)):
        raise refused(problem)
    try:
        added = ingest.add_sample(owner=request.user, file=file, label=label)
    except Refused as reason:
        raise refused(_why(reason)) from reason
    tasks.wake()
    return added


def _why(reason: Refused) -> str:
    cause = reason.__cause__
    return f"Failed to load audio: {cause}" if isinstance(cause, AudioError) else str(reason)
