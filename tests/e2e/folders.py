"""Folders of sounds for the journeys, made on the spot."""

from pathlib import Path

import numpy as np
import soundfile

RATE = 44_100
CRATE = {
    "Drums": [
        "kick_dusty",
        "kick_felt",
        "kick_tight",
        "snare_paper",
        "snare_brush",
        "clap_stair",
        "hat_closed",
        "hat_open",
    ],
    "Tonal": [
        "bass_upright",
        "bass_slide",
        "chord_organ",
        "rhodes_turn",
        "pad_glass",
        "keys_soft",
        "bass_sub",
        "chord_stab",
    ],
    "More": [
        "perc_bottle",
        "shaker_rice",
        "vox_stay",
        "vox_breath",
        "fx_swell",
        "fx_riser",
        "break_92",
        "tom_floor",
    ],
}


def tone(seconds: float, hertz: float, *, rate: int = RATE, peak: float = 0.5) -> np.ndarray:
    """Return a decaying sine, frames x 1."""
    time = np.arange(round(seconds * rate)) / rate
    wave = peak * np.sin(2 * np.pi * hertz * time) * np.exp(-3 * time / seconds)
    return wave[:, None].astype(np.float32)


def write(path: Path, samples: np.ndarray, *, rate: int = RATE, subtype: str = "PCM_16") -> Path:
    """Write a sound file of the format that its extension says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, rate, subtype=subtype if path.suffix != ".mp3" else None)
    return path


def crate(folder: Path) -> Path:
    """Make 24 sounds in three subfolders, of several formats and rates."""
    number = 0
    for sub, names in CRATE.items():
        for name in names:
            number += 1
            rate = (44_100, 48_000, 96_000)[number % 3]
            suffix = (".wav", ".flac", ".aiff", ".wav")[number % 4]
            samples = tone(0.25 + number * 0.02, 80 + number * 37, rate=rate)
            if number % 2:
                samples = np.repeat(samples, 2, axis=1)
            write(folder / sub / f"{name}{suffix}", samples, rate=rate)
    return folder
