"""`manage.py analyse`: what is said of files, in which order, and what of those that are none."""

import io
import json
import os
import signal
import sys
from argparse import ArgumentParser
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command, get_commands

from library.audio import account, analyse_command
from library.audio.account import Asked, accounts
from library.audio.classes import LOOPS, ONE_SHOTS
from library.audio.crew import CRASHED
from tests import sounds

FIELDS = [
    *("path", "bpm", "key", "tonality", "class", "kind", "bpm_confidence", "key_confidence"),
    *("class_confidence", "kind_confidence", "key_shown", "onsets", "duration_seconds"),
    *("sample_rate", "channels", "bit_depth", "peak_amplitude", "rms_energy", "dynamic_range_db"),
    *("loudness_lufs", "true_peak_dbtp"),
]


@pytest.fixture
def crate(tmp_path):
    """A beat of two seconds, a tone, a broken file and one that is no sound."""
    folder = tmp_path / "crate"
    (folder / "Loops").mkdir(parents=True)
    (folder / "__MACOSX").mkdir()
    dice = np.random.default_rng(1)
    moments = np.arange(96_000) / 48_000
    beat = np.exp(-25 * (moments % 0.5)) * dice.uniform(-0.8, 0.8, moments.size)
    sounds.write(folder / "Loops" / "beat.wav", beat.astype(np.float32)[:, None], 48_000, "PCM_24")
    sounds.write(folder / "tone.flac", sounds.sine(frames=22_050, rate=44_100, channels=2), 44_100)
    (folder / "broken.wav").write_bytes(b"RIFF but no more")
    (folder / "notes.txt").write_text("Nothing to hear")
    (folder / "__MACOSX" / "._tone.flac").write_bytes(b"clutter")
    return folder


def told(capsys, *arguments):
    """Run it in this process; return the exit status and its lines of JSON."""
    status = analyse_command.main([*map(str, arguments), "--json", "--jobs", "1"])
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_has_all_fields(crate, capsys):
    path = crate / "Loops" / "beat.wav"
    status, (line,) = told(capsys, path, "--no-hints")
    assert status == 0
    assert sorted(line) == sorted(FIELDS)
    assert line["path"] == str(path)
    assert (line["duration_seconds"], line["sample_rate"], line["channels"]) == (2.0, 48_000, 1)
    assert line["bit_depth"] == 24
    assert line["onsets"] == pytest.approx([0, 0.5, 1.0, 1.5], abs=0.002)
    assert line["class"] in {*ONE_SHOTS, *LOOPS}
    assert line["kind"] in {"loop", "one-shot"}
    assert (line["bpm"] is None) == (line["kind"] == "one-shot")
    assert (line["bpm_confidence"] is None) == (line["bpm"] is None)
    for name in ("key_confidence", "class_confidence", "kind_confidence", "tonality"):
        assert 0 <= line[name] <= 1
    assert line["key"].split()[1] in {"major", "minor"}
    crest = 20 * np.log10(line["peak_amplitude"] / line["rms_energy"])
    assert line["dynamic_range_db"] == pytest.approx(crest, abs=0.001)
    assert line["true_peak_dbtp"] >= 20 * np.log10(line["peak_amplitude"]) - 0.1
    assert line["loudness_lufs"] < 0


def test_a_folder_is_walked_and_files_come_in_the_order_given(crate, capsys):
    listed = crate.parent / "list.txt"
    listed.write_text(f"{crate}/tone.flac\n\n{crate}/gone.wav\n{crate}/Loops\n{crate}/tone.flac\n")
    status, lines = told(capsys, crate, "--from-file", listed, "--no-hints")
    assert status == 1
    names = [Path(line["path"]).name for line in lines]
    found = ["broken.wav", "tone.flac", "beat.wav"]
    assert names == [*found, "tone.flac", "gone.wav", "beat.wav", "tone.flac"]
    errors = {line["path"]: line["error"] for line in lines if "error" in line}
    assert errors == {
        f"{crate}/broken.wav": "the content is not a sound file of a known format",
        f"{crate}/gone.wav": "the file is not there",
    }


def test_a_path_is_told_as_it_was_given(crate, capsys, monkeypatch):
    monkeypatch.chdir(crate)
    (crate / "tone.flac").rename("-tone.flac")
    given = ["./Loops//beat.wav", "Loops/../Loops/./beat.wav", "./-tone.flac", ".//gone.wav"]
    analyse_command.main([*given, "--json", "--jobs", "1", "--", "-tone.flac"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["path"] for line in lines] == [*given, "-tone.flac"]
    assert [line["path"] for line in lines if "error" in line] == [".//gone.wav"]
    Path("list.txt").write_text("./Loops//beat.wav\n.//-tone.flac\n")
    _, lines = told(capsys, "--from-file", "list.txt")
    assert [line["path"] for line in lines] == ["./Loops//beat.wav", ".//-tone.flac"]
    _, (line,) = told(capsys, "./Loops//")
    assert line["path"] == "Loops/beat.wav"


def test_many_processes_keep_the_order(crate, capsys):
    paths = [crate / "tone.flac", crate / "broken.wav", crate / "Loops" / "beat.wav"] * 4
    status = analyse_command.main([*map(str, paths), "--json", "--jobs", "3"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 1
    assert [line["path"] for line in lines] == list(map(str, paths))


def test_a_list_can_come_from_a_pipe_and_hold_names_that_are_no_text(crate, capsys, monkeypatch):
    odd = os.fsdecode(os.fsencode(crate) + b"/caf\xe9.flac")
    (crate / "tone.flac").rename(odd)
    piped = io.TextIOWrapper(io.BytesIO(os.fsencode(odd) + b"\n"))
    monkeypatch.setattr(sys, "stdin", piped)
    status, (line,) = told(capsys, "--from-file", "-")
    assert status == 0
    assert line["path"] == odd


def test_silence_has_facts_but_is_nothing(tmp_path, capsys):
    path = sounds.write(tmp_path / "kick_92bpm.wav", sounds.silence(), 48_000, "PCM_16")
    status, (line,) = told(capsys, path)
    assert status == 0
    assert sorted(line) == sorted(FIELDS)
    unknown = ("bpm", "key", "tonality", "class", "kind", "loudness_lufs", "dynamic_range_db")
    assert [line[name] for name in unknown] == [None] * len(unknown)
    assert (line["onsets"], line["key_shown"], line["rms_energy"]) == ([], False, 0)


def test_names_and_folders_are_heard_unless_they_shall_not_be(crate, capsys):
    path = crate / "Loops" / "Kicks" / "boom.wav"
    path.parent.mkdir()
    (crate / "tone.flac").rename(path)
    _, (hinted,) = told(capsys, path)
    _, (alone,) = told(capsys, path, "--no-hints")
    assert set(hinted["sources"]) == {"bpm", "key", "class", "kind"}
    assert "sources" not in alone
    assert hinted["onsets"] == alone["onsets"]


def test_people_get_a_table(crate, capsys):
    assert analyse_command.main([str(crate), "--no-hints"]) == 1
    told = capsys.readouterr()
    head, *rows = told.out.splitlines()
    assert head.split() == ["Sound", "Class", "Kind", "BPM", "Key", "Length", "LUFS"]
    assert [row.split()[0] for row in rows] == ["tone.flac", "beat.wav"]
    assert "0.50 s" in rows[0]
    assert told.err == (f"{crate}/broken.wav: the content is not a sound file of a known format\n")


def test_a_table_has_room_for_long_names_and_long_sounds(tmp_path, capsys):
    name = f"{'a' * 60}.wav"
    sounds.write(tmp_path / name, sounds.silence(frames=12 * 48_000), 48_000, "PCM_16")
    assert analyse_command.main([str(tmp_path / name)]) == 0
    row = capsys.readouterr().out.splitlines()[1]
    assert row.startswith(f"{'a' * 43}… ")
    assert row.endswith("12.0 s")


# What goes wrong


def test_nothing_to_listen_to_is_no_command(capsys):
    assert analyse_command.main([]) == 2
    assert "Name sounds or folders" in capsys.readouterr().err


def test_a_list_that_cannot_be_read_is_told(tmp_path, capsys):
    assert analyse_command.main(["--from-file", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err == (
        f"{tmp_path}/none cannot be read: no such file or directory.\n"
    )


def test_a_folder_that_is_closed_is_told(crate, capsys, monkeypatch):
    scandir = os.scandir

    def closed(path):
        if str(path).endswith("Loops"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    status, lines = told(capsys, crate)
    assert status == 1
    assert {"path": f"{crate}/Loops", "error": "permission denied"} in lines
    assert told(capsys, f"{crate}//Loops/")[1] == [
        {"path": f"{crate}//Loops/", "error": "permission denied"}
    ]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (MemoryError(), "it takes too much memory"),
        (PermissionError(13, "Permission denied"), "permission denied"),
        (ValueError("odd"), "the analyser failed (ValueError('odd'))"),
    ],
)
def test_a_fault_is_told_of_its_file_alone(crate, monkeypatch, fault, reason):
    hear = account.hear

    def faulty(heard):
        if heard.channels == 2:
            raise fault
        return hear(heard)

    monkeypatch.setattr(account, "hear", faulty)
    asked = [Asked(crate / "tone.flac"), Asked(crate / "Loops" / "beat.wav")]
    first, second = accounts(asked, with_hints=False, size=1, limit_seconds=30)
    assert (first.error, first.fields) == (reason, {})
    assert second.error == ""


def test_a_decoder_that_crashes_costs_one_line(crate, monkeypatch):
    hear = account.hear

    def deadly(heard):
        if heard.channels == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return hear(heard)

    monkeypatch.setattr(account, "hear", deadly)
    asked = [Asked(crate / "Loops" / "beat.wav"), Asked(crate / "tone.flac"), Asked(crate / "no")]
    found = list(accounts(asked, with_hints=False, size=1, limit_seconds=30))
    assert [one.error for one in found] == ["", CRASHED, "the file is not there"]


def test_large_files_go_out_alone():
    sizes = [1, 1, 1, 1, 1, 9_000_000, 1, 9_000_000]
    asked = [Asked(Path("a"), size) for size in sizes]
    assert list(account._portions(asked)) == [[0, 1, 2, 3], [4], [5], [6], [7]]
    assert list(account._portions(asked[:2])) == [[0, 1]]


def test_django_lists_it_and_runs_the_same(crate, capsys):
    assert get_commands()["analyse"] == "library"
    call_command("analyse", str(crate / "tone.flac"), "--json")
    assert json.loads(capsys.readouterr().out)["sample_rate"] == 44_100
    with pytest.raises(SystemExit, match="1"):
        call_command("analyse", str(crate), "--json")


# The page about it


def test_the_page_tells_of_every_option_and_field():
    page = (Path(__file__).parents[2] / "docs" / "analyse.md").read_text()
    rows = [row.split("|")[1] for row in page.splitlines() if row.startswith("| `")]
    named = {name.split()[0] for row in rows for name in row.split("`")[1::2]}
    parser = ArgumentParser()
    analyse_command.add_arguments(parser)
    options = {one.option_strings[-1] for one in parser._actions if one.option_strings}
    assert named == {*FIELDS, "sources", "error"} | (options - {"--help", "--from-file"})
    assert "[--from-file LIST]" in page
