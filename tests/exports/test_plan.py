"""Plans: what is included, what is left out and why."""

import pytest

from exports.options import Options
from exports.plan import PAD_GONE, plan
from exports.sources import from_ids, from_kit, from_query
from kits.hardware.devices import SP404MKII
from library.jobs import State
from library.models import Sample
from tests.factories import AnalysisFactory, KitFactory, PadFactory, SampleFactory

pytestmark = pytest.mark.django_db


def of(*samples, **options):
    source = from_ids(samples[0].owner, [sample.pk for sample in samples])
    return plan(source, Options(**options))


def test_one_sound():
    planned = of(SampleFactory(title="Kick", frames=11_025, sample_rate=44_100))
    (item,) = planned.items
    assert (planned.source.kind, planned.source.name) == ("single", "Kick")
    assert (item.path, item.size) == ("IMPORT/kick.wav", 44 + 2 * 12_000)
    assert (item.changes, item.sentence) == (("44.1 to 48 kHz",), "44.1 to 48 kHz")
    assert not item.is_notable
    assert planned.total_bytes == 24_044
    assert planned.summary == ["1 converted from 44.1 kHz"]


def test_short_sounds_are_padded_or_left_out():
    sample = SampleFactory(frames=2_880, sample_rate=48_000, seconds=0.06)
    (padded,) = of(sample).items
    assert padded.changes == ("Padded with silence to 100 ms",)
    assert padded.size == 44 + 2 * 4_800
    assert padded.is_notable
    (refused,) = of(sample, pad_short=False).left_out
    assert refused.problem == "Duration too short: 60.0ms (minimum: 100ms)"


def test_exactly_100_ms_passes():
    (item,) = of(SampleFactory(frames=4_800, sample_rate=48_000), pad_short=False).items
    assert (item.problem, item.changes) == ("", ())


def test_sounds_over_full_scale_are_lowered_by_the_peak_that_is_written():
    sample = SampleFactory(channels=2, peak_48k=1.175, peak_48k_mono=0.9, sample_rate=48_000)
    assert of(sample).items[0].changes == ("Peak lowered 1.4 dB",)
    assert of(sample, channels="mono").items[0].changes == ("Stereo folded down to mono",)


def test_what_is_not_analysed_yet_is_included_and_not_known():
    sample = SampleFactory(new=True)
    AnalysisFactory(sample=sample)
    planned = of(sample, pad_short=True)
    (item,) = planned.included
    assert (item.size, item.changes, item.is_known) == (None, (), False)
    assert item.recipe.pad_short  # it may turn out to be short
    assert planned.unknown == 1


def test_what_could_not_be_analysed_is_left_out():
    sample = SampleFactory(new=True)
    error = f"{sample.original_name} could not be read: the header says 0 samples. Try again."
    AnalysisFactory(sample=sample, state=State.FAILED, error=error)
    (item,) = of(sample).left_out
    assert item.problem == "Failed to load audio: the header says 0 samples. Try again"


@pytest.mark.parametrize("trait", ["missing", "trashed"])
def test_missing_files_are_left_out_by_their_own_name(trait):
    sample = SampleFactory(**{trait: True}, original_name="Kick.aif")
    assert of(sample).left_out[0].problem == "Audio file not found: Kick.aif"


def test_unknown_and_foreign_ids_are_left_out(user):
    mine, foreign = SampleFactory(owner=user), SampleFactory()
    planned = plan(from_ids(user, [mine.pk, foreign.pk, 10**9, mine.pk]), Options())
    assert [item.problem for item in planned.items] == [
        "",
        f"Sample {foreign.pk} not found",
        "Sample 1000000000 not found",
    ]
    assert foreign.title not in repr(planned.items[1].path)


def test_a_kit_comes_in_bank_and_pad_order_with_its_gaps():
    kit = KitFactory(name="Night Market")
    PadFactory(kit=kit, bank="B", number=2, sample__title="Vox")
    PadFactory(kit=kit, bank="A", number=16, sample__title="Kick")
    PadFactory(kit=kit, bank="A", number=3, empty_hull=True)
    PadFactory(kit=kit, bank="A", number=4, sample__title="Lost", sample__missing=True)
    planned = plan(from_kit(kit), Options(layout="kit"))
    assert [(item.path, item.problem) for item in planned.items] == [
        ("IMPORT/night_market/bank_A/pad_03_gone.wav", PAD_GONE),
        ("IMPORT/night_market/bank_A/pad_04_lost.wav", PAD_GONE),
        ("IMPORT/night_market/bank_A/pad_16_kick.wav", ""),
        ("IMPORT/night_market/bank_B/pad_02_vox.wav", ""),
    ]
    assert planned.source.is_kit


def test_a_search_leaves_out_what_was_taken_out_by_hand(user):
    samples = SampleFactory.create_batch(3, owner=user)
    source = from_query(Sample.objects.owned_by(user), [("all", "1")], [samples[1].pk])
    assert [wanted.sample for wanted in source.wanted] == [samples[0], samples[2]]
    assert (source.kind, source.name, source.fields) == ("batch", "2 sounds", (("all", "1"),))


def test_paths_that_are_too_long_are_left_out(user):
    sample = SampleFactory(owner=user, title="Deep", folder="/".join(["名前" * 30] * 8))
    assert of(sample, layout="folders").left_out[0].problem == "Path too long: Deep"


def test_what_is_larger_than_the_machine_takes_is_left_out(user):
    long = SampleFactory(owner=user, frames=1_200 * 48_000, sample_rate=48_000, channels=2)
    (item,) = of(long).left_out
    assert item.problem == "Sample too long: 20:00, 230 MB (the sampler takes 16:00, 186 MB)"
    assert of(long, root="").left_out == ()  # other programs take it


def test_mono_over_16_minutes_is_written_with_a_warning(user):
    long = SampleFactory(owner=user, frames=1_200 * 48_000, sample_rate=48_000)
    (line,) = of(long).warnings
    assert line.startswith("1 sound longer than 16 minutes, the manual's limit.")
    assert of(long, root="").warnings == []


def test_warns_of_long_folders(user):
    samples = SampleFactory.create_batch(SP404MKII.files_per_folder + 1, owner=user)
    (line,) = of(*samples).warnings
    assert line.startswith("251 files in one folder")


def test_reads_a_kit_in_one_query_however_large(django_assert_num_queries):
    kit = KitFactory(filled=16)
    with django_assert_num_queries(1):
        plan(from_kit(kit), Options(layout="kit"))


def test_reads_samples_in_one_query_for_each_500(user, django_assert_num_queries):
    ids = [sample.pk for sample in SampleFactory.create_batch(12, owner=user)]
    with django_assert_num_queries(1):
        plan(from_ids(user, ids), Options())
    with django_assert_num_queries(3):
        plan(from_ids(user, [*ids, *range(10**6, 10**6 + 1_200)]), Options())
