"""Models are plain arrays that come back as they were written."""

import hashlib

import numpy as np
import pytest

from library.audio.hearing.model import FOLDER, Logit, Softmax, softmax


def logit():
    return Logit(("a", "b"), np.array([1.0, 0.0]), np.array([2.0, 1.0]), np.array([2.0, -1.0]))


def regression():
    zeros, ones = np.zeros(2), np.ones(2)
    weights = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    return Softmax(("x", "y", "z"), -9 * ones, 9 * ones, zeros, ones, weights, np.zeros(3), 2.0)


def test_softmax_of_large_numbers():
    assert softmax(np.array([1000.0, 1000.0 + np.log(3)])) == pytest.approx([0.25, 0.75])


def test_a_logit_weighs_standardised_features():
    masses = logit().masses(np.array([[3.0, 0.0], [1.0, 0.0]]))  # scores 2 and 0
    assert masses == pytest.approx([np.e**2 / (np.e**2 + 1), 1 / (np.e**2 + 1)])


def test_a_regression_clips_what_it_has_not_seen():
    far = regression().probabilities(np.array([50.0, 0.0]))
    assert far == pytest.approx(regression().probabilities(np.array([2.0, 0.0])))
    assert far.sum() == pytest.approx(1)


def test_a_logit_comes_back(tmp_path):
    logit().write(tmp_path / "one.npz")
    back = Logit.read(tmp_path / "one.npz")
    assert back.names == ("a", "b")
    assert (back.mean == [1, 0]).all()
    assert (back.scale == [2, 1]).all()
    assert (back.weights == [2, -1]).all()


def test_a_regression_comes_back(tmp_path):
    regression().write(tmp_path / "one.npz")
    back = Softmax.read(tmp_path / "one.npz")
    assert back.classes == ("x", "y", "z")
    assert back.limit == 2
    rows = np.array([[0.3, -0.7], [1.5, 0.2]])
    assert (back.probabilities(rows) == regression().probabilities(rows)).all()


@pytest.mark.parametrize("made", [logit, regression])
def test_equal_models_are_equal_bytes(tmp_path, made):
    digests = set()
    for name in ("one", "two"):
        made().write(tmp_path / name)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).digest())
    assert len(digests) == 1


def test_every_model_says_where_it_comes_from():
    models = sorted(path for path in FOLDER.iterdir() if path.suffix == ".npz")
    assert {"tempo.npz", "kind.npz"} <= {path.name for path in models}
    for path in models:
        assert "python -m benchmarks.analysis" in path.with_suffix(".txt").read_text(), path.name
        with np.load(path, allow_pickle=False) as stored:
            assert stored.files
