"""Pairs of copies among many fingerprints: a coarse look at all, an exact one at the nearest."""

from collections.abc import Sequence

import numpy as np

from library.audio.hearing.fingerprint import ALIKE, LENGTHS, Read, alike, unpacked
from library.audio.hearing.strike import Values

LOW_EDGES = np.unique(np.rint(np.geomspace(6, 1024, 41)).astype(np.intp))
HIGH_EDGES = np.linspace(4, 460, 25).astype(np.intp)
"""Bins of the spectra of both waves where the bands of the coarse look begin and end."""

FADING_DB = (15.0, 30.0)
"""Below the other: down to here a band's spectrum counts in full, from there on not."""

OUTLINE_WEIGHT = 0.5

NEAREST = 5
"""Looked at exactly for each sound: the original of a copy was among them in 744 of 744 cases."""

COARSE = 0.65
"""Cosine below which nothing was ever a copy."""

ROWS = 1024
"""Sounds compared with all others of about their length at once."""


def pairs(prints: Sequence[bytes], at_least: float = ALIKE) -> list[tuple[int, int, float]]:
    """Return places (lower first) of two copies of one recording and how sure that is.

    Sorted by place. About 1.2 ms each for 8 000 of them; the looks take 352 bytes each. Raises
    ValueError for what is no fingerprint.
    """
    read = [unpacked(print_) for print_ in prints]
    order = np.argsort([one.length for one in read], kind="stable")
    lengths = np.array([read[at].length for at in order])
    looks = np.array([look(read[at]) for at in order], np.float32)
    found: dict[tuple[int, int], float] = {}
    for start in range(0, len(order), ROWS):
        end = min(start + ROWS, len(order))
        first = int(np.searchsorted(lengths, lengths[start] - LENGTHS[1]))
        last = int(np.searchsorted(lengths, lengths[end - 1] + LENGTHS[1], "right"))
        likeness = looks[start:end] @ looks[first:last].T
        likeness[np.arange(end - start), np.arange(start, end) - first] = -1
        for row, column in _near(likeness):
            a, b = sorted((int(order[start + row]), int(order[first + column])))
            if (a, b) not in found:
                found[a, b] = alike(prints[a], prints[b])
    return sorted((a, b, sure) for (a, b), sure in found.items() if sure >= at_least)


def _near(likeness: Values) -> list[tuple[int, int]]:
    """Return rows and columns of the highest few of each row that may be copies."""
    rows, columns = np.nonzero(likeness >= COARSE)
    best = np.lexsort((-likeness[rows, columns], rows))
    rows, columns = rows[best], columns[best]
    kept = np.arange(len(rows)) - np.searchsorted(rows, rows) < NEAREST
    return [(int(row), int(column)) for row, column in zip(rows[kept], columns[kept], strict=True)]


def look(one: Read) -> Values:
    """Return the coarse look at a fingerprint: 88 numbers of length 1, whatever its lag."""
    parts = [OUTLINE_WEIGHT * one.outline]
    for wave, edges, below in ((one.low, LOW_EDGES, 0), (one.high, HIGH_EDGES, 1)):
        power = np.square(np.abs(np.fft.rfft(wave)))
        level = 10 * np.log10(np.add.reduceat(power, edges[:-1]) / np.diff(edges) + 1)
        near, far = FADING_DB
        weight = np.clip((far - one.below[below] + min(one.below)) / (far - near), 0, 1)
        parts.append(weight * (level - level.mean()))
    numbers = np.concatenate(parts)
    unit: Values = (numbers / (np.linalg.norm(numbers) or 1)).astype(np.float32)
    return unit
