"""A kit's files are cut as its pads play: the form shows it, a tick less changes the plan."""

import io
import zipfile

import numpy as np
import soundfile
from playwright.sync_api import expect

from tests.e2e.folders import tone, write

RATE = 48_000


def set_pads(instance, kit):
    """Trim, reverse and pan pads of a kit, and let one play as a gate."""
    settings = {
        1: "start = 4800, end = 14400",
        2: "direction = 1",
        3: "pan = 30, level = 64",
        4: "play = 'gate', mute_group = 'A'",
    }
    for number, values in settings.items():
        where = f"WHERE kit_id = {kit} AND number = {number}"
        instance.rows(f"UPDATE kits_pad SET {values} {where}")  # noqa: S608 - our own words


def words_of(archive):
    """The sounds of a ZIP, by the number of their pad."""
    return {
        name.rpartition("pad_")[2][:2]: soundfile.read(
            io.BytesIO(archive.read(name)), dtype="int16", always_2d=True
        )[0]
        for name in archive.namelist()
        if name.endswith(".wav")
    }


def test_what_is_cut_in_is_shown_chosen_and_written(serve, visit, tmp_path):
    instance = serve()
    names = ["break_old", "vox_back", "rim_side", "hat_gate"]
    for place, name in enumerate(names):
        write(tmp_path / "Kit" / f"{name}.wav", tone(0.5, 200 + 90 * place, rate=RATE), rate=RATE)
    instance.take_in(tmp_path / "Kit")
    kit = instance.make_kit("Cut", **{f"A{number}": name for number, name in enumerate(names, 1)})
    set_pads(instance, kit)

    someone = visit(instance)
    page = someone.page
    page.goto(f"{instance.url}/exports/new/?kit={kit}")
    told = page.locator("#settings")
    expect(told).to_contain_text(
        "Cut into the sound: 1 pad trimmed, 1 reversed, 1 with own volume, 1 panned."
    )
    expect(told).to_contain_text("Gate and mute group travel only in a native project: 1 pad.")
    expect(page.locator("#preflight")).to_contain_text("1 mono sound panned: stereo, 2 voices.")
    told.get_by_text("Show each pad").click()
    expect(told).to_contain_text("A1 break_old Trimmed to 0.100–0.300 s")
    expect(told).to_contain_text("A3 rim_side Volume 64, 11.9 dB lower, panned 30 to the right")
    someone.check()

    cuts = page.get_by_role("group", name="Cut into the sound")
    cuts.get_by_label("Reverse").uncheck()
    expect(told).to_contain_text("1 pad trimmed, 1 with own volume, 1 panned.")
    expect(told).to_contain_text("Not cut in: reverse of 1 pad.")
    cuts.get_by_label("Reverse").check()
    cuts.get_by_label("Pan").uncheck()
    expect(told).to_contain_text("Not cut in: pan of 1 pad.")
    expect(page.locator("#plan")).not_to_contain_text("mono sound panned")

    page.get_by_role("button", name="Export", exact=True).click()
    page.wait_for_url("**/exports/*/")
    with page.expect_download() as saving:
        page.get_by_role("link", name="Download ZIP").click(timeout=30_000)
    found = words_of(zipfile.ZipFile(saving.value.path()))
    sources = {
        f"{number:02}": soundfile.read(
            tmp_path / "Kit" / f"{name}.wav", dtype="int16", always_2d=True
        )[0]
        for number, name in enumerate(names, 1)
    }
    assert np.array_equal(found["01"], sources["01"][4_800:14_400])
    assert np.array_equal(found["02"], sources["02"][::-1])
    assert found["03"].shape == (24_000, 1)
    lower = 20 * np.log10(np.abs(found["03"]).max() / np.abs(sources["03"]).max())
    assert abs(lower + 11.9) < 0.05
    assert np.array_equal(found["04"], sources["04"])
    someone.check()


def test_it_is_chosen_by_touch_too(serve, visit, tmp_path):
    instance = serve()
    write(tmp_path / "Kit" / "vox_back.wav", tone(0.5, 200, rate=RATE), rate=RATE)
    instance.take_in(tmp_path / "Kit")
    kit = instance.make_kit("Cut", A1="vox_back")
    instance.rows("UPDATE kits_pad SET direction = 1, fades = 1")
    someone = visit(instance, "phone")
    page = someone.page
    page.goto(f"{instance.url}/exports/new/?kit={kit}")
    told = page.locator("#settings")
    expect(told).to_contain_text("1 pad trimmed, 1 reversed.")
    page.get_by_label("Start and end").uncheck()
    expect(told).to_contain_text("Not cut in: start and end of 1 pad.")
    page.evaluate("scrollTo(0, 0)")  # axe takes what lies under the face for a small target
    someone.check()
