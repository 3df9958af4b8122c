"""Musical keys: how they are written, their place on the Camelot wheel and which of them fit."""

import re

MAJOR = ("B", "F#", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E")  # 1B … 12B
MINOR = (
    "G#m",
    "Ebm",
    "Bbm",
    "Fm",
    "Cm",
    "Gm",
    "Dm",
    "Am",
    "Em",
    "Bm",
    "F#m",
    "C#m",
)  # 1A … 12A

CAMELOT = {
    **{key: f"{number}B" for number, key in enumerate(MAJOR, 1)},
    **{key: f"{number}A" for number, key in enumerate(MINOR, 1)},
}
FROM_CAMELOT = {code: key for key, code in CAMELOT.items()}
CHOICES = [
    (key, f"{key.rstrip('m')} {'minor' if key.endswith('m') else 'major'}") for key in CAMELOT
]

_PITCH = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_BY_PITCH = {
    (
        (_PITCH[key[0]] + key.count("#") - key[1:].count("b")) % 12,
        key.endswith("m"),
    ): key
    for key in CAMELOT
}
_WRITTEN = re.compile(r"(?P<note>[A-Ga-g])(?P<sign>[#b♯♭]?)\s*(?P<mode>m|min|minor|maj|major|M)?\Z")


def parse(text: str) -> str | None:
    """Return the key meant by `Am`, `a minor`, `Gb`, `8A` …, or None."""
    text = text.strip()
    if text.upper() in FROM_CAMELOT:
        return FROM_CAMELOT[text.upper()]
    found = _WRITTEN.match(text)
    if found is None:
        return None
    shift = {"#": 1, "♯": 1, "b": -1, "♭": -1}.get(found["sign"], 0)
    minor = (found["mode"] or "") in {"m", "min", "minor"}
    return _BY_PITCH[(_PITCH[found["note"].upper()] + shift) % 12, minor]


def named(pitch_class: int, *, is_minor: bool) -> str:
    """Return the key on a tonic, 0..11 from C."""
    return _BY_PITCH[pitch_class, is_minor]


def tonic(key: str) -> int:
    """Return the pitch class on which a key is built, 0..11 from C."""
    return (_PITCH[key[0]] + key.count("#") - key[1:].count("b")) % 12


def fits(key: str) -> set[str]:
    """Return the keys that mix with this one: itself, its relative, one step up and down."""
    code = CAMELOT[key]
    number, ring = int(code[:-1]), code[-1]
    other = "A" if ring == "B" else "B"
    around = {f"{(number + step - 1) % 12 + 1}{ring}" for step in (-1, 0, 1)}
    return {FROM_CAMELOT[near] for near in around | {f"{number}{other}"}}


def related(key: str) -> set[str]:
    """Return the keys that this one is taken for most easily.

    Those that fit it, its parallel, the one whose triad shares its other third (C and E minor), and
    those a semitone away, which a sound out of tune is heard in.
    """
    root, is_minor = tonic(key), key.endswith("m")
    third = root + (8 if is_minor else 4)
    others = {
        named(root, is_minor=not is_minor),
        named(third % 12, is_minor=not is_minor),
        *(named((root + step) % 12, is_minor=is_minor) for step in (-1, 1)),
    }
    return (fits(key) | others) - {key}
