"""What the export commands take: how to convert, name and place, and where it goes."""

import math
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction
from dataclasses import replace
from pathlib import Path
from typing import Any

from exports.models import Export
from exports.options import IMPORT_ROOT, Options, preferred
from library.management.owners import add_owner
from library.models import Preferences
from library.models.preferences import LOUDEST_TARGET, QUIETEST_TARGET

SWITCHES = {  # option: its field, and what it is
    "device-names": ("device_names", "names that the sampler shows in full"),
    "lower-case": ("lower_case", "names in lower case"),
    "plain-letters": ("sanitize", "only plain letters in names"),
    "pad-short": ("pad_short", "lengthen sounds under 100 ms with silence (default: no)"),
    "trim": ("trim", "cut silence off both ends"),
    "sheet": ("include_sheet", "a kit's pad sheet: a picture of each bank and a text list"),
    "metadata": ("include_metadata", "a text file beside each sound, and manifest.csv"),
}


def add_choices(parser: ArgumentParser) -> None:
    """Let a command take what `Options` holds, and where the result goes."""
    parser.add_argument("--layout", choices=Export.Layout.values, help="how files are placed")
    parser.add_argument("--format", type=_format, metavar="wav|aiff")
    parser.add_argument(
        "--channels",
        choices=("keep", "mono", "auto"),
        help="auto: mono where both channels are equal",
    )
    parser.add_argument(
        "--mono", dest="channels", action="store_const", const="mono", help="fold all down to mono"
    )
    parser.add_argument(
        "--long",
        choices=("leave", "split", "shorten"),
        help="sounds that are longer than the sampler takes (default: leave)",
    )
    parser.add_argument("--lufs", type=_lufs, metavar="N", help="match loudness to N LUFS, or off")
    for name, (field, words) in SWITCHES.items():
        parser.add_argument(f"--{name}", dest=field, action=BooleanOptionalAction, help=words)
    parser.add_argument(
        "--import-folder",
        action=BooleanOptionalAction,
        help="put everything into IMPORT, where the sampler looks (default: yes)",
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--to", type=Path, metavar="PATH", help="write to this folder or card")
    place.add_argument("--zip", type=Path, metavar="FILE", help="write one ZIP")
    parser.add_argument("--force", action="store_true", help="replace a ZIP that is there")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be written")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    add_owner(parser)


def options_of(preferences: Preferences, given: dict[str, Any], *, kit: bool) -> Options:
    """Return a person's preferences as the command line bends them; short sounds are not padded.

    A pad sheet is made where it is asked for.
    """
    chosen = replace(preferred(preferences, kit=kit), pad_short=False, include_sheet=False)
    fields = [field for field, _ in SWITCHES.values()]
    fields += ["layout", "format", "channels", "long"]
    asked = {name: given[name] for name in fields if given[name] is not None}
    if given.get("bake") is not None:
        chosen = chosen.baking(given["bake"])
    if given["lufs"] is not None:
        asked |= {"loudness": "leave"} if given["lufs"] == OFF else _matched(given["lufs"])
    if given["import_folder"] is not None:
        asked["root"] = IMPORT_ROOT if given["import_folder"] else ""
    return replace(chosen, **asked)


OFF = math.inf


def _matched(lufs: float) -> dict[str, Any]:
    return {"loudness": "match", "loudness_lufs": lufs}


def _format(text: str) -> str:
    if text.lower() not in Preferences.Format.values:
        supported = ", ".join(Preferences.Format.values)
        raise ArgumentTypeError(f"Unsupported output format: {text}. Supported: {supported}")
    return text.lower()


def _lufs(text: str) -> float:
    if text.lower() == "off":
        return OFF
    try:
        lufs = float(text)
    except ValueError:
        lufs = math.nan
    if not QUIETEST_TARGET <= lufs <= LOUDEST_TARGET:
        raise ArgumentTypeError(f"{QUIETEST_TARGET} to {LOUDEST_TARGET}, or off")
    return lufs
