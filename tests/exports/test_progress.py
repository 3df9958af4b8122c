"""What a job page says while an export runs and when it has ended."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils.timezone import now

from exports import progress
from exports.context import lamp_of
from exports.models import SheetPage
from exports.plan import PAD_GONE
from library.jobs import State
from library.models import WorkerBeat
from tests.factories import ExportFactory, ExportItemFactory

pytestmark = pytest.mark.django_db


def running(total=46, done=0, failed=0, **facts):
    export = ExportFactory(
        state=State.PROCESSING, sample_count=total, started_at=now() - timedelta(seconds=9), **facts
    )
    ExportItemFactory.create_batch(done, export=export, done=True)
    ExportItemFactory.create_batch(failed, export=export, state=State.FAILED, error="Broken")
    ExportItemFactory.create_batch(total - done - failed, export=export)
    return export


def test_counts_percent_and_time_left(beat, monkeypatch):
    export = running(10, done=3, failed=1)
    monkeypatch.setattr(progress, "now", lambda: export.started_at + timedelta(seconds=9))
    shown = progress.of(export)
    assert (shown.percent, shown.done, shown.written, shown.left_out) == (40, 4, 3, 1)
    assert shown.detail == "4 of 10, about 18 s left"
    assert shown.title.startswith("40 % Export")
    assert shown.sentence == "40 %: 4 of 10 done. 1 left out."
    assert shown.segments == ["d"] * 4 + [""] * 6


def test_says_what_is_converted(beat):
    export = running(2)
    export.items.filter(pk=export.items.first().pk).update(
        state=State.PROCESSING, bank="B", number=12, sample_title="brk_bluelamp"
    )
    shown = progress.of(export)
    assert shown.headline == "Converting B12 brk_bluelamp"
    assert shown.segments == ["n", ""]
    (line,) = progress.working_lines(shown.working)
    assert (line.look, line.icon, line.size) == ("now", "loader", None)


def test_waits_for_a_worker_and_for_space(beat):
    export = running(2)
    assert progress.of(export).headline == "Waiting for a worker."
    assert progress.of(export).detail == "0 of 2"
    export.state = State.WAITING
    assert progress.of(export).headline == "Waiting for disk space."
    export.items.update(state=State.WAITING, error="No room left on this machine: …")
    assert progress.of(export).headline == "No room left on this machine: …"


def test_never_says_100_before_the_end(beat):
    shown = progress.of(running(2, done=2))
    assert shown.percent == 99


def test_says_what_comes_after_the_last_file(beat):
    export = running(53, done=53)
    assert lamp_of(export.owner).text == "Exporting 99 %"
    shown = progress.of(export)
    assert (shown.headline, shown.detail) == ("Finishing the ZIP.", "53 of 53")
    SheetPage.objects.create(export=export, letter="A", content={})
    assert progress.of(export).headline == "Drawing the pad sheet."


@pytest.mark.parametrize(
    ("age", "mode", "pace"), [(5, "quick", "every 700ms"), (31, "slow", "every 2s")]
)
def test_asks_quickly_at_first(beat, age, mode, pace):
    export = running(2)
    export.started_at = now() - timedelta(seconds=age)
    shown = progress.of(export)
    assert (shown.mode, shown.pace) == (mode, pace)


def test_is_stalled_without_a_sign_of_life():
    export = running(2)
    WorkerBeat.objects.create(name="dead", beat_at=now() - timedelta(seconds=16))
    shown = progress.of(export)
    assert shown.is_stalled
    assert shown.mode == "stalled"
    assert shown.headline.startswith("The export has stalled.")
    assert shown.sentence == shown.headline
    WorkerBeat.objects.update(beat_at=now())
    assert not progress.of(export).is_stalled


def test_a_finished_export_never_stalls():
    assert not progress.of(ExportFactory(done=True)).is_stalled


def ended(state, *errors, done=1, kind="batch"):
    export = ExportFactory(
        state=state,
        kind=kind,
        sample_count=done + len(errors),
        started_at=now() - timedelta(seconds=23),
        finished_at=now(),
        total_bytes=36_900_000,
    )
    ExportItemFactory.create_batch(done, export=export, done=True)
    for number, error in enumerate(errors, 12):
        place = {"bank": "A", "number": number} if kind == "kit" else {}
        ExportItemFactory(
            export=export, state=State.FAILED, error=error, sample_title="Vox", **place
        )
    return progress.of(export)


def test_ready():
    shown = ended(State.COMPLETED, done=3)
    assert (shown.headline, shown.detail) == ("Ready.", "23 s, 36.9 MB")
    assert shown.percent == 100
    assert shown.segments == ["d"] * 3
    assert shown.can_download


def test_ready_but_one_pad():
    shown = ended(State.PARTIAL, PAD_GONE, kind="kit")
    assert shown.headline == "Ready. One pad was left out: A12, its source file is gone"


def test_ready_but_some_sounds():
    assert ended(State.PARTIAL, "Too short", "x").headline == "Ready. 2 sounds were left out."
    one = ended(State.PARTIAL, "Duration too short: 60.0ms (minimum: 100ms)")
    assert one.headline.endswith("Vox, duration too short: 60.0ms (minimum: 100ms)")


def test_nothing_worked():
    shown = ended(State.FAILED, "Sample 7 not found", done=0)
    assert shown.headline == "Nothing could be exported. Sample 7 not found"
    assert not shown.can_download
    assert shown.segments == [""]


def test_cancelled():
    shown = ended(State.CANCELLED)
    assert shown.headline == "Cancelled. Nothing was kept."
    assert shown.title.startswith("Cancelled: ")
    assert shown.detail == "23 s"


def test_speaks_at_quarters_and_problems_only(beat):
    export = running(40, done=1)
    first = progress.of(export).said
    export.items.filter(state=State.PENDING).first().finish(State.COMPLETED)
    assert progress.of(export).said == first
    for item in export.items.filter(state=State.PENDING)[:8]:
        item.finish(State.COMPLETED)
    quarter = progress.of(export).said
    assert quarter != first
    export.items.filter(state=State.PENDING).first().finish(State.FAILED, error="x")
    assert progress.of(export).said != quarter


def test_reads_what_a_page_has_seen():
    seen = progress.Seen.read(QueryDict("rev=12&mode=slow&said=1.0&show=left"))
    assert seen == progress.Seen(12, "slow", "1.0", "left")
    for nonsense in ("", "rev=-1&show=x", "rev=99999999999999999999", "rev=²"):
        assert progress.Seen.read(QueryDict(nonsense)) == progress.Seen()


def test_log_is_newest_first_and_filtered(beat):
    export = running(4)
    facts = [
        (State.COMPLETED, ["44.1 to 48 kHz"], ""),
        (State.COMPLETED, ["96 to 48 kHz"], ""),
        (State.FAILED, [], "Broken."),
    ]
    for item, (state, changed, error) in zip(export.items.all(), facts, strict=False):
        item.finish(state, changes=changed, error=error)
    assert progress.log(export, "all") == []  # all that came after the export was read
    export.refresh_from_db()
    looks = {show: [line.look for line in progress.log(export, show)] for show in progress.SHOWS}
    assert looks == {"all": ["err", "warn", ""], "changed": ["warn"], "left": ["err"]}
    (line,) = progress.log(export, "left")
    assert (line.what, line.size) == ("Broken", 0)
    assert progress.log(export, "all", since=export.rev) == []
    assert len(progress.log(export, "all", since=export.rev - 1)) == 1


def test_log_keeps_200_lines(beat):
    export = running(203, done=203)
    assert len(progress.log(export, "all")) == 200


def test_changed_cells_of_a_kit_and_of_a_band(beat):
    kit = running(3, kind="kit")
    kit.items.update(bank="A")
    for number, item in enumerate(kit.items.all(), 1):
        kit.items.filter(pk=item.pk).update(number=number)
    kit.items.first().finish(State.COMPLETED)
    assert [cell.id for cell in progress.changed_cells(kit, 0)] == ["cell-A1"]
    band = ExportFactory(sample_count=320)
    for position in range(320):
        ExportItemFactory(export=band, position=position)
    band.items.get(position=5).finish(State.COMPLETED)
    (cell,) = progress.changed_cells(band, 0)
    assert (cell.id, cell.look) == ("cell-2", "q")  # its neighbour is still to come


def test_estimates_by_the_last_exports_of_this_person(user):
    assert progress.estimate(user, 100) == ""
    moment = now()
    for seconds, count in ((10, 20), (20, 40)):
        ExportFactory(
            owner=user,
            done=True,
            sample_count=count,
            started_at=moment - timedelta(seconds=seconds),
            finished_at=moment,
        )
    ExportFactory(done=True, sample_count=1, started_at=moment - timedelta(hours=1))
    assert progress.estimate(user, 100) == "50 s"
    assert progress.estimate(user, 0) == ""


def test_durations():
    assert [progress.duration(seconds) for seconds in (0, 9.4, 89, 100)] == [
        "1 s",
        "9 s",
        "89 s",
        "2 min",
    ]
