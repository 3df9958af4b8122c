"""Sounds made for training and judging are the same each time, and what is said of them is so."""

import csv
import itertools

import numpy as np
import pytest
import soundfile

from benchmarks.analysis import sounds
from benchmarks.analysis.generator import drumming, patterns, rendered
from benchmarks.analysis.generator.harmony import bass_line, melody, song
from benchmarks.analysis.generator.kit import Kit
from benchmarks.analysis.generator.made import CLASSES, RATE, chance

FAMILIES = (sounds.loops, sounds.hits, sounds.chords, sounds.drumming)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_seed_gives_the_same_sound(family):
    first, again = list(family(7, 3)), list(family(7, 3))
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.samples, other.samples)
        assert (one.bpm, one.key, one.group) == (other.bpm, other.key, other.group)


@pytest.mark.parametrize("family", FAMILIES)
def test_another_seed_gives_other_sounds(family):
    (one,), (other,) = family(sounds.TRAINING, 1), family(sounds.TESTING, 1)
    assert one.samples.shape != other.samples.shape or not np.array_equal(
        one.samples, other.samples
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_they_can_be_heard_and_stay_below_full_scale(family):
    for made in family(11, 12):
        assert made.samples.dtype == np.float32
        assert np.isfinite(made.samples).all()
        assert 0.05 < np.abs(made.samples).max() < 1.2  # resampling may overshoot a little


def test_an_untouched_loop_is_as_long_as_its_beats_to_the_frame():
    lengths = {"untrimmed", "codec_delay", "mp3", "ogg", "cut_by_hand"}
    exact = [made for made in sounds.loops(3, 24) if not lengths & set(made.notes)]
    assert len(exact) > 8
    for made in exact:
        frames = made.beats * 60 / made.bpm * made.rate
        assert abs(len(made.samples) - frames) <= 1 + made.rate / RATE  # rounded once or twice


def test_most_tempos_are_whole_numbers_between_60_and_190():
    bpms = []
    for number in range(300):
        random = chance(5, "tempos", number)
        bpms.append(patterns.tempo(random, sorted(patterns.STYLES)[number % len(patterns.STYLES)]))
    assert min(bpms) >= 60
    assert max(bpms) <= 190
    assert np.mean([bpm == round(bpm) for bpm in bpms]) > 0.8


def test_every_key_and_every_class_comes_as_often():
    keys = [made.key for made in sounds.chords(2, 24)]
    assert sorted(keys) == [(tonic, minor) for tonic in range(12) for minor in (False, True)]
    assert [made.sound_class for made in sounds.hits(2, 12)] == list(CLASSES)


def test_blows_lie_where_they_are_said_to():
    kit = Kit(chance(1, "kit", 0))
    kit.human = 0.0
    blows = [patterns.Blow("kick", beat, 1.0) for beat in (1.0, 2.0)]
    line, frames = kit.play(blows, 22_050, 66_150)
    assert frames.tolist() == [22_050, 44_100]
    assert not line[:22_050].any()
    assert np.abs(line[22_050:22_100]).max() > 0


def test_nothing_sounds_before_its_first_onset():
    quiet = 0
    for made in sounds.drumming(9, 20):
        first = int(made.onsets[0] * made.rate)
        assert np.all(np.diff(made.onsets) > drumming.TOGETHER)
        before = np.abs(made.samples[:first])
        quiet += before.max(initial=0.0) <= 0.05  # what a noisy recording has there
    assert quiet >= 18


def test_swing_moves_the_second_of_a_pair_alone():
    assert patterns.swung(0.25, 0.6, "sixteenths") == pytest.approx(0.3)
    assert patterns.swung(0.5, 0.6, "sixteenths") == 0.5
    assert patterns.swung(1.5, 2 / 3, "eighths") == pytest.approx(1 + 2 / 3)


def test_notes_are_of_their_key():
    for number in range(20):
        random = chance(4, "keys", number)
        drawn = song(random, 16, 4)
        allowed = {(drawn.tonic + step) % 12 for step in drawn.scale}
        assert {note.pitch % 12 for note in melody(random, drawn)} <= allowed
        assert all(20 <= note.pitch <= 64 for note in bass_line(random, drawn))


def test_files_with_a_manifest(tmp_path):
    made = [*sounds.loops(6, 2), *sounds.chords(6, 1), *sounds.drumming(6, 1)]
    manifest = sounds.write(made, tmp_path)
    with manifest.open() as lines:
        rows = list(csv.DictReader(lines))
    for row, one in zip(rows, made, strict=True):
        info = soundfile.info(tmp_path / row["path"])
        assert (info.frames, info.samplerate) == (len(one.samples), one.rate)
        assert row["kind"] == one.kind
        assert row["bpm"] == ("" if one.bpm is None else f"{one.bpm:g}")
    assert rows[2]["key"] == "C major"
    onsets = (tmp_path / "onsets.csv").read_text().strip().split(",")
    assert len(list(itertools.islice(onsets, 1, None))) == len(made[-1].onsets)


def test_without_a_soundfont_nothing_is_rendered(monkeypatch):
    monkeypatch.setattr(rendered, "available", tuple)
    assert list(rendered.rendered(1, 3)) == []


@pytest.mark.skipif(not rendered.available(), reason="no soundfont is installed")
def test_rendered_loops_are_exact_and_the_same_again():
    first, again = (rendered.rendered_loop(1, 2) for _ in range(2))
    assert np.array_equal(first.samples, again.samples)
    assert abs(first.seconds - first.beats * 60 / first.bpm) <= 1 / first.rate
