"""J13: what the sampler would trip over is named before the start, with its fix beside it."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.folders import tone, write

MINUTE = 60 * 48_000


def odd_kit(instance, folder):
    """Take in sounds with every kind of trouble and put them on pads; return the kit's number."""
    write(folder / "tick.wav", tone(0.06, 900))
    write(folder / "hot_float.wav", tone(0.4, 440, rate=48_000), rate=48_000, subtype="FLOAT")
    write(folder / "wide_pad.wav", np.repeat(tone(0.8, 300), 2, axis=1))
    write(folder / "lost.wav", tone(0.4, 200))
    write(folder / "jam_of_the_whole_evening.wav", np.repeat(tone(0.5, 250), 2, axis=1))
    write(folder / "plain.wav", tone(0.4, 500, rate=48_000), rate=48_000)
    instance.take_in(folder)
    pads = {"A1": "tick", "A2": "hot_float", "A3": "wide_pad", "A4": "lost"}
    kit = instance.make_kit("Odd Ones", **pads, B1="jam_of_the_whole_evening", B2="plain")
    digest = instance.one("SELECT sha256 FROM library_sample WHERE title = 'lost'")
    (instance.data / "media" / "blobs" / digest[:2] / digest).unlink()
    instance.rows("UPDATE library_sample SET is_missing = 1 WHERE title = 'lost'")
    longer = (
        "UPDATE library_sample SET frames = ?, sound_end = ?, sound_start = 0, channels_equal = 0,"
        " sample_rate = 48000 WHERE title LIKE 'jam%'"
    )
    instance.rows(longer, 40 * MINUTE, 40 * MINUTE)
    return kit


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_each_problem_has_its_fix_beside_it(serve, visit, tmp_path, size):
    instance = serve()
    kit = odd_kit(instance, tmp_path / "Odd")
    someone = visit(instance, size)
    page = someone.page
    page.goto(f"{instance.url}/exports/new/?kit={kit}")
    report = page.locator("#preflight")
    page.get_by_label("Lengthen sounds under 100 ms").uncheck()
    expect(report).to_contain_text("“Too Short Sample”")
    expect(report).to_contain_text("“Too Long Sample”")
    expect(report).to_contain_text("“Unsupported FILE”")
    expect(report).to_contain_text("1 sound with the same in both channels.")
    expect(report).to_contain_text("Source file is gone. Pad left empty.")
    expect(page.locator("#plan")).to_contain_text("The sampler plays 32 voices at once")
    someone.check()

    page.get_by_role("button", name="Lengthen with silence").click()
    page.wait_for_url("**#plan")
    expect(report).to_contain_text("1 sound under 100 ms: lengthened with silence.")
    expect(page.get_by_label("Lengthen sounds under 100 ms")).to_be_checked()
    page.get_by_role("button", name="Split into parts").click()
    expect(report).to_contain_text("1 sound over 16 minutes: 3 parts without a gap.")
    expect(page.get_by_label("Split into parts")).to_be_checked()
    page.get_by_role("button", name="Write them as mono").click()
    expect(report).to_contain_text("1 sound with the same in both channels: mono, 1 voice")
    expect(page.get_by_label("Mono where both are equal")).to_be_checked()
    expect(page.locator("#plan")).to_contain_text("7 files")
    page.evaluate("scrollTo(0, 0)")  # axe takes what lies under the face for a small target
    someone.check()


def test_fixes_work_without_scripts(serve, visit, tmp_path):
    instance = serve()
    write(tmp_path / "Odd" / "tick.wav", tone(0.06, 900))
    write(tmp_path / "Odd" / "plain.wav", tone(0.4, 500))
    instance.take_in(tmp_path / "Odd")
    someone = visit(instance, java_script_enabled=False)
    page = someone.page
    page.goto(f"{instance.url}/exports/new/?all=1")
    page.get_by_label("Lengthen sounds under 100 ms").uncheck()
    page.get_by_role("button", name="DAW").click()  # no scripts: a preset asks for a new plan
    page.get_by_label("Lengthen sounds under 100 ms").uncheck()
    page.get_by_role("button", name="Export", exact=True).click()
    page.wait_for_url("**/exports/1/")
    page.goto(f"{instance.url}/exports/new/?all=1")
    expect(page.locator("#preflight")).to_contain_text("1 sound left out: under 100 ms.")
    page.get_by_role("button", name="Lengthen with silence").click()
    expect(page.locator("#preflight")).to_contain_text("lengthened with silence.")
    expect(page.locator("#plan")).to_contain_text("2 files")
