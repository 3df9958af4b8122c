"""Packs and the catalogue for programs."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from library import origins
from library.api import PARAMETERS, Word
from library.http import HtmxRequest
from library.listing import Query as Search
from library.models import Pack
from library.paging import Numbered, PageOut, numbered
from library.problems import Problem, errors, not_found
from library.views import catalogue
from library.views.packs import KEPT

router = Router(tags=["packs"])
Fact = Annotated[Word, Field(max_length=200)]


class PackOut(Schema):
    """A ZIP or folder as it arrived. sounds: those that are not in the trash."""

    id: int
    name: str
    source: str
    author: str
    licence: str
    licence_text: str = Field(description="Licence and read-me as they lay in the pack")
    sounds: int
    created_at: datetime = Field(validation_alias="added_at")


class PacksOut(PageOut):
    """A page of packs by name."""

    items: list[PackOut]


class PackIn(Schema):
    """What is to be changed of a pack; what is left out stays."""

    name: Fact | None = Field(None, min_length=1)
    source: Fact | None = None
    author: Fact | None = None
    licence: Fact | None = None


class Form(Schema):
    """How the table is written."""

    format: Literal["csv", "json"] = "json"


def _packs(request: HtmxRequest) -> "QuerySet[Pack]":
    return Pack.objects.filter(owner=request.user).annotate(sounds=KEPT)


def _one(request: HtmxRequest, number: int) -> Pack:
    pack = _packs(request).filter(pk=number).first()
    if pack is None:
        raise not_found("Pack", number)
    return pack


@router.get("/packs", response={200: PacksOut, **errors(422)})
def list_packs(request: HtmxRequest, asked: Query[Numbered]) -> dict[str, Any]:
    """List packs; `pack:` in a search finds the sounds of one."""
    return numbered(_packs(request), asked)


@router.get("/packs/{int:pack_id}", response={200: PackOut, **errors(404)})
def read_pack(request: HtmxRequest, pack_id: int) -> Pack:
    """Return one pack."""
    return _one(request, pack_id)


@router.patch("/packs/{int:pack_id}", response={200: PackOut, **errors(404, 409, 422)})
def change_pack(request: HtmxRequest, pack_id: int, new: PackIn) -> Pack:
    """Change what holds for the sounds of a pack; a sound's own words win."""
    pack = _one(request, pack_id)
    asked = {name: " ".join(text.split()) for name, text in new if text is not None}
    fields: Sequence[str] = ("name", *origins.FIELDS)
    for name in fields:
        setattr(pack, name, asked.get(name) or ("" if name in asked else getattr(pack, name)))
    if not pack.name:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "A pack needs a name", pack_id=pack_id)
    try:
        with transaction.atomic():
            pack.save(update_fields=fields)
    except IntegrityError as taken:
        raise Problem(
            HTTPStatus.CONFLICT, "There is a pack of this name", pack_id=pack_id
        ) from taken
    return pack


CATALOGUE: dict[str, Any] = {
    "parameters": PARAMETERS["parameters"],
    "responses": {
        200: {
            "description": "The table, as docs/library.md explains it",
            "content": {"text/csv": {}, "application/json": {}},
        }
    },
}


@router.get("/catalogue", response={**errors(422)}, openapi_extra=CATALOGUE)
def read_catalogue(request: HtmxRequest, asked: Query[Form]) -> StreamingHttpResponse:
    """Return all sounds that a search finds as one table; the search is that of `/samples`."""
    return catalogue.response(request, Search.parse(request.GET), asked.format)
