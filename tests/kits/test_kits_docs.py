"""docs/kits.md names every layout and every template; its figures are those of the code."""

import re
from pathlib import Path

from django.conf import settings

from kits import autokit
from kits.assign import LAYOUTS
from kits.blueprints import BUILT_IN

TEXT = (Path(settings.BASE_DIR) / "docs/kits.md").read_text()
FIRST_CELLS = re.findall(r"^\| ([^|]+?) \|", TEXT, re.MULTILINE)


def test_every_layout_and_template_is_told():
    told = {*FIRST_CELLS} - {"Layout", "Template"}
    assert told == {*LAYOUTS.values(), *(each.name for each in BUILT_IN)}


def test_figures_are_those_of_the_code():
    words = " ".join(TEXT.split())
    assert f"Of more than {autokit.POOL} of one class, {autokit.POOL} are drawn." in words
    assert autokit.KEEP == 5
    assert "have a say of five." in words
