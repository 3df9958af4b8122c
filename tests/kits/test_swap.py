"""Another sound in the place of one that is like it: the list of these, and the step."""

import numpy as np
import pytest

from kits.models import Pad
from library.models import Hearing
from tests.factories import KitFactory, SampleFactory
from tests.kits.acts import act, events, plainly, titles

pytestmark = pytest.mark.django_db


def heard(owner, second, **fields):
    """Return a sound with two of its 64 numbers."""
    sample = SampleFactory(owner=owner, **fields)
    numbers = np.zeros(64, np.float16)
    numbers[:2] = 1, second
    Hearing.objects.create(sample=sample, descriptor=numbers.tobytes())
    return sample


@pytest.fixture
def old(user):
    """Return the sound on A1."""
    return heard(user, 0, title="kick_old")


@pytest.fixture
def kit(user, old):
    """Return a kit with it."""
    kit = KitFactory(owner=user)
    Pad.objects.create(kit=kit, bank="A", number=1, sample=old, title=old.title)
    return kit


def rows(answer):
    """Return the titles of the sounds beside the pads."""
    parts = answer.text.split('class="brow"')[1:]
    return [part.split('data-title="')[1].split('"')[0] for part in parts]


def test_lists_what_is_like_the_sound_of_the_pad(client, user, kit, old):
    SampleFactory(owner=user, title="unheard")
    heard(user, 1, title="farther")
    heard(user, 0.1, title="nearest")
    answer = client.get(f"/kits/{kit.pk}/browse/?pad=A1&near={old.pk}")
    assert rows(answer) == ["nearest", "farther"]
    assert "Like <b>kick_old</b>" in answer.text
    assert 'name="mode" value="swap"' in " ".join(answer.text.split())


def test_a_search_leads_out_of_it(client, user, kit, old):
    heard(user, 1, title="snr", sample_class="snare")
    answer = client.get(f"/kits/{kit.pk}/browse/?near={old.pk}&cls=snare")
    assert rows(answer) == ["snr"]
    assert 'value="swap"' not in answer.text


def test_without_scripts_it_is_a_page(client, user, kit, old):
    heard(user, 1, title="other")
    page = client.get(f"/kits/{kit.pk}/?pad=A1")
    assert f"?pad=A1&amp;near={old.pk}#browse" in page.text
    page = client.get(f"/kits/{kit.pk}/?pad=A1&near={old.pk}")
    assert rows(page) == ["other"]


def test_says_why_there_is_nothing(client, user, kit):
    new = SampleFactory(owner=user)
    answer = client.get(f"/kits/{kit.pk}/browse/?near={new.pk}")
    assert "not been listened to" in answer.text


@pytest.mark.parametrize("number", ["none", "0", "987654321"])
def test_what_is_no_sound_of_ones_own_lists_the_library(client, kit, number):
    assert rows(client.get(f"/kits/{kit.pk}/browse/?near={number}")) == ["kick_old"]


def test_sounds_of_others_are_not_asked_for(client, kit, stranger):
    theirs = heard(stranger, 0, title="theirs")
    answer = client.get(f"/kits/{kit.pk}/browse/?near={theirs.pk}")
    assert "theirs" not in answer.text


def test_the_swap_is_one_step_with_a_name(client, user, kit):
    new = heard(user, 0.1, title="kick_new")
    response = act(client, kit, "assign", ids=new.pk, pad="A1", mode="swap")
    assert titles(kit) == {"A1": "kick_new"}
    assert events(response)["toast"]["text"] == "kick_new is now on A1, replacing kick_old."
    assert kit.last_step.label == "swap kick_old for kick_new on A1"
    client.post(events(response)["toast"]["undo"], headers={"HX-Request": "true"})
    assert titles(kit) == {"A1": "kick_old"}


def test_everything_else_on_the_pad_stays(client, user, kit):
    before = kit.pads.get().fields()
    new = heard(user, 0.1, title="kick_new")
    plainly(client, kit, "assign", ids=new.pk, pad="A1", mode="swap")
    after = kit.pads.get().fields()
    assert after == before | {"sample_id": new.pk, "title": "kick_new"}


def test_on_an_empty_pad_it_is_put_there(client, user, kit):
    new = heard(user, 0.1, title="kick_new")
    act(client, kit, "assign", ids=new.pk, pad="A2", mode="swap")
    assert titles(kit) == {"A1": "kick_old", "A2": "kick_new"}
    assert kit.last_step.label == "put kick_new on A2"


def test_only_the_first_of_several_is_taken(client, user, kit):
    some = [heard(user, 0.1, title=f"kick_{number}") for number in range(2)]
    ids = ",".join(str(sample.pk) for sample in some)
    act(client, kit, "assign", ids=ids, pad="A1", mode="swap")
    assert titles(kit) == {"A1": "kick_0"}
