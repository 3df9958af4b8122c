"""Undo and redo as pages offer them."""

import pytest

from tests.factories import KitFactory
from tests.kits.acts import act, events, fill, plainly, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def kit(user):
    """Return a kit with one step done: A1 was cleared."""
    kit = KitFactory(owner=user)
    fill(kit, A1="kick", A2="snare")
    from kits.moves import clear
    from tests.kits.acts import at

    clear(kit, [at("A1")])
    return kit


def test_undo_names_the_step_and_shows_the_pad(client, kit):
    response = act(client, kit, "undo", v=kit.version)
    assert titles(kit) == {"A1": "kick", "A2": "snare"}
    assert events(response)["toast"] == {"text": "Undone: cleared kick from A1."}
    assert 'aria-label="Pad A1, kick, kick"' in response.text
    assert 'aria-label="Undo"' in response.text
    assert 'aria-label="Redo: cleared kick from A1"' in response.text


def test_redo_does_it_again(client, kit):
    act(client, kit, "undo")
    response = act(client, kit, "redo")
    assert titles(kit) == {"A2": "snare"}
    assert events(response)["toast"]["text"] == "Done again: cleared kick from A1."
    assert "undo" in events(response)["toast"]


@pytest.mark.parametrize(("name", "times"), [("undo", 2), ("redo", 1)])
def test_nothing_left_is_said(client, kit, name, times):
    for _ in range(times):
        response = act(client, kit, name)
    assert response.status_code == 422
    assert events(response)["toast"]["text"] == f"There is nothing to {name}."


@pytest.mark.parametrize("name", ["undo", "redo"])
def test_a_window_that_looked_earlier_is_told(client, kit, name):
    if name == "redo":
        kit.undo()
    before = titles(kit)
    assert act(client, kit, name, v=0).status_code == 409
    assert titles(kit) == before


def test_a_form_lands_on_the_pad(client, kit):
    response = plainly(client, kit, "undo")
    assert (response.status_code, response["Location"]) == (303, f"/kits/{kit.pk}/?bank=A&pad=A1")


@pytest.mark.parametrize("name", ["undo", "redo"])
def test_strangers_find_nothing(stranger_client, kit, name):
    assert act(stranger_client, kit, name).status_code == 404
    assert titles(kit) == {"A2": "snare"}
