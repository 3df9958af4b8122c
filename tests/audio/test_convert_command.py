"""`manage.py convert` as people run it: real files, real processes."""

import errno
import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

import numpy as np
import pytest
import soundfile

from library.audio import command
from library.audio.convert import convert
from library.audio.recipe import Recipe
from tests import sounds

ROOT = Path(__file__).parents[2]


def shell(*arguments):
    """Run the command; its output is text."""
    line = [sys.executable, ROOT / "manage.py", "convert", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=False, cwd=ROOT)


def lines(done):
    """The objects of the files, by source, and the summary."""
    *files, summary = map(json.loads, done.stdout.splitlines())
    return {one["source"]: one for one in files}, summary


def tree(folder):
    """The bytes of all files of a folder, by their relative paths."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def crate(tmp_path):
    """Sounds in folders, a bad one among them, and what is no sound."""
    folder = tmp_path / "crate"
    (folder / "Kicks").mkdir(parents=True)
    sounds.write(folder / "tone.wav", sounds.sine(frames=30_000, channels=2), 44_100, "PCM_24")
    sounds.write(folder / "tone.flac", sounds.sine(frames=9_000), 96_000)
    sounds.write(folder / "Kicks" / "a.ogg", sounds.noise(frames=20_000))
    sounds.write(folder / "Kicks" / "exact.wav", sounds.words(sounds.noise(frames=5_000)))
    sounds.write_m4a(folder / "Kicks" / "b.m4a", sounds.sine(frames=20_000))
    (folder / "Kicks" / "broken.wav").write_bytes(b"RIFF but no more")
    (folder / "Kicks" / "._a.ogg").write_bytes(b"clutter")
    (folder / "readme.txt").write_text("no sound")
    return folder


OUTPUTS = ["Kicks/a.wav", "Kicks/b.wav", "Kicks/exact.wav", "tone.wav", "tone__2.wav"]


def test_a_tree_is_converted_and_what_failed_is_told_of(crate, tmp_path):
    before = tree(crate)
    done = shell(crate, tmp_path / "new" / "out")
    assert done.returncode == 1
    assert done.stdout.startswith("5 files converted, 1 failed, 1 skipped that are no sounds (")
    bad = crate / "Kicks" / "broken.wav"
    assert done.stderr == f"{bad}: the content is not a sound file of a known format\n"
    assert sorted(tree(tmp_path / "new" / "out")) == OUTPUTS
    assert tree(crate) == before


def test_every_line_of_json_tells_of_one_file(crate, tmp_path):
    done = shell(crate, tmp_path / "out", "--json")
    files, summary = lines(done)
    assert (done.returncode, done.stderr) == (1, "")
    assert len(files) == 6
    assert files[f"{crate}/tone.wav"] == {
        "source": f"{crate}/tone.wav",
        "target": f"{tmp_path}/out/tone__2.wav",
        "ok": True,
        "error": None,
        "frames": 32_654,
        "channels": 2,
        "seconds": 32_654 / 48_000,
        "size_bytes": 44 + 4 * 32_654,
        "source_format": "wav",
        "source_rate": 44_100,
        "source_channels": 2,
        "changes": ["44.1 to 48 kHz", "24-bit to 16-bit"],
        "loudness": None,
    }
    bad = files[f"{crate}/Kicks/broken.wav"]
    assert bad["error"] == "the content is not a sound file of a known format"
    assert (bad["ok"], bad["target"], bad["frames"], bad["changes"]) == (False, None, None, [])
    assert summary.pop("seconds") > 0
    total = sum(one["seconds"] or 0 for one in files.values())
    assert summary.pop("sound_seconds") == pytest.approx(total, abs=1e-3)
    assert summary == {"summary": True, "converted": 5, "failed": 1, "skipped": 1}


def test_the_bytes_are_the_same_for_any_number_of_processes(crate, tmp_path):
    outputs = []
    for jobs in (1, 3):
        target = tmp_path / f"out{jobs}"
        shell(crate, target, "--jobs", jobs)
        outputs.append(tree(target))
    assert outputs[0] == outputs[1]
    alone = tmp_path / "alone.wav"
    convert(crate / "Kicks" / "a.ogg", alone)
    assert outputs[0]["Kicks/a.wav"] == alone.read_bytes()


def test_a_second_run_changes_nothing(crate, tmp_path):
    target = tmp_path / "out"
    shell(crate, target)
    first = tree(target)
    assert shell(crate, target).returncode == 1
    assert tree(target) == first


def test_every_option_of_a_recipe_can_be_given(tmp_path):
    pause = sounds.silence(frames=4_800, channels=2)
    quiet = np.concatenate((pause, sounds.noise(frames=2_000, channels=2, peak_db=-30), pause))
    source = sounds.write(tmp_path / "hat.wav", quiet, 48_000, "FLOAT")
    done = shell(
        *("--format", "aiff", "--lufs", "-16", "--peak", "-3", "--mono", "--trim", "--pad-short"),
        *("--overs", "clip", "--quality", "vhq", "--json", source, tmp_path / "out"),
    )
    recipe = Recipe("aiff", "mono", True, "clip", -16, -3, True, "VHQ")  # noqa: FBT003
    result = convert(source, tmp_path / "alone.aiff", recipe)
    assert (tmp_path / "out/hat.aiff").read_bytes() == (tmp_path / "alone.aiff").read_bytes()
    loudness = lines(done)[0][str(source)]["loudness"]
    assert loudness == {
        "gain_db": round(result.levelled.gain_db, 3),
        "source_lufs": round(result.levelled.source_lufs, 3),
        "lufs": round(result.levelled.lufs, 3),
        "limited": result.levelled.limited,
    }


def test_silence_has_no_loudness(tmp_path):
    source = sounds.write(tmp_path / "a.wav", sounds.silence(), 44_100)
    done = shell(source, tmp_path / "out", "--json", "--lufs", "-16")
    loudness = lines(done)[0][str(source)]["loudness"]
    assert (loudness["source_lufs"], loudness["lufs"], loudness["gain_db"]) == (None, None, 0)


def test_flat_and_off(crate, tmp_path):
    (crate / "Kicks" / "broken.wav").unlink()
    done = shell("--layout", "flat", "--lufs", "off", crate, crate / "tone.wav", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    names = ["a.wav", "b.wav", "exact.wav", "tone.wav", "tone__2.wav"]
    assert sorted(tree(tmp_path / "out")) == names


def test_options_may_stand_anywhere(crate, tmp_path):
    done = shell(crate / "tone.wav", "--mono", crate / "tone.flac", "--jobs", 1, tmp_path / "out")
    assert done.returncode == 0
    assert soundfile.info(tmp_path / "out" / "tone.wav").channels == 1


def test_a_target_within_the_source_is_not_converted_again(crate):
    target = crate / "converted"
    for _ in range(2):
        shell(crate, target)
        assert sorted(tree(target)) == OUTPUTS


def test_a_source_is_never_written_over(crate):
    before = tree(crate)
    done = shell(crate / "tone.wav", crate)
    assert done.returncode == 0
    after = tree(crate)
    assert after.pop("tone__2.wav")
    assert after == before


def test_what_is_named_and_is_no_sound_has_failed(crate, tmp_path):
    done = shell(crate / "readme.txt", tmp_path / "out")
    assert done.returncode == 1
    assert "readme.txt: the content is not a sound" in done.stderr
    assert done.stdout.startswith("0 files converted, 1 failed (")
    assert not (tmp_path / "out").exists()  # what got nothing is not left behind


def test_a_folder_without_sounds_is_no_failure(tmp_path):
    (tmp_path / "empty").mkdir()
    done = shell(tmp_path / "empty", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("0 files converted (")


def test_files_that_cannot_lie_where_they_should_fail_alone(crate, tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "Kicks").write_bytes(b"in the way")
    files, summary = lines(shell(crate, target, "--json"))
    assert (summary["converted"], summary["failed"]) == (2, 4)
    assert files[f"{crate}/Kicks/a.ogg"]["error"] == (
        f"{target}/Kicks/a.wav cannot be written: not a directory"
    )


def test_a_name_that_is_no_text_is_no_hindrance(tmp_path):
    source = Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xe4d.wav"))
    sounds.write(tmp_path / "good.wav", sounds.sine()).rename(source)
    done = shell(source, tmp_path / "out", "--json")
    assert lines(done)[0][str(source)]["ok"]
    source.write_bytes(b"bad")
    assert "b\\udce4d.wav: the content" in shell(source, tmp_path / "out").stderr


# What became of a file besides what was asked for


@pytest.fixture
def odd(tmp_path):
    """Sounds that are converted otherwise than their owners may expect."""
    folder = tmp_path / "odd"
    folder.mkdir()
    sounds.write(folder / "loud.wav", sounds.sine(frames=30_000, peak_db=6), 44_100, "FLOAT")
    sounds.write(folder / "silent.wav", sounds.silence(), 44_100)
    sounds.write(folder / "fine.wav", sounds.sine(frames=96_000, peak_db=-20), 48_000)
    click = np.concatenate((np.full((1, 1), 0.9), sounds.silence(frames=48_000)))
    sounds.write(folder / "click.wav", click, 48_000)
    for name in ("b.wav", "a.wav"):
        cut = sounds.write(folder / name, sounds.sine(frames=96_000, peak_db=-20), 48_000)
        cut.write_bytes(cut.read_bytes()[:-9_600])
    return folder


CUT = "File ends early, what is there was kept"


def test_warnings_and_lowered_peaks_are_told_of_in_words(odd, tmp_path):
    (odd / "empty.wav").touch()
    done = shell(odd, tmp_path / "out")
    assert (
        done.stderr
        == f"{odd}/a.wav: {CUT}\n{odd}/b.wav: {CUT}\n{odd}/empty.wav: the file is empty\n"
    )
    expected = "6 files converted, 2 with a warning, 1 lowered to fit, 1 failed ("
    assert done.stdout.startswith(expected)
    (odd / "empty.wav").unlink()
    assert shell(odd, tmp_path / "out").returncode == 0


def test_a_loudness_that_was_not_reached_is_told_of_in_words(odd, tmp_path):
    done = shell("--lufs", "-16", odd, tmp_path / "out")
    expected = "6 files converted, 2 with a warning, 1 limited by peak, 1 too quiet to match ("
    assert (done.returncode, done.stdout[: len(expected)]) == (0, expected)


def test_json_tells_what_became_of_a_loudness(odd, tmp_path):
    files, _ = lines(shell("--lufs", "-16", "--json", odd, tmp_path / "out"))
    changes = {Path(name).stem: one["changes"] for name, one in files.items()}
    assert changes["fine"] == ["Loudness matched to −16 LUFS"]
    assert changes["silent"] == ["44.1 to 48 kHz", "Too quiet to have a loudness, level kept"]
    assert changes["a"] == ["Loudness matched to −16 LUFS", CUT]
    (limited,) = changes["click"]
    assert limited.startswith("Reached −")
    assert limited.endswith(" LUFS, limited by peak")


# Wrong usage


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{crate}"], "required: DST"),
        (["{crate}/nothing.wav", "{out}"], "{crate}/nothing.wav does not exist."),
        (["{crate}", "{crate}"], "{crate} is the source itself"),
        (["{crate}", "{crate}/tone.wav"], "tone.wav is a file: name a folder to write to."),
        (["{crate}/tone.flac", "{out}.wav"], "looks like a file: name a folder to write to."),
        (["{crate}", "{crate}/tone.wav/out"], "cannot be made: file exists."),
        (["{crate}", "{out}", "--format", "mp3"], "invalid choice: 'mp3'"),
        (["{crate}", "{out}", "--jobs", "0"], "'0' is no number from 1 to 256"),
        (["{crate}", "{out}", "--jobs", "many"], "'many' is no number from 1 to 256"),
        (["{crate}", "{out}", "--lufs", "loud"], "'loud' is no number from -60 to 0, or off"),
        (["{crate}", "{out}", "--peak", "nan"], "'nan' is no number from -20 to 0"),
        (["{crate}", "{out}", "--peak", "1"], "'1' is no number from -20 to 0"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_done(crate, tmp_path, arguments, words):
    places = {"crate": crate, "out": tmp_path / "out"}
    done = shell(*(one.format(**places) for one in arguments))
    assert done.returncode == 2
    assert words.format(**places) in done.stderr
    assert done.stdout == ""
    assert [path.name for path in tmp_path.iterdir()] == ["crate"]


def test_a_target_that_cannot_be_written_to(crate, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(os, "access", lambda *_: False)  # who is root may write anywhere
    assert command.main([str(crate), str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == f"{tmp_path}/out cannot be written to.\n"


@pytest.fixture
def closed(tmp_path, monkeypatch):
    """A folder that nobody may look into, not even root."""
    folder, stat = tmp_path / "closed", os.stat

    def refuse(path, **options):
        if str(path).startswith(f"{folder}/"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return stat(path, **options)

    folder.mkdir()
    monkeypatch.setattr(os, "stat", refuse)
    return folder


def test_a_source_in_a_closed_folder(closed, tmp_path, capsys):
    assert command.main([str(closed / "a.wav"), str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == f"{closed}/a.wav cannot be read: permission denied.\n"


def test_a_target_in_a_closed_folder(crate, closed, capsys):
    assert command.main([str(crate), str(closed / "out")]) == 2
    assert capsys.readouterr().err == f"{closed}/out cannot be made: permission denied.\n"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that not even root can fill")
def test_a_target_that_cannot_be_made(crate):
    done = shell(crate, "/proc/padcrate")
    assert done.returncode == 2
    assert done.stderr.startswith("/proc/padcrate cannot be made: ")


# What is written about it


def test_the_page_about_it_knows_every_option_and_every_word(crate, tmp_path):
    page = (ROOT / "docs" / "convert.md").read_text()
    parser = ArgumentParser(add_help=False)
    command.add_arguments(parser)
    options = {one for action in parser._actions for one in action.option_strings}
    rows = {row.split("`")[1].split()[0] for row in page.splitlines() if row.startswith("| `--")}
    assert rows == options
    example = "[" + page.split("```json\n")[1].split("```")[0].replace("}\n{", "},\n{") + "]"
    good, bad, last = json.loads(example)
    files, summary = lines(shell(crate / "tone.wav", tmp_path / "out", "--json"))
    (told,) = files.values()
    assert list(good) == list(bad) == list(told)
    assert list(last) == list(summary)
