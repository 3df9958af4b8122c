"""MusicGen's own code, with a tiny model of chance: loading, lengths, seeds and what is missing."""

import errno
import socket
import subprocess
import sys

import pytest

from library.audio import read_metadata, write_audio
from library.engines import EngineError, musicgen
from library.engines.musicgen import MusicGen

pytestmark = pytest.mark.musicgen
torch = pytest.importorskip("torch")
pytest.importorskip("transformers")


def raising(fault):
    def act(*_args, **_kwargs):
        raise fault

    return act


def test_it_is_made_without_loading_anything(engine):
    assert engine.name == "MusicGen"
    assert engine._loaded is None


def test_a_sound_is_finite_and_as_long_as_asked(engine):
    sound, rate = engine.generate("warm kick loop", 1.0)
    assert rate == 32_000
    assert sound.shape == (1, 32_000)
    assert torch.isfinite(sound).all()
    assert float(sound.abs().max()) > 0
    assert engine.generate("kick", 0.37)[0].shape == (1, round(0.37 * 32_000))


def test_the_weights_stay_loaded(engine):
    engine.generate("kick", 0.2)
    loaded = engine._loaded
    engine.generate("snare", 0.2)
    assert engine._loaded is loaded


def test_a_gpu_works_in_half_precision(engine):
    sound, _ = engine.generate("kick", 0.2)
    has_gpu = torch.cuda.is_available()
    assert sound.dtype == (torch.float16 if has_gpu else torch.float32)
    assert sound.is_cuda is has_gpu


def test_the_seed_decides(engine):
    first, _ = engine.generate("kick loop", 1.0)
    same, _ = engine.generate("kick loop", 1.0)
    engine.seed = 1
    other, _ = engine.generate("kick loop", 1.0)
    assert torch.equal(first, same)
    assert not torch.equal(first, other)


def test_longer_than_the_model_can_is_said_before_it_works(engine):
    with pytest.raises(EngineError, match="41 seconds at most"):
        engine.generate("kick", 60.0)


@pytest.mark.parametrize("has_folder", [True, False])
def test_a_folder_without_a_model_is_said_in_words(tmp_path, monkeypatch, has_folder):
    folder = tmp_path / "weights"
    if has_folder:
        folder.mkdir()
    monkeypatch.setattr(MusicGen, "version", str(folder))
    with pytest.raises(EngineError, match=r"no model of MusicGen in .+weights"):
        MusicGen().generate("kick", 0.2)


def test_weights_that_were_never_fetched_are_said_at_once_without_a_network(monkeypatch):
    def ask(*_args, **_kwargs):
        raise AssertionError("It asks the network.")

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    monkeypatch.setattr(MusicGen, "version", "nobody/has-this-model")
    with pytest.raises(EngineError, match=r"Fetch them once.+hf download nobody/has-this-model"):
        MusicGen().generate("kick", 0.2)


@pytest.mark.parametrize(
    "fault",
    [
        MemoryError(),
        RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_too_little_memory_is_said_in_words(engine, monkeypatch, fault):
    engine.generate("kick", 0.2)
    monkeypatch.setattr(engine._loaded[1], "generate", raising(fault))
    with pytest.raises(EngineError, match="more memory than a worker may take"):
        engine.generate("kick", 0.2)


@pytest.mark.parametrize(
    "fault",
    [OSError(errno.ENOSPC, "No space left on device"), OSError("a pipe"), ValueError("a shape")],
)
def test_what_goes_wrong_while_it_works_is_not_told_as_missing_weights(engine, monkeypatch, fault):
    engine.generate("kick", 0.2)
    monkeypatch.setattr(engine._loaded[1], "generate", raising(fault))
    with pytest.raises(type(fault)) as raised:
        engine.generate("kick", 0.2)
    assert raised.value is fault


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_disk_that_fails_is_not_told_as_missing_weights(monkeypatch, number):
    monkeypatch.setattr(musicgen, "_load", raising(OSError(number, "x")))
    with pytest.raises(OSError, match="x") as raised:
        MusicGen().generate("kick", 0.2)
    assert raised.value.errno == number


def test_memory_that_cannot_be_mapped_is_told_as_too_little(monkeypatch):
    monkeypatch.setattr(musicgen, "_load", raising(OSError(errno.ENOMEM, "Cannot allocate memory")))
    with pytest.raises(EngineError, match="more memory than a worker may take"):
        MusicGen().generate("kick", 0.2)


def test_a_fault_without_words_is_told_by_its_name(monkeypatch):
    monkeypatch.setattr(musicgen, "_load", raising(RuntimeError()))
    with pytest.raises(EngineError, match=r"cannot run here: RuntimeError$"):
        MusicGen().generate("kick", 0.2)


def test_importing_it_loads_no_torch():
    program = "import sys, library.engines.musicgen; print('torch' in sys.modules)"
    told = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert told.strip() == "False"


def test_what_it_makes_becomes_a_file(engine, tmp_path):
    sound, rate = engine.generate("kick loop", 2.0)
    path, size = write_audio(sound, tmp_path / "made.wav", rate)
    facts = read_metadata(path)
    assert (facts.sample_rate, facts.channels, facts.file_size_bytes) == (32_000, 1, size)
    assert facts.duration_seconds == 2.0
