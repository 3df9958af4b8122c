"""The table of classes and pads: what it may hold, and how the preferences change it."""

import pytest
from django.core.exceptions import ValidationError

from library import class_pads
from library.models import Preferences, SampleClass

URL = "/preferences/"
HX = {"HX-Request": "true"}


def sent(table) -> dict[str, str]:
    """Return the table as the sixteen choices of the form."""
    return {f"class_pads_{place}": name for place, name in enumerate(table)}


def test_the_usual_table_has_a_pad_for_every_class():
    assert set(class_pads.USUAL) == set(SampleClass.values)
    assert len(class_pads.USUAL) == 16
    class_pads.check(class_pads.usual())


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (["kick"], "One class for each of the 16 pads."),
        ("kick" * 4, "One class for each"),
        ([*class_pads.USUAL[:15], "tuba"], "Pad 16: “tuba” is no class of sounds."),
        ([None, *class_pads.USUAL[1:]], "Pad 1:"),
    ],
)
def test_nonsense_is_refused_in_words(table, reason):
    with pytest.raises(ValidationError, match=reason):
        class_pads.check(table)


def test_the_page_shows_the_pads_as_they_lie(client):
    page = client.get(URL).text
    assert page.count('aria-label="Pad ') == 16
    assert 'name="class_pads_15"' in page


def test_one_changed_pad_is_saved_at_once(client, user):
    table = ["", *class_pads.USUAL[1:15], "kick"]
    answer = client.post(URL, {"field": "class_pads", **sent(table)}, headers=HX)
    assert answer.status_code == 200
    assert "Saved" in answer.text
    assert Preferences.of(user).class_pads == table


def test_all_blank_is_the_usual_table(client, user):
    client.post(URL, {"field": "class_pads", **sent(["kick"] * 16)}, headers=HX)
    assert Preferences.of(user).class_pads == ["kick"] * 16
    client.post(URL, {"field": "class_pads", **sent([""] * 16)}, headers=HX)
    assert Preferences.of(user).class_pads == class_pads.usual()


def test_a_class_that_is_none_is_refused(client, user):
    table = ["tuba", *class_pads.USUAL[1:]]
    answer = client.post(URL, {"field": "class_pads", **sent(table)}, headers=HX)
    assert answer.status_code == 422
    assert "Select a valid choice." in answer.text
    assert Preferences.of(user).class_pads == class_pads.usual()
