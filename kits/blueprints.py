"""Kit templates: what each pad is for and how it plays, without sounds.

A kit that begins with one keeps a copy of it (`Kit.wants`): a sound that comes onto a pad gets the
settings that wait there. BUILT_IN are those that everybody has.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from kits.hardware.pads import ALL, PADS_PER_BANK, PadAddress
from kits.hardware.settings import CARRIERS
from kits.models import WHOLE, Kit, KitBank, KitTemplate, Pad
from kits.models.ranges import Fields
from library import class_pads
from library.models import Preferences, Sample

LOOP, ONE_SHOT = "loop", "oneshot"
BOUND = {"start", "end", "loop_top", "chops", "bpm", "locked", "muted"}
KEPT = tuple(name for name in CARRIERS if name not in BOUND)
"""Settings that mean something without a sound."""

MOST = 50  # templates of one person
LONGEST = KitTemplate.name.field.max_length or 0
OWN_KEY = "own-"  # what the keys of a person's own templates begin with


class TemplateError(ValueError):
    """A template cannot be kept like this; the message is a sentence for people."""


@dataclass(frozen=True)
class Want:
    """What a pad is for: a class ('' for any), a kind (LOOP, ONE_SHOT or ''), settings."""

    sound_class: str = ""
    kind: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """Read what `plain` wrote."""
        return cls(plain.get("class", ""), plain.get("kind", ""), plain.get("settings", {}))

    def plain(self) -> Fields:
        """Return it as values that JSON can hold."""
        return {"class": self.sound_class, "kind": self.kind, "settings": dict(self.settings)}

    def takes(self, sample: Sample) -> bool:
        """Tell whether its kind is the one wanted; one that nobody knows is taken."""
        if not self.kind or sample.is_loop is None:
            return True
        return sample.is_loop == (self.kind == LOOP)


Wants = dict[PadAddress, Want]


@dataclass(frozen=True)
class Blueprint:
    """A template, built in or a person's own. whole: fields of banks and of the kit itself."""

    key: str
    name: str
    wants: Wants
    note: str = ""
    whole: Mapping[str, Fields] = field(default_factory=dict)


def _bank_a(*rows: Iterable[Want]) -> Wants:
    """Lay out bank A row by row."""
    wants = [want for row in rows for want in row]
    return dict(zip(ALL[:PADS_PER_BANK], wants, strict=True))


def _shot(name: str, **settings: Any) -> Want:
    return Want(name, ONE_SHOT, {"play": "one-shot", **settings})


def _loop(name: str, **settings: Any) -> Want:
    return Want(name, LOOP, {"play": "loop", "sync": True, **settings})


_HAT = _shot("hat", mute_group="A")  # an open hat ends when the closed one sounds

BUILT_IN = (
    Blueprint(
        "drums-and-loops",
        "Drums and loops",
        _bank_a(
            (_shot("kick"), _shot("snare"), _loop("break", mute_group="B"),
             _loop("break", mute_group="B")),
            (_HAT, _HAT, _loop("bass", mute_group="C"), _loop("bass", mute_group="C")),
            (_shot("clap"), _shot("perc"), _loop("keys"), _loop("keys")),
            (_shot("fx"), _shot("vocal"), _loop("perc"), _loop("vocal")),
        ),
        "One-shots left, loops in time right. Hats cut each other off, and so do breaks.",
    ),
    Blueprint(
        "one-shots",
        "All one-shots",
        _bank_a(
            (_shot("kick"), _shot("kick"), _shot("snare"), _shot("snare")),
            (_HAT, _HAT, _shot("clap"), _shot("perc")),
            (_shot("perc"), _shot("perc"), _shot("bass"), _shot("bass")),
            (_shot("keys"), _shot("keys"), _shot("vocal"), _shot("fx")),
        ),
        "Every pad plays to its end; hats cut each other off.",
    ),
    Blueprint(
        "finger-drumming",
        "Finger drumming",
        _bank_a(
            (_shot("fx"), _shot("vocal"), _shot("vocal"), _shot("fx")),
            (_shot("perc"), _shot("clap"), _shot("clap"), _shot("perc")),
            (_HAT, _shot("snare", voicing="poly"), _shot("snare", voicing="poly"), _HAT),
            (_HAT, _shot("kick", voicing="poly"), _shot("kick", voicing="poly"), _HAT),
        ),
        "Kicks and snares under both index fingers, hats beside them; rolls overlap.",
    ),
)  # fmt: skip


def offered(user: User) -> list[Blueprint]:
    """Return the templates that a person can begin with: one's own first."""
    mine = KitTemplate.objects.filter(owner=user)
    return [*map(_read, mine), *BUILT_IN]


def find(user: User, key: str) -> Blueprint | None:
    """Return the template of this key, if the person has it."""
    return next((each for each in offered(user) if each.key == key), None)


def of_kit(kit: Kit, name: str = "") -> Blueprint:
    """Return what a kit is without its sounds: for each filled pad its class, kind, settings."""
    wants = {pad.address: _want(pad) for pad in kit.pads.drawn()}
    whole = {bank.letter: bank.fields() for bank in kit.banks.all()}
    whole[WHOLE] = {"tempo": kit.tempo, "has_one_tempo": kit.has_one_tempo}
    return Blueprint("", name, wants, whole=whole)


def save(user: User, name: str, kit: Kit) -> KitTemplate:
    """Keep a kit's settings under a name; a template of that name gets them instead.

    TemplateError without a name, with too long a one, for an empty kit or with too many.
    """
    name = " ".join(name.replace("\0", "").split())
    if not name or len(name) > LONGEST:
        raise TemplateError(f"A template needs a name of at most {LONGEST} characters.")
    found = of_kit(kit, name)
    if not found.wants:
        raise TemplateError("This kit is empty: put sounds on pads and set them up first.")
    fields = {
        "wants": {str(at): want.plain() for at, want in found.wants.items()},
        "whole": dict(found.whole),
    }
    mine = KitTemplate.objects.filter(owner=user)
    known = mine.filter(name__iexact=name)
    if not known.exists() and mine.count() >= MOST:
        raise TemplateError(f"There are {MOST} templates already. Delete one first.")
    if not known.update(**fields):
        try:
            with transaction.atomic():
                return KitTemplate.objects.create(owner=user, name=name, **fields)
        except IntegrityError:  # another request kept one of this name meanwhile
            known.update(**fields)
    return known.get()


@transaction.atomic
def begin(kit: Kit, blueprint: Blueprint | None) -> None:
    """Save a new kit, with what a template says of its pads, banks and tempo."""
    if blueprint is None:
        kit.save()
        return
    kit.wants = {str(at): want.plain() for at, want in blueprint.wants.items()}
    for name, value in blueprint.whole.get(WHOLE, {}).items():
        setattr(kit, name, value)
    kit.save()
    letters = [name for name in blueprint.whole if name != WHOLE]
    KitBank.objects.bulk_create(
        KitBank(kit=kit, letter=letter, **blueprint.whole[letter]) for letter in letters
    )


def wants_of(kit: Kit) -> Wants:
    """Return what the pads of a kit are for, where a template has said it."""
    return {PadAddress.parse(at): Want.of(plain) for at, plain in kit.wants.items()}


def classes_of(kit: Kit) -> dict[PadAddress, str]:
    """Return the class that each pad is for: by the kit's template, else by its owner's table.

    A template that knows a bank knows all of it: pads it leaves out take anything.
    """
    table = Preferences.of(kit.owner).class_pads
    wants = wants_of(kit)
    told = {at.bank for at in wants}
    return {
        at: wants.get(at, Want()).sound_class if at.bank in told else table[at.number - 1]
        for at in ALL
    }


def usual_classes() -> dict[PadAddress, str]:
    """Return the class that each pad is for by the usual table."""
    return {at: class_pads.USUAL[at.number - 1] for at in ALL}


def dressed(pad: Pad, want: Want | None) -> Pad:
    """Give a new pad the settings that wait for it; returns the same pad."""
    for name, value in (want.settings if want else {}).items():
        if name in KEPT:
            setattr(pad, name, value)
    return pad


def _want(pad: Pad) -> Want:
    """Return what a pad is without its sound: how it plays, and what else is not as usual."""
    usual = Pad()
    settings = {
        name: value
        for name in KEPT
        if (value := getattr(pad, name)) != getattr(usual, name) or name == "play"
    }
    sample = pad.sample
    if sample is None:
        return Want(settings=settings)
    kind = {True: LOOP, False: ONE_SHOT, None: ""}[sample.is_loop]
    return Want(sample.sample_class, kind, settings)


def _read(template: KitTemplate) -> Blueprint:
    wants = {PadAddress.parse(at): Want.of(plain) for at, plain in template.wants.items()}
    count = len(wants)
    note = f"Your own: {count} pad{'s' * (count != 1)}."
    return Blueprint(f"{OWN_KEY}{template.pk}", template.name, wants, note, template.whole)
