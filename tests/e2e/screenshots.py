"""Take the README's pictures from the running product: `make screenshots`."""

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.instance import ROOT, Instance, running

SIZES = {"": (1440, 900, False), "-390": (390, 844, True)}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def prepare(instance: Instance) -> tuple[int, int]:
    """Load the demo crate, put it on pads and export it; return the numbers of kit and export."""
    instance.manage("demo")
    instance.until("SELECT count(*) = 48 FROM library_analysis WHERE state = 'completed'")
    code = (
        "from kits import assign; from kits.hardware.pads import PadAddress;"
        "from kits.models import Kit; from library.models import Sample;"
        "from exports import build; from exports.options import Options;"
        "from exports.plan import plan; from exports.sources import from_kit;"
        "samples = list(Sample.objects.order_by('pk')); owner = samples[0].owner;"
        "kit = Kit.objects.create(owner=owner, name='Night Market');"
        "assign.place(kit, assign.plan({}, samples, PadAddress.parse('A1'), 'class'));"
        "export = build.create(owner, plan(from_kit(kit), Options(layout='kit')));"
        "print('made', kit.pk, export.pk)"
    )
    kit, export = instance.manage("shell", "-v", "0", "-c", code).split()[-2:]
    instance.until("SELECT state = 'completed' FROM exports_export")
    return int(kit), int(export)


def shoot(page: Page, instance: Instance, name: str, path: str) -> None:
    """Save one page as docs/<name>.png, or below PADCRATE_PICTURES."""
    page.goto(instance.url + path)
    page.wait_for_load_state("networkidle")
    if path == "/library/":
        for _ in range(3):
            page.keyboard.press("ArrowDown")
        page.wait_for_timeout(600)
    folder = Path(os.environ.get("PADCRATE_PICTURES", ROOT / "docs"))
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")


def walk(browser: Browser, instance: Instance, kit: int, export: int) -> None:
    """Take every page at every size; the small ones only into a folder of one's own."""
    pages = {
        "library": "/library/",
        "kit": f"/kits/{kit}/",
        "plan": f"/exports/new/?kit={kit}",
        "export": f"/exports/{export}/",
    }
    everything = "PADCRATE_PICTURES" in os.environ
    for suffix, (width, height, touch) in SIZES.items():
        if suffix and not everything:
            continue
        context = browser.new_context(
            viewport={"width": width, "height": height}, has_touch=touch, is_mobile=touch
        )
        page = context.new_page()
        page.goto(instance.manage("link").split()[-1])
        for name, path in pages.items():
            if everything or name in ("library", "kit", "export"):
                shoot(page, instance, name + suffix, path)
        context.close()


def main() -> None:
    """Start an instance of its own, walk through it, end it."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "data") as instance:
        numbers = prepare(instance)
        with sync_playwright() as driver:
            path = next(filter(None, map(shutil.which, BROWSERS)), None)
            browser = driver.chromium.launch(
                executable_path=path,
                args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
            )
            walk(browser, instance, *numbers)
            browser.close()


if __name__ == "__main__":
    main()
