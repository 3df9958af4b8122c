"""Sounds like a sound: what is near, what is left out, and the file that is searched."""

from dataclasses import replace

import numpy as np
import pytest

from library.models import Hearing, Sample
from library.similar import keeping
from library.similar.matrix import Matrix
from library.similar.nearest import Asked, Aspect, nearest
from tests.factories import AnalysisFactory, SampleFactory

pytestmark = pytest.mark.django_db

DICE = np.random.default_rng(404)
DIRECTIONS = DICE.standard_normal((8, 64))


def heard(owner, towards, *, rhythm=None, bpm=None, **fields):
    """Return a sound whose 64 numbers are these weights of eight fixed directions."""
    sample = SampleFactory(owner=owner, **fields)
    numbers = np.asarray(towards) @ DIRECTIONS[: len(towards)]
    pattern = b"" if rhythm is None else np.append(rhythm, bpm).astype(np.float16).tobytes()
    Hearing.objects.create(
        sample=sample, descriptor=numbers.astype(np.float16).tobytes(), rhythm=pattern
    )
    return sample


def beats(*steps):
    """Return a pattern of 48 steps of length 1 with hits at these."""
    pattern = np.zeros(48)
    pattern[list(steps)] = 1
    return pattern / np.linalg.norm(pattern)


def found(sample, **how):
    """Return what is near it."""
    return nearest(sample.owner, Asked(sample, **how), Sample.objects.all())


def test_the_nearest_come_first_and_never_itself(user):
    origin = heard(user, [1, 0, 0])
    far = heard(user, [0, 1, 0])
    near = heard(user, [1, 0.2, 0])
    nearer = heard(user, [2, 0.1, 0])
    answer = found(origin)
    assert answer.samples == [nearer, near, far]
    likeness = [like for _, like in answer.near]
    assert likeness[0] > 0.99
    assert sorted(likeness, reverse=True) == likeness
    assert answer.reason == ""


def test_it_is_the_cosine(user):
    origin, other = heard(user, [1, 0.5]), heard(user, [0.3, 1])
    one, two = (
        np.frombuffer(sample.hearing.descriptor, np.float16).astype(float)
        for sample in (origin, other)
    )
    cosine = one @ two / np.linalg.norm(one) / np.linalg.norm(two)
    ((_, likeness),) = found(origin).near
    assert likeness == pytest.approx(max(0, cosine), abs=1e-3)


def test_loudness_of_numbers_does_not_count(user):
    origin, twice = heard(user, [1, 0.5]), heard(user, [2, 1])
    ((_, likeness),) = found(origin).near
    assert likeness == pytest.approx(1, abs=1e-3)
    assert found(twice).samples == [origin]


def test_what_is_in_the_trash_or_of_others_is_left_out(user, stranger):
    origin = heard(user, [1, 0])
    heard(user, [1, 0.1], trashed=True)
    heard(stranger, [1, 0.1])
    here = heard(user, [0, 1])
    assert found(origin).samples == [here]


def test_the_search_goes_on_where_all_of_the_nearest_are_in_the_trash(user):
    origin = heard(user, [1, 0])
    for step in range(30):
        heard(user, [1, 0.001 * step], trashed=True)
    here = [heard(user, [1, 1]), heard(user, [1, 2])]
    assert found(origin, count=2).samples == here


def test_at_most_as_many_as_are_asked_for(user):
    origin = heard(user, [1, 0])
    near = [heard(user, [1, 0.1 * step]) for step in range(1, 6)]
    assert found(origin, count=3).samples == near[:3]


def test_the_switch_keeps_to_the_class(user):
    origin = heard(user, [1, 0], sample_class="kick")
    heard(user, [1, 0.1], sample_class="snare")
    kick = heard(user, [0, 1], sample_class="kick")
    assert found(origin, same_class=True).samples == [kick]


def test_a_class_that_was_put_right_counts_at_once(user):
    origin = heard(user, [1, 0], sample_class="kick")
    other = heard(user, [1, 0.1], sample_class="snare")
    assert found(origin, same_class=True).samples == []
    Sample.objects.filter(pk=other.pk).update(sample_class="kick")
    assert found(origin, same_class=True).samples == [other]


def test_timbre_looks_at_the_spectral_part_alone(user):
    spectral, fading = np.zeros(64), np.zeros(64)
    spectral[:13], fading[47:55] = 1, 3
    rows = {}
    for name, numbers in {
        "origin": spectral + fading,
        "same colour": spectral - fading,
        "same fading": fading - spectral,
    }.items():
        rows[name] = SampleFactory(owner=user, title=name)
        Hearing.objects.create(sample=rows[name], descriptor=numbers.astype(np.float16).tobytes())
    titles = [sample.title for sample in found(rows["origin"]).samples]
    assert titles == ["same fading", "same colour"]
    near = found(rows["origin"], aspect=Aspect.TIMBRE).near
    assert [sample.title for sample, _ in near] == ["same colour", "same fading"]
    assert near[0][1] == pytest.approx(1, abs=1e-3)


def test_rhythm_compares_patterns_and_tempos_of_loops(user):
    origin = heard(user, [1, 0], rhythm=beats(0, 4, 8, 12), bpm=90)
    heard(user, [1, 0])
    other = heard(user, [1, 0], rhythm=beats(2, 6, 11), bpm=90)
    fast = heard(user, [0, 1], rhythm=beats(0, 4, 8, 12), bpm=108)
    same = heard(user, [0, 1], rhythm=beats(0, 4, 8, 12), bpm=91)
    answer = found(origin, aspect=Aspect.RHYTHM)
    assert answer.samples == [same, fast, other]
    likeness = [like for _, like in answer.near]
    apart = np.log2(108 / 90) / 0.25
    assert likeness[1] == pytest.approx(np.exp(-(apart**2)), abs=0.01)
    assert likeness[2] == 0


def test_key_lists_what_fits(user):
    origin = heard(user, [1, 0], key="Am")
    heard(user, [1, 0], key="F#m")
    heard(user, [1, 0], key="")
    relative = heard(user, [1, 1], key="C")
    fifth = heard(user, [1, 0.1], key="Em")
    assert found(origin, aspect=Aspect.KEY).samples == [fifth, relative]
    assert found(origin, aspect=Aspect.KEY, same_class=True).samples == [fifth, relative]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"aspect": Aspect.RHYTHM}, "no loop"),
        ({"aspect": Aspect.KEY}, "No key"),
        ({"same_class": True}, "no class"),
    ],
)
def test_it_says_why_nothing_can_be_compared(user, how, words):
    origin = heard(user, [1, 0], sample_class="", key="")
    heard(user, [1, 0])
    answer = found(origin, **how)
    assert answer.near == ()
    assert words in answer.reason


@pytest.mark.parametrize(
    ("fields", "words"), [({}, "not been listened to"), ({"peak_amplitude": 0.0}, "silent")]
)
def test_it_says_why_a_sound_was_not_heard(user, fields, words):
    origin = SampleFactory(owner=user, **fields)
    Hearing.objects.create(sample=origin)
    assert words in found(origin).reason


def test_it_says_that_a_sound_is_listened_to_just_now(user):
    origin = AnalysisFactory(sample__owner=user).sample
    assert "still being listened to" in found(origin).reason


def test_an_empty_library(user):
    assert found(SampleFactory(owner=user)).samples == []


# ── The file ────────────────────────────────────────────────────────────────


def test_what_is_heard_later_is_found_as_well(user):
    origin = heard(user, [1, 0])
    assert found(origin).samples == []
    other = heard(user, [1, 0.1], rhythm=beats(0, 8), bpm=100)
    assert found(origin).samples == [other]
    known = keeping.matrix_of(user)
    assert known.ids[known.loops].tolist() == [other.pk]
    assert known.tempos.tolist() == [100]


def test_what_is_heard_again_counts_as_it_is_now(user):
    origin, one, two = heard(user, [1, 0]), heard(user, [1, 0.1]), heard(user, [0, 1])
    assert found(origin).samples == [one, two]
    Hearing.objects.filter(sample=two).delete()
    numbers = np.asarray([1, 0]) @ DIRECTIONS[:2]
    Hearing.objects.create(sample=two, descriptor=numbers.astype(np.float16).tobytes())
    assert found(origin).samples == [two, one]
    Hearing.objects.filter(sample=two).delete()
    Hearing.objects.create(sample=two)  # now it is silent
    assert found(origin).samples == [one]


def test_what_is_deleted_leaves_the_file_at_the_next_growth(user):
    origin, gone = heard(user, [1, 0]), heard(user, [1, 0.1], rhythm=beats(1), bpm=90)
    assert gone.pk in keeping.matrix_of(user).ids
    Sample.objects.filter(pk=gone.pk).delete()
    assert found(origin).samples == []
    other = heard(user, [0, 1])
    assert keeping.matrix_of(user).ids.tolist() == [origin.pk, other.pk]


def test_what_others_bring_does_not_write_the_file_anew(user, stranger):
    heard(user, [1, 0], rhythm=beats(3), bpm=120)
    keeping.matrix_of(user)
    path = keeping.path_of(user)
    before = path.stat().st_ino
    theirs = heard(stranger, [1, 0])
    assert keeping.matrix_of(user).upto < theirs.hearing.pk  # what it was mapped with
    assert Matrix.mapped(path).upto == theirs.hearing.pk
    assert path.stat().st_ino == before


def test_a_file_that_is_no_matrix_is_made_anew(user):
    origin, other = heard(user, [1, 0]), heard(user, [1, 0.1])
    path = keeping.path_of(user)
    path.parent.mkdir(parents=True)
    for content in (b"", b"short", bytes(32), bytes(4000)):
        path.write_bytes(content)
        assert Matrix.mapped(path) is None
        assert found(origin).samples == [other]


def test_a_file_of_another_database_is_made_anew(user):
    origin, other = heard(user, [1, 0]), heard(user, [1, 0.1])
    known = keeping.matrix_of(user)
    path = keeping.path_of(user)
    replace(known, database=404, ids=known.ids + 900).write(path)
    assert found(origin).samples == [other]


def test_a_file_is_kept_where_the_newest_sound_is_deleted(user):
    origin, other, newest = heard(user, [1, 0]), heard(user, [1, 0.1]), heard(user, [0, 1])
    keeping.matrix_of(user)
    path = keeping.path_of(user)
    before = path.stat().st_ino
    Sample.objects.filter(pk=newest.pk).delete()
    assert found(origin).samples == [other]
    assert path.stat().st_ino == before
    late = heard(user, [1, 0.05])
    assert found(origin).samples == [late, other]


def test_who_holds_the_old_file_can_go_on_reading(user):
    heard(user, [1, 0])
    keeping.matrix_of(user)
    old = Matrix.mapped(keeping.path_of(user))
    before = old.sounds.copy()
    heard(user, [0, 1])
    keeping.matrix_of(user)
    assert np.array_equal(old.sounds, before)
    assert len(old.ids) == 1


def test_a_write_that_fails_leaves_nothing_behind(user, settings, monkeypatch):
    heard(user, [1, 0])
    monkeypatch.setattr(keeping.Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        keeping.matrix_of(user)
    assert list(settings.TMP_DIR.iterdir()) == []
