"""Models of tempo and kind are made from a seed, and made the same again."""

import numpy as np
import pytest

from benchmarks.analysis import sounds, train_kind, train_tempo
from benchmarks.analysis.held import held
from benchmarks.analysis.train_tempo import Lesson, rightness
from library.audio.hearing.kind import CLASSES
from library.audio.hearing.model import Logit, Softmax

SEED = 77


@pytest.fixture(scope="module")
def few():
    """A handful of loops."""
    return list(sounds.loops(SEED, 12))


def test_tempo_is_learnt_the_same_way_twice(few, tmp_path):
    written = []
    for name in ("one.npz", "two.npz"):
        model, missed = train_tempo.learned(few)
        model.write(tmp_path / name)
        written.append((tmp_path / name).read_bytes())
        assert missed < len(few) / 2
    assert written[0] == written[1]
    assert train_tempo.judged(model, few)["accuracy2"] >= 0.8


def test_training_writes_weights_and_their_story(tmp_path, monkeypatch):
    monkeypatch.setattr(sounds, "TRAINING", SEED)
    monkeypatch.setattr(sounds, "TESTING", SEED + 1)
    story = train_tempo.train(tmp_path, loops=6, judge=2)
    assert (tmp_path / "tempo.txt").read_text() == story
    assert "6 generated loops, seed 77" in story
    assert len(Logit.read(tmp_path / "tempo.npz").names) > 40


def test_weights_point_at_what_is_right():
    random = np.random.default_rng(1)
    lessons = []
    for _ in range(40):
        table = random.standard_normal((8, 3))
        lessons.append(Lesson(table, (np.arange(8) == table[:, 0].argmax()).astype(float)))
    _, _, weights = train_tempo.fit(lessons, 1.0)
    assert weights[0] > 2
    assert np.abs(weights[1:]).max() < 1


def test_an_octave_is_half_right_where_it_is_as_good(few):
    clear = next(one for one in few if "octave_ambiguous" not in one.notes)
    bpms = np.array([clear.bpm / 2, clear.bpm, clear.bpm * 1.003, clear.bpm * 1.01, clear.bpm * 2])
    assert rightness(bpms, clear).tolist() == [0, 1, 1, 0, 0]
    either = clear.noting("octave_ambiguous")
    assert rightness(bpms, either).tolist() == [0.5, 1, 1, 0, 0.5]


def test_a_silent_sound_teaches_nothing(few):
    silent = sounds.Made("still", np.zeros((900, 1), np.float32), 44_100, "loop", "drums")
    with pytest.raises(ValueError, match="still is silent"):
        sounds.signal_of(silent)


def test_kind_is_learnt_the_same_way_twice(few, tmp_path):
    made = [*few, *sounds.hits(SEED, 12), *held(SEED, 6)]
    features, loops = train_kind.examples(made)
    assert loops.tolist() == [1] * 12 + [0] * 18
    for name in ("one.npz", "two.npz"):
        train_kind.fit(features, loops, 5.0).write(tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    model = Softmax.read(tmp_path / "one.npz")
    assert model.classes == CLASSES
    said = model.probabilities(features)[:, 1] > 0.5
    assert (said == (loops == 1)).mean() >= 0.9


def test_held_sounds_are_long_one_shots_and_the_same_again():
    made = list(held(SEED, 8))
    again = list(held(SEED, 8))
    assert all(one.kind == "one-shot" and one.bpm is None for one in made)
    assert all((a.samples == b.samples).all() for a, b in zip(made, again, strict=True))
    assert max(one.seconds for one in made) > 3
    assert all(np.isfinite(one.samples).all() and np.abs(one.samples).max() > 0 for one in made)
