"""What is planned of a pad's settings is what is written, for any of them; in bounded memory."""

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kits.hardware.settings import BY_NAME
from library.audio import baked as law
from library.audio.baked import AS_IS, Baked
from library.audio.convert import convert
from library.audio.errors import EmptyRegion
from library.audio.listen import facts
from library.audio.recipe import (
    CONVERTER_VERSION,
    Recipe,
    planned_changes,
    planned_channels,
    planned_frames,
    planned_size,
)
from tests import sounds

RATE = 48_000
MEBIBYTE = 1 << 20
MINUTES = 16

anything = st.builds(
    Baked,
    start=st.just(0) | st.integers(0, 9_000),
    end=st.none() | st.integers(1, 9_000),
    fades=st.booleans(),
    reverse=st.booleans(),
    cents=st.just(0) | st.integers(-1_300, 1_300),
    level=st.just(127) | st.integers(0, 127),
    pan=st.just(0) | st.integers(-51, 51),
)
recipes = st.builds(
    Recipe,
    format=st.sampled_from(["wav", "aiff"]),
    channels=st.sampled_from(["keep", "mono"]),
    pad_short=st.booleans(),
    overs=st.sampled_from(["guard", "clip"]),
    loudness_lufs=st.none() | st.just(-20.0),
    trim=st.booleans(),
    start=st.just(0) | st.integers(0, 3_000),
    end=st.none() | st.integers(3_001, 9_000),
    fade_out=st.booleans(),
    baked=anything,
)
shapes = st.tuples(
    st.sampled_from([44_100, 48_000, 22_050, 96_000]),
    st.sampled_from(["PCM_16", "FLOAT"]),
    st.integers(1, 3),
    st.integers(1, 9_000),
    st.sampled_from([-40.0, -6.0, 3.0]),
)


@settings(max_examples=250, deadline=None)
@given(shapes, recipes)
@example((48_000, "PCM_16", 1, 1, -6.0), Recipe(baked=Baked(reverse=True, cents=1_300)))
@example((44_100, "FLOAT", 2, 9_000, 3.0), Recipe(baked=Baked(fades=True, pan=50, cents=-1_300)))
def test_any_settings_are_written_as_planned(shape, recipe):
    rate, subtype, channels, frames, peak_db = shape
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "source.wav", Path(folder) / "target"
        samples = sounds.noise(frames=frames, peak_db=peak_db, channels=channels)
        sounds.write(source, samples, rate, subtype)
        material = facts(source).material
        kept = material.kept(recipe)
        whole = -(-kept * RATE // rate)
        start, end = recipe.baked.region(whole)
        if start == end:
            with pytest.raises(EmptyRegion):
                convert(source, target, recipe)
            return
        result = convert(source, target, recipe)
        once = target.read_bytes()
        assert planned_changes(material, recipe, result.levelled) == result.changes
        assert planned_frames(kept, rate, recipe) == result.frames
        assert planned_channels(channels, recipe) == result.channels
        size = planned_size(kept, rate, channels, recipe)
        assert size == result.size_bytes == len(once)
        assert convert(source, target, recipe) == result
        assert target.read_bytes() == once
        assert soundfile.info(target).frames == result.frames


def test_the_law_is_that_of_the_pads():
    assert BY_NAME["level"].high == law.FULL_LEVEL == 127
    assert BY_NAME["pan"].high == law.HARD_PAN + 1


def test_a_recipe_without_settings_keeps_its_address():
    """Stored renders are found by these very texts."""
    usual = (
        '{"channels":"keep","format":"wav","loudness_lufs":null,"overs":"guard",'
        '"pad_short":false,"peak_dbtp":-1.0,"quality":"HQ","trim":false,'
        f'"version":{CONVERTER_VERSION}}}'
    )
    assert Recipe().as_json() == Recipe(baked=Baked()).as_json() == usual
    assert json.loads(Recipe(start=5).as_json()).keys() == json.loads(usual).keys() | {
        "start", "end", "fade_out",
    }  # fmt: skip


@pytest.mark.parametrize(
    "settings_",
    [{"start": 1}, {"end": 9}, {"fades": True}, {"reverse": True}, {"cents": 1}, {"level": 126},
     {"pan": -1}],
)  # fmt: skip
def test_each_setting_has_an_address_of_its_own(settings_):
    recipe = Recipe(baked=Baked(**settings_))
    assert recipe.as_json() != Recipe().as_json()
    stored = json.loads(json.dumps(recipe.fields()))
    assert Recipe(**stored) == recipe
    assert Recipe(**stored).as_json() == recipe.as_json()


def test_rows_of_earlier_versions_are_read():
    stored = asdict(Recipe(format="aiff", start=7))
    del stored["baked"]
    assert Recipe(**stored) == Recipe(format="aiff", start=7)
    assert Recipe(format="aiff", start=7).fields() == stored


def test_what_changes_nothing_is_left_out():
    much = Baked(start=10, end=9_600, pan=-51, level=5)
    assert much.settled(9_600, 1) == Baked(start=10, level=5)
    assert much.settled(9_601, 2) == much
    assert Baked(end=9_700).settled(9_600, 2) == AS_IS
    assert replace(much, pan=-50).settled(9_601, 1).pan == -50  # between two sides: stereo


@pytest.mark.parametrize(
    ("settings_", "sentences"),
    [
        ({}, []),
        ({"start": 48_000, "end": 60_000}, ["Trimmed to 1.000–1.250 s"]),
        ({"start": 24_000}, ["Trimmed to 0.500–2.000 s"]),
        ({"reverse": True, "fades": True}, ["Reversed", "3 ms of fade at both edges"]),
        ({"cents": -350}, ["Pitched down 3.5 semitones"]),
        ({"cents": 1_207}, ["Pitched up 12.07 semitones"]),
        ({"level": 64}, ["Volume 64, 11.9 dB lower"]),
        ({"level": 126}, ["Volume 126, 0.1 dB lower"]),
        ({"level": 0}, ["Silent at volume 0"]),
        ({"pan": 25}, ["Panned 25 to the right"]),
        ({"pan": -50}, ["Panned 50 to the left"]),
        ({"pan": -51}, ["Left channel alone"]),
        ({"pan": 51}, ["Right channel alone"]),
    ],
)
def test_it_is_said_in_words(settings_, sentences):
    assert Baked(**settings_).sentences(96_000) == sentences


CODE = """
import sys
from pathlib import Path
from library.audio.baked import Baked
from library.audio.convert import convert
from library.audio.recipe import Recipe
source, target = map(Path, sys.argv[1:])
settings = Baked(start=480, reverse=True, fades=True, cents=1)
result = convert(source, target, Recipe(baked=settings))
status = Path("/proc/self/status").read_text()
print(result.frames, status.split("VmHWM:")[1].split()[0])
"""


def test_sixteen_minutes_are_reversed_in_the_memory_of_one(tmp_path):
    block = sounds.words(sounds.noise(frames=RATE, channels=2))
    peaks = {}
    for minutes in (1, MINUTES):
        source = tmp_path / "long.wav"
        with soundfile.SoundFile(source, "w", RATE, 2, "PCM_16") as file:
            for second in range(60 * minutes):
                file.write(np.roll(block, second, axis=0))
        command = [sys.executable, "-c", CODE, source, tmp_path / "out.wav"]
        ended = subprocess.run(command, check=True, capture_output=True)
        frames, kilobytes = map(int, ended.stdout.split())
        assert frames == Baked(cents=1).frames(60 * minutes * RATE - 480)
        peaks[minutes] = kilobytes * 1024
    assert peaks[MINUTES] < peaks[1] + 8 * MEBIBYTE
    assert peaks[MINUTES] < 90 * MEBIBYTE
    assert {path.name for path in tmp_path.iterdir()} == {"long.wav", "out.wav"}
