"""Browser journeys: a served instance, a browser, folders of sounds made on the spot."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.e2e.instance import ROOT, Instance
from tests.e2e.lending import Lending
from tests.e2e.visit import Visit

SIZES = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    },
}
PATIENCE = 15_000  # ms: several journeys share the machine
expect.set_options(timeout=PATIENCE)
ARTIFACTS = ROOT / "test-artifacts"
NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as a browser test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("e2e")


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver) -> Iterator[Browser]:
    """Return the browser on PATH, else the one Playwright installed."""
    path = os.environ.get("PADCRATE_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    started = playwright_driver.chromium.launch(
        executable_path=path,
        args=[
            "--no-sandbox",
            "--autoplay-policy=no-user-gesture-required",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    )
    yield started
    started.close()


@pytest.fixture(scope="session")
def lending(tmp_path_factory, prepared) -> Iterator[Lending]:
    """Return what lends the instance that most journeys have in common."""
    instances = Lending(lambda: copied(prepared, tmp_path_factory.mktemp("lent") / "data").start())
    yield instances
    instances.end()


def copied(prepared: Path, data: Path, **env: str) -> Instance:
    """Return an instance that need not prepare anything."""
    instance = Instance(data, **env)
    shutil.copytree(prepared, instance.data)
    return instance


@pytest.fixture
def serve(tmp_path, prepared, lending, request) -> Iterator[Callable[..., Instance]]:
    """Return a function that gives a product to a journey: an empty one that runs.

    The first one of a journey that sets nothing up differently is the common one; all others are
    started for it and end with it.
    """
    started: list[Instance] = []
    with ExitStack() as borrowed:

        def start(**env: str) -> Instance:
            if not env and not lending.is_lent:
                return borrowed.enter_context(lending.lent())
            instance = copied(prepared, tmp_path / f"data{len(started)}", **env)
            started.append(instance)
            return instance.start()

        yield start
        if getattr(request.node, "failed_call", False):
            lending.is_spoilt = True
    codes = [instance.stop() for instance in started]
    assert codes == [0] * len(started)


@pytest.fixture
def visit(browser, request) -> Iterator[Callable[..., Visit]]:
    """Return a function that opens a browser on an instance; keeps a picture when a test fails."""
    opened: list[Visit] = []
    request.node.opened = opened

    def open_(instance: Instance, size: str = "desk", **options) -> Visit:
        context = browser.new_context(accept_downloads=True, **SIZES[size], **options)
        context.set_default_timeout(PATIENCE)
        someone = Visit(context, instance.url)
        opened.append(someone)
        someone.page.goto(instance.link)
        return someone

    yield open_
    failed = getattr(request.node, "failed_call", False)
    for number, someone in enumerate(opened):
        if failed:
            ARTIFACTS.mkdir(exist_ok=True)
            someone.page.screenshot(path=ARTIFACTS / f"{request.node.name}-{number}.png")
        someone.context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call):
    """Let the fixtures know whether the test failed, and the report what the browsers had asked."""
    report = yield
    if report.when == "call":
        item.failed_call = report.failed  # type: ignore[attr-defined]
        if report.failed:
            for someone in getattr(item, "opened", []):
                report.sections.append(("Asked for last", someone.story()))
    return report


def pytest_terminal_summary(terminalreporter) -> None:
    """Show each journey that only passed when it was done again: a fault is behind it."""
    again = terminalreporter.stats.get("rerun", [])
    if not again:
        return
    terminalreporter.section("FAILED ONCE, THEN DONE AGAIN: find out why", red=True, bold=True)
    for report in again:
        terminalreporter.write_line(report.nodeid, red=True)
        terminalreporter.write_line(report.longreprtext[-3000:])
        for title, text in report.sections:
            terminalreporter.write_line(f"{title}:\n{text}")
