"""Measure all that is heard against what is known, and print it as the table of docs/analysis.md.

`python -m benchmarks.analysis measure [TASK…] [--quote] [--failures FOLDER]`
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.analysis import (
    judge_classes,
    judge_likeness,
    judge_music,
    judge_onsets,
    judge_shown,
    judge_speed,
    ours,
    sets,
)
from benchmarks.analysis.reach import GOALS
from benchmarks.analysis.recorded import CACHE, ROOT, Truth, neutral, recorded
from benchmarks.analysis.verdict import Verdict
from benchmarks.quote import quote
from benchmarks.table import Table

PAGE = ROOT / "docs" / "analysis.md"
ABSENT = "not measured"
PEERS = {
    "tempo recorded": "Percival .621 / .709 / .356; RhythmExtractor .609 / .733 / .299",
    "key recorded": "essentia bgate .720 / .636",
    "class": "librosa features and SVM, tuned: .661 / .544 / .719",
    "onsets placed": "aubio .881 / .826 / 3.5",
    "onsets drums": "aubio .981 / .974 / 2.6 (another generator)",
}
"""Figures that others' programs were measured with in November 2026, on the recorded set."""


# ── Tasks ───────────────────────────────────────────────────────────────────


def tempo(known: Sequence[Truth]) -> Verdict:
    """Tempo on both sets."""
    return _on_both(known, judge_music.tempo)


def key(known: Sequence[Truth]) -> Verdict:
    """Key on both sets."""
    return _on_both(known, judge_music.key)


def _on_both(known: Sequence[Truth], judge: Callable[..., Verdict]) -> Verdict:
    verdict = Verdict()
    for over, truths in (("recorded", list(known)), ("generated", sets.generated())):
        if truths:
            verdict.add(judge(over, truths, ours.heard(truths)))
    return verdict


def onsets(_known: Sequence[Truth]) -> Verdict:
    """Onsets on both sets of exact times."""
    verdict = Verdict()
    struck = {"onsets placed": sets.placed_hits(), "onsets drums": sets.drumming()}
    for goal, made in struck.items():
        if made:
            answers, _ = ours.analysed([one.path for one in made], "--no-hints")
            verdict.add(judge_onsets.onsets(goal, made, answers))
    return verdict


def likeness(known: Sequence[Truth]) -> Verdict:
    """Similar sounds and altered copies."""
    if not known:
        return Verdict()
    numbers = judge_likeness.descriptors(neutral(list(known), CACHE / "neutral"))
    theirs = judge_likeness.mfcc(known)
    verdict = judge_likeness.similar(known, numbers, theirs)
    verdict.add(judge_likeness.found(known, numbers, theirs))
    return verdict


def shown(known: Sequence[Truth]) -> Verdict:
    """Rules of showing, what the shipped models say, and hints."""
    verdict = Verdict()
    if known:
        verdict.add(judge_shown.shown(known, ours.heard(list(known))))
        verdict.add(judge_shown.hinted(known, ours.heard_with_hints(list(known))))
    made = sets.generated()
    verdict.add(judge_shown.told("generated", made, ours.heard(made)))
    if played := sets.rendered():
        verdict.add(judge_shown.rendered(played, ours.heard(played)))
    return verdict


def speed(known: Sequence[Truth]) -> Verdict:
    """Processor time."""
    return judge_speed.speed(known) if known else Verdict()


TASKS: dict[str, Callable[[Sequence[Truth]], Verdict]] = {
    "tempo": tempo,
    "key": key,
    "classes": judge_classes.classes,
    "onsets": onsets,
    "likeness": likeness,
    "shown": shown,
    "speed": speed,
}


# ── Table ───────────────────────────────────────────────────────────────────


def table(verdict: Verdict) -> Table:
    """Put all figures beside what is to be reached."""
    columns = ("what is heard", "sounds", "figures", "ours", "to reach", "librosa", "other peers")
    found = Table("Reach", columns)
    for name, goal in GOALS.items():
        if name not in verdict.ours:
            continue
        figures = verdict.ours[name]
        holds = goal.holds(figures)
        beside = verdict.librosa.get(name)
        found.add(
            goal.name,
            str(verdict.sizes[name]),
            " / ".join(goal.figures),
            goal.text(figures) + ("" if holds else " ✗"),
            goal.limit_text,
            "–" if beside is None else goal.text(beside),
            PEERS.get(name, "–"),
            holds=holds,
        )
    found.notes.append("✗: below what is to be reached.")
    found.notes.append("\n".join(f"- {note}" for note in verdict.notes))
    return found


def about(known: Sequence[Truth]) -> str:
    """Name the sets and the programs."""
    made = sets.generated()
    loops = sum(truth.is_loop for truth in made)
    return (
        f"Recorded: {len(known)} files of {len({t.source for t in known})} sources, under neutral "
        f"names and without chunks. Generated: {len(made)} sounds ({loops} loops) of a seed that "
        f"no model has learnt from. numpy {np.__version__}, librosa {version('librosa')}, "
        f"scikit-learn {version('scikit-learn')}."
    )


def _keep_failures(verdict: Verdict, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in verdict.failures.items():
        (folder / f"failures-{name.replace(' ', '-')}.txt").write_text("\n".join(lines) + "\n")


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("tasks", nargs="*", metavar="TASK", help=f"of {', '.join(TASKS)}")
    parser.add_argument("--quote", action="store_true", help="put the table into docs/analysis.md")
    parser.add_argument("--failures", type=Path, metavar="FOLDER", help="list what went wrong")


def run(options: Namespace) -> int:
    """Measure and print; 1 when a figure misses what is to be reached."""
    known = recorded()
    if not known:
        print(f"No recorded sounds ({ABSENT}): only generated ones are judged.")
    verdict = Verdict()
    for name in options.tasks or TASKS:
        verdict.add(TASKS[name](known))
    found = table(verdict)
    print(found)
    if options.failures:
        _keep_failures(verdict, options.failures)
    if options.quote:
        quote(PAGE, about(known), [found])
    return int(bool(found.missed))
