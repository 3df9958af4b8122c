"""J7: the same without dragging: keys alone."""

import re

from playwright.sync_api import expect

from tests.e2e.folders import tone, write


def test_pads_by_keyboard(serve, visit, tmp_path):
    instance = serve()
    for number, name in enumerate(["kick_dusty", "snare_paper", "hat_closed"]):
        write(tmp_path / "Bench" / f"{name}.wav", tone(0.5, 150 + 60 * number))
    instance.take_in(tmp_path / "Bench")
    kit = instance.make_kit("Night Market", B6="kick_dusty")
    someone = visit(instance)
    page = someone.page
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
    expect(
        page.locator("#live, #toasts").filter(has_text=f"{title} is on B5").first
    ).to_be_attached()
    assert page.evaluate("document.activeElement.dataset.title") == title

    page.goto(f"{instance.url}/kits/{kit}/?bank=B")
    page.get_by_role("gridcell", name=re.compile("^Pad B5")).focus()
    page.keyboard.press("Alt+ArrowRight")
    assert_soon(instance, kit, {"B5": "kick_dusty", "B6": title})
    page.keyboard.press("Control+x")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+v")
    assert_soon(instance, kit, {"B5": "kick_dusty", "B8": title})
    page.keyboard.press("Delete")
    assert_soon(instance, kit, {"B5": "kick_dusty"})
    someone.check()


def assert_soon(instance, kit: int, pads: dict[str, str]) -> None:
    """Wait until exactly these pads are filled."""
    instance.until("SELECT count(*) = ? FROM kits_pad WHERE kit_id = ?", len(pads), kit, seconds=10)
    for address, title in pads.items():
        instance.until(
            "SELECT count(*) FROM kits_pad WHERE kit_id = ? AND bank || number = ? AND title = ?",
            kit,
            address,
            title,
            seconds=10,
        )
