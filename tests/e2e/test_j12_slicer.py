"""J12: a loop cut at its hits, by keys, onto sixteen pads."""

import json
import re
import time
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.folders import RATE, write

TEMPO, HITS = 92, 16
FRAMES = round(RATE * 60 / TEMPO * 8)
CASES = Path(__file__).parents[1] / "audio" / "slice_cases.json"


def truth() -> list[int]:
    """Return where the loop is struck, at its own rate."""
    return [round(number * FRAMES / HITS) for number in range(HITS)]


def click_loop() -> np.ndarray:
    """Two bars at 92 BPM: sixteen bursts that die away, every other one softer."""
    drawn = np.random.default_rng(12)
    loop = np.zeros((FRAMES, 1), np.float32)
    for number, start in enumerate(truth()):
        length = min(9_000, FRAMES - start)
        burst = drawn.uniform(-1, 1, length) * np.exp(-np.arange(length) / 1500)
        loop[start : start + length, 0] += 0.8 * (0.5 if number % 2 else 1) * burst
    return loop


@pytest.fixture
def bench(serve, tmp_path):
    """Return a product that has heard the loop, with a kit on whose first bank something stands."""
    instance = serve()
    write(tmp_path / "Breaks" / "brk_bluelamp_92.wav", click_loop())
    instance.take_in(tmp_path / "Breaks")
    instance.kit = instance.make_kit("Night Market", A1="brk_bluelamp_92")
    instance.sample = instance.one("SELECT id FROM library_sample")
    return instance


def markers(page) -> list[int]:
    """Return the markers as they are sent, in frames at 48 kHz."""
    return [int(frame) for frame in page.locator("#put [name=marks]").input_value().split(",")]


def listen(page) -> None:
    """Remember from now on how many voices sounded at once: a slice is soon over."""
    page.evaluate(
        "() => { window.most = 0; const { dataset } = document.documentElement;"
        " new MutationObserver(() => { window.most = Math.max(window.most, dataset.voices); })"
        ".observe(document.documentElement, {attributeFilter: ['data-voices']}); }"
    )


def until_heard(page) -> None:
    """Wait until one voice sounded since, and never two."""
    page.wait_for_function("window.most > 0")
    assert page.evaluate("window.most") == 1


def test_a_loop_onto_sixteen_pads(bench, visit):
    someone = visit(bench)
    page = someone.page
    page.goto(f"{bench.url}/samples/{bench.sample}/slice/?probe=1")
    page.wait_for_load_state("networkidle")
    found = markers(page)
    wanted = [frame * 48_000 / RATE for frame in truth()]
    assert len(found) == HITS
    assert max(abs(one - other) for one, other in zip(found, wanted, strict=True)) <= 240
    expect(page.get_by_role("slider", name="Marker 16")).to_be_visible()

    listen(page)
    page.keyboard.press("e")
    until_heard(page)
    seventh = page.get_by_role("gridcell", name="Slice 7,")
    expect(seventh).to_have_attribute("aria-selected", "true")
    someone.until_voices(0)

    for _ in range(10):
        page.keyboard.press(".")
    assert markers(page)[6] == found[6] + 480
    page.keyboard.press("Space")
    someone.until_voices(1)
    page.wait_for_timeout(200)
    page.keyboard.press("m")
    assert len(markers(page)) == HITS + 1
    page.keyboard.press("Control+z")
    assert len(markers(page)) == HITS
    page.keyboard.press("Control+z")
    assert markers(page) == found
    page.keyboard.press("Escape")
    someone.until_voices(0)

    expect(page.locator("#to")).to_contain_text("Bank B is empty. Nothing will be replaced.")
    page.get_by_role("button", name="Put 16 slices on bank B", exact=True).click()
    bench.until("SELECT count(*) = 16 FROM kits_pad WHERE bank = 'B'", seconds=10)
    expect(page.locator("#toasts")).to_contain_text(
        "16 slices of brk_bluelamp_92 are on B1 to B16."
    )
    rows = bench.rows(
        'SELECT number, start, "end", mute_group, slice, sample_id FROM kits_pad '
        "WHERE bank = 'B' ORDER BY number"
    )
    assert [row[0] for row in rows] == [row[4] for row in rows] == list(range(1, 17))
    assert rows[0][1] == 0
    assert rows[-1][2] == -(-FRAMES * 48_000 // RATE)
    assert [row[2] for row in rows[:-1]] == [row[1] for row in rows[1:]]
    assert {row[3] for row in rows} == {"A"}
    assert {row[5] for row in rows} == {bench.sample}
    assert bench.one("SELECT count(*) FROM library_sample") == 1
    near = [abs(row[1] - frame) for row, frame in zip(rows, found, strict=True)]
    assert max(near) <= 144  # to a zero crossing no further than 3 ms

    page.keyboard.press("Control+z")  # what was put there goes first
    expect(page.locator("#toasts")).to_contain_text("Undone: put 16 slices of brk_bluelamp_92")
    bench.until("SELECT count(*) = 0 FROM kits_pad WHERE bank = 'B'", seconds=10)
    assert markers(page) == found
    someone.check()


def test_a_forecast_that_comes_late_takes_no_version_back(bench, visit):
    page = visit(bench).page
    page.goto(f"{bench.url}/samples/{bench.sample}/slice/?probe=1")
    page.wait_for_load_state("networkidle")
    late = []
    page.route("**/slice/?count=*", lambda route: late.append((route, route.fetch())))
    page.keyboard.press("Space")
    page.wait_for_function("Number(document.documentElement.dataset.voices) === 1")
    page.wait_for_timeout(200)
    page.keyboard.press("m")  # one slice more: what becomes of the pads is asked again
    page.keyboard.press("Escape")
    assert len(markers(page)) == HITS + 1
    until = time.monotonic() + 10
    while not late and time.monotonic() < until:
        page.wait_for_timeout(50)
    page.get_by_role("button", name="Put 16 slices on bank B", exact=True).click()
    told = page.locator("#toasts")
    expect(told).to_contain_text("17 slices of brk_bluelamp_92 are on B1 to C1.")
    route, answer = late[0]  # from before they were there
    route.fulfill(response=answer)
    expect(page.locator("#put-label")).to_have_text(re.compile("^Put 17 slices"))
    page.keyboard.press("Control+z")
    expect(told).to_contain_text("Undone: put 17 slices of brk_bluelamp_92")
    page.unroute_all(behavior="ignoreErrors")


def test_both_sides_cut_alike(bench, visit):
    page = visit(bench).page
    page.goto(f"{bench.url}/samples/{bench.sample}/slice/")
    page.wait_for_load_state("networkidle")
    answers = page.evaluate(
        "async cases => { const loaded = performance.getEntriesByType('resource');"
        " const rules = await import(loaded.find(({name}) => name.includes('/slices.')).name);"
        " return cases.map(({rule, given, options}) => options === undefined"
        " ? rules[rule](...given) : rules[rule](...given, options)); }",
        json.loads(CASES.read_text()),
    )
    assert answers == [case["cuts"] for case in json.loads(CASES.read_text())]


def open_slicer(bench, someone) -> None:
    """Open the page and wait until the sound is decoded."""
    someone.page.goto(f"{bench.url}/samples/{bench.sample}/slice/")
    someone.page.wait_for_load_state("networkidle")


def test_by_finger(bench, visit):
    someone = visit(bench, "phone")
    page = someone.page
    open_slicer(bench, someone)
    found = markers(page)
    listen(page)
    page.get_by_role("gridcell", name="Slice 3,").tap()
    until_heard(page)
    expect(page.get_by_role("gridcell", name="Slice 3,")).to_have_attribute("aria-selected", "true")
    someone.until_voices(0)

    box = page.locator("#wave").bounding_box()
    x = box["x"] + box["width"] * found[2] * RATE / 48_000 / FRAMES
    y = box["y"] + box["height"] / 2
    touch = {"pointerType": "touch", "button": 0, "buttons": 1, "clientY": y, "bubbles": True}
    page.evaluate(
        "([x, touch]) => { const wave = document.getElementById('wave');"
        " wave.setPointerCapture = () => {}; wave.hasPointerCapture = () => true;"
        " const send = (kind, clientX) =>"
        " wave.dispatchEvent(new PointerEvent(kind, {...touch, clientX, cancelable: true}));"
        " send('pointerdown', x + 4); send('pointermove', x + 13); send('pointerup', x + 13); }",
        [x, touch],
    )
    moved = markers(page)
    assert moved[2] > found[2] + 5000
    assert moved[:2] + moved[3:] == found[:2] + found[3:]
    page.get_by_role("button", name="Undo", exact=True).tap()
    assert markers(page) == found

    page.get_by_role("button", name="Tap markers").tap()
    someone.until_voices(1)
    page.wait_for_timeout(150)
    page.get_by_role("gridcell", name="Slice 16,").tap()
    assert len(markers(page)) == HITS + 1
    page.get_by_role("button", name="Tap markers").tap()
    someone.until_voices(0)
    small = page.evaluate(
        "[...document.querySelectorAll('main :is(button, select, a, label, input:not(.vh))')]"
        ".filter(one => one.offsetParent && [null, one].includes(one.closest('label')))"
        ".map(one => [one.textContent.trim() || one.name, one.getBoundingClientRect()])"
        ".filter(([, {width, height}]) => width < 44 || height < 44).map(([words]) => words)"
    )
    assert small == []
    someone.check()


FLAGS = (
    "[...document.querySelectorAll('#wave .mk b')].filter(flag => flag.offsetParent)"
    ".map(flag => [flag.textContent, flag.getBoundingClientRect()])"
    ".map(([number, {left, top, right, bottom}]) => [Number(number), left, top, right, bottom])"
)


def readable(page) -> list[int]:
    """Return the flags with a number: none covers another, none is cut off at the glass."""
    flags = page.evaluate(FLAGS)
    glass = page.locator("#wave").bounding_box()
    for at, (number, left, top, right, bottom) in enumerate(flags):
        assert left >= glass["x"] - 4, number
        assert right <= glass["x"] + glass["width"] + 4, number
        for other, *box in flags[at + 1 :]:
            meet = left < box[2] and box[0] < right and top < box[3] and box[1] < bottom
            assert not meet, (number, other)
    return [number for number, *_ in flags]


def test_flags_on_a_phone_are_read(bench, visit):
    someone = visit(bench, "phone")
    page = someone.page
    open_slicer(bench, someone)
    assert readable(page) == list(range(1, HITS + 1))
    page.locator("#wave").screenshot(path="test-artifacts/slicer-flags-390.png")
    page.get_by_role("radio", name="Equal").check(force=True)
    page.get_by_role("slider", name="Parts").fill("40")
    page.get_by_role("gridcell", name="Slice 8,").tap()
    found = markers(page)
    shown = readable(page)
    assert {1, 8} < {*shown}
    assert len(shown) > 20
    page.locator("#wave").screenshot(path="test-artifacts/slicer-flags-390-40.png")
    box = page.locator("#wave").bounding_box()  # nearest to the line of 20, over the box of 19
    at = box["x"] + box["width"] * found[19] * RATE / 48_000 / FRAMES - 2
    page.mouse.move(at, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(at + 3, box["y"] + 10)
    page.mouse.up()
    assert markers(page)[19] > found[19]
    assert markers(page)[:19] + markers(page)[20:] == found[:19] + found[20:]
    someone.check()


def test_only_hits_are_drawn_weak(bench, visit):
    page = visit(bench).page

    def soften(route):
        """Make every hit a soft one."""
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r"\[(\d+), \d+\]", r"[\1, 100]", answer.text()))

    page.route("**/slice/", soften)
    page.goto(f"{bench.url}/samples/{bench.sample}/slice/")
    page.wait_for_load_state("networkidle")
    weak = page.locator("#wave .mk.weak")
    assert weak.count() > HITS / 2
    page.get_by_role("radio", name="By hand").check(force=True)
    expect(weak).to_have_count(0)
    assert len(markers(page)) == HITS


def test_a_marker_by_keyboard(bench, visit):
    someone = visit(bench)
    page = someone.page
    open_slicer(bench, someone)
    found = markers(page)
    page.keyboard.press("]")
    second = page.get_by_role("slider", name="Marker 2", exact=True)
    second.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert markers(page)[1] == found[1] + 11 * 48
    expect(second).to_have_attribute("aria-valuetext", f"{markers(page)[1] / 48_000:.3f} seconds")
    page.keyboard.press("]")
    expect(page.get_by_role("slider", name="Marker 3", exact=True)).to_be_focused()
    page.keyboard.press("[")
    page.keyboard.press("Delete")
    assert markers(page) == found[:1] + found[2:]
    expect(page.get_by_role("radio", name="By hand")).to_be_checked()
    page.get_by_role("radio", name="Equal").check(force=True)
    page.get_by_role("slider", name="Parts").fill("40")
    assert len(markers(page)) == 40
    label = "Put 40 slices on banks B to D"
    expect(page.get_by_role("button", name=label, exact=True)).to_be_visible()
    page.keyboard.press("PageDown")
    expect(page.get_by_role("gridcell", name="Slice 17,")).to_be_visible()
    expect(page.get_by_role("gridcell", name="Slice 16,")).to_have_count(0)
    someone.check()


def test_slices_go_where_it_was_chosen(bench, visit):
    """Another bank than the suggested one, a pad within it, and one where something stands."""
    someone = visit(bench)
    page = someone.page
    open_slicer(bench, someone)
    fate, bank = page.locator("#to .fate"), page.locator("#to-bank")
    bank.select_option("A")
    expect(fate).to_have_text("Replaces brk_bluelamp_92 on A1.")
    expect(bank).to_have_value("A")
    expect(page.get_by_role("button", name="Put 16 slices on bank A", exact=True)).to_be_visible()
    bank.select_option("C")
    expect(fate).to_have_text("Bank C is empty. Nothing will be replaced.")
    page.locator("#to-number").select_option("10")
    put = page.get_by_role("button", name="Put 16 slices on C10 to D9", exact=True)
    expect(put).to_be_visible()
    expect(bank).to_have_value("C")
    expect(page.locator("#to-number")).to_have_value("10")
    put.click()
    bench.until("SELECT count(*) = 7 FROM kits_pad WHERE bank = 'C'", seconds=10)
    assert bench.rows("SELECT min(number), count(*) FROM kits_pad WHERE bank = 'D'") == [(1, 9)]
    expect(fate).to_contain_text("Replaces brk_bluelamp_92 01 on C10")
    expect(bank).to_have_value("C")
    page.keyboard.press("Control+z")
    bench.until("SELECT count(*) = 0 FROM kits_pad WHERE bank IN ('C', 'D')", seconds=10)
    someone.check()


def test_without_scripts(bench, visit):
    someone = visit(bench, java_script_enabled=False)
    page = someone.page
    page.goto(f"{bench.url}/samples/{bench.sample}/slice/")
    expect(page.get_by_role("img", name="16 slices")).to_be_visible()
    page.get_by_role("radio", name="Equal").check(force=True)
    page.get_by_role("slider", name="Parts").fill("8")
    someone.send("Show markers")
    expect(page.get_by_role("img", name="8 slices")).to_be_visible()
    page.locator("#to-bank").select_option("A")
    someone.send("Check the pads")
    expect(page.locator(".fate")).to_have_text("Replaces brk_bluelamp_92 on A1.")
    expect(page.get_by_role("img", name="8 slices")).to_be_visible()
    someone.send("Put 8 slices on bank A")
    expect(page.get_by_role("heading", name="Night Market")).to_be_visible()
    assert bench.one("SELECT count(*) FROM kits_pad WHERE bank = 'A' AND slice > 0") == 8
    someone.check_console()
