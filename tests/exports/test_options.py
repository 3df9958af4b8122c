"""Choices: presets, preferences and their way through JSON."""

from dataclasses import replace

import pytest

from exports.options import Options, card, daw, preferred, preset_of
from library.models import Preferences


def test_go_through_json_and_back():
    options = Options(layout="bpm", format="aiff", channels="mono", root="", pad_short=False)
    assert Options.from_json(options.as_json()) == options


def test_names_of_later_versions_are_dropped():
    assert Options.from_json({"layout": "genre", "loudness": -16}) == Options(layout="genre")


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


def test_only_short_sounds_carry_the_padding():
    assert Options().recipe(pad_short=True).pad_short
    assert not Options().recipe(pad_short=False).pad_short
    assert not replace(Options(), pad_short=False).recipe(pad_short=True).pad_short
    assert Options(format="aiff", channels="mono").recipe(pad_short=False).format == "aiff"
