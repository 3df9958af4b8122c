"""Real PyTorch tensors go through `write_audio`, on every device and in every precision."""

import numpy as np
import pytest
import soundfile

from library.audio import AudioError, describe_audio, write_audio, write_audio_batch

pytestmark = pytest.mark.musicgen
torch = pytest.importorskip("torch")
RATE, FRAMES = 48_000, 24_000
DEVICES = [
    "cpu",
    pytest.param(
        "cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
    ),
]
TOLERANCE = {"float64": 1e-6, "float32": 1e-6, "float16": 1e-3, "bfloat16": 1e-2}


def wave(channels):
    """Sines, channels x frames, another pitch on each channel."""
    time = torch.arange(FRAMES, dtype=torch.float64) / RATE
    return torch.stack(
        [0.5 * torch.sin(2 * torch.pi * 220 * (n + 1) * time) for n in range(channels)]
    )


def written(tensor, path):
    """What lies in the file, frames x channels."""
    write_audio(tensor, path, RATE, normalize=False, bit_depth="FLOAT")
    audio, rate = soundfile.read(path, always_2d=True)
    assert rate == RATE
    return audio


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("channels", [1, 2])
def test_channels_first_in_every_precision(device, dtype, channels, tmp_path):
    tensor = wave(channels).to(device, getattr(torch, dtype))
    audio = written(tensor, tmp_path / "a.wav")
    assert audio.shape == (FRAMES, channels)
    assert np.abs(audio - wave(channels).numpy().T).max() < TOLERANCE[dtype]


@pytest.mark.parametrize("dtype", ["int16", "int32"])
def test_whole_numbers_count_by_their_full_scale(dtype, tmp_path):
    kind = getattr(torch, dtype)
    tensor = torch.tensor([0.5, -0.25, 0.0]) * (torch.iinfo(kind).max + 1.0)
    assert written(tensor.to(kind), tmp_path / "a.wav")[:, 0].tolist() == [0.5, -0.25, 0.0]


@pytest.mark.parametrize("device", DEVICES)
def test_with_gradients(device, tmp_path):
    tensor = (wave(2).to(device).requires_grad_() * 1.0).float()
    assert tensor.requires_grad
    assert written(tensor, tmp_path / "a.wav").shape == (FRAMES, 2)
    assert tensor.requires_grad  # it is left as it was


@pytest.mark.parametrize("device", DEVICES)
def test_frames_first_one_dimension_and_views_that_are_not_contiguous(device, tmp_path):
    tensor = wave(2).float().to(device)
    frames_first = tensor.T
    assert not frames_first.is_contiguous()
    whole = written(tensor, tmp_path / "a.wav")
    assert np.array_equal(written(frames_first, tmp_path / "b.wav"), whole)
    assert np.array_equal(written(frames_first.contiguous(), tmp_path / "c.wav"), whole)
    assert np.array_equal(written(tensor[0, ::2], tmp_path / "d.wav")[:, 0], whole[::2, 0])
    assert np.array_equal(written(tensor.flip(1), tmp_path / "e.wav"), whole[::-1])


def test_in_inference_mode(tmp_path):
    with torch.inference_mode():
        tensor = wave(1).half()
    assert written(tensor, tmp_path / "a.wav").shape == (FRAMES, 1)


def test_what_a_model_gives_is_written_at_one_loudness(tmp_path):
    made = torch.rand(2, 1, RATE, dtype=torch.half) - 0.5  # sounds, channels, frames
    paths = [tmp_path / "a.wav", tmp_path / "b.wav"]
    for done in write_audio_batch(made, paths, torch.tensor(RATE)):
        assert done.lufs == pytest.approx(-16, abs=0.01)
    with pytest.raises(ValueError, match=r"\(2, 1, 48000\)"):
        write_audio(made, paths[0], RATE)


def test_the_facts_of_a_tensor():
    assert describe_audio(torch.full((2, RATE), 0.5), RATE, bpm=False).channels == 2


@pytest.mark.parametrize("dtype", ["int64", "bool", "complex64"])
def test_what_is_no_audio(dtype, tmp_path):
    with pytest.raises(AudioError, match="are no audio"):
        write_audio(torch.zeros(9, dtype=getattr(torch, dtype)), tmp_path / "a.wav", RATE)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_sound_is_refused(value, tmp_path):
    tensor = wave(1).half()
    tensor[0, 5] = value
    with pytest.raises(AudioError):
        write_audio(tensor, tmp_path / "a.wav", RATE)
    with pytest.raises(AudioError, match=r"\(3, 24000\)"):
        write_audio(wave(3), tmp_path / "a.wav", RATE)
    assert not list(tmp_path.iterdir())
