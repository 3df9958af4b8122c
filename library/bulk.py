"""Change many samples at once, and take it back exactly."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Count, QuerySet
from django.utils.timezone import now

from library import corrections, crates, renames, search
from library.guesses import told
from library.models import LibraryEdit, Sample, SampleClass, Tag
from library.query import Query
from library.templatetags.units import grouped

BATCH = 500  # rows in one statement
TAGS_OFFERED = 60
SLOWEST, FASTEST = 20, 400  # BPM that a sound may have
LONGEST_GENRE = Sample.genre.field.max_length or 0
LONGEST_ORIGIN = Sample.licence.field.max_length or 0


class Action(models.TextChoices):
    """What can be done to a selection."""

    ADD_TAG = "add_tag", "tagged"
    REMOVE_TAG = "remove_tag", "no longer tagged"
    SET_GENRE = "set_genre", "given the genre"
    SET_CLASS = "set_class", "classed as"
    SET_AUTHOR = "set_author", "given the author"
    SET_SOURCE = "set_source", "given the source"
    SET_LICENCE = "set_licence", "given the licence"
    FAVOURITE = "favourite", "marked as favourite"
    UNFAVOURITE = "unfavourite", "no longer marked as favourite"
    DOUBLE_BPM = "double_bpm", "at double tempo"
    HALVE_BPM = "halve_bpm", "at half tempo"
    TRASH = "trash", "moved to the trash"
    RESTORE = "restore", "put back into the library"


ORIGINS = {  # what says where a sound comes from, and its column
    Action.SET_AUTHOR: "author",
    Action.SET_SOURCE: "source",
    Action.SET_LICENCE: "licence",
}


class BulkError(ValueError):
    """The action cannot be done like this; the message is a sentence for people."""


@dataclass(frozen=True)
class Selection:
    """Samples chosen one by one, or all that a query lets through except some."""

    ids: frozenset[int] = frozenset()
    query: Query | None = None
    excluded: frozenset[int] = frozenset()

    def of(self, user: User, *, trashed: bool = False) -> list[int]:
        """Return the ids that are this person's, newest first; from the trash if told so."""
        owned = Sample.objects.owned_by(user)
        samples = owned.trashed() if trashed else owned.kept()
        if self.query is not None:
            found = self.query.filter(samples).order_by("-pk").values_list("pk", flat=True)
            return [pk for pk in found if pk not in self.excluded]
        rows = (samples.filter(pk__in=batch) for batch in _batches(self.ids - self.excluded))
        found_ids = (pk for batch in rows for pk in batch.values_list("pk", flat=True))
        return sorted(found_ids, reverse=True)

    def tags(self, user: User) -> list[tuple[str, int]]:
        """Return the tags that hang on these samples and on how many, the most frequent first."""
        kept: QuerySet[Sample] = Sample.objects.owned_by(user).kept()
        counts: Counter[str] = Counter()
        if self.query is not None:
            kept = self.query.filter(kept)
            counts.update(_tags_on(kept))
        for batch in _batches(self.excluded if self.query is not None else self.ids):
            some = _tags_on(kept.filter(pk__in=batch))
            if self.query is None:
                counts.update(some)
            else:
                counts.subtract(some)
        return [(name, count) for name, count in counts.most_common(TAGS_OFFERED) if count > 0]


def apply(user: User, action: str, selection: Selection, value: str = "") -> LibraryEdit:
    """Do one thing to all selected samples; the edit knows what each of them was before.

    value: the tag, the genre ('' takes it away) or the class. Raises BulkError.
    """
    chosen = _checked(action, value)
    value = _checked_value(chosen, value)
    with transaction.atomic():
        ids = selection.of(user, trashed=chosen == Action.RESTORE)
        before = _do(user, chosen, ids, value)
        return LibraryEdit.objects.create(
            owner=user, action=chosen, label=_label(chosen, before, value), before=before
        )


def undo(edit: LibraryEdit) -> bool:
    """Take an edit back; False when that has been done already."""
    with transaction.atomic():
        rows = LibraryEdit.objects.filter(pk=edit.pk, undone_at=None)
        if not rows.update(undone_at=now()):
            return False
        if edit.action == Action.ADD_TAG:
            _undo_add_tag(edit.owner, edit.before)
        elif edit.action == Action.REMOVE_TAG:
            _undo_remove_tag(edit.owner, edit.before)
        elif edit.action == crates.ACTION:
            crates.undo(edit)
        elif edit.action == corrections.ACTION:
            corrections.undo(edit)
        elif edit.action == renames.ACTION:
            renames.undo(edit)
        else:
            _unset(edit.owner, edit.before)
        return True


def _do(user: User, action: Action, ids: list[int], value: str) -> dict[str, Any]:
    if action == Action.ADD_TAG:
        return _add_tag(user, ids, value)
    if action == Action.REMOVE_TAG:
        return _remove_tag(user, ids, value)
    if action in {Action.DOUBLE_BPM, Action.HALVE_BPM}:
        return _scale_tempo(ids, 2.0 if action == Action.DOUBLE_BPM else 0.5)
    return _set(ids, _new_values(action, value))


def _new_values(action: Action, value: str) -> dict[str, Any]:
    """Return the columns that an action writes; to set a class is to confirm it."""
    if action == Action.SET_GENRE:
        return {"genre": value}
    if action == Action.SET_CLASS:
        return {"sample_class": value, **told(["sample_class"])}
    if action in ORIGINS:
        return {ORIGINS[action]: value}
    if action in {Action.FAVOURITE, Action.UNFAVOURITE}:
        return {"is_favourite": action == Action.FAVOURITE}
    return {"deleted_at": now() if action == Action.TRASH else None}


def changed(edit: LibraryEdit) -> list[int]:
    """Return the ids of the samples that an edit changed."""
    return [pk for _, ids in edit.before.get("groups", []) for pk in ids]


def _checked(action: str, value: str) -> Action:
    if action not in Action.values:
        raise BulkError("There is no such action.")
    if action == Action.SET_CLASS and value not in {"", *SampleClass.values}:
        raise BulkError("There is no such class.")
    return Action(action)


def _checked_value(action: Action, value: str) -> str:
    value = " ".join(value.replace("\0", "").split())
    if action in {Action.ADD_TAG, Action.REMOVE_TAG}:
        value = value.removeprefix("#").strip()
        if not value:
            raise BulkError("Type a tag first.")
        if len(value) > (Tag.name.field.max_length or 0):
            raise BulkError(f"A tag has at most {Tag.name.field.max_length} characters.")
    if action == Action.SET_GENRE and len(value) > LONGEST_GENRE:
        raise BulkError(f"A genre has at most {LONGEST_GENRE} characters.")
    if action in ORIGINS and len(value) > LONGEST_ORIGIN:
        raise BulkError(f"At most {LONGEST_ORIGIN} characters.")
    return value


def _label(action: Action, before: dict[str, Any], value: str) -> str:
    count = sum(len(ids) for _, ids in before["groups"])
    what = f"{grouped(count)} sound{'' if count == 1 else 's'} {action.label}"
    if action == Action.SET_CLASS:
        value = SampleClass(value).label.lower() if value else "nothing"
    if action == Action.SET_GENRE or action in ORIGINS:
        value = value or "nothing"
    return f"{what} {value}".strip()


# What a sample was before is kept as groups: [what it was, ids of all that were so].


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    source = iter(ids)
    while batch := list(islice(source, BATCH)):
        yield batch


def _those(ids: Iterable[int]) -> "Iterator[QuerySet[Sample]]":
    for batch in _batches(ids):
        yield Sample.objects.filter(pk__in=batch)


def _refresh(ids: Iterable[int]) -> None:
    for batch in _batches(ids):
        search.refresh(batch)


def _tags_on(samples: "QuerySet[Sample]") -> dict[str, int]:
    hung = Sample.tags.through.objects.filter(sample__in=samples.order_by().values("pk"))
    return dict(hung.values_list("tag__name").annotate(rows=Count("pk")).order_by())


def _tagged(tag: Tag, ids: Iterable[int]) -> list[int]:
    hung = Sample.tags.through.objects.filter(tag=tag)
    rows = (hung.filter(sample_id__in=batch) for batch in _batches(ids))
    return [pk for batch in rows for pk in batch.values_list("sample_id", flat=True)]


def _hang(tag: Tag, ids: list[int]) -> None:
    through = Sample.tags.through
    through.objects.bulk_create(
        (through(sample_id=pk, tag_id=tag.pk) for pk in ids),
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    _refresh(ids)


def _unhang(tag: Tag, ids: list[int]) -> None:
    for batch in _batches(ids):
        Sample.tags.through.objects.filter(tag=tag, sample_id__in=batch).delete()
    _refresh(ids)


def _add_tag(user: User, ids: list[int], value: str) -> dict[str, Any]:
    is_new = not Tag.objects.owned_by(user).filter(name__iexact=value).exists()
    tag = Tag.objects.named(user, [value])[0]
    has_it = set(_tagged(tag, ids))
    lacking = [pk for pk in ids if pk not in has_it]
    _hang(tag, lacking)
    return {"groups": [[tag.name, lacking]], "is_new": is_new}


def _remove_tag(user: User, ids: list[int], value: str) -> dict[str, Any]:
    tag = Tag.objects.owned_by(user).filter(name__iexact=value).first()
    if tag is None:
        return {"groups": []}
    having = _tagged(tag, ids)
    _unhang(tag, having)
    return {"groups": [[tag.name, having]]}


def _undo_add_tag(user: User, before: dict[str, Any]) -> None:
    for name, ids in before["groups"]:
        tag = Tag.objects.owned_by(user).filter(name__iexact=name).first()
        if tag is not None:
            _unhang(tag, ids)
            if before["is_new"] and not tag.samples.exists():
                tag.delete()


def _undo_remove_tag(user: User, before: dict[str, Any]) -> None:
    for name, ids in before["groups"]:
        _hang(Tag.objects.named(user, [name])[0], _existing(user, ids))


def _existing(user: User, ids: Iterable[int]) -> list[int]:
    owned = Sample.objects.owned_by(user)
    rows = (owned.filter(pk__in=batch) for batch in _batches(ids))
    return [pk for batch in rows for pk in batch.values_list("pk", flat=True)]


def _set(ids: list[int], new: dict[str, Any]) -> dict[str, Any]:
    """Give all these samples the new values; those that have them already stay out of it."""
    groups: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
    for samples in _those(ids):
        for pk, *old in samples.values_list("pk", *new):
            if old != list(new.values()):
                groups[tuple(map(_plain, old))].append(pk)
    _write((pk for some in groups.values() for pk in some), new)
    return {"fields": list(new), "groups": [[list(old), some] for old, some in groups.items()]}


def _scale_tempo(ids: list[int], factor: float) -> dict[str, Any]:
    """Take the tempos as octaves too low or too high; what would leave the range stays."""
    known = told(["bpm"])
    fields = ["bpm", *known]
    groups: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
    for samples in _those(ids):
        timed = samples.filter(bpm__gte=SLOWEST / factor, bpm__lte=FASTEST / factor)
        for pk, *old in timed.values_list("pk", *fields):
            groups[tuple(old)].append(pk)
    for (bpm, *_), some in groups.items():
        _write(some, {"bpm": bpm * factor, **known})
    return {"fields": fields, "groups": [[list(old), some] for old, some in groups.items()]}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _unset(user: User, before: dict[str, Any]) -> None:
    for old, ids in before["groups"]:
        _write(_existing(user, ids), dict(zip(before["fields"], old, strict=True)))


def _write(ids: Iterable[int], new: dict[str, Any]) -> None:
    for batch in _batches(ids):
        Sample.objects.filter(pk__in=batch).update(**new)
        if {"genre", "sample_class"} & new.keys():
            search.refresh(batch)
