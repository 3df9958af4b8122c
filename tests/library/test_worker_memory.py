"""How much memory a worker may take, and which weights MusicGen is given."""

import resource

import pytest

from tests.library.test_settings import manage, setting

LIMITS = """
import resource
from django.conf import settings
from library import processes
processes.bound_worker()
print(*resource.getrlimit(resource.RLIMIT_CORE), resource.getrlimit(resource.RLIMIT_AS)[0],
      settings.Q_CLUSTER["max_rss"])
"""


@pytest.mark.parametrize(
    ("env", "address_bytes", "keeps_kb"),
    [
        ({}, 4 << 30, 250_000),
        ({"PADCRATE_WORKER_MB": "12_288"}, 12 << 30, 8_442_000),
        ({"PADCRATE_WORKER_MB": "0"}, resource.getrlimit(resource.RLIMIT_AS)[0], None),
    ],
)
def test_what_a_worker_may_address_and_keep(tmp_path, env, address_bytes, keeps_kb):
    answer = manage(tmp_path, "shell", "--no-imports", "-c", LIMITS, **env)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == ["0", "0", str(address_bytes), str(keeps_kb)]


def test_the_weights_of_musicgen_are_a_setting(tmp_path):
    version = "__import__('library.engines.musicgen').engines.musicgen.MusicGen.version"
    assert setting(tmp_path, version) == "facebook/musicgen-small"
    assert setting(tmp_path, version, PADCRATE_MUSICGEN_MODEL="/models/mine") == "/models/mine"


def test_musicgen_without_its_extra_says_what_to_install():
    from importlib.util import find_spec

    from library.engines import EngineError
    from library.engines.musicgen import MusicGen

    if find_spec("torch"):
        pytest.skip("PyTorch is installed here")
    with pytest.raises(EngineError, match=r"pip install '\.\[musicgen\]'"):
        MusicGen().generate("kick", 1.0)
