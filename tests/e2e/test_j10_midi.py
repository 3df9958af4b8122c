"""J10: a MIDI unit plays the pads, and nothing is missed where MIDI cannot be had."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.folders import write

RATE = 48_000
UNIT = """
    window.asked = 0;
    window.sent = [];
    const input = {name: "SP-404MKII", state: "connected", onmidimessage: null};
    const output = {name: "SP-404MKII", send: (data) => window.sent.push([...data])};
    window.unit = (...data) => input.onmidimessage(
        {data: Uint8Array.from(data), timeStamp: performance.now()});
    Object.defineProperty(navigator, "requestMIDIAccess", {value: async () => {
        window.asked += 1;
        return {inputs: new Map([["1", input]]), outputs: new Map([["1", output]])};
    }});
"""
REFUSED = """
    Object.defineProperty(navigator, "requestMIDIAccess", {value: async () => {
        throw new DOMException("no", "SecurityError");
    }});
"""
NOT_SECURE = "Object.defineProperty(window, 'isSecureContext', {get: () => false});"
ON, OFF = 0x90, 0x80


@pytest.fixture(scope="module")
def night_market(lending, tmp_path_factory):
    """Yield a product with a kick on A1, a gate bass on A9 and a hat in another bank."""
    folder = tmp_path_factory.mktemp("midi")
    time = np.arange(2 * RATE) / RATE
    with lending.lent() as instance:
        for number, name in enumerate(("kick", "bass", "hat")):
            wave = 0.8 * np.sin(2 * np.pi * (60 + 30 * number) * time)
            write(folder / "Kit" / f"{name}.wav", wave[:, None].astype(np.float32), rate=RATE)
        instance.take_in(folder / "Kit")
        instance.kit = instance.make_kit("Night Market", A1="kick", A9="bass", B2="hat")
        instance.rows("UPDATE kits_pad SET play = 'one-shot'")
        instance.rows("UPDATE kits_pad SET play = 'gate', fixed_velocity = 1 WHERE number = 9")
        yield instance


def opened(visit, instance, script: str):
    someone = visit(instance)
    someone.context.add_init_script(script)
    someone.page.goto(f"{instance.url}/kits/{instance.kit}/?probe=1")
    someone.page.wait_for_function("() => window.padEngine")
    expect(someone.page.locator("#stage .pad.decoding")).to_have_count(0)
    return someone


def connect(page: Page) -> None:
    page.get_by_role("link", name="No MIDI").click()
    page.get_by_role("dialog").get_by_role("button", name="Connect MIDI").click()


def loudest(someone, pad: str, *message: int) -> float:
    """Play a note and return the peak that is heard."""
    page = someone.page
    page.evaluate("window.padEngine.record()")
    page.evaluate("data => window.unit(...data)", list(message))
    expect(page.locator(f"#pad-{pad}")).to_have_class(re.compile("playing"))
    page.wait_for_timeout(150)
    heard = np.abs(page.evaluate("window.padEngine.recorded()[0]")).max()
    page.keyboard.press("Escape")
    someone.until_voices(0)
    page.wait_for_timeout(60)
    return float(heard)


def test_notes_play_pads(night_market, visit):
    someone = opened(visit, night_market, UNIT)
    page = someone.page
    assert page.evaluate("window.asked") == 0  # only after a press
    connect(page)
    expect(page.get_by_text("Connected: SP-404MKII")).to_be_visible()
    expect(page.get_by_role("button", name="Connect MIDI")).to_be_hidden()
    expect(page.get_by_role("button", name="Forget what was learned")).to_be_hidden()
    someone.check()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("link", name="SP-404MKII")).to_be_visible()
    assert page.evaluate("window.asked") == 1

    soft = loudest(someone, "A1", ON, 36, 64)
    full = loudest(someone, "A1", ON, 36, 127)
    assert soft / full == pytest.approx((64 / 127) ** 1.5, rel=0.05)
    fixed = loudest(someone, "A9", ON, 44, 10)
    assert fixed == pytest.approx(full, rel=0.05)

    page.evaluate("data => window.unit(...data)", [ON, 44, 100])
    someone.until_voices(1)
    page.evaluate("data => window.unit(...data)", [OFF, 44, 0])
    someone.until_voices(0)
    page.evaluate("data => window.unit(...data)", [ON + 1, 37, 100])  # B2, whose bank is not open
    someone.until_voices(1)
    page.evaluate("data => window.unit(...data)", [ON + 1, 37, 0])  # a release by velocity 0
    assert someone.voices() == 1  # of a one-shot
    page.keyboard.press("Escape")
    page.evaluate("data => window.unit(...data)", [ON, 99, 100])  # no pad has this note
    assert someone.voices() == 0
    someone.check()


def test_a_pad_learns_its_note_and_the_unit_is_played(night_market, visit):
    someone = opened(visit, night_market, UNIT)
    page = someone.page
    connect(page)
    page.get_by_role("button", name="Close").click()
    page.locator("#pad-A1").click(button="right")
    page.get_by_role("menuitem", name="Learn MIDI note").click()
    page.evaluate("data => window.unit(...data)", [ON, 60, 100])
    expect(page.get_by_text("Note 60 on channel 1 plays A1 now.")).to_be_visible()
    assert someone.voices() == 0
    page.evaluate("data => window.unit(...data)", [ON, 60, 100])
    someone.until_voices(1)
    expect(page.locator("#pad-A1")).to_have_class(re.compile("playing"))
    page.keyboard.press("Escape")

    page.keyboard.press("a")
    assert page.evaluate("window.sent") == []  # off until it is asked for
    page.get_by_role("link", name="SP-404MKII").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("A1: note 60, channel 1")).to_be_visible()
    dialog.get_by_label("Play the unit, too").check()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("a")
    page.keyboard.press("1")
    assert page.evaluate("window.sent") == [
        [ON, 44, 127], [OFF, 44, 0], [ON, 60, 127], [OFF, 60, 0],
    ]  # fmt: skip
    page.keyboard.press("Escape")
    page.evaluate("data => window.unit(...data)", [ON, 60, 100])
    assert len(page.evaluate("window.sent")) == 4  # what came from the unit does not go back
    page.keyboard.press("Escape")

    page.get_by_role("link", name="SP-404MKII").click()
    dialog.get_by_label("Notes").select_option("b")
    dialog.get_by_label("Lowest note of a bank").select_option("bottom")
    dialog.get_by_role("button", name="Forget what was learned").click()
    expect(dialog.get_by_text("No pad has learned a note yet.")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    page.evaluate("data => window.unit(...data)", [ON, 12 + 12, 100])  # the top left of mode B
    expect(page.locator("#pad-A1")).to_have_class(re.compile("playing"))
    page.keyboard.press("Escape")
    someone.check()


def test_refused(night_market, visit):
    someone = opened(visit, night_market, REFUSED)
    page = someone.page
    connect(page)
    text = "The browser blocked MIDI. Allow it in the address bar, then press Connect."
    expect(page.get_by_text(text)).to_be_visible()
    expect(page.get_by_role("button", name="Connect MIDI")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("1")
    someone.until_voices(1)
    page.keyboard.press("Escape")
    someone.check()


def test_not_secure(night_market, visit):
    someone = opened(visit, night_market, NOT_SECURE)
    page = someone.page
    page.keyboard.press("1")
    someone.until_voices(1)
    page.keyboard.press("Escape")
    expect(page.locator("#midi")).to_be_hidden()
    page.goto(f"{someone.url}/preferences/")
    address = f"http://localhost:{night_market.port}"
    expect(
        page.get_by_text(f"MIDI needs https or localhost. Open {address} on this machine.")
    ).to_be_visible()
    expect(page.locator("#midi")).to_be_hidden()
    expect(page.get_by_role("button", name="Connect MIDI")).to_be_hidden()
    expect(page.get_by_label("Lowest note of a bank")).to_be_hidden()
    someone.check()


def test_sound_of_this_browser(night_market, visit):
    someone = opened(visit, night_market, UNIT)
    page = someone.page
    page.goto(f"{someone.url}/preferences/")
    page.get_by_role("button", name="Play a tone and measure").click()
    expect(page.get_by_text(re.compile(r"[\d.]+ ms to the loudspeaker"))).to_be_visible()
    repeat = page.get_by_label("Repeat loops")
    expect(repeat).to_be_checked()
    repeat.uncheck()
    page.get_by_label("Play with keys").uncheck()
    page.get_by_role("button", name="Connect MIDI").click()
    expect(page.get_by_text("Connected: SP-404MKII")).to_be_visible()
    someone.check()
    page.reload()
    expect(repeat).not_to_be_checked()
    page.goto(f"{someone.url}/kits/{night_market.kit}/")
    expect(page.get_by_label("Play with keys")).not_to_be_checked()
    someone.check()
