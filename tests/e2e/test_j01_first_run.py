"""J1: from an empty library to a ZIP on disk: by mouse, by touch, by keyboard, without scripts."""

import io
import re
import zipfile
from pathlib import Path

import pytest
import soundfile
from playwright.sync_api import Page, expect

from tests.e2e import folders

EXPORT_PAGE = re.compile(r"/exports/\d+/$")


@pytest.fixture
def crate(tmp_path):
    """Return a folder of 24 sounds in three subfolders."""
    return folders.crate(tmp_path / "Crate")


def is_whole(saved) -> None:
    """Assert that the ZIP holds 24 sounds as the sampler takes them, on the pads of two banks."""
    archive = zipfile.ZipFile(saved)
    assert archive.testzip() is None
    sounds = [name for name in archive.namelist() if name.endswith(".wav")]
    assert len(sounds) == 24
    sheet = ["pad_sheet.txt", "pad_sheet_a.png", "pad_sheet_b.png"]
    assert [name for name in archive.namelist() if name not in sounds] == sheet
    assert sum("/bank_A/" in name for name in sounds) == 16
    assert sum("/bank_B/" in name for name in sounds) == 8
    for name in sounds:
        info = soundfile.info(io.BytesIO(archive.read(name)))
        assert (info.samplerate, info.subtype, info.format) == (48_000, "PCM_16", "WAV")
        assert name.startswith("IMPORT/")


def see_first_page(page: Page) -> None:
    """Assert what the empty library offers."""
    expect(page.get_by_role("heading", name="Add your sounds")).to_be_visible()
    expect(page.get_by_role("button", name="Load demo crate")).to_be_visible()
    for step in ("Add sounds", "Put them on pads", "Export to the card"):
        expect(page.get_by_text(step, exact=True)).to_be_visible()


def see_rows(instance, page: Page) -> None:
    """Assert that all 24 sounds are listed and read."""
    expect(page.get_by_text("24 added")).to_be_visible(timeout=30_000)
    instance.until("SELECT count(*) = 24 FROM library_analysis WHERE state = 'completed'")
    rows = page.locator("#rows [data-sample-id]")
    expect(rows).to_have_count(24, timeout=30_000)
    expect(page.locator("#rows .wave.flat")).to_have_count(0, timeout=30_000)
    expect(page.locator("#rows .k-len", has_text="…")).to_have_count(0)
    kick = page.locator("[data-title=kick_dusty]")
    expect(kick).to_contain_text("Kick?")


def see_ready(page: Page) -> None:
    """Wait for the export's end."""
    expect(page.get_by_role("link", name="Download ZIP")).to_be_visible(timeout=60_000)
    expect(page.get_by_text(re.compile("Ready|Export ready")).first).to_be_visible()


def test_by_mouse(serve, visit, crate):
    instance = serve()
    someone = visit(instance)
    page = someone.page
    see_first_page(page)
    someone.check()
    page.get_by_label("Choose a folder").set_input_files(crate)
    see_rows(instance, page)
    someone.check()

    page.keyboard.press("Escape")
    page.locator("#rows [role=row] .t").nth(0).click()
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Put on pads").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("By class").click()
    expect(dialog).to_contain_text("16 in bank A, 8 in bank B")
    dialog.get_by_role("button", name="Put on pads").click()
    receipt = page.get_by_role("status").filter(has_text="24 sounds are on A1 to B")
    expect(receipt.get_by_role("button", name="Undo")).to_be_visible()
    kit = instance.one("SELECT id FROM kits_kit")
    pads = instance.pads(kit)
    assert sum(at.startswith("A") for at in pads) == 16
    assert sum(at.startswith("B") for at in pads) == 8

    page.goto(f"{instance.url}/kits/{kit}/")
    expect(page.get_by_role("gridcell", name=re.compile(r"^Pad A1, kick"))).to_be_visible()
    someone.check()
    page.get_by_role("link", name="Export", exact=True).click()
    preset = page.get_by_role("button", name="SP card, plain files")
    expect(preset).to_have_attribute("aria-pressed", "true")
    someone.check()
    page.get_by_role("button", name="Export", exact=True).click()
    page.wait_for_url(EXPORT_PAGE)
    see_ready(page)
    with page.expect_download() as saving:
        page.get_by_role("link", name="Download ZIP").click()
    is_whole(saving.value.path())
    someone.check()


def test_progress_is_seen_between_0_and_100(serve, visit, crate):
    instance = serve(DJANGO_SETTINGS_MODULE="tests.e2e.slow_settings")
    instance.take_in(crate)
    page = visit(instance).page
    page.goto(f"{instance.url}/exports/new/?all=1")
    page.get_by_role("button", name="Export", exact=True).click()
    page.wait_for_url(EXPORT_PAGE)
    page.wait_for_function(
        "() => {const n = parseInt(document.querySelector('#lcd .pct').innerText);"
        " return n > 0 && n < 100 && document.querySelector('[role=progressbar]')}"
    )
    see_ready(page)


def test_by_touch(serve, visit, crate):
    instance = serve()
    someone = visit(instance, "phone")
    page = someone.page
    see_first_page(page)
    someone.check()
    page.get_by_label("Choose files").set_input_files(
        [path for path in sorted(crate.rglob("*")) if path.is_file()]
    )
    see_rows(instance, page)
    page.get_by_role("button", name="Close this list").tap()
    someone.check()
    page.get_by_role("button", name="Select", exact=True).tap()
    page.locator("#rows .row .t").nth(1).tap()
    page.get_by_role("button", name=re.compile("Select all")).tap()
    page.get_by_role("button", name="Put on pads").tap()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("By class").tap()
    expect(dialog).to_contain_text("16 in bank A, 8 in bank B")
    dialog.get_by_role("button", name="Put on pads").tap()
    expect(page.get_by_role("status").filter(has_text="24 sounds are on")).to_be_visible()
    kit = instance.one("SELECT id FROM kits_kit")
    page.goto(f"{instance.url}/kits/{kit}/")
    someone.check()
    page.get_by_role("link", name="Export", exact=True).tap()
    page.get_by_role("button", name="Export", exact=True).tap()
    page.wait_for_url(EXPORT_PAGE)
    see_ready(page)
    with page.expect_download() as saving:
        page.get_by_role("link", name="Download ZIP").tap()
    is_whole(saving.value.path())
    someone.check()


def tab_to(page: Page, name: str, most: int = 80) -> None:
    """Press Tab until the control of this name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "(document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
            " || document.activeElement.closest('label')?.innerText"
            " || document.activeElement.labels?.[0]?.innerText || '').trim()"
        )
        if here.startswith(name):
            return
    raise AssertionError(f"{name} cannot be reached by Tab")


def choose_by_key(page: Page, folder: Path) -> None:
    """Press Enter on the field that has the focus, and choose this folder."""
    with page.expect_file_chooser() as choosing:
        page.evaluate("0")  # a key would overtake the wish to see the chooser, an answer does not
        page.keyboard.press("Enter")
    choosing.value.set_files(folder)


def test_by_keyboard_alone(serve, visit, crate):
    instance = serve()
    someone = visit(instance)
    page = someone.page
    see_first_page(page)
    page.wait_for_load_state("networkidle")
    tab_to(page, "Choose a folder")
    choose_by_key(page, crate)
    see_rows(instance, page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+a")
    page.keyboard.press("p")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    tab_to(page, "Fill empty pads")
    for _ in range(4):  # the arrows walk the radio group, whose last one is By class
        if (
            "16 in bank A, 8 in bank B" in dialog.inner_text()
            and page.evaluate("document.activeElement.value") == "class"
        ):
            break
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(500)
    expect(dialog.get_by_role("radio", name="By class")).to_be_checked()
    tab_to(page, "Put on pads")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="24 sounds are on A1 to B")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("k")
    page.wait_for_url("**/kits/")
    kit = instance.one("SELECT name FROM kits_kit")
    tab_to(page, kit)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/kits/\d+/"))
    tab_to(page, "Export")
    while not page.url.startswith(f"{instance.url}/exports/new/"):
        if page.evaluate("document.activeElement.getAttribute('href') || ''").startswith(
            "/exports/new"
        ):
            page.keyboard.press("Enter")
            page.wait_for_url("**/exports/new/**")
        else:
            tab_to(page, "Export")
    page.wait_for_load_state()
    tab_to(page, "Export")
    while page.evaluate("document.activeElement.tagName") != "BUTTON":
        tab_to(page, "Export")
    page.keyboard.press("Enter")
    page.wait_for_url(EXPORT_PAGE)
    see_ready(page)
    tab_to(page, "Download ZIP")
    with page.expect_download() as saving:
        page.keyboard.press("Enter")
    is_whole(saving.value.path())
    someone.check()


def test_without_scripts(serve, visit, crate):
    instance = serve()
    someone = visit(instance, java_script_enabled=False)
    page = someone.page
    expect(page.get_by_role("heading", name="Add your sounds")).to_be_visible()
    page.get_by_label("Choose files").set_input_files(
        [path for path in sorted(crate.rglob("*")) if path.is_file()]
    )
    page.get_by_role("button", name="Add these sounds").click()
    instance.until("SELECT count(*) = 24 FROM library_analysis WHERE state = 'completed'")
    page.goto(f"{instance.url}/library/")
    boxes = page.get_by_role("checkbox", name=re.compile("^Select (?!the)"))
    expect(boxes).to_have_count(24)
    for box in boxes.all():
        box.check()
    page.get_by_role("button", name="Put on pads").click()
    page.get_by_role("radio", name="By class").check(force=True)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("16 in bank A, 8 in bank B")).to_be_visible()
    page.get_by_role("button", name="Put on pads").click()
    page.wait_for_url(re.compile(r"/kits/\d+/"))
    expect(page.get_by_role("gridcell", name=re.compile(r"^Pad A1, kick"))).to_be_visible()
    page.get_by_role("link", name="Export", exact=True).click()
    page.get_by_role("button", name="Export", exact=True).click()
    page.wait_for_url(EXPORT_PAGE)
    instance.until("SELECT state = 'completed' FROM exports_export")
    page.reload()
    with page.expect_download() as saving:
        page.get_by_role("link", name="Download ZIP").click()
    is_whole(saving.value.path())
    someone.check_console()
