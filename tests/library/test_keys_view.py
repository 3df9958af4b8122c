"""The list of keys: all of them, and each of them does something."""

import html
import re

from django.conf import settings

from library.shortcuts import GROUPS, router_table

SCRIPTS = "\n".join(path.read_text() for path in (settings.BASE_DIR / "static/js").glob("*.js"))
PAIR = re.compile(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>")


def listed(page: str) -> list[tuple[str, str]]:
    return [(html.unescape(keys), html.unescape(said)) for keys, said in PAIR.findall(page)]


def test_lists_every_key_of_the_table_and_no_other(client):
    every = [key for group in GROUPS.values() for key in group]
    shown = [(key.shown or key.keys[0], key.label) for key in every]
    assert listed(client.get("/help/keys/").text) == shown


def test_tells_the_keys_of_handles_faders_and_the_menu_of_a_pad(client):
    told = " ".join(f"{keys}: {said}" for keys, said in listed(client.get("/help/keys/").text))
    for words in (
        "on a handle: Handle 1 ms, Shift 10 ms",
        "Z on a handle",
        "Home, End on a handle",
        "Backspace on a handle",
        "double-click: Fader back",
        "Shift+F10",
    ):
        assert words in told


def test_tells_the_keys_of_markers_and_slices(client):
    told = listed(client.get("/help/keys/").text)
    assert ("← → ↑ ↓ on a marker", "Marker 1 ms, with Shift 10 ms") in told
    assert ("← ↑ → ↓ on a slice", "Move between slices") in told


def test_the_page_of_keys_scrolls_by_keys(client):
    """It holds nothing else that takes the focus."""
    assert re.search(r'id="main"\s+tabindex="0"', client.get("/help/keys/").text)


def test_the_router_has_no_key_that_the_page_does_not_tell(client):
    """A key is told by its own sign, or by the way the page writes that key."""
    told = {said: keys for keys, said in listed(client.get("/help/keys/").text)}
    for entry in router_table():
        assert told[entry["label"]], entry
        letters = [key for key in entry["keys"] if len(key) == 1 and key.isalpha()]
        assert all(letter.upper() in told[entry["label"]] for letter in letters), entry


def test_every_key_of_the_router_does_something():
    table = [*router_table()]
    for entry in table:
        assert re.search(rf'"{entry["action"]}"', SCRIPTS), entry
    known = {entry["action"] for entry in table}
    used = set(re.findall(r'(?<![\w.])on\("([\w-]+)"', SCRIPTS))
    assert used <= known, used - known


def test_no_key_has_two_meanings_in_one_place():
    for page in ("library", "kits"):
        keys = [
            key
            for entry in router_table()
            if entry["scope"] in ("everywhere", page)
            for key in entry["keys"]
        ]
        assert len(keys) == len(set(keys))


def test_is_a_dialog_for_scripts(client):
    dialog = client.get("/help/keys/", headers={"HX-Request": "true"})
    assert "<html" not in dialog.text
    assert "Put on a pad" in dialog.text
