"""The pre-flight report: each coming problem in the machine's own words, with what can be done."""

import pytest

from exports.forms import ExportForm
from exports.options import Options
from exports.plan import plan
from exports.problem import FIXES, Weight
from exports.sources import from_ids, from_kit
from kits.hardware.devices import SP404MKII
from library.jobs import State
from tests.factories import AnalysisFactory, KitFactory, PadFactory, SampleFactory

pytestmark = pytest.mark.django_db
RATE = 48_000


def of(*samples, **options):
    source = from_ids(samples[0].owner, [sample.pk for sample in samples])
    return plan(source, Options(**options)).problems


def test_a_plan_without_problems_says_nothing(user):
    assert of(SampleFactory(owner=user)) == ()


def test_too_short_names_the_files_and_offers_silence(user):
    short = SampleFactory(owner=user, frames=2_880, sample_rate=RATE, title="Tick")
    (problem,) = of(short, SampleFactory(owner=user), pad_short=False)
    assert (problem.weight, problem.device) == (Weight.STOPS, "Too Short Sample")
    assert problem.sentence == "1 sound left out: under 100 ms."
    assert [item.wanted.title for item in problem.items] == ["Tick"]
    assert problem.buttons == [("lengthen", "Lengthen with silence")]
    (settled,) = of(short)
    assert (settled.weight, settled.buttons) == (Weight.SETTLED, [])
    assert settled.sentence == "1 sound under 100 ms: lengthened with silence."


def test_too_long_offers_parts_or_a_cut(user):
    long = SampleFactory(owner=user, frames=40 * 60 * RATE, sample_rate=RATE, channels=2)
    (problem,) = of(long)
    assert (problem.weight, problem.device) == (Weight.STOPS, "Too Long Sample")
    assert problem.sentence == "1 sound left out: longer than 16 minutes, larger than 186 MB."
    assert [fix for fix, _ in problem.buttons] == ["split", "shorten"]
    (split,) = of(long, long="split")
    assert split.sentence == "1 sound over 16 minutes: 3 parts without a gap."
    (cut,) = of(long, long="shorten")
    assert cut.sentence == "1 sound over 16 minutes: cut there with a short fade."
    assert {split.weight, cut.weight} == {Weight.SETTLED}


def test_long_mono_says_what_is_certain_and_what_is_not(user):
    long = SampleFactory(owner=user, frames=20 * 60 * RATE, sample_rate=RATE)
    (problem,) = of(long)
    assert problem.is_warning
    assert problem.sentence == (
        "1 sound longer than 16 minutes, the manual's limit. "
        "In mono, people have loaded up to 186 MB."
    )
    assert of(long, root="") == ()  # not for the sampler


def test_exactly_16_minutes_is_no_problem(user):
    exact = SampleFactory(owner=user, frames=960 * RATE, sample_rate=RATE, channels=2)
    assert of(exact) == ()
    longer = SampleFactory(owner=user, frames=960 * RATE + 1, sample_rate=RATE, channels=2)
    assert of(longer)[0].device == "Too Long Sample"


def test_unsupported_file_names_what_the_sampler_would_refuse(user):
    samples = [
        SampleFactory(owner=user, bit_depth=32, codec="FLOAT"),
        SampleFactory(owner=user, bit_depth=32, codec="PCM_32"),
        SampleFactory(owner=user, format="flac"),
        SampleFactory(owner=user, format="m4a", codec="AAC", bit_depth=None),
        SampleFactory(owner=user, codec="IMA_ADPCM", bit_depth=None),
        SampleFactory(owner=user, channels=6),
        SampleFactory(owner=user, format="mp3", codec="MPEG_LAYER_III", bit_depth=None),
    ]
    (problem,) = of(*samples)
    assert (problem.weight, problem.device) == (Weight.SETTLED, "Unsupported FILE")
    assert problem.sentence == (
        "6 sounds the sampler would refuse, converted: 1 × 32-bit float, 1 × 32-bit whole "
        "numbers, 1 × FLAC, 1 × M4A, 1 × compressed WAV, 1 × 6 channels."
    )
    assert of(*samples, root="") == ()


def test_names_with_odd_letters_offer_plain_ones(user):
    odd = SampleFactory(owner=user, title="Snäre")
    (problem,) = of(odd, sanitize=False)
    assert (problem.weight, problem.device) == (Weight.WARNS, "Unsupported FILE")
    assert problem.sentence == "1 name with letters that the sampler does not know."
    assert problem.items[0].file_name == "snäre.wav"
    assert [fix for fix, _ in problem.buttons] == ["letters"]
    assert of(odd) == of(odd, sanitize=False, root="") == ()


def test_long_names_say_which_look_alike_on_the_sampler(user):
    titles = ["A very long name of a kick", "A very long name of a KICK two", "x" * 24, "Kick"]
    samples = [SampleFactory(owner=user, title=title) for title in titles]
    (problem,) = of(*samples, device_names=False)
    assert problem.sentence == (
        "3 names over 23 characters: the sampler cuts them, and 2 of them look like another."
    )
    assert [fix for fix, _ in problem.buttons] == ["names"]
    (alone,) = of(samples[2], device_names=False)
    assert alone.sentence == "1 name over 23 characters: the sampler cuts them."
    assert of(*samples) == ()


def test_more_than_250_files_in_a_folder_offer_other_folders(user):
    samples = SampleFactory.create_batch(SP404MKII.files_per_folder + 1, owner=user)
    (problem,) = of(*samples)
    assert problem.sentence.startswith("251 files in one folder, IMPORT: the sampler's own limit")
    assert [fix for fix, _ in problem.buttons] == ["tempo", "genre"]
    (still,) = of(*samples, layout="genre")
    assert [fix for fix, _ in still.buttons] == ["tempo"]
    assert of(*samples[1:]) == of(*samples, root="") == ()


def test_equal_channels_offer_mono_with_what_it_saves(user):
    facts = {"owner": user, "frames": 10 * RATE, "sample_rate": RATE, "channels": 2}
    samples = [SampleFactory(**facts, channels_equal=True) for _ in range(7)]
    samples.append(SampleFactory(**facts, channels_equal=False))
    (problem,) = of(*samples)
    assert problem.weight == Weight.OFFER
    assert problem.sentence == (
        "7 sounds with the same in both channels. "
        "As mono they sound exactly alike: 7 voices and 6.7 MB less."
    )
    assert [fix for fix, _ in problem.buttons] == ["mono"]
    (settled,) = of(*samples, channels="auto")
    assert settled.sentence == (
        "7 sounds with the same in both channels: mono, 7 voices and 6.7 MB less."
    )
    (single,) = of(samples[0])
    assert "As mono it sounds exactly alike: 1 voice and 960 KB less." in single.sentence


def test_mono_saves_exactly_what_the_plans_differ_by(user):
    sample = SampleFactory(owner=user, channels=2, channels_equal=True)
    stereo, mono = (
        plan(from_ids(user, [sample.pk]), Options(channels=channels)).total_bytes
        for channels in ("keep", "auto")
    )
    assert stereo - mono == 2 * 12_000


def test_unmeasured_channels_are_not_called_equal(user):
    assert of(SampleFactory(owner=user, channels=2, channels_equal=None)) == ()


def test_silent_sounds_are_named(user):
    (problem,) = of(SampleFactory(owner=user, peak_48k=0, loudness_lufs=None))
    assert problem.sentence == "1 sound silent from beginning to end."


def test_cut_loops_offer_to_leave_their_silence(user):
    loop = SampleFactory(owner=user, loop=True, sound_start=100)
    (problem,) = of(loop, trim=True)
    assert [fix for fix, _ in problem.buttons] == ["keep-silence"]


def test_internal_storage_full(user):
    hour = {"owner": user, "frames": 960 * RATE, "sample_rate": RATE, "channels": 2}
    samples = SampleFactory.create_batch(87, **hour)
    (problem,) = of(*samples)
    assert problem.device == "Internal Storage Full!"
    assert problem.sentence == "16036 MB in all: the sampler has 16000 MB. Export fewer sounds."
    assert of(*samples[1:]) == of(*samples, root="") == ()


def test_more_sounds_than_all_projects_hold(user):
    samples = SampleFactory.create_batch(SP404MKII.samples + 1, owner=user)
    sentences = [problem.sentence for problem in of(*samples, layout="bpm")]
    assert (
        "2561 sounds: the 16 projects of the sampler hold 2560. The others stay on the card."
        in sentences
    )


def test_each_sound_that_is_left_out_says_why_and_what_to_do(user):
    lost = SampleFactory(owner=user, missing=True, original_name="Kick.aif")
    broken = SampleFactory(owner=user, new=True)
    AnalysisFactory(
        sample=broken, state=State.FAILED, error="x.wav could not be read: the file is empty."
    )
    deep = SampleFactory(owner=user, title="Deep", folder="/".join(["名前" * 30] * 8))
    ids = [lost.pk, broken.pk, deep.pk, 10**9]
    found = plan(from_ids(user, ids), Options(layout="folders")).problems
    gone, unknown, unreadable, no_place = found
    assert gone.sentence == (
        "1 sound left out: the source file is gone. "
        "Restore it from the trash, or add the file again."
    )
    assert unknown.sentence == "1 sound left out: not in your library. Choose again there."
    assert unreadable.device == "Unsupported FILE"
    assert unreadable.sentence == (
        "1 sound left out: not readable. Save it again as WAV and add that."
    )
    assert no_place.sentence == (
        "1 sound left out: too long a path. "
        "Choose other folders, or shorten their names in the library."
    )
    assert [fix for fix, _ in no_place.buttons] == ["flat"]
    assert {problem.weight for problem in found} == {Weight.STOPS}


def test_empty_pads_say_what_to_do():
    kit = KitFactory(filled=1)
    PadFactory(kit=kit, number=9, empty_hull=True)
    (problem,) = plan(from_kit(kit), Options(layout="kit")).problems
    assert problem.sentence == (
        "1 pad stays empty. Add the file to the library again and put the sound on its pad."
    )
    assert str(problem.items[0].wanted.pad) == "A9"


def test_every_file_that_is_left_out_is_in_the_report(user):
    samples = [
        SampleFactory(owner=user, missing=True),
        SampleFactory(owner=user, frames=100),
        SampleFactory(owner=user, frames=10**9, channels=2),
        SampleFactory(owner=user),
    ]
    planned = plan(from_ids(user, [*(s.pk for s in samples), 10**9]), Options(pad_short=False))
    told = {item for problem in planned.problems for item in problem.items}
    assert len(planned.left_out) == 4
    assert set(planned.left_out) <= told


def test_the_worst_comes_first(user):
    samples = [
        SampleFactory(owner=user, format="flac"),
        SampleFactory(owner=user, channels=2, channels_equal=True),
        SampleFactory(owner=user, peak_48k=0),
        SampleFactory(owner=user, missing=True),
    ]
    weights = [problem.weight for problem in of(*samples)]
    assert weights == [Weight.STOPS, Weight.WARNS, Weight.OFFER, Weight.SETTLED]


def test_every_fix_is_a_choice_of_the_form():
    form = ExportForm(kit=False)
    for _, fields in FIXES.values():
        for name, value in fields.items():
            field = form.fields[name]
            assert not hasattr(field, "choices") or value in dict(field.choices)
