"""Change a few bytes anywhere in a file, the same way each time for the same dice."""

import random

TELLING = [b"\0\0\0\0", b"\xff" * 4, b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x80\0\0\0"]
"""Sizes at the bounds of what 32 bits hold, in both byte orders."""

HEADS = (64, 256, 800)
"""How far headers reach: most changes are to these."""


def mutated(data: bytes, dice: random.Random) -> bytes:
    """Return a file with up to 32 changes."""
    changed = bytearray(data)
    for _ in range(dice.choice([1, 1, 2, 4, 8, 32])):
        reach = min(len(changed), dice.choice([*HEADS, len(changed)]))
        at = dice.randrange(max(1, reach))
        if dice.random() < 0.25:
            at = len(changed) - 1 - at
        _change(changed, max(0, at), dice)
    return bytes(changed)


def _change(data: bytearray, at: int, dice: random.Random) -> None:
    act, size = dice.randrange(5), dice.choice([1, 2, 4, 60])
    if act == 0:
        data[at : at + 1] = bytes([dice.randrange(256)])
    elif act == 1:
        data[at : at + 4] = dice.choice(TELLING)
    elif act == 2:
        del data[at : at + size]
    elif act == 3:
        data[at:at] = dice.randbytes(size)
    else:  # copied from elsewhere
        start = dice.randrange(max(1, len(data)))
        data[at : at + size] = data[start : start + size]
