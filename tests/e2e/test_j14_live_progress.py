"""J14: progress is live, alike in two windows, survives a killed worker, can be cancelled."""

import os
import re
import signal
import time

import psutil
import pytest
from playwright.sync_api import expect

from tests.e2e.folders import tone, write

COUNT = 46


@pytest.fixture
def slow(serve, tmp_path):
    """Return a running product with slow workers and a batch of 46 sounds."""
    instance = serve(DJANGO_SETTINGS_MODULE="tests.e2e.slow_settings", PADCRATE_WORKERS="1")
    for number in range(COUNT):
        write(tmp_path / "Many" / f"tone_{number:02d}.wav", tone(0.2, 100 + 20 * number))
    instance.take_in(tmp_path / "Many")
    return instance


def workers(instance) -> list[psutil.Process]:
    """Return the processes that convert: children of the `worker` command."""
    top = psutil.Process(instance.process.pid)
    pools = [one for one in top.children() if "worker" in one.cmdline()]
    return [child for pool in pools for child in pool.children()]


def start_export(instance, page) -> str:
    """Press Export for all sounds and return the address of the job page."""
    page.goto(f"{instance.url}/exports/new/?all=1")
    page.get_by_role("button", name="Export", exact=True).click()
    page.wait_for_url(re.compile(r"/exports/\d+/$"))
    return page.url


def test_progress_is_seen_everywhere_and_outlives_a_worker(slow, visit):
    someone = visit(slow)
    page = someone.page
    answers: list[tuple[int, str]] = []
    page.on(
        "response",
        lambda got: answers.append((got.status, got.url)) if "/progress/" in got.url else None,
    )
    job = start_export(slow, page)
    bar = page.get_by_role("progressbar")
    seen: set[str] = set()
    killed = False
    end = time.monotonic() + 90
    while time.monotonic() < end and bar.count():
        seen.add(page.locator("#lcd .pct").inner_text(timeout=5000))
        if len(seen) == 4 and not killed:
            killed = True
            page.reload()
            second = someone.context.new_page()
            second.goto(job)
            expect(second.get_by_role("progressbar")).to_be_visible()
            assert page.title().split(" ")[0].isdigit() or "%" in page.title()
            for process in workers(slow):
                os.kill(process.pid, signal.SIGKILL)
        time.sleep(0.15)
    assert len(seen) >= 5
    expect(page.get_by_role("link", name="Download ZIP")).to_be_visible(timeout=30_000)
    expect(second.get_by_role("link", name="Download ZIP")).to_be_visible(timeout=30_000)
    assert slow.one("SELECT state FROM exports_export") == "completed"
    assert slow.one("SELECT count(*) FROM exports_exportitem WHERE state = 'completed'") == COUNT
    assert 286 in [status for status, _ in answers]
    polls = len(answers)
    page.wait_for_timeout(3000)
    assert len(answers) == polls, "the page goes on asking after the end"
    someone.check()


def test_a_stall_is_told_and_restart_finishes(slow, visit):
    someone = visit(slow)
    page = someone.page
    start_export(slow, page)
    expect(page.locator("#lcd .pct")).not_to_have_text("0%", timeout=20_000)
    top = psutil.Process(slow.process.pid)
    pool = next(one for one in top.children() if "worker" in one.cmdline())
    # Stopped and not restarted: the supervisor thinks its child is alive.
    frozen = [pool, *pool.children()]
    for process in frozen:
        process.suspend()
    answers: list[int] = []
    page.on("response", lambda got: answers.append(got.status) if "/progress/" in got.url else None)
    told = page.locator("#lcd").get_by_text("The export has stalled")
    expect(told).to_be_visible(timeout=40_000)
    assert 204 in answers, "a poll that finds nothing new has no body"
    for process in frozen:
        process.resume()
    page.get_by_role("button", name="Restart").click()
    expect(page.get_by_role("link", name="Download ZIP")).to_be_visible(timeout=60_000)
    someone.check()


def test_cancel_keeps_nothing(slow, visit):
    someone = visit(slow)
    page = someone.page
    job = start_export(slow, page)
    expect(page.locator("#lcd .pct")).not_to_have_text("0%", timeout=20_000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled. Nothing was kept.").first).to_be_visible()
    done = slow.one("SELECT count(*) FROM exports_exportitem WHERE state = 'completed'")
    page.wait_for_timeout(1500)
    assert slow.one("SELECT count(*) FROM exports_exportitem WHERE state = 'completed'") == done
    assert slow.one("SELECT count(*) FROM exports_exportitem WHERE state = 'processing'") == 0
    assert page.request.get(f"{job}zip").status == 404
    page.goto(f"{slow.url}/exports/")
    expect(page.get_by_role("row").filter(has_text="cancelled")).to_be_visible()
    someone.check()
