"""The controls of MIDI: a dialog to scripts, a part of the preferences to everybody else."""

HX = {"HX-Request": "true"}


def test_the_face_opens_them_as_a_dialog(client, user):
    answer = client.get("/preferences/midi/", headers=HX)
    assert "Connect MIDI" in answer.text
    assert "<html" not in answer.text
    assert answer["Vary"].count("HX-Request")


def test_without_htmx_they_are_in_the_preferences(client, user):
    answer = client.get("/preferences/midi/")
    assert (answer.status_code, answer["Location"]) == (302, "/preferences/#midi-settings")
    page = client.get("/preferences/").text
    assert 'id="midi-settings"' in page
    assert page.count("Connect MIDI") == 1


def test_every_page_has_a_place_for_the_device(client, user):
    assert 'href="/preferences/midi/"' in client.get("/library/").text
