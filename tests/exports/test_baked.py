"""A kit's pads are exported as they play: the plan says what is cut in, and what stays behind."""

import itertools

import numpy as np
import pytest

from exports import carried
from exports.options import Options
from exports.plan import plan
from exports.sources import from_kit
from kits.adjust import adjust
from kits.hardware.settings import BY_NAME, CARRIERS
from kits.models import Direction, Pad
from library import ingest
from library.audio.baked import AS_IS, Baked
from library.jobs import State
from library.models import Sample
from tests import sounds
from tests.exports.zipped import EVERYTHING, exported
from tests.factories import KitFactory, PadFactory, SampleFactory

pytestmark = pytest.mark.django_db

NAMES = ("start and end", "reverse", "pitch", "volume", "pan")
FLAT = Options(layout="flat", root="", bake=carried.EVERYTHING)


@pytest.fixture
def kit(user):
    return KitFactory(owner=user, name="Night Market")


@pytest.fixture
def taken_in(user, worker):
    """Return a function that takes a file in and lets the workers hear it."""

    def take(path) -> Sample:
        sample = ingest.add_sample(owner=user, file=path, label=ingest.Label(path=path.name)).sample
        worker()
        sample.refresh_from_db()
        return sample

    return take


def sliced(kit, sample, cuts, **settings):
    """Put slices of a sample on the first pads of bank A."""
    for number, (start, end) in enumerate(cuts, 1):
        PadFactory(
            kit=kit, number=number, sample=sample, slice=number, start=start, end=end, **settings
        )


@pytest.mark.parametrize("form", [(44_100, "PCM_24"), (48_000, "PCM_16")])
def test_sixteen_slices_tile_the_parent(kit, taken_in, worker, tmp_path, form):
    rate, subtype = form
    samples = sounds.noise(frames=2 * rate + 7, peak_db=-3, channels=2)
    parent = taken_in(sounds.write(tmp_path / "Old Break.wav", samples, rate, subtype))
    frames = -(-parent.frames * 48_000 // rate)
    drawn = np.random.default_rng(8).choice(np.arange(1, frames // 5_000), 15, replace=False)
    cuts = list(
        itertools.pairwise([0, *(int(place) * 5_000 + 17 for place in sorted(drawn)), frames])
    )
    sliced(kit, parent, cuts)
    planned, export, files = exported(kit, worker, FLAT)
    assert export.state == State.COMPLETED
    assert list(files) == [f"old_break_{number:02}.wav" for number in range(1, 17)]
    assert [len(words) for words in files.values()] == [end - start for start, end in cuts]
    whole_kit = KitFactory(owner=kit.owner)
    PadFactory(kit=whole_kit, sample=parent)
    _, _, whole = exported(whole_kit, worker, FLAT)
    assert np.array_equal(np.concatenate(list(files.values())), whole["old_break.wav"])
    assert planned.settings == ["Cut into the sound: 16 pads trimmed."]


def test_any_settings_are_written_as_planned(user, kit, taken_in, worker, tmp_path):
    drawn = np.random.default_rng(11)
    shapes = [(44_100, 1, -6), (48_000, 2, 2), (96_000, 2, -30)]
    samples = [
        taken_in(
            sounds.write(
                tmp_path / f"{rate}_{channels}.wav",
                sounds.noise(frames=rate // 2, peak_db=db, channels=channels),
                rate,
                "FLOAT",
            )
        )
        for rate, channels, db in shapes
    ]
    for bank, number in itertools.product("ABC", range(1, 17)):
        some = {
            "start": int(drawn.integers(0, 12_000)),
            "end": int(drawn.integers(12_001, 30_000)),
            "fades": bool(drawn.integers(2)),
            "direction": int(drawn.integers(4)),
            "level": int(drawn.integers(1, 128)),
            "pan": int(drawn.integers(-51, 52)),
            "pitch": int(drawn.integers(-12, 13)),
            "fine": int(drawn.integers(-100, 101)),
        }
        kept = {name: value for name, value in some.items() if drawn.integers(3) == 0}
        sample = samples[int(drawn.integers(3))]
        PadFactory(kit=kit, bank=bank, number=number, sample=sample, **kept)
    for options in (EVERYTHING, Options(layout="kit", channels="auto", bake=("trim", "pan"))):
        planned, export, files = exported(kit, worker, options)
        assert export.state == State.COMPLETED
        assert export.total_bytes == planned.total_bytes or options.include_sheet
        assert len(files) == len(planned.items) == 48
        rows = {row.position: row for row in export.items.select_related("render")}
        for item in planned.items:
            words, row = files[item.path], rows[item.position]
            assert words.shape == (item.frames, item.channels)
            assert row.size_bytes == item.size
            said = tuple(line for line in row.changes if "after pitching" not in line)
            assert said == item.changes


def test_a_pad_as_usual_keeps_the_recipe_of_its_sound(kit):
    PadFactory(kit=kit, number=1, mute_group="A", link=3, play="gate", roll=4, muted=True, bpm=91.5)
    PadFactory(kit=kit, number=2, level=100)
    usual, other = plan(from_kit(kit), EVERYTHING).items
    assert usual.recipe == Options().recipe(None) or usual.recipe.baked == AS_IS
    assert usual.recipe.as_json() == plan(from_kit(kit), Options()).items[0].recipe.as_json()
    assert other.recipe.baked == Baked(level=100)
    assert "baked" not in usual.recipe.fields()


def test_what_was_not_chosen_is_not_cut_in(kit):
    PadFactory(kit=kit, number=1, start=480, end=9_600, level=64, pan=10)
    PadFactory(kit=kit, number=2, direction=Direction.REVERSE, pitch=2)
    none = plan(from_kit(kit), Options(layout="kit"))
    assert all(item.recipe.baked == AS_IS for item in none.items)
    assert none.settings == [
        "Not cut in: " + ", ".join(f"{name} of 1 pad" for name in NAMES) + ".",
    ]
    some = plan(from_kit(kit), Options(layout="kit", bake=("level", "reverse")))
    assert [item.recipe.baked for item in some.items] == [Baked(level=64), Baked(reverse=True)]
    assert some.settings[0] == "Cut into the sound: 1 pad reversed, 1 with own volume."


def test_the_plan_counts_what_is_cut_in_and_what_stays_behind(kit):
    for number in range(1, 7):
        PadFactory(kit=kit, number=number, start=480, end=9_600, link=1 if number < 4 else 0)
    for number in range(7, 9):
        PadFactory(kit=kit, number=number, direction=Direction.REVERSE, level=90)
    PadFactory(kit=kit, number=9, play="gate", mute_group="B", direction=Direction.PING_PONG)
    PadFactory(kit=kit, number=10, speed=80, sync=True)
    kit.banks.create(letter="A", volume=100)
    planned = plan(from_kit(kit), EVERYTHING)
    left = "Pad link, gate, mute group, ping-pong, speed and BPM sync"
    assert planned.settings == [
        "Cut into the sound: 6 pads trimmed, 2 reversed, 2 with own volume.",
        f"{left} travel only in a native project: 5 pads.",
        "The volume of bank A stays behind.",
    ]
    assert not planned.notable
    assert not any("trimmed" in line.lower() for line in planned.summary)
    assert len(planned.baked) == 8


def test_every_setting_is_carried_or_told_of(kit):
    """A setting that is new in the table of the machine's is not lost in silence."""
    other = {"direction": Direction.REVERSE, "play": "loop", "mute_group": "C", "voicing": "poly"}
    other |= {"end": 100, "loop_top": 5, "chops": [0, 9], "fades": True, "vinyl": False}
    for name, carrier in CARRIERS.items():
        usual = Pad()
        value = other.get(name, _another(name))
        pad = Pad(**{name: value})
        is_cut, is_left = carried.of(pad) != carried.of(usual), bool(carried.left_behind(pad))
        assert (is_cut, is_left) == (carrier == "audio", carrier == "card"), name
    both = Pad(direction=Direction.REVERSE_PING_PONG)
    assert carried.left_behind(both) == ("Reverse ping-pong",)
    assert carried.of(both) == AS_IS


def _another(name):
    """A value of a number that is not the usual one; on for a switch."""
    if name not in BY_NAME:
        return True
    setting = BY_NAME[name]
    return setting.low if setting.low != setting.default else setting.high


def test_the_tempo_of_the_sound_itself_is_nothing_to_lose(user):
    pad = Pad.holding(SampleFactory(owner=user, bpm=92.04))
    assert carried.left_behind(pad) == ()
    pad.bpm = 80
    assert carried.left_behind(pad) == ("BPM",)


def test_a_panned_mono_sound_takes_two_voices(kit):
    PadFactory(kit=kit, number=1, pan=20)
    PadFactory(kit=kit, number=2, sample__channels=2, pan=-51)
    PadFactory(kit=kit, number=3)
    planned = plan(from_kit(kit), EVERYTHING)
    assert [item.voices for item in planned.items] == [2, 1, 1]
    assert [item.size for item in planned.items] == [44 + 4 * 12_000, *[44 + 2 * 12_000] * 2]
    assert "1 mono sound panned: stereo, 2 voices." in [p.sentence for p in planned.problems]


def test_all_mono_leaves_no_place_between_two_sides(kit):
    PadFactory(kit=kit, number=1, sample__channels=2, pan=20)
    PadFactory(kit=kit, number=2, sample__channels=2, pan=51)
    planned = plan(from_kit(kit), Options(layout="kit", channels="mono", bake=("pan",)))
    assert [item.channels for item in planned.items] == [1, 1]
    assert [item.recipe.channels for item in planned.items] == ["mono", "keep"]
    assert planned.items[1].changes == ("44.1 to 48 kHz", "Right channel alone")
    assert "Not cut in: pan of 1 pad." in planned.settings


def test_equal_channels_that_are_panned_stay_two(kit):
    pad = PadFactory(kit=kit, sample__channels=2, sample__channels_equal=True, pan=20)
    planned = plan(from_kit(kit), Options(layout="kit", channels="auto", bake=("pan",)))
    assert (planned.items[0].channels, planned.items[0].recipe.channels) == (2, "keep")
    assert not any("same in both" in problem.sentence for problem in planned.problems)
    adjust(kit, [pad.address], {"pan": 0})
    mono = plan(from_kit(kit), Options(layout="kit", channels="auto", bake=("pan",)))
    assert mono.items[0].channels == 1


def test_a_region_behind_the_end_is_left_out_in_words(kit):
    PadFactory(kit=kit, number=1, start=12_000, end=13_000)  # 12 000 frames long
    PadFactory(kit=kit, number=2, start=2_000, end=99_000)
    planned = plan(from_kit(kit), EVERYTHING)
    lost, kept = planned.items
    assert lost.problem == "Its start and end lie behind the end of the sound."
    (problem,) = (one for one in planned.problems if one.items == (lost,))
    assert problem.weight == "stops"
    assert problem.sentence.startswith("1 sound left out: start and end lie behind its end.")
    assert (kept.problem, kept.frames, kept.recipe.baked) == ("", 10_000, Baked(start=2_000))


def test_a_short_region_is_lengthened_or_left_out(kit):
    PadFactory(kit=kit, start=1_000, end=3_000)
    assert plan(from_kit(kit), EVERYTHING).items[0].frames == 4_800
    off = plan(from_kit(kit), Options(layout="kit", bake=("trim",), pad_short=False))
    assert off.items[0].problem == "Duration too short: 41.6ms (minimum: 100ms)"
    (problem,) = off.problems
    assert (problem.device, problem.fixes) == ("Too Short Sample", ("lengthen",))


def test_silence_is_not_trimmed_off_a_region_that_was_set(kit):
    quiet = {"sample__sound_start": 2_000, "sample__sound_end": 9_000}
    PadFactory(kit=kit, number=1, start=480, end=9_600, **quiet)
    PadFactory(kit=kit, number=2, level=90, **quiet)
    planned = plan(from_kit(kit), Options(layout="kit", trim=True, bake=carried.EVERYTHING))
    assert [item.recipe.trim for item in planned.items] == [False, True]
    assert planned.items[0].frames == 9_120


def test_an_octave_down_that_becomes_too_long_is_said(kit):
    minutes = {"sample__frames": 960 * 48_000, "sample__sample_rate": 48_000, "sample__channels": 2}
    PadFactory(kit=kit, pitch=-12, **minutes)
    (item,) = plan(from_kit(kit), EVERYTHING).items
    assert item.problem.startswith("Sample too long: 32:00, 369 MB (the sampler takes 16:00")
    split = plan(from_kit(kit), Options(layout="kit", bake=("pitch",), long="split")).items
    assert [one.frames for one in split] == [960 * 48_000] * 2
    assert split[0].path.endswith("_01.wav")
    assert not plan(from_kit(kit), Options(layout="kit")).items[0].problem  # as it is, it fits


def test_level_0_is_a_warning(kit):
    PadFactory(kit=kit, level=0)
    sentences = [problem.sentence for problem in plan(from_kit(kit), EVERYTHING).problems]
    assert "1 sound silent from beginning to end." in sentences


def test_slices_keep_their_number_when_names_are_shortened(user, kit):
    sample = SampleFactory(owner=user, title="A Very Long Name Of A Very Old Break", frames=441_000)
    sliced(kit, sample, [(0, 48_000), (48_000, 96_000), (96_000, None)])
    names = [item.file_name for item in plan(from_kit(kit), FLAT).items]
    assert names == [f"a_very_long_name_of_{number:02}.wav" for number in (1, 2, 3)]
    assert [item.wanted.title[-3:] for item in plan(from_kit(kit), FLAT).items] == [
        " 01",
        " 02",
        " 03",
    ]


def test_one_sound_with_different_settings_gives_different_files(user, kit, worker):
    sample = SampleFactory(owner=user, stored=True)
    for number, end in enumerate((6_000, 9_000, 6_000), 1):
        PadFactory(kit=kit, number=number, sample=sample, end=end)
    _, export, files = exported(kit, worker)
    renders = list(export.items.order_by("position").values_list("render", flat=True))
    assert renders[0] == renders[2] != renders[1]
    assert [len(words) for words in files.values()] == [6_000, 9_000, 6_000]
