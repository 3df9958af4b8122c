"""The demo crate: what it holds, that all of it differs and is clean audio."""

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import combinations, pairwise

import numpy as np
import pytest
import soundfile

from library.audio.listen import facts
from library.audio.synth import crate
from library.audio.synth.crate import DEMO, RATE
from tests.crate_sounds import NAMES, SOUNDS, rendered

KEY = re.compile(r"[A-G][#b]?m?")


def test_it_holds_48_sounds_of_every_class():
    assert Counter(sound.sample_class for sound in DEMO) == {
        "kick": 6,
        "snare": 6,
        "clap": 4,
        "hat": 6,
        "perc": 6,
        "bass": 5,
        "keys": 5,
        "vocal": 3,
        "fx": 4,
        "break": 3,
    }
    assert len(DEMO) == 48


def test_names_are_distinct_plain_and_begin_with_the_class():
    assert len({sound.name for sound in DEMO}) == 48
    for sound in DEMO:
        assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)*_\d\d", sound.name)
        assert sound.name.split("_")[0] == sound.sample_class


def test_every_sound_has_a_folder_a_genre_and_tags():
    for sound in DEMO:
        assert sound.folder.startswith("Demo crate/")
        assert sound.genre
        assert len(sound.tags) >= 2


def test_only_loops_have_a_tempo_and_at_least_two_are_there():
    loops = [sound for sound in DEMO if sound.is_loop]
    assert {sound.bpm for sound in loops} == {84, 90, 120, 126, 140}
    assert all("loop" in sound.tags and f"_{sound.bpm:.0f}bpm_" in sound.name for sound in loops)
    assert all(sound.bpm is None and "bpm" not in sound.name for sound in set(DEMO) - set(loops))


def test_only_tonal_sounds_have_a_key_and_keys_are_spelled_plainly():
    for sound in DEMO:
        if sound.key is not None:
            assert sound.sample_class in {"bass", "keys", "vocal"}
            assert KEY.fullmatch(sound.key)
    assert all(s.key for s in DEMO if s.sample_class in {"bass", "keys"})


@pytest.mark.parametrize("name", NAMES)
def test_audio_is_clean(name):
    audio = rendered(name)
    assert audio.dtype == np.float32
    assert audio.ndim == 2
    assert audio.shape[1] in {1, 2}
    assert 0.1 <= len(audio) / RATE <= 8
    assert np.isfinite(audio).all()
    peak_db = 20 * np.log10(np.abs(audio).max())
    assert peak_db == pytest.approx(SOUNDS[name].peak_db, abs=0.01)
    assert -6.001 <= peak_db <= -0.5
    assert np.abs(audio.mean(axis=0)).max() < 1e-6
    assert np.abs(audio[[0, -1]]).max() < 0.001


@pytest.mark.parametrize("name", NAMES)
def test_the_peak_is_not_a_plateau(name):
    audio = np.abs(rendered(name))
    assert np.mean(audio > 0.999 * audio.max()) < 0.002


@pytest.mark.parametrize("name", NAMES)
def test_channels_of_a_stereo_sound_do_not_cancel(name):
    audio = rendered(name)
    together = np.mean(audio.mean(axis=1) ** 2)
    assert together > 0.3 * np.mean(audio**2)


def test_some_are_mono_and_some_stereo():
    channels = Counter(rendered(name).shape[1] for name in NAMES)
    assert min(channels[1], channels[2]) >= 12


def test_a_sound_is_the_same_every_time():
    for sound in DEMO:
        first, second = rendered(sound.name), sound.render()
        assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()


def test_a_sound_is_the_same_in_another_process():
    program = (
        "import hashlib; from library.audio.synth.crate import DEMO;"
        "print(hashlib.sha256(DEMO[6].render()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    told = subprocess.check_output([sys.executable, "-c", program], env=environment, text=True)
    assert told.strip() == hashlib.sha256(rendered(DEMO[6].name)).hexdigest()


def test_no_two_have_the_same_content():
    assert len({hashlib.sha256(rendered(name)).digest() for name in NAMES}) == 48


def _picture(name):
    """Log spectrum (dB, peak 0, floor -60) in 24 bands by 12 moments of 50 ms."""
    mono = rendered(name).mean(axis=1)
    mono = np.pad(mono, (0, max(0, round(0.6 * RATE) - len(mono))))[: round(0.6 * RATE)]
    frames = mono.reshape(12, -1)
    energy = np.abs(np.fft.rfft(frames * np.hanning(frames.shape[1]), axis=1)) ** 2
    hz = np.fft.rfftfreq(frames.shape[1], 1 / RATE)
    edges = np.geomspace(30, 18000, 25)
    bands = np.stack(
        [energy[:, (hz >= a) & (hz < b + 20)].mean(axis=1) for a, b in pairwise(edges)]
    )
    return np.maximum(10 * np.log10(bands / bands.max() + 1e-12), -60)


def test_any_two_differ_clearly_to_the_ear():
    pictures = {name: _picture(name) for name in NAMES}
    distances = {
        (a, b): np.sqrt(np.mean((pictures[a] - pictures[b]) ** 2))
        for a, b in combinations(NAMES, 2)
    }
    nearest = min(distances, key=distances.get)
    assert distances[nearest] > 3.0, nearest


@pytest.mark.parametrize("name", ["clap_machine_01", "bass_rubber_01", "vocal_aah_01"])
def test_a_written_file_holds_the_sound(name, tmp_path):
    sound = SOUNDS[name]
    path = crate.write(sound, tmp_path / "made" / "here")
    header = soundfile.info(path)
    audio, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert path == tmp_path / "made" / "here" / f"{name}.wav"
    assert (header.format, header.subtype) == ("WAV", f"PCM_{sound.bit_depth}")
    assert rate == sound.rate
    assert np.abs(audio - sound.render(sound.rate)).max() <= 2.0 ** (1 - sound.bit_depth)


def test_a_file_is_the_same_every_time_and_replaces_the_older(tmp_path):
    sound = SOUNDS["perc_clave_01"]
    path = crate.write(sound, tmp_path)
    first = path.read_bytes()
    path.write_bytes(b"older")
    assert crate.write(sound, tmp_path).read_bytes() == first
    assert [entry.name for entry in tmp_path.iterdir()] == ["perc_clave_01.wav"]


def test_files_come_in_two_rates_and_two_depths():
    shapes = Counter((sound.rate, sound.bit_depth) for sound in DEMO)
    assert shapes.keys() == {(44_100, 24), (48_000, 16)}
    assert shapes[48_000, 16] >= 4


def test_at_another_rate_the_sound_has_the_same_length_and_pitch():
    sound = SOUNDS["bass_sub_01"]
    at_48 = sound.render(48_000)
    hz = np.fft.rfftfreq(len(at_48), 1 / 48_000)
    loudest = hz[np.argmax(np.abs(np.fft.rfft(at_48[:, 0])))]
    assert len(at_48) / 48_000 == pytest.approx(len(rendered(sound.name)) / RATE, abs=0.001)
    assert loudest == pytest.approx(43.65, abs=1)


@pytest.mark.parametrize("sound", DEMO, ids=lambda sound: sound.name)
def test_the_sampler_gets_it_without_a_peak_over_full_scale(sound, tmp_path):
    heard = facts(crate.write(sound, tmp_path))
    assert max(heard.material.peak_48k, heard.material.peak_48k_mono) < 1.0
