"""Copies of a recording in the browser: hearing them, keeping the better one, taking it back."""

import re

import numpy as np
import soundfile
from playwright.sync_api import expect

RATE = 44_100


def write_copies(folder):
    """Write a struck noise as 24-bit, the same softer as 16-bit, and another one."""
    folder.mkdir()
    at = np.arange(RATE // 2) / RATE
    for name, seed, level, words in (
        ("snare_good", 1, 0.8, "PCM_24"),
        ("snare_soft", 1, 0.2, "PCM_16"),
        ("snare_other", 2, 0.8, "PCM_16"),
    ):
        noise = np.random.default_rng(seed).standard_normal(len(at)) * np.exp(-12 * at)
        sound = level * noise / np.abs(noise).max()
        soundfile.write(folder / f"{name}.wav", sound, RATE, subtype=words)


def test_keep_the_better_and_take_it_back(serve, visit, tmp_path):
    instance = serve()
    write_copies(tmp_path / "Snares")
    instance.take_in(tmp_path / "Snares")
    instance.make_kit("Night Market", A1="snare_soft")
    someone = visit(instance)
    page = someone.page
    page.goto(f"{instance.url}/library/")
    page.get_by_role("link", name="Near-duplicates").click()
    copies = page.locator(".copyset")
    expect(copies).to_have_count(1, timeout=30_000)
    expect(copies.locator("li").first).to_contain_text("snare_good")
    expect(copies.locator("li").first).to_contain_text("Better: 24-bit")
    expect(copies.locator("li").last).to_contain_text("On A1 of Night Market")
    expect(page.locator("#copies")).not_to_contain_text("snare_other")
    someone.check()

    page.get_by_role("button", name="Play in turn").click()
    expect(copies.locator("li").first).to_have_class(re.compile("sounding"))
    expect(copies.locator("li").last).to_have_class(re.compile("sounding"))
    someone.until_voices(0)

    page.get_by_role("button", name="Keep one, the rest to the trash").click()
    expect(page.locator("#copies")).to_contain_text("No two sounds hold the same recording.")
    someone.check()
    page.get_by_role("button", name="Undo").click()
    expect(copies).to_have_count(1)
    expect(copies.locator("li").first).to_contain_text("On A1 of Night Market")
    someone.check_console()
