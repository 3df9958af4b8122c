"""The pad sheet: what can be pressed with and without scripts, and by finger."""

from playwright.sync_api import expect


def test_it_prints_with_scripts_and_is_pressed_by_finger(serve, visit):
    bench = serve()
    kit = bench.make_kit("Night Market")
    someone = visit(bench, "phone")
    page = someone.page
    page.goto(f"{bench.url}/kits/{kit}/sheet/?bank=C")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    boxes = [key.bounding_box() for key in page.locator("body .key").all()]
    assert len(boxes) >= 5
    assert [box for box in boxes if box["width"] < 44 or box["height"] < 44] == []
    someone.check()


def test_without_scripts_nothing_offers_to_print(serve, visit):
    bench = serve()
    kit = bench.make_kit("Night Market")
    page = visit(bench, java_script_enabled=False).page
    page.goto(f"{bench.url}/kits/{kit}/sheet/")
    expect(page.get_by_role("link", name="Text", exact=True)).to_be_visible()
    expect(page.locator("#print")).to_be_hidden()
