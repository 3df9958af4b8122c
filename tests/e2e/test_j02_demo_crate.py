"""J2: the demo crate, in one press and without a network."""

from playwright.sync_api import expect


def test_48_sounds_in_one_press(serve, visit):
    instance = serve()
    someone = visit(instance)
    page = someone.page
    page.get_by_role("button", name="Load demo crate").click()
    rows = page.locator("#rows [data-sample-id]")
    expect(rows).to_have_count(48, timeout=60_000)
    instance.until("SELECT count(*) = 48 FROM library_analysis WHERE state = 'completed'")
    expect(page.locator("#rows .wave.flat")).to_have_count(0, timeout=30_000)
    drawn = page.locator("#rows .wave path").evaluate_all(
        "all => all.map(one => one.getAttribute('d'))"
    )
    assert len(set(drawn)) == 48
    # Its classes are given, not guessed.
    assert page.locator("#rows .k-cls .unsure").count() == 0
    page.keyboard.press("ArrowDown")
    someone.until_voices(1)
    expect(page.locator("#rows .row.cur")).to_have_count(1)
    page.keyboard.press("Escape")
    someone.until_voices(0)
    someone.check()
