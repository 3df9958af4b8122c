"""J17: one kit in two windows; no edit is lost silently."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.folders import tone, write

NAMES = ["kick_dusty_07", "snare_paper", "hat_closed", "rhodes_turn"]
CHANGED = "This kit was changed in another window."


@pytest.fixture
def bench(serve, tmp_path):
    """Return a product whose bench kit has A1 and A2 loaded."""
    instance = serve()
    for number, name in enumerate(NAMES):
        write(tmp_path / "Bench" / f"{name}.wav", tone(0.5, 150 + 60 * number))
    instance.take_in(tmp_path / "Bench")
    instance.kit = instance.make_kit("Night Market", A1="kick_dusty_07", A2="snare_paper")
    return instance


def pad(page: Page, address: str) -> Locator:
    return page.locator(f"[data-pads] [data-pad={address}]")


def open_kit(instance, page: Page) -> Page:
    page.goto(f"{instance.url}/kits/{instance.kit}/")
    expect(page.get_by_role("gridcell")).to_have_count(16)
    return page


def move(page: Page, address: str, key: str) -> None:
    """Move a pad to the neighbour that an arrow key leads to."""
    pad(page, address).focus()
    page.keyboard.press(f"Alt+{key}")


def put(page: Page, title: str, address: str) -> None:
    """Put a sound of the list beside the pads on a pad."""
    pad(page, address).click()
    page.get_by_role("button", name=f"Play {title}").focus()
    page.keyboard.press("Enter")


def toast(page: Page) -> Locator:
    return page.locator("#toasts")


def stays(page: Page) -> None:
    """Mark the page, to know later that it was never loaded anew."""
    page.evaluate("window.isTheSame = true")


def check_same(page: Page) -> None:
    assert page.evaluate("window.isTheSame === true"), "the page was loaded anew"


def test_the_later_window_is_told_sees_the_latest_and_does_it_again(bench, visit):
    one = visit(bench)
    first = open_kit(bench, one.page)
    second = open_kit(bench, one.context.new_page())
    stays(second)
    move(first, "A1", "ArrowDown")
    expect(pad(first, "A5")).to_have_attribute("data-title", "kick_dusty_07")

    put(second, "hat_closed", "A1")
    expect(toast(second)).to_contain_text(CHANGED)
    assert bench.pads(bench.kit) == {"A2": "snare_paper", "A5": "kick_dusty_07"}
    expect(pad(second, "A5")).to_have_attribute("data-title", "kick_dusty_07")
    expect(pad(second, "A1")).to_have_class("pad empty sel")
    expect(second.get_by_role("button", name="Undo: moved kick_dusty_07 to A5")).to_be_visible()
    expect(second.locator("#insp")).to_have_attribute("data-pad", "A1")
    expect(second.locator("#insp")).to_contain_text("Empty")
    expect(second.locator("#kit-count")).to_contain_text("2/16 in A")

    second.get_by_role("button", name="Apply again").click()
    expect(pad(second, "A1")).to_have_attribute("data-title", "hat_closed")
    expect(second.locator("#live")).to_contain_text("Applied again: hat_closed is on A1.")
    assert bench.pads(bench.kit) == {
        "A1": "hat_closed", "A2": "snare_paper", "A5": "kick_dusty_07",
    }  # fmt: skip
    check_same(second)
    one.check()


def test_several_acts_that_were_sent_at_once_are_done_again_in_order(bench, visit):
    one = visit(bench)
    first = open_kit(bench, one.page)
    second = open_kit(bench, one.context.new_page())
    move(first, "A2", "ArrowRight")
    expect(pad(first, "A3")).to_have_attribute("data-title", "snare_paper")

    pad(second, "A5").click()
    asked = []

    def hold_the_first(route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    second.route("**/assign/", hold_the_first)
    for title in ("hat_closed", "rhodes_turn"):
        second.get_by_role("button", name=f"Play {title}").focus()
        second.keyboard.press("Enter")
    second.wait_for_timeout(100)
    assert len(asked) == 1  # the other waits for its answer
    asked[0].continue_()
    expect(toast(second)).to_contain_text(CHANGED)
    second.get_by_role("button", name="Apply 2 again").click()
    expect(pad(second, "A5")).to_have_attribute("data-title", "rhodes_turn")
    labels = [row[0] for row in bench.rows("SELECT label FROM kits_kitedit ORDER BY id")]
    assert labels == ["moved snare_paper to A3", "put hat_closed on A5", "put rhodes_turn on A5"]
    one.check()


def test_keys_that_waited_for_an_act_that_was_not_done_say_so(bench, visit):
    one = visit(bench)
    first = open_kit(bench, one.page)
    second = open_kit(bench, one.context.new_page())
    move(first, "A2", "ArrowRight")
    expect(pad(first, "A3")).to_have_attribute("data-title", "snare_paper")
    move(second, "A1", "ArrowDown")
    second.keyboard.press("Alt+ArrowDown")
    expect(toast(second)).to_contain_text("The keys pressed after that did nothing.")
    second.get_by_role("button", name="Apply again").click()
    expect(pad(second, "A5")).to_have_attribute("data-title", "kick_dusty_07")
    one.check_console()


def test_what_cannot_be_done_again_is_said(bench, visit):
    one = visit(bench)
    first = open_kit(bench, one.page)
    second = open_kit(bench, one.context.new_page())
    pad(first, "A1").focus()
    first.keyboard.press("Delete")
    expect(pad(first, "A1")).to_have_class("pad empty sel")
    move(second, "A1", "ArrowDown")
    expect(toast(second)).to_contain_text(CHANGED)
    second.get_by_role("button", name="Apply again").click()
    expect(toast(second)).to_contain_text("A1 is empty.")
    assert bench.pads(bench.kit) == {"A2": "snare_paper"}
    one.check_console()


def test_undo_of_an_older_state_undoes_nothing_of_the_other_window(bench, visit):
    one = visit(bench)
    first = open_kit(bench, one.page)
    move(first, "A1", "ArrowDown")
    expect(pad(first, "A5")).to_have_attribute("data-title", "kick_dusty_07")
    second = open_kit(bench, one.context.new_page())
    move(first, "A2", "ArrowRight")
    expect(pad(first, "A3")).to_have_attribute("data-title", "snare_paper")
    pad(second, "A5").focus()
    second.keyboard.press("Control+z")
    expect(toast(second)).to_contain_text(CHANGED)
    expect(second.get_by_role("button", name="Apply again")).to_have_count(0)
    assert bench.pads(bench.kit) == {"A3": "snare_paper", "A5": "kick_dusty_07"}
    expect(second.get_by_role("button", name="Undo: moved snare_paper to A3")).to_be_visible()
    second.keyboard.press("Control+z")
    expect(pad(second, "A2")).to_have_attribute("data-title", "snare_paper")
    one.check_console()


def test_the_bench_beside_the_library_follows_too(bench, visit):
    one = visit(bench)
    page = one.page
    expect(page.locator("#dock .pad")).to_have_count(16)
    stays(page)
    kit = open_kit(bench, one.context.new_page())
    move(kit, "A1", "ArrowDown")
    expect(pad(kit, "A5")).to_have_attribute("data-title", "kick_dusty_07")

    pad(page, "A2").focus()
    page.keyboard.press("Delete")
    expect(toast(page)).to_contain_text(CHANGED)
    expect(pad(page, "A5")).to_have_attribute("data-title", "kick_dusty_07")
    assert bench.pads(bench.kit) == {"A2": "snare_paper", "A5": "kick_dusty_07"}
    page.get_by_role("button", name="Apply again").click()
    expect(pad(page, "A2")).not_to_have_attribute("data-title", "snare_paper")
    page.keyboard.press("Control+z")
    expect(pad(page, "A2")).to_have_attribute("data-title", "snare_paper")
    check_same(page)
    one.check()


def test_the_picker_shows_the_latest_and_waits_for_another_press(bench, visit):
    one = visit(bench)
    page = one.page
    page.keyboard.press("ArrowDown")
    title = page.locator("#rows .row.cur").get_attribute("data-title")
    page.keyboard.press("p")
    expect(page.get_by_role("dialog")).to_be_visible()
    kit = open_kit(bench, one.context.new_page())
    move(kit, "A1", "ArrowRight")
    expect(pad(kit, "A1")).to_have_attribute("data-title", "snare_paper")

    page.bring_to_front()
    page.keyboard.press("q")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_contain_text(CHANGED)
    expect(dialog.get_by_role("button", name="Pad A1, snare_paper")).to_be_visible()
    page.keyboard.press("q")
    expect(dialog).to_be_hidden()
    expect(pad(page, "A5")).to_have_attribute("data-title", title)
    one.check()


def test_without_scripts_the_form_is_told_and_shows_the_latest(bench, visit):
    one = visit(bench, java_script_enabled=False)
    page: Page = one.page
    page.goto(f"{bench.url}/kits/{bench.kit}/?bank=A&pad=A2")
    other = page.context.new_page()
    move_without_scripts(bench, other, "A1", "A5")
    page.locator("summary", has_text="Move or copy").click()
    page.get_by_label("Move or copy to").select_option("A5")
    with page.expect_navigation():
        page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text(CHANGED)).to_be_visible()
    expect(page.get_by_role("gridcell", name="Pad A5, kick_dusty_07")).to_be_visible()
    assert bench.pads(bench.kit) == {"A2": "snare_paper", "A5": "kick_dusty_07"}
    one.check_console()


def move_without_scripts(bench, page: Page, source: str, target: str) -> None:
    """Move a pad by the form of the inspector."""
    page.goto(f"{bench.url}/kits/{bench.kit}/?bank=A&pad={source}")
    page.locator("summary", has_text="Move or copy").click()
    page.get_by_label("Move or copy to").select_option(target)
    with page.expect_navigation():
        page.get_by_role("button", name="Move", exact=True).click()
