"""Nasty files of every kind: each gives the right audio or a named error, within bounds."""

import pytest

from library.audio.files import CUT_SHORT, blocks
from library.audio.headers import probe
from library.audio.sniff import EXTENSIONS
from library.audio.validate import validate_sample
from tests import sounds
from tests.hostile import KINDS
from tests.hostile.check import faults
from tests.hostile.kinds import Refusal, Sound
from tests.hostile.strangers import PRIVATE
from tests.hostile.trial import tried

MOST_KB = 90 << 10
"""What a process that has FFmpeg loaded may take, whatever the length, whatever the header."""


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """Write the corpus, and beside it a file that none of it may open."""
    folder = tmp_path_factory.mktemp("hostile")
    sounds.write(folder / PRIVATE, sounds.sine(3_000))
    for one in KINDS.values():
        one.write(folder)
    return folder


def paths(folder):
    """The files of the corpus."""
    return [folder / f"{one.name}{one.suffix}" for one in KINDS.values()]


@pytest.fixture(scope="session")
def converted(corpus, tmp_path_factory):
    """Convert them all."""
    return tried("convert", paths(corpus), tmp_path_factory.mktemp("converted"))


@pytest.fixture(scope="session")
def probed(corpus, tmp_path_factory):
    """Read all headers."""
    return tried("probe", paths(corpus), tmp_path_factory.mktemp("probed"))


@pytest.fixture(scope="session")
def validated(corpus, tmp_path_factory):
    """Ask what is said of each."""
    return tried("validate", paths(corpus), tmp_path_factory.mktemp("validated"))


def test_there_are_enough_kinds():
    assert len(KINDS) >= 60
    assert {one.suffix for one in KINDS.values()} <= set(EXTENSIONS)


def test_the_corpus_is_the_same_each_time(corpus, tmp_path):
    for one in KINDS.values():
        again, before = one.write(tmp_path), corpus / f"{one.name}{one.suffix}"
        if before.is_file() and before.stat().st_size < 1 << 20:
            assert again.read_bytes() == before.read_bytes(), one.name


@pytest.mark.parametrize("name", KINDS)
def test_right_audio_or_a_named_error(converted, name):
    expected, line = KINDS[name].expected, converted.named()[name]
    path = converted.out / f"{line['file']}.wav"
    if isinstance(expected, Refusal):
        assert "error" in line, line["result"]
        assert line["error"][0] in {expected.error.__name__, "DamagedAudio"}
        assert expected.phrase in line["says"]
        assert not path.exists()
    else:
        assert "result" in line, line["says"]
        result = line["result"]
        assert (result["source_rate"], result["source_channels"]) == (
            expected.rate, expected.channels,
        )  # fmt: skip
        assert faults(path, expected, result["changes"]) == []
    assert line["left_open"] == 0


def test_nothing_is_left_beside_the_results(converted):
    made = {path.name for path in converted.out.iterdir()}
    sounding = {one for one in KINDS.values() if isinstance(one.expected, Sound)}
    assert made == {f"{one.name}{one.suffix}.wav" for one in sounding}


def test_one_process_bears_them_all(converted):
    assert converted.about["peak_kb"] <= MOST_KB
    assert converted.about["descriptors"] <= 4  # its three, and the look at them


@pytest.mark.soak
def test_memory_is_given_back(corpus, converted, tmp_path):
    again = tried("convert", paths(corpus) * 6, tmp_path)
    assert again.about["peak_kb"] <= converted.about["peak_kb"] + (4 << 10)


def test_reasons_are_phrases_for_people(corpus, converted):
    for line in converted.lines:
        if "error" in line:
            assert line["says"][:1].islower() or line["says"][:1].isdigit()
            assert not line["says"].endswith(".")
            assert str(corpus) not in line["says"]


def test_headers_are_read_or_refused(probed):
    for name, line in probed.named().items():
        if isinstance(KINDS[name].expected, Sound):
            assert "result" in line, (name, line["says"])
        if "error" in line:
            assert "AudioError" in line["error"], (name, line)
            continue
        header = line["result"]
        assert header["format"] in {"wav", "aiff", "mp3", "flac", "m4a", "ogg"}, name
        assert 4_000 <= header["rate"] <= 384_000, name
        assert 1 <= header["channels"] <= 8, name
        assert header["frames"] is None or 0 < header["frames"] <= 3_600 * header["rate"], name


def test_headers_are_read_without_decoding(probed):
    assert probed.about["loaded"] == []
    assert probed.about["peak_kb"] <= 64 << 10


def test_validation_says_it_in_sentences(validated):
    for name, line in validated.named().items():
        expected, found = KINDS[name].expected, line["result"]
        assert found["format_supported"], name
        if isinstance(expected, Sound):
            assert found["file_readable"], (name, found["errors"])
            assert (not found["errors"]) == found["meets_duration_requirement"], name
            fewest = expected.frames[0] if isinstance(expected.frames, tuple) else expected.frames
            assert found["duration_ms"] >= fewest * 1_000 / expected.rate - 0.1, name
        else:
            (sentence,) = found["errors"]
            assert sentence.startswith(("Failed to load audio: ", "Audio file not found: ")), name
            assert found["duration_ms"] is None, name


def test_a_file_that_shrinks_while_it_is_read(tmp_path):
    path = sounds.write(tmp_path / "a.wav", sounds.noise(frames=200_000), 44_100)
    with blocks(path, frames=10_000) as decoding:
        heard = 0
        for number, block in enumerate(decoding):
            heard += len(block)
            if number == 2:
                path.write_bytes(path.read_bytes()[: 44 + 2 * 60_000])
    assert 30_000 <= heard <= 70_000
    assert decoding.warnings == (CUT_SHORT,)


def test_a_file_that_may_not_be_read(tmp_path):
    path = sounds.write(tmp_path / "a.wav", sounds.sine())
    path.chmod(0)
    try:
        path.open("rb").close()
    except PermissionError:
        with pytest.raises(PermissionError):
            probe(path)
    else:
        pytest.skip("Nothing is forbidden to root.")


def test_a_file_that_is_gone(tmp_path):
    found = validate_sample(tmp_path / "gone.wav")
    assert found.errors == ("Audio file not found: gone.wav",)
