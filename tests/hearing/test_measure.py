"""The table tells what was missed; the command writes what the generator makes."""

import csv
import sys

from benchmarks.analysis import __main__ as command
from benchmarks.analysis import measure, train
from benchmarks.analysis.verdict import Verdict, share


def test_what_is_missed_stays_visible():
    verdict = Verdict(
        ours={"kind": (0.9,), "coarse": (0.95,)},
        librosa={"kind": (0.88,)},
        sizes={"kind": 743, "coarse": 570},
        notes=["A note."],
    )
    table = measure.table(verdict)
    assert table.missed == ["one-shot or loop, recorded"]
    rows = {row[0]: row for row in table.rows}
    assert rows["one-shot or loop, recorded"][3:6] == (".900 ✗", "≥ .960", ".880")
    assert rows["coarse class, recorded, LSO"][3:6] == (".950", "≥ .890", "–")
    assert "- A note." in table.body


def test_verdicts_add_up():
    verdict = Verdict(ours={"kind": (1.0,)}, notes=["one"])
    verdict.add(Verdict(ours={"class": (1.0, 1.0, 1.0)}, notes=["two"]))
    assert set(verdict.ours) == {"kind", "class"}
    assert verdict.notes == ["one", "two"]
    assert share([]) == 0.0


def test_the_command_writes_generated_sounds(tmp_path, monkeypatch):
    counts = [f"--{family}=1" for family in ("loops", "hits", "chords", "drumming")]
    monkeypatch.setattr(sys, "argv", ["analysis", "generate", str(tmp_path), *counts])
    assert command.main() == 0
    with (tmp_path / "manifest.csv").open() as lines:
        kinds = [row["kind"] for row in csv.DictReader(lines)]
    assert kinds == ["loop", "one-shot", "one-shot", "loop"]


def test_equal_models_have_equal_digests(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"numbers")
    (tmp_path / "a.txt").write_text("where from")
    first = train.digests(tmp_path)
    assert list(first) == ["a.npz"]
    (tmp_path / "a.npz").write_bytes(b"Numbers")
    assert train.digests(tmp_path) != first
