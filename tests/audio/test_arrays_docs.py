"""docs/arrays.md: its examples run and print what they say; it names every fact and every depth."""

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from library.audio import Metadata
from library.audio.depths import DEPTHS

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/arrays.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize(("code", "printed"), EXAMPLES)
def test_its_examples_print_what_stands_there(code, printed, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == printed


def test_every_block_of_code_is_run():
    assert len(EXAMPLES) == TEXT.count("```python") == 2


def test_every_fact_and_every_depth_is_told():
    rows = "".join(line for line in TEXT.splitlines() if line.startswith("|"))
    for name in (*(field.name for field in dataclasses.fields(Metadata)), *DEPTHS):
        assert f"`{name}`" in rows
