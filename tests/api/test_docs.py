"""docs/api.md: each of its commands works on a running product, and its tables tell the truth."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from exports.orders import ExportConfig
from library.problems import KINDS
from tests.e2e.instance import running
from tests.factories import tone

TEXT = (Path(__file__).resolve().parents[2] / "docs/api.md").read_text()
EXAMPLES = re.findall(r"^```sh\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
MADE = (
    "from django.contrib.auth.models import User; from library.models import ApiToken;"
    "print(ApiToken(owner=User.objects.get(username='local'), name='docs').issue())"
)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples need curl")
def test_every_example_works(tmp_path, prepared):
    assert len(EXAMPLES) >= 8
    (tmp_path / "kick.wav").write_bytes(tone())
    data = shutil.copytree(prepared, tmp_path / "data")
    with running(data, PADCRATE_WORKERS="1") as product:
        token = product.manage("shell", "-v", "0", "-c", MADE).split()[-1]
        for example in EXAMPLES:
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", example],
                cwd=tmp_path,
                env={"PATH": "/usr/bin:/bin", "PADCRATE": product.url, "TOKEN": token},
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )
            assert done.returncode == 0, f"{example}\n{done.stdout}\n{done.stderr}"
            assert (
                "Prefer" not in example or '"state":' in done.stdout or '"results"' in done.stdout
            )
    names = zipfile.ZipFile(tmp_path / "sp404_export_3.zip").namelist()
    assert names[:2] == [
        "night_market/bank_A/pad_01_kick.wav",
        "night_market/bank_B/pad_16_kick.wav",
    ]
    whole = (tmp_path / "sp404_export_3.zip").read_bytes()
    assert (tmp_path / "rest").read_bytes() == whole[1000:]


def test_the_table_of_the_configuration_is_right():
    told = re.findall(r"^\| `(\w+)` \| `(\w+)`", TEXT, re.MULTILINE)
    fields = ExportConfig.model_fields
    assert {name: value for name, value in told if name in fields} == {
        name: {False: "false", True: "true", None: "null"}.get(field.default, field.default)
        for name, field in fields.items()
    }


def test_the_table_of_errors_names_every_kind():
    for status, kind in KINDS.items():
        assert re.search(rf"^\| [\d, ]*{int(status)}[\d, ]* \| `{kind}` \|", TEXT, re.MULTILINE)
    for kind in ("validation_error", "conversion_error"):
        assert f"`{kind}`" in TEXT
