"""J15: a hundred thousand sounds in the browser: scrolling to the end of a page, and search.

Milliseconds depend on the machine and are told as figures; sizes, rows and memory are held to.
"""

import gzip
import os
import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.e2e.conftest import NAMES, SIZES
from tests.e2e.visit import Visit

ROWS = int(os.environ.get("SOAK_ROWS", "100000"))
MOST_ROWS = 3000
PATIENCE = 60_000  # ms, on whatever machine
HTML, SCRIPTS, HEAP = 25_000, 60_000, 350_000_000
FRAMES = """() => {
    window.gaps = [];
    let last = performance.now();
    const tick = (now) => {
        window.gaps.push(now - last);
        last = now;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
}"""

pytestmark = pytest.mark.soak


@pytest.fixture
def someone(instance) -> Iterator[Visit]:
    """Open a browser on a library of that many sounds."""
    instance.manage("seed", str(ROWS))
    path = os.environ.get("PADCRATE_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    flags = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=path, args=[*flags, "--enable-precise-memory-info"]
        )
        yield Visit(browser.new_context(**SIZES["desk"]), instance.url)
        browser.close()


def first_view(someone: Visit, link: str) -> tuple[int, int]:
    """Open the library; return the bytes of its HTML and of all its scripts, zipped."""
    sizes: dict[str, int] = {}

    def keep(answer) -> None:
        if answer.ok and answer.request.resource_type in ("document", "script"):
            sizes[answer.url] = len(gzip.compress(answer.body(), 6))

    someone.page.on("response", keep)
    someone.page.goto(link)
    expect(someone.page.locator("#rows [data-sample-id]").first).to_be_visible(timeout=PATIENCE)
    someone.page.wait_for_load_state("networkidle")
    someone.page.remove_listener("response", keep)
    scripts = sum(size for url, size in sizes.items() if ".js" in url)
    return sum(sizes.values()) - scripts, scripts


def rows_in(page: Page) -> int:
    return page.locator("#rows [data-sample-id]").count()


def scroll_to_the_end(page: Page) -> None:
    """Press PgDn until the page holds no more rows."""
    for _ in range(2000):
        if page.locator(".jumps").count():
            return
        page.keyboard.press("PageDown")
        page.wait_for_timeout(30)
    raise AssertionError(f"only {rows_in(page)} rows came")


def test_scrolling_searching_and_jumping(instance, someone, figure):
    html, scripts = first_view(someone, instance.link)
    page = someone.page
    assert html <= HTML
    assert scripts <= SCRIPTS
    page.evaluate(FRAMES)
    scroll_to_the_end(page)
    gaps = sorted(page.evaluate("window.gaps"))
    heap = page.evaluate("performance.memory.usedJSHeapSize")
    assert rows_in(page) == MOST_ROWS
    expect(page.locator("#more-rows")).to_contain_text(
        re.compile("Showing 3.000. Narrow the search")
    )
    assert heap < HEAP
    figure(f"html {html} B, scripts {scripts} B, heap {heap / 1e6:.0f} MB")
    figure(f"frames: p99 {gaps[int(len(gaps) * 0.99)]:.0f} ms, longest {gaps[-1]:.0f} ms")

    page.locator(".jumps a[href*='after=']").last.focus()
    page.keyboard.press("Enter")
    start = page.get_by_role("link", name="Show from the start")
    expect(start).to_be_visible(timeout=PATIENCE)
    assert "after=" in page.url
    assert 0 < rows_in(page) <= 120

    page.keyboard.press("/")
    begun = page.evaluate("performance.now()")
    page.keyboard.type("snr")
    expect(page.locator("#rows")).to_have_attribute("data-query", "q=snr", timeout=PATIENCE)
    figure(f"rows {page.evaluate('performance.now()') - begun:.0f} ms after the first letter")
    assert rows_in(page) == 60
    titles = page.locator("#rows [data-sample-id]").evaluate_all(
        "all => all.map(row => row.dataset.title)"
    )
    assert all("snr" in title for title in titles)
    someone.check()
