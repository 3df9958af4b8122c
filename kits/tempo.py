"""Tempo and volume of a bank, and the tempo of the whole kit, as one step."""

from collections.abc import Mapping
from typing import Any

from kits.adjust import UnchangedError
from kits.models import Kit, KitEdit

BANK = ("volume", "tempo")
WHOLE_FIELDS = {"tempo": "kit_tempo", "has_one_tempo": "has_one_tempo"}  # field -> what is sent


def set_bank(
    kit: Kit, letter: str, values: Mapping[str, Any], *, seen: int | None = None
) -> KitEdit:
    """Give a bank its `volume` and `tempo`, the kit its `kit_tempo` and `has_one_tempo`.

    Only those that are named change; UnchangedError when all are so already.
    """
    bank = kit.bank(letter)
    mine = {
        name: values[name]
        for name in BANK
        if values.get(name, getattr(bank, name)) != getattr(bank, name)
    }
    whole = {"tempo": values.get("kit_tempo", kit.tempo)}
    whole["has_one_tempo"] = values.get("has_one_tempo", kit.has_one_tempo)
    now_ = {"tempo": kit.tempo, "has_one_tempo": kit.has_one_tempo}
    if not mine and whole == now_:
        raise UnchangedError("It is so already.")
    for name, value in mine.items():
        setattr(bank, name, value)
    changed = {name: value for name, value in whole.items() if value != now_[name]}
    label = _label(letter, mine, changed)
    return kit.change(
        label, {}, seen=seen, banks=[bank] if mine else [], whole=whole if changed else None
    )


def _label(letter: str, mine: Mapping[str, Any], whole: Mapping[str, Any]) -> str:
    """Name the step for undo: `set tempo of bank A to 92.5`."""
    parts = [f"set {name} of bank {letter} to {value:g}" for name, value in mine.items()]
    if "tempo" in whole:
        parts.append(f"set tempo of the kit to {whole['tempo']:g}")
    if "has_one_tempo" in whole:
        parts.append(
            "gave the kit one tempo" if whole["has_one_tempo"] else "gave each bank its tempo"
        )
    return ", ".join(parts)
