"""Which sample sits on which pad, and every step back."""

import itertools
from collections.abc import Iterable
from typing import Any, Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.timezone import now

from kits.hardware.pads import PadAddress
from library.models import Sample

BANKS = [(letter, letter) for letter in "ABCDEFGHIJ"]
Snapshot = dict[str, dict[str, Any] | None]  # pad address -> its fields, None = empty


class KitChangedError(Exception):
    """Another window changed the kit since this one looked."""


class KitQuerySet(models.QuerySet["Kit"]):
    """Kits of people."""

    def owned_by(self, user: User) -> Self:
        """Return this person's kits."""
        return self.filter(owner=user)


class Kit(models.Model):
    """A named set of up to 160 pads."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="kits")
    name = models.CharField(max_length=100)
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    opened_at = models.DateTimeField(default=now, editable=False)

    objects = KitQuerySet.as_manager()

    class Meta:
        """The kit last opened comes first: it lies on the bench."""

        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @transaction.atomic
    def change(
        self,
        label: str,
        pads: "dict[PadAddress, Pad | None]",
        *,
        seen: int | None = None,
    ) -> "KitEdit":
        """Put these pads in place (None clears one) as one step that can be undone.

        `seen` is the version the caller looked at; KitChangedError when it is no longer the newest.
        """
        self._advance(seen)
        before = self.snapshot(pads)
        self._write(pads)
        self.edits.filter(undone=True).delete()  # a new step ends what could be done again
        return self.edits.create(label=label, before=before, after=self.snapshot(pads))

    @classmethod
    def new(cls, user: User) -> "Kit":
        """Return an unsaved kit with a name that none of this person's kits has yet: `Kit 3`."""
        taken = set(cls.objects.owned_by(user).values_list("name", flat=True))
        names = (f"Kit {count}" for count in itertools.count(1))
        return cls(owner=user, name=next(name for name in names if name not in taken))

    @classmethod
    def on_bench(cls, user: User) -> "Kit":
        """Return the kit last opened, a new unsaved one for somebody without any."""
        return cls.objects.owned_by(user).first() or cls.new(user)

    def lay_on_bench(self) -> None:
        """Make this the kit last opened; nothing is written when it is already."""
        first = Kit.objects.filter(owner=self.owner_id).values_list("pk", flat=True).first()
        if first != self.pk:
            Kit.objects.filter(pk=self.pk).update(opened_at=now())

    @property
    def last_step(self) -> "KitEdit | None":
        """Return what undo would take back."""
        return self.edits.filter(undone=False).last()

    @property
    def next_step(self) -> "KitEdit | None":
        """Return what redo would do again."""
        return self.edits.filter(undone=True).first()

    @transaction.atomic
    def undo(self, *, seen: int | None = None) -> "KitEdit | None":
        """Take back the newest step; None when there is none. `seen` as in `change`."""
        edit = self.last_step
        if edit is not None:
            self._advance(seen)
            self._restore(edit.before)
            edit.undone = True
            edit.save(update_fields=["undone"])
        return edit

    @transaction.atomic
    def redo(self, *, seen: int | None = None) -> "KitEdit | None":
        """Do again the step that was taken back last; None when there is none."""
        edit = self.next_step
        if edit is not None:
            self._advance(seen)
            self._restore(edit.after)
            edit.undone = False
            edit.save(update_fields=["undone"])
        return edit

    def snapshot(self, addresses: Iterable[PadAddress] | None = None) -> Snapshot:
        """Return the fields of these pads (of all filled ones by default) as plain values."""
        if addresses is None:
            filled = {pad.address: pad.fields() for pad in self.pads.all()}
            return {str(address): filled[address] for address in sorted(filled)}
        wanted = list(addresses)
        filled = {pad.address: pad.fields() for pad in self.pads.at(*wanted)}
        return {str(address): filled.get(address) for address in wanted}

    def _advance(self, seen: int | None) -> None:
        rows = Kit.objects.filter(pk=self.pk)
        if seen is not None:
            rows = rows.filter(version=seen)
        if not rows.update(version=F("version") + 1, updated_at=now()):
            raise KitChangedError
        self.refresh_from_db(fields=["version", "updated_at"])

    def _write(self, pads: "dict[PadAddress, Pad | None]") -> None:
        """Replace the rows at these addresses; rows move, numbers do not (unique addresses)."""
        self.pads.at(*pads).delete()
        Pad.objects.bulk_create(
            Pad(**{**pad.fields(), "kit": self, "bank": at.bank, "number": at.number})
            for at, pad in pads.items()
            if pad is not None
        )

    def _restore(self, snapshot: Snapshot) -> None:
        known = set(
            Sample.objects.filter(
                pk__in=[fields["sample_id"] for fields in snapshot.values() if fields]
            ).values_list("pk", flat=True)
        )
        pads: dict[PadAddress, Pad | None] = {}
        for address, fields in snapshot.items():
            pad = Pad(**fields) if fields is not None else None
            if pad is not None and pad.sample_id not in known:
                pad.sample_id = None
            pads[PadAddress.parse(address)] = pad
        self._write(pads)


class PadQuerySet(models.QuerySet["Pad"]):
    """Filled pads."""

    def at(self, *addresses: PadAddress) -> Self:
        """Return the pads at these addresses."""
        places = Q(pk__in=[])
        for bank in sorted({address.bank for address in addresses}):
            numbers = [address.number for address in addresses if address.bank == bank]
            places |= Q(bank=bank, number__in=numbers)
        return self.filter(places)

    def drawn(self) -> Self:
        """Return the pads with their samples, without the texts that no grid shows."""
        return self.select_related("sample").defer("sample__notes", "sample__search_text")


class Pad(models.Model):
    """A sample placed; an empty pad has no row."""

    kit = models.ForeignKey(Kit, on_delete=models.CASCADE, related_name="pads")
    bank = models.CharField(max_length=1, choices=BANKS)
    number = models.PositiveSmallIntegerField()
    sample = models.ForeignKey(Sample, null=True, on_delete=models.SET_NULL, related_name="pads")
    title = models.CharField(max_length=200)  # what stood here, should the sample be gone

    objects = PadQuerySet.as_manager()

    class Meta:
        """One pad per address, in the machine's order."""

        ordering = ["bank", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["kit", "bank", "number"], name="kits_pad_one_per_address"
            ),
            models.CheckConstraint(
                condition=Q(number__range=(1, 16)) & Q(bank__in=list("ABCDEFGHIJ")),
                name="kits_pad_address",
            ),
        ]

    def __str__(self) -> str:
        """Return address and title."""
        return f"{self.address} {self.title}"

    @property
    def address(self) -> PadAddress:
        """Return the place."""
        return PadAddress(self.bank, self.number)

    @property
    def is_missing(self) -> bool:
        """Tell whether the sound behind the pad is gone."""
        return self.sample is None or self.sample.is_missing or self.sample.deleted_at is not None

    def fields(self) -> dict[str, Any]:
        """Return all that moves with the pad, as plain values: everything but place and key."""
        return {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.name not in {"id", "kit", "bank", "number"}
        }

    @classmethod
    def holding(cls, sample: Sample) -> Self:
        """Return a new pad for this sample, with every setting at its default."""
        return cls(sample=sample, title=sample.title)


class KitEdit(models.Model):
    """One step: the pads it touched, before and after."""

    kit = models.ForeignKey(Kit, on_delete=models.CASCADE, related_name="edits")
    label = models.CharField(max_length=300)
    before = models.JSONField()
    after = models.JSONField()
    undone = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=now)

    class Meta:
        """Oldest first; undone steps stand at the end."""

        ordering = ["pk"]

    def __str__(self) -> str:
        """Return what was done, as undo names it."""
        return self.label
