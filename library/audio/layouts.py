"""Where the channels of a WAV or AIFF stand, as the file itself says.

libsndfile gives the channels in the file's order and keeps to itself what stands where.
"""

from pathlib import Path

from library.audio.iff import chunks

Places = tuple[str, ...]

EXTENSIBLE = 0xFFFE
MASK_PLACES = (
    *("FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC", "BC", "SL", "SR", "TC"),
    *("TFL", "TFC", "TFR", "TBL", "TBC", "TBR"),
)
"""The bits of dwChannelMask from the lowest (Microsoft, WAVEFORMATEXTENSIBLE); Core Audio's too."""

BY_BITS = 1 << 16
LAYOUTS = {
    108: ("FL", "FR", "BL", "BR"),
    109: ("FL", "FR", "BL", "BR", "FC"),
    110: ("FL", "FR", "BL", "BR", "FC", "BC"),
    113: ("FL", "FR", "FC"),
    114: ("FC", "FL", "FR"),
    115: ("FL", "FR", "FC", "BC"),
    116: ("FC", "FL", "FR", "BC"),
    117: ("FL", "FR", "FC", "BL", "BR"),
    118: ("FL", "FR", "BL", "BR", "FC"),
    119: ("FL", "FC", "FR", "BL", "BR"),
    120: ("FC", "FL", "FR", "BL", "BR"),
    121: ("FL", "FR", "FC", "LFE", "BL", "BR"),
    122: ("FL", "FR", "BL", "BR", "FC", "LFE"),
    123: ("FL", "FC", "FR", "BL", "BR", "LFE"),
    124: ("FC", "FL", "FR", "BL", "BR", "LFE"),
    125: ("FL", "FR", "FC", "LFE", "BL", "BR", "BC"),
    126: ("FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC"),
    127: ("FC", "FLC", "FRC", "FL", "FR", "BL", "BR", "LFE"),
    128: ("FL", "FR", "FC", "LFE", "SL", "SR", "BL", "BR"),
}
"""Core Audio's layout tags (CoreAudioTypes), without the number of channels in their lower half:
quadraphonic, pentagonal, hexagonal, and what it calls MPEG 3.0 to 7.1, each in all its orders."""


def stated_places(path: Path, channels: int) -> Places | None:
    """Return the places by the file's own word; None where it says nothing, or not for so many."""
    with path.open("rb") as file:
        _, kind, order, found = chunks(file)
    if kind == b"WAVE" and b"fmt " in found:
        body = found[b"fmt "].body
        is_stated = int.from_bytes(body[:2], order) == EXTENSIBLE
        return by_mask(int.from_bytes(body[20:24], order), channels) if is_stated else None
    if b"CHAN" in found:
        body = found[b"CHAN"].body
        return _by_tag(int.from_bytes(body[:4]), int.from_bytes(body[4:8]), channels)
    return None


def by_mask(mask: int, channels: int) -> Places | None:
    """Name the places of a mask's lowest bits; None where it has too few."""
    named = [place for bit, place in enumerate(MASK_PLACES) if mask >> bit & 1]
    return tuple(named[:channels]) if len(named) >= channels else None


def _by_tag(tag: int, mask: int, channels: int) -> Places | None:
    if tag == BY_BITS:
        return by_mask(mask, channels)
    places = LAYOUTS.get(tag >> 16, ())
    return places if len(places) == channels else None
