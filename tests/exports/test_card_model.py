"""Whatever lies on a card: foreign bytes stay, and every sound is there or named as left out."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from exports.card import record
from exports.card.record import Record
from tests.exports.cards import file, holdings, put

NAMES = ["kick.wav", "KICK.wav", "kick_2.wav", "Kick_3.WAV", "snare.wav"]
PATHS = [*NAMES, *(f"{folder}/{name}" for folder in ("IMPORT", "import") for name in NAMES)]
SOUNDS = st.sampled_from([b"one", b"two", b"tri", b"a longer one"])
ORIGINS = st.sampled_from(["sound 1", "sound 2"])
FILES = st.dictionaries(st.sampled_from(PATHS), st.tuples(SOUNDS, ORIGINS), max_size=6)
EDITS = st.dictionaries(st.sampled_from(PATHS), SOUNDS | st.just(None), max_size=3)
FOREIGN = st.dictionaries(
    st.sampled_from([*PATHS, "IMPORT", "import"]), SOUNDS | st.just(b""), max_size=6
)
MEMORY = Path("/dev/shm")  # noqa: S108 - many small syncs, on no disk
RECORDS = st.sampled_from(["as it is", "lost", "torn"])


def place(folder: Path, path: str, data: bytes) -> bool:
    """Write a file by hand, as far as folders and files of the same name allow."""
    try:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)
    except OSError:
        return False
    return True


def by_hand(folder: Path, files: dict[str, bytes | None]) -> None:
    for path, data in files.items():
        if data is not None:
            place(folder, path, data)
        elif (folder / path).is_file():
            (folder / path).unlink()


def litter(folder: Path) -> None:
    """Leave what a run leaves that was killed in the middle of a file."""
    known = folder / record.NAME
    broken = Record.parse(known.read_bytes()) if known.exists() else Record()
    broken.tokens.add("0123456789abcdef")
    known.write_bytes(broken.as_bytes())
    (folder / "padcrate-0123456789abcdef-00000000.part").write_bytes(b"hal")


def spoil(folder: Path, how: str) -> None:
    known = folder / record.NAME
    if how == "lost":
        known.unlink(missing_ok=True)
    elif how == "torn" and known.exists():
        known.write_bytes(known.read_bytes()[:-20])


def as_files(files: dict) -> list:
    return [file(path, data, origin) for path, (data, origin) in files.items()]


@settings(max_examples=int(os.environ.get("CARD_EXAMPLES", "150")), deadline=None)
@given(foreign=FOREIGN, earlier=FILES, edits=EDITS, state=RECORDS, killed=st.booleans(), now=FILES)
def test_nothing_foreign_changes_and_nothing_is_lost(foreign, earlier, edits, state, killed, now):
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        folder = Path(name)
        by_hand(folder, foreign)
        first = put(folder, *as_files(earlier))
        written = {path: (folder / path).read_bytes() for path in first.added}
        by_hand(folder, edits)
        spoil(folder, state)
        if killed and state != "torn":
            litter(folder)
        before = holdings(folder)
        result = put(folder, *as_files(now))
        after = holdings(folder)

        assert not any(path.endswith(".part") for path in after)
        # what changed was written by us, for a sound of this export, and not touched since
        for path, data in before.items():
            if path.endswith(".part") or after[path] == data:
                continue
            assert state == "as it is"
            assert path in result.updated
            assert written.get(path) == data
        # every sound of the export is there with its bytes, or named
        there = [*result.added, *result.updated, *result.unchanged]
        assert len(set(there)) == len(there)
        assert len(there) + len(result.left_out) == len(now)
        named = {path for path, _ in result.left_out}
        wanted = sorted(data for path, (data, _) in now.items() if path not in named)
        assert sorted(after[path] for path in there) == wanted
        # and once more changes nothing; twice, where two of its sounds have the same bytes
        sounds = [data for data, _ in now.values()]
        if len(set(sounds)) < len(sounds):
            put(folder, *as_files(now))
            after = holdings(folder)
        again = put(folder, *as_files(now))
        assert not again.added
        assert not again.updated
        assert holdings(folder) == after
