"""Kits for programs: the whole kit as JSON, written as one step that the page can undo."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.urls import reverse
from ninja import Query, Router, Schema, Status
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from kits import deleted, whole
from kits.hardware.errors import HardwareError
from kits.hardware.pads import ALL, BANKS, PadAddress
from kits.hardware.settings import BY_NAME, MOST_CHOPS, MOST_FRAMES, TEMPO
from kits.models import Direction, Kit, KitBank, KitChangedError, Pad, Play, Voicing
from kits.models.ranges import Fields
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
Frame = Annotated[int, Field(ge=0, le=MOST_FRAMES)]
Bank = Literal["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"]


def _within(name: str) -> Any:
    """Return a field in the range of a setting, with the machine's default."""
    setting = BY_NAME[name]
    words = f"{setting.label} {setting.unit}".strip()
    return Field(setting.default, ge=setting.low, le=setting.high, description=words)


class PadSettings(Schema):
    """How a pad plays: ranges and defaults are the machine's. Frames count at 48 kHz."""

    slice: Annotated[int, Field(ge=1, le=32_767)] | None = Field(
        None, description="Which slice of its sound it is; null: no slice"
    )
    start: Frame = 0
    end: Frame | None = Field(None, description="First frame behind the region; null: to the end")
    loop_top: Frame | None = Field(None, description="Where a loop begins again; null: at start")
    chops: list[Frame] = Field([], max_length=MOST_CHOPS, description="Ascending, the first one 0")
    fades: bool = Field(False, description="3 ms at both edges of the region")  # noqa: FBT003
    play: Play = Play.ONE_SHOT
    direction: Direction = Field(
        Direction.FORWARD, description="0 forward, 1 reverse, 2 ping-pong, 3 reverse ping-pong"
    )
    level: int = _within("level")
    pan: int = _within("pan")
    pitch: int = _within("pitch")
    fine: int = _within("fine")
    speed: float = _within("speed")
    vinyl: bool = True
    bpm: Annotated[float, Field(ge=TEMPO.low, le=TEMPO.high)] | None = Field(
        None, description="Of the sound; null: not known"
    )
    sync: bool = False
    mute_group: Literal["", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J"] = ""
    link: int = _within("link")
    bus: int = _within("bus")
    roll: int = _within("roll")
    attack: int = _within("attack")
    hold: int = _within("hold")
    release: int = _within("release")
    fixed_velocity: bool = False
    voicing: Voicing = Voicing.MONO
    locked: bool = Field(False, description="Acts on many pads leave it alone")  # noqa: FBT003
    muted: bool = False


class BankSettings(Schema):
    """What a bank has to itself."""

    tempo: float = _within("bpm")
    volume: int = _within("level")


class PadIn(PadSettings):
    """A pad and the sound on it; null keeps a pad whose sound is gone.

    Settings that are left out stay as they are; on a pad with a new sound they are the usual ones.
    """

    pad: Annotated[str, AfterValidator(_address)] = Field(description="A1 to J16")
    sample_id: Number | None

    def wanted(self) -> whole.WantedPad:
        """Return what the pad shall be."""
        return whole.WantedPad(self.sample_id, _told(self, PadSettings))


class BankIn(BankSettings):
    """Settings of a bank; what is left out stays as it is."""

    bank: Bank


class Pads(Schema):
    """Filled pads, all others are empty; banks and tempo that are left out stay as they are."""

    pads: list[PadIn] = Field([], max_length=len(ALL))
    banks: list[BankIn] = Field([], max_length=len(BANKS))
    tempo: float = _within("bpm")
    has_one_tempo: bool = Field(False, description="Else each bank has its own")  # noqa: FBT003

    @model_validator(mode="after")
    def _each_once(self) -> "Pads":
        if len({each.pad for each in self.pads}) < len(self.pads):
            raise ValueError("A pad is named twice")
        if len({each.bank for each in self.banks}) < len(self.banks):
            raise ValueError("A bank is named twice")
        return self

    def wanted(self, name: str) -> whole.Wanted:
        """Return what the kit shall be."""
        return whole.Wanted(
            name,
            {PadAddress.parse(each.pad): each.wanted() for each in self.pads},
            {each.bank: _told(each, BankSettings) for each in self.banks},
            self.model_dump(include={"tempo", "has_one_tempo"} & self.model_fields_set),
        )


def _told(sent: Schema, kind: type[Schema]) -> Fields:
    """Return which of these settings were sent, as plain values."""
    return sent.model_dump(mode="json", include=kind.model_fields.keys() & sent.model_fields_set)


class NewKit(Pads):
    """A kit to be made; without a name it gets the next free one."""

    name: Name | None = None


class KitIn(Pads):
    """A kit as it shall be, and the version of it that was read."""

    name: Name
    version: int = Field(ge=0, le=2**31 - 1)
    pads: list[PadIn] = Field(max_length=len(ALL))


class PadOut(PadSettings):
    """A filled pad with its settings; sample_id is null where the sound is gone."""

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


class BankOut(BankSettings):
    """A bank's own tempo and volume."""

    bank: str


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
    tempo: float
    has_one_tempo: bool
    banks: list[BankOut]
    pads: list[PadOut]

    @staticmethod
    def resolve_banks(kit: Kit) -> list[dict[str, Any]]:
        """Return the settings of all ten banks."""
        standing = {bank.letter: bank.fields() for bank in kit.banks.all()}
        usual = KitBank().fields()
        return [{"bank": letter, **standing.get(letter, usual)} for letter in BANKS]

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
    """Delete a kit; its sounds stay, and the list of kits can bring it back."""
    deleted.delete(_one(request, kit_id))
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
    except (whole.EmptyPadError, whole.SettingError) as error:
        raise refused(str(error), kit_id=kit.pk) from error
