"""Real FAT32 and exFAT in an image: colliding cases, killed runs, a full card, one pulled out."""

import os
import random
import signal
import subprocess
import time

import pytest

from exports.card.disk import Disk
from exports.card.errors import CardError
from exports.card.steps import Act
from exports.card.write import Card
from tests.exports.cards import file, holdings, put
from tests.exports.mounting import CannotMountError, image_of, mounted
from tests.exports.test_card_killed import NEW, check, finish, killed_before, prepare

FULL = "is full|Permission denied"  # fusefat calls every trouble "not permitted"


@pytest.fixture(params=["vfat", "exfat"])
def image(request, tmp_path):
    """Return an image of 40 MB and its kind."""
    try:
        return image_of(request.param, tmp_path / "card.img", 40), request.param
    except CannotMountError as reason:
        pytest.skip(str(reason))


@pytest.fixture
def card(image, tmp_path):
    """Mount it."""
    try:
        with mounted(image[0], tmp_path / "card", image[1]) as folder:
            yield folder
    except CannotMountError as reason:
        pytest.skip(str(reason))


def settled(folder):
    """Return what the folder holds, without names of files that a driver has yet to forget."""
    return {path: data for path, data in holdings(folder).items() if ".fuse_hidden" not in path}


def test_files_are_added_updated_and_kept(card):
    assert len(put(card, file("IMPORT/a.wav", b"old"), file("IMPORT/b.wav")).added) == 2
    result = put(card, file("IMPORT/a.wav", b"newer"), file("IMPORT/b.wav"))
    assert (result.updated, result.unchanged) == (["IMPORT/a.wav"], ["IMPORT/b.wav"])
    assert settled(card) == {"IMPORT/a.wav": b"newer", "IMPORT/b.wav": b"kick"}


def test_names_that_differ_in_case_alone_collide(card):
    (card / "Import").mkdir()
    (card / "Import/KICK.WAV").write_bytes(b"somebody's")
    for _ in range(2):
        put(card, file("IMPORT/kick.wav"))
        assert settled(card) == {"Import/KICK.WAV": b"somebody's", "Import/kick_2.wav": b"kick"}


def test_our_file_stays_ours_in_another_case(card):
    put(card, file("IMPORT/kick.wav", b"old"))
    (card / "IMPORT/kick.wav").rename(card / "IMPORT/other.wav")
    (card / "IMPORT/other.wav").rename(card / "IMPORT/KICK.WAV")
    assert put(card, file("IMPORT/kick.wav", b"new")).updated == ["IMPORT/KICK.WAV"]
    assert settled(card) == {"IMPORT/KICK.WAV": b"new"}


def test_a_file_that_appears_in_another_case_stays(card):
    with Card.opened(card) as opened:
        steps = list(opened.steps([file("kick.wav")]))
        assert steps[0].act == Act.ADD
        (card / "KICK.wav").write_bytes(b"somebody's")
        assert len(opened.write(steps, lambda _size: None).left_out) == 1
    assert settled(card) == {"KICK.wav": b"somebody's"}


@pytest.mark.parametrize("moment", [2, 9, 17, 26, 33, 47, 61])
def test_killed_between_two_acts(card, moment):
    prepare(card)
    killed_before(card, moment)
    check(card)
    finish(card)


def kills(card, count, seed):
    dice = random.Random(seed)
    for _ in range(count):
        child = os.fork()
        if not child:
            try:
                put(card, *NEW)
                os._exit(0)
            finally:
                os._exit(1)
        time.sleep(dice.uniform(0, 0.08))
        os.kill(child, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) in {0, -signal.SIGKILL}
        check(card)


def test_killed_at_random_moments(card):
    prepare(card)
    kills(card, 4, seed=404)
    finish(card)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_killed_at_twenty_random_moments(card, seed):
    prepare(card)
    kills(card, 20, seed)
    finish(card)


def test_a_full_card_is_told_and_finished_later(card):
    theirs = os.urandom(24 << 20)
    (card / "theirs.bin").write_bytes(theirs)
    files = [file(f"IMPORT/{number}.wav", bytes([number]) * (3 << 20)) for number in range(8)]
    with pytest.raises(CardError, match=f"Not enough disk space|{FULL}"):
        put(card, *files)
    there = settled(card)
    assert there.pop("theirs.bin") == theirs
    assert there.items() <= {made.path: made.open().read() for made in files}.items()
    (card / "theirs.bin").unlink()
    assert put(card, *files).left_out == []
    assert settled(card) == {made.path: made.open().read() for made in files}


def test_a_card_that_fills_up_meanwhile(card, monkeypatch):
    monkeypatch.setattr(Disk, "room", lambda _disk: (0, 0))
    files = [file(f"IMPORT/{number}.wav", bytes([number]) * (6 << 20)) for number in range(8)]
    with pytest.raises(CardError, match=FULL):
        put(card, *files)
    whole = {made.path: made.open().read() for made in files}
    assert settled(card).items() <= whole.items()
    few = files[:3]
    assert put(card, *few).left_out == []


def test_a_card_that_is_taken_out_and_put_back(image, tmp_path):
    """Its driver is gone in the middle of a file: one sentence; back again, it goes on."""
    files = [file(f"IMPORT/{number}.wav", bytes([number]) * (1 << 20)) for number in range(8)]
    folder = tmp_path / "card"
    try:
        with mounted(image[0], folder, image[1]):
            (folder / "theirs.wav").write_bytes(b"somebody's")
            subprocess.run(["sync", "-f", folder], check=True)
            with pytest.raises(CardError, match="taken out or is failing"):
                _pull_out(folder, files)
        with mounted(image[0], folder, image[1]):
            there = settled(folder)
            assert there.pop("theirs.wav") == b"somebody's"
            whole = {made.path: made.open().read() for made in files}
            assert {p: d for p, d in there.items() if not p.endswith(".part")}.items() <= (
                whole.items()
            )
            assert put(folder, *files).left_out == []
            assert settled(folder) == {"theirs.wav": b"somebody's", **whole}
    except CannotMountError as reason:
        pytest.skip(str(reason))


def _pull_out(folder, files):
    """Write, and kill the driver of the card after some bytes; only one in user space can be."""
    driver = subprocess.run(
        ["pgrep", "-f", f"fat.* {folder}$"], capture_output=True, text=True, check=False
    ).stdout.split()
    if not driver:
        pytest.skip("the kernel's own driver cannot be killed")
    heard = 0

    def told(size):
        nonlocal heard
        heard += size
        if heard > 5 << 20:
            for process in driver:
                os.kill(int(process), signal.SIGKILL)

    with Card.opened(folder) as card:
        card.write(list(card.steps(files)), told)
