"""Note names as frequencies in equal temperament, A4 = 440 Hz."""

import re

PITCH_CLASSES = {
    "C": 0, "C#": 1, "Db": 1, "D": 2, "D#": 3, "Eb": 3, "E": 4, "F": 5, "F#": 6,
    "Gb": 6, "G": 7, "G#": 8, "Ab": 8, "A": 9, "A#": 10, "Bb": 10, "B": 11,
}  # fmt: skip

_NOTE = re.compile(r"([A-G][#b]?)(\d)")


def hz(note: str) -> float:
    """Return the frequency of a note such as ``A4``, ``F#2`` or ``Bb3``.

    Raises ValueError for anything else.
    """
    match = _NOTE.fullmatch(note)
    if match is None or match[1] not in PITCH_CLASSES:
        raise ValueError(f"{note!r} is not a note.")
    semitones_from_a4 = PITCH_CLASSES[match[1]] - 9 + 12 * (int(match[2]) - 4)
    return float(440 * 2 ** (semitones_from_a4 / 12))


def chord(notes: str) -> tuple[float, ...]:
    """Return the frequencies of notes written with spaces between them."""
    return tuple(hz(note) for note in notes.split())
