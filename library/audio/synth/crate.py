"""The demo crate: 48 sounds that this program makes itself, free to use anywhere."""

from pathlib import Path

import soundfile

from library.audio.synth.kit_sounds import CLAPS, HATS, KICKS, PERCUSSION, SNARES
from library.audio.synth.scene_sounds import BREAKS, EFFECTS
from library.audio.synth.sound import RATE, DemoSound
from library.audio.synth.tonal_sounds import BASSES, KEYS, VOCALS

__all__ = ["DEMO", "RATE", "DemoSound", "write"]

DEMO: tuple[DemoSound, ...] = (
    *KICKS,
    *SNARES,
    *CLAPS,
    *HATS,
    *PERCUSSION,
    *BASSES,
    *KEYS,
    *VOCALS,
    *EFFECTS,
    *BREAKS,
)


def write(sound: DemoSound, folder: Path) -> Path:
    """Write a sound as PCM WAV into a folder and return the file's path.

    The folder is made if need be, an older file of the same name replaced in
    one step. The bytes are the same on every run. Raises OSError where the
    folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{sound.name}.wav"
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        soundfile.write(
            file,
            sound.render(sound.rate),
            sound.rate,
            format="WAV",
            subtype=f"PCM_{sound.bit_depth}",
        )
    return partial.replace(path)
