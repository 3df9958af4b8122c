"""Workers killed while they listen: every sound is heard in the end, and once."""

import random
import time

import psutil
import pytest

from library import tasks
from library.jobs import State
from library.models import Analysis, Hearing, Sample
from tests.factories import AnalysisFactory, SampleFactory, tone
from tests.workers import running_workers, shared_folder

SOUNDS = 60
KILLS = 5


@pytest.mark.django_db(transaction=True)
def test_the_sound_of_a_killed_worker_is_heard_again(user, settings, tmp_path):
    data = shared_folder(settings, tmp_path)
    for number in range(SOUNDS):
        seconds = 0.3 if number % 5 else 8.0
        sound = tone(110 + 7 * number, seconds)
        new = SampleFactory(new=True, owner=user, sound=sound, seconds=seconds)
        AnalysisFactory(sample=new)
    dice, kills = random.Random(404), 0
    with running_workers(data):
        tasks.wake(2)
        until = time.monotonic() + 90
        while open_jobs := Analysis.objects.unfinished().count():
            assert time.monotonic() < until, f"{open_jobs} sounds were not heard"
            busy = Analysis.objects.filter(state=State.PROCESSING).exclude(worker="").first()
            if kills < KILLS and busy is not None:
                kills += kill(int(busy.worker.rsplit(":", 1)[1]))
            time.sleep(dice.uniform(0.02, 0.15))
    assert kills >= KILLS / 2
    done = Analysis.objects.filter(state=State.COMPLETED, version=Analysis.VERSION)
    assert done.count() == SOUNDS
    assert Hearing.objects.filter(version=Analysis.VERSION).count() == SOUNDS
    assert not Sample.objects.filter(kind_source="").exists()


def kill(worker: int) -> bool:
    try:
        psutil.Process(worker).kill()
    except psutil.NoSuchProcess:
        return False
    return True
