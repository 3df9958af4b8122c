"""What a person changes about one sound, written so that it can be taken back."""

from typing import Any

from django.db import transaction

from library import search
from library.forms import SampleForm
from library.models import LibraryEdit, Sample, Tag

ACTION = "correct"
LONGEST_LABEL = LibraryEdit.label.field.max_length or 0


@transaction.atomic
def save(form: SampleForm) -> LibraryEdit | None:
    """Write what was changed, and nothing that another window or a worker wrote meanwhile.

    Returns the edit by which it can be undone; None when nothing was changed.
    """
    found = form.instance
    fields = form.settle()
    before = _before(found, form, fields)
    if fields:
        found.save(update_fields=fields)
    if "tags" in form.changed_data:
        found.tags.set(Tag.objects.named(found.owner, form.cleaned_data["tags"]))
    search.refresh([found.pk])
    if not before:
        return None
    label = f"{found.title} changed"[-LONGEST_LABEL:]
    return LibraryEdit.objects.create(owner=found.owner, action=ACTION, label=label, before=before)


def _before(found: Sample, form: SampleForm, fields: list[str]) -> dict[str, Any]:
    """Return what will be changed as it is now: columns, and the words that hang on it."""
    before: dict[str, Any] = {}
    if fields:
        row = Sample.objects.filter(pk=found.pk).values_list(*fields).get()
        before = {"fields": fields, "groups": [[list(row), [found.pk]]]}
    if "tags" in form.changed_data:
        before |= {"sample": found.pk, "tags": [tag.name for tag in found.tags.all()]}
    return before


def undo(edit: LibraryEdit) -> None:
    """Put back what it was, if the sound still is there."""
    owned = Sample.objects.owned_by(edit.owner)
    for values, ids in edit.before.get("groups", []):
        owned.filter(pk__in=ids).update(**dict(zip(edit.before["fields"], values, strict=True)))
        search.refresh(ids)
    for found in owned.filter(pk=edit.before.get("sample")):
        found.tags.set(Tag.objects.named(edit.owner, edit.before["tags"]))
        search.refresh([found.pk])
