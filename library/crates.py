"""Keep searches under a name, and take back what was done to them."""

from itertools import chain, count

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from library.models import Crate, LibraryEdit
from library.query import Query

ACTION = "crate"  # of the edits that are made here
MOST = 100  # crates of one person: each is a line above the filters
LONGEST = Crate.name.field.max_length or 0


class CrateError(ValueError):
    """A crate cannot be kept like this; the message is a sentence for people."""


def keep(user: User, name: str, query: Query) -> LibraryEdit:
    """Keep a search; a crate of this name, in whatever case, gets it instead. Raises CrateError."""
    name = _checked(name)
    address = query.as_querystring()
    if not query.is_filtered:
        raise CrateError("Search or filter first: a crate keeps what is asked for.")
    with transaction.atomic():
        known = Crate.objects.filter(owner=user, name__iexact=name).first()
        if known is None:
            if Crate.objects.filter(owner=user).count() >= MOST:
                raise CrateError(f"There are {MOST} crates already. Delete one first.")
            made = Crate.objects.create(owner=user, name=name, query=address)
            return _noted(made, f"Crate “{name}” made", before=None)
        return _changed(known, f"Crate “{known.name}” has the new search", query=address)


def rename(crate: Crate, name: str) -> LibraryEdit:
    """Give a crate another name. Raises CrateError."""
    name = _checked(name)
    try:
        with transaction.atomic():
            return _changed(crate, f"Crate “{crate.name}” is “{name}” now", name=name)
    except IntegrityError:
        raise CrateError(f"There is a crate “{name}” already.") from None


def delete(crate: Crate) -> LibraryEdit:
    """Delete a crate; the sounds in it stay where they are."""
    with transaction.atomic():
        edit = _noted(crate, f"Crate “{crate.name}” deleted", before=_state(crate))
        crate.delete()
        return edit


def undo(edit: LibraryEdit) -> None:
    """Put a crate back into the state before an edit, also when it is gone or has been made.

    Where another crate has its name by now it gets one with a number.
    """
    mine = Crate.objects.filter(owner=edit.owner)
    before = edit.before["crate"]
    if before is None:
        mine.filter(pk=edit.before["pk"]).delete()
        return
    others = mine.exclude(pk=edit.before["pk"]).values_list("name", flat=True)
    state = before | {"name": _free_name(before["name"], {name.lower() for name in others})}
    mine.update_or_create(
        pk=edit.before["pk"], defaults=state, create_defaults={"owner": edit.owner, **state}
    )


def _free_name(name: str, taken: set[str]) -> str:
    """Return a name that no other crate has: `Kicks`, or else `Kicks (2)`."""
    numbered = (f"{name[: LONGEST - len(end)]}{end}" for end in map(" ({})".format, count(2)))
    return next(free for free in chain([name], numbered) if free.lower() not in taken)


def _changed(crate: Crate, label: str, **new: str) -> LibraryEdit:
    edit = _noted(crate, label, before=_state(crate))
    for name, value in new.items():
        setattr(crate, name, value)
    crate.save(update_fields=list(new))
    return edit


def _noted(crate: Crate, label: str, *, before: dict[str, str] | None) -> LibraryEdit:
    return LibraryEdit.objects.create(
        owner=crate.owner, action=ACTION, label=label, before={"pk": crate.pk, "crate": before}
    )


def _state(crate: Crate) -> dict[str, str]:
    return {"name": crate.name, "query": crate.query}


def _checked(name: str) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not name:
        raise CrateError("Give the crate a name.")
    if len(name) > LONGEST:
        raise CrateError(f"A name has at most {LONGEST} characters.")
    return name
