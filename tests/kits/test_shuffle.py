"""Shuffling within classes: places are traded inside a class, locked pads stay."""

import pytest

from kits.models import Kit
from kits.moves import CannotMoveError
from kits.shuffle import shuffle
from tests.factories import KitFactory
from tests.kits.acts import fill, titles

pytestmark = pytest.mark.django_db
CLASSES = {"A1": "kick", "A2": "kick", "A3": "kick", "A4": "snare", "A5": "hat", "A6": "hat"}


@pytest.fixture
def kit(user):
    """Return a kit with three kicks, a snare and two hats in bank A and two kicks in bank B."""
    kit = KitFactory(owner=user)
    samples = fill(kit, **{place: place for place in [*CLASSES, "B1", "B2"]})
    for place, name in CLASSES.items():
        samples[place].sample_class = name
        samples[place].save()
    return kit


def classes(kit) -> dict[str, str]:
    return {
        str(pad.address): pad.sample.sample_class
        for pad in kit.pads.select_related("sample")
        if pad.bank == "A"
    }


@pytest.mark.parametrize("seed", range(8))
def test_classes_stay_where_they_are_and_something_moves(kit, seed):
    before = titles(kit)
    shuffle(kit, "A", seed)
    after = titles(kit)
    assert classes(kit) == CLASSES
    assert after != before
    assert sorted(after.values()) == sorted(before.values())
    assert (after["A5"], after["A6"]) == ("A6", "A5")  # of two, both move
    assert (after["A4"], after["B1"], after["B2"]) == ("A4", "B1", "B2")


def test_the_same_seed_does_the_same_and_undo_takes_it_back(kit):
    before = titles(kit)
    first = shuffle(kit, "A", 3)
    once = titles(kit)
    assert first.label == "shuffled bank A within classes"
    kit.undo()
    assert titles(kit) == before
    shuffle(kit, "A", 3)
    assert titles(kit) == once


def test_settings_travel_with_the_sound(kit):
    kit.pads.filter(title="A5").update(level=40)
    shuffle(kit, "A", 1)
    assert kit.pads.get(title="A5").level == 40
    assert kit.pads.get(title="A5").number == 6


def test_locked_pads_and_lost_sounds_stay(kit):
    kit.pads.filter(title="A1").update(locked=True)
    kit.pads.filter(title="A5").update(sample=None)
    shuffle(kit, "A", 1)
    after = titles(kit)
    assert (after["A1"], after["A2"], after["A3"]) == ("A1", "A3", "A2")
    assert (after["A5"], after["A6"]) == ("A5", "A6")


def test_nothing_that_may_move_is_said(kit):
    kit.pads.filter(bank="A").update(locked=True)
    with pytest.raises(CannotMoveError, match="nothing to shuffle"):
        shuffle(kit, "A", 1)
    assert Kit.objects.get().version == 0


def test_it_says_how_many_locked_pads_stayed(kit):
    kit.pads.filter(title="A1").update(locked=True)
    assert shuffle(kit, "A", 1).label == "shuffled bank A within classes, 1 locked pad stayed"
