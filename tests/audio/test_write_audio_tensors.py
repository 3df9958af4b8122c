"""Tensors, by what they can do: nothing here or in the product knows PyTorch.

The real thing goes through in tests/musicgen, where it is installed.
"""

import sys

import numpy as np
import pytest
import soundfile

from library.audio import AudioError, describe_audio, write_audio, write_audio_batch
from tests import sounds

RATE = 48_000
AS_NUMPY = {"float32": "f4", "float64": "f8", "float16": "f2", "int16": "i2", "int64": "i8"}
"""What NumPy can hold; it has no bfloat16."""


class Tensor:
    """Does and refuses what a tensor of PyTorch does and refuses, in the same words."""

    def __init__(self, values, dtype="float32", device="cpu", *, requires_grad=False):
        self.values = np.asarray(values)
        self.dtype = dtype
        self.device = device
        self.requires_grad = requires_grad

    def like(self, **changes):
        return Tensor(**{**vars(self), **changes})

    def detach(self):
        return self.like(requires_grad=False)

    def float(self):
        return self.like(values=self.values.astype(np.float32), dtype="float32")

    def cpu(self):
        return self.like(device="cpu")

    def numpy(self):
        if self.requires_grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        if self.device != "cpu":
            raise TypeError(f"can't convert {self.device}:0 device type tensor to numpy.")
        if self.dtype not in AS_NUMPY:
            raise TypeError(f"Got unsupported ScalarType {self.dtype}")
        return self.values.astype(AS_NUMPY[self.dtype])

    def __array__(self, dtype=None, copy=None):
        return self.numpy()

    def __len__(self):
        return len(self.values)

    def __iter__(self):
        return (self.like(values=row) for row in self.values)


def written(tensor, path):
    write_audio(tensor, path, RATE, normalize=False, bit_depth="FLOAT")
    return soundfile.read(path, dtype="float32", always_2d=True)[0]


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "bfloat16"])
@pytest.mark.parametrize("device", ["cpu", "cuda", "mps"])
@pytest.mark.parametrize("requires_grad", [True, False])
def test_floats_of_any_size_from_anywhere(dtype, device, requires_grad, tmp_path):
    values = [[0.5, -0.25, 0.125], [1.0, -1.0, 0.0]]
    tensor = Tensor(values, dtype, device, requires_grad=requires_grad)
    assert written(tensor, tmp_path / "out.wav").T.tolist() == values
    assert vars(tensor) == vars(Tensor(tensor.values, dtype, device, requires_grad=requires_grad))


class Plain:
    """A tensor of another library: it has fewer words."""

    def cpu(self):
        return self

    def numpy(self):
        return np.array([0.25, 0.5], np.float16)


def test_tensors_that_can_do_less(tmp_path):
    assert written(Plain(), tmp_path / "out.wav")[:, 0].tolist() == [0.25, 0.5]


def test_whole_numbers_of_a_tensor_keep_their_full_scale(tmp_path):
    tensor = Tensor([-32768, 0, 16384], "int16", "cuda")
    assert written(tensor, tmp_path / "out.wav")[:, 0].tolist() == [-1, 0, 0.5]


def test_what_travels_from_a_device_has_become_small_before(tmp_path):
    moved = []

    class Watched(Tensor):
        def like(self, **changes):
            return Watched(**{**vars(self), **changes})

        def cpu(self):
            moved.append(self.values.dtype)
            return super().cpu()

    written(Watched(np.zeros(9), "float64", "cuda"), tmp_path / "out.wav")
    assert moved == [np.float32]


def test_channels_first_with_gradients_and_loudness(tmp_path):
    samples = sounds.noise(channels=2)
    tensor = Tensor(samples.T, "float32", "cuda", requires_grad=True)
    done = write_audio(tensor, tmp_path / "out.wav", RATE)
    assert done.lufs == pytest.approx(-16, abs=0.01)
    assert soundfile.info(done.path).channels == 2


def test_a_batch_of_them_as_a_model_gives_it(tmp_path):
    tensor = Tensor(np.ones((2, 1, 700)), "float16", "cuda")
    paths = [tmp_path / "a.wav", tmp_path / "b.wav"]
    assert [size for _, size in write_audio_batch(tensor, paths, RATE)] == [44 + 1400] * 2


def test_the_facts_of_one():
    told = describe_audio(Tensor(np.full(RATE, 0.5), "float16", "cuda"), RATE, bpm=False)
    assert told.peak_amplitude == 0.5


@pytest.mark.parametrize("shape", [(2, 1, 500), (500, 3), (0,)])
def test_a_wrong_shape_is_named(shape, tmp_path):
    with pytest.raises(ValueError, match="shape") as refused:
        write_audio(Tensor(np.zeros(shape)), tmp_path / "out.wav", RATE)
    assert str(shape) in str(refused.value)


@pytest.mark.parametrize("dtype", ["int64", "complex64"])
def test_what_cannot_be_audio_is_refused(dtype, tmp_path):
    with pytest.raises(AudioError, match=r"are no audio|cannot become an array"):
        write_audio(Tensor(np.zeros(9), dtype), tmp_path / "out.wav", RATE)


def test_torch_was_never_asked_for():
    assert "torch" not in sys.modules
