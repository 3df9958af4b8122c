"""J13: an export that changes some sounds and leaves one out says so before, during and after."""

import csv
import io
import zipfile

import numpy as np
import soundfile
from playwright.sync_api import expect

from tests.e2e.folders import tone, write


def check_zip(archive):
    """What was written is 48 kHz and 16-bit, and only the missing one is not there."""
    sounds = [name for name in archive.namelist() if name.endswith(".wav")]
    assert len(sounds) == 4
    assert not any("lost" in name for name in sounds)
    for name in sounds:
        info = soundfile.info(io.BytesIO(archive.read(name)))
        assert (info.samplerate, info.subtype) == (48_000, "PCM_16")
    tick = next(name for name in sounds if "tick" in name)
    assert soundfile.info(io.BytesIO(archive.read(tick))).frames == 4800


def test_changes_and_gaps_are_told_everywhere(serve, visit, tmp_path):
    instance = serve()
    folder = tmp_path / "Odd"
    write(folder / "hi_rate.wav", tone(0.5, 300, rate=96_000), rate=96_000, subtype="PCM_24")
    hot = 1.17 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)[:, None]  # +1.4 dB
    write(folder / "hot_float.wav", hot.astype(np.float32), rate=48_000, subtype="FLOAT")
    write(folder / "tick.wav", tone(0.06, 900))
    write(folder / "lost.wav", tone(0.4, 200))
    write(folder / "plain.wav", tone(0.4, 500, rate=48_000), rate=48_000)
    instance.take_in(folder)
    kit = instance.make_kit(
        "Odd Ones", A1="hi_rate", A2="hot_float", A3="tick", A4="lost", A5="plain"
    )
    digest = instance.one("SELECT sha256 FROM library_sample WHERE title = 'lost'")
    (instance.data / "media" / "blobs" / digest[:2] / digest).unlink()
    instance.rows("UPDATE library_sample SET is_missing = 1 WHERE title = 'lost'")

    someone = visit(instance)
    page = someone.page
    page.goto(f"{instance.url}/exports/new/?kit={kit}")
    plan = page.locator("#plan")
    expect(plan).to_contain_text("Source file is gone. Pad left empty.")
    expect(plan).to_contain_text("lost")
    expect(plan).to_contain_text("1 converted from 96 kHz")
    expect(plan).to_contain_text("1 from 32-bit float to 16-bit")
    expect(plan).to_contain_text("1 padded with silence to 100 ms")
    page.get_by_label("Match to").check()
    expect(plan).to_contain_text("4 matched to −16 LUFS")
    someone.check()
    page.get_by_label("Leave").check()
    expect(plan).not_to_contain_text("LUFS")

    page.get_by_role("button", name="Export", exact=True).click()
    page.wait_for_url("**/exports/*/")
    download = page.get_by_role("link", name="Download ZIP")
    expect(download).to_be_visible(timeout=30_000)
    cells = page.locator(".matrix .g i")
    marks = [text for text in cells.all_inner_texts() if text]
    assert sorted(marks) == ["!", "!", "!", "×"]  # 24-bit, float over full scale, padded; gone
    log = page.get_by_role("region", name="Files, newest first")
    expect(log).to_contain_text("Source file is gone. Pad left empty")
    expect(log).to_contain_text("peak lowered 1.4 dB")
    expect(log).to_contain_text("padded with silence to 100 ms")

    with page.expect_download() as saving:
        download.click()
    check_zip(zipfile.ZipFile(saving.value.path()))

    number = page.url.rstrip("/").rsplit("/", 1)[-1]
    listed = page.request.get(f"{instance.url}/exports/{number}/manifest.csv").text()
    rows = list(csv.DictReader(io.StringIO(listed)))
    assert len(rows) == 5
    assert sum("gone" in str(row) for row in rows) == 1
    someone.check()
