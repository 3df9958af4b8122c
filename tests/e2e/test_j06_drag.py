"""J6: dragging onto pads, replacing, swapping, and taking all of it back."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.folders import tone, write

NAMES = ["kick_dusty_07", "snare_paper", "hat_closed", "rhodes_turn", "vox_stay"]


@pytest.fixture
def bench(serve, tmp_path):
    """Return a product whose bench kit has A1 and A2 loaded and A15 empty."""
    instance = serve()
    for number, name in enumerate(NAMES):
        write(tmp_path / "Bench" / f"{name}.wav", tone(0.5, 150 + 60 * number))
    instance.take_in(tmp_path / "Bench")
    instance.kit = instance.make_kit("Night Market", A1="kick_dusty_07", A2="snare_paper")
    return instance


def snapshot(instance) -> str:
    """Return the kit as text, byte for byte."""
    rows = instance.rows(
        "SELECT bank, number, sample_id, title FROM kits_pad WHERE kit_id = ? "
        "ORDER BY bank, number",
        instance.kit,
    )
    return json.dumps(rows)


def row(page: Page, title: str) -> Locator:
    return page.locator(f"#rows [data-title={title}] .t")


def pad(page: Page, address: str) -> Locator:
    return page.get_by_role("grid", name="Bank A").locator(f"[data-pad={address}]")


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, source: Locator, target: Locator) -> None:
    """Press on the source and carry it over the target; does not let go."""
    page.mouse.move(*middle(source))
    page.mouse.down()
    x, y = middle(target)
    page.mouse.move(x - 30, y - 30, steps=8)
    page.mouse.move(x, y, steps=4)


def test_assign_replace_swap_undo(bench, visit):
    someone = visit(bench)
    page = someone.page
    start = snapshot(bench)
    drag(page, row(page, "rhodes_turn"), pad(page, "A15"))
    expect(page.locator(".ghost")).to_contain_text("to A15, empty")
    page.mouse.up()
    expect(pad(page, "A15")).to_have_attribute("data-title", "rhodes_turn")
    assert bench.pads(bench.kit)["A15"] == "rhodes_turn"

    drag(page, row(page, "hat_closed"), pad(page, "A1"))
    expect(page.locator(".ghost")).to_contain_text("replaces kick_dusty_07")
    expect(pad(page, "A1")).to_have_class(re.compile(r"\breplace\b"))
    page.mouse.up()
    expect(pad(page, "A1")).to_have_attribute("data-title", "hat_closed")

    drag(page, pad(page, "A1"), pad(page, "A2"))
    page.mouse.up()
    expect(pad(page, "A1")).to_have_attribute("data-title", "snare_paper")
    expect(pad(page, "A2")).to_have_attribute("data-title", "hat_closed")
    assert bench.pads(bench.kit) == {"A1": "snare_paper", "A2": "hat_closed", "A15": "rhodes_turn"}

    for words in ("swapped", "hat_closed", "rhodes_turn"):
        page.keyboard.press("Control+z")
        expect(page.locator("#toasts")).to_contain_text(words)
    assert snapshot(bench) == start
    expect(pad(page, "A1")).to_have_attribute("data-title", "kick_dusty_07")
    someone.check()


def test_escape_in_mid_drag_changes_nothing(bench, visit):
    someone = visit(bench)
    page = someone.page
    start = snapshot(bench)
    drag(page, row(page, "vox_stay"), pad(page, "A1"))
    expect(page.locator(".ghost")).to_be_visible()
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".ghost")).to_have_count(0)
    page.wait_for_timeout(300)
    assert snapshot(bench) == start
    someone.check()
