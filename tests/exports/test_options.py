"""Choices: presets, preferences and their way through JSON."""

from dataclasses import replace

import pytest

from exports.options import LONGEST_FRAMES, Options, card, daw, preferred, preset_of
from library.audio.recipe import Material, Recipe
from library.models import Preferences


def test_go_through_json_and_back():
    options = Options(layout="bpm", format="aiff", channels="mono", root="", pad_short=False)
    assert Options.from_json(options.as_json()) == options


def test_names_of_later_versions_are_dropped():
    assert Options.from_json({"layout": "genre", "dither": "none"}) == Options(layout="genre")


@pytest.mark.parametrize(("kit", "layout"), [(True, "kit"), (False, "flat")])
def test_card_preset_is_what_fresh_preferences_give(kit, layout):
    options = preferred(Preferences(), kit=kit)
    assert options == card(kit=kit)
    assert (options.layout, options.root, options.format) == (layout, "IMPORT/", "wav")
    assert preset_of(options, kit=kit) == "card"


@pytest.mark.parametrize(("kit", "layout"), [(True, "flat"), (False, "folders")])
def test_daw_preset_keeps_capitals_and_length(kit, layout):
    options = daw(kit=kit)
    assert (options.layout, options.root, options.lower_case, options.device_names) == (
        layout,
        "",
        False,
        False,
    )
    assert preset_of(options, kit=kit) == "daw"


def test_preferences_bend_the_preset():
    mine = Preferences(
        export_format="aiff",
        layout="genre",
        pad_short=False,
        lower_case=False,
        include_metadata=True,
    )
    assert preferred(mine, kit=False) == Options(
        layout="genre", format="aiff", pad_short=False, lower_case=False, include_metadata=True
    )
    assert preferred(mine, kit=True).layout == "kit"
    assert preset_of(preferred(mine, kit=False), kit=False) == ""


def material(frames, start=0, end=None):
    return Material(
        format="wav", subtype="PCM_16", bit_depth=16, rate=48_000, channels=1, frames=frames,
        peak_48k=0.5, peak_48k_mono=0.5, sounding=(start, frames if end is None else end),
    )  # fmt: skip


def test_mono_only_where_nothing_is_lost():
    auto = Options(channels="auto")
    stereo = replace(material(48_000), channels=2)
    assert auto.recipe(replace(stereo, channels_equal=True)).channels == "mono"
    assert auto.recipe(stereo).channels == "keep"
    assert auto.recipe().channels == "keep"  # nobody knows yet
    assert auto.recipe(stereo) == Options().recipe(stereo)  # one address


def test_parts_are_equally_long_and_end_where_the_next_begins():
    frames = 40 * 60 * 48_000 + 1
    parts = Options(long="split").parts(Recipe(), frames)
    assert [(part.start, part.end) for part in parts] == [
        (0, frames // 3), (frames // 3, 2 * frames // 3), (2 * frames // 3, None),
    ]  # fmt: skip
    assert Options(long="leave").parts(Recipe(), frames) == (Recipe(),)
    assert Options(long="shorten").parts(Recipe(), frames) == (
        Recipe(end=LONGEST_FRAMES, fade_out=True),
    )


def test_16_minutes_are_one_part():
    for long in ("split", "shorten", "leave"):
        assert Options(long=long).parts(Recipe(), LONGEST_FRAMES) == (Recipe(),)
        assert len(Options(long=long).parts(Recipe(), LONGEST_FRAMES + 1)) == 1 + (long == "split")


def test_tempo_ranges_come_from_preferences_and_are_stored(user):
    own = Preferences(bpm_bounds=[85, 128])
    options = preferred(own, kit=False)
    assert options.bpm_bounds == (85, 128)
    assert Options.from_json(options.as_json()).bpm_bounds == (85, 128)
    assert Options.from_json({}).bpm_bounds == (70, 90, 110, 130, 150)
    assert preset_of(options, kit=False) == "card"  # they are no choice of an export


def test_only_short_sounds_carry_the_padding():
    assert Options().recipe(material(4_799)).pad_short
    assert not Options().recipe(material(4_800)).pad_short
    assert not Options(pad_short=False).recipe(material(4_799)).pad_short
    assert Options(format="aiff", channels="mono").recipe(material(9_600)).format == "aiff"


def test_only_sounds_with_silent_ends_carry_the_trimming():
    trimming = Options(trim=True)
    assert trimming.recipe(material(9_600, 0, 9_599)).trim
    assert trimming.recipe(material(9_600)) == Options().recipe(material(9_600)) == Recipe()
    assert not Options().recipe(material(9_600, 0, 9_599)).trim


def test_a_sound_that_trimming_makes_short_is_padded():
    recipe = Options(trim=True).recipe(material(48_000, 0, 4_799))
    assert (recipe.trim, recipe.pad_short) == (True, True)


def test_what_is_not_measured_carries_all_that_was_chosen():
    recipe = Options(trim=True, loudness="match", loudness_lufs=-18).recipe()
    assert (recipe.trim, recipe.pad_short, recipe.loudness_lufs) == (True, True, -18.0)


def test_loudness_is_matched_only_where_asked_and_where_there_is_any():
    sound = material(48_000)
    assert Options(loudness="match").recipe(sound).loudness_lufs == -16
    assert Options(loudness="leave").recipe(sound) == Recipe()
    assert Options(loudness="match").recipe(sound, is_too_quiet=True) == Recipe()
    whole = Options(loudness="match", loudness_lufs=-18).recipe(sound)
    assert whole.as_json() == replace(whole, loudness_lufs=-18.0).as_json()  # one address


def test_a_preferred_loudness_that_is_off_leaves_the_preset():
    mine = Preferences(loudness_lufs=-20.0)
    assert preset_of(preferred(mine, kit=False), kit=False) == "card"
    mine.loudness = "match"
    assert preferred(mine, kit=True).loudness_lufs == -20
    assert preset_of(preferred(mine, kit=False), kit=False) == ""
