"""The engine that the documents show works as it stands there."""

import re
from pathlib import Path

import pytest

from library.audio import write_audio
from library.engines import EngineError
from library.engines.vocabulary import STYLES
from library.engines.words import wish

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs/generations.md").read_text()


def test_the_engine_of_ones_own(tmp_path):
    (program,) = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    names = {}
    exec(program, names)  # noqa: S102 - the document's own words
    engine = names["Sines"]()
    path, _ = write_audio(*_with_path(engine.generate("a", 0.5), tmp_path))
    assert path.exists()
    with pytest.raises(EngineError, match="no silence"):
        engine.generate("silence", 0.5)


def _with_path(made, folder):
    sound, rate = made
    return sound, folder / "sound.wav", rate


def test_the_sounds_that_are_named_are_known():
    (table,) = re.findall(r"\| drums \|.*?\| adjectives", DOCUMENT, re.DOTALL)
    known = {"snap": "snap", "tambourine": "tambourine", "acid": "squelch", "organ": "organ"}
    for word, sound in (known | {"choir": "choir", "laser": "zap", "reverse": "swell"}).items():
        assert word in table
        assert wish(word).sound == sound
    for style in STYLES:
        assert {"lofi": "lo-fi", "jungle": "drum and bass"}.get(style, style) in table
