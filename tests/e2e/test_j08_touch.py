"""J8: a finger alone: a sound is armed and a pad tapped; holding drags, swiping scrolls."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.folders import tone, write

NAMES = [f"sound_{number:02}" for number in range(1, 25)]
SMALL = """() => [...document.querySelectorAll("a, button, input, select, summary, [role=slider]")]
  .map((control) => control.matches("input") ? control.closest("label") ?? control : control)
  .filter((control) => {
    const { width, height, bottom } = control.getBoundingClientRect();
    const { visibility } = getComputedStyle(control);
    const isSeen = width && height && bottom > 0 && visibility !== "hidden";
    return isSeen && !control.closest(".vh") && (width < 43.5 || height < 43.5);
  }).map((control) => control.outerHTML.slice(0, 120))"""


@pytest.fixture
def bench(serve, tmp_path):
    """Return a product with many sounds and an empty kit on the bench."""
    instance = serve()
    for number, name in enumerate(NAMES):
        write(tmp_path / "Bench" / f"{name}.wav", tone(0.1, 150 + 20 * number))
    instance.take_in(tmp_path / "Bench")
    instance.kit = instance.make_kit("Night Market", A1="sound_01")
    return instance


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


class Finger:
    """One finger on the glass."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        places = [{"x": x, "y": y} for x, y in points]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    def down(self, x: float, y: float) -> None:
        self._send("touchStart", (x, y))

    def move(self, x: float, y: float) -> None:
        self._send("touchMove", (x, y))
        self.page.wait_for_timeout(16)

    def up(self) -> None:
        self._send("touchEnd")


def check_sizes(page: Page) -> None:
    small = page.evaluate(SMALL)
    assert small == [], small


def test_arm_and_tap(bench, visit):
    someone = visit(bench, "phone")
    page = someone.page
    page.evaluate("document.querySelector('.skip').remove()")  # seen only with a keyboard
    row = page.locator("#rows [data-title=sound_20] .t")
    row.tap()
    page.wait_for_timeout(300)
    scrolled = page.evaluate("scrollY")
    check_sizes(page)
    page.get_by_role("button", name="To pad").tap()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_contain_text("sound_20 → tap a pad")
    check_sizes(page)
    dialog.get_by_role("button", name=re.compile("^Bank C")).tap()
    expect(dialog.get_by_role("group", name="Pads of bank C")).to_be_visible()
    dialog.get_by_role("button", name="Pad C1, empty").tap()
    expect(dialog).to_be_hidden()
    bench.until("SELECT count(*) FROM kits_pad WHERE bank = 'C' AND number = 1")
    assert bench.pads(bench.kit) == {"A1": "sound_01", "C1": "sound_20"}
    assert page.evaluate("scrollY") == scrolled
    someone.check()

    page.goto(f"{bench.url}/kits/{bench.kit}/")
    expect(page.locator("#stage .pad")).to_have_count(16)
    page.evaluate("document.querySelector('.skip').remove()")
    check_sizes(page)
    someone.check()


def test_holding_drags_and_does_not_scroll(bench, visit):
    someone = visit(bench, "phone")
    page = someone.page
    expect(page.locator("#dock")).to_be_attached()
    page.wait_for_load_state("networkidle")
    finger = Finger(page)
    x, y = middle(page.locator("#rows [data-title=sound_21] .t"))
    finger.down(x, y)
    page.wait_for_timeout(300)
    for step in range(1, 7):
        finger.move(x, y - 10 * step)
    expect(page.locator(".ghost")).to_contain_text("sound_21")
    assert page.evaluate("scrollY") == 0
    target = page.locator("#dock [data-pad=A5]")
    expect(target).to_be_visible()
    finger.move(*middle(target))
    expect(page.locator(".ghost")).to_contain_text("to A5, empty")
    finger.up()
    bench.until("SELECT count(*) FROM kits_pad WHERE bank = 'A' AND number = 5")
    assert bench.pads(bench.kit) == {"A1": "sound_01", "A5": "sound_21"}
    expect(target).to_be_hidden()
    assert page.evaluate("scrollY") == 0
    someone.check_console()


def test_a_quick_swipe_scrolls_and_drags_nothing(bench, visit):
    someone = visit(bench, "phone")
    page = someone.page
    page.wait_for_load_state("networkidle")
    finger = Finger(page)
    x, y = middle(page.locator("#rows [data-title=sound_21] .t"))
    finger.down(x, y)
    for step in range(1, 12):
        finger.move(x, y - 20 * step)
    finger.up()
    page.wait_for_function("scrollY > 60")
    expect(page.locator(".ghost")).to_have_count(0)
    assert bench.pads(bench.kit) == {"A1": "sound_01"}
    someone.check_console()
