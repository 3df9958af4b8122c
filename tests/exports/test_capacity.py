"""How much of the machine an export takes, against its limits."""

import pytest

from exports.capacity import capacity
from exports.options import Options
from exports.plan import plan
from exports.sources import from_ids, from_kit
from tests.factories import KitFactory, PadFactory, SampleFactory

pytestmark = pytest.mark.django_db
SECOND = {"frames": 48_000, "sample_rate": 48_000, "seconds": 1.0}


def of_kit(kit, **options):
    return capacity(plan(from_kit(kit), Options(layout="kit", **options)).included, kit=True)


def words(found):
    return [(meter.label, meter.amount, meter.limit) for meter in found.meters]


def fill(kit, bank, count, **facts):
    for number in range(1, count + 1):
        sample = SampleFactory(owner=kit.owner, **{**SECOND, **facts})
        PadFactory(kit=kit, bank=bank, number=number, sample=sample)


def test_sounds_count_against_all_projects(user):
    samples = SampleFactory.create_batch(3, owner=user, channels=2, **SECOND)
    found = plan(from_ids(user, [sample.pk for sample in samples]), Options())
    shown = capacity(found.included, kit=False)
    assert words(shown) == [
        ("Sounds", "3", "2\u202f560"),
        ("Space", "576 KB", "16 GB"),
        ("Longest", "1.00 s", "16:00"),
    ]
    assert [meter.share for meter in shown.meters] == [1, 1, 1]
    assert (shown.minutes, shown.banks, shown.voices) == ("3.00 s", (), "")


def test_a_kit_counts_pads_and_the_voices_of_its_fullest_bank():
    kit = KitFactory()
    fill(kit, "A", 2)
    fill(kit, "C", 8, channels=2)
    found = of_kit(kit)
    assert words(found) == [
        ("Pads", "10", "160"),
        ("Space", "1.7 MB", "16 GB"),
        ("Longest", "1.00 s", "16:00"),
        ("Voices", "16", "32"),
    ]
    assert found.meters[3].share == 50
    assert [
        (bank.letter, bank.pads, bank.size, bank.voices, bank.share) for bank in found.banks
    ] == [
        ("A", 2, 2 * 96_044, 2, 13),
        ("C", 8, 8 * 192_044, 16, 100),
    ]
    assert found.voices == (
        "The sampler plays 32 voices at once: mono takes 1, stereo 2. All pads together take 18."
    )


def test_mono_where_nothing_is_lost_halves_voices_and_space():
    kit = KitFactory()
    fill(kit, "A", 4, channels=2, channels_equal=True)
    (stereo,), (mono,) = of_kit(kit).banks, of_kit(kit, channels="auto").banks
    assert (stereo.voices, mono.voices) == (8, 4)
    assert stereo.size - mono.size == 4 * 96_000


def test_voices_of_many_pads_are_told_in_words():
    kit = KitFactory()
    fill(kit, "A", 16, channels=2)
    fill(kit, "B", 1)
    assert of_kit(kit).voices.endswith("Each bank fits; all pads together take 33.")
    assert not any(bank.is_over for bank in of_kit(kit).banks)


def test_a_split_sound_fills_one_pad_with_several_files_and_may_take_more(monkeypatch):
    monkeypatch.setattr("exports.options.LONGEST_FRAMES", 24_000)
    kit = KitFactory()
    fill(kit, "D", 16, channels=2)
    found = of_kit(kit, long="split")
    assert words(found)[0] == ("Pads", "16", "160")
    assert found.meters[3].is_over
    assert (found.banks[0].voices, found.banks[0].is_over) == (64, True)
    assert found.voices.endswith("All pads of bank D together take more.")


def test_over_the_limit_a_bar_is_full_and_says_so(user):
    long = SampleFactory(owner=user, frames=1_000 * 48_000, sample_rate=48_000)
    shown = capacity(plan(from_ids(user, [long.pk]), Options(root="")).included, kit=False)
    assert (shown.meters[2].share, shown.meters[2].is_over) == (100, True)


def test_what_is_not_measured_is_not_counted(user):
    sample = SampleFactory(owner=user, new=True)
    shown = capacity(plan(from_ids(user, [sample.pk]), Options()).included, kit=False)
    assert [meter.share for meter in shown.meters] == [0, 0, 0]
    kit = KitFactory(owner=user)
    PadFactory(kit=kit, sample=sample)
    assert of_kit(kit).banks == ()
