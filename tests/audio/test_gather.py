"""Which files are taken from what is named, and what their outputs are called."""

import os
import subprocess
from pathlib import Path

import pytest

from library.audio.containers import header
from library.audio.gather import gather, in_words, shown, targets
from tests import sounds

WAV = b"RIFF\0\0\0\0WAVE"
PLAIN = header("wav", 100, 2) + bytes(400)
"""What an earlier run may have written, and the next one replaces."""


@pytest.fixture
def crate(tmp_path):
    return tmp_path / "crate"


def put(folder, *names, content=WAV):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def stems(harvest):
    return [source.stem for source in harvest.sources]


def names(paths, target, extension=".wav", *, is_flat=False):
    """The outputs, relative to the target, in the order of the sources."""
    harvest = gather(paths, target, is_flat=is_flat)
    return [str(path.relative_to(target)) for path in targets(harvest, target, extension)]


# What is taken


def test_folders_keep_their_structure_in_the_order_of_the_names(crate, tmp_path):
    put(crate, "snare.wav", "Kicks/b.wav", "Kicks/a.wav", "Kicks/Deep/a.b.wav", "Hats/x.flac")
    harvest = gather([crate], tmp_path / "out")
    assert stems(harvest) == ["snare", "Hats/x", "Kicks/a", "Kicks/b", "Kicks/Deep/a.b"]
    assert [source.path for source in harvest.sources][:2] == [
        crate / "snare.wav",
        crate / "Hats/x.flac",
    ]
    assert harvest.sources[0].size_bytes == len(WAV)
    assert (harvest.skipped, harvest.failed) == (0, [])


def test_flat_forgets_the_folders(crate, tmp_path):
    put(crate, "Kicks/a.wav", "b.wav")
    assert stems(gather([crate], tmp_path / "out", is_flat=True)) == ["b", "a"]


def test_hidden_files_and_what_macos_leaves_are_passed_over_in_silence(crate, tmp_path):
    put(crate, "a.wav", "._a.wav", ".hidden.wav", ".git/b.wav", "__MACOSX/c.wav", ".DS_Store")
    harvest = gather([crate], tmp_path / "out")
    assert (stems(harvest), harvest.skipped) == (["a"], 0)


def test_what_is_no_sound_is_counted(crate, tmp_path):
    put(crate, "readme.txt", "cover.jpg", "Thumbs.db", "empty", content=b"no sound at all ...")
    put(crate, "a.wav")
    harvest = gather([crate], tmp_path / "out")
    assert (stems(harvest), harvest.skipped) == (["a"], 4)


def test_what_is_called_like_a_sound_is_taken_whatever_it_holds(crate, tmp_path):
    put(crate, "a.WAV", "b.wma", "c.aifc", content=b"")
    assert stems(gather([crate], tmp_path / "out")) == ["a", "b", "c"]


def test_a_sound_is_known_by_its_content_too(crate, tmp_path):
    put(crate, "kick", "snare.bak")
    assert stems(gather([crate], tmp_path / "out")) == ["kick", "snare"]


def test_what_is_named_is_taken_whatever_it_is(crate, tmp_path):
    put(crate, "readme.txt", ".hidden.wav", content=b"hello")
    os.mkfifo(crate / "pipe")
    paths = [crate / "readme.txt", crate / ".hidden.wav", crate / "pipe"]
    harvest = gather(paths, tmp_path / "out")
    assert stems(harvest) == ["readme", ".hidden", "pipe"]
    assert harvest.skipped == 0


def test_links_to_folders_are_not_followed_and_links_to_files_are(crate, tmp_path):
    put(crate, "a.wav")
    put(tmp_path / "elsewhere", "b.wav")
    (crate / "loop").symlink_to(crate)
    (crate / "folder").symlink_to(tmp_path / "elsewhere")
    (crate / "b.wav").symlink_to(tmp_path / "elsewhere" / "b.wav")
    harvest = gather([crate], tmp_path / "out")
    assert (stems(harvest), harvest.skipped) == (["a", "b"], 0)


def test_a_link_that_is_named_is_followed(crate, tmp_path):
    put(crate, "a.wav")
    (tmp_path / "link").symlink_to(crate)
    assert stems(gather([tmp_path / "link"], tmp_path / "out")) == ["a"]


def test_pipes_and_links_that_lead_nowhere_are_skipped_but_missing_sounds_are_told_of(
    crate, tmp_path
):
    put(crate, "a.wav")
    (crate / "gone.wav").symlink_to(crate / "nothing.wav")
    (crate / "gone.txt").symlink_to(crate / "nothing.txt")
    os.mkfifo(crate / "pipe.wav")
    harvest = gather([crate], tmp_path / "out")
    assert (stems(harvest), harvest.skipped) == (["a"], 2)
    assert harvest.failed == [(crate / "gone.wav", "no such file or directory")]


def test_the_target_within_a_source_is_left_out(crate):
    put(crate, "a.wav", "sub/out/a.wav", "sub/b.wav", "out/c.wav")
    assert stems(gather([crate], crate / "sub/out")) == ["a", "out/c", "sub/b"]
    (crate / "link").symlink_to(crate / "out")
    assert stems(gather([crate], crate / "link")) == ["a", "sub/b", "sub/out/a"]


def test_the_same_file_twice_is_one(crate, tmp_path, monkeypatch):
    put(crate, "a.wav", "b.wav")
    monkeypatch.chdir(crate)
    paths = [crate / "b.wav", crate, Path("b.wav"), crate]
    assert stems(gather(paths, tmp_path / "out")) == ["b", "a"]


def test_a_folder_that_cannot_be_read_is_told_of(crate, tmp_path, monkeypatch):
    put(crate, "a.wav", "closed/b.wav")
    scandir = os.scandir

    def refuse(folder):
        if folder == crate / "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    harvest = gather([crate], tmp_path / "out")
    assert stems(harvest) == ["a"]
    assert harvest.failed == [(crate / "closed", "permission denied")]


def test_folders_may_lie_deeper_than_python_can_call(crate, tmp_path, monkeypatch):
    crate.mkdir()
    monkeypatch.chdir(crate)
    deep = 1500
    for _ in range(deep):
        Path("d").mkdir()
        os.chdir("d")
    put(Path(), "a.wav")
    os.chdir(crate)
    try:
        assert stems(gather([Path()], tmp_path / "out")) == ["d/" * deep + "a"]
    finally:
        subprocess.run(["rm", "-r", "d"], check=True)  # pytest cannot


# What outputs are called


def test_one_stem_for_each_even_where_only_the_extension_differs(crate, tmp_path):
    put(crate, "a.wav", "a.flac", "a.mp3", "sub/a.wav")
    assert names([crate], tmp_path / "o") == ["a.wav", "a__2.wav", "a__3.wav", "sub/a.wav"]
    assert names([crate], tmp_path / "o", ".aiff", is_flat=True) == [
        *("a.aiff", "a__2.aiff", "a__3.aiff", "a__4.aiff")
    ]


def test_names_are_compared_as_a_card_does(crate, tmp_path):
    put(crate, "Kick.wav", "kick.flac", "\u00c4.wav", "a\u0308.flac", "SUB/x.wav", "sub/X.flac")
    assert names([crate], tmp_path / "out") == [
        *("Kick.wav", "a\u0308.wav", "kick__2.wav", "\u00c4__2.wav", "SUB/x.wav", "sub/X__2.wav")
    ]


def test_who_really_has_a_numbered_name_keeps_it(crate, tmp_path):
    put(crate, "a.flac", "a.wav", "a__2.wav")
    assert names([crate], tmp_path / "out") == ["a.wav", "a__3.wav", "a__2.wav"]


def test_several_folders_meet_below_the_target(tmp_path):
    put(tmp_path / "one", "a.wav", "sub/b.wav")
    put(tmp_path / "two", "a.wav", "sub/c.wav")
    found = names([tmp_path / "two", tmp_path / "one"], tmp_path / "out")
    assert found == ["a.wav", "sub/c.wav", "a__2.wav", "sub/b.wav"]


def test_a_source_is_never_a_target(crate):
    put(crate, "a.wav", content=PLAIN)
    put(crate, "b.flac")
    assert names([crate / "a.wav", crate / "b.flac"], crate) == ["a__2.wav", "b.wav"]


def test_a_link_that_is_a_source_is_never_a_target(crate, tmp_path):
    put(tmp_path / "real", "k.wav", content=PLAIN)
    crate.mkdir()
    (crate / "k.wav").symlink_to(tmp_path / "real" / "k.wav")
    assert names([crate / "k.wav"], crate) == ["k__2.wav"]
    assert names([crate / "k.wav"], tmp_path / "real") == ["k__2.wav"]


@pytest.mark.parametrize("container", ["wav", "aiff"])
def test_what_no_run_can_have_written_is_never_a_target(crate, tmp_path, container):
    """Someone's own sounds may lie where the outputs go, under the same names."""
    put(crate, "a.flac", "b.flac", "c.flac", "d.flac", "e.flac")
    out, extension = tmp_path / "out", f".{container}"
    put(out, f"a{extension}", content=header(container, 100, 2) + bytes(400))  # an earlier run
    original = sounds.write(out / f"b{extension}", sounds.sine(), 44_100)
    put(out, f"c{extension}", content=b"")
    (out / f"d{extension}").mkdir()
    (out / f"e{extension}").symlink_to(original)
    expected = ["a", "b__2", "c__2", "d__2", "e__2"]
    assert names([crate], out, extension) == [f"{stem}{extension}" for stem in expected]


def test_a_folder_that_is_to_be_made_has_its_name(crate, tmp_path):
    put(crate, "kick.flac", "Kick.WAV/inner.wav", "deep/a.flac", "deep/a.wav/b/c.wav")
    expected = ["Kick.WAV/inner.wav", "deep/a__2.wav", "deep/a.wav/b/c.wav", "kick__2.wav"]
    assert sorted(names([crate], tmp_path / "out")) == sorted(expected)


def test_names_that_get_too_long_are_cut(crate, tmp_path):
    put(crate, f"{'b' * 250}.flac", f"{'b' * 251}.wav", "é" * 127)
    assert names([crate], tmp_path / "out") == [
        f"{'b' * 250}.wav",
        f"{'b' * 251}.wav",
        f"{'é' * 125}.wav",
    ]
    assert names([crate], tmp_path / "out", ".aiff") == [
        f"{'b' * 250}.aiff",
        f"{'b' * 247}__2.aiff",
        f"{'é' * 125}.aiff",
    ]


def test_a_thousand_equal_names_are_told_apart(tmp_path):
    for number in range(1000):
        put(tmp_path / "crate" / str(number), "kick.wav")
    found = names([tmp_path / "crate"], tmp_path / "out", is_flat=True)
    assert set(found) == {"kick.wav"} | {f"kick__{number}.wav" for number in range(2, 1001)}


def test_faults_are_phrases():
    assert in_words(PermissionError(13, "Permission denied")) == "permission denied"
    assert in_words(OSError("Odd")) == "odd"
    assert in_words(OSError()) == "oserror"


def test_names_cannot_garble_a_terminal():
    assert shown("Beyonc\u00e9 \x1b[31m\n\udcff") == "Beyonc\u00e9 \\x1b[31m\\n\\udcff"
