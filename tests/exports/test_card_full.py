"""A card without room: said in one sentence, nothing half left, finished later."""

import os
import resource
import signal

import pytest

from exports.card.disk import Disk
from exports.card.errors import CardError
from tests.exports.cards import file, holdings, put
from tests.exports.mounting import CannotMountError, memory

KILO = 1024
FILES = [file(f"IMPORT/{number}.wav", bytes([number]) * 60 * KILO) for number in range(8)]
ALL = {made.path: made.open().read() for made in FILES}


@pytest.fixture
def small(tmp_path):
    """Mount 400 kB of memory, with somebody's file on it."""
    try:
        with memory(tmp_path / "card", 400 * KILO) as card:
            (card / "theirs.wav").write_bytes(b"x" * 100 * KILO)
            yield card
    except CannotMountError as reason:
        pytest.skip(str(reason))


def test_a_full_card_is_told_before_anything_is_written(small):
    with pytest.raises(CardError, match=r"Not enough disk space .* needed, .* free\. Nothing was"):
        put(small, *FILES)
    assert list(holdings(small)) == ["theirs.wav"]


def test_a_card_that_fills_up_meanwhile_keeps_what_is_whole(small, monkeypatch):
    monkeypatch.setattr(Disk, "room", lambda _disk: (0, 0))
    with pytest.raises(CardError, match=r"is full\. What is on it is whole; make room"):
        put(small, *FILES)
    there = holdings(small)
    assert there.pop("theirs.wav") == b"x" * 100 * KILO
    assert 1 <= len(there) < len(FILES)
    assert there.items() <= ALL.items()
    (small / "theirs.wav").unlink()
    os.truncate(small / "IMPORT/0.wav", 0)  # room for the last ones; and ours no longer
    (small / "IMPORT/0.wav").unlink()
    few = FILES[:4]
    assert not put(small, *few).left_out
    assert {made.path for made in few} <= holdings(small).keys()


def test_room_that_came_back_is_enough_for_the_rest(tmp_path):
    try:
        with memory(tmp_path / "card", 700 * KILO) as card:
            ballast = card / "theirs.bin"
            ballast.write_bytes(b"x" * 400 * KILO)
            with pytest.raises(CardError, match="Not enough disk space"):
                put(card, *FILES)
            ballast.unlink()
            assert len(put(card, *FILES).added) == len(FILES)
            assert holdings(card) == ALL
    except CannotMountError as reason:
        pytest.skip(str(reason))


def test_a_file_above_the_limit_of_the_format_is_left_out_alone(tmp_path):
    """As FAT32 above 4 GB: a limit on the size of one file, in a process of its own."""
    large = file("large.wav", b"l" * 200_000)
    child = os.fork()
    if not child:
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            free, most = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most))
            result = put(tmp_path, large, FILES[0])
            resource.setrlimit(resource.RLIMIT_FSIZE, (free, most))  # what coverage writes is more
            told = result.left_out[0][1] == "The file is larger than the card's format takes."
            os._exit(0 if told else 2)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert holdings(tmp_path) == {FILES[0].path: ALL[FILES[0].path]}
