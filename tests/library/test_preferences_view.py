"""Preferences: saved field by field, or as a whole without scripts."""

from library.models import Preferences
from tests.factories import UserFactory

URL = "/preferences/"
HX = {"HX-Request": "true"}
ALL = {
    "export_format": "aiff",
    "layout": "genre",
    "key_notation": "musical",
    "loudness": "match",
    "loudness_lufs": "-18",
    "retention_days": "14",
    "trash_days": "7",
    "lower_case": "on",
}


def test_shows_what_holds(client, user):
    page = client.get(URL)
    assert "Clean file names" in page.text
    assert Preferences.objects.get().user == user
    assert "Open the admin" not in page.text


def test_staff_find_the_admin(client, user):
    client.force_login(UserFactory(staff=True))
    assert "Open the admin" in client.get(URL).text


def test_saves_one_field(client, user):
    answer = client.post(URL, {"field": "layout", "layout": "bpm"}, headers=HX)
    assert answer.status_code == 200
    assert "Saved" in answer.text
    assert 'id="pref-layout"' in answer.text
    own = Preferences.of(user)
    assert own.layout == "bpm"
    assert own.lower_case  # an unticked box of another field is not meant


def test_an_unticked_box_is_a_no(client, user):
    client.post(URL, {"field": "lower_case"}, headers=HX)
    assert not Preferences.of(user).lower_case


def test_says_what_is_wrong_with_a_field(client, user):
    answer = client.post(URL, {"field": "layout", "layout": "spiral"}, headers=HX)
    assert answer.status_code == 422
    assert "Select a valid choice." in answer.text
    assert "Saved" not in answer.text
    assert client.post(URL, {"field": "user", "user": "1"}, headers=HX).status_code == 422


def test_saves_all_without_scripts(client, user):
    answer = client.post(URL, ALL)
    assert (answer.status_code, answer["Location"]) == (303, URL)
    own = Preferences.of(user)
    assert (own.export_format, own.layout, own.lower_case, own.single_keys) == (
        "aiff", "genre", True, False,
    )  # fmt: skip
    assert "Preferences saved." in client.get(URL).text
    assert 'data-single-keys="off"' in client.get("/library/").text


def test_says_what_is_wrong_without_scripts(client, user):
    answer = client.post(URL, {**ALL, "layout": "spiral"})
    assert answer.status_code == 422
    assert "Select a valid choice." in answer.text
    assert Preferences.of(user).export_format == "wav"
