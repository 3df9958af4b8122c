"""J5: selecting across pages that are not loaded, tagging in bulk, taking it back."""

import re

from playwright.sync_api import expect

TAGGED = (
    "SELECT count(*) FROM library_sample_tags AS hung "
    "JOIN library_tag AS tag ON tag.id = hung.tag_id WHERE tag.name = 'mydust'"
)


def test_all_matching_but_one(serve, visit):
    instance = serve()
    instance.manage("seed", "10000")
    total = instance.one("SELECT count(*) FROM library_sample WHERE sample_class = 'kick'")
    assert total > 1000
    someone = visit(instance)
    page = someone.page
    page.goto(f"{instance.url}/library/?cls=kick")
    rows = page.locator("#rows [data-sample-id]")
    expect(rows.first).to_be_visible()
    boxes = page.get_by_role("checkbox", name=re.compile("^Select (?!the)"))
    boxes.nth(2).click()
    boxes.nth(39).click(modifiers=["Shift"])
    bar = page.locator("#chosen")
    expect(bar).to_contain_text("38 selected")
    bar.get_by_role("button", name=re.compile("Select all")).click()
    expect(bar).to_contain_text(re.compile(rf"{total // 1000}.{total % 1000:03d} selected"))
    boxes.nth(4).click()
    left_out = rows.nth(4).get_attribute("data-sample-id")
    bar.get_by_role("button", name="Tag").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Tag").fill("mydust")
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("status").filter(has_text=re.compile("tagged|Tagged|mydust"))
    ).to_be_visible()
    assert instance.one(TAGGED) == total - 1
    assert instance.one(f"{TAGGED} AND hung.sample_id = ?", left_out) == 0
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    instance.until(f"SELECT ({TAGGED}) = 0")
    someone.check()
