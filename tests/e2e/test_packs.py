"""Packs, a watched folder, the catalogue and the trash, with every worker at work."""

import csv
import os
import time
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.factories import tone


def put(path: Path, data: bytes) -> None:
    """Write a file that nobody is writing to any more."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (time.time() - 60,) * 2)


@pytest.fixture
def offered(tmp_path) -> Path:
    root = tmp_path / "srv" / "Sounds"
    put(root / "Dusty" / "Kicks" / "kick_one.wav", tone(100))
    put(root / "Dusty" / "Kicks" / "kick_two.wav", tone(110))
    put(root / "Dusty" / "LICENSE.txt", b"Author: Jane Doe\n\nCC BY 4.0\n" + b"words " * 400)
    put(root / "loose.wav", tone(200))
    put(root / "broken.wav", b"RIFF")
    return root


def watch(instance, someone, offered):
    """Walk down to the folder and have it watched."""
    page = someone.page
    page.goto(f"{instance.url}/library/watch/")
    page.get_by_role("link", name="srv").click()
    page.get_by_role("link", name="Sounds").click()
    page.get_by_role("button", name="Watch srv/Sounds").click()
    expect(page.locator("#watched")).to_contain_text("Up to date.", timeout=30_000)
    page.get_by_text("1 file did not come in").click()
    expect(page.get_by_text("broken.wav could not be read")).to_be_visible()
    assert str(offered.parent.parent) not in page.content()


def say_where_from(instance, someone):
    """Look at the packs and write down where one comes from."""
    page = someone.page
    page.goto(f"{instance.url}/library/packs/")
    someone.check()
    page.get_by_role("link", name="Dusty").click()
    expect(page.get_by_label("Licence")).to_have_value("CC BY 4.0")
    page.get_by_label("Source").fill("https://example.org/dusty")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Dusty saved.")).to_be_visible()
    someone.check()
    page.get_by_role("link", name="Open 2 sounds").click()
    expect(page.locator("#rows .row:not(.head)")).to_have_count(2)


def take_the_table(instance, someone):
    """Download the catalogue of one pack and return its lines."""
    page = someone.page
    page.goto(f"{instance.url}/library/catalogue/?q=pack%3Adusty")
    someone.check()
    with page.expect_download() as asked:
        page.get_by_role("link", name="CSV").click()
    with Path(asked.value.path()).open(newline="") as file:
        return list(csv.DictReader(file))


def export(instance, someone, kit) -> str:
    """Export a kit and return its credits."""
    page = someone.page
    page.goto(f"{instance.url}/exports/new/?kit={kit}")
    expect(page.get_by_text("credits.txt")).to_be_visible()
    someone.send("Export")
    instance.until("SELECT count(*) FROM exports_export WHERE state = 'completed'")
    page.reload()
    with page.expect_download() as asked:
        page.get_by_role("link", name="Download").first.click()
    with zipfile.ZipFile(asked.value.path()) as archive:
        return archive.read("credits.txt").decode()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_from_a_watched_folder_to_the_credits(serve, visit, offered, size):
    instance = serve(PADCRATE_FOLDERS=str(offered.parent), PADCRATE_WATCH_SECONDS="2")
    someone = visit(instance, size)
    watch(instance, someone, offered)
    someone.check()
    instance.until("SELECT count(*) = 3 FROM library_sample")
    (offered / "Dusty" / "Kicks").rename(offered / "Dusty" / "Boxes")
    instance.until("SELECT count(*) = 2 FROM library_sample WHERE folder = 'Sounds/Dusty/Boxes'")
    assert instance.one("SELECT count(*) FROM library_sample") == 3
    say_where_from(instance, someone)
    rows = take_the_table(instance, someone)
    assert {row["title"] for row in rows} == {"kick_one", "kick_two"}
    assert {row["source"] for row in rows} == {"https://example.org/dusty"}
    kit = instance.make_kit("Night", A1="kick_one", A2="loose")
    assert "Author: Jane Doe" in export(instance, someone, kit)
    someone.check_console()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_into_the_trash_and_back(serve, visit, offered, size):
    instance = serve()
    instance.take_in(offered / "Dusty", offered / "loose.wav")
    kit = instance.make_kit("Night", A1="kick_one", A2="loose")
    someone = visit(instance, size)
    page = someone.page
    number = instance.one("SELECT id FROM library_sample WHERE title = 'kick_one'")
    page.goto(f"{instance.url}/samples/{number}/")
    someone.check()
    page.goto(f"{instance.url}/samples/bulk/?ids={number}")
    someone.check()
    page.get_by_role("button", name="Move to the trash").click()
    expect(page.get_by_text("1 pad in Night plays nothing until")).to_be_visible()
    page.goto(f"{instance.url}/library/trash/")
    expect(page.get_by_text("On A1 of Night")).to_be_visible()
    someone.check()
    page.goto(f"{instance.url}/kits/{kit}/")
    expect(page.get_by_text("File missing").first).to_be_visible()
    page.goto(f"{instance.url}/library/trash/")
    page.get_by_role("button", name="Put all 1 back").click()
    expect(page.get_by_text("Nothing here.")).to_be_visible()
    page.goto(f"{instance.url}/preferences/")
    someone.check()
    someone.check_console()
