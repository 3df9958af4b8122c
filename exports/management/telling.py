"""What the export commands print: the plan, and what came of it."""

from collections.abc import Iterator
from typing import Any

from exports.models import Export
from exports.plan import Plan
from exports.tree import tree
from library.jobs import State
from library.storage import megabytes


def lines_of(planned: Plan, *, every_file: bool) -> Iterator[str]:
    """Yield a plan in lines: the folders, the changes, the warnings, what is left out."""
    yield f"{planned.source.name}: {_files(len(planned.included))}, {_size(planned)}"
    for line in tree(planned.files):
        size = f", {megabytes(line.size)}" if line.size is not None else ""
        yield f"{line.branch} {line.name}{'/' * line.is_folder} {line.note}{size}".rstrip()
    for item in planned.included if every_file else ():
        yield f"  {item.path}  {'?' if item.size is None else item.size}  {item.sentence}"
    for words in (*planned.summary, *planned.settings):
        yield f"  {words}"
    for problem in planned.problems:
        device = f" The sampler says: {problem.device}" if problem.device else ""
        yield f"Note: {problem.sentence}{device}"
    for item in planned.left_out:
        yield f"Left out: {item.wanted.title}: {item.problem}"


def _files(count: int) -> str:
    return f"{count} file{'s' * (count != 1)}"


def _size(planned: Plan) -> str:
    some = f" and {planned.unknown} of unknown length" if planned.unknown else ""
    return megabytes(planned.total_bytes) + some


def plan_as_json(planned: Plan) -> dict[str, Any]:
    """Return a plan for programs."""
    return {
        "dry_run": True,
        "name": planned.source.name,
        "total_bytes": planned.total_bytes,
        "unknown": planned.unknown,
        "files": [
            {"path": item.path, "bytes": item.size, "changes": list(item.changes)}
            for item in planned.included
        ],
        "credits_bytes": len(planned.credits.encode()),
        "sheet": [path for path, _ in planned.sheet],
        "left_out": [
            {"title": item.wanted.title, "error": item.problem} for item in planned.left_out
        ],
        "summary": planned.summary + planned.settings,
        "notes": [
            {"weight": problem.weight, "sentence": problem.sentence, "device": problem.device}
            for problem in planned.problems
        ],
    }


def sentences_of(export: Export, told: dict[str, Any]) -> Iterator[str]:
    """Yield what came of an export, and what was written where."""
    done = export.items.filter(state=State.COMPLETED).count()
    rest = f", {export.sample_count - done} left out" if done < export.sample_count else ""
    size = megabytes(export.total_bytes)
    yield f"Export {export.pk}, {export.name}: {_files(done)}, {size}{rest}."
    if told["zip"]:
        yield f"Written to {told['zip']}."
    if folder := told["folder"]:
        counts = [f"{len(folder[name])} {name}" for name in ("added", "updated", "unchanged")]
        yield f"In {folder['path']}: {', '.join(counts)}."
        yield from (sentence for _, sentence in folder["beside"])
        yield from (f"Not written: {path}: {why}" for path, why in folder["left_out"])
        if folder["older"]:
            yield "Still there from earlier, for the same pads and sounds:"
            yield from (f"  {path}" for path in folder["older"])
