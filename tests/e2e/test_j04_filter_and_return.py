"""J4: filter, share the address, come back to where one was; and searches that are kept."""

import re

from playwright.sync_api import expect

FOUND = (
    "SELECT {} FROM library_sample WHERE sample_class = 'break' AND bpm BETWEEN 84 AND 98 "
    "AND key IN ('Am', 'Em', 'Dm', 'C') AND deleted_at IS NULL"
)
PLACE = """() => ({
    cursor: document.querySelector("#rows .cur").dataset.title,
    top: document.getElementById("rows").scrollTop,
    rows: document.querySelectorAll("#rows [data-sample-id]").length,
})"""


def titles(page) -> list[str]:
    return page.locator("#rows [data-sample-id]").evaluate_all(
        "all => all.map(row => row.dataset.title)"
    )


def settle(page, pattern: str) -> None:
    expect(page.locator("#count")).to_have_text(re.compile(pattern))


def test_filter_share_and_return(serve, visit):
    instance = serve()
    instance.manage("seed", "10000")
    someone = visit(instance)
    page = someone.page
    expect(page.locator("#rows [data-sample-id]").first).to_be_visible()
    page.keyboard.press("/")  # brings the panel's scripts
    page.get_by_role("checkbox", name=re.compile("^Breaks & loops")).check(force=True)
    settle(page, r"of 10.000$")
    page.get_by_label("Lowest tempo in BPM").fill("84")
    page.keyboard.press("Tab")
    expect(page.locator("#active")).to_contain_text("from 84 BPM")
    page.get_by_label("Highest tempo in BPM").fill("98")
    page.keyboard.press("Tab")
    expect(page.locator("#active")).to_contain_text("84–98 BPM")
    page.locator("#wheel [data-key='Am']").click()
    expect(page.locator("#active")).to_contain_text("8A")
    page.get_by_role("checkbox", name=re.compile(r"^\+ fits")).check()
    expect(page.locator("#active")).to_contain_text("8A + fits")
    wanted = [title for (title,) in instance.rows(FOUND.format("title") + " ORDER BY id DESC")]
    assert len(wanted) > 20
    settle(page, rf"^{len(wanted)} of 10.000$")
    assert titles(page) == wanted[:60]
    assert re.search(r"cls=break&key=Am&lo=84&hi=98&fit=1", page.url)
    someone.check()

    other = visit(instance)
    other.page.goto(page.url)
    expect(other.page.locator("#rows [data-sample-id]").first).to_be_visible()
    assert titles(other.page) == wanted[:60]

    page.goto(f"{instance.url}/library/?cls=kick")
    rows = page.locator("#rows [data-sample-id]")
    for loaded in (61, 121, 181):
        page.keyboard.press("End")
        expect(rows.nth(loaded)).to_be_attached()
    for _ in range(7):
        page.keyboard.press("ArrowUp")
    page.wait_for_timeout(400)
    before = page.evaluate(PLACE)
    assert before["top"] > 2000
    address = page.locator("#rows .cur a.more").get_attribute("href")
    page.goto(instance.url + address)
    expect(page.get_by_role("heading", name=before["cursor"])).to_be_visible()
    page.go_back()
    expect(rows.nth(before["rows"] - 1)).to_be_attached()
    expect(page.locator("#rows .cur")).to_be_in_viewport()
    assert page.evaluate(PLACE) == before
    someone.check()


def test_keys_of_the_wheel(serve, visit):
    instance = serve()
    instance.manage("seed", "600")
    someone = visit(instance)
    page = someone.page
    expect(page.locator("#rows [data-sample-id]").first).to_be_visible()
    box = page.get_by_role("checkbox", name=re.compile("^1B, B major"))
    page.keyboard.press("/")  # brings the panel's scripts
    expect(box).to_have_attribute("tabindex", "0")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("#active")).to_contain_text("2A")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(page.locator("#active")).to_contain_text("1A, 2A")
    page.locator("#wheel [data-key='Am']").click(modifiers=["Shift"])
    expect(page.locator("#active")).to_contain_text("1A, 2A, 8A")
    page.locator("#wheel [data-key='C']").click()
    expect(page.locator("#active .chip")).to_have_text(["8B"])
    someone.check()


def test_a_search_is_typed_kept_and_found_again(serve, visit):
    instance = serve()
    instance.manage("seed", "600")
    someone = visit(instance)
    page = someone.page
    expect(page.locator("#rows [data-sample-id]").first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("snr len:<1 -tag:tape")
    expect(page.locator("#active .chip")).to_have_text(["“snr”", "under 1 s", "not #tape"])
    found = titles(page)
    assert found
    assert all(title.startswith("snr") for title in found)
    page.get_by_role("link", name="Save").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Short snares")
    page.keyboard.press("Enter")
    crate = page.get_by_role("link", name="Short snares", exact=True)
    expect(crate).to_be_visible()
    page.get_by_role("link", name="Remove not #tape").click()
    expect(page.locator("#active .chip")).to_have_text(["“snr”", "under 1 s"])
    expect(page.locator("#q")).to_have_value("snr len:<1")
    crate.click()
    expect(page.locator("#active .chip")).to_have_count(3)
    assert titles(page) == found

    page.keyboard.press("Escape")
    page.locator("body").click(position={"x": 700, "y": 30})
    page.keyboard.press("ArrowDown")
    page.keyboard.press("*")
    star = page.locator("#rows .cur .star")
    expect(star).to_have_attribute("aria-pressed", "true")
    assert instance.one("SELECT count(*) FROM library_sample WHERE is_favourite") == 1
    page.keyboard.press("Control+z")
    expect(star).to_have_attribute("aria-pressed", "false")

    page.get_by_role("link", name="Change crate Short snares").click()
    page.get_by_role("button", name="Delete the crate").click()
    expect(crate).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(crate).to_be_visible()
    someone.check()
