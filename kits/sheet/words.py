"""What a pad sheet says of a pad and of the groups that pads form, in words."""

from collections.abc import Iterable, Mapping

from kits.hardware.pads import PadAddress
from kits.hardware.settings import BUSES, BY_NAME, ROLLS
from kits.models import Direction, Pad, Play, Voicing
from library.audio.baked import MONO_LEFT, MONO_RIGHT

MINUS = "\N{MINUS SIGN}"


def facts(pad: Pad) -> list[str]:
    """Return how a pad plays, the most important first: the play mode, then what is not as usual.

    `["Gate", "mute group A", "−2 st"]`.
    """
    pitch = pad.pitch + pad.fine / 100
    found = [
        Play(pad.play).label,
        f"mute group {pad.mute_group}" if pad.mute_group else "",
        Direction(pad.direction).label.lower() if pad.direction else "",
        f"{pitch:+g} st".replace("-", MINUS) if pitch else "",
        _pan(pad.pan),
        f"synced, {pad.bpm:g} BPM" if pad.sync and pad.bpm else "synced" if pad.sync else "",
        f"link {pad.link}" if pad.link else "",
        BUSES[pad.bus] if _is_set(pad, "bus") else "",
        f"roll {ROLLS[pad.roll]}" if _is_set(pad, "roll") else "",
        Voicing(pad.voicing).label.lower() if pad.voicing != Voicing.MONO else "",
        "fixed velocity" if pad.fixed_velocity else "",
        "muted" if pad.muted else "",
    ]
    found += [
        f"{setting.label.lower()} {getattr(pad, name):g}{' %' if setting.unit == '%' else ''}"
        for name in ("level", "speed", "attack", "hold", "release")
        if _is_set(pad, name) and (setting := BY_NAME[name])
    ]
    return list(filter(None, found))


def _is_set(pad: Pad, name: str) -> bool:
    return bool(getattr(pad, name) != BY_NAME[name].default)


def _pan(pan: int) -> str:
    if pan in {MONO_LEFT, MONO_RIGHT}:
        return f"{'left' if pan == MONO_LEFT else 'right'} channel"
    return f"pan {'L' if pan < 0 else 'R'}{abs(pan)}" if pan else ""


def groups(pads: Mapping[PadAddress, Pad], bank: str) -> list[str]:
    """Explain the mute groups and links of a bank, with their pads in other banks.

    `["Mute group A: pads 5 and 6 cut each other off"]`.
    """
    told = []
    for letter in sorted({pad.mute_group for pad in pads.values()} - {""}):
        members = sorted(at for at, pad in pads.items() if pad.mute_group == letter)
        words = "cut each other off" if len(members) > 1 else "is alone in it"
        told += _said(f"Mute group {letter}", members, bank, words)
    for number in sorted({pad.link for pad in pads.values()} - {0}):
        members = sorted(at for at, pad in pads.items() if pad.link == number)
        words = "sound together" if len(members) > 1 else "is alone in it"
        told += _said(f"Link {number}", members, bank, words)
    return told


def _said(name: str, members: Iterable[PadAddress], bank: str, words: str) -> list[str]:
    """Return the sentence of a group that reaches into this bank; other banks' pads in full."""
    places = list(members)
    if all(at.bank != bank for at in places):
        return []
    own = [str(at.number) for at in places if at.bank == bank]
    others = [str(at) for at in places if at.bank != bank]
    *first, last = own + others
    listed = f"pads {', '.join(first)} and {last}" if first else f"pad {last}"
    return [f"{name}: {listed} {words}"]
