"""What the tables of kits share: names of banks, plain values, ranges as constraints."""

from typing import Any

from django.db import models
from django.db.models import Q

from kits.hardware.devices import SP404MKII
from kits.hardware.settings import Setting

BANKS = [(letter, letter) for letter in SP404MKII.banks]
Fields = dict[str, Any]


def within(setting: Setting, prefix: str, field: str = "") -> models.CheckConstraint:
    """Return the constraint that keeps a field in the range of a setting."""
    name = field or setting.name
    inside = Q(**{f"{name}__gte": setting.low, f"{name}__lte": setting.high})
    return models.CheckConstraint(condition=inside, name=f"{prefix}_{name}")
