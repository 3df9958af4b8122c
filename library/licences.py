"""What lies beside the sounds of a pack: papers, the licence they name, who made it and where.

Nothing here decides what is allowed; it finds the words under which a licence is known, so that
they travel with the sounds. A text that names none of the known licences is kept as it is.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

LARGEST = 65_536  # bytes of a paper that are read
LONGEST = 200  # characters of what a row holds
TERMS = ("license", "licence", "copying", "copyright", "terms", "eula", "legal")
ABOUT = ("readme", "read me", "read_me", "about", "credits", "attribution", "notice", "info")
ENDINGS = frozenset({"", ".txt", ".md", ".rst", ".nfo", ".text"})
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


@dataclass(frozen=True)
class Facts:
    """What a paper says; an empty text where it says nothing."""

    licence: str = ""
    author: str = ""
    source: str = ""


def is_paper(path: str) -> bool:
    """Tell whether a path's name is that of a licence or read-me: `Docs/LICENSE.txt`."""
    return bool(_rank(path))


def is_terms(path: str) -> bool:
    """Tell whether a paper's name says that it holds the terms themselves."""
    return _rank(path) == len(TERMS + ABOUT)


def _rank(path: str) -> int:
    """Return how much a paper's name promises: terms most, a read-me less, anything else 0."""
    name = PurePosixPath(path.replace("\\", "/")).name.casefold()
    stem, dot, ending = name.rpartition(".")
    if dot and f".{ending}" not in ENDINGS:
        return 0
    words = re.sub(r"[\W_]+", " ", stem if dot else name).strip()
    if any(re.search(rf"\b{word}s?\b", words) for word in TERMS):
        return len(TERMS + ABOUT)
    return int(words.startswith(tuple(word.replace("_", " ") for word in ABOUT)))


def decode(data: bytes) -> str:
    """Return a paper's text: UTF-8 or UTF-16 where it is that, else as Windows writes.

    Line ends become one kind; control, format and private signs vanish; at most LARGEST bytes
    are read.
    """
    data = data[:LARGEST]
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    kept = (sign for sign in text if sign in "\n\t" or unicodedata.category(sign)[0] != "C")
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode()
    except UnicodeDecodeError as fault:
        if fault.start >= LARGEST - 4:  # cut in the middle of a sign
            return data[: fault.start].decode()
        return data.decode("cp1252", "replace")


def _cc(kind: str) -> str:
    return rf"creative\s*commons\s+attribution{kind}"


_GAP = r"[\s,\u2010-\u2015-]*"
_NC, _SA, _ND = "non" + _GAP + "commercial", "share" + _GAP + "alike", "no" + _GAP + "deriv\\w*"
# The parts of a Creative Commons licence, longest first, as addresses, names and short forms have
# them; what follows each is the version.
_PARTS = {
    "BY-NC-SA": (_NC, _SA),
    "BY-NC-ND": (_NC, _ND),
    "BY-NC": (_NC,),
    "BY-SA": (_SA,),
    "BY-ND": (_ND,),
    "BY": (),
}
_VERSION = r"(?:\s*\(?\s*(?:version|v)?\.?\s*(?P<v>[1-4]\.0|2\.5))?"
_OTHERS = (
    (r"creativecommons\.org/publicdomain/zero|\bcc\W?0\b|\bcc\W?zero\b", "CC0 1.0"),
    (r"creative\s*commons\s+(?:zero|0)\b", "CC0 1.0"),
    (r"creativecommons\.org/publicdomain/mark|public\s+domain\s+mark", "Public domain"),
    (r"creativecommons\.org/licenses/sampling\+|\bsampling\s*(?:plus|\+)", "Sampling Plus 1.0"),
    (r"\bapache\s+license,?\s+version\s+2\.0|\bapache-2\.0\b", "Apache 2.0"),
    (r"\bMIT\s+licen[sc]e\b", "MIT"),
    (r"do\s+what\s+the\s+f\w+\s+you\s+want\s+to\s+public\s+licen[sc]e|\bwtfpl\b", "WTFPL"),
    (r"\b(?:in|into|to)\s+the\s+public\s+domain\b|^public\s+domain\.?$", "Public domain"),
    (r"\broyalty\W?free\b", "Royalty-free"),
    (r"\ball\s+rights\s+reserved\b", "All rights reserved"),
)
WEAK = frozenset({"Royalty-free", "All rights reserved", "Public domain"})  # words, no licence


def _patterns() -> list[tuple[re.Pattern[str], str]]:
    found: list[tuple[str, str]] = []
    for name, parts in _PARTS.items():
        code = name.lower()
        spaced = "".join(_GAP + part for part in parts)
        found += [
            (rf"creativecommons\.org/licenses/{code}/(?P<v>[\d.]+\d)", name),
            (_cc(spaced) + rf"(?:\s+licen[sc]e)?{_VERSION}", name),
            (rf"\bcc[\s_-]*{code.replace('-', '[ _-]')}\b[\s_-]*{_VERSION}", name),
        ]
    names = [(pattern, f"CC {name}") for pattern, name in found] + list(_OTHERS)
    return [(re.compile(pattern, re.IGNORECASE), name) for pattern, name in names]


_PATTERNS = _patterns()
ADDRESSES = {"CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/"} | {
    f"CC {name} {version}": f"https://creativecommons.org/licenses/{name.lower()}/{version}/"
    for name in _PARTS
    for version in ("1.0", "2.0", "2.5", "3.0", "4.0")
}

COMMON = (  # offered where somebody writes one
    "CC0 1.0", "CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "CC BY-NC-SA 4.0", "CC BY-ND 4.0",
    "CC BY-NC-ND 4.0", "Public domain", "Royalty-free", "All rights reserved",
)  # fmt: skip


def recognise(text: str) -> list[str]:
    """Return the known licences that a text names, in the order it does: `["CC BY 4.0"]`.

    A licence without a number and the same one with it are one. Words like "royalty-free" count
    only where no licence is named.
    """
    text = " ".join(text[:LARGEST].split())
    hits: list[tuple[int, int, str]] = []
    for pattern, name in _PATTERNS:
        for match in pattern.finditer(text):
            version = match.groupdict().get("v")
            hits.append((match.start(), -match.end(), f"{name} {version}" if version else name))
    names = _without_inner(hits)
    strong = [name for name in names if name not in WEAK]
    chosen = strong or names
    numbered = {name.rpartition(" ")[0] for name in chosen}
    return list(dict.fromkeys(name for name in chosen if name not in numbered))


def _without_inner(hits: list[tuple[int, int, str]]) -> list[str]:
    """Return the names in order, those left out that lie inside a longer match."""
    names, reached = [], -1
    for start, end, name in sorted(hits):
        if start >= reached:
            names.append(name)
            reached = -end
    return names


# Bounded all along: whoever wrote a paper chose what these have to read.
_START = r"^[^\w\n]{0,9}"
_GAPS = r"[ \t]{0,9}[:\-–]?[ \t]{1,9}"
_AUTHOR = re.compile(
    rf"{_START}(?:author|artist|creator|producer|(?:created|made|recorded|produced) by)s?"
    rf"{_GAPS}(?P<who>\S[^\n]{{0,150}})$",
    re.IGNORECASE | re.MULTILINE,
)
_COPYRIGHT = re.compile(
    rf"{_START}(?:copyright|\(c\)|©)(?:[ \t]{{0,9}}(?:\(c\)|©|\d{{4}}|[-–,]|by\b)){{0,9}}"
    r"[ \t]{1,9}(?P<who>[^\W\d][^\n]{1,150})$",
    re.IGNORECASE | re.MULTILINE,
)
_SOURCE = re.compile(
    rf"{_START}(?:source|website|web|url|homepage|downloaded from|available at|from){_GAPS}"
    r"(?P<where>https?://[^\s<>\"]{4,190})",
    re.IGNORECASE | re.MULTILINE,
)
_NO_AUTHOR = re.compile(
    r"notice|holder|licen[sc]e|owner|and/or|\b(?:act|law|laws|the)\b", re.IGNORECASE
)


def facts(path: str, text: str) -> Facts:
    """Return what a paper says of the sounds beside it.

    The terms themselves may name further licences behind their own one; a read-me that names
    several does not tell which of them holds.
    """
    names = recognise(f"{PurePosixPath(path).stem}\n{text}")
    decides = len(names) == 1 or (is_terms(path) and not WEAK.issuperset(names))
    sure = names[:1] if decides else []
    where = _SOURCE.search(text)
    return Facts(
        licence=sure[0] if sure else "",
        author=_author(text),
        source=where["where"].rstrip(".,;)") if where else "",
    )


def _author(text: str) -> str:
    for pattern in (_AUTHOR, _COPYRIGHT):
        for match in pattern.finditer(text):
            who = " ".join(match["who"].split()).removesuffix("All rights reserved.").strip(" .,-–")
            if who and not _NO_AUTHOR.search(who) and "://" not in who:
                return who[:LONGEST]
    return ""
