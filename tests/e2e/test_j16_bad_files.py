"""J16: bad files are told in words and block nothing; a full disk loses nothing."""

import shutil

from playwright.sync_api import expect

from tests.e2e.folders import tone, write


def test_bad_files_are_told_and_good_ones_come_in(serve, visit, tmp_path):
    instance = serve()
    folder = tmp_path / "Mixed"
    for number, name in enumerate(["kick_one", "snare_two", "hat_three"]):
        write(folder / f"{name}.wav", tone(0.3, 200 + 50 * number))
    shutil.copy(folder / "kick_one.wav", folder / "kick_one_again.wav")
    (folder / "broken_take.wav").write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00")
    (folder / "shopping.wav").write_text("eggs, milk, a snare\n" * 40)
    someone = visit(instance)
    page = someone.page
    page.get_by_label("Choose a folder").set_input_files(folder)
    tray = page.get_by_role("region", name="Added sounds")
    expect(tray).to_contain_text("3 added", timeout=30_000)
    expect(tray).to_contain_text("1 was already here")
    expect(tray).to_contain_text("broken_take.wav could not be read")
    expect(tray).to_contain_text("shopping.wav")
    expect(page.locator("#rows [data-sample-id]")).to_have_count(3, timeout=30_000)
    instance.until("SELECT count(*) = 3 FROM library_analysis WHERE state = 'completed'")
    someone.check()


def test_a_full_disk_says_how_much_is_missing(serve, visit, tmp_path):
    folder = tmp_path / "Before"
    write(folder / "kick_early.wav", tone(0.3, 200))
    write(tmp_path / "Late" / "kick_late.wav", tone(0.4, 300))
    roomy = serve()
    roomy.take_in(folder)
    roomy.stop()
    free = shutil.disk_usage(roomy.data).free
    roomy.env["PADCRATE_RESERVE_BYTES"] = str(2 * free)  # all that is free counts as reserve
    roomy.start()
    someone = visit(roomy)
    page = someone.page
    expect(page.locator("#rows [data-sample-id]")).to_have_count(1)
    page.get_by_role("link", name="Add samples").click()
    page.get_by_role("dialog").get_by_label("Choose files").set_input_files(
        tmp_path / "Late" / "kick_late.wav"
    )
    expect(page.get_by_text("No room left on this machine").first).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Nothing was lost").first).to_be_visible()
    page.reload()
    expect(page.locator("#rows [data-sample-id]")).to_have_count(1)
    assert roomy.one("SELECT count(*) FROM library_sample") == 1
    someone.check()
