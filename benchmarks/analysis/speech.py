"""Words spoken by flite's free voices: what a vocal one-shot of a sample pack often is."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.analysis.midi import RATE
from benchmarks.analysis.soundfonts import Played, sounding
from library.audio.resample import resampled

VOICES = ("awb", "rms", "slt", "kal16", "kal")
"""Those Debian's flite has built in: two men of 16 kHz, a woman, a machine at 16 and at 8 kHz."""

WORDS = (
    *("hey", "yeah", "oh", "ah", "uh", "go", "what", "come on", "one two three", "party", "ooh"),
    *("check the mic", "bring it back", "listen", "turn it up", "woo", "ha", "hello", "rewind"),
    *("everybody dance now", "I feel so good", "never let you go", "in the middle of the night"),
    *("love", "baby", "fire", "stop", "jump", "the sound of the drum", "are you ready", "la la la"),
    *("no", "hold me", "higher", "attention please", "dub", "selector", "wicked", "away", "mm"),
)
PACES = (0.75, 1.5)
"""How much longer than usual a word is drawn, at least and at most."""


def available() -> bool:
    """Tell whether flite is installed."""
    return shutil.which("flite") is not None


def words(seed: int) -> Iterator[Played]:
    """Speak every word by every voice, each in a pace and a pitch of its own; class `vocal`."""
    rng = np.random.default_rng(seed)
    for voice in VOICES:
        for word in WORDS:
            settings = {
                "duration_stretch": rng.uniform(*PACES),
                "int_f0_target_mean": rng.uniform(85, 220),
                "int_f0_target_stddev": rng.uniform(5, 40),
            }
            yield Played(_spoken(voice, word, settings), "vocal", f"flite-{voice}")


def _spoken(voice: str, word: str, settings: dict[str, float]) -> np.ndarray:
    given = [part for key, value in settings.items() for part in ("--setf", f"{key}={value:.3f}")]
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder, "word.wav")
        subprocess.run(["flite", "-voice", voice, *given, "-t", word, "-o", str(sound)], check=True)
        samples, rate = soundfile.read(sound, dtype="float32", always_2d=True)
    return sounding(np.concatenate(list(resampled([samples], rate, RATE)))[:, 0], 0.01)
