"""The words that the engine knows: of sounds, adjectives, styles and loops."""

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
        "marimba bell bells kalimba harp guitar guitars steelpan handpan",
        "organ": "organ hammond accordion harmonica flute",
        "pad": "strings string violin cello viola mellotron drone choirpad",
        "stab": "stab stabs synth saw brass horn horns trumpet sax",
        "lead": "lead pluck arp melody melodic",
        "riser": "riser risers sweep sweeps uplifter whoosh swoosh buildup",
        "impact": "impact impacts downlifter",
        "swell": "swell reverse reversed backwards",
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
    "distorted": "distorted dirty broken overdriven saturated fuzz fuzzy driven industrial "
    "distortion",
    "wide": "wide stereo spacious roomy reverb hall wet room ambient cinematic epic washy",
    "dry": "dry mono",
    "reversed": "reverse reversed backwards",
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
    "rock": r"rock(?: *(?:and|n|&|'n'?) *roll)?|indie|pop|punk",
}
LINES = {"bassline", "riff", "pattern", "rhythm", "progression", "melody", "phrase", "arp"}
ROLLS = {"roll", "rolls", "drumroll"}
KIT = {"drums", "beat", "beats", "break", "breaks", "breakbeat", "drumloop", "drumbreak", "groove"}
SINGLES = names.SINGLE_WORDS | {"single", "note"}
