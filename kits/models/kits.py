"""Named sets of pads, and every step back."""

import itertools
from collections.abc import Iterable
from typing import Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F
from django.utils.timezone import now

from kits.hardware.pads import PadAddress
from kits.hardware.settings import TEMPO
from kits.models.banks import KitBank
from kits.models.pads import Pad
from kits.models.ranges import Fields, within
from kits.models.steps import WHOLE, KitEdit, Snapshot, is_place
from library.models import Sample


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
    tempo = models.FloatField(default=TEMPO.default)  # BPM
    has_one_tempo = models.BooleanField(default=False)  # else each bank has its own
    wants = models.JSONField(default=dict, editable=False)  # what pads are for: kits.blueprints
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    opened_at = models.DateTimeField(default=now, editable=False)

    objects = KitQuerySet.as_manager()

    class Meta:
        """The kit last opened comes first: it lies on the bench."""

        ordering = ["-opened_at", "-pk"]
        constraints = [within(TEMPO, "kits_kit", "tempo")]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @transaction.atomic
    def change(
        self,
        label: str,
        pads: dict[PadAddress, Pad | None],
        *,
        seen: int | None = None,
        banks: Iterable[KitBank] = (),
        whole: Fields | None = None,
    ) -> KitEdit:
        """Put these pads in place (None clears one) as one step that can be undone.

        banks: settings of banks that take the place of what they had. whole: fields of the kit
        itself (`tempo`, `has_one_tempo`). `seen` is the version the caller looked at;
        KitChangedError when it is no longer the newest.
        """
        self._advance(seen)
        settings: Snapshot = {bank.letter: bank.fields() for bank in banks}
        if whole:
            settings[WHOLE] = whole
        before = self.snapshot(pads) | self._settings(settings)
        self._write(pads)
        self._set(settings)
        self.edits.filter(undone=True).delete()  # a new step ends what could be done again
        after = self.snapshot(pads) | self._settings(settings)
        return self.edits.create(label=label[:300], before=before, after=after)

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
    def lost_pads(self) -> int:
        """Count the pads whose sound is gone."""
        return self.pads.lost().count()

    @property
    def last_step(self) -> KitEdit | None:
        """Return what undo would take back."""
        return self.edits.filter(undone=False).defer("before", "after").last()

    @property
    def next_step(self) -> KitEdit | None:
        """Return what redo would do again."""
        return self.edits.filter(undone=True).defer("before", "after").first()

    @transaction.atomic
    def undo(self, *, seen: int | None = None) -> KitEdit | None:
        """Take back the newest step; None when there is none. `seen` as in `change`."""
        edit = self.last_step
        if edit is not None:
            self._advance(seen)
            self._restore(edit.before)
            edit.undone = True
            edit.save(update_fields=["undone"])
        return edit

    @transaction.atomic
    def redo(self, *, seen: int | None = None) -> KitEdit | None:
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

    def bank(self, letter: str) -> KitBank:
        """Return the settings of a bank; an unsaved row with the machine's defaults without any."""
        found = None if self.pk is None else self.banks.filter(letter=letter).first()
        return found or KitBank(kit=self, letter=letter)

    def tempo_of(self, letter: str) -> float:
        """Return the tempo (BPM) that sounds of this bank play to."""
        return self.tempo if self.has_one_tempo else self.bank(letter).tempo

    def _settings(self, names: Iterable[str]) -> Snapshot:
        """Return what banks and the kit itself have now, under the names of a snapshot."""
        now_: Snapshot = {}
        for name in names:
            if name == WHOLE:
                now_[name] = {"tempo": self.tempo, "has_one_tempo": self.has_one_tempo}
            else:
                bank = self.banks.filter(letter=name).first()
                now_[name] = bank.fields() if bank else None
        return now_

    def _set(self, settings: Snapshot) -> None:
        for name, fields in settings.items():
            if name == WHOLE:
                Kit.objects.filter(pk=self.pk).update(**(fields or {}))
                self.refresh_from_db(fields=["tempo", "has_one_tempo"])
            elif fields is None:
                self.banks.filter(letter=name).delete()
            else:
                self.banks.update_or_create(letter=name, defaults=fields)

    def _advance(self, seen: int | None) -> None:
        rows = Kit.objects.filter(pk=self.pk)
        if seen is not None:
            rows = rows.filter(version=seen)
        if not rows.update(version=F("version") + 1, updated_at=now()):
            raise KitChangedError
        self.refresh_from_db(fields=["version", "updated_at"])

    def _write(self, pads: dict[PadAddress, Pad | None]) -> None:
        """Replace the rows at these addresses; rows move, numbers do not (unique addresses)."""
        self.pads.at(*pads).delete()
        Pad.objects.bulk_create(
            Pad(**{**pad.fields(), "kit": self, "bank": at.bank, "number": at.number})
            for at, pad in pads.items()
            if pad is not None
        )

    def _restore(self, snapshot: Snapshot) -> None:
        settings = {name: fields for name, fields in snapshot.items() if not is_place(name)}
        places = {name: fields for name, fields in snapshot.items() if is_place(name)}
        self._set(settings)
        known = set(
            Sample.objects.filter(
                pk__in=[fields["sample_id"] for fields in places.values() if fields]
            ).values_list("pk", flat=True)
        )
        pads: dict[PadAddress, Pad | None] = {}
        for address, fields in places.items():
            pad = Pad(**fields) if fields is not None else None
            if pad is not None and pad.sample_id not in known:
                pad.sample_id = None
            pads[PadAddress.parse(address)] = pad
        self._write(pads)
