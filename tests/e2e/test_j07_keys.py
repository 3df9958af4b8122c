"""J7: the same without dragging: keys alone."""

import re

import numpy as np
from playwright.sync_api import Locator, Page, expect

from tests.e2e.folders import tone, write


def pad(page: Page, address: str) -> Locator:
    return page.get_by_role("gridcell", name=re.compile(f"^Pad {address},"))


def focused(page: Page) -> str:
    """Return the name of what has the focus."""
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_pads_by_keyboard(serve, visit, tmp_path):
    instance = serve()
    for number, name in enumerate(["kick_dusty", "snare_paper", "hat_closed"]):
        write(tmp_path / "Bench" / f"{name}.wav", tone(0.5, 150 + 60 * number))
    instance.take_in(tmp_path / "Bench")
    kit = instance.make_kit("Night Market", B6="kick_dusty")
    instance.rows("UPDATE kits_pad SET level = 90, mute_group = 'C'")
    someone = visit(instance)
    page = someone.page
    page.evaluate("addEventListener('pointerdown', () => { window.pointed = true; })")
    expect(page.locator("#rows [data-sample-id]")).to_have_count(3)
    page.keyboard.press("ArrowDown")
    title = page.locator("#rows .row.cur").get_attribute("data-title")
    page.keyboard.press("p")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Alt+2")
    expect(page.get_by_role("dialog").get_by_role("group", name="Pads of bank B")).to_be_visible()
    page.keyboard.press("q")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert_soon(instance, kit, {"B5": title, "B6": "kick_dusty"})
    expect(page.locator("#live")).to_have_text(f"{title} is on B5.")
    assert page.evaluate("document.activeElement.dataset.title") == title
    assert page.evaluate("window.pointed") is None

    page.goto(f"{instance.url}/kits/{kit}/?bank=B")
    page.evaluate("addEventListener('pointerdown', () => { window.pointed = true; })")
    pad(page, "B5").focus()
    page.keyboard.press("Alt+ArrowRight")
    assert_soon(instance, kit, {"B5": "kick_dusty", "B6": title})
    expect(page.locator("#live")).to_have_text("Swapped B5 and B6.")
    assert instance.one("SELECT level FROM kits_pad WHERE number = 5") == 90
    expect(page.get_by_role("gridcell", name=re.compile(f"^Pad B6, {title}"))).to_be_focused()
    page.keyboard.press("Control+x")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+v")
    assert_soon(instance, kit, {"B5": "kick_dusty", "B8": title})
    expect(page.locator("#live")).to_have_text(f"Moved {title} to B8.")
    page.keyboard.press("Control+d")
    assert_soon(instance, kit, {"B5": "kick_dusty", "B8": title, "B9": title})
    page.keyboard.press("Delete")
    assert_soon(instance, kit, {"B5": "kick_dusty", "B9": title})
    expect(page.locator("#live")).to_have_text(f"Cleared {title} from B8.")
    assert focused(page).startswith("Pad B8")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox", name="Search sounds")).to_be_focused()
    page.keyboard.press("Escape")
    for _ in range(4):
        page.keyboard.press("Control+z")
    assert_soon(instance, kit, {"B5": title, "B6": "kick_dusty"})
    for _ in range(4):
        page.keyboard.press("Control+Shift+z")
    assert_soon(instance, kit, {"B5": "kick_dusty", "B9": title})
    assert page.evaluate("window.pointed") is None
    someone.check()


def test_undo_goes_on_after_the_program_was_started_anew(serve, visit, tmp_path):
    instance = serve()
    write(tmp_path / "Bench" / "kick_dusty.wav", tone(0.5, 150))
    instance.take_in(tmp_path / "Bench")
    kit = instance.make_kit("Night Market", A1="kick_dusty")
    someone = visit(instance)
    page = someone.page
    page.goto(f"{instance.url}/kits/{kit}/")
    pad(page, "A1").focus()
    page.keyboard.press("Alt+ArrowDown")
    assert_soon(instance, kit, {"A5": "kick_dusty"})
    page.keyboard.press("Alt+ArrowDown")
    assert_soon(instance, kit, {"A9": "kick_dusty"})
    assert instance.stop() == 0
    instance.start()
    page.goto(instance.link)
    page.goto(f"{instance.url}/kits/{kit}/")
    expect(page.get_by_role("button", name="Undo: moved kick_dusty to A9")).to_be_enabled()
    page.keyboard.press("Control+z")
    assert_soon(instance, kit, {"A5": "kick_dusty"})
    page.keyboard.press("Control+z")
    assert_soon(instance, kit, {"A1": "kick_dusty"})


def test_an_arrow_with_shift_steps_along_the_hits(serve, visit, tmp_path):
    instance = serve()
    hit = tone(0.1, 200)
    rest = np.zeros((48_000 - len(hit), *hit.shape[1:]), hit.dtype)
    write(tmp_path / "Bench" / "loop.wav", np.concatenate([hit, rest] * 3))
    instance.take_in(tmp_path / "Bench")
    someone = visit(instance)
    page = someone.page
    page.get_by_role("button", name="Auto-play").click()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-deck=title]")).to_have_text("loop")
    page.keyboard.press("Shift+ArrowRight")
    until_at(page, 1.0)
    page.keyboard.press("Shift+ArrowRight")
    until_at(page, 2.0)
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.wait_for_url("**/slice/")


def until_at(page: Page, seconds: float) -> None:
    """Wait until the deck plays from about here on."""
    page.wait_for_function(
        "seconds => { const at = Number(document.querySelector('[data-deck=at]').textContent);"
        " return at > seconds - 0.05 && at < seconds + 0.6; }",
        arg=seconds,
    )


def assert_soon(instance, kit: int, pads: dict[str, str]) -> None:
    """Wait until exactly these pads are filled."""
    instance.until("SELECT count(*) = ? FROM kits_pad WHERE kit_id = ?", len(pads), kit, seconds=20)
    for address, title in pads.items():
        instance.until(
            "SELECT count(*) FROM kits_pad WHERE kit_id = ? AND bank || number = ? AND title = ?",
            kit,
            address,
            title,
            seconds=20,
        )
