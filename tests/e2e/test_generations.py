"""From words to a sound on a pad and into the ZIP: by keys, by touch, and without scripts."""

import io
import re
import zipfile

import soundfile
from playwright.sync_api import expect

from tests.e2e.test_j08_touch import check_sizes

MODELS = "tests.e2e.slow_sounds.Slow,tests.models_of_sound.Obedient"


def first_row(page):
    return page.locator("#rows .gen > .row").first


def test_by_keys_from_words_to_the_zip(serve, visit):
    instance = serve()
    someone = visit(instance)
    page = someone.page
    keys = page.keyboard
    page.goto(f"{instance.url}/generations/")
    expect(page.locator("#dock")).to_be_visible()
    page.wait_for_load_state("networkidle")
    someone.check()
    keys.press("/")
    expect(page.get_by_label("Describe a sound")).to_be_focused()
    keys.type("dusty 808 kick")
    keys.press("Enter")
    row = page.locator("#rows [data-sample-id]")
    expect(row).to_have_count(1, timeout=30_000)
    expect(row.locator(".wave.flat")).to_have_count(0, timeout=30_000)  # measured, without a reload
    expect(row.locator(".k-lufs")).to_have_text(re.compile(r"−1[567]\.\d"))
    expect(page.locator("#past")).to_contain_text("dusty 808 kick")

    keys.press("Escape")
    keys.press("ArrowDown")
    someone.until_voices(1)
    expect(row).to_have_class(re.compile(r"\bcur\b"))
    keys.press("p")
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.press("5")  # no pad has it
    keys.press("q")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#dock [data-pad=A5]")).to_have_attribute("data-title", re.compile("808"))
    keys.press("r")
    expect(page.locator("#rows .gen")).to_have_count(2)
    expect(page.locator("#past")).to_contain_text("2×")
    someone.check()

    kit = instance.one("SELECT id FROM kits_kit")
    page.goto(f"{instance.url}/exports/new/?kit={kit}")
    page.get_by_role("button", name="Export", exact=True).press("Enter")
    download = page.get_by_role("link", name="Download ZIP")
    expect(download).to_be_visible(timeout=30_000)
    with page.expect_download() as arriving:
        download.press("Enter")
    archive = zipfile.ZipFile(arriving.value.path())
    (name,) = [name for name in archive.namelist() if name.endswith(".wav")]
    sound, rate = soundfile.read(io.BytesIO(archive.read(name)), dtype="int16")
    info = soundfile.info(io.BytesIO(archive.read(name)))
    assert (rate, info.subtype) == (48_000, "PCM_16")
    assert len(sound) > 4_800
    assert abs(sound).max() > 1_000
    someone.check_console()


def test_by_touch_failing_again_and_cancelled(serve, visit):
    instance = serve(PADCRATE_GENERATION_ENGINES=MODELS, PADCRATE_WORKERS="1")
    someone = visit(instance, "phone")
    page = someone.page
    page.get_by_role("link", name="Generate").tap()
    page.get_by_role("link", name="tight closed hat").tap()
    box = page.get_by_label("Describe a sound")
    expect(box).to_have_value("tight closed hat")
    box.fill("fail")
    page.get_by_role("button", name="Make", exact=True).tap()
    expect(first_row(page)).to_contain_text("Slow knows no such sound.", timeout=30_000)
    page.get_by_role("button", name="Try again: fail").tap()
    expect(page.locator("#rows .row.failed")).to_have_count(2, timeout=30_000)
    someone.check()

    box.fill("a slow tone")
    page.get_by_label("Model").select_option("Slow")
    page.get_by_role("button", name="Make", exact=True).tap()
    expect(first_row(page)).to_contain_text(re.compile(r"Making, [1-9] s"), timeout=30_000)
    check_sizes(page)
    page.get_by_role("button", name="Cancel a slow tone").tap()
    expect(page.locator("#rows .gen")).to_have_count(2)
    expect(page.get_by_text("“a slow tone” is cancelled.")).to_be_visible()
    box.fill("   ")
    page.get_by_role("button", name="Make", exact=True).tap()
    expect(page.get_by_role("alert").first).to_have_text(
        "Say in a few words what it should sound like."
    )
    someone.check()


def test_without_scripts_a_sound_gets_onto_a_pad(serve, visit):
    instance = serve()
    someone = visit(instance, java_script_enabled=False)
    page = someone.page
    page.goto(f"{instance.url}/generations/")
    page.get_by_role("link", name="deep sub bass in C minor").click()
    page.get_by_label("Seconds").fill("1")
    page.get_by_role("button", name="Make", exact=True).click()
    expect(first_row(page)).to_contain_text("deep sub bass in C minor")
    instance.until("SELECT count(*) FROM library_generation WHERE state = 'completed'")
    page.reload()
    page.get_by_role("button", name="Again: deep sub bass in C minor").click()
    expect(page.locator("#past")).to_contain_text("2×")
    page.get_by_role("link", name="To pad: deep sub bass in C minor").last.click()
    page.get_by_role("button", name="Pad A1, empty").click()
    expect(page.locator("#stage, .pads").first).to_contain_text("deep sub bass")
    instance.until("SELECT count(*) FROM kits_pad")
    assert not someone.errors


MANY = """
from django.contrib.auth.models import User
from library.models import Generation
user = User.objects.get()
for at in range(70):
    row = Generation.objects.create(
        user=user, prompt=f'kick {at}', model_name='Obedient', duration=1, metadata={'seed': at}
    )
    Generation.objects.filter(pk=row.pk).update(state='failed', error='No such sound.')
"""


def tab_stops(page) -> int:
    return page.evaluate(
        "[...document.querySelectorAll('#rows :is(a, button, input, audio, [tabindex])')]"
        ".filter(it => it.tabIndex >= 0 && it.type !== 'hidden' && it.checkVisibility()).length"
    )


def test_again_in_a_long_list_keeps_place_rows_and_focus(serve, visit):
    instance = serve(PADCRATE_GENERATION_ENGINES=MODELS, PADCRATE_WORKERS="1")
    someone = visit(instance)
    page, keys = someone.page, someone.page.keyboard
    instance.manage("shell", "-c", MANY)
    page.goto(f"{instance.url}/generations/")
    page.wait_for_load_state("networkidle")
    assert tab_stops(page) <= 8  # the head, the row that is current, the way to older ones
    keys.press("End")
    expect(page.locator("#rows .gen").nth(30)).to_be_attached()
    keys.press("End")
    expect(page.locator("#rows .gen")).to_have_count(70)
    keys.press("End")
    row = page.locator("#rows .row.cur")
    expect(row).to_contain_text("kick 0")
    top = page.evaluate("document.getElementById('rows').scrollTop")
    assert top > 500
    keys.press("r")
    expect(page.locator("#rows .gen")).to_have_count(71)
    expect(row).to_be_focused()
    expect(row).to_contain_text("kick 0")
    assert page.evaluate("document.getElementById('rows').scrollTop") >= top
    assert tab_stops(page) <= 8
    assert page.evaluate(
        "[...document.querySelectorAll('#past a')].filter(it => it.tabIndex === 0).length === 1"
    )
    page.locator("#past a").first.focus()
    keys.press("ArrowDown")
    expect(page.locator("#past a").nth(1)).to_be_focused()
    someone.check()


def test_the_focus_moves_at_once_and_a_lost_row_is_asked_about(serve, visit):
    instance = serve(PADCRATE_GENERATION_ENGINES=MODELS, PADCRATE_WORKERS="1")
    someone = visit(instance)
    page, keys = someone.page, someone.page.keyboard
    page.goto(f"{instance.url}/generations/")
    page.wait_for_load_state("networkidle")
    page.get_by_label("Model").select_option("Obedient")
    keys.press("/")
    keys.type("a tone")
    keys.press("Enter")
    expect(page.locator("#rows [data-sample-id]")).to_have_count(1, timeout=30_000)
    page.get_by_label("Model").select_option("Slow")
    page.get_by_label("Describe a sound").press("Enter")
    expect(first_row(page)).to_contain_text(re.compile(r"Making, [1-9]"), timeout=30_000)
    # Watch where the focus is in the task in which the row goes.
    page.evaluate(
        "new MutationObserver(() => queueMicrotask(() => {"
        " window.after ??= document.activeElement.tagName;"
        "})).observe(document.getElementById('rows'), { childList: true })"
    )
    page.get_by_role("button", name="Cancel a tone").focus()
    keys.press("Enter")
    expect(page.locator("#rows .gen")).to_have_count(1)
    expect(first_row(page)).to_be_focused()
    assert page.evaluate("window.after") != "BODY"

    instance.rows("UPDATE library_generation SET sample_id = NULL")
    page.reload()
    page.wait_for_load_state("networkidle")
    keys.press("ArrowDown")  # heard from the file that the model wrote
    someone.until_voices(1)
    expect(page.locator("[data-deck=title]")).to_have_text("a tone")
    assert page.locator("audio").count() == 0
    page.get_by_role("button", name="Take a tone off this list").press("Enter")
    sure = page.get_by_role("button", name="Delete the only copy of a tone?")
    expect(sure).to_be_focused()
    page.evaluate(  # colours are on their way
        "Promise.all(document.getAnimations().filter(it => it instanceof CSSTransition)"
        ".map(it => it.finished.catch(() => 0))).then(() => 0)"
    )
    someone.check()
    page.get_by_role("link", name="Keep a tone").press("Enter")
    expect(sure).to_have_count(0)
    page.get_by_role("button", name="Take a tone off this list").press("Enter")
    sure.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("deleted for good")
    expect(page.locator("#rows .gen")).to_have_count(0)

    page.get_by_label("Model").select_option("Obedient")
    page.get_by_label("Describe a sound").fill("b tone")
    page.get_by_role("button", name="Make", exact=True).click()
    expect(page.locator("#rows [data-sample-id]")).to_have_count(1, timeout=30_000)
    instance.rows("DELETE FROM library_generation")  # in another window
    page.get_by_role("button", name="Again").first.click()
    expect(page.locator("#toasts")).to_contain_text("taken off the list in another window")
    expect(page.locator("#rows .gen")).to_have_count(0)
    assert ["404" in error for error in someone.errors] == [True]  # htmx tells developers as well
    someone.errors.clear()
    someone.check()


def test_while_the_app_is_away_it_is_told_once(serve, visit):
    instance = serve(PADCRATE_GENERATION_ENGINES=MODELS, PADCRATE_WORKERS="1")
    someone = visit(instance)
    page = someone.page
    page.goto(f"{instance.url}/generations/")
    page.wait_for_load_state("networkidle")
    page.get_by_label("Describe a sound").fill("a slow tone")
    page.get_by_role("button", name="Make", exact=True).click()
    expect(first_row(page)).to_contain_text(re.compile(r"Making, [1-9] s"), timeout=30_000)
    asked = []

    def refuse(route):
        asked.append(route.request.url)
        route.abort()

    page.route(re.compile(r"poll=1"), refuse)
    expect(page.locator("#toasts")).to_contain_text("The app is not answering")
    page.evaluate("document.getElementById('toasts').replaceChildren()")
    page.wait_for_timeout(5_000)
    assert len(asked) <= 3
    expect(page.locator("#toasts .toast")).to_have_count(0)  # once
    seconds = re.search(r"Making, (\d+)", first_row(page).inner_text())
    assert int(seconds[1]) >= 5
    page.unroute(re.compile(r"poll=1"))
    expect(page.locator("#toasts")).to_contain_text("The app answers again.", timeout=30_000)
    assert len(someone.errors) <= 3  # what the browser says of each
    someone.errors.clear()
    someone.check()


def test_half_written_words_are_there_again(serve, visit):
    instance = serve()
    page = visit(instance).page
    page.goto(f"{instance.url}/generations/")
    page.wait_for_load_state("networkidle")
    page.get_by_label("Describe a sound").fill("half a thou")
    page.goto(f"{instance.url}/library/")
    page.goto(f"{instance.url}/generations/")
    expect(page.get_by_label("Describe a sound")).to_have_value("half a thou")
