"""Near-duplicates: what is found, which is the better, and what keeping one does."""

import tracemalloc

import numpy as np
import pytest
import soxr

from kits.models import Pad
from library import bulk, tasks
from library.audio.hearing.descriptor import descriptor
from library.audio.hearing.fingerprint import fingerprint
from library.audio.hearing.signal import Collector
from library.copies import acts, groups, pairs
from library.models import Hearing, LibraryEdit, Sample
from library.similar.matrix import Matrix, unit
from tests.factories import KitFactory, PadFactory, SampleFactory

pytestmark = pytest.mark.django_db
URL = "/library/duplicates/"
RATE = 44_100


def hit(seed, seconds=0.4):
    """Return a struck noise with a body of its own, frames of one channel."""
    dice = np.random.default_rng(seed)
    at = np.arange(int(seconds * RATE)) / RATE
    noise = dice.standard_normal(len(at)) * np.exp(-at * dice.uniform(8, 40))
    body = np.sin(2 * np.pi * dice.uniform(80, 900) * at) * np.exp(-at * dice.uniform(6, 20))
    sound = dice.uniform(0.1, 1) * noise + body
    return (0.8 * sound / np.abs(sound).max()).astype(np.float32)


def heard(owner, samples, rate=RATE, **fields):
    """Return a sound as a worker leaves it after hearing these frames."""
    collector = Collector(rate, 1)
    collector.add(samples[:, None])
    signal = collector.signal(len(samples))
    facts = {"seconds": len(samples) / rate, "sample_rate": rate, "frames": len(samples)}
    sample = SampleFactory(owner=owner, **facts | fields)
    Hearing.objects.create(
        sample=sample,
        descriptor=descriptor(signal).tobytes(),
        fingerprint=fingerprint(signal),
    )
    return sample


@pytest.fixture
def twins(user):
    """Return a sound and its softer copy at half the rate; a third one is another recording."""
    original = hit(1)
    low = soxr.resample(original, RATE, RATE // 2).astype(np.float32)
    sounds = (
        heard(user, original, title="original"),
        heard(user, 0.3 * low, RATE // 2, title="copy"),
    )
    heard(user, hit(2), title="another")
    return sounds


def compared(user, seconds=100.0):
    """Compare all and return the sets by their titles."""
    assert pairs.compare(user, seconds)
    found = groups.groups(user, groups.sets(user))
    return [[copy.sample.title for copy in group.copies] for group in found]


def test_a_copy_at_another_rate_and_level_is_found(user, twins):
    assert compared(user) == [["original", "copy"]]


def test_silence_around_it_hides_nothing(user):
    sound = hit(3)
    heard(user, sound, title="original")
    heard(user, np.pad(sound, (3000, 9000)), title="padded")
    assert sorted(compared(user)[0]) == ["original", "padded"]


def test_sounds_that_are_only_similar_stay_apart(user):
    for seed in range(12):
        heard(user, hit(seed))
    assert compared(user) == []


def test_sounds_of_others_are_not_compared(user, stranger):
    sound = hit(1)
    heard(user, sound)
    heard(stranger, sound)
    assert compared(user) == []
    assert compared(stranger) == []


def test_three_are_one_set_and_the_trash_leaves_it(user):
    rows = [heard(user, level * hit(1), title=f"take {level}") for level in (1.0, 0.5, 0.2)]
    assert [len(each) for each in compared(user)] == [3]
    bulk.apply(user, bulk.Action.TRASH, bulk.Selection(frozenset({rows[1].pk})))
    assert groups.sets(user) in ([], [[rows[0].pk, rows[2].pk]])


def test_what_comes_later_is_compared_with_what_was_there(user, twins):
    compared(user)
    heard(user, 0.5 * hit(2), title="late")
    known = pairs.Pairs.of(user)
    assert pairs.waiting(user, known) == 1
    assert sorted(map(sorted, compared(user))) == [["another", "late"], ["copy", "original"]]
    assert pairs.waiting(user, pairs.Pairs.of(user)) == 0


def test_what_is_heard_again_is_compared_again(user, twins):
    compared(user)
    other = fingerprint_of(hit(9))
    Hearing.objects.filter(sample=twins[1]).delete()
    Hearing.objects.create(sample=twins[1], **other)
    assert compared(user) == []


def fingerprint_of(samples):
    """Return what stands in a hearing of these frames."""
    collector = Collector(RATE, 1)
    collector.add(samples[:, None])
    signal = collector.signal(len(samples))
    return {"descriptor": descriptor(signal).tobytes(), "fingerprint": fingerprint(signal)}


def test_it_goes_on_where_its_time_was_over(user, twins, monkeypatch):
    monkeypatch.setattr(pairs, "BATCH", 1)
    rounds = 0
    while not pairs.compare(user, seconds=0):
        rounds += 1
    assert rounds == 2
    assert len(groups.sets(user)) == 1


def test_silent_sounds_and_an_empty_library_are_no_trouble(user):
    assert compared(user) == []
    Hearing.objects.create(sample=SampleFactory(owner=user))
    assert compared(user) == []


def test_a_broken_file_is_made_anew(user, twins):
    compared(user)
    for content in (b"", b"PK nonsense"):
        pairs.path_of(user).write_bytes(content)
        assert compared(user) == [["original", "copy"]]


def test_a_file_of_another_database_does_not_count(user, twins, monkeypatch):
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(pairs, "database", lambda: 404)
        pairs.Pairs(10**9, np.array([[twins[0].pk, twins[1].pk + 1]])).write(user)
    assert groups.sets(user) == []
    assert pairs.waiting(user, pairs.Pairs.of(user)) == 3
    assert compared(user) == [["original", "copy"]]


def test_copies_stay_known_where_the_newest_sound_is_deleted(user, twins):
    assert compared(user) == [["original", "copy"]]
    Sample.objects.filter(title="another").delete()
    assert len(groups.sets(user)) == 1
    assert pairs.waiting(user, pairs.Pairs.of(user)) == 0
    late = heard(user, hit(5), title="late")
    heard(user, 0.5 * hit(5), title="later")
    assert pairs.waiting(user, pairs.Pairs.of(user)) == 2
    assert len(compared(user)) == 2
    assert late.pk in groups.sets(user)[0]


def test_comparing_a_hundred_thousand_stays_small(user):
    count = 20_000
    sounds = unit(np.random.default_rng(7).standard_normal((count, 64)).astype(np.float32))
    none = np.empty(0, np.int64)
    flat = np.empty(0, np.float32)
    ids = np.arange(count, dtype=np.int64)
    matrix = Matrix(0, 0, ids, sounds, flat, none, np.empty((0, 48), np.float32), flat)
    tracemalloc.start()
    try:
        pairs._candidates(matrix, ids, ids[-pairs.BATCH :])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most * 100_000 / count < 32_000_000


def test_the_task_compares_and_asks_again_for_the_rest(user, twins, settings, monkeypatch):
    monkeypatch.setattr(pairs, "BATCH", 2)
    settings.SLICE_SECONDS = 0
    asked = []
    monkeypatch.setattr(tasks, "ask_to_compare", asked.append)
    tasks.compare(user.pk)
    assert asked == [user.pk]
    tasks.compare(user.pk)
    assert asked == [user.pk]
    assert len(groups.sets(user)) == 1
    tasks.compare(987_654_321)  # somebody who is gone meanwhile


# ── Which is the better ─────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("better", "worse", "reason"),
    [
        ({}, {"format": "mp3", "codec": "", "bit_depth": None}, "lossless"),
        ({"format": "m4a", "codec": "alac"}, {"format": "ogg", "sample_rate": 96_000}, "lossless"),
        ({"sample_rate": 96_000}, {"bit_depth": 24}, "96 kHz"),
        ({"bit_depth": 24}, {"seconds": 9.0}, "24-bit"),
        ({}, {"peak_amplitude": 1.0}, "does not touch full scale"),
        ({"seconds": 0.65}, {}, "0.40 s longer"),
    ],
)
def test_the_better_and_why(user, better, worse, reason):
    rows = [SampleFactory(owner=user, **worse), SampleFactory(owner=user, **better)]
    (group,) = groups.groups(user, [[row.pk for row in rows]])
    assert group.best == rows[1]
    assert reason in group.copies[0].reasons
    assert group.copies[1].reasons == ()
    assert not group.is_equal


def test_of_equals_it_is_the_first(user):
    rows = [SampleFactory(owner=user, seconds=seconds) for seconds in (0.25, 0.26)]
    (group,) = groups.groups(user, [[row.pk for row in rows]])
    assert group.best == rows[0]
    assert group.is_equal


# ── Keeping one ─────────────────────────────────────────────────────────────


@pytest.fixture
def placed(user, twins):
    """Return a kit that holds the copy twice, and the sounds."""
    kit = KitFactory(owner=user, name="Night set")
    for number in (3, 5):
        PadFactory(kit=kit, number=number, sample=twins[1])
    compared(user)
    return kit, *twins


def test_the_others_go_to_the_trash_in_one_step(user, placed):
    _, original, copy = placed
    edit = acts.keep(user, {original.pk: [copy.pk]}, on_pads=False).edit
    assert not Sample.objects.kept().filter(pk=copy.pk).exists()
    assert edit.label == "1 sound moved to the trash"
    bulk.undo(edit)
    assert Sample.objects.kept().filter(pk=copy.pk).exists()


def test_pads_can_play_the_one_that_is_kept(user, placed):
    kit, original, copy = placed
    before = kit.pads.get(number=3).fields()
    acts.keep(user, {original.pk: [copy.pk]}, on_pads=True)
    assert {pad.sample_id for pad in kit.pads.all()} == {original.pk}
    assert kit.pads.get(number=3).fields() == before | {
        "sample_id": original.pk, "title": "original",
    }  # fmt: skip
    assert kit.last_step.label == "swap copies of original for it on A3, A5"
    kit.undo()
    assert {pad.sample_id for pad in kit.pads.all()} == {copy.pk}


def test_several_recordings_are_one_step_of_a_kit(user, placed):
    kit, original, copy = placed
    rows = [SampleFactory(owner=user, title=f"t{number}") for number in range(2)]
    PadFactory(kit=kit, number=7, sample=rows[1])
    kept = {original.pk: [copy.pk], rows[0].pk: [rows[1].pk]}
    done = acts.keep(user, kept, on_pads=True)
    assert kit.edits.count() == 1
    assert kit.last_step.label == "swap copies for what is kept on A3, A5, A7"
    assert done.kits == ("Night set",)
    kit.undo()
    assert {pad.sample_id for pad in kit.pads.all()} == {copy.pk, rows[1].pk}


def test_it_says_which_kits_have_a_step_of_their_own(user, placed):
    _, original, copy = placed
    for name in ("a", "B", "c"):
        PadFactory(kit=KitFactory(owner=user, name=name), sample=copy)
    told = acts.keep(user, {original.pk: [copy.pk]}, on_pads=True).told
    assert told == (
        "1 sound moved to the trash. Pads of a, B, c and 1 more play what is kept. "
        "The kits have their own undo."
    )


def test_pads_stay_where_nobody_asks_for_it(user, placed):
    kit, original, copy = placed
    acts.keep(user, {original.pk: [copy.pk]}, on_pads=False)
    assert {pad.sample_id for pad in Pad.objects.filter(kit=kit)} == {copy.pk}


def test_what_is_kept_never_goes(user, twins):
    one, other = twins
    acts.keep(user, {one.pk: [one.pk, other.pk]}, on_pads=False)
    assert Sample.objects.kept().filter(pk=one.pk).exists()


# ── The page ────────────────────────────────────────────────────────────────


def test_it_asks_a_worker_and_says_so(client, user, twins, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks, "ask_to_compare", asked.append)
    for _ in range(2):
        page = client.get(URL).text
    assert "3 sounds are still to be compared." in page
    assert "every 2s" in page
    assert asked == [user.pk]


def test_it_shows_the_better_and_where_the_others_are(client, user, placed):
    page = " ".join(client.get(URL).text.split())
    assert "1 recording is here more than once" in page
    assert "Better: 44.1 kHz" in page
    assert "On A3 of Night set, A5 of Night set" in page
    assert "every 2s" not in page
    assert ">another<" not in page


def test_one_is_kept(client, user, placed):
    kit, original, copy = placed
    sent = {"keep": original.pk, "ids": f"{original.pk},{copy.pk}", "pads": "1"}
    answer = client.post(URL, sent)
    assert (answer.status_code, answer["Location"]) == (303, URL)
    assert not Sample.objects.kept().filter(pk=copy.pk).exists()
    assert {pad.sample_id for pad in kit.pads.all()} == {original.pk}
    assert "No two sounds hold the same recording." in client.get(URL).text


def test_the_lesser_one_can_be_kept_and_taken_back(client, user, placed):
    _, original, copy = placed
    sent = {"keep": copy.pk, "ids": f"{original.pk},{copy.pk}"}
    answer = client.post(URL, sent, headers={"HX-Request": "true"})
    edit = LibraryEdit.objects.get()
    assert f"/library/edits/{edit.pk}/undo/" in answer["HX-Trigger"]
    assert "<html" not in answer.text
    assert not Sample.objects.kept().filter(pk=original.pk).exists()


def test_the_message_names_the_kits(client, placed):
    _, original, copy = placed
    sent = {"keep": original.pk, "ids": f"{original.pk},{copy.pk}", "pads": "1"}
    answer = client.post(URL, sent, headers={"HX-Request": "true"})
    assert "Pads of Night set play what is kept. The kit has its own undo." in answer["HX-Trigger"]


def test_all_at_once_can_leave_the_pads_alone(client, user, placed):
    kit, _, copy = placed
    page = client.get(URL).text
    form = page[: page.index("Keep the best of all")].rpartition("<form")[2]
    assert 'type="hidden" name="pads"' not in form
    assert " ".join(form.split()).count('name="pads" value="1" checked') == 1
    client.post(URL, {"all": "1"})
    assert {pad.sample_id for pad in kit.pads.all()} == {copy.pk}


def test_all_at_once(client, user, placed):
    _, original, copy = placed
    client.post(URL, {"all": "1"})
    assert Sample.objects.kept().filter(pk=original.pk).exists()
    assert not Sample.objects.kept().filter(pk=copy.pk).exists()


@pytest.mark.parametrize("sent", [{}, {"keep": "7"}, {"keep": "7", "ids": "8,9"}])
def test_without_a_choice_nothing_goes(client, user, twins, sent):
    client.post(URL, sent)
    answer = client.post(URL, sent, headers={"HX-Request": "true"})
    assert "Choose which one to keep." in answer["HX-Trigger"]
    assert Sample.objects.kept().count() == 3


def test_sounds_of_others_stay(stranger_client, placed):
    _, original, copy = placed
    stranger_client.post(URL, {"keep": original.pk, "ids": f"{original.pk},{copy.pk}"})
    assert Sample.objects.kept().filter(pk=copy.pk).exists()


def test_pages(client, user, monkeypatch):
    from library.views import duplicates

    monkeypatch.setattr(duplicates, "PAGE", 1)
    rows = [SampleFactory(owner=user, title=f"t{number}") for number in range(4)]
    one, two, three, four = (row.pk for row in rows)
    pairs.Pairs(0, np.array([[two, one], [four, three]])).write(user)  # all compared
    assert "Copies of t2" in client.get(URL).text
    for number in ("2", "99"):
        page = client.get(f"{URL}?page={number}").text
        assert "Copies of t0" in page
        assert "Copies of t2" not in page
