"""Legal, unique file names for a card: plain ASCII, FAT32-safe, never empty."""

import re
import unicodedata

from anyascii import anyascii

from kits.hardware.devices import SP404MKII

LIMIT = 255  # FAT32, exFAT and ext4 agree on it; counted in bytes of UTF-8
SHORTEST_STEM = 12  # room for a reserved name and its suffix
EMPTY = "sample"
SUFFIX = "_file"  # what makes a reserved name usable

# Microsoft, "Naming Files, Paths, and Namespaces": devices, with or without extension.
RESERVED = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789¹²³"}
)
FORBIDDEN = re.compile(r'[\\/:*?"<>|]')  # never in a name on FAT32 or Windows

# Punctuation that stands between words becomes a separator ("drum&bass", "128.5", "1/4");
# all other punctuation and every symbol vanishes ("don't", "what?", "№ #1").
DIVIDERS = frozenset("./\\,;:|&+=~_\u2044\u2215\u00b7\u30fb")
DIVIDING = frozenset({"Zs", "Zl", "Zp", "Pc", "Pd", "Ps", "Pe"})  # Unicode categories

AUDIO = ("wav", "wave", "aiff", "aif", "aifc", "mp3", "flac", "m4a", "ogg", "opus")


def device_limit(extension: str) -> int:
    """Return the length of a file name whose stem the machine shows in full.

    The machine keeps 23 characters and drops the extension (docs/hardware.md).
    """
    return SP404MKII.name_length + 1 + len(_extension(extension))


def sanitize_filename(
    name: str,
    extension: str,
    *,
    lower: bool = True,
    sanitize: bool = True,
    limit: int = LIMIT,
) -> str:
    """Return `name` as "stem.extension" that every card and computer accepts.

    `name` is a title or a file name; an audio extension at its end is dropped. `limit`
    counts stem and extension (bytes of UTF-8, which are characters in ASCII); ValueError
    when it leaves the stem fewer than 12. With `sanitize` off the name keeps its letters
    and marks, and only what no card can hold is replaced.
    """
    suffix = "." + _extension(extension)
    room = limit - len(suffix)
    if room < SHORTEST_STEM:
        raise ValueError(f"A limit of {limit} leaves no room for a name.")
    stem = _without_extension(name, suffix)
    stem = _plain(stem) if sanitize else _as_written(stem)
    if lower:
        stem = unicodedata.normalize("NFC", stem.lower())
    return _fitting(stem, room) + suffix


def sanitize_folder(part: str) -> str:
    """Return one folder name in lower-case plain ASCII ("Hip-Hop" -> "hip-hop")."""
    return _fitting(_plain(part).lower(), LIMIT)


class UniquePaths:
    """Gives every path a name of its own, as FAT32 compares them: without case.

    The first to ask keeps its name, the next gets "name_2.wav", and so on; a later file
    that is really called "name_2.wav" then becomes "name_2_2.wav". The same paths in the
    same order always give the same names.
    """

    def __init__(self, *, limit: int = LIMIT) -> None:
        """Names, the last part of a path, stay within `limit` bytes of UTF-8."""
        self._limit = limit
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}

    def add(self, path: str) -> str:
        """Return `path`, or the nearest free one, and take it."""
        free, number = path, self._counts.get(folded(path), 1)
        while folded(free) in self._taken:
            number += 1
            free = self._numbered(path, number)
        self._counts[folded(path)] = number
        self._taken.add(folded(free))
        return free

    def _numbered(self, path: str, number: int) -> str:
        folder, slash, name = path.rpartition("/")
        stem, dot, extension = name.rpartition(".")
        if not dot:
            stem, extension = name, ""
        ending = f"_{number}{dot}{extension}"
        return f"{folder}{slash}{_cut(stem, self._limit - len(ending))}{ending}"


def folded(path: str) -> str:
    """Return what two paths share when a card cannot tell them apart."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", path).casefold())


def _extension(extension: str) -> str:
    return extension.lower().lstrip(".")


def _without_extension(name: str, suffix: str) -> str:
    """Drop one audio extension, or the one that is about to be added."""
    stem, dot, ending = name.strip().rpartition(".")
    known = ending.lower() in AUDIO or f".{ending.lower()}" == suffix
    return stem if dot and known else name


def _plain(text: str) -> str:
    """Return letters, digits, "_" and "-" only; may be empty."""
    letters = "".join(map(_ascii, unicodedata.normalize("NFKD", text)))
    words = re.sub(r"[^A-Za-z0-9_-]", "", letters)
    runs = re.sub(r"[_-]{2,}", lambda run: "_" if "_" in run[0] else "-", words)
    return runs.strip("_-")


def _ascii(char: str) -> str:
    """Return the ASCII that stands for one decomposed character, perhaps none."""
    category = unicodedata.category(char)
    if category == "Pd":
        return "-"
    if category in DIVIDING or char in DIVIDERS or char.isspace():
        return "_"
    return anyascii(char) if category[0] in "LMN" else ""


def _as_written(text: str) -> str:
    """Keep a name's own letters; replace only what would break a card or a path."""
    text = FORBIDDEN.sub("_", unicodedata.normalize("NFC", text))
    kept = (c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    words = "".join(" " if c.isspace() else c for c in kept)
    return unicodedata.normalize("NFC", words).strip(" .")


def _fitting(stem: str, room: int) -> str:
    """Return the stem, not empty, not reserved, in at most `room` bytes of UTF-8."""
    stem = _cut(stem, room) or EMPTY
    head, dot, rest = stem.partition(".")
    if head.rstrip().upper() in RESERVED:  # "con.kick" opens the console as well
        stem = _cut(f"{head.rstrip()}{SUFFIX}{dot}{rest}", room)
    return stem


def _cut(stem: str, room: int) -> str:
    """Return what fits, without half a character and without a separator at the end."""
    if len(stem.encode()) <= room:
        return stem
    return stem.encode()[:room].decode(errors="ignore").rstrip("_-. ")
