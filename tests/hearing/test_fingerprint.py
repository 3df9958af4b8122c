"""Fingerprints: one recording is found again, two that are merely similar stay apart."""

from itertools import combinations

import numpy as np
import pytest
import soxr

from library.audio.hearing.fingerprint import ALIKE, BYTES, alike, fingerprint
from library.audio.hearing.signal import read
from tests import sounds
from tests.hearing.heard_signals import RATE, hiss, signal, tone

LATER_AT = 1
"""Of a fingerprint: the byte that says whether there is a later piece."""


def kick(hz=50, decay=0.12, click=1):
    return 0.9 * tone(hz, 0.6, decay) + 0.1 * hiss(0.6, 0.004, seed=click)


def snare(seed=1, hz=190):
    return 0.5 * tone(hz, 0.4, 0.06) + 0.5 * hiss(0.4, 0.08, seed=seed)


def hat(seed=1, decay=0.03):
    return hiss(0.2, decay, seed=seed, low_hz=6000)


def loop(*drums, beats=8):
    line = np.zeros(beats * RATE // 2)
    for beat, drum in zip(range(beats), drums, strict=False):
        part = drum[: RATE // 2]
        line[beat * RATE // 2 :][: len(part)] += part
    return line


SOUNDS = {
    "kick": kick(),
    "snare": snare(),
    "hat": hat(),
    "note": sum(tone(220 * number, 1.5, 0.5) / number for number in range(1, 6)),
    "loop": loop(kick(), hat(), snare(), hat(), kick(), kick(), snare(), hat()),
}


def printed(line, rate=RATE):
    return fingerprint(signal(line, rate))


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_is_itself(name):
    found = printed(SOUNDS[name])
    assert len(found) == BYTES
    assert alike(found, found) == pytest.approx(1, abs=1e-3)


CHANGES = {
    "softer": (lambda line: 0.03 * line, RATE),
    "upside down in level and later": (lambda line: np.pad(0.5 * line, (3001, 20_000)), RATE),
    "48 kHz": (lambda line: soxr.resample(line, RATE, 48_000), 48_000),
    "22 kHz": (lambda line: soxr.resample(line, RATE, 22_050), 22_050),
    "8 bits": (lambda line: np.round(line * 127) / 127, RATE),
    "stereo": (lambda line: np.stack([line, 0.8 * line], axis=1), RATE),
    "hiss below": (lambda line: line + 0.001 * hiss(len(line) / RATE, 99.0)[: len(line)], RATE),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", SOUNDS)
def test_copies_are_found(name, change):
    changed, rate = CHANGES[change]
    assert alike(printed(SOUNDS[name]), printed(changed(SOUNDS[name]), rate)) >= ALIKE


@pytest.mark.parametrize("form", ["mp3", "ogg", "flac"])
@pytest.mark.parametrize("name", SOUNDS)
def test_codecs_do_not_hide_a_copy(tmp_path, name, form):
    line = np.pad(0.7 * SOUNDS[name], (0, 4410))
    path = sounds.write(tmp_path / f"copy.{form}", line[:, None].astype(np.float32), RATE)
    assert alike(printed(SOUNDS[name]), fingerprint(read(path))) >= ALIKE


OTHERS = {
    "another hit of the snare": (snare(1), snare(2)),
    "another hit of the hat": (hat(1), hat(2)),
    "a kick a semitone up": (kick(50), kick(53)),
    "a longer kick": (kick(decay=0.08), kick(decay=0.2)),
    "a lower snare": (snare(hz=190), snare(hz=160)),
    "a loop that goes on otherwise": (
        loop(kick(), hat(), snare(), hat(), kick(), hat(), snare(), hat()),
        loop(kick(), hat(), snare(), hat(), kick(), snare(3), kick(), snare(2)),
    ),
    "half the loop": (SOUNDS["loop"], SOUNDS["loop"][: len(SOUNDS["loop"]) // 2]),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_only_similar_stays_apart(name):
    one, other = OTHERS[name]
    assert alike(printed(one), printed(other)) < ALIKE


def test_different_sounds_are_far_from_each_other():
    for one, other in combinations(SOUNDS.values(), 2):
        assert alike(printed(one), printed(other)) < ALIKE / 2


def test_it_does_not_matter_which_is_first():
    one, other = printed(snare(1)), printed(snare(2))
    assert alike(one, other) == pytest.approx(alike(other, one), abs=0.02)


def test_a_tail_too_soft_to_compare_is_left_out():
    line = np.concatenate([tone(220, 0.3, 0.02), np.zeros(RATE)])
    line[RATE // 2 :] += 0.0005 * np.sin(np.arange(len(line) - RATE // 2) / 20)
    assert printed(line)[LATER_AT] == 0
    assert printed(SOUNDS["note"])[LATER_AT] > 0


@pytest.mark.parametrize("wrong", [b"", b"\0" * BYTES, b"\1" * 10])
def test_what_is_no_fingerprint_is_refused(wrong):
    with pytest.raises(ValueError, match="fingerprint"):
        alike(wrong, printed(kick()))
