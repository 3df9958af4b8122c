"""Kits for programs: the whole kit as JSON, written as one step that the page can undo."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.urls import reverse
from ninja import Query, Router, Schema, Status
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from kits import whole
from kits.hardware.errors import HardwareError
from kits.hardware.pads import ALL, PadAddress
from kits.models import Kit, KitChangedError, Pad
from library.api import printable
from library.http import HtmxRequest
from library.paging import Numbered, PageOut, numbered
from library.problems import Problem, errors, not_found, refused

router = Router(tags=["kits"])

LONGEST_NAME = Kit.name.field.max_length or 0
STALE = "The kit was changed meanwhile; read it again"


def _address(text: str) -> str:
    try:
        return str(PadAddress.parse(text))
    except HardwareError as error:
        raise ValueError(str(error)) from error


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME),
    AfterValidator(printable),
]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]


class PadIn(Schema):
    """A pad and the sound on it; null keeps a pad whose sound is gone."""

    pad: Annotated[str, AfterValidator(_address)] = Field(description="A1 to J16")
    sample_id: Number | None


class Pads(Schema):
    """Filled pads; all others are empty."""

    pads: list[PadIn] = Field([], max_length=len(ALL))

    @model_validator(mode="after")
    def _each_once(self) -> "Pads":
        if len({each.pad for each in self.pads}) < len(self.pads):
            raise ValueError("A pad is named twice")
        return self

    def wanted(self, name: str) -> whole.Wanted:
        """Return what the kit shall be."""
        return whole.Wanted(name, {PadAddress.parse(p.pad): p.sample_id for p in self.pads})


class NewKit(Pads):
    """A kit to be made; without a name it gets the next free one."""

    name: Name | None = None


class KitIn(Pads):
    """A kit as it shall be, and the version of it that was read."""

    name: Name
    version: int = Field(ge=0, le=2**31 - 1)
    pads: list[PadIn] = Field(max_length=len(ALL))


class PadOut(Schema):
    """A filled pad; sample_id is null where the sound is gone."""

    pad: str
    bank: str
    number: int
    sample_id: int | None
    title: str

    @staticmethod
    def resolve_pad(pad: Pad) -> str:
        """Return the address."""
        return str(pad.address)

    @staticmethod
    def resolve_title(pad: Pad) -> str:
        """Return the sound's name, or that of the one that is gone."""
        return pad.sample.title if pad.sample else pad.title


class KitRow(Schema):
    """A kit in the list."""

    id: int
    name: str
    version: int
    pad_count: int
    created_at: datetime
    updated_at: datetime


class KitOut(Schema):
    """A whole kit; send it back with its version to change it."""

    id: int
    name: str
    version: int
    created_at: datetime
    updated_at: datetime
    pads: list[PadOut]

    @staticmethod
    def resolve_pads(kit: Kit) -> list[Pad]:
        """Return the filled pads in the machine's order."""
        return list(kit.pads.select_related("sample"))


class KitsOut(PageOut):
    """A page of kits, the one last opened first."""

    items: list[KitRow]


@router.get("/kits", response={200: KitsOut, **errors(422)})
def list_kits(request: HtmxRequest, asked: Query[Numbered]) -> dict[str, Any]:
    """List kits."""
    kits = Kit.objects.owned_by(request.user).annotate(pad_count=Count("pads"))
    return numbered(kits.order_by("-opened_at", "-pk"), asked)


@router.post("/kits", response={201: KitOut, **errors(400, 404, 413, 422)})
def make_kit(request: HtmxRequest, response: HttpResponse, sent: NewKit) -> Status[Kit]:
    """Make a kit, empty or filled."""
    kit = Kit.new(request.user)
    kit.name = sent.name or kit.name
    with transaction.atomic():
        kit.save()
        _write(kit, sent.wanted(kit.name), seen=kit.version)
    response["Location"] = reverse("api:read_kit", args=[kit.pk])
    return Status(HTTPStatus.CREATED, kit)


@router.get("/kits/{int:kit_id}", response={200: KitOut, **errors(404)})
def read_kit(request: HtmxRequest, kit_id: int) -> Kit:
    """Return the whole kit."""
    return _one(request, kit_id)


@router.put("/kits/{int:kit_id}", response={200: KitOut, **errors(400, 404, 409, 413, 422)})
def write_kit(request: HtmxRequest, kit_id: int, sent: KitIn) -> Kit:
    """Make the kit what is sent, in one step that its page can undo; 409 when it was changed."""
    kit = _one(request, kit_id)
    _write(kit, sent.wanted(sent.name), seen=sent.version)
    return kit


@router.delete("/kits/{int:kit_id}", response={204: None, **errors(404)})
def delete_kit(request: HtmxRequest, kit_id: int) -> Status[None]:
    """Delete a kit with its steps; its sounds stay."""
    _one(request, kit_id).delete()
    return Status(HTTPStatus.NO_CONTENT, None)


def _one(request: HtmxRequest, number: int) -> Kit:
    kit = Kit.objects.owned_by(request.user).filter(pk=number).first()
    if kit is None:
        raise not_found("Kit", number)
    return kit


def _write(kit: Kit, wanted: whole.Wanted, *, seen: int) -> None:
    try:
        whole.write(kit, wanted, seen=seen)
    except KitChangedError as error:
        kit.refresh_from_db(fields=["version"])
        context = {"version": kit.version}
        raise Problem(HTTPStatus.CONFLICT, STALE, context=context, kit_id=kit.pk) from error
    except whole.UnknownSampleError as error:
        raise not_found("Sample", error.number) from error
    except whole.EmptyPadError as error:
        raise refused(str(error), kit_id=kit.pk) from error
