"""A guess in a row is settled with one press, and that is taken back with one key."""

import re

from playwright.sync_api import expect

GUESSED = (
    "SELECT id FROM library_sample WHERE sample_class = 'break' AND bpm_guessed AND bpm < 150 "
    "ORDER BY id DESC LIMIT 1"
)


def test_a_tempo_an_octave_off(serve, visit):
    instance = serve()
    instance.manage("seed", "300")
    number = instance.one(GUESSED)
    tempo = "SELECT bpm FROM library_sample WHERE id = ?"
    before = instance.one(tempo, number)
    someone = visit(instance)
    page = someone.page
    page.goto(f"{instance.url}/library/?cls=break")
    cell = page.locator(f"#sample-{number} .k-bpm")
    expect(cell).to_have_text(re.compile(r"\?$"))
    cell.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{before:g} BPM?")
    dialog.get_by_role("button", name="×2").click()
    expect(cell).to_have_text(f"{before * 2:g}")
    assert instance.one(tempo, number) == before * 2
    page.keyboard.press("Control+z")
    expect(cell).to_have_text(f"{before:g}?")
    assert instance.one(tempo, number) == before
    cell.click()
    dialog.get_by_role("button", name=re.compile("^Confirm .* BPM$")).click()
    expect(cell).to_have_text(f"{before:g}")
    someone.check()


def test_on_a_phone_without_scripts(serve, visit):
    instance = serve()
    instance.manage("seed", "300")
    number = instance.one(GUESSED)
    someone = visit(instance, "phone", java_script_enabled=False)
    page = someone.page
    page.goto(f"{instance.url}/samples/{number}/")
    wide = page.get_by_role("button", name="÷2").bounding_box()
    assert min(wide["width"], wide["height"]) >= 24
    page.get_by_role("button", name="÷2").click()
    expect(page.get_by_text("saved.")).to_be_visible()
    expect(page.get_by_role("button", name="÷2")).to_have_count(0)
