"""Two hundred small sounds of every kind, made for a test and taken into somebody's library."""

import itertools
from pathlib import Path

import numpy as np

from library import analyse, ingest
from library.jobs import State
from library.models import Sample
from tests import sounds

# extension, subtype, rates, peak in dB: what there is in people's folders
KINDS = [
    (".wav", "PCM_16", (44_100, 48_000, 22_050), -3),
    (".wav", "PCM_24", (48_000, 96_000), -1),
    (".wav", "FLOAT", (44_100, 48_000), 1.4),
    (".wav", "PCM_U8", (8_000, 11_025), -6),
    (".aiff", "PCM_16", (44_100, 32_000), -6),
    (".flac", "PCM_24", (88_200, 192_000), -0.1),
    (".flac", "PCM_16", (48_000,), 0),
    (".ogg", "VORBIS", (44_100,), -3),
    (".mp3", None, (44_100, 48_000), -3),
    (".m4a", None, (44_100,), -6),
]
TITLES = [
    "Kick",
    "KICK",
    "kick",
    "Snare Drum",
    "名前",
    "🔥",
    "A very long name of a sound, take",
    "con",
]
FOLDERS = ["", "Drums", "Drums/808s", "Vox & FX", "../up"]
GENRES = ["", "Hip-Hop", "Techno", "R&B"]


def library(owner, folder: Path, count: int) -> list[Sample]:
    """Return `count` analysed samples; the same ones for the same count."""
    kinds = itertools.cycle(KINDS)
    return [_sample(owner, folder, number, next(kinds)) for number in range(count)]


def _sample(owner, folder, number, kind) -> Sample:
    extension, subtype, rates, peak_db = kind
    rate = rates[number % len(rates)]
    channels = (1, 2, 2, 6)[number % 4] if extension in {".wav", ".flac"} else 1 + number % 2
    frames = round(rate * (0.05 + 0.013 * (number % 23))) + number % 7
    signal = sounds.sine(110 + 7 * number, frames=frames, rate=rate, channels=channels)
    signal = signal * np.float32(10 ** ((peak_db + 6) / 20))
    path = folder / f"{number}{extension}"
    if extension == ".m4a":
        sounds.write_m4a(path, signal, rate=rate)
    else:
        sounds.write(path, signal, rate=rate, subtype=subtype)
    title = TITLES[number % len(TITLES)]
    place = FOLDERS[number % len(FOLDERS)]
    label = ingest.Label(path=f"{place}/{title}{extension}".lstrip("/"))
    sample = ingest.add_sample(owner=owner, file=path, label=label).sample
    facts = analyse.analyse(sample.analysis)
    sample.analysis.finish(State.COMPLETED, **facts)
    sample.refresh_from_db()
    sample.genre = GENRES[number % len(GENRES)]
    sample.bpm = (None, 69.9, 90, 150)[number % 4]
    sample.save(update_fields=["genre", "bpm"])
    return sample
