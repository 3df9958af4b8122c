"""What is planned from stored facts is what is written: names of changes and sizes, to the byte."""

import itertools

import numpy as np
import pytest

from library.audio.convert import convert
from library.audio.listen import facts
from library.audio.recipe import Material, Recipe, planned_changes, planned_size
from tests import sounds

RECIPES = [
    Recipe(),
    Recipe("aiff", pad_short=True),
    Recipe("wav", "mono", pad_short=True),
    Recipe("aiff", "mono", overs="clip"),
]

SOURCES = [
    (name, subtype, rate, channels)
    for name, subtype in [
        ("a.wav", "PCM_16"),
        ("a.wav", "PCM_24"),
        ("a.wav", "FLOAT"),
        ("a.wav", "PCM_U8"),
        ("a.wav", "ULAW"),
        ("a.aiff", "PCM_16"),
        ("a.flac", "PCM_24"),
        ("a.mp3", None),
        ("a.ogg", "VORBIS"),
        ("a.m4a", "aac"),
    ]
    for rate, channels in [(44_100, 1), (48_000, 2), (22_050, 2), (48_000, 1)]
] + [("a.wav", "FLOAT", 96_000, 6), ("a.flac", "PCM_16", 48_000, 5), ("a.ogg", "OPUS", 48_000, 2)]

SHAPES = itertools.cycle([(900, -6), (30_000, 0), (4_799, -20), (200_000, 3), (4_800, -0.1)])


@pytest.mark.parametrize(
    ("source", "shape"),
    list(zip(SOURCES, SHAPES, strict=False)),
    ids=lambda value: "-".join(map(str, value)),
)
def test_planned_is_done(tmp_path, source, shape):
    (name, subtype, rate, channels), (frames, peak_db) = source, shape
    samples = sounds.noise(frames=frames, peak_db=peak_db, channels=channels)
    if name == "a.m4a":
        path = sounds.write_m4a(tmp_path / name, samples, rate)
    else:
        path = sounds.write(tmp_path / name, samples, rate, subtype)
    material = facts(path).material
    for recipe in RECIPES:
        result = convert(path, tmp_path / "out", recipe)
        assert planned_changes(material, recipe) == result.changes
        size = planned_size(material.frames, material.rate, material.channels, recipe)
        assert size == result.size_bytes == (tmp_path / "out").stat().st_size


def test_planned_is_done_for_damaged_files_too(tmp_path):
    tone = sounds.noise(frames=5 * 44_100, channels=2, peak_db=0)
    for name in ("a.wav", "a.flac", "a.mp3", "a.aiff"):
        path = sounds.write(tmp_path / name, tone, 44_100)
        data = bytearray(path.read_bytes())
        data[len(data) // 2 : len(data) // 2 + 900] = bytes(900)
        path.write_bytes(data[: len(data) * 4 // 5])
        material = facts(path).material
        result = convert(path, tmp_path / "out")
        assert material.warnings
        assert planned_changes(material, Recipe()) == result.changes
        assert result.size_bytes == planned_size(material.frames, 44_100, 2, Recipe())


def material(**known):
    usual = {
        "format": "wav",
        "subtype": "PCM_16",
        "bit_depth": 16,
        "rate": 48_000,
        "channels": 2,
        "frames": 48_000,
        "peak_48k": 0.5,
        "peak_48k_mono": 0.5,
    }
    return Material(**(usual | known))


@pytest.mark.parametrize(
    ("known", "recipe", "changes"),
    [
        ({}, Recipe(), ()),
        ({}, Recipe("aiff"), ()),
        ({"rate": 44_100}, Recipe(), ("44.1 to 48 kHz",)),
        ({"rate": 11_025}, Recipe(), ("11.025 to 48 kHz",)),
        ({"subtype": "PCM_24", "bit_depth": 24}, Recipe(), ("24-bit to 16-bit",)),
        ({"subtype": "FLOAT", "bit_depth": 32}, Recipe(), ("32-bit float to 16-bit",)),
        ({"subtype": "PCM_32", "bit_depth": 32}, Recipe(), ("32-bit to 16-bit",)),
        ({"subtype": "MPEG_LAYER_III", "bit_depth": None}, Recipe(), ("MP3 to 16-bit PCM",)),
        ({"subtype": "IMA_ADPCM", "bit_depth": None}, Recipe(), ("Compressed to 16-bit PCM",)),
        ({"channels": 6}, Recipe(), ("6 channels folded down to stereo",)),
        (
            {"channels": 6},
            Recipe(channels="mono"),
            ("6 channels folded down to stereo", "Stereo folded down to mono"),
        ),
        ({"channels": 1}, Recipe(channels="mono"), ()),
        ({"peak_48k": 10 ** (1.4 / 20)}, Recipe(), ("Peak lowered 1.4 dB",)),
        ({"peak_48k": 1.0}, Recipe(), ()),
        ({"peak_48k": 1.1}, Recipe(overs="clip"), ("Peaks of +0.8 dB clipped",)),
        ({"peak_48k": 1.1}, Recipe(channels="mono"), ("Stereo folded down to mono",)),
        ({"frames": 4_799}, Recipe(), ()),
        ({"frames": 4_799}, Recipe(pad_short=True), ("Padded with silence to 100 ms",)),
        ({"frames": 4_800}, Recipe(pad_short=True), ()),
        ({"warnings": ("Damaged frames skipped",)}, Recipe(), ("Damaged frames skipped",)),
    ],
)
def test_sentences(known, recipe, changes):
    assert planned_changes(material(**known), recipe) == changes


def test_facts_of_a_sine(tmp_path):
    tone = np.hstack((sounds.sine(1_000, peak_db=-6), sounds.sine(1_000, peak_db=-200)))
    found = facts(sounds.write(tmp_path / "a.wav", tone, 48_000, "FLOAT"))
    assert found.peak_amplitude == pytest.approx(10 ** (-6 / 20), rel=1e-6)
    assert found.rms_energy == pytest.approx(10 ** (-6 / 20) / 2, rel=1e-4)
    assert found.seconds == 1
    assert found.material.peak_48k == found.peak_amplitude
    assert found.material.peak_48k_mono == pytest.approx(found.peak_amplitude / 2, rel=1e-4)
    assert len(found.waveform) == 64
    assert len(found.peaks) == 10_752
    assert set(found.waveform) == {128}
