"""The marks that hearing is judged by, against cases that can be counted by hand."""

import numpy as np
import pytest

from benchmarks.analysis import marks
from benchmarks.analysis.altered import ALTERATIONS, altered
from benchmarks.analysis.generator.made import chance
from benchmarks.analysis.reach import GOALS
from benchmarks.analysis.recorded import Truth, neutral
from tests.sounds import sine, write


def test_a_tempo_counts_within_four_percent():
    assert marks.same_tempo(124.7, 120)
    assert not marks.same_tempo(125, 120)
    assert not marks.same_tempo(None, 120)


@pytest.mark.parametrize(("heard", "holds"), [(240, True), (40, True), (61, True), (90, False)])
def test_octaves_and_thirds_are_family(heard, holds):
    assert marks.same_tempo_family(heard, 120) is holds


def test_a_machine_is_set_to_whole_numbers():
    assert marks.right_integer(119.6, 120)
    assert not marks.right_integer(119.4, 120)
    assert marks.right_integer(137, 136.88)


@pytest.mark.parametrize(
    ("name", "key"),
    [("C major", (0, False)), ("F# minor", (6, True)), ("Bb major", (10, False)), ("", None)],
)
def test_keys_are_read(name, key):
    assert marks.key_of(name) == key


@pytest.mark.parametrize(
    ("heard", "score"),
    [
        ("C major", 1.0),
        ("G major", 0.5),
        ("F major", 0.0),  # a fifth too low
        ("A minor", 0.3),
        ("C minor", 0.2),
        ("E minor", 0.0),
    ],
)
def test_mirex_of_c_major(heard, score):
    assert marks.mirex(marks.key_of(heard), (0, False)) == score


def test_mirex_of_a_minor_and_its_relative():
    assert marks.mirex((0, False), (9, True)) == 0.3
    assert marks.mirex((4, True), (9, True)) == 0.5
    assert marks.mirex(None, (9, True)) == 0


def test_macro_f1_counts_each_class_the_same():
    truth = ["kick"] * 8 + ["snare"] * 2
    heard = ["kick"] * 8 + ["kick"] * 2
    assert marks.macro_f1(heard, truth) == pytest.approx((16 / 18 + 0) / 2)


def test_calibration_error_of_the_too_sure():
    assert marks.calibration_error([0.9] * 10, [True] * 9 + [False]) == pytest.approx(0)
    assert marks.calibration_error([1.0] * 4, [True, True, False, False]) == pytest.approx(0.5)
    assert marks.calibration_error([], []) == 0


def test_an_onset_is_paired_once():
    truth = np.array([1.0, 1.04, 2.0])
    heard = np.array([1.02, 2.3])
    assert marks.matched(heard, truth, 0.05) == [(0, 0)]
    wide, narrow, error = marks.onset_marks([(heard, truth)])
    assert wide == pytest.approx(2 / 5)
    assert narrow == 0
    assert error == pytest.approx(20)


def test_pairing_finds_as_many_as_there_can_be():
    pairs = marks.matched(np.array([0.96, 1.04]), np.array([1.0, 1.08]), 0.05)
    assert pairs == [(0, 0), (1, 1)]


def test_neighbours_of_other_sources_alone():
    rows = np.array([[1, 0], [1, 0.01], [0, 1], [0.9, 0.1], [0.1, 1], [1, 0.02], [0.01, 1]])
    classes = ["kick", "kick", "hat", "kick", "hat", "kick", "hat"]
    far = [str(number) for number in range(7)]
    expected = (4 * 3 / 5 + 3 * 2 / 5) / 7  # all others of one's class are among the five
    assert marks.share_alike(rows, classes, far) == pytest.approx(expected)


def test_a_copy_is_found_when_nothing_is_nearer():
    originals = np.eye(8)
    copies = originals + 0.01
    assert marks.found_again(copies, originals, range(8)) == (1.0, 1.0)
    assert marks.found_again(copies[::-1], originals, range(8))[0] == 0.0


def test_goals_know_what_is_better():
    assert GOALS["onsets placed"].holds((0.94, 0.91, 0.9))
    assert not GOALS["onsets placed"].holds((0.99, 0.99, 1.1))
    assert GOALS["bpm on one-shots"].holds((0.0,))
    assert not GOALS["tempo recorded"].holds((0.9, 0.95, 0.7))
    assert GOALS["onsets placed"].limit_text == "≥ .940 / ≥ .910 / ≤ 1.000"


@pytest.mark.parametrize("way", ALTERATIONS)
def test_every_alteration_leaves_a_sound(tmp_path, way):
    path = write(tmp_path / "a.wav", sine(frames=22_050, rate=44_100), 44_100)
    samples, rate = altered(path, way, chance(1, way, 0))
    assert samples.dtype == np.float32
    assert np.abs(samples).max() > 0.01
    assert 0.2 < len(samples) / rate < 1.7


def test_neutral_files_keep_every_sample_and_nothing_else(tmp_path):
    import soundfile

    source = write(tmp_path / "Loop 120bpm Am.wav", sine(frames=4410), 44_100, "PCM_24")
    truth = Truth(source, "ab" * 32, "here", 120.0, None, "drums", "loop", frozenset())
    (bare,) = neutral([truth], tmp_path / "bare")
    assert bare.name == "abababababababab.wav"
    assert np.array_equal(soundfile.read(bare)[0], soundfile.read(source)[0])
    assert b"Am" not in bare.read_bytes()[:200]
