"""J9: playing a kit by keys: choke, gate, loop, and what must stay silent."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.folders import write

RATE = 48_000
SET = "UPDATE kits_pad SET {} WHERE kit_id = ? AND bank || number = ?"
SOUNDS = (  # seconds and hertz: slow enough that only a click makes a step
    ("kick", 2, 60),
    ("hat_closed", 3, 110),
    ("hat_open", 3, 150),
    ("break_loop", 1, 100),
    ("bass_low", 4, 80),
    ("drone", 61, 70),
)
PADS = {"A1": "kick", "A5": "hat_closed", "A6": "hat_open", "A8": "break_loop", "A9": "bass_low"}
FRENCH = """
    Object.defineProperty(navigator, "keyboard", {value: {getLayoutMap: async () => new Map([
        ["Digit1", "&"], ["Digit2", "é"], ["KeyQ", "a"], ["KeyW", "z"], ["KeyE", "e"],
        ["KeyA", "q"], ["KeyZ", "w"], ["KeyV", "v"],
    ])}});
"""


def sine(seconds: float, hertz: float, peak: float = 0.9) -> np.ndarray:
    """Return a steady tone from zero to zero, frames x 1: every cut of it would click."""
    time = np.arange(round(seconds * RATE)) / RATE
    return (peak * np.sin(2 * np.pi * hertz * time)).astype(np.float32)[:, None]


@pytest.fixture(scope="module")
def night_market(lending, tmp_path_factory):
    """Yield a product with hats in a mute group, a gate bass and a loop."""
    folder = tmp_path_factory.mktemp("played")
    with lending.lent() as instance:
        for name, seconds, hertz in SOUNDS:
            write(folder / "Kit" / f"{name}.wav", sine(seconds, hertz), rate=RATE)
        instance.take_in(folder / "Kit")
        instance.kit = instance.make_kit("Night Market", **PADS)
        setting(instance, "A1", "play = 'one-shot'")
        setting(instance, "A5", "play = 'one-shot', mute_group = 'A'")
        setting(instance, "A6", "play = 'one-shot', mute_group = 'A'")
        setting(instance, "A8", "play = 'loop'")
        setting(instance, "A9", "play = 'gate'")
        yield instance


def setting(instance, pad: str, sets: str, kit: int | None = None) -> None:
    """Set columns of a pad, of the kit of these tests unless another one is named."""
    instance.rows(
        SET.format(sets),
        kit or instance.kit,
        pad,
    )


def opened(someone, kit: int) -> Page:
    """Open the kit and wait until its sounds are decoded."""
    page = someone.page
    with page.expect_response(re.compile(r"/samples/\d+/audio")):
        page.goto(f"{someone.url}/kits/{kit}/?probe=1")
    page.wait_for_function("() => window.padEngine")
    expect(page.locator("#stage .pad.decoding")).to_have_count(0)
    return page


def recorded(page: Page) -> np.ndarray:
    """Return the left channel of what left the engine since `record`."""
    return np.array(page.evaluate("window.padEngine.recorded()[0]"))


def begin(page: Page) -> None:
    page.evaluate("window.padEngine.record()")


def edges(heard: np.ndarray) -> tuple[int, int]:
    """Return the first and the last frame that is not silence."""
    lit = np.flatnonzero(heard > 1e-4)
    return int(lit[0]), int(lit[-1])


def sounding_frames(page: Page) -> int:
    """Return how many frames are not silence."""
    return int(np.count_nonzero(np.abs(recorded(page)) > 1e-6))


def test_a_mute_group_chokes_without_a_click(night_market, visit):
    someone = visit(night_market)
    page = opened(someone, night_market.kit)
    begin(page)
    page.keyboard.down("q")
    someone.until_voices(1)
    page.wait_for_timeout(50)
    page.keyboard.down("w")
    page.wait_for_timeout(10)
    assert someone.voices() == 1
    page.wait_for_timeout(250)
    assert (
        page.get_by_role("gridcell", name=re.compile("^Pad A6"))
        .get_attribute("class")
        .count("playing")
    )
    page.wait_for_function("() => window.padEngine.meter() > -60")
    page.keyboard.press("Escape")
    someone.until_voices(0)
    page.wait_for_timeout(60)
    heard = recorded(page)
    assert np.abs(heard).max() > 0.3
    assert np.abs(np.diff(heard)).max() < 0.05
    # Only the second tone is heard once the first has faded: they are whole waves of this window.
    last = int(np.flatnonzero(np.abs(heard) > 1e-3)[-1]) - RATE // 50
    spectrum = np.abs(np.fft.rfft(heard[last - RATE // 10 : last]))  # 10 Hz a bin
    assert spectrum[15] > 100 * spectrum[11]
    someone.check()


def test_retriggers_and_stolen_voices_do_not_click(night_market, visit):
    someone = visit(night_market)
    page = opened(someone, night_market.kit)
    begin(page)
    for _ in range(12):
        page.keyboard.press("q")
        page.wait_for_timeout(23)
        page.keyboard.press("w")
        page.wait_for_timeout(17)
    assert someone.voices() == 1
    page.keyboard.press("Escape")
    page.wait_for_timeout(60)
    assert np.abs(np.diff(recorded(page))).max() < 0.05
    begin(page)
    for _ in range(12):  # the same press twice within its attack
        page.evaluate(
            """() => { const { engine } = window.padEngine;
            const { sample } = document.getElementById("pad-A5").dataset;
            engine.press("A5", sample); engine.press("A5", sample); }"""
        )
        page.wait_for_timeout(20)
    page.keyboard.press("Escape")
    page.wait_for_timeout(60)
    assert np.abs(np.diff(recorded(page))).max() < 0.05
    most = page.evaluate(
        """() => { const { engine } = window.padEngine;
        const { sample } = document.getElementById("pad-A5").dataset;
        for (let pad = 0; pad < 40; pad += 1) engine.press(`x${pad}`, sample);
        return Number(document.documentElement.dataset.voices); }"""
    )
    assert most == 32
    page.keyboard.press("Escape")
    someone.check()


def test_gate_loop_and_one_shot(night_market, visit):
    someone = visit(night_market)
    page = opened(someone, night_market.kit)
    begin(page)
    page.keyboard.down("a")
    someone.until_voices(1)
    page.wait_for_timeout(120)
    # From the release on, the engine itself counts what still sounds.
    page.evaluate(
        """() => addEventListener("keyup", () => setTimeout(() => {
            document.left = document.documentElement.dataset.voices;
            window.padEngine.record();
        }, 15), { once: true })"""
    )
    page.keyboard.up("a")
    page.wait_for_function("() => document.left !== undefined")
    assert page.evaluate("document.left") == "0"
    page.wait_for_timeout(80)
    assert sounding_frames(page) < RATE // 50  # what the sound card had asked for already

    page.keyboard.press("r")
    someone.until_voices(1)
    loop = page.get_by_role("gridcell", name=re.compile("^Pad A8"))
    expect(loop).to_have_class(re.compile("playing"))
    expect(loop).to_have_class(re.compile("looping"))
    page.wait_for_timeout(1200)  # longer than the sound
    assert someone.voices() == 1
    page.keyboard.press("r")
    someone.until_voices(0)
    expect(loop).not_to_have_class(re.compile("looping"))

    page.keyboard.press("q")  # let go at once; a one-shot goes on
    page.wait_for_timeout(200)
    assert someone.voices() == 1
    page.keyboard.press("Escape")
    someone.until_voices(0)
    someone.check()


def test_auto_repeat_escape_and_typing(night_market, visit):
    someone = visit(night_market)
    page = opened(someone, night_market.kit)
    page.evaluate(
        """() => { document.presses = 0;
        document.addEventListener("pad:press", () => { document.presses += 1; }); }"""
    )
    for _ in range(5):  # Playwright marks every further one as a repeat
        page.keyboard.down("1")
    someone.until_voices(1)
    assert page.evaluate("document.presses") == 1
    page.keyboard.up("1")
    page.keyboard.press("r")
    someone.until_voices(2)
    page.keyboard.press("Escape")
    someone.until_voices(0)
    page.get_by_role("searchbox").first.click()
    page.keyboard.type("qwer1")
    page.wait_for_timeout(100)
    assert page.evaluate("document.presses") == 2
    assert someone.voices() == 0
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")

    keys = page.get_by_label("Play with keys")
    keys.uncheck()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("q")
    assert page.evaluate("document.presses") == 2
    page.get_by_role("gridcell", name=re.compile("^Pad A1,")).focus()
    page.keyboard.press("q")  # in the stage letters always play
    assert page.evaluate("document.presses") == 3
    page.keyboard.press("Escape")
    page.reload()
    assert not keys.is_checked()
    someone.check()


def test_places_of_keys_decide_not_letters(night_market, visit):
    someone = visit(night_market)
    someone.context.add_init_script(FRENCH)
    page = opened(someone, night_market.kit)
    legend = page.locator("#pad-A5 .kc")
    expect(legend).to_have_attribute("data-key", "A")
    expect(page.locator("#pad-A9 .kc")).to_have_attribute("data-key", "Q")
    press = """([code, key]) => document.body.dispatchEvent(
        new KeyboardEvent("keydown", {code, key, bubbles: true, cancelable: true}))"""
    page.evaluate(press, ["KeyQ", "a"])  # the key that a French keyboard labels A
    someone.until_voices(1)
    expect(page.locator("#pad-A5")).to_have_class(re.compile("playing"))
    expect(page.locator("#pad-A9")).not_to_have_class(re.compile("playing"))
    page.keyboard.press("Escape")
    someone.until_voices(0)
    someone.check()


def test_fingers_play_several_pads_and_let_go(night_market, visit):
    someone = visit(night_market)
    page = opened(someone, night_market.kit)
    finger = """([type, id, pad, pressure]) => document.getElementById(`pad-${pad}`).dispatchEvent(
        new PointerEvent(type, {pointerId: id, pointerType: "touch", pressure, bubbles: true,
                                isPrimary: id === 1, button: 0}))"""
    page.evaluate(
        "() => document.addEventListener('pad:press', (one) => { document.hit = one.detail; })"
    )
    page.evaluate(finger, ["pointerdown", 1, "A9", 0])
    assert page.evaluate("document.hit.velocity") == 127
    page.evaluate(finger, ["pointerdown", 2, "A1", 0.25])
    assert page.evaluate("document.hit.velocity") == 32
    someone.until_voices(2)
    page.evaluate(finger, ["pointercancel", 1, "A9", 0])
    expect(page.locator("#pad-A9")).not_to_have_class(re.compile("playing"))
    assert someone.voices() == 1
    page.mouse.move(*centre(page, "A9"))
    page.mouse.down()
    someone.until_voices(2)
    page.mouse.move(*centre(page, "A13"), steps=3)
    someone.until_voices(1)
    page.keyboard.press("Escape")  # the drag that this began, too
    page.mouse.up()
    page.keyboard.press("Escape")
    someone.until_voices(0)
    someone.check()


def centre(page: Page, pad: str) -> tuple[float, float]:
    box = page.locator(f"#pad-{pad}").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_settings_are_heard(night_market, visit):
    """Trim, reverse, ping-pong, level, pan, link and mute, read from the samples that come out."""
    instance = night_market
    kit = instance.make_kit("Settings", **PADS)
    setting(instance, "A1", "play = 'one-shot', start = 24000, end = 72000, link = 3", kit)
    setting(instance, "A5", "play = 'one-shot', pan = 50, level = 64", kit)
    setting(instance, "A6", "play = 'one-shot', direction = 2, end = 4800, fades = 1", kit)
    setting(instance, "A8", "muted = 1", kit)
    setting(instance, "A9", "play = 'gate', link = 3", kit)
    someone = visit(instance)
    page = opened(someone, kit)

    begin(page)
    page.keyboard.press("w")  # there and back: twice 4 800 frames
    page.wait_for_timeout(300)
    someone.until_voices(0)
    page.wait_for_timeout(60)
    heard = np.abs(recorded(page))
    first, last = edges(heard)
    assert last - first == pytest.approx(9600, abs=90)
    middle = (first + last) // 2
    assert heard[middle - 20 : middle + 20].max() < 0.1  # the fades of both edges meet here

    begin(page)
    page.keyboard.press("1")  # one second out of two
    someone.until_voices(1)
    someone.until_voices(0)
    page.wait_for_timeout(60)
    first, last = edges(np.abs(recorded(page)))
    assert last - first == pytest.approx(48_000, abs=90)

    begin(page)
    page.keyboard.press("q")
    page.wait_for_timeout(150)
    left, right = (np.abs(side).max() for side in page.evaluate("window.padEngine.recorded()"))
    assert left < 1e-3
    assert right == pytest.approx(0.9 * (64 / 127) ** 2 * 0.64, rel=0.03)
    page.keyboard.press("Escape")
    someone.until_voices(0)

    page.keyboard.press("r")  # muted
    assert someone.voices() == 0
    page.keyboard.down("a")  # linked with pad 1
    someone.until_voices(2)
    page.keyboard.up("a")
    someone.until_voices(0)  # pad 1 plays its second
    someone.check()


def test_less_motion_runs_no_line(night_market, visit):
    someone = visit(night_market, reduced_motion="reduce")
    page = opened(someone, night_market.kit)
    page.keyboard.press("r")
    someone.until_voices(1)
    page.wait_for_function("() => document.getAnimations().length === 0")
    assert someone.voices() == 1  # it plays on, and nothing moves
    page.keyboard.press("Escape")
    someone.check()


def test_a_long_sound_is_streamed_within_its_region(night_market, visit):
    instance = night_market
    kit = instance.make_kit("Long", A1="drone", A5="drone")
    setting(instance, "A1", "play = 'one-shot', start = 1440000, end = 1488000", kit)  # 1 s
    setting(instance, "A5", "play = 'gate', start = 960000", kit)
    someone = visit(instance)
    page = someone.page
    page.goto(f"{someone.url}/kits/{kit}/?pad=A5&probe=1")
    page.wait_for_function("() => window.padEngine")
    page.keyboard.press("1")
    someone.until_voices(1)
    page.wait_for_function("() => window.padEngine.meter() > -60")
    someone.until_voices(0)  # half a minute is left of the sound, not of the region
    page.keyboard.down("q")
    someone.until_voices(1)
    page.keyboard.up("q")
    assert someone.voices() == 0
    expect(page.locator("#stage .pad.playing")).to_have_count(0)
    page.wait_for_timeout(250)  # until the light has gone out
    someone.check()
