"""The pad sheet as a picture: A4 landscape at 192 dots per inch, one bank.

It is the print page of `templates/kits/sheet.html` once more, in the fonts of the pages. Letters
that these lack are written in Latin ones: a picture has no other font to fall back on.
"""

import io
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from anyascii import anyascii
from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from kits.grid import ROW
from kits.sheet.pages import Cell, Page

VERSION = 1  # of the drawing: another one makes other bytes of the same page
SIZE = WIDTH, HEIGHT = 2246, 1588
SCALE = 2  # dots to a CSS pixel
DPI = 96 * SCALE
EDGE, TOP, GAP, PADDING = 64, 56, 16, 24
HEAD = 164  # where the line under the name stands
BAR = 16
RADIUS = 16
SMOOTH = 4  # corners are drawn this much larger

PAPER, INK, FAINT = (247, 245, 239), (25, 21, 17), (97, 93, 88)
CLASSES = {  # the tokens of app.css at the lightness .66, as sheet.css has them
    "kick": (220, 108, 87),
    "snare": (200, 128, 31),
    "clap": (169, 146, 0),
    "hat": (127, 161, 28),
    "perc": (52, 171, 109),
    "fx": (0, 164, 187),
    "bass": (92, 147, 228),
    "keys": (149, 128, 224),
    "vocal": (206, 108, 164),
    "break": (154, 146, 126),
}
LETTERS = frozenset(
    [*map(chr, range(0x20, 0x7F)), *map(chr, range(0xA0, 0x100)), *"ıŒœ–—‘’‚“”„•…‹›€™↑↓−"]  # noqa: RUF001
)
"""What both fonts have."""

Font = ImageFont.FreeTypeFont
Box = tuple[int, int, int, int]


def png(page: Page) -> bytes:
    """Return one page as a PNG of 2246 x 1588 dots; the same page makes the same bytes."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    _head(draw, page)
    foot = _foot(draw, page)
    for cell, box in zip(page.cells, _boxes(foot), strict=True):
        _frame(image, cell, box)
        _number(draw, cell, box)
        if cell.name:
            _sound(draw, cell, box)
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(DPI, DPI), compress_level=9)
    return file.getvalue()


def written(words: str) -> str:
    """Return words in letters that the fonts have: `京都` becomes `JingDu`."""
    known = unicodedata.normalize("NFC", words)
    latin = (letter if letter in LETTERS else anyascii(letter) for letter in known)
    return " ".join("".join(latin).split()) or "?"


@lru_cache(maxsize=16)
def _font(name: str, size: int, weight: int, width: int) -> Font:
    font = ImageFont.truetype(settings.BASE_DIR / "static" / "fonts" / f"{name}.woff2", size)
    font.set_variation_by_axes([weight, width])
    return font


def _sans(size: int, weight: int = 400, width: int = 100) -> Font:
    return _font("archivo-var", size, weight, width)


def _mono(size: int, weight: int = 500, width: int = 78) -> Font:
    return _font("martian-mono-var", size, weight, width)


def _head(draw: ImageDraw.ImageDraw, page: Page) -> None:
    baseline = HEAD - 46
    bank, name = _mono(60, 700, 75), _sans(60, 700, 116)
    draw.text((WIDTH - EDGE, baseline), f"BANK {page.letter}", INK, bank, "rs")
    room = WIDTH - 2 * EDGE - 560
    title = _cut(written(page.kit), name, room)
    draw.text((EDGE, baseline), title, INK, name, "ls")
    after = EDGE + name.getlength(title) + 40
    draw.text((after, baseline), page.bpm, FAINT, _sans(28), "ls")
    draw.rectangle((EDGE, HEAD, WIDTH - EDGE - 1, HEAD + 3), INK)


def _foot(draw: ImageDraw.ImageDraw, page: Page) -> int:
    """Write count, groups and day; return where the pads have to end."""
    font, line = _sans(24), 34
    room = WIDTH - 2 * EDGE - 2 * 360
    told = written(" · ".join(page.groups)) if page.groups else ""
    lines = list(_broken(told, font, room)) or [""]
    top = HEIGHT - TOP - line * len(lines)
    draw.text((EDGE, top), page.count, FAINT, font, "la")
    draw.text((WIDTH - EDGE, top), page.when, FAINT, font, "ra")
    for number, words in enumerate(lines):
        draw.text((WIDTH // 2, top + number * line), words, FAINT, font, "ma")
    return top - 22


def _boxes(foot: int) -> Iterator[Box]:
    """Yield where the sixteen pads are."""
    top = HEAD + 32
    wide = (WIDTH - 2 * EDGE - (ROW - 1) * GAP) // ROW
    high = (foot - top - (ROW - 1) * GAP) // ROW
    for place in range(ROW * ROW):
        row, column = divmod(place, ROW)
        x, y = EDGE + column * (wide + GAP), top + row * (high + GAP)
        yield x, y, x + wide, y + high


def _frame(image: Image.Image, cell: Cell, box: Box) -> None:
    """Draw the outline of a pad, dashed around an empty one, and the bar of its class."""
    size = box[2] - box[0], box[3] - box[1]
    if cell.name:
        image.paste(CLASSES.get(cell.sound_class, FAINT), box, _bar(*size))
    image.paste(INK if cell.name else FAINT, box, _outline(*size, is_dashed=not cell.name))


@lru_cache(maxsize=4)
def _outline(wide: int, high: int, *, is_dashed: bool) -> Image.Image:
    """Return the outline of a pad as a mask."""
    mask = Image.new("L", (wide * SMOOTH, high * SMOOTH))
    draw = ImageDraw.Draw(mask)
    end = wide * SMOOTH - 1, high * SMOOTH - 1
    thick = 2 if is_dashed else 3
    draw.rounded_rectangle((0, 0, *end), RADIUS * SMOOTH, outline=255, width=thick * SMOOTH)
    if is_dashed:
        inside, dash = RADIUS * SMOOTH, 6 * SMOOTH
        for x in range(inside, end[0] - inside, 2 * dash):
            draw.rectangle((x, 0, x + dash, thick * SMOOTH), 0)
            draw.rectangle((x, end[1] - thick * SMOOTH, x + dash, end[1]), 0)
        for y in range(inside, end[1] - inside, 2 * dash):
            draw.rectangle((0, y, thick * SMOOTH, y + dash), 0)
            draw.rectangle((end[0] - thick * SMOOTH, y, end[0], y + dash), 0)
    return mask.resize((wide, high), Image.Resampling.BOX)


@lru_cache(maxsize=4)
def _bar(wide: int, high: int) -> Image.Image:
    """Return the bar at the left of a pad as a mask, round where the pad is."""
    mask = Image.new("L", (wide * SMOOTH, high * SMOOTH))
    draw = ImageDraw.Draw(mask)
    end = wide * SMOOTH - 1, high * SMOOTH - 1
    draw.rounded_rectangle((0, 0, *end), RADIUS * SMOOTH, fill=255)
    draw.rectangle(((BAR + 3) * SMOOTH, 0, *end), 0)
    return mask.resize((wide, high), Image.Resampling.BOX)


def _number(draw: ImageDraw.ImageDraw, cell: Cell, box: Box) -> None:
    """Write the number and, as on a small key, the letter that plays it."""
    x, baseline = box[0] + BAR + PADDING, box[1] + 50
    colour = INK if cell.name else FAINT
    number = _mono(40, 700, 75)
    draw.text((x, baseline), str(cell.number), colour, number, "ls")
    left = x + 64
    draw.rounded_rectangle((left, baseline - 30, left + 34, baseline + 4), 6, None, FAINT, 2)
    draw.text((left + 17, baseline - 13), cell.legend, FAINT, _mono(20), "mm")


def _sound(draw: ImageDraw.ImageDraw, cell: Cell, box: Box) -> None:
    """Write class, length, name and manner of a pad, and draw its outline."""
    left, right = box[0] + BAR + PADDING, box[2] - PADDING
    small = _mono(22)
    told = " · ".join(filter(None, [cell.sound_class, cell.length]))
    draw.text((right, box[1] + 46), told, FAINT, small, "rs")
    manner = "File missing" if cell.is_missing else written(", ".join(cell.facts))
    below = list(_broken(manner, small, right - left, most=3))
    name = _sans(30, 600)
    above = list(_broken(written(cell.words), name, right - left, most=2))
    y = box[3] - 22
    for words in reversed(below):
        draw.text((left, y), words, FAINT, small, "ls")
        y -= 28
    for words in reversed(above):
        draw.text((left, y - 6), words, INK, name, "ls")
        y -= 34
    _wave(draw, cell.heights, (left, box[1] + 74, right, y - 18))


def _wave(draw: ImageDraw.ImageDraw, heights: bytes, box: Box) -> None:
    """Draw the bars of a sound; a line of dots while it is not measured."""
    left, top, right, bottom = box
    middle, most = (top + bottom) / 2, max(min(bottom - top, 84), 8)
    bars = heights or bytes(64)
    step = (right - left) / len(bars)
    for place, height in enumerate(bars):
        x, half = round(left + place * step), max(most * height / 255, 2) / 2
        draw.rectangle((x, round(middle - half), x + 2, round(middle + half) - 1), INK)


def _broken(words: str, font: Font, room: int, most: int = 4) -> Iterator[str]:
    """Yield the lines of a text, at most so many; the last one is cut where it is too long."""
    line, rest = "", words.split()
    for number in range(most):
        line = ""
        while rest and (not line or font.getlength(f"{line} {rest[0]}") <= room):
            line = f"{line} {rest.pop(0)}".strip()
        if not line:
            return
        if number == most - 1 and rest:
            line = f"{line} {' '.join(rest)}"
        yield _cut(line, font, room)


def _cut(words: str, font: Font, room: int) -> str:
    """Return words that fit; what is cut off leaves an ellipsis."""
    if font.getlength(words) <= room:
        return words
    while words and font.getlength(f"{words}…") > room:
        words = words[:-1]
    return f"{words.rstrip()}…"
