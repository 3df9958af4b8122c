"""J6: dragging onto pads, replacing, swapping, and taking all of it back."""

import base64
import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.folders import tone, write
from tests.e2e.visit import Visit

NAMES = ["kick_dusty_07", "snare_paper", "hat_closed", "rhodes_turn", "vox_stay"]
LOUD = "UPDATE kits_pad SET level = 90, pan = -8, pitch = -4, mute_group = 'C' WHERE number = 1"


@pytest.fixture
def bench(serve, tmp_path):
    """Return a product whose bench kit has A1, with settings, and A2 loaded and A15 empty."""
    instance = serve()
    for number, name in enumerate(NAMES):
        write(tmp_path / "Bench" / f"{name}.wav", tone(0.5, 150 + 60 * number))
    instance.take_in(tmp_path / "Bench")
    instance.kit = instance.make_kit("Night Market", A1="kick_dusty_07", A2="snare_paper")
    instance.rows(LOUD)
    return instance


def snapshot(instance) -> str:
    """Return the kit as JSON, with every field of every pad but its row's number."""
    names = [column[1] for column in instance.rows("PRAGMA table_info(kits_pad)")]
    rows = instance.rows(
        "SELECT * FROM kits_pad WHERE kit_id = ? ORDER BY bank, number", instance.kit
    )
    pads = [dict(zip(names, row, strict=True)) for row in rows]
    return json.dumps([{name: pad[name] for name in names if name != "id"} for pad in pads])


def settings(instance, address: str) -> tuple:
    """Return level, pan, pitch and mute group of a pad."""
    return instance.rows(
        "SELECT level, pan, pitch, mute_group FROM kits_pad WHERE bank || number = ?", address
    )[0]


def row(page: Page, title: str) -> Locator:
    return page.locator(f"#rows [data-title={title}] .t")


def pad(page: Page, address: str) -> Locator:
    return page.locator(f"[data-pads] [data-pad={address}]")


def ghost(page: Page) -> Locator:
    return page.locator(".ghost")


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def lift(page: Page, source: Locator) -> None:
    """Press on the source and begin to carry it; does not let go."""
    x, y = middle(source)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y + 10, steps=3)


def over(page: Page, target: Locator) -> None:
    """Carry it over the target."""
    x, y = middle(target)
    page.mouse.move(x - 20, y - 20, steps=6)
    page.mouse.move(x, y, steps=4)


def drag(page: Page, source: Locator, target: Locator) -> None:
    lift(page, source)
    over(page, target)


def holds(page: Page, address: str, title: str) -> None:
    expect(pad(page, address)).to_have_attribute("data-title", title)


def in_library(bench, visit) -> Visit:
    someone = visit(bench)
    # What takes drags comes after the page; it makes one pad the way in with Tab.
    expect(someone.page.locator("#dock .pad[tabindex='0']")).to_have_count(1)
    return someone


def open_kit(bench, page: Page) -> None:
    page.goto(f"{bench.url}/kits/{bench.kit}/")
    expect(page.locator("#stage .pad")).to_have_count(16)
    page.wait_for_load_state("networkidle")


def test_assign_replace_swap_undo(bench, visit):
    someone = in_library(bench, visit)
    page = someone.page
    start = snapshot(bench)
    mine = settings(bench, "A1")
    drag(page, row(page, "rhodes_turn"), pad(page, "A15"))
    expect(ghost(page)).to_contain_text("to A15, empty")
    expect(ghost(page)).to_contain_text("rhodes_turn")
    expect(ghost(page).locator("svg.wave")).to_be_attached()
    expect(page.locator("#live")).to_have_text("to A15, empty")
    page.mouse.up()
    holds(page, "A15", "rhodes_turn")
    assert bench.pads(bench.kit)["A15"] == "rhodes_turn"

    drag(page, pad(page, "A1"), pad(page, "A2"))
    expect(ghost(page)).to_contain_text("swaps with snare_paper")
    page.mouse.up()
    holds(page, "A1", "snare_paper")
    holds(page, "A2", "kick_dusty_07")
    assert settings(bench, "A2") == mine, "settings did not travel with the pad"

    drag(page, row(page, "hat_closed"), pad(page, "A1"))
    expect(ghost(page)).to_contain_text("replaces snare_paper")
    expect(pad(page, "A1")).to_have_class(re.compile(r"\breplace\b"))
    shadow = pad(page, "A1").evaluate("pad => getComputedStyle(pad).boxShadow")
    assert "0.195 27" in shadow  # --rec: the red outline
    page.mouse.up()
    holds(page, "A1", "hat_closed")
    assert bench.pads(bench.kit) == {
        "A1": "hat_closed", "A2": "kick_dusty_07", "A15": "rhodes_turn",
    }  # fmt: skip

    undo = page.locator("#undo-keys button").first
    for label, words in (
        ("Undo: put hat_closed on A1", "Undone: put hat_closed on A1."),
        ("Undo: swapped A1 and A2", "Undone: swapped A1 and A2."),
        ("Undo: put rhodes_turn on A15", "Undone: put rhodes_turn on A15."),
    ):
        expect(undo).to_have_attribute("aria-label", label)
        page.keyboard.press("Control+z")
        expect(page.locator("#toasts")).to_contain_text(words)
    assert snapshot(bench) == start
    holds(page, "A1", "kick_dusty_07")
    someone.check()


def test_the_red_outline_names_what_goes(bench, visit):
    """The words of the journey itself: another row over the loaded A1."""
    someone = in_library(bench, visit)
    page = someone.page
    drag(page, row(page, "vox_stay"), pad(page, "A1"))
    expect(ghost(page)).to_contain_text("replaces kick_dusty_07")
    page.mouse.up()
    expect(page.locator("#toasts")).to_contain_text(
        "vox_stay is now on A1, replacing kick_dusty_07."
    )
    page.get_by_role("button", name="Undo", exact=True).last.click()
    holds(page, "A1", "kick_dusty_07")
    someone.check_console()


def test_escape_in_mid_drag_changes_nothing(bench, visit):
    someone = in_library(bench, visit)
    page = someone.page
    start = snapshot(bench)
    drag(page, row(page, "vox_stay"), pad(page, "A1"))
    expect(ghost(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(ghost(page)).to_have_count(0)
    expect(page.locator("#live")).to_have_text("Nothing was changed")
    page.mouse.up()
    page.wait_for_timeout(300)
    assert snapshot(bench) == start
    assert bench.one("SELECT count(*) FROM kits_kitedit") == 0
    someone.check()


def test_several_sounds_are_previewed_in_their_order(bench, visit):
    someone = in_library(bench, visit)
    page = someone.page
    for title in ("hat_closed", "rhodes_turn", "vox_stay"):
        row(page, title).click(modifiers=["Control"])
    drag(page, row(page, "vox_stay"), pad(page, "A1"))
    expect(ghost(page)).to_contain_text("3 sounds")
    expect(ghost(page)).to_contain_text("free pads A3 to A5")
    for number, address in enumerate(("A3", "A4", "A5"), start=1):
        expect(pad(page, address)).to_have_attribute("data-order", str(number))
    page.mouse.up()
    holds(page, "A5", "vox_stay")
    assert list(bench.pads(bench.kit)) == ["A1", "A2", "A3", "A4", "A5"]
    page.keyboard.press("Control+z")
    expect(pad(page, "A5")).to_have_class(re.compile(r"\bempty\b"))
    assert list(bench.pads(bench.kit)) == ["A1", "A2"]
    someone.check_console()


def test_alt_moves_the_others_down(bench, visit):
    someone = in_library(bench, visit)
    page = someone.page
    drag(page, row(page, "vox_stay"), pad(page, "A1"))
    page.keyboard.down("Alt")
    expect(ghost(page)).to_contain_text("to A1, the others move down")
    page.mouse.up()
    page.keyboard.up("Alt")
    holds(page, "A1", "vox_stay")
    assert bench.pads(bench.kit) == {"A1": "vox_stay", "A2": "kick_dusty_07", "A3": "snare_paper"}
    assert settings(bench, "A2") == (90, -8, -4, "C")
    someone.check_console()


def test_ctrl_copies_a_pad_with_its_settings(bench, visit):
    someone = visit(bench)
    page = someone.page
    open_kit(bench, page)
    drag(page, pad(page, "A1"), pad(page, "A6"))
    expect(ghost(page)).to_contain_text("to A6, empty")
    page.keyboard.down("Control")
    expect(ghost(page)).to_contain_text("copies to A6, empty")
    page.mouse.up()
    page.keyboard.up("Control")
    holds(page, "A6", "kick_dusty_07")
    holds(page, "A1", "kick_dusty_07")
    assert settings(bench, "A6") == (90, -8, -4, "C")
    someone.check_console()


def test_a_bank_key_opens_its_bank_and_dragging_goes_on(bench, visit):
    someone = visit(bench)
    page = someone.page
    open_kit(bench, page)
    lift(page, pad(page, "A1"))
    over(page, page.get_by_role("tab", name=re.compile("^Bank C")))
    expect(ghost(page)).to_contain_text("stay to open bank C")
    expect(pad(page, "C1")).to_be_visible()
    over(page, pad(page, "C4"))
    expect(ghost(page)).to_contain_text("to C4, empty")
    page.mouse.up()
    holds(page, "C4", "kick_dusty_07")
    assert bench.pads(bench.kit) == {"A2": "snare_paper", "C4": "kick_dusty_07"}
    someone.check()


@pytest.mark.parametrize("where", [".face", ".trash-key"])
def test_outside_of_the_stage_and_on_the_trash_key_a_pad_is_cleared(bench, visit, where):
    someone = visit(bench)
    page = someone.page
    open_kit(bench, page)
    lift(page, pad(page, "A2"))
    over(page, page.locator(where))
    expect(ghost(page)).to_contain_text("clears A2")
    page.mouse.up()
    expect(pad(page, "A2")).to_have_class(re.compile(r"\bempty\b"))
    assert bench.pads(bench.kit) == {"A1": "kick_dusty_07"}
    someone.check_console()


def drop_files(page: Page, target: Locator, files: dict[str, bytes]) -> None:
    """Drop files of the computer as the browser's own drag does."""
    data = page.evaluate_handle(
        """files => {
          const data = new DataTransfer();
          for (const [name, text] of files) {
            const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
            data.items.add(new File([bytes], name));
          }
          return data;
        }""",
        [[name, base64.b64encode(content).decode()] for name, content in files.items()],
    )
    for kind in ("dragenter", "dragover"):
        target.dispatch_event(kind, {"dataTransfer": data})
    taken = re.compile(r"\b(over|replace)\b")
    for _ in range(50):  # what takes them is loaded with the first of them
        target.dispatch_event("dragover", {"dataTransfer": data})
        if taken.search(target.get_attribute("class")):
            break
        page.wait_for_timeout(200)
    expect(target).to_have_class(taken)
    target.dispatch_event("drop", {"dataTransfer": data})


@pytest.mark.parametrize("is_kit", [True, False])
def test_files_of_the_computer_go_up_and_onto_pads_in_their_order(bench, visit, is_kit, tmp_path):
    someone = in_library(bench, visit)
    page = someone.page
    if is_kit:
        open_kit(bench, page)
    files = {"notes.txt": b"no sound at all"}
    for number in (2, 10, 1):
        write(tmp_path / "take.wav", tone(0.3, 200 + 30 * number))
        files[f"take_{number}.wav"] = (tmp_path / "take.wav").read_bytes()
    drop_files(page, pad(page, "A2"), files)
    holds(page, "A4", "take_10")
    bench.until("SELECT count(*) = 4 FROM kits_pad WHERE kit_id = ?", bench.kit)
    assert bench.pads(bench.kit) == {
        "A1": "kick_dusty_07", "A2": "take_1", "A3": "take_2", "A4": "take_10",
    }  # fmt: skip
    expect(page.locator("#toasts")).to_contain_text("1 of 4 files could not be put on a pad")
    someone.check()
