"""Tensors of PyTorch itself become files; tests/audio has all else, with what behaves like them."""

import numpy as np
import pytest
import soundfile

from library.audio import AudioError, describe_audio, write_audio, write_audio_batch

torch = pytest.importorskip("torch")

RATE = 32_000


def kept(tensor, path):
    write_audio(tensor, path, RATE, normalize=False, bit_depth="FLOAT")
    return soundfile.read(path, always_2d=True)[0]


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "bfloat16", "int16", "int32"])
def test_numbers_of_every_size(dtype, tmp_path):
    full = {"int16": 2**15, "int32": 2**31}.get(dtype, 1)
    tensor = torch.tensor([0.5, -0.25, 0.0], dtype=torch.float64) * full
    found = kept(tensor.to(getattr(torch, dtype)), tmp_path / "a.wav")
    assert found[:, 0].tolist() == [0.5, -0.25, 0.0]


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_channels_first_in_half_precision_with_gradients(device, tmp_path):
    if device == "cuda" and not torch.cuda.is_available():
        pytest.skip("no GPU")
    tensor = torch.rand(2, RATE, dtype=torch.half, device=device, requires_grad=True) - 0.5
    assert tensor.grad_fn is not None
    found = kept(tensor, tmp_path / "a.wav")
    assert np.array_equal(found, tensor.detach().cpu().float().numpy().T)


def test_views_and_parameters(tmp_path):
    tensor = torch.nn.Parameter(torch.linspace(-1, 1, 1000).reshape(500, 2))
    assert kept(tensor[::2], tmp_path / "a.wav").shape == (250, 2)
    assert kept(tensor[:, 1], tmp_path / "a.wav").shape == (500, 1)


def test_what_a_model_gives_is_written_at_one_loudness(tmp_path):
    made = torch.rand(2, 1, RATE, dtype=torch.half) - 0.5  # sounds, channels, frames
    paths = [tmp_path / "a.wav", tmp_path / "b.wav"]
    for done in write_audio_batch(made, paths, torch.tensor(RATE)):
        assert done.lufs == pytest.approx(-16, abs=0.01)
    with pytest.raises(ValueError, match=r"\(2, 1, 32000\)"):
        write_audio(made, paths[0], RATE)


def test_the_facts_of_a_tensor():
    assert describe_audio(torch.full((2, RATE), 0.5), RATE, bpm=False).channels == 2


@pytest.mark.parametrize("dtype", ["int64", "bool", "complex64"])
def test_what_is_no_audio(dtype, tmp_path):
    with pytest.raises(AudioError, match="are no audio"):
        write_audio(torch.zeros(9, dtype=getattr(torch, dtype)), tmp_path / "a.wav", RATE)
