"""A token is made and revoked, and the API's own page works without anything from elsewhere."""

from playwright.sync_api import expect


def test_make_a_token_try_the_api_revoke(serve, visit):
    someone = visit(serve(PADCRATE_WORKERS="1"))
    page = someone.page
    page.goto(f"{someone.url}/preferences/")
    page.get_by_label("Name of a new token").fill("studio")
    page.get_by_role("button", name="Make a token").click()
    secret = page.get_by_label("The token studio").input_value()
    assert secret.startswith("padcrate_")
    someone.check()
    bearer = {"Authorization": f"Bearer {secret}"}
    asked = f"{someone.url}/api/v1/kits"
    program = page.context.browser.new_context()  # no cookies
    assert program.request.get(asked, headers=bearer).status == 200

    page.get_by_role("link", name="What the API can do").click()
    expect(page.get_by_text("/api/v1/sp404/samples/export-batch")).to_be_visible()
    page.get_by_role("button", name="POST /api/v1/kits", exact=False).first.click()
    page.get_by_role("button", name="Try it out").click()
    page.locator("textarea").fill('{"name": "From the page"}')
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table tbody .response-col_status")).to_contain_text("201")
    someone.check_console()

    page.goto(f"{someone.url}/preferences/")
    expect(page.locator("body")).not_to_contain_text(secret)
    page.get_by_role("button", name="Revoke studio").click()
    expect(page.get_by_text("The token studio was revoked.")).to_be_visible()
    assert program.request.get(asked, headers=bearer).status == 401
    program.close()
    someone.check()
