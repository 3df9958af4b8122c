"""A page of the pad sheet that goes with the export of a kit: one bank, as it was exported."""

from typing import Self

from django.db import models

from kits.models.ranges import BANKS
from kits.sheet.pages import Page
from kits.sheet.text import text


class SheetPageQuerySet(models.QuerySet["SheetPage"]):
    """Pages of exports."""

    def undrawn(self) -> Self:
        """Return those without their picture."""
        return self.filter(render=None)

    def total_bytes(self) -> int:
        """Return the bytes of their pictures and of the text that goes with them."""
        rows = list(self.select_related("render"))
        pictures = sum(row.render.size_bytes for row in rows if row.render is not None)
        return pictures + len(text([Page.from_json(row.content) for row in rows]).encode())


class SheetPage(models.Model):
    """One bank on paper, frozen when the export was asked for; its picture is a converted file."""

    export = models.ForeignKey(
        "exports.Export", on_delete=models.CASCADE, related_name="sheet_pages"
    )
    letter = models.CharField(max_length=1, choices=BANKS)
    content = models.JSONField()  # kits.sheet.pages.Page
    render = models.ForeignKey(
        "exports.Render", null=True, on_delete=models.PROTECT, related_name="sheet_pages"
    )

    objects = SheetPageQuerySet.as_manager()

    class Meta:
        """One page a bank."""

        ordering = ["export_id", "letter"]
        constraints = [
            models.UniqueConstraint(fields=["export", "letter"], name="exports_sheet_page_bank")
        ]

    def __str__(self) -> str:
        """Return the name of the picture."""
        return self.path

    @property
    def path(self) -> str:
        """Return where the picture lies in the export."""
        return path_of(self.letter)


def path_of(letter: str) -> str:
    """Return where the picture of a bank lies in an export."""
    return f"pad_sheet_{letter.lower()}.png"
