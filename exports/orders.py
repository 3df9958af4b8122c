"""What programs ask for: how to export, which sounds, which part of the history."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.timezone import make_aware
from ninja import Schema
from pydantic import Field, field_validator

from exports.models import Export, ExportItem
from exports.options import Options, preferred
from library.api import Word
from library.jobs import State
from library.models import Preferences
from library.paging import Numbered
from library.problems import refused

LARGEST = 2**63 - 1  # what a database takes as a key
MOST = 1000
FORMATS = tuple(Preferences.Format.values)
Cut = Literal["trim", "reverse", "pitch", "level", "pan"]  # the keys of `carried.CUTS`
Day = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2999, 12, 31))]


class ExportConfig(Schema):
    """How files are converted, named and placed."""

    organize_by: Literal["flat", "genre", "bpm", "kit"] = "flat"
    format: str = Field(default="wav", description="wav or aiff, in any case")
    pad_short: bool = Field(default=False, description="Lengthen sounds under 100 ms with silence")
    include_metadata: bool = Field(default=True, description="A text file beside each sample")
    sanitize_filenames: bool = True
    output_base_path: Word | None = Field(
        default=None,
        max_length=1000,
        description="For staff: a folder of the server to write to as well",
    )

    @field_validator("format")
    @classmethod
    def _known(cls, value: str) -> str:
        if value.lower() not in FORMATS:
            raise ValueError(
                f"Unsupported output format: {value[:40]}. Supported: {', '.join(FORMATS)}"
            )
        return value.lower()

    def options(self, user: User, *, kit: bool) -> Options:
        """Return the choices; what the API does not ask about follows the person's preferences.

        Problem for sounds that are to lie on pads.
        """
        if self.organize_by == "kit" and not kit:
            raise refused("Only a kit can be organized by kit")
        return replace(
            preferred(Preferences.of(user), kit=kit),
            layout=self.organize_by,
            format=self.format,
            pad_short=self.pad_short,
            include_metadata=self.include_metadata,
            include_sheet=False,
            sanitize=self.sanitize_filenames,
            root="",
            device_names=False,
        )


class KitConfig(ExportConfig):
    """The same for a kit, which lies in banks and pads unless asked for otherwise."""

    organize_by: Literal["flat", "genre", "bpm", "kit"] = "kit"
    bake: list[Cut] = Field(
        default=["trim", "reverse", "pitch", "level", "pan"],
        description="Pad settings that are cut into the sounds",
    )
    include_sheet: bool = Field(
        default=False, description="A pad sheet: a picture of each bank and a text list"
    )

    def options(self, user: User, *, kit: bool) -> Options:
        """Return the choices, those of kits among them."""
        chosen = super().options(user, kit=kit).baking(self.bake)
        return replace(chosen, include_sheet=self.include_sheet)


class Batch(Schema):
    """Which sounds."""

    sample_ids: list[Annotated[int, Field(le=LARGEST, ge=-LARGEST)]] = Field(
        default=[],
        validate_default=True,
        description=f"1 to {MOST}; unknown ones become failed items",
    )
    config: ExportConfig = ExportConfig()

    @field_validator("sample_ids")
    @classmethod
    def _some(cls, ids: list[int]) -> list[int]:
        if not ids:
            raise ValueError("No samples provided for export")
        if len(ids) > MOST:
            raise ValueError(f"Maximum {MOST} samples per batch")
        return ids


class HistoryQuery(Numbered):
    """Which part of the history. since, until: days on which exports were asked for."""

    export_type: Export.Kind | None = None
    state: State | None = None
    since: Day | None = None
    until: Day | None = None
    sample_id: Annotated[int, Field(ge=1, le=LARGEST)] | None = None

    def filter(self, exports: "QuerySet[Export]") -> "QuerySet[Export]":
        """Return those that were asked for."""
        tests = {
            "kind": self.export_type,
            "state": self.state,
            "created_at__gte": self.since and _midnight(self.since),
            "created_at__lt": self.until and _midnight(self.until + timedelta(days=1)),
        }
        if self.sample_id is not None:
            items = ExportItem.objects.filter(sample=self.sample_id)
            exports = exports.filter(pk__in=items.values("export"))
        return exports.filter(**{name: value for name, value in tests.items() if value is not None})


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))
