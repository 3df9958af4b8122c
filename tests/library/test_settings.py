"""The settings: documented, safe by default, and said in words when they are wrong."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sp404site import settings as product

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (ROOT / "sp404site/settings.py").read_text()
DOCUMENT = (ROOT / "docs/settings.md").read_text()


def manage(data, *words, **env):
    """Run a management command with the product's own settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PADCRATE_")}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={
            **clean,
            "DJANGO_SETTINGS_MODULE": "sp404site.settings",
            "PADCRATE_DATA": str(data),
            **env,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def setting(data, expression, **env):
    """Return what a settings expression is in a fresh process."""
    answer = manage(
        data, "shell", "--no-imports", "-c",
        f"from django.conf import settings; print({expression})", **env,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def test_every_variable_is_in_the_table_and_no_other():
    read = set(re.findall(r'\benv(?:_int|_bool|_list)?\(\s*"([A-Z_]+)"', SOURCE))
    documented = re.findall(r"^\| `PADCRATE_([A-Z_]+)` \|", DOCUMENT, re.MULTILINE)
    assert len(read) > 20
    assert read == set(documented)
    assert len(documented) == len(set(documented))


def test_the_table_tells_the_defaults():
    told = dict(re.findall(r"^\| `PADCRATE_([A-Z_]+)` \| `([^`]+)` \|", DOCUMENT, re.MULTILINE))
    for name, default in told.items():
        (code,) = re.findall(rf'\benv(?:_int|_bool)?\("{name}"(?:, ([^)\n]+))?\)', SOURCE)
        if "*" in code:
            factor, power = code.split(" * 10**")
            code = str(int(factor) * 10 ** int(power))
        assert {"": "0"}.get(code, code.strip('"')) == default, name


def test_production_settings_pass_djangos_deployment_check(tmp_path):
    (block,) = re.findall(r"```sh\n(.*?)```", DOCUMENT, re.DOTALL)
    variables = dict(re.findall(r"(PADCRATE_[A-Z_]+)=(\S+)", block))
    assert "PADCRATE_HTTPS" in variables
    answer = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **variables)
    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout


def test_the_secret_key_is_made_once_and_for_its_owner_alone(tmp_path):
    first = setting(tmp_path, "settings.SECRET_KEY")
    key = tmp_path / "run/secret-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(first) >= 50
    assert setting(tmp_path, "settings.SECRET_KEY") == first
    assert setting(tmp_path, "settings.SECRET_KEY", PADCRATE_SECRET_KEY="mine") == "mine"


def test_a_start_that_breaks_off_leaves_no_empty_key(tmp_path, monkeypatch):
    def full():
        raise OSError("No space left on device")

    monkeypatch.setattr(product, "RUN_DIR", tmp_path)
    with monkeypatch.context() as then:
        then.setattr(product, "get_random_secret_key", full)
        with pytest.raises(OSError, match="No space"):
            product.secret_key()
    assert len(product.secret_key()) >= 50


def test_the_port_may_be_named_in_two_ways(tmp_path):
    assert setting(tmp_path, "settings.PORT", PORT="9000") == "9000"
    assert setting(tmp_path, "settings.PORT", PORT="9000", PADCRATE_PORT="9001") == "9001"


def test_another_database_and_queue(tmp_path):
    url = "postgres://me:p%40ss@db.example.org:5433/crate"
    env = {"PADCRATE_DATABASE_URL": url, "PADCRATE_REDIS_URL": "redis://queue:6379/0"}
    answer = subprocess.run(
        [sys.executable, "-c", "from sp404site.settings import *; print(DATABASES, Q_CLUSTER)"],
        cwd=ROOT, env={**os.environ, "PADCRATE_DATA": str(tmp_path), **env},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    for part in (
        "'PASSWORD': 'p@ss'",
        "'HOST': 'db.example.org'",
        "'PORT': '5433'",
        "'NAME': 'crate'",
    ):
        assert part in answer.stdout
    assert "'redis': 'redis://queue:6379/0'" in answer.stdout
    assert "'orm'" not in answer.stdout


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"PORT": "abc"}, "PADCRATE_PORT must be a whole number, not 'abc'."),
        (
            {"PADCRATE_DATA": "/dev/null/data"},
            """Padcrate cannot make its data folder /dev/null/data (Not a directory). \
Choose another one with PADCRATE_DATA.""",
        ),
    ],
)
def test_a_wrong_setting_is_told_in_one_sentence(tmp_path, env, sentence):
    answer = manage(tmp_path, "check", **env)
    assert answer.returncode == 1
    assert answer.stderr.strip() == sentence
