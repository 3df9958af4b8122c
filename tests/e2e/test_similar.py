"""Finding what is like a sound and putting it in another's place, in the browser."""

import re

from playwright.sync_api import expect

from tests.e2e.instance import Instance


def demo(instance: Instance) -> None:
    """Load the demo crate, wait until all of it has been heard, put a kick on A1."""
    instance.manage("demo")
    instance.until("SELECT count(*) = 48 FROM library_analysis WHERE state = 'completed'")
    instance.manage(
        "shell", "-v", "0", "-c",
        "from kits import assign; from kits.hardware.pads import PadAddress;"
        "from kits.models import Kit; from library.models import Sample;"
        "kick = Sample.objects.filter(sample_class='kick').order_by('pk').first();"
        "kit = Kit.objects.create(owner=kick.owner, name='Night Market');"
        "assign.place(kit, assign.plan({}, [kick], PadAddress.parse('A1'), 'one'))",
    )  # fmt: skip


def test_find_similar_and_swap(serve, visit):
    instance = serve()
    demo(instance)
    someone = visit(instance)
    finds_similar(someone, instance.url)
    swaps(someone, instance.url)
    for path in ("/library/stats/", "/library/duplicates/"):
        someone.page.goto(instance.url + path)
        expect(someone.page.locator("h1")).to_be_visible()
        someone.check()
    expect(someone.page.locator("#copies")).to_contain_text("No two sounds", timeout=30_000)


def finds_similar(someone, url):
    """Ask for what sounds like the first kick, narrow it, and go back."""
    page = someone.page
    page.goto(f"{url}/library/?cls=kick")
    rows = page.locator("#rows [data-sample-id]")
    expect(rows.first).to_be_visible()

    kicks = rows.count()
    page.keyboard.press("ArrowDown")
    origin = page.locator("#rows .row.cur").get_attribute("data-title")
    page.keyboard.press("f")
    expect(page.locator("#near-head")).to_contain_text(origin)
    expect(page).to_have_url(re.compile(r"/samples/\d+/similar/\?aspect=all&back=cls%3Dkick"))
    titles = rows.evaluate_all("all => all.map(row => row.dataset.title)")
    assert origin not in titles
    assert len(titles) == 40
    page.keyboard.press("ArrowDown")  # they are heard and chosen like all rows
    expect(rows.first).to_have_class(re.compile("cur"))
    someone.until_voices(1)
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.locator("#chosen [data-count]")).to_have_text("1 selected")

    page.get_by_role("link", name="Kick only").click()
    expect(rows).to_have_count(kicks - 1)
    someone.check()
    page.get_by_role("link", name="Rhythm").click()
    expect(page.locator("#results")).to_contain_text("no loop")
    page.get_by_role("link", name="Back to the list").click()
    expect(page).to_have_url(f"{url}/library/?cls=kick")
    expect(page.locator("#near")).to_have_count(0)
    page.go_back()
    expect(page.locator("#near")).to_be_visible()


def swaps(someone, url):
    """Give a pad a sound that is like its own, and take that back."""
    page = someone.page
    page.goto(f"{url}/kits/")
    page.get_by_role("link", name="Night Market").first.click()
    page.wait_for_load_state()  # the menu of a pad comes with the scripts
    pad = page.locator("#pad-A1")
    old = pad.get_attribute("data-title")
    pad.click(button="right")
    page.get_by_role("menuitem", name="Swap for similar…").click()
    expect(page.locator("#brows .like")).to_contain_text(old)
    someone.until_voices(1)
    first = page.locator("#brows .brow").first
    new = first.get_attribute("data-title")
    expect(first.locator("[data-hear]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(pad).to_have_attribute("data-title", new)
    expect(page.locator("#brows .like")).to_contain_text(old)
    someone.check()
    page.get_by_role("button", name="Undo").first.click()
    expect(pad).to_have_attribute("data-title", old)
    page.get_by_role("link", name="All sounds").click()
    expect(page.locator("#brows .like")).to_have_count(0)
