"""The sound that is promised, measured on the files that `convert` writes."""

import pytest

from library.audio.convert import convert
from library.audio.recipe import Recipe
from tests.targets import TARGETS, Through


def ours(source, target, lufs):
    convert(source, target, Recipe(loudness_lufs=lufs) if lufs is not None else Recipe())


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_target(target, tmp_path):
    figure = target.measure(Through(tmp_path, ours))
    assert target.holds(figure), f"{figure:.6g} {target.unit}, limit {target.limit}"
