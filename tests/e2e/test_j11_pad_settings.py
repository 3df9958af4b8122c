"""J11: what is set on a pad is heard at once and still there tomorrow."""

import json
import math

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.folders import write

RATE = 48_000
PEAKS = {"bass_upright_A1": 0.5, "kick": 0.8, "snare": 0.25, "hat": 0.06, "clap": 0.4}
TABLE = "level, pan, pitch, play, mute_group, start, end"


@pytest.fixture
def bench(serve, tmp_path):
    """Return a product with a bass of 1.9 s on A9 and four sounds of other levels on A1 to A4."""
    instance = serve()
    for number, (name, peak) in enumerate(PEAKS.items()):
        seconds = 0.6 if number else 1.9
        samples = np.zeros((round(seconds * RATE), 1), np.float32)
        samples += (
            peak * np.sin(np.arange(len(samples)) * 2 * np.pi * (220 + 70 * number) / RATE)[:, None]
        )
        write(tmp_path / "Bench" / f"{name}.wav", samples, rate=RATE)
    instance.take_in(tmp_path / "Bench")
    pads = dict(zip(("A9", "A1", "A2", "A3", "A4"), PEAKS, strict=True))
    instance.kit = instance.make_kit("Night Market", **pads)
    instance.rows("UPDATE kits_pad SET play = 'one-shot'")
    return instance


def kept(instance, pad: str) -> tuple:
    """Return what the database has of a pad."""
    sql = f"SELECT {TABLE} FROM kits_pad WHERE kit_id = ? AND bank || number = ?"  # noqa: S608
    return instance.rows(sql, instance.kit, pad)[0]


def steps(instance, count: int) -> None:
    """Wait until the kit has so many steps that count."""
    instance.until(
        "SELECT count(*) = ? FROM kits_kitedit WHERE kit_id = ? AND NOT undone",
        count,
        instance.kit,
        seconds=10,
    )


def labels(instance) -> list[str]:
    sql = "SELECT label FROM kits_kitedit WHERE kit_id = ? AND NOT undone ORDER BY id"
    return [label for (label,) in instance.rows(sql, instance.kit)]


def sound(page: Page, pad: str) -> dict:
    """Return what the page would play of a pad now, to the microsecond."""
    says = json.loads(page.locator(f"#pad-{pad}").get_attribute("data-sound"))
    return {
        name: round(value, 6) if isinstance(value, float) else value for name, value in says.items()
    }


def press_often(page: Page, key: str, times: int) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def choose(page: Page, word: str) -> None:
    page.locator("#settings label").get_by_text(word, exact=True).click()


def loudness(instance) -> list[float]:
    """Return how loud the pads of bank A are in LUFS, by the common law of levels."""
    rows = instance.rows(
        "SELECT loudness_lufs, level FROM kits_pad JOIN library_sample "
        "ON library_sample.id = sample_id WHERE kit_id = ?",
        instance.kit,
    )
    return [lufs + 40 * math.log10(level / 127) for lufs, level in rows]


def fader(page: Page, name: str) -> Locator:
    return page.get_by_label(name, exact=True)


def test_settings_persist_and_are_heard(bench, visit):
    someone = visit(bench)
    page = someone.page
    page.goto(f"{bench.url}/kits/{bench.kit}/?pad=A9&probe=1")
    expect(page.locator("#trim-end")).to_have_attribute("aria-valuetext", "1.900 seconds")

    choose(page, "Gate")
    assert sound(page, "A9") == {"play": "gate"}
    steps(bench, 1)
    fader(page, "Volume").focus()
    press_often(page, "ArrowLeft", 27)
    assert sound(page, "A9")["level"] == 100, "it is heard before it is saved"
    steps(bench, 2)
    page.locator("#set-pan").fill("L8")
    assert sound(page, "A9")["pan"] == -8
    steps(bench, 3)
    fader(page, "Pitch").focus()
    press_often(page, "ArrowLeft", 4)
    assert sound(page, "A9")["rate"] == round(2 ** (-4 / 12), 6)
    steps(bench, 4)
    choose(page, "C")
    steps(bench, 5)
    page.get_by_role("slider", name="End").focus()
    press_often(page, "Shift+ArrowLeft", 41)
    press_often(page, "ArrowLeft", 8)
    assert sound(page, "A9")["end"] == 1.482
    steps(bench, 6)
    assert labels(bench) == [
        "set play mode of A9 to gate",
        "set volume of A9 to 100",
        "set pan of A9 to L8",
        "set pitch of A9 to -4",
        "put A9 in mute group C",
        "set end of A9 to 1.482 s",
    ]

    assert kept(bench, "A9") == (100, -8, -4, "gate", "C", 0, round(1.482 * RATE))
    heard = sound(page, "A9")
    page.reload()
    expect(page.locator("#play-gate")).to_be_checked()
    expect(page.locator("#set-level")).to_have_value("100")
    expect(page.locator("#set-pan")).to_have_value("L8")
    expect(page.locator("#set-pitch")).to_have_value("-4")
    expect(page.locator("#group-C")).to_be_checked()
    expect(page.locator("#trim-end")).to_have_attribute("aria-valuetext", "1.482 seconds")
    expect(page.locator(".ft")).to_contain_text("1.482 s kept of 1.900")
    assert sound(page, "A9") == heard, "the page and the server agree on what is heard"
    someone.check()


def test_a_voice_that_sounds_follows_its_controls(bench, visit):
    someone = visit(bench)
    page = someone.page
    page.goto(f"{bench.url}/kits/{bench.kit}/?pad=A9&probe=1")
    choose(page, "Loop")
    page.locator("#pad-A9").click()
    someone.until_voices(1)
    page.wait_for_function("() => window.padEngine?.meter() > -20")
    page.wait_for_timeout(300)  # the meter looks back: it has to be full of the sound
    loud = page.evaluate("window.padEngine.meter()")
    page.locator("#set-level").fill("64")
    page.wait_for_function("loud => window.padEngine.meter() < loud - 10", arg=loud, timeout=10_000)
    assert page.evaluate("window.padEngine.meter()") == pytest.approx(loud - 11.9, abs=1.5)
    page.keyboard.press("Escape")
    someone.until_voices(0)
    someone.check_console()


def test_five_pads_at_once_and_matched_levels(bench, visit):
    someone = visit(bench)
    page = someone.page
    page.goto(f"{bench.url}/kits/{bench.kit}/?pad=A9")
    page.locator("#set-level").fill("90")
    steps(bench, 1)
    for number in range(1, 5):
        page.locator(f"#pad-A{number}").click(modifiers=["Control"])
    expect(page.locator("#insp .hd")).to_contain_text("5 pads")
    expect(page.locator(".pad[aria-selected=true]")).to_have_count(5)
    expect(page.locator("#set-level")).to_have_attribute("placeholder", "–")
    expect(page.locator("#set-level")).to_have_value("")
    expect(page.locator("#set-pan")).to_have_value("C")

    page.locator("#set-pan").fill("R20")
    steps(bench, 2)
    assert {kept(bench, pad)[1] for pad in ("A9", "A1", "A2", "A3", "A4")} == {20}
    assert sound(page, "A3")["pan"] == 20
    expect(page.locator("#insp .hd")).to_contain_text("5 pads")

    before = bench.rows("SELECT * FROM kits_pad WHERE kit_id = ? ORDER BY number", bench.kit)
    assert max(loudness(bench)) - min(loudness(bench)) > 4
    page.get_by_role("button", name="Match 5 levels").click()
    steps(bench, 3)
    assert max(loudness(bench)) - min(loudness(bench)) <= 1
    expect(page.locator("#toasts")).to_contain_text("Matched 5 pads to A3")
    page.locator("#pad-A9").focus()
    page.keyboard.press("Control+z")
    steps(bench, 2)
    after = bench.rows("SELECT * FROM kits_pad WHERE kit_id = ? ORDER BY number", bench.kit)
    assert [row[1:] for row in after] == [row[1:] for row in before]
    someone.check()


def test_several_pads_by_keys_and_by_a_frame(bench, visit):
    someone = visit(bench)
    page = someone.page
    page.goto(f"{bench.url}/kits/{bench.kit}/?pad=A1")
    page.locator("#pad-A1").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".pad[aria-selected=true]")).to_have_count(1)
    page.keyboard.press("Control+Space")
    expect(page.locator(".pad[aria-selected=true]")).to_have_count(1)
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#insp .hd")).to_contain_text("2 pads")
    page.keyboard.press("Control+m")
    steps(bench, 1)
    assert labels(bench) == ["muted 2 pads"]
    expect(page.locator("#pad-A3 [data-badge=MUTED]")).to_be_attached()
    page.keyboard.press("Escape")
    expect(page.locator(".pad[aria-selected=true]")).to_have_count(1)
    page.keyboard.press("Control+a")
    expect(page.locator(".pad[aria-selected=true]")).to_have_count(5)
    page.keyboard.press("Escape")

    first, second = (page.locator(f"#pad-{pad}").bounding_box() for pad in ("A1", "A2"))
    page.mouse.move(first["x"] - 12, first["y"] + 20)
    page.mouse.down()
    page.mouse.move(second["x"] + 20, second["y"] + 60, steps=6)
    expect(page.locator(".marquee")).to_be_visible()
    page.mouse.up()
    expect(page.locator("#insp .hd")).to_contain_text("2 pads")
    someone.check_console()


def test_settings_are_copied_without_the_sound(bench, visit):
    someone = visit(bench)
    page = someone.page
    page.goto(f"{bench.url}/kits/{bench.kit}/?pad=A9")
    page.locator("#set-level").fill("70")
    steps(bench, 1)
    page.get_by_role("slider", name="Start").focus()
    page.keyboard.press("Shift+ArrowRight")
    steps(bench, 2)
    page.locator("#pad-A9").focus()
    page.keyboard.press("Control+c")
    page.locator("#pad-A2").focus()
    page.keyboard.press("Control+Shift+v")
    steps(bench, 3)
    assert kept(bench, "A2") == (70, 0, 0, "one-shot", "", 0, None)
    assert bench.pads(bench.kit)["A2"] == "snare"
    page.locator("#pad-A3").click(button="right")
    page.get_by_role("menuitem", name="Paste settings").click()
    steps(bench, 4)
    assert kept(bench, "A3")[0] == 70
    someone.check_console()


def test_a_handle_by_hand_and_on_a_zero_crossing(bench, visit):
    someone = visit(bench)
    page = someone.page
    page.goto(f"{bench.url}/kits/{bench.kit}/?pad=A9")
    face = page.locator("#pad-A9 .wave path")
    whole = face.get_attribute("d")
    box = page.locator("#trim-end").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y, steps=6)
    page.mouse.up()
    steps(bench, 1)
    end = kept(bench, "A9")[6]
    wide = page.locator("#trim").bounding_box()["width"]
    assert end == pytest.approx(1.9 * RATE - 60 / wide * 0.5 * RATE, abs=200), "half a second shown"
    expect(face).not_to_have_attribute("d", whole)

    slider = page.get_by_role("slider", name="Start")
    slider.focus()
    press_often(page, "Alt+ArrowRight", 3)
    expect(slider).to_have_attribute("aria-valuenow", "3")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("z")
    half = RATE / 220 / 2
    page.wait_for_function(
        "half => { const at = document.getElementById('trim-start').ariaValueNow;"
        " return Math.abs(at / half - Math.round(at / half)) * half <= 1; }",
        arg=half,
    )
    steps(bench, 2)
    someone.check()


def test_bank_and_kit_keep_their_tempo(bench, visit):
    someone = visit(bench)
    page = someone.page
    page.goto(f"{bench.url}/kits/{bench.kit}/")
    page.get_by_label("Tempo of bank A").fill("92.5")
    steps(bench, 1)
    page.get_by_label("Bank A volume", exact=True).focus()
    press_often(page, "ArrowLeft", 2)
    assert page.locator("#bank-A").get_attribute("data-volume") == "125"
    steps(bench, 2)
    page.get_by_label("Whole kit").check()
    steps(bench, 3)
    rows = bench.rows("SELECT letter, tempo, volume FROM kits_kitbank WHERE kit_id = ?", bench.kit)
    assert rows == [("A", 92.5, 125)]
    page.keyboard.press("Control+z")
    steps(bench, 2)
    expect(page.get_by_label("Whole kit")).not_to_be_checked()
    someone.check()


def test_a_finger_selects_several_and_everything_has_room(bench, visit):
    someone = visit(bench, "phone")
    page = someone.page
    page.goto(f"{bench.url}/kits/{bench.kit}/?pad=A9")
    page.locator("#pad-A1").dispatch_event("contextmenu")
    page.get_by_role("menuitem", name="Select several pads").tap()
    page.locator("#pad-A2").tap()
    page.locator("#pad-A3").tap()
    expect(page.locator("#insp .hd")).to_contain_text("3 pads")
    page.get_by_role("link", name="Select one").tap()
    expect(page.locator(".pad[aria-selected=true]")).to_have_count(1)
    small = page.evaluate(
        "[...document.querySelectorAll('.insp :is(button, label:has(input), summary, a, select,"
        " .num input, [role=slider])')].filter((each) => each.checkVisibility()).map((each) =>"
        " [each.outerHTML.slice(0, 80), each.getBoundingClientRect().height])"
        ".filter(([, height]) => height < 44)"
    )
    assert small == []
    someone.check()


def test_without_scripts_a_form_saves(bench, visit):
    someone = visit(bench, java_script_enabled=False)
    page = someone.page
    page.goto(f"{bench.url}/kits/{bench.kit}/?pad=A9")
    page.locator("#set-level").fill("100")
    page.locator("#set-pan").fill("L8")
    choose(page, "Gate")
    page.get_by_label("End, in frames").fill("70000")
    someone.send("Save settings")
    assert kept(bench, "A9") == (100, -8, 0, "gate", "", 0, 70_000)
    expect(page.locator("#set-level")).to_have_value("100")
    page.get_by_label("Tempo of bank A").fill("100")
    someone.send("Save bank")
    assert bench.one("SELECT tempo FROM kits_kitbank WHERE kit_id = ?", bench.kit) == 100


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_without_scripts_everything_has_room(bench, visit, size):
    page = visit(bench, size, java_script_enabled=False).page
    page.goto(f"{bench.url}/kits/{bench.kit}/?pad=A9")
    for labels in (page.locator(".seg.plays label"), page.locator(".letters label")):
        boxes = [one.bounding_box() for one in labels.all()]
        assert min(box["width"] for box in boxes) >= 20
    play, other = (
        page.locator(f"label:has(#play-{one})").bounding_box() for one in ("gate", "loop")
    )
    assert play["x"] + play["width"] <= other["x"]
    panel = page.locator("aside.insp")
    right = panel.bounding_box()["x"] + panel.bounding_box()["width"]
    assert max(box["x"] + box["width"] for box in boxes) <= right
    if size == "desk":
        length, key = (page.locator(f".brow {one}").first.bounding_box() for one in (".at", ".put"))
        assert length["x"] + length["width"] <= key["x"]


def test_a_field_that_was_emptied_says_what_it_takes(bench, visit):
    page = visit(bench).page
    page.goto(f"{bench.url}/kits/{bench.kit}/?pad=A9")
    for name, words in {
        "level": "Volume goes from 0 to 127.",
        "pitch": "Pitch goes from −12 to 12.",
        "pan": "Pan is L50 to R50, C, MONO L or MONO R.",
        "tempo": "Tempo of bank A goes from 40 to 200.",
    }.items():
        page.locator(f"#set-{name}").fill("")
        page.keyboard.press("Tab")
        expect(page.locator("#live")).to_have_text(words)


def test_what_differs_says_so_until_it_is_chosen(bench, visit):
    bench.rows(
        "UPDATE kits_pad SET play = 'loop', direction = 1, mute_group = 'A'"
        " WHERE number = 1 AND kit_id = ?",
        bench.kit,
    )
    someone = visit(bench)
    page = someone.page
    page.goto(f"{bench.url}/kits/{bench.kit}/?pad=A9")
    page.locator("#pad-A1").click(modifiers=["Control"])
    for name in ("Play, mixed", "Mute group, mixed"):
        expect(page.get_by_role("group", name=name, exact=True)).to_be_attached()
    expect(page.locator("#insp small").filter(has_text="mixed")).to_have_count(3)
    choose(page, "Gate")
    choose(page, "B")
    page.get_by_role("button", name="Reverse").click()
    expect(page.locator("#insp .differ")).to_have_count(0)
    someone.check()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_handles_of_a_tiny_region_can_both_be_taken(bench, visit, size):
    sql = "UPDATE kits_pad SET start = 30000, end = 30480, play = 'loop' WHERE kit_id = ?"
    bench.rows(sql, bench.kit)
    someone = visit(bench, size)
    page = someone.page
    page.goto(f"{bench.url}/kits/{bench.kit}/?pad=A9")
    first, last = (page.get_by_role("slider", name=name, exact=True) for name in ("Start", "End"))
    expect(first).to_be_visible()
    boxes = [one.bounding_box() for one in (first, last)]
    assert all(box["width"] >= (44 if size == "phone" else 24) for box in boxes)
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"] + 3  # beside each other
    someone.check()
