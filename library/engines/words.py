"""What somebody asks for in words: which sound, in which key and tempo, and what it is like."""

import hashlib
import re
from dataclasses import dataclass, replace
from itertools import pairwise

from library import keys
from library.audio import names

SOUNDS: dict[int, dict[str, str]] = {
    6: {
        "kick": "kick kicks kickdrum bassdrum bd kik",
        "snare": "snare snares snaredrum snr sd",
        "clap": "clap claps handclap clp",
        "snap": "snap snaps fingersnap",
        "hat": "hat hats hihat hihats hh hhat hhats hhc hhclosed closedhat chh",
        "open hat": "ohh hho hhopen openhat hatopen",
        "pedal hat": "hhpedal phh",
        "crash": "crash cymbal cymbals splash china",
        "ride": "ride",
        "tom": "tom toms midtom",
        "low tom": "floortom lowtom lotom",
        "high tom": "hightom hitom",
        "rim": "rim rims rimshot sidestick",
        "conga": "conga congas tumba quinto djembe udu",
        "bongo": "bongo bongos tabla",
        "shaker": "shaker shakers maraca maracas cabasa",
        "tambourine": "tambourine tamb",
        "cowbell": "cowbell agogo",
        "clave": "clave claves castanet castanets",
        "woodblock": "woodblock",
        "perc": "perc percs percussion",
    },
    4: {
        "bass": "bass basses bassline",
        "sub": "sub subbass",
        "reese": "reese growl neuro",
        "rubber": "slap",
        "squelch": "acid 303 squelch",
        "voice": "vocal vocals vox voc voice voices acapella singer aah ahh oooh",
        "choir": "choir choirs",
        "shout": "shout hey yo chant adlib rap chop",
    },
    3: {
        "tines": "rhodes epiano piano wurli wurlitzer clav clavinet vibes "
        "marimba bell bells kalimba harp guitar guitars",
        "organ": "organ hammond accordion harmonica flute",
        "pad": "strings string violin cello viola mellotron drone choirpad",
        "stab": "stab stabs synth saw brass horn horns trumpet sax",
        "lead": "lead pluck arp melody melodic",
        "riser": "riser risers sweep sweeps uplifter whoosh swoosh buildup",
        "impact": "impact impacts downlifter",
        "swell": "swell reverse reversed",
        "zap": "laser zap siren glitch",
    },
    2: {
        "808": "808",
        "pad": "pad pads",
        "riser": "rise transition",
        "impact": "boom drop explosion",
        "vinyl": "vinyl crackle noise texture atmos ambience rain wind dust static",
    },
    1: {"tines": "chord chords keys progression"},
}  # fmt: skip
"""How much a word counts and the sound it names: as in `names`, the noun of a drum outweighs."""

OF_CLASS = {
    "kick": "kick", "snare": "snare", "clap": "clap", "hat": "hat", "cymbal": "crash", "tom": "tom",
    "rim": "rim", "perc": "perc", "bass": "bass", "melodic": "stab", "vocal": "voice",
    "fx": "impact",
}  # fmt: skip
"""What is made of a class of which nothing finer is said."""

DRUMS = frozenset({*SOUNDS[6], "808"})
BASSES = frozenset({"bass", "sub", "reese", "rubber", "squelch", "808"})
CHORDS = frozenset({"tines", "organ", "pad", "stab", "lead"})
VOICES = frozenset({"voice", "choir", "shout"})
EFFECTS = frozenset({"riser", "impact", "swell", "zap", "vinyl"})
UNSAID = ("tines", "pad", "sub", "perc", "swell", "choir", "zap", "stab")
"""What may be made of words that say nothing; their digest chooses."""

TRAITS = {
    "long": "long sustained sustain endless slow boomy ringing",
    "short": "short tight tiny snappy quick brief stubby choked muted",
    "dark": "dark warm muffled deep mellow round dull underwater",
    "bright": "bright crisp sharp airy shiny sparkling glassy brilliant",
    "hard": "hard punchy heavy aggressive fat big huge banging knocking",
    "soft": "soft gentle light smooth quiet delicate tender calm",
    "dusty": "dusty lofi vintage old crunchy gritty crushed sp1200 cassette tape retro",
    "distorted": "distorted dirty broken overdriven saturated fuzz fuzzy driven industrial",
    "wide": "wide stereo spacious roomy reverb hall wet room ambient cinematic epic washy",
    "dry": "dry mono",
    "open": "open",
    "pedal": "pedal foot",
    "low": "low floor",
    "high": "high",
    "minor": "minor sad melancholic moody",
    "major": "major happy",
    "note": "note mono",
}
STYLES = {
    "boom bap": r"boom[ -]?bap|hip[ -]?hop|old[ -]?school|rap beat",
    "lofi": r"lo[ -]?fi|chill[ -]?hop",
    "house": r"(?:deep |tech |acid )?house|disco|club|edm|dance|afro(?:beats?)?|four on the floor",
    "techno": r"techno|minimal|industrial|trance",
    "trap": r"trap|drill|phonk|dubstep",
    "jungle": r"jungle|drum *(?:and|n|&|'n'?) *bass|d ?(?:n|&) ?b|amen|break[ -]?core",
    "funk": r"funk(?:y)?|break[ -]?beats?|breaks?|soul(?:ful)?",
    "garage": r"(?:uk )?garage|2[ -]?step|two[ -]?step",
    "reggaeton": r"reggaeton|dembow|moombahton|latin|reggae|dancehall",
    "rock": r"rock|indie|pop|punk",
}
LINES = {"line", "bassline", "riff", "pattern", "rhythm", "progression", "melody", "phrase", "arp"}
KIT = {"drums", "beat", "beats", "break", "breaks", "breakbeat", "drumloop", "drumbreak", "groove"}
SINGLES = names.SINGLE_WORDS | {"single", "note"}

_MEANT = {
    word: (weight, sound)
    for weight, sounds in SOUNDS.items()
    for sound, words in sounds.items()
    for word in words.split()
}
_TRAIT = {word: trait for trait, words in TRAITS.items() for word in words.split()}
_NO_SOUNDS = frozenset({*_TRAIT, "key", "t", "hit"})
_STYLE = {name: re.compile(rf"(?<![a-z])(?:{said})(?![a-z])") for name, said in STYLES.items()}
_IN_KEY = re.compile(
    r"(?i:\b(?:in|key of|key) +)(?P<note>[A-G]|[b-g](?![a-z])|a(?=[#♯♭b]|m\b))"
    r"(?P<sign>[#♯♭b]|[ -]?sharp\b|[ -]?flat\b)?(?P<minor> *(?:minor|min|m))?(?![A-Za-z])"
)
_NOTE = re.compile(r"(?<![A-Za-z0-9#])([A-G][#b]?)[0-7](?![0-9A-Za-z])")


@dataclass(frozen=True)
class Wish:
    """What was asked for.

    sound: of `SOUNDS`, or `drums`, a kit. parts: the drums of a loop, empty for all of them. bpm:
    None unless it is stated. key: as `keys` writes it, '' unless it is stated. is_minor: where
    the words say no more than that. is_note: one note, no chord. style: of `STYLES` or ''.
    """

    words: tuple[str, ...]
    sound: str
    parts: frozenset[str]
    is_loop: bool
    bpm: float | None
    key: str
    is_minor: bool | None
    is_note: bool
    style: str
    traits: frozenset[str]

    def digest(self) -> int:
        """Return a number that depends on the words alone."""
        text = " ".join(self.words)
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def wish(prompt: str) -> Wish:
    """Understand a prompt; one that says nothing gets a sound that its digest chooses."""
    said = names.guess(f"{prompt} ")  # the space: no end of a sentence is taken for a file's
    bpm = said.bpm or said.number
    style, rest = _style(prompt)
    words = tuple(names.tokens(rest))
    traits = frozenset(_TRAIT[word] for word in words if word in _TRAIT)
    if style == "lofi":
        traits |= {"dusty"}
    named = _named(words)
    sound = _heaviest(named)
    drums = frozenset(_finer(name, traits) for _, name in named) & DRUMS
    is_kit = not KIT.isdisjoint(words) or (not sound and (bool(style) or "drum" in words))
    is_single = not SINGLES.isdisjoint(words) or not names.SINGLE_PAIRS.isdisjoint(pairwise(words))
    is_loop = not is_single and (
        is_kit or bpm is not None or bool(said.is_loop) or not LINES.isdisjoint(words)
    )
    if is_loop and (not sound or (is_kit and (sound in DRUMS or not named))):
        sound = "drums"
    wished = Wish(
        words=tuple(names.tokens(prompt)),
        sound=_finer(sound, traits),
        parts=frozenset() if is_kit else drums,
        is_loop=is_loop,
        bpm=bpm,
        key=_key(prompt, said.key),
        is_minor=False if "major" in traits else True if "minor" in traits else None,
        is_note="note" in traits,
        style=style,
        traits=traits,
    )
    return wished if sound else _supposed(wished)


def trait_of(word: str) -> str:
    """Return the trait that a word stands for; '' for none."""
    return _TRAIT.get(word, "")


def _supposed(wished: Wish) -> Wish:
    """Return the same wish with a sound that its words choose by chance."""
    return replace(wished, sound=UNSAID[wished.digest() % len(UNSAID)])


def _style(prompt: str) -> tuple[str, str]:
    """Return the style that is named, and the prompt without its words: drum & bass is no bass."""
    lower = prompt.lower()
    for name, said in _STYLE.items():
        if said.search(lower):
            return name, said.sub(" ", lower)
    return "", prompt


def _named(words: tuple[str, ...]) -> list[tuple[int, str]]:
    """Return every sound that words name, with how much each counts."""
    found = []
    for pair in pairwise([*words, ""]):
        if pair in names.PAIRS:
            found.append((names.PAIR_WEIGHT, OF_CLASS[names.PAIRS[pair]]))
        elif pair[0] in _MEANT:
            found.append(_MEANT[pair[0]])
        elif pair[0] in names.MEANS and pair[0] not in _NO_SOUNDS:
            heard_class, weight = names.MEANS[pair[0]]
            found.append((weight, OF_CLASS[heard_class]))
    return found


def _heaviest(named: list[tuple[int, str]]) -> str:
    """Return the sound that counts most, the later one between equals; '' for none.

    A bass with a name of its own stays it: a reese bass is a reese.
    """
    best = max((weight for weight, _ in named), default=0)
    sounds = [sound for weight, sound in named if weight == best]
    if not sounds:
        return ""
    finer = [sound for sound in sounds if sound in BASSES - {"bass"}]
    if sounds[-1] == "bass" and finer:
        return finer[-1]
    if sounds[-1] == "bass" and (2, "808") in named:
        return "808"
    if sounds[-1] == "perc" and len(sounds) > 1:
        return sounds[-2]
    if sounds[-1] == "voice" and len(sounds) > 1:
        return sounds[-2]
    return sounds[-1]


def _finer(sound: str, traits: frozenset[str]) -> str:
    """Return the drum that a word beside it means: an open hat, a floor tom."""
    for trait in ("open", "pedal", "low", "high"):
        if trait in traits and f"{trait} {sound}" in DRUMS:
            return f"{trait} {sound}"
    return sound


def _key(prompt: str, stated: str) -> str:
    """Return the key; words after "in" and a note with its octave count besides what names do."""
    if stated:
        return stated
    if match := _IN_KEY.search(prompt):
        sign = (match["sign"] or "").strip(" -").lower()
        sign = {"sharp": "#", "flat": "b"}.get(sign, sign)
        return keys.parse(match["note"] + sign + ("m" if match["minor"] else "")) or ""
    if match := _NOTE.search(prompt):
        return keys.parse(match[1]) or ""
    return ""
