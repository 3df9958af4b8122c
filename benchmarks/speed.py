"""How fast each converter does the same sounds: ratios within one round, the median over rounds.

Wall time counts only where nobody else uses the machine, so each run also looks at how busy it was
besides; processor time is that of all processes together. A peer that cannot read some encodings
is compared with our run over those that it can.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import corpus, peers
from benchmarks.peers import Set
from benchmarks.spent import CORES, Errand, Spent, spend
from benchmarks.table import Table
from library.audio.headers import probe

BUSY = 0.10
"""Others' share of the machine above which a run's wall time is not judged."""

Build = Callable[[Set, Path], Errand]


@dataclass(frozen=True)
class Contender:
    """Somebody who converts; limits are how many times our wall and processor time at least.

    every: 1 takes part in each round, 3 in every third one: so do the slow ones.
    """

    name: str
    build: Build
    cpu_limit: float = 0.0
    wall_limit: float = 0.0
    every: int = 1
    reads: Callable[[Path, Path, None], None] | None = None


@dataclass
class Course:
    """Sounds, who runs over them, and what each run took.

    We run just before and just after each contender, over the same sounds: the pace of a shared
    machine changes within seconds. `spent` and `made` are by who ran, and for whose comparison.
    """

    sounds: Set
    contenders: Sequence[Contender]
    folder: Path
    spent: dict[tuple[str, str], list[Spent]] = field(default_factory=dict)
    made: dict[tuple[str, str], int] = field(default_factory=dict)
    subsets: dict[str, Set] = field(default_factory=dict)

    def run(self, rounds: int) -> None:
        """Let each have a turn, so many times."""
        for contender in self.contenders:
            self.subsets[contender.name] = self._readable(contender)
        spend(peers.ours(self.sounds, Path(tempfile.mkdtemp(dir=self.folder))))  # wakes the machine
        for number in range(rounds):
            for contender in self.contenders:
                if number % contender.every:
                    continue
                self._turn(ONE, contender, _one)
                self._turn(contender.name, contender, contender.build)
                self._turn(ALL, contender, _all)

    def _turn(self, who: str, beside: Contender, build: Build) -> None:
        sounds, target = self.subsets[beside.name], Path(tempfile.mkdtemp(dir=self.folder))
        for path in sounds.files:  # all find them in the cache, or the first one would pay
            path.read_bytes()
        spent = spend(build(sounds, target))
        written = [path for path in target.rglob("*") if path.suffix == ".wav"]
        key = who, beside.name
        self.made[key] = min(len(written), self.made.get(key, len(written)))
        self.spent.setdefault(key, []).append(spent)
        # Emptied, not deleted: ext4 without a journal steps over each place that became free in the
        # last minutes, and whoever comes next would pay for that, a quarter millisecond a file.
        for path in written:
            os.truncate(path, 0)

    def _readable(self, contender: Contender) -> Set:
        """Leave out the folders whose first sound the contender makes nothing of."""
        if contender.reads is None:
            return self.sounds
        target = self.folder / "one.wav"
        good = []
        for folder in self.sounds.folders:
            contender.reads(Set("", [folder]).files[0], target, None)
            if target.exists():
                target.unlink()
                good.append(folder)
        if len(good) == len(self.sounds.folders):
            return self.sounds
        return Set(f"without {len(self.sounds.folders) - len(good)} folders", good)

    def ratio(self, who: str, which: str, ours: str, most: float = 1.0) -> float | None:
        """How many times our time, the median over rounds; which: 'wall' or 'cpu'.

        Only rounds in which others took no more than `most` of the machine; None for no such round.
        """
        pairs = zip(self.spent[who, who], self.spent[ours, who], strict=True)
        quiet = [(a, b) for a, b in pairs if max(a.others, b.others) <= most]
        ratios = [getattr(a, which) / getattr(b, which) for a, b in quiet]
        return statistics.median(ratios) if ratios else None

    def keys(self, who: str) -> list[tuple[str, str]]:
        """Where the runs of a contender stand; of ours those over all sounds."""
        whole = [name for name, sounds in self.subsets.items() if sounds is self.sounds]
        return [(who, name) for name in (whole if who in OURS else [who])]

    def seconds(self, who: str, which: str) -> float:
        """Median seconds of these runs."""
        runs = (each for key in self.keys(who) for each in self.spent[key])
        return statistics.median(getattr(each, which) for each in runs)

    def converted(self, who: str) -> int:
        """How many sounds came out of each of them at least."""
        return min(self.made[key] for key in self.keys(who))

    @property
    def others(self) -> float:
        """How busy the machine was besides, on average."""
        return statistics.mean(each.others for runs in self.spent.values() for each in runs)


ONE = "Padcrate, 1 worker"
ALL = f"Padcrate, {CORES} workers"
OURS = (ONE, ALL)
SOX = "sox per file"
FFMPEG = "ffmpeg per file"
NAIVE = "librosa recipe, one process"
LOUD = "Padcrate to −16 LUFS, 1 worker"
FLOOR = "floor: read, bare soxr, write"
PARALLEL = "ffmpeg in parallel"


def _contenders(programs: Sequence[str], limits: dict[str, tuple[float, float]]) -> list[Contender]:
    found = []
    if "sox" in programs:
        found.append(Contender(SOX, _sox, *limits[SOX], reads=peers.convert_sox))
    if "ffmpeg" in programs:
        found.append(Contender(FFMPEG, _ffmpeg, *limits[FFMPEG], every=3))
        found.append(Contender(peers.jobs_name(), _ffmpeg_parallel, *limits[PARALLEL], every=3))
    found.append(Contender(NAIVE, _naive, *limits[NAIVE], every=3))
    found.append(Contender(LOUD, _loud, *limits[LOUD]))
    found.append(Contender(FLOOR, _floor, *limits[FLOOR]))
    return found


def _one(sounds: Set, target: Path, *options: str) -> Errand:
    return peers.ours(sounds, target, "--jobs", "1", *options)


def _all(sounds: Set, target: Path) -> Errand:
    return peers.ours(sounds, target, "--jobs", str(CORES))


def _loud(sounds: Set, target: Path) -> Errand:
    return _one(sounds, target, *peers.LEVELLED)


def _floor(sounds: Set, target: Path) -> Errand:
    return peers.floor(sounds.pairs(target))


def _sox(sounds: Set, target: Path) -> Errand:
    return peers.through_xargs("sox", peers.sox_line, sounds.pairs(target))


def _ffmpeg(sounds: Set, target: Path) -> Errand:
    return peers.through_xargs("ffmpeg", peers.ffmpeg_line, sounds.pairs(target))


def _ffmpeg_parallel(sounds: Set, target: Path) -> Errand:
    return peers.through_xargs("ffmpeg", peers.ffmpeg_line, sounds.pairs(target), CORES)


def _naive(sounds: Set, target: Path) -> Errand:
    return peers.naive(sounds.pairs(target))


MADE = {
    SOX: (2.3, 4.0), FFMPEG: (7.0, 12.0), PARALLEL: (0.0, 5.5), NAIVE: (2.5, 4.5),
    LOUD: (1.8, 0.0), FLOOR: (0.55, 0.0),
}  # fmt: skip
"""Limits on the synthesised corpus: processor time, wall time. At most for LOUD, else at least."""
UNJUDGED = dict.fromkeys(MADE, (0.0, 0.0))
SHORT = UNJUDGED | {SOX: (3.0, 0.0), FFMPEG: (20.0, 0.0), NAIVE: (1.5, 0.0)}
"""The same on the short sounds that kits are made of."""
SHORT_SECONDS = 2.0


MADE_TITLE = "Speed, synthesised corpus"
SINGLE = "cpu ÷ 1 worker"
COLUMNS = (
    "who", "files", "wall s", "cpu s", f"wall ÷ {CORES} workers", f"cpu ÷ {CORES} workers",
    SINGLE,
)  # fmt: skip


def _times(ratio: float | None, limit: float, spare: float | None = None) -> tuple[str, bool]:
    """A ratio with its limit; `spare` is shown, unjudged, where the machine never was quiet."""
    if ratio is None:
        return f"{spare:.2f}× (busy machine" + (f"; ≥ {limit:g})" if limit else ")"), True
    if not limit:
        return f"{ratio:.2f}×", True
    holds = ratio >= limit
    return f"{ratio:.2f}× (≥ {limit:g})" + ("" if holds else " ✗"), holds


def _table(course: Course, title: str) -> Table:
    found = Table(title, COLUMNS)
    for label in OURS:
        figures = [f"{course.seconds(label, which):.2f}" for which in ("wall", "cpu")]
        made = course.converted(label)
        found.add(label, str(made), *figures, "", "", "", holds=made == len(course.sounds.files))
    for contender in course.contenders:
        name = contender.name
        cells = [str(course.converted(name))]
        cells += [f"{course.seconds(name, which):.2f}" for which in ("wall", "cpu")]
        if name in {LOUD, FLOOR}:
            _against_one(found, course, contender, cells)
            continue
        ratios = [
            _times(
                course.ratio(name, "wall", ALL, BUSY),
                contender.wall_limit,
                course.ratio(name, "wall", ALL),
            ),
            _times(course.ratio(name, "cpu", ALL), 0),
            _times(course.ratio(name, "cpu", ONE), contender.cpu_limit),
        ]
        texts = (text for text, _ in ratios)
        found.add(name, *cells, *texts, holds=all(holds for _, holds in ratios))
    rounds, slow = (len(course.spent[name, name]) for name in (FLOOR, NAIVE))
    found.notes.append(
        f"Rounds: {rounds}, of which the slow ones ran in {slow}. Ratios are medians of peer ÷ "
        f"Padcrate over the files that the peer reads. Others used {course.others:.0%} of the "
        f"machine meanwhile; wall times count only in rounds in which they used {BUSY:.0%} at most."
    )
    return found


def _against_one(found: Table, course: Course, contender: Contender, cells: list[str]) -> None:
    """A row of our own: compared with one worker of ours."""
    name, limit = contender.name, contender.cpu_limit
    ratio = course.ratio(name, "cpu", ONE) or 0.0
    holds = not limit or (ratio <= limit if name == LOUD else ratio >= limit)
    text = f"{ratio:.2f}×"
    if limit:
        text += f" ({'≤' if name == LOUD else '≥'} {limit:g})" + ("" if holds else " ✗")
    found.add(name, *cells, "", "", text, holds=holds)


def _seconds(path: Path) -> float:
    header = probe(path)
    return (header.frames or 0) / header.rate


def tables(folder: Path, programs: Sequence[str], rounds: int, real: Path) -> Iterator[Table]:
    """Time everything and give each table as it is done; real sounds only where there are some."""
    made = Course(
        Set("corpus", sorted(corpus.corpus().iterdir())), _contenders(programs, MADE), folder
    )
    made.run(rounds)
    yield _table(made, MADE_TITLE)
    if real.is_dir():
        whole = Set("real", [real])
        short = Set("short", [path for path in whole.files if _seconds(path) <= SHORT_SECONDS])
        for title, sounds, limits, turns in (
            (f"Speed, real sounds of {SHORT_SECONDS:g} s at most", short, SHORT, rounds),
            ("Speed, real sounds and loops", whole, UNJUDGED, 1),
        ):
            found = Course(sounds, _contenders(programs, limits), folder)
            found.run(turns)
            yield _table(found, title)
    else:
        yield Table("Speed, real sounds: left out", ("no such folder",), [(str(real),)])
    yield cold(folder)


COLD_LIMIT = 0.150
"""Seconds."""
STARTS = 9
"""The best of them counts."""


def cold(folder: Path) -> Table:
    """About a second of sound in a process that has just been started."""
    shots = [plan for plan in corpus.plans() if plan.encoding == "wav_24"]
    source = corpus.corpus() / min(shots, key=lambda plan: abs(plan.seconds - 1)).path
    target = folder / "one.wav"
    code = "import sys; from pathlib import Path; from library.audio.convert import convert; "
    code += "convert(*map(Path, sys.argv[1:]))"
    errands = {
        "Padcrate's engine": Errand(
            [sys.executable, "-c", code, source, target], environment=peers.ONE_THREAD
        ),
        "manage.py convert": peers.ours(Set("", [source]), folder / "cold"),
        NAIVE: peers.naive([(source, target)]),
    }
    runs: dict[str, list[Spent]] = {name: [] for name in errands}
    for start in range(STARTS):
        for name, errand in errands.items():
            if name != NAIVE or start % 3 == 0:  # two seconds each time
                runs[name].append(spend(errand))
    found = Table("One file in a fresh process", ("who", "wall ms, best", "cpu ms, best"))
    for name, spent in runs.items():
        wall, cpu = (min(getattr(each, which) for each in spent) for which in ("wall", "cpu"))
        # On a busy machine nobody is quick: then the work itself is judged.
        judged = cpu if min(each.others for each in spent) > BUSY else wall
        holds = name == NAIVE or judged <= COLD_LIMIT
        by_work = "; busy machine, cpu judged" if judged != wall else ""
        limit = f" (≤ {COLD_LIMIT * 1000:g}{by_work})" + ("" if holds else " ✗")
        limit = "" if name == NAIVE else limit
        found.add(name, f"{wall * 1000:.0f}{limit}", f"{cpu * 1000:.0f}", holds=holds)
    return found
