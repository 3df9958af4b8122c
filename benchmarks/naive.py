"""The librosa recipe that most scripts use, as a peer: load, resample, write 16 bits.

python benchmarks/naive.py    reads lines "SOURCE<tab>TARGET" from its input
"""

import contextlib
import sys
import warnings

import librosa
import soundfile


def convert(source: str, target: str) -> None:
    """Convert one file, all channels kept."""
    samples, rate = librosa.load(source, sr=None, mono=False)
    samples = librosa.resample(samples, orig_sr=rate, target_sr=48_000)
    soundfile.write(target, samples.T, 48_000, subtype="PCM_16")


def main() -> None:
    """Convert all, going on after those that it cannot read."""
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        with contextlib.suppress(Exception):
            convert(*line.rstrip("\n").split("\t"))


if __name__ == "__main__":
    main()
