"""The list of keys."""

from library.shortcuts import GROUPS


def test_lists_every_key_of_the_table(client):
    page = client.get("/help/keys/")
    for group in GROUPS.values():
        for key in group:
            assert key.label in page.text


def test_is_a_dialog_for_scripts(client):
    dialog = client.get("/help/keys/", headers={"HX-Request": "true"})
    assert "<html" not in dialog.text
    assert "Put on a pad" in dialog.text
