"""Auto-kits and banks of other kits: looked at, changed, written as one step, taken back."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.folders import tone, write

NAMES = ["kick_dusty", "kick_felt", "kick_tight", "snare_paper", "hat_closed", "hat_open"]


@pytest.fixture
def bench(serve, tmp_path):
    """Return a product with six drums and a kit of two hats that choke each other."""
    instance = serve()
    for number, name in enumerate(NAMES):
        write(tmp_path / "Drums" / f"{name}.wav", tone(0.3, 90 + 70 * number))
    instance.take_in(tmp_path / "Drums")
    for name, place in (("kick", "kick"), ("snare", "snare"), ("hat", "hat")):
        instance.rows(
            "UPDATE library_sample SET sample_class = ?, is_loop = 0 WHERE title LIKE ?",
            name,
            f"{place}%",
        )
    instance.kit = instance.make_kit("Hats", C5="hat_closed", C6="hat_open")
    instance.rows("UPDATE kits_pad SET mute_group = 'A' WHERE kit_id = ?", instance.kit)
    return instance


def test_an_auto_kit_is_looked_at_changed_made_and_undone(bench, visit):
    someone = visit(bench)
    page = someone.page
    page.goto(f"{bench.url}/kits/")
    page.get_by_role("link", name="Auto-kit…").click()
    first = page.locator("#pick-A1")
    expect(first).to_contain_text("3 clean kicks")
    before = first.locator("b").inner_text()
    page.get_by_role("button", name="Next best for A1").click()
    expect(first.locator("b")).not_to_have_text(before)
    after = first.locator("b").inner_text()
    assert "pick=A1" in page.url  # a reload keeps what was chosen
    page.get_by_role("link", name=f"Play {after}").click()
    expect(first).to_have_class("pick sounding")
    page.get_by_label("Template").select_option(label="Drums and loops")
    expect(page.locator(".company")).to_contain_text("One-shots left, loops in time right.")
    expect(page.locator("#pick-A3")).to_contain_text("no loop left")
    assert bench.one("SELECT count(*) FROM kits_kit") == 1
    someone.check()

    page.get_by_label("Name of the kit").fill("Night Market")
    page.get_by_role("button", name="Make the kit").click()
    expect(page.get_by_role("heading", name="Night Market")).to_be_visible()
    kit = bench.one("SELECT id FROM kits_kit WHERE name = 'Night Market'")
    pads = bench.pads(kit)
    assert pads["A1"].startswith("kick")
    assert pads["A2"] == "snare_paper"
    assert (
        bench.one("SELECT count(*) FROM kits_pad WHERE kit_id = ? AND mute_group = 'A'", kit) == 2
    )
    page.get_by_role("button", name="Undo: made an auto-kit on bank A").click()
    expect(page.locator(".pad.empty")).to_have_count(16)
    assert bench.pads(kit) == {}
    someone.check()


def test_a_bank_of_another_kit_comes_with_its_settings(bench, visit):
    kit = bench.make_kit("Night Market", A1="kick_dusty", A2="snare_paper")
    bench.rows("UPDATE kits_pad SET mute_group = 'A' WHERE kit_id = ?", kit)
    someone = visit(bench)
    page = someone.page
    page.goto(f"{bench.url}/kits/{kit}/")
    page.get_by_label("Arrange banks and kit").click()
    page.get_by_label("From", exact=True).select_option(label="Hats, bank C, 2 sounds")
    page.get_by_label("On bank").select_option("B")
    someone.check()
    page.get_by_role("button", name="Copy bank").click()
    toast = page.locator("#toasts")
    expect(toast).to_contain_text("Put bank C of Hats on B. Mute group A became B.")
    expect(page.locator("#pad-B5")).to_contain_text("hat closed")
    assert bench.pads(kit)["B6"] == "hat_open"
    expect(page.locator("#kit-menu")).not_to_have_attribute("open", "")
    someone.check()
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator("#pad-B5")).to_have_class("pad empty sel")
    assert list(bench.pads(kit)) == ["A1", "A2"]


def test_on_a_phone_the_menu_is_a_sheet_and_shuffling_is_undone(bench, visit):
    kit = bench.make_kit("Night Market", A1="kick_dusty", A2="kick_felt", A3="kick_tight")
    before = bench.pads(kit)
    someone = visit(bench, "phone")
    page = someone.page
    page.goto(f"{bench.url}/kits/{kit}/")
    page.get_by_label("Arrange banks and kit").tap()
    shuffle = page.get_by_role("button", name="Shuffle within classes")
    expect(shuffle).to_be_visible()
    controls = page.locator(".kitmenu :is(.key, .field, select):visible")
    assert min(box["height"] for box in map(Locator.bounding_box, controls.all())) >= 44
    someone.check()
    shuffle.tap()
    expect(page.locator("#toasts")).to_contain_text("Shuffled bank A within classes.")
    assert bench.pads(kit) != before
    page.get_by_role("button", name="Undo: shuffled bank A within classes").tap()
    expect(page.locator("#toasts")).to_contain_text("Undone")
    assert bench.pads(kit) == before
    page.goto(f"{bench.url}/kits/auto/?kit={kit}&bank=B")
    expect(page.locator("#pick-B3")).to_contain_text("the only clean snare")
    someone.check()


def test_all_of_it_without_scripts(bench, visit):
    someone = visit(bench, java_script_enabled=False)
    page = someone.page
    page.goto(f"{bench.url}/kits/auto/")
    someone.send("Next best for A1")
    someone.send("Make the kit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kit 1")
    page.get_by_label("Arrange banks and kit").click()
    page.get_by_role("link", name="Shuffle, lock, copy, keep as template…").click()
    someone.send("Lock all pads")
    expect(page.locator(".notices")).to_contain_text("Locked 6 pads.")
    assert bench.one("SELECT count(*) FROM kits_pad WHERE locked") == 6
