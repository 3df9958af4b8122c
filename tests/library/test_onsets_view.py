"""Where hits begin in a sound, as the deck asks for it."""

import numpy as np
import pytest

from library.models import Hearing
from tests.factories import SampleFactory

pytestmark = pytest.mark.django_db


def url(sample) -> str:
    return f"/samples/{sample.pk}/onsets.bin"


def test_sends_the_clear_ones(client, user):
    sample = SampleFactory(owner=user)
    seconds = np.array([0.0, 0.5, 1.25], np.float32)
    strengths = np.array([1.0, 0.1, 0.7], np.float32)
    Hearing.objects.filter(sample=sample).delete()
    Hearing.objects.create(sample=sample, onsets=seconds.tobytes(), strengths=strengths.tobytes())
    response = client.get(url(sample))
    assert np.frombuffer(response.content, "<f4").tolist() == [0.0, 1.25]
    assert response["Content-Type"] == "application/octet-stream"
    assert "private" in response["Cache-Control"]


def test_a_sound_that_was_not_heard_yet_has_none(client, user):
    sample = SampleFactory(owner=user)
    Hearing.objects.filter(sample=sample).delete()
    assert client.get(url(sample)).content == b""


def test_strangers_find_nothing(stranger_client, user):
    assert stranger_client.get(url(SampleFactory(owner=user))).status_code == 404
