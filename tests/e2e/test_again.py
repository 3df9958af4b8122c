"""What is done about an export once it has ended: try again, share, clear, make again."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.folders import tone, write

BROKEN = b"ID3" + bytes(range(97))


@pytest.fixture
def crate(serve, tmp_path):
    """Return an instance that shares, and a kit of three sounds of which one cannot be read."""
    instance = serve(PADCRATE_SHARING="1")
    folder = tmp_path / "Crate"
    for number, name in enumerate(("kick", "snare", "vox")):
        write(folder / f"{name}.wav", tone(0.3, 200 + 100 * number))
    instance.take_in(folder)
    kit = instance.make_kit("Night Market", A1="kick", A2="snare", C5="vox")
    blob = blob_of(instance, "vox")
    whole = blob.read_bytes()
    blob.write_bytes(BROKEN)
    return instance, kit, blob, whole


def blob_of(instance, title) -> Path:
    digest = instance.one("SELECT sha256 FROM library_sample WHERE title = ?", title)
    return instance.data / "media" / "blobs" / str(digest)[:2] / str(digest)


def names_in(download):
    return [name for name in zipfile.ZipFile(download.path()).namelist() if name.endswith(".wav")]


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_try_again_share_clear_and_make_again(crate, visit, size):
    instance, kit, blob, whole = crate
    someone = visit(instance, size)
    page = someone.page
    page.goto(f"{instance.url}/exports/new/?kit={kit}")
    page.get_by_role("button", name="Export", exact=True).click()
    readout = page.locator("#lcd")
    stopped = "Stopped at C5 vox: file could not be converted. The other 2 are ready."
    expect(readout).to_contain_text(stopped, timeout=30_000)
    expect(page.get_by_role("button", name="Leave it out")).to_be_visible()
    someone.check()

    blob.write_bytes(whole)
    page.get_by_role("button", name="Try again").click()
    expect(readout).to_contain_text("Ready.", timeout=30_000)
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Whoever has this link").input_value()
    someone.check()
    guest = someone.context.browser.new_context(accept_downloads=True).new_page()
    with guest.expect_download() as saving:
        guest.evaluate("link => { location.href = link; }", link)
    assert len(names_in(saving.value)) == 3
    guest.context.close()
    page.reload()
    expect(page.locator("#share")).to_contain_text("downloaded 1 time")
    expect(page.locator("#new-link")).to_have_count(0)  # shown once
    page.get_by_role("button", name="Close the link").click()
    expect(page.locator("#share")).to_contain_text("Closed on")
    assert page.request.get(link).status == 404

    page.get_by_role("button", name="Delete files").click()
    expect(readout).to_contain_text("Make it again with one click.")
    someone.check()
    page.goto(f"{instance.url}/exports/")
    someone.check()
    page.get_by_role("button", name="Make again").click()
    expect(readout).to_contain_text("Ready.", timeout=30_000)
    with page.expect_download() as saving:
        page.get_by_role("link", name="Download ZIP").click()
    assert len(names_in(saving.value)) == 3

    code = (
        "from kits.models import Kit; from kits.hardware.pads import PadAddress;"
        f"Kit.objects.get(pk={kit}).change('clear', {{PadAddress('A', 1): None}})"
    )
    instance.manage("shell", "-v", "0", "-c", code)
    page.get_by_role("link", name="Again").click()
    expect(page.locator(".since")).to_contain_text("Kit has changed since: 1 pad differs: A1.")
    expect(page.locator("#plan")).to_contain_text("2 files")
    someone.check()
    page.get_by_role("link", name="As exported then").click()
    expect(page.locator("#plan")).to_contain_text("3 files")


def test_all_of_it_works_without_scripts(crate, visit):
    instance, kit, blob, whole = crate
    someone = visit(instance, java_script_enabled=False)
    page = someone.page
    page.goto(f"{instance.url}/exports/new/?kit={kit}")
    someone.send("Export")
    instance.until("SELECT count(*) = 1 FROM exports_export WHERE state = 'partial'")
    blob.write_bytes(whole)
    page.reload()
    someone.send("Try again")
    instance.until("SELECT count(*) = 1 FROM exports_export WHERE state = 'completed'")
    page.reload()
    expect(page.locator("#lcd")).to_contain_text("Ready.")
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Whoever has this link").input_value()
    assert page.request.get(link).status == 200
    page.reload()
    expect(page.locator("#new-link")).to_have_count(0)
    page.get_by_role("button", name="Close the link").click()
    assert page.request.get(link).status == 404
    page.goto(f"{instance.url}/exports/")
    page.get_by_label("Kind").select_option("kit")
    page.get_by_role("button", name="Show").click()
    page.locator("details.more summary").click()
    page.get_by_role("button", name="Delete files").click()
    expect(page.locator("#lcd")).to_contain_text("Files cleared on")
    page.get_by_role("button", name="Make again").click()
    instance.until("SELECT count(*) = 2 FROM exports_export WHERE state = 'completed'")


def test_shift_makes_the_same_at_once(crate, visit):
    instance, kit, blob, whole = crate
    blob.write_bytes(whole)
    someone = visit(instance)
    page = someone.page
    page.goto(f"{instance.url}/exports/new/?kit={kit}")
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.locator("#lcd")).to_contain_text("Ready.", timeout=30_000)
    first = page.url
    page.get_by_role("link", name="Again").click(modifiers=["Shift"])
    page.wait_for_url(lambda url: url != first and "/exports/" in url)
    expect(page.locator("#lcd")).to_contain_text("Ready.", timeout=30_000)
    assert instance.one("SELECT count(*) FROM exports_export") == 2
