"""Answers that come late do not make the page forget what else it asked for."""

import time

from playwright.sync_api import expect

from tests.e2e import folders


def test_the_list_appears_though_the_tray_is_slow(serve, visit, tmp_path):
    instance = serve()
    someone = visit(instance)
    page = someone.page

    def late(route):
        time.sleep(0.7)
        route.continue_()

    page.route("**/library/imports/**", late)
    page.get_by_label("Choose a folder").set_input_files(folders.crate(tmp_path / "Crate"))
    expect(page.locator("#rows [data-sample-id]")).to_have_count(24, timeout=30_000)
    someone.check_console()


def test_a_picker_that_was_asked_for_before_its_script_came_takes_keys(serve, visit, tmp_path):
    instance = serve()
    folders.write(tmp_path / "Bench" / "kick_dusty.wav", folders.tone(0.3, 150))
    instance.take_in(tmp_path / "Bench")
    kit = instance.make_kit("Night Market")
    someone = visit(instance)
    page = someone.page
    held = {}
    page.route("**/js/picker*.js", lambda route: held.update(script=route))
    page.reload()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("p")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Pad A5, empty")).to_be_visible()
    held["script"].continue_()
    expect(dialog.get_by_role("button", name="Pad A1, empty")).to_be_focused()
    page.keyboard.press("q")
    expect(dialog).to_be_hidden()
    assert instance.pads(kit) == {"A5": "kick_dusty"}
    someone.check_console()


def test_files_that_were_chosen_before_the_scripts_came_are_taken_in(serve, visit, tmp_path):
    instance = serve()
    someone = visit(instance)
    page = someone.page

    def late(route):
        time.sleep(1.5)
        route.continue_()

    page.route("**/js/upload*.js", late)
    page.reload()
    page.get_by_label("Choose a folder").set_input_files(folders.crate(tmp_path / "Crate"))
    expect(page.locator("#rows [data-sample-id]")).to_have_count(24, timeout=30_000)
    someone.check_console()
