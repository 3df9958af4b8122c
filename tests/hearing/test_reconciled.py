"""Names of recorded sounds held against their audio: stated ones hold, wrong ones do not."""

import random
from dataclasses import dataclass

import pytest

from benchmarks.analysis.recorded import DEV, recorded
from library import keys
from library.audio import names
from library.audio.chunks import reading
from library.audio.hearing.hear import hear
from library.audio.hearing.heard import Heard
from library.audio.hearing.hints import hinted, same_tempo
from library.audio.hearing.reconcile import CLEAR, TONAL, Verdict, reconcile
from library.audio.hearing.signal import read

pytestmark = pytest.mark.skipif(not recorded(), reason=f"no recorded sounds in {DEV.name}")

PLANTED = 20  # wrong hints for each sound


@dataclass(frozen=True)
class Known:
    """A sound with what its name states, what is true, and what the audio alone says."""

    name: str
    says: names.Hints
    bpm: float | None
    key: str
    heard: Heard
    seconds: float

    def held_against(self, name: str) -> Verdict:
        """Return what holds under another name."""
        return reconcile(self.heard, hinted(name), self.seconds)


@pytest.fixture(scope="module")
def sounds() -> list[Known]:
    """Hear those sounds whose names state a tempo or a key."""
    found = []
    for truth in recorded():
        says = names.guess(truth.path.name)
        if not (says.states_bpm or says.key):
            continue
        signal = read(truth.path)
        key = keys.named(truth.key[0], is_minor=truth.key[1]) if truth.key else ""
        found.append(Known(truth.path.name, says, truth.bpm, key, hear(signal), signal.seconds))
    return found


def test_stated_tempos_hold(sounds):
    stating = [sound for sound in sounds if sound.says.states_bpm]
    assert len(stating) > 50
    told = [(sound.held_against(sound.name).heard, sound.says.bpm) for sound in stating]
    holds = [heard.is_loop and round(heard.bpm) == round(bpm) for heard, bpm in told]
    assert sum(holds) / len(stating) >= 0.97


def test_stated_keys_hold(sounds):
    stating = [sound for sound in sounds if sound.says.key and sound.key]
    assert len(stating) > 100
    holds = [sound.held_against(sound.name).heard.key == sound.says.key for sound in stating]
    assert sum(holds) / len(stating) >= 0.97


def test_embedded_data_does_not_make_it_worse(sounds):
    folder = {truth.path.name: truth.path for truth in recorded()}
    better = worse = 0
    for sound in sounds:
        if sound.bpm is None:
            continue
        alone = sound.held_against(sound.name).heard
        said = hinted(sound.name, "", reading.read(folder[sound.name]), sound.seconds)
        both = reconcile(sound.heard, said, sound.seconds).heard
        better += same_tempo(both.bpm, sound.bpm) and not same_tempo(alone.bpm, sound.bpm)
        worse += same_tempo(alone.bpm, sound.bpm) and not same_tempo(both.bpm, sound.bpm)
    assert worse <= better


def test_a_wrong_tempo_does_not_beat_clear_audio(sounds):
    dice = random.Random(404)
    clear = [
        sound
        for sound in sounds
        if sound.heard.is_loop
        and sound.heard.bpm_confidence >= CLEAR
        and same_tempo(sound.heard.bpm, sound.bpm or 1)
    ]
    assert len(clear) > 10
    for sound in clear:
        for bpm in dice.sample(range(60, 201), PLANTED):
            if not same_tempo(bpm, sound.heard.bpm):
                verdict = sound.held_against(f"sound_{bpm}bpm.wav")
                assert verdict.heard.bpm == sound.heard.bpm, (sound.name, bpm)
                assert "bpm" in verdict.contested


def test_a_wrong_key_does_not_beat_clear_audio(sounds):
    clear = [
        sound
        for sound in sounds
        if sound.heard.key == sound.key
        and sound.heard.tonality >= TONAL
        and sound.heard.key_confidence >= CLEAR
    ]
    assert len(clear) > 10
    for sound in clear:
        near = {sound.key, sound.heard.key_second}
        for wrong in keys.CAMELOT.keys() - near:
            verdict = sound.held_against(
                f"sound {wrong.removesuffix('m')} {'minor' if wrong.endswith('m') else 'major'}.wav"
            )
            assert verdict.heard.key == sound.key, (sound.name, wrong)
            assert "key" in verdict.contested
