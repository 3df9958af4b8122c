"""What is like a sound, for programs."""

import numpy as np
import pytest

from library.models import Hearing
from tests.factories import SampleFactory


@pytest.fixture
def sounds(user):
    """Return three sounds at growing distances."""
    made = []
    for second in (0, 0.2, 1):
        numbers = np.zeros(64, np.float16)
        numbers[:2] = 1, second
        made.append(SampleFactory(owner=user))
        Hearing.objects.create(sample=made[-1], descriptor=numbers.tobytes())
    return made


def test_the_nearest_with_their_likeness(program, sounds):
    answer = program.get(f"samples/{sounds[0].pk}/similar").json()
    assert [item["sample"]["id"] for item in answer["items"]] == [one.pk for one in sounds[1:]]
    assert [item["likeness"] for item in answer["items"]] == pytest.approx(
        [1 / np.hypot(1, 0.2), 1 / np.hypot(1, 1)], abs=1e-3
    )
    assert answer["reason"] == ""


def test_aspect_switch_and_limit(program, sounds):
    one = f"samples/{sounds[0].pk}/similar"
    assert len(program.get(f"{one}?limit=1&same=true&aspect=timbre").json()["items"]) == 1
    assert "no loop" in program.get(f"{one}?aspect=rhythm").json()["reason"]
    assert program.get(f"{one}?aspect=colour").status_code == 422
    assert program.get(f"{one}?limit=0").status_code == 422


def test_sounds_of_others_are_not_there(foreign_program, sounds):
    assert foreign_program.get(f"samples/{sounds[0].pk}/similar").status_code == 404
