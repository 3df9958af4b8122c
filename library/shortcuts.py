"""The keys of the interface in one table: the help dialog shows it, the key router reads it."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Shortcut:
    """One action and the keys that do it.

    `keys` are `KeyboardEvent.key` values with modifiers in front (`Ctrl+a`, `Shift+ArrowDown`);
    `Mod` is Ctrl, and Cmd on a Mac. A sequence of two keys is written with a space (`g l`).
    """

    scope: str  # everywhere, or the pages: library, generations, kits, slicer
    action: str
    keys: tuple[str, ...]
    label: str
    shown: str = ""  # how the help dialog prints the keys, when not as they are


EVERYWHERE = (
    Shortcut("everywhere", "search", ("/",), "Search"),
    Shortcut("everywhere", "help", ("?",), "List of keys"),
    Shortcut("everywhere", "go-library", ("g l",), "Go to the library", "G then L"),
    Shortcut("everywhere", "go-generations", ("g m",), "Go to sounds from words", "G then M"),
    Shortcut("everywhere", "go-kits", ("g k",), "Go to kits", "G then K"),
    Shortcut("everywhere", "go-slicer", ("g s",), "Go to the slicer", "G then S"),
    Shortcut("everywhere", "go-exports", ("g e",), "Go to exports", "G then E"),
    Shortcut("everywhere", "go-preferences", ("g p",), "Go to preferences", "G then P"),
    Shortcut("everywhere", "escape", ("Escape",), "Stop, then close, then clear selection", "Esc"),
    Shortcut("everywhere", "undo", ("Mod+z",), "Undo", "Ctrl+Z"),
    Shortcut("everywhere", "redo", ("Mod+Shift+z", "Mod+y"), "Redo", "Ctrl+Shift+Z"),
    Shortcut("everywhere", "mute", ("m",), "Mute the preview", "M"),
)
HEARD = "library generations"  # pages with a list of sounds
LIBRARY = (
    Shortcut(HEARD, "next", ("ArrowDown", "j"), "Next sound, plays", "↓ J"),
    Shortcut(HEARD, "previous", ("ArrowUp", "k"), "Previous sound, plays", "↑ K"),
    Shortcut(HEARD, "play", (" ",), "Play or stop", "Space"),
    Shortcut(HEARD, "seek-back", ("ArrowLeft",), "Back 10 %", "←"),
    Shortcut(HEARD, "seek-forward", ("ArrowRight",), "Forward 10 %", "→"),
    Shortcut(HEARD, "hit-back", ("Shift+ArrowLeft",), "Previous hit", "Shift+←"),
    Shortcut(HEARD, "hit-forward", ("Shift+ArrowRight",), "Next hit", "Shift+→"),
    Shortcut(HEARD, "open", ("Enter",), "Details", "Enter"),
    Shortcut(HEARD, "toggle", ("x",), "Select", "X"),
    Shortcut(HEARD, "extend-down", ("Shift+ArrowDown",), "Extend selection down", "Shift+↓"),
    Shortcut(HEARD, "extend-up", ("Shift+ArrowUp",), "Extend selection up", "Shift+↑"),
    Shortcut(HEARD, "select-all", ("Mod+a",), "Select loaded, then all matching", "Ctrl+A"),
    Shortcut(HEARD, "to-pad", ("p",), "Put on a pad, then press the pad's key", "P"),
    Shortcut("library", "similar", ("f",), "Find similar sounds", "F"),
    Shortcut(HEARD, "slice", ("s",), "Slice", "S"),
    Shortcut("library", "tag", ("t",), "Tag", "T"),
    Shortcut("library", "class", ("c",), "Class", "C"),
    Shortcut("library", "favourite", ("*",), "Favourite or not", "*"),
    Shortcut(HEARD, "loop", ("l",), "Loop on or off", "L"),
    Shortcut(HEARD, "auto-play", ("a",), "Auto-play on or off", "A"),
    Shortcut(HEARD, "bench", ("b",), "Bench kit", "B"),
    Shortcut(HEARD, "first", ("Home",), "First sound", "Home"),
    Shortcut(HEARD, "last", ("End",), "Last loaded sound", "End"),
    Shortcut(HEARD, "page-down", ("PageDown",), "One page down", "PgDn"),
    Shortcut(HEARD, "page-up", ("PageUp",), "One page up", "PgUp"),
    Shortcut("library", "trash", ("Delete",), "Move to the trash", "Del"),
)
GENERATE = (
    Shortcut("generations", "words", ("/",), "To the words, in place of search"),
    Shortcut("generations", "send", (), "In the words: make it", "Enter"),
    Shortcut("generations", "leave-words", (), "From the words to the list", "Esc"),
    Shortcut("generations", "make-again", ("r",), "Make it again, as another take", "R"),
    Shortcut("generations", "along-past", (), "Along past prompts", "← ↑ → ↓"),
    Shortcut("generations", "only-library", (), "Only in the library", "F T C * Del"),
)
KITS = (
    # Pads are played by KeyboardEvent.code, the same place on every layout: see pads.js.
    Shortcut("kits", "play-pad", (), "Play a pad", "1234 QWER ASDF ZXCV"),
    Shortcut("kits", "select-pad", (), "Select a pad silently", "Shift + pad key"),
    Shortcut("kits", "move-focus", (), "Move between pads", "← ↑ → ↓"),
    Shortcut("kits", "play-focused", (), "Play the focused pad", "Space"),
    Shortcut("kits", "into-inspector", (), "To the pad's settings, Esc leads back", "Enter"),
    Shortcut("kits", "ends", (), "First or last pad", "Ctrl+Home, Ctrl+End"),
    Shortcut("kits", "bank", (), "Open a bank", "Alt+1…0"),
    Shortcut("kits", "bank-next", ("PageDown",), "Next bank", "PgDn"),
    Shortcut("kits", "bank-previous", ("PageUp",), "Previous bank", "PgUp"),
    Shortcut("kits", "swap-left", ("Alt+ArrowLeft",), "Swap with the left pad", "Alt+←"),
    Shortcut("kits", "swap-right", ("Alt+ArrowRight",), "Swap with the right pad", "Alt+→"),
    Shortcut("kits", "swap-up", ("Alt+ArrowUp",), "Swap with the upper pad", "Alt+↑"),
    Shortcut("kits", "swap-down", ("Alt+ArrowDown",), "Swap with the lower pad", "Alt+↓"),
    Shortcut("kits", "cut", ("Mod+x",), "Cut", "Ctrl+X"),
    Shortcut("kits", "copy", ("Mod+c",), "Copy", "Ctrl+C"),
    Shortcut("kits", "paste", ("Mod+v",), "Paste", "Ctrl+V"),
    Shortcut("kits", "paste-settings", ("Mod+Shift+v",), "Paste settings only", "Ctrl+Shift+V"),
    Shortcut("kits", "duplicate", ("Mod+d",), "Copy to the next free pad", "Ctrl+D"),
    Shortcut("kits", "clear", ("Delete",), "Clear the pad", "Del"),
    Shortcut("kits", "mute-pad", ("Mod+m",), "Mute the pad or not", "Ctrl+M"),
    Shortcut("kits", "select-more", ("Mod+ ",), "Select one pad more or less", "Ctrl+Space"),
    Shortcut("kits", "extend-selection", (), "Select on the way", "Shift + arrow"),
    Shortcut("kits", "select-all", ("Mod+a",), "Select all filled pads of the bank", "Ctrl+A"),
    Shortcut("kits", "find", ("Mod+k",), "Find a sound for this pad", "Ctrl+K"),
    Shortcut("kits", "pad-menu", (), "Menu of the pad", "Shift+F10, menu key"),
    # The handles on the readout are moved in trim.js, faders in inspector.js.
    Shortcut("kits", "handle", (), "Handle 1 ms, Shift 10 ms, Alt one sample", "← → on a handle"),
    Shortcut("kits", "handle-far", (), "Handle 100 ms", "PgUp, PgDn on a handle"),
    Shortcut("kits", "handle-ends", (), "Handle as far as it goes", "Home, End on a handle"),
    Shortcut("kits", "handle-zero", (), "Handle to the nearest zero crossing", "Z on a handle"),
    Shortcut("kits", "handle-reset", (), "Back to the edge of the sound", "Backspace on a handle"),
    Shortcut("kits", "fader-reset", (), "Fader back to its default", "Backspace, double-click"),
)
SLICER = (
    Shortcut("slicer", "play-slice", (), "Play a slice", "1234 QWER ASDF ZXCV"),
    Shortcut("slicer", "play-whole", (" ",), "Play the sound, or stop it", "Space"),
    Shortcut("slicer", "tap-markers", ("t",), "Tap markers with any pad while it plays", "T"),
    Shortcut("slicer", "add-marker", ("m",), "Marker at the playhead", "M"),
    Shortcut("slicer", "previous-marker", ("[",), "Previous marker", "["),
    Shortcut("slicer", "next-marker", ("]",), "Next marker", "]"),
    # With Shift keyboards write other signs on the same keys.
    Shortcut("slicer", "nudge-left", (",", "<", ";"), "Marker 1 ms back, with Shift 10 ms", ","),
    Shortcut("slicer", "nudge-right", (".", ">", ":"), "Marker 1 ms on, with Shift 10 ms", "."),
    Shortcut("slicer", "marker", (), "Marker 1 ms, with Shift 10 ms", "← → ↑ ↓ on a marker"),
    Shortcut("slicer", "move-focus", (), "Move between slices", "← ↑ → ↓ on a slice"),
    Shortcut("slicer", "remove-marker", ("Delete",), "Remove the marker", "Del"),
    Shortcut("slicer", "zoom-in", ("+", "="), "Zoom in", "+"),
    Shortcut("slicer", "zoom-out", ("-",), "Zoom out", "-"),
    Shortcut("slicer", "next-slices", ("PageDown",), "Next sixteen slices", "PgDn"),
    Shortcut("slicer", "previous-slices", ("PageUp",), "Previous sixteen slices", "PgUp"),
)
GROUPS = {
    "Everywhere": EVERYWHERE,
    "Library": LIBRARY,
    "Generate": GENERATE,
    "Kits": KITS,
    "Slicer": SLICER,
}


def router_table() -> list[dict[str, object]]:
    """Return the table as the key router of app.js reads it; it comes with every page."""
    table = [asdict(entry) for group in GROUPS.values() for entry in group if entry.keys]
    for entry in table:
        del entry["shown"]
    return table
