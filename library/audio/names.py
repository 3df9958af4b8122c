"""What the names of a file and its folders say about a sound: evidence, never truth.

Whole words only. A word of the name counts more than one of a folder, a drum more than an
instrument, an instrument more than an effect; between equals the later word is the noun.
Measured on 739 real names with a known class (tests/audio/test_names.py): 635 right, 33 wrong,
71 say nothing; stated tempos 57 of 57, keys 110 of 110, loop or not 73 of 73.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from library import keys
from library.audio.classes import DRUMS, SHOWN

NAME, FOLDER = 10, 1  # a folder never outweighs the name

# class -> weight -> words; single words of one sound, as people and machines name them
WORDS: dict[str, dict[int, str]] = {
    "kick": {6: "kick kicks bd bassdrum kickdrum kik kck kd"},
    "snare": {6: "snare snares snr sd sn snaredrum rimsnare"},
    "clap": {6: "clap claps clp cp handclap snap snaps fingersnap"},
    "hat": {
        6: "hat hats hh hihat hihats hhat hhats hhclosed hhopen hhpedal hhc hho chh ohh phh "
        "hatclsd hatopen closedhat openhat",
        2: "ch oh",
    },
    "cymbal": {6: "cymbal cymbals crash ride splash china", 2: "cy rd cc cym"},
    "tom": {6: "tom toms lotom midtom hitom lowtom hightom floortom", 5: "lt mt ht"},
    "rim": {6: "rim rims rimshot sidestick", 5: "stick rs"},
    "perc": {
        6: "conga congas bongo bongos shaker shakers cowbell clave claves tambourine tamb timbale "
        "timbales triangle woodblock guiro maraca maracas cabasa agogo tabla djembe dununba quinto "
        "tumba udu cajon castanet castanets vibraslap",
        5: "perc percs percussion wood block tumb tin pipe bell cb t",
    },
    "bass": {4: "bass bassline basses sub subbass reese", 2: "808"},
    "vocal": {
        4: "vocal vocals vox voc voice voices acapella acappella choir chant adlib rap sung singer "
        "spoken speech"
    },
    "melodic": {
        3: "keys key chord chords rhodes piano organ guitar guitars synth strings string violin "
        "cello viola brass trumpet sax flute harp marimba vibes vibraphone wurli wurlitzer clav "
        "clavinet epiano mellotron accordion melody melodic lead arp pluck stab stabs saw banjo "
        "mandolin sitar kalimba harmonica horn horns clarinet oboe trombone bells celesta "
        "glockenspiel harpsichord",
        2: "pad pads",
    },
    "fx": {
        3: "riser risers sweep sweeps impact impacts whoosh swoosh uplifter downlifter laser zap "
        "siren glitch foley",
        2: "fx sfx effect effects noise vinyl crackle scratch atmos ambience ambient ambi texture "
        "rise drop hit boom explosion warp transition reverse drone rain wind",
    },
}
PAIRS = {
    ("bass", "drum"): "kick",
    ("drum", "bass"): "kick",
    ("kick", "drum"): "kick",
    ("snare", "drum"): "snare",
    ("hi", "hat"): "hat",
    ("hand", "clap"): "clap",
    ("finger", "snap"): "clap",
    ("side", "stick"): "rim",
    ("wood", "block"): "perc",
    ("bass", "guitar"): "bass",
    ("synth", "bass"): "bass",
    ("tape", "stop"): "fx",
}
PAIR_WEIGHT = 7
ENDINGS = ("snare", "kick", "hihat", "hihats", "clap")  # jsnare, pedalhihat, ...
LOOP_WORDS = {"loop", "break", "breakbeat", "beat", "groove", "drumloop", "drumbreak", "fill"}
LOOP_SHELVES = {"loops", "breaks", "breakbeats", "beats", "grooves", "fills"}  # folders only
SINGLE_WORDS = {"oneshot", "oneshots"}
SINGLE_PAIRS = {("one", "shot"), ("one", "shots"), ("single", "hit"), ("single", "hits")}
WHOLE_KIT = {"drum", "drums", "breaks", "beats"}
DRUM_LOOPS = WHOLE_KIT | {"break", "breakbeat", "beat", "drumloop", "drumbreak"}
KIT_WEIGHT, KEYED_WEIGHT = 6, 3

MEANS = {
    word: (heard_class, weight)
    for heard_class, weights in WORDS.items()
    for weight, words in weights.items()
    for word in words.split()
}

_SPLIT = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+|\d+")
_STATED_BPM = re.compile(
    r"(?<![\d.])(?P<before>\d{2,3}(?:\.\d{1,3})?)[ _-]*bpm"
    r"|bpm[ _-]*(?P<after>\d{2,3}(?:\.\d{1,3})?)(?!\d)",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(
    r"(?P<before>[A-Za-z]*)[ .-]*(?<![A-Za-z0-9.#])(?P<number>[1-9]\d{1,2}(?:\.\d{1,3})?)"
    r"(?![A-Za-z0-9.])(?! *(?:bit|khz|hz|bars?|beats?|ms|sec)\b)",
    re.IGNORECASE,
)
_COUNTED = {
    "take", "tk", "vol", "volume", "no", "nr", "number", "version", "ver", "v", "part", "pt",
    "track", "trk", "bar", "bars", "bank", "pad", "preset", "kit", "sample", "hit", "shot", "slice",
}  # fmt: skip
_STATED_KEY = re.compile(
    r"(?<![A-Za-z0-9])(?P<note>[A-Ga-g])(?P<sign>[#b♯♭]|sharp|flat|s(?=maj|min))?"
    r"[ _-]?(?:(?i:harmonic|natural|melodic)[ _-])?(?P<mode>(?i:major|minor|maj|min))(?![a-z])",
)
_SHORT_KEY = re.compile(
    r"(?<![A-Za-z0-9#])(?:(?P<minor>[A-G][#b♯♭]?m)|(?P<signed>[A-G][#b♯♭]))(?![A-Za-z0-9#])"
    r"(?! *(?i:half|dim|aug|sus|dorian|phrygian|lydian|mixolydian|locrian))"
)
_CAMELOT = re.compile(r"(?<![A-Za-z0-9])(1[0-2]|[1-9])[AB](?![A-Za-z0-9])")
_SIGNS = {"sharp": "#", "s": "#", "flat": "b"}

SLOWEST_STATED, FASTEST_STATED = 20, 400
SLOWEST_BARE, FASTEST_BARE = 60, 200


@dataclass(frozen=True)
class Hints:
    """Guesses from names; '' and None where they say nothing.

    sample_class: as the interface shows it (`classes.SHOWN`). bpm: beats per minute. key: as `keys`
    writes it. heard_class: as it would be heard, which may be finer. states_bpm: it says "BPM", it
    is not just a number. number: one that is the tempo if this is a loop, and nothing if not.
    class_weight: how much the word counts that names the class (`WORDS`, times NAME or FOLDER); 0
    where it is only supposed, as of every loop that it is one of drums.
    """

    sample_class: str = ""
    is_loop: bool | None = None
    bpm: float | None = None
    key: str = ""
    heard_class: str = ""
    states_bpm: bool = False
    number: float | None = None
    class_weight: int = 0


def tokens(text: str) -> list[str]:
    """Split a name into lower-case words: at signs, digits and `CamelCase`, without accents."""
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)
    )
    return [word.lower() for word in _SPLIT.findall(plain)]


def guess(name: str, folder: str = "") -> Hints:
    """Guess from a file name (with or without extension) and the folder path above it."""
    stem = name.rsplit(".", 1)[0] if re.search(r"\.[A-Za-z0-9]{2,4}\Z", name) else name
    words, shelf = tokens(stem), tokens(folder)
    stated = _stated_bpm(stem)
    number = _bare_bpm(stem) or _stated_bpm(folder)
    key = _stated_key(stem)
    found = _class(words, shelf)
    is_loop = _is_loop(words, shelf, found, stated)
    musical = is_loop or found.heard_class in {"bass", "melodic", "vocal"}
    bpm = stated or (number if is_loop or key else None)
    key = key or (_camelot(stem) if musical or bpm else "")
    heard_class, weight = found.heard_class, found.weight
    if is_loop and (heard_class in DRUMS or _is_whole_kit(words, shelf, heard_class)):
        heard_class = "drums"
        weight = max(weight, _kit_weight(words, shelf))
    if not heard_class and key:
        heard_class = "melodic"  # who names a key means a sound that has a pitch
        weight = KEYED_WEIGHT * NAME
    return Hints(
        sample_class=SHOWN.get(heard_class, ""),
        is_loop=True if bpm is not None and bool(key) else is_loop,
        bpm=bpm,
        key=key,
        heard_class=heard_class,
        states_bpm=stated is not None,
        number=number,
        class_weight=weight,
    )


def class_of(text: str) -> str:
    """Return the class, as it is heard, that a text names: `Kick Drum`; '' when none."""
    return _class(tokens(text), []).heard_class


def bpm_in(text: str) -> float | None:
    """Return a tempo that a text states as one, `92 BPM`, 20 to 400."""
    return _stated_bpm(text)


@dataclass(frozen=True)
class _Found:
    heard_class: str
    weight: int

    @property
    def by_name(self) -> bool:
        return self.weight >= NAME


def _class(words: list[str], shelf: list[str]) -> _Found:
    """Choose the heaviest word, the later one between equals."""
    best = (0, "")
    for factor, source in ((FOLDER, shelf), (NAME, words)):
        for heard_class, weight in _evidence(source):
            if weight * factor >= best[0]:
                best = (weight * factor, heard_class)
    return _Found(best[1], best[0])


def _evidence(words: list[str]) -> Iterator[tuple[str, int]]:
    for first, second in pairwise([*words, ""]):
        if (first, second) in PAIRS:
            yield PAIRS[first, second], PAIR_WEIGHT
        elif first in MEANS:
            yield MEANS[first]
        elif first.endswith(ENDINGS):
            yield next(MEANS[ending] for ending in ENDINGS if first.endswith(ending))


def _is_loop(
    words: list[str], shelf: list[str], found: _Found, stated: float | None
) -> bool | None:
    """Tell what the words say; a tempo is only stated of a loop."""
    if stated is not None or not LOOP_WORDS.isdisjoint(words):
        return True
    if not LOOP_SHELVES.isdisjoint(shelf) and not found.by_name:
        return True
    is_single = any(
        not SINGLE_WORDS.isdisjoint(some) or not SINGLE_PAIRS.isdisjoint(pairwise(some))
        for some in (words, shelf)
    )
    return False if is_single else None


def _is_whole_kit(words: list[str], shelf: list[str], heard_class: str) -> bool:
    return not heard_class or not WHOLE_KIT.isdisjoint(words if heard_class else [*words, *shelf])


def _kit_weight(words: list[str], shelf: list[str]) -> int:
    return KIT_WEIGHT * (
        NAME * (not DRUM_LOOPS.isdisjoint(words)) or FOLDER * (not DRUM_LOOPS.isdisjoint(shelf))
    )


def _stated_bpm(text: str) -> float | None:
    for match in _STATED_BPM.finditer(text):
        bpm = float(match["before"] or match["after"])
        if SLOWEST_STATED <= bpm <= FASTEST_STATED:
            return bpm
    return None


def _bare_bpm(text: str) -> float | None:
    """Return the one number that can be a tempo and counts no takes; two say nothing."""
    numbers = [
        float(match["number"])
        for match in _BARE_NUMBER.finditer(text.replace("_", " "))
        if match["before"].lower() not in _COUNTED
    ]
    likely = [number for number in numbers if SLOWEST_BARE <= number <= FASTEST_BARE]
    return likely[0] if len(likely) == 1 else None


def _stated_key(text: str) -> str:
    text = text.replace("_", " ")
    if match := _STATED_KEY.search(text):
        sign = _SIGNS.get(match["sign"] or "", match["sign"] or "")
        return keys.parse(f"{match['note'].upper()}{sign} {match['mode'].lower()}") or ""
    if match := _SHORT_KEY.search(text):
        return keys.parse(match[0]) or ""
    return ""


def _camelot(text: str) -> str:
    match = _CAMELOT.search(text.replace("_", " "))
    return keys.parse(match[0]) or "" if match else ""
