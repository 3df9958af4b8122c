"""Emptying pads and banks."""

import pytest

from tests.factories import KitFactory
from tests.kits.acts import act, events, fill, plainly, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def kit(user):
    """Return a kit with three pads in two banks."""
    kit = KitFactory(owner=user)
    fill(kit, A1="kick", A2="snare", B1="hat")
    return kit


def test_clears_one_pad(client, kit):
    response = act(client, kit, "clear", pads="A1")
    assert titles(kit) == {"A2": "snare", "B1": "hat"}
    assert events(response)["toast"]["text"] == "Cleared kick from A1."
    assert 'aria-label="Pad A1, empty"' in response.text


def test_clears_several_pads_as_one_step(client, kit):
    act(client, kit, "clear", pads=["A1", "B1", "C1"])
    assert titles(kit) == {"A2": "snare"}
    assert kit.last_step.label == "cleared 2 pads"
    kit.undo()
    assert len(titles(kit)) == 3


def test_clears_a_bank(client, kit):
    act(client, kit, "clear", bank="A")
    assert titles(kit) == {"B1": "hat"}


@pytest.mark.parametrize(
    "fields", [{"pads": "A9"}, {"pads": "K1"}, {"bank": "C"}, {"bank": "x"}, {"bank": ""}]
)
def test_nothing_to_clear_is_said(client, kit, fields):
    assert act(client, kit, "clear", **fields).status_code == 422
    assert len(titles(kit)) == 3
    assert kit.last_step is None


def test_a_form_is_sent_on(client, kit):
    response = plainly(client, kit, "clear", pads="B1")
    assert response.status_code == 303
    assert response["Location"] == f"/kits/{kit.pk}/?bank=B&pad=B1"
    assert titles(kit) == {"A1": "kick", "A2": "snare"}


def test_strangers_find_nothing(stranger_client, kit):
    assert act(stranger_client, kit, "clear", bank="A").status_code == 404
    assert len(titles(kit)) == 3
