"""J18: magnified four times, in somebody's own colours, without motion, and on paper."""

import io
import re
import struct
from contextlib import suppress

import pytest
from playwright.sync_api import Locator, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.e2e.folders import tone, write
from tests.e2e.visit import AXE, RULES

NAMES = ["kick_dusty_07", "snare_paper", "hat_closed", "loop_of_keys"]
CLASSES = ["kick", "snare", "clap", "hat", "perc", "fx", "bass", "keys", "vocal", "break"]
MAGNIFIED = {"width": 320, "height": 225}  # 1280 x 900 at 400 %


@pytest.fixture(scope="module")
def bench(lending, tmp_path_factory):
    """Return a product with a kit on banks A and B; one pad loops, two cut each other off.

    All share it: nobody changes the kit.
    """
    folder = tmp_path_factory.mktemp("J18")
    for number, name in enumerate(NAMES):
        write(folder / "Bench" / f"{name}.wav", tone(8, 150 + 60 * number))
    with lending.lent() as instance:
        instance.take_in(folder / "Bench")
        pads = dict(zip(("A1", "A2", "A5", "B1"), NAMES, strict=True))
        instance.kit = instance.make_kit("Night Market", **pads)
        instance.rows("UPDATE kits_pad SET mute_group = 'A' WHERE number IN (2, 5)")
        instance.rows("UPDATE kits_pad SET play = 'loop' WHERE bank = 'B'")
        instance.sample = instance.one("SELECT id FROM library_sample WHERE title = ?", NAMES[3])
        yield instance


def pages(bench) -> dict[str, str]:
    """Return the pages of the journey."""
    return {
        "library": f"{bench.url}/library/",
        "kit": f"{bench.url}/kits/{bench.kit}/",
        "slicer": f"{bench.url}/samples/{bench.sample}/slice/",
        "export": f"{bench.url}/exports/new/?kit={bench.kit}",
        "sheet": f"{bench.url}/kits/{bench.kit}/sheet/",
    }


def pad(page, address: str) -> Locator:
    return page.get_by_role("grid", name=f"Bank {address[0]}").locator(f"[data-pad={address}]")


def style(where: Locator, name: str) -> str:
    return where.evaluate("(el, name) => getComputedStyle(el)[name]", name)


def reach(*targets: Locator) -> None:
    """Assert that each can be brought into sight and pressed: nothing lies over it."""
    for target in targets:
        target.click(trial=True, timeout=5000)


def check_without_colours(someone) -> None:
    """Assert what every journey ends with, but for contrast: the colours are the person's own.

    axe reads those of the style sheet, which are not shown.
    """
    page = someone.page
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]
    page.evaluate(AXE)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules},"
        " rules: {'color-contrast': {enabled: false}}})"
        ".then(done => done.violations.map(one => one.id + one.nodes[0].target.join(' ')))",
        RULES,
    )
    assert found == []
    someone.check_console()


def play(someone, target: Locator) -> None:
    """Press a pad until it sounds: what is decoded long after its press stays silent."""
    for _ in range(4):
        target.click()
        with suppress(PlaywrightTimeout):
            someone.until_voices(1, 2500)
            return
    someone.until_voices(1)


def test_magnified_four_times_nothing_is_lost(bench, visit):
    someone = visit(bench)
    page = someone.page
    page.set_viewport_size(MAGNIFIED)
    where = pages(bench)

    page.goto(where["library"])
    row = page.locator(f"[data-title={NAMES[0]}]")
    reach(page.get_by_role("searchbox"), row.locator(".play"), page.get_by_label("Main").last)
    row.locator(".play").click()
    someone.until_voices(1)
    page.keyboard.press("Escape")
    someone.check()

    page.goto(where["kit"])
    reach(page.get_by_role("link", name="Export", exact=True), page.get_by_role("tab").nth(9))
    play(someone, pad(page, "A1"))
    page.keyboard.press("Escape")
    expect(page.locator("#insp")).to_contain_text("kick")
    reach(page.locator("#insp").get_by_role("button", name="Clear").first)
    someone.check()

    page.goto(where["slicer"])
    reach(page.get_by_role("button", name=re.compile(r"Put \d+ slices?")))
    someone.check()

    page.goto(where["export"])
    reach(page.get_by_label("Pad sheet"), page.get_by_role("button", name="Export", exact=True))
    someone.check()

    page.goto(where["sheet"])
    reach(
        page.get_by_role("button", name="Print"),
        page.get_by_role("link", name="PNG of bank B"),
        page.get_by_role("link", name="Text"),
    )
    someone.check()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_in_colours_of_ones_own_pads_selection_and_focus_are_seen(bench, visit, size):
    someone = visit(bench, size, forced_colors="active")
    page = someone.page
    page.goto(pages(bench)["kit"])
    loaded, empty = pad(page, "A2"), pad(page, "A3")
    assert (style(loaded, "borderTopStyle"), style(loaded, "borderTopWidth")) == ("solid", "1px")
    assert style(empty, "borderTopStyle") == "dashed"
    play(someone, loaded)
    expect(loaded).to_have_attribute("aria-selected", "true")
    assert style(loaded, "outlineStyle") == "solid"
    assert style(pad(page, "A5"), "outlineStyle") == "none"
    expect(loaded).to_have_class(re.compile("playing"))
    lit, dark = style(loaded, "backgroundColor"), style(pad(page, "A5"), "backgroundColor")
    assert lit != dark
    assert "▶" in loaded.locator(".nm").evaluate("el => getComputedStyle(el, '::before').content")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    focused = page.locator(":focus")
    assert style(focused, "outlineStyle") == "solid"
    assert style(focused, "outlineWidth") == "3px"
    chosen, other = page.get_by_role("tab").nth(0), page.get_by_role("tab").nth(1)
    assert style(chosen, "backgroundColor") != style(other, "backgroundColor")
    check_without_colours(someone)
    for address in pages(bench).values():
        page.goto(address)
        check_without_colours(someone)


def test_a_lamp_is_a_sign_in_colours_of_ones_own(bench, visit):
    someone = visit(bench, forced_colors="active")
    page = someone.page
    page.goto(pages(bench)["export"])
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.get_by_role("link", name="Download ZIP")).to_be_visible(timeout=60_000)
    page.goto(pages(bench)["library"])
    lamp = page.locator("#lamp .lamp")
    sign = lamp.evaluate("el => getComputedStyle(el, '::before').content")
    assert sign.strip('"') in {"●", "!", "×"}
    expect(page.locator("#lamp")).to_contain_text("Export ready")


def test_without_motion_nothing_moves_while_pads_play(bench, visit):
    someone = visit(bench, reduced_motion="reduce")
    page = someone.page
    page.goto(pages(bench)["kit"] + "?bank=B")
    looping = pad(page, "B1")
    play(someone, looping)
    expect(looping).to_have_class(re.compile("playing"))
    for _ in range(5):
        page.wait_for_timeout(60)
        assert page.evaluate("document.getAnimations().length") == 0
    assert someone.voices() == 1
    page.keyboard.press("Escape")
    someone.until_voices(0)
    someone.check()


def test_with_motion_the_loop_has_its_running_line(bench, visit):
    """What the test above would miss if nothing ever moved."""
    someone = visit(bench)
    page = someone.page
    page.goto(pages(bench)["kit"] + "?bank=B")
    play(someone, pad(page, "B1"))
    page.wait_for_function("document.getAnimations().length > 0")


@pytest.mark.parametrize(("paper", "long", "short"), [("A4", 842, 595), ("Letter", 792, 612)])
def test_prints_one_page_for_each_bank(bench, visit, paper, long, short):
    someone = visit(bench)
    page = someone.page
    page.goto(pages(bench)["sheet"])
    printed = page.pdf(format=paper, landscape=True, print_background=True)
    boxes = re.findall(rb"/MediaBox ?\[([\d. ]+)\]", printed)
    sizes = [tuple(round(float(edge)) for edge in box.split()[2:]) for box in boxes]
    assert len(sizes) == 2
    for wide, high in sizes:
        assert (wide, high) == (pytest.approx(long, abs=1.5), pytest.approx(short, abs=1.5))
    page.emulate_media(media="print")
    for bank in ("A", "B"):
        shown = page.get_by_role("article", name=re.compile(f"bank {bank}"))
        expect(shown).to_be_visible()
    for word in page.locator(".cell em").all():
        expect(word).to_be_visible()
        assert word.inner_text() in {
            "kick",
            "snare",
            "hat",
            "perc",
            "keys",
            "bass",
            "break",
            "fx",
            "clap",
            "vocal",
        }
    assert page.locator(".cell em").count() == 4
    assert not page.locator(".tools").is_visible()
    assert style(page.locator(".cell").first, "borderTopStyle") == "solid"


def test_picture_has_the_size_of_an_a4_page(bench, visit):
    someone = visit(bench)
    page = someone.page
    page.goto(pages(bench)["sheet"])
    link = page.get_by_role("link", name="PNG of bank A")
    answer = page.request.get(f"{bench.url}{link.get_attribute('href')}")
    assert answer.headers["content-type"] == "image/png"
    assert struct.unpack(">2I", io.BytesIO(answer.body()).getvalue()[16:24]) == (2246, 1588)


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("wish", [{"reduced_motion": "reduce"}, {"contrast": "more"}])
def test_every_page_holds_with_less_motion_and_more_contrast(bench, visit, size, wish):
    someone = visit(bench, size, **wish)
    for address in pages(bench).values():
        someone.page.goto(address)
        someone.check()
