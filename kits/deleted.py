"""Delete a kit and bring it back, with its pads, banks and every step."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import SET_NULL, ForeignObjectRel, Model, QuerySet

from kits.models import DeletedKit, Kit, KitBank, KitEdit, Pad
from library.models import Sample

MOST = 20  # deleted kits of one person that can come back; older ones are gone


@transaction.atomic
def delete(kit: Kit) -> DeletedKit:
    """Delete a kit; its sounds stay in the library."""
    state = {
        "kit": _plain(kit),
        "pads": [_plain(pad) for pad in kit.pads.all()],
        "banks": [_plain(bank) for bank in kit.banks.all()],
        "edits": [_plain(edit) for edit in kit.edits.all()],
        "left": {
            str(each.field): [row.pk for row in _rows(each).filter(**{each.field.name: kit})]
            for each in _leaving()
        },
    }
    gone = DeletedKit.objects.create(owner=kit.owner, name=kit.name, state=state)
    kept = DeletedKit.objects.filter(owner=kit.owner).values_list("pk", flat=True)[:MOST]
    DeletedKit.objects.filter(owner=kit.owner).exclude(pk__in=list(kept)).delete()
    kit.delete()
    return gone


@transaction.atomic
def bring_back(gone: DeletedKit) -> Kit:
    """Return the kit as it was; pads whose sound has gone for good meanwhile keep its name.

    DeletedKit.DoesNotExist when it is back already.
    """
    gone = DeletedKit.objects.select_for_update().get(pk=gone.pk)
    state = gone.state
    kit = Kit(**_read(Kit, state["kit"]))
    kit.save(force_insert=True)
    wanted = {pad["sample_id"] for pad in state["pads"]} - {None}
    known = set(
        Sample.objects.filter(owner=gone.owner_id, pk__in=wanted).values_list("pk", flat=True)
    )
    pads = [Pad(**_read(Pad, pad)) for pad in state["pads"]]
    for pad in pads:
        pad.sample_id = pad.sample_id if pad.sample_id in known else None
    Pad.objects.bulk_create(pads)
    KitBank.objects.bulk_create(KitBank(**_read(KitBank, bank)) for bank in state["banks"])
    KitEdit.objects.bulk_create(KitEdit(**_read(KitEdit, edit)) for edit in state["edits"])
    for each in _leaving():
        ids, name = state.get("left", {}).get(str(each.field), []), each.field.name
        _rows(each).filter(**{"pk__in": ids, name: None}).update(**{name: kit})
    gone.delete()
    return kit


def _leaving() -> list[ForeignObjectRel]:
    """Return the relations whose rows outlive a kit and lose it, as exports do."""
    return [each for each in Kit._meta.related_objects if each.on_delete is SET_NULL]


def _rows(relation: ForeignObjectRel) -> QuerySet[Any]:
    return relation.related_model._base_manager.all()


def _plain(row: Model) -> dict[str, Any]:
    """Return a row as values that JSON can hold."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _read(model: type[Model], values: dict[str, Any]) -> dict[str, Any]:
    """Return what `_plain` wrote, without fields that the model no longer has."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: fields[name].to_python(values[name]) for name in fields.keys() & values.keys()}
