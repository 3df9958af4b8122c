"""What `library.audio` loads, and when: programs that only need a part pay for that part."""

import subprocess
import sys
from pathlib import Path

import pytest

import library.audio

ROOT = Path(__file__).resolve().parents[2]
HEAVY = "{'numpy', 'soundfile', 'soxr', 'av', 'librosa', 'scipy', 'numba', 'torch', 'django'}"


def loaded(code):
    """Run code in a process of its own; return which of the heavy packages it has then."""
    code += f"\nimport sys\nprint(*sorted({HEAVY} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_the_package_itself_loads_nothing():
    assert loaded("import library.audio; library.audio.__all__; dir(library.audio)") == []


@pytest.mark.parametrize("name", ["write_audio", "write_audio_batch", "read_metadata", "Written"])
def test_writing_and_reading_load_what_they_work_with(name):
    assert loaded(f"from library.audio import {name}") == ["numpy", "soundfile", "soxr"]


def test_all_of_it_at_work_needs_no_more():
    code = (
        "import tempfile, pathlib\n"
        "from library.audio import write_audio, read_metadata\n"
        "path = pathlib.Path(tempfile.mkdtemp()) / 'a.wav'\n"
        "write_audio([0.5, -0.5] * 9000, path, 48000)\n"
        "assert read_metadata(path, key=True).channels == 1\n"
        "path.unlink(); path.parent.rmdir()"
    )
    assert loaded(code) == ["numpy", "soundfile", "soxr"]


def test_an_error_can_be_caught_without_them():
    assert loaded("from library.audio import AudioError") == []


def test_it_lists_what_it_has_to_offer():
    assert set(library.audio.__all__) <= set(dir(library.audio))
    for name in library.audio.__all__:
        found = getattr(library.audio, name)
        assert found.__name__ == name
        assert getattr(library.audio, name) is found


def test_it_has_nothing_else():
    with pytest.raises(AttributeError, match="no attribute 'write_video'"):
        library.audio.write_video  # noqa: B018
