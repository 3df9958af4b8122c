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
