"""J3: hearing sounds by keyboard alone in a library of ten thousand."""

import re

from playwright.sync_api import expect

from tests.e2e.folders import tone, write


def test_every_step_plays(serve, visit, tmp_path):
    instance = serve()
    instance.manage("seed", "10000")
    for number in range(8):
        write(tmp_path / "Snares" / f"snr_papercut_{number}.wav", tone(3, 200 + 40 * number))
    instance.take_in(tmp_path / "Snares")
    someone = visit(instance)
    page = someone.page
    starts: list[str] = []
    page.on("request", lambda asked: starts.append(asked.url) if "/audio" in asked.url else None)
    rows = page.locator("#rows [data-sample-id]")
    expect(rows.first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("snr pap")
    expect(page.locator("#count")).to_have_text(re.compile(r"^\d+ of 10.008$"))
    titles = rows.evaluate_all("all => all.slice(0, 8).map(row => row.dataset.title)")
    assert all("snr_papercut" in title for title in titles)
    for step in range(5):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(150)
        if step:
            someone.until_voices(1)
    current = page.locator("#rows .row.cur")
    expect(current).to_have_count(1)
    assert current.get_attribute("id") == rows.nth(4).get_attribute("id")
    someone.until_voices(1)
    row, deck = current.bounding_box(), page.locator("#deck").bounding_box()
    assert row["y"] + row["height"] <= deck["y"] + 1
    page.keyboard.press("Escape")
    someone.until_voices(0)
    expect(current).to_have_count(1)
    someone.check()
