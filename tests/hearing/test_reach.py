"""What is heard in recorded sounds is right as often as it has to be, by the audio alone.

The whole table with librosa beside, and with class and kind leaving sources out, is made by
`python -m benchmarks.analysis measure`; what takes long of it is a soak test here.
"""

import pytest

from benchmarks.analysis import judge_likeness, judge_music, judge_shown, marks, ours, sets
from benchmarks.analysis.reach import GOALS
from benchmarks.analysis.recorded import CACHE, DEV, neutral, recorded
from library.audio.hearing.onsets import onsets
from library.audio.hearing.signal import read

pytestmark = pytest.mark.skipif(not recorded(), reason=f"no recorded sounds in {DEV.name}")


@pytest.fixture(scope="module")
def known():
    """The recorded sounds and what is known of them."""
    return recorded()


@pytest.fixture(scope="module")
def heard(known):
    """What `manage.py analyse --no-hints` says of each, under neutral names."""
    return ours.heard(known)


def reached(name, figures):
    """Say whether a goal is reached, and how far it is missed."""
    goal = GOALS[name]
    assert goal.holds(figures), f"{goal.name}: {goal.text(figures)}, to reach {goal.limit_text}"


def test_tempo(known, heard):
    pairs = judge_music.with_tempo(known, heard)
    reached("tempo recorded", judge_music.tempo_figures([(t, a.get("bpm")) for t, a in pairs]))


def test_key(known, heard):
    pairs = judge_music.with_key(known, heard)
    said = [(truth, judge_music.key_said(answer)) for truth, answer in pairs]
    reached("key recorded", judge_music.key_figures(said))


@pytest.mark.parametrize("name", ["bpm on one-shots", "key on drum loops", "key on hits"])
def test_what_is_not_there_is_not_shown(known, heard, name):
    reached(name, judge_shown.shown(known, heard).ours[name])


@pytest.mark.parametrize(
    ("name", "struck"), [("onsets placed", sets.placed_hits), ("onsets drums", sets.drumming)]
)
def test_onsets(name, struck):
    passages = [(onsets(read(one.path)).seconds, one.onsets) for one in struck()]
    reached(name, marks.onset_marks(passages))


@pytest.fixture(scope="module")
def numbers(known):
    """Our 64 numbers of every recorded sound."""
    return judge_likeness.descriptors(neutral(known, CACHE / "neutral"))


def test_what_is_near_is_of_the_same_class(known, numbers):
    reached("similar", judge_likeness.similar(known, numbers).ours["similar"])


def test_altered_copies_are_near_their_originals(known, numbers):
    reached("altered", judge_likeness.found(known, numbers).ours["altered"])


@pytest.mark.soak
def test_tempo_and_key_of_generated_sounds():
    made = sets.generated()
    answers = ours.heard(made)
    tempos = [(t, a.get("bpm")) for t, a in judge_music.with_tempo(made, answers)]
    reached("tempo generated", judge_music.tempo_figures(tempos))
    keys = [(t, judge_music.key_said(a)) for t, a in judge_music.with_key(made, answers)]
    reached("key generated", judge_music.key_figures(keys))
