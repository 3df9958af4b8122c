"""Many sounds renamed after a pattern: seen while it is typed, taken back with one key."""

import re

from playwright.sync_api import expect


def test_seen_then_done_then_undone(serve, visit):
    instance = serve()
    instance.manage("seed", "300")
    names = "SELECT count(*) FROM library_sample WHERE title LIKE 'boom #__'"
    kicks = instance.one("SELECT count(*) FROM library_sample WHERE sample_class = 'kick'")
    someone = visit(instance)
    page = someone.page
    page.goto(f"{instance.url}/library/?cls=kick")
    expect(page.locator("#rows [data-sample-id]").first).to_be_visible()
    page.keyboard.press("Control+a")
    bar = page.locator("#chosen")
    if kicks > 60:
        bar.get_by_role("button", name=re.compile("Select all")).click()
    bar.get_by_role("button", name="Change").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Rename after a pattern").click()
    rename = dialog.get_by_role("button", name=re.compile("^Rename"))
    expect(rename).to_be_disabled()
    dialog.get_by_label("New name").fill("{what}")
    expect(dialog).to_contain_text("There is no {what}.")
    expect(rename).to_be_disabled()
    dialog.get_by_label("New name").fill("boom #{nn}")
    expect(dialog.locator(".names li")).to_have_count(5)
    expect(dialog.locator(".names")).to_contain_text("boom #01")
    expect(rename).to_have_text(f"Rename {kicks}")
    assert not instance.one(names)
    someone.check()
    page.keyboard.press("Enter")
    expect(page.locator("#rows [data-sample-id] .t b").first).to_have_text("boom #01")
    assert instance.one(names) == min(kicks, 99)
    page.keyboard.press("Control+z")
    instance.until(f"SELECT ({names}) = 0")
    someone.check()


def test_on_a_phone_without_scripts(serve, visit):
    instance = serve()
    instance.manage("seed", "60")
    number = instance.one("SELECT id FROM library_sample ORDER BY id LIMIT 1")
    someone = visit(instance, "phone", java_script_enabled=False)
    page = someone.page
    page.goto(f"{instance.url}/samples/bulk/?ids={number}")
    page.get_by_text("Rename after a pattern").click()
    page.get_by_label("New name").fill("only {n}")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".names")).to_contain_text("only 1")
    page.get_by_role("button", name="Rename 1").click()
    expect(page.get_by_text("1 sound renamed.")).to_be_visible()
    assert instance.one("SELECT title FROM library_sample WHERE id = ?", number) == "only 1"
