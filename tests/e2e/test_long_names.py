"""Long names stay inside their boxes: nothing is pushed out of sight, at 1440 and at 390 pixels."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import folders

KIT = "A kit whose name nobody shortened because it says everything that ever was on its pads"
SOUND = "kick_" + "of_a_drum_recorded_in_a_stairwell_" * 4 + "take_17"


@pytest.fixture
def instance(serve, tmp_path):
    """Return an instance with such a kit of such a sound."""
    started = serve()
    folders.write(tmp_path / "Long" / f"{SOUND}.wav", folders.tone(0.3, 90))
    started.take_in(tmp_path / "Long")
    started.make_kit(KIT, A1=SOUND)
    return started


def holds(box: Locator) -> None:
    """Assert that a box is as wide as what is in it."""
    expect(box).to_be_visible()
    inner, outer = box.evaluate("box => [box.scrollWidth, box.clientWidth]")
    assert inner <= outer


def export(page: Page, url: str) -> None:
    """Export the kit and wait for the end."""
    page.goto(f"{url}/exports/new/?kit=1")
    holds(page.locator("main"))
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.get_by_role("link", name="Download ZIP")).to_be_visible(timeout=30_000)
    for part in (page.locator(".job"), page.locator(".past")):
        holds(part)


def test_at_a_desk(instance, visit):
    someone = visit(instance)
    page = someone.page
    holds(page.get_by_role("complementary", name="Kit on the bench"))
    page.locator("#rows .t").click()
    page.keyboard.press("p")
    holds(page.get_by_role("dialog"))
    page.keyboard.press("Escape")
    page.goto(f"{instance.url}/kits/")
    holds(page.locator("main"))
    export(page, instance.url)
    someone.check()


def test_on_a_phone(instance, visit):
    someone = visit(instance, "phone")
    page = someone.page
    page.locator("#rows .t").tap()
    page.get_by_role("button", name="To pad").tap()
    holds(page.get_by_role("dialog"))
    expect(page.get_by_role("dialog").get_by_label("Close")).to_be_in_viewport()
    export(page, instance.url)
    page.goto(f"{instance.url}/exports/")
    holds(page.locator("main"))
    page.set_viewport_size({"width": 320, "height": 640})
    for path in ("/library/", "/kits/", "/exports/", "/exports/1/", "/preferences/"):
        page.goto(instance.url + path)
        holds(page.locator("main"))
        someone.check()
