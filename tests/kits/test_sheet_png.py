"""The pad sheet as a picture: its size, its bytes, its colours, and letters that no font has."""

import io
import math
import re

import pytest
from django.conf import settings
from PIL import Image, ImageFont

from kits.sheet import png
from kits.sheet.pages import Cell, Page
from tests.factories import KitFactory, PadFactory


def page(*cells: Cell, **fields) -> Page:
    """Return a page of these pads; the others are empty."""
    known = {cell.number: cell for cell in cells}
    every = tuple(known.get(number, Cell(number)) for number in range(1, 17))
    usual = {"kit": "Night Market", "letter": "A", "tempo": 92.0, "day": "2026-11-21"}
    return Page(**{**usual, **fields}, cells=every)


def picture(shown: Page) -> Image.Image:
    return Image.open(io.BytesIO(png.png(shown)))


KICK = Cell(1, "kick_dusty_07", "kick", 0.41, ("One-shot",), bytes(range(0, 256, 4)).hex())


def test_is_an_a4_page_of_2246_by_1588_dots():
    drawn = picture(page(KICK))
    assert (drawn.format, drawn.size, drawn.mode) == ("PNG", (2246, 1588), "RGB")
    assert drawn.info == {"dpi": pytest.approx((192, 192), abs=0.1)}  # and no date


def test_same_page_makes_the_same_bytes():
    assert png.png(page(KICK)) == png.png(page(KICK))
    assert png.png(page(KICK)) != png.png(page(KICK, letter="B"))


def test_bar_has_the_colour_of_the_class():
    drawn = picture(page(KICK))
    box = next(png._boxes(png.HEIGHT - png.TOP - 34 - 22))
    middle = (box[1] + box[3]) // 2
    assert drawn.getpixel((box[0] + 9, middle)) == png.CLASSES["kick"]
    assert drawn.getpixel((box[0] + 60, box[1] + 20)) == png.PAPER


def srgb(lightness: float, chroma: float, hue: float) -> tuple[int, ...]:
    """Return OKLCH (hue in degrees) as bytes of sRGB, cut to its range. After Ottosson, 2020."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    inside = (min(max(value, 0), 1) for value in linear)
    return tuple(
        round(255 * (12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055))
        for v in inside
    )


def test_colours_are_those_of_the_pages():
    css = (settings.BASE_DIR / "static/css/app.css").read_text()
    tokens = re.findall(r"--c-(\w+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", css)
    told = {name: srgb(0.66, float(chroma), float(hue)) for name, _, chroma, hue in tokens}
    assert told == png.CLASSES
    sheet = (settings.BASE_DIR / "static/css/sheet.css").read_text()
    for colour, words in ((png.INK, "0.2 0.01 70"), (png.FAINT, "0.48 0.01 70")):
        assert f"oklch({words})" in sheet
        assert srgb(*map(float, words.split())) == colour
    assert srgb(0.97, 0.008, 88) == png.PAPER


@pytest.mark.parametrize("name", ["archivo-var", "martian-mono-var"])
def test_both_fonts_have_every_letter_that_is_written_as_it_is(name):
    font = ImageFont.truetype(settings.BASE_DIR / "static" / "fonts" / f"{name}.woff2", 40)
    none = bytes(font.getmask("\ue000"))
    blank = {" ", "\N{NO-BREAK SPACE}", "\N{SOFT HYPHEN}"}
    assert [letter for letter in png.LETTERS - blank if bytes(font.getmask(letter)) == none] == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Café “Größe” №", "Café “Größe” No"),
        ("Cafe\u0301", "Café"),
        ("京都の夜", "JingDouNoYe"),
        ("Привет", "Privet"),
        ("\u202e", "?"),
        ("  two\nlines ", "two lines"),
    ],
)
def test_letters_that_no_font_has_are_written_in_latin_ones(name, told):
    assert png.written(name).lower() == told.lower()
    assert set(png.written(name)) <= png.LETTERS


@pytest.mark.parametrize("name", ["x" * 200, "word " * 40, "🔥" * 30, "مرحبا سلام", "京都" * 60])
def test_any_name_fits_its_pad(name):
    """Nothing is written between two pads or over the edge of the page."""
    cells = [
        Cell(number, name, "hat", 99.99, ("Loop while held", "mute group A", *["pan L8"] * 20))
        for number in range(1, 17)
    ]
    long = tuple(
        f"Mute group {letter}: pads 5, 6 and B12 cut each other off" for letter in "ABCDEFGHIJ"
    )
    drawn = picture(page(*cells, kit=name, groups=long, size=10**9))
    boxes = list(png._boxes(png.HEIGHT))
    for left, right in ((0, boxes[0][0]), (boxes[0][2], boxes[1][0]), (boxes[3][2], png.WIDTH)):
        strip = drawn.crop((left, png.HEAD + 10, right, 1300))
        assert strip.getcolors() == [(strip.width * strip.height, png.PAPER)]
    edge = drawn.crop((0, png.HEIGHT - 40, png.WIDTH, png.HEIGHT))
    assert edge.getcolors() == [(edge.width * edge.height, png.PAPER)]


@pytest.mark.django_db
def test_picture_of_a_bank_is_sent(client, user):
    kit = KitFactory(owner=user, name="Night Market")
    PadFactory(kit=kit, bank="B", number=3)
    first = client.get(f"/kits/{kit.pk}/sheet.png")
    assert first["Content-Type"] == "image/png"
    assert first["Content-Disposition"] == 'inline; filename="Night Market bank B.png"'
    assert Image.open(io.BytesIO(first.content)).size == (2246, 1588)
    other = client.get(f"/kits/{kit.pk}/sheet.png", {"bank": "A"})
    assert other["Content-Disposition"] == 'inline; filename="Night Market bank A.png"'
    assert other.content != first.content
