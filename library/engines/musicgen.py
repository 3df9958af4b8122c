"""MusicGen through transformers, an optional extra: `pip install '.[musicgen]'`.

Nothing of it is loaded before the first sound, PyTorch no sooner than the weights. Only this module
knows PyTorch and transformers.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from typing import Any

from library.engines import EngineError

INSTALL = "MusicGen needs PyTorch and transformers: pip install '.[musicgen]'"
NO_MEMORY = (
    "MusicGen needs more memory than a worker may take. Ask for a shorter sound, raise "
    "PADCRATE_WORKER_MB, or name a smaller model in PADCRATE_MUSICGEN_MODEL."
)


class MusicGen:
    """Makes music from words with the weights that its version names.

    version: a model on the Hugging Face Hub, or a folder that holds one; Django hands over what
    PADCRATE_MUSICGEN_MODEL says. The weights stay loaded, on the GPU in half precision where there
    is one. The same words, seed and duration give the same sound on the same machine.
    """

    name = "MusicGen"
    version = "facebook/musicgen-small"

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self._loaded: tuple[Any, Any] | None = None

    def generate(self, prompt: str, duration: float) -> tuple[Any, int]:
        """Return a tensor (channels x frames, on the device that made it) and its rate in Hz.

        duration in seconds. Raises EngineError where PyTorch or the weights are missing, where the
        memory does not do, or where the model makes no sound that long; OSError for a disk that
        is full or fails.
        """
        with _in_words():
            if self._loaded is None:
                with _missed(self.version):
                    self._loaded = _load(self.version)
            return self._make(prompt, duration)

    def _make(self, prompt: str, duration: float) -> tuple[Any, int]:
        import torch

        processor, model = self._loaded or _load(self.version)
        rate = model.config.audio_encoder.sampling_rate
        tokens = tokens_for(model.config, duration)
        asked = processor(text=[prompt], padding=True, return_tensors="pt").to(model.device)
        torch.manual_seed(self.seed)
        with torch.inference_mode():
            sound = model.generate(**asked, do_sample=True, max_new_tokens=tokens)
        return sound[0, :, : round(duration * rate)], rate


def tokens_for(config: Any, duration: float) -> int:
    """Return how many tokens a sound takes; raises EngineError where it is too long for the model.

    Each codebook begins a token later than the one before, so the last ends that much later.
    """
    frames_per_second = config.audio_encoder.frame_rate
    late = config.decoder.num_codebooks - 1
    longest = (config.decoder.max_position_embeddings - late) / frames_per_second
    if duration > longest:
        raise EngineError(f"This model makes sounds of {longest:.0f} seconds at most.")
    return int(ceil(duration * frames_per_second) + late + 1)


def _load(version: str) -> tuple[Any, Any]:
    """Return the processor of the words and the model, ready on its device."""
    import torch
    from huggingface_hub import snapshot_download
    from transformers import AutoProcessor, MusicgenForConditionalGeneration

    # What is here alone: fetching gigabytes takes longer than a job may, and without a network
    # minutes pass in tries before anybody is told.
    is_folder = Path(version).is_absolute() or Path(version).is_dir()
    folder = version if is_folder else snapshot_download(version, local_files_only=True)
    processor = AutoProcessor.from_pretrained(folder, local_files_only=True)
    model = MusicgenForConditionalGeneration.from_pretrained(folder, local_files_only=True).eval()
    if torch.cuda.is_available():
        return processor, model.to("cuda").half()
    torch.set_num_threads(os.cpu_count() or 1)  # workers give numeric libraries one
    return processor, model


def _missing(version: str) -> str:
    """Return what to do about weights that are not there."""
    if Path(version).is_absolute():
        return f"There is no model of MusicGen in {version}, which PADCRATE_MUSICGEN_MODEL names."
    return (
        f"The weights of {version} are not on this machine. Fetch them once, where there is a "
        f"network: hf download {version}. Or name a folder that holds a model in "
        "PADCRATE_MUSICGEN_MODEL."
    )


def _is_memory(fault: BaseException) -> bool:
    return isinstance(fault, MemoryError) or "memory" in str(fault).lower()


@contextmanager
def _missed(version: str) -> Iterator[None]:
    """Say what to do where loading finds no weights; a disk that is full or fails is none."""
    try:
        yield
    except (OSError, ValueError) as fault:
        number = fault.errno if isinstance(fault, OSError) else None
        if _is_memory(fault) or number not in {None, errno.ENOENT, errno.ENOTDIR}:
            raise
        raise EngineError(_missing(version)) from fault


@contextmanager
def _in_words() -> Iterator[None]:
    """Say for people what PyTorch and transformers raise."""
    try:
        yield
    except ModuleNotFoundError as missing:
        raise EngineError(f"{INSTALL} ({missing.name} is missing).") from missing
    except (MemoryError, RuntimeError, ImportError, OSError, ValueError) as fault:
        if _is_memory(fault):
            raise EngineError(NO_MEMORY) from fault
        if isinstance(fault, OSError | ValueError):  # whoever asked says what that means
            raise
        said = str(fault).splitlines() or [type(fault).__name__]
        raise EngineError(f"MusicGen cannot run here: {said[0]}") from fault
