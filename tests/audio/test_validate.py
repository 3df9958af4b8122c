"""Everything that is wrong with a file, said at once."""

import pytest

from library.audio.validate import Validation, too_short, unsupported_extension, validate_sample
from tests import sounds

LIST = ".wav, .aiff, .aif, .aifc, .mp3, .flac, .m4a, .ogg"


def test_a_good_file(tmp_path):
    found = validate_sample(sounds.write(tmp_path / "a.wav", sounds.sine()))
    assert found == Validation(1_000, True, True, True, ())  # noqa: FBT003 - in this order
    assert found.valid


@pytest.mark.parametrize(
    ("frames", "rate", "sentence"),
    [
        (4_799, 48_000, "Duration too short: 99.9ms (minimum: 100ms)"),
        (4_800, 48_000, None),
        (4_409, 44_100, "Duration too short: 99.9ms (minimum: 100ms)"),
        (4_410, 44_100, None),
        (441, 44_100, "Duration too short: 10.0ms (minimum: 100ms)"),
    ],
)
def test_a_hundred_milliseconds_are_counted_in_frames(tmp_path, frames, rate, sentence):
    found = validate_sample(sounds.write(tmp_path / "a.flac", sounds.sine(frames=frames), rate))
    assert found.errors == ((sentence,) if sentence else ())
    assert found.meets_duration_requirement is found.valid is (sentence is None)
    assert found.file_readable
    assert found.duration_ms == frames * 1000 / rate
    assert too_short(frames, rate) == sentence


def test_a_header_that_lies_about_the_length_convinces_nobody(tmp_path):
    path = sounds.write(tmp_path / "a.wav", sounds.sine(frames=4_000))
    data = bytearray(path.read_bytes())
    data[40:44] = (96_000).to_bytes(4, "little")  # one second, says the header
    path.write_bytes(data)
    assert validate_sample(path).errors == ("Duration too short: 83.3ms (minimum: 100ms)",)


def test_all_failures_are_reported(tmp_path):
    path = sounds.write(tmp_path / "a.wav", sounds.sine(frames=480))
    assert validate_sample(path, name="kick.exe").errors == (
        f"Unsupported format: .exe. Supported: {LIST}",
        "Duration too short: 10.0ms (minimum: 100ms)",
    )
    assert validate_sample(tmp_path / "gone.xyz") == Validation(
        duration_ms=None,
        meets_duration_requirement=False,
        format_supported=False,
        file_readable=False,
        errors=(
            f"Unsupported format: .xyz. Supported: {LIST}",
            "Audio file not found: gone.xyz",
        ),
    )


def test_text_by_the_name_of_wav(tmp_path):
    path = tmp_path / "a.wav"
    path.write_text("not a sound")
    found = validate_sample(path)
    assert found.errors == (
        "Failed to load audio: the content is not a sound file of a known format",
    )
    assert found.format_supported
    assert not found.file_readable


def test_names_are_judged_in_any_case():
    assert unsupported_extension("KICK.WAV") is None
    assert unsupported_extension("kick") == f"Unsupported format: none. Supported: {LIST}"


def test_what_the_system_refuses_is_a_failure_like_others(tmp_path):
    found = validate_sample(tmp_path / f"{'k' * 300}.wav", name="kick.exe")
    assert found.errors == (
        f"Unsupported format: .exe. Supported: {LIST}",
        "Failed to load audio: file name too long",
    )
    assert not found.file_readable
