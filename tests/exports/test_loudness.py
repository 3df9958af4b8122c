"""Matched loudness and trimmed ends: what the form plans is what the files measure."""

import io
import zipfile

import numpy as np
import pytest
import soundfile

from exports import build, download, loudness
from exports.options import Options
from exports.plan import plan
from exports.sources import from_ids
from library import ingest
from library.audio.loudness import LoudnessMeter
from library.audio.truepeak import TruePeakMeter
from library.audio.units import RATE, gain_to_db
from library.jobs import State
from library.models import Sample
from tests import sounds
from tests.factories import SampleFactory

pytestmark = pytest.mark.django_db

BOTH = Options(loudness="match", trim=True)


def hit(*, before=0.0, after=0.0, rate=RATE, channels=1, fall=12.0):
    """A tone of half a second at -2 dB that dies away, seconds of silence around it."""
    tone = sounds.sine(180, frames=rate // 2, rate=rate, channels=channels, peak_db=-2)
    tone *= np.exp(-fall * np.arange(len(tone), dtype=np.float32)[:, None] / rate)
    lead, tail = (
        sounds.silence(frames=round(rate * t), channels=channels) for t in (before, after)
    )
    return np.concatenate([lead, tone, tail])


CRATE = {  # what the file holds, its rate and words
    "kick": (hit(before=0.2, after=0.7, fall=40), 48_000, "PCM_16"),
    "snare": (hit(rate=44_100, channels=2, after=1.1, fall=60), 44_100, "PCM_24"),
    "tick": (hit(rate=96_000, before=0.05, after=0.2, fall=200), 96_000, "PCM_16"),
    "whole": (hit()[:20_000], 48_000, "PCM_16"),
    "pad": (sounds.sine(330, frames=96_000, peak_db=-9, channels=2), 48_000, "PCM_16"),
    "hot": (sounds.sine(500, frames=60_000, peak_db=2), 44_100, "FLOAT"),
    "room": (sounds.noise(frames=60_000, peak_db=-57), 48_000, "PCM_24"),
    "nothing": (sounds.silence(frames=24_000), 48_000, "PCM_16"),
}
FALLEN = 58 / (20 * np.log10(np.e) * 40)  # seconds from -2 to -60 dB of the kick
CUT = {"kick", "snare", "tick"}
HELD = {"kick", "snare", "tick"}


@pytest.fixture
def crate(user, worker, tmp_path) -> dict[str, Sample]:
    """Return the sounds of the crate, measured."""
    for name, (samples, rate, words) in CRATE.items():
        path = sounds.write(tmp_path / f"{name}.wav", samples, rate=rate, subtype=words)
        ingest.add_sample(owner=user, file=path, label=ingest.Label(path.name))
    worker()
    return {sample.title: sample for sample in Sample.objects.all()}


@pytest.fixture
def written(user, crate, worker):
    """Return a function that exports the crate: its plan, its export, each file's frames."""

    def write(options: Options):
        planned = plan(from_ids(user, [sample.pk for sample in crate.values()]), options)
        export = build.create(user, planned)
        worker()
        export.refresh_from_db()
        archive = zipfile.ZipFile(io.BytesIO(b"".join(download.archive(export).stream())))
        files = {item.wanted.title: archive.read(item.path) for item in planned.included}
        return planned, export, files

    return write


def heard(file: bytes):
    samples, rate = soundfile.read(io.BytesIO(file), dtype="float32", always_2d=True)
    assert rate == RATE
    return samples


def measured(file: bytes) -> tuple[float, float]:
    """Return loudness in LUFS and true peak in dBTP."""
    samples = heard(file)
    loud, peak = LoudnessMeter(samples.shape[1]), TruePeakMeter(samples.shape[1])
    loud.add(samples)
    peak.add(samples)
    return loud.integrated(), gain_to_db(peak.peak)


@pytest.mark.parametrize(
    "options",
    [
        BOTH,
        Options(loudness="match", loudness_lufs=-20, channels="mono", format="aiff"),
        Options(trim=True, pad_short=True, root=""),
    ],
)
def test_sizes_and_sentences_of_the_plan_are_those_of_the_files(written, options):
    planned, export, files = written(options)
    assert (export.state, export.total_bytes) == (State.COMPLETED, planned.total_bytes)
    rows = {item.position: item for item in export.items.all()}
    for item in planned.items:
        row = rows[item.position]
        assert item.size == row.size_bytes == len(files[item.wanted.title])
        assert len(row.changes) == len(item.changes)
        for told, foreseen in zip(row.changes, item.changes, strict=True):
            assert told == foreseen or foreseen.startswith("Loudness matched to")


@pytest.mark.parametrize("channels", ["keep", "mono"])
def test_files_are_as_loud_as_asked_or_say_what_they_reached(written, channels):
    _planned, export, files = written(Options(loudness="match", channels=channels))
    rows = {item.sample_title: item.changes for item in export.items.all()}
    assert "Loudness matched to −16 LUFS" in rows["pad"]
    for name, file in files.items():
        loud, peak = measured(file)
        said = [change for change in rows[name] if change.startswith("Reached")]
        assert peak <= -1 or name == "nothing"
        assert bool(said) == (-100 < loud < -16.1), name
        assert not (said and "Loudness matched to −16 LUFS" in rows[name])
        if said:
            reached = float(said[0].split()[1].replace("−", "-"))
            assert loud == pytest.approx(reached, abs=0.3)
            assert loud < -16
    limited = {name for name, found in rows.items() if "limited by peak" in " ".join(found)}
    assert limited == HELD
    assert rows["room"][-1].endswith("LUFS, boost limited to 24 dB")


def test_a_sound_without_a_loudness_stays_as_it_is(written):
    _planned, export, files = written(Options(loudness="match"))
    row = export.items.get(sample_title="nothing")
    assert (row.changes, row.recipe["loudness_lufs"]) == ([], None)
    assert not heard(files["nothing"]).any()


def test_the_plan_knows_whom_peaks_will_hold_down(written):
    planned, _export, _ = written(Options(loudness="match"))
    foreseen = {i.wanted.title for i in planned.items if loudness.is_held(i.sample, i.recipe)}
    assert foreseen == HELD
    assert planned.summary[-1] == "about 3 stay below −16 LUFS: peaks reach −1 dB first"


def test_trimming_leaves_the_sound_and_5_ms_around_it(written):
    planned, export, files = written(Options(trim=True))
    recipes = {item.wanted.title: item.recipe for item in planned.items}
    assert {name for name, recipe in recipes.items() if recipe.trim} == CUT
    kick = heard(files["kick"])
    first = np.flatnonzero(np.abs(kick) >= 1e-3)[0]
    assert first / RATE == pytest.approx(0.005, abs=1 / RATE)
    assert len(kick) / RATE == pytest.approx(0.005 + FALLEN + 0.005, abs=0.003)
    row = export.items.get(sample_title="kick")
    assert row.changes == [f"{1400 - round(len(kick) / 48)} ms of silence trimmed"]


def test_what_trimming_makes_short_is_lengthened_or_left_out(written):
    planned, export, files = written(Options(trim=True))
    assert len(heard(files["tick"])) == 4_800
    assert planned.items[2].changes[-1] == "Padded with silence to 100 ms"
    planned, export, files = written(Options(trim=True, pad_short=False))
    (left,) = planned.left_out
    assert left.wanted.title == "tick"
    assert left.problem.startswith("Duration too short: ")
    assert export.state == State.PARTIAL


def test_what_would_not_change_keeps_its_address(user, crate, written):
    _, plain, _ = written(Options())
    _, trimmed, _ = written(Options(trim=True))
    one, other = (
        dict(export.items.values_list("sample_title", "render")) for export in (plain, trimmed)
    )
    assert {name for name in one if one[name] != other[name]} == CUT


def test_a_loop_that_would_be_cut_is_warned_of(user):
    facts = {"owner": user, "sound_start": 100}
    SampleFactory(**facts)
    SampleFactory(**facts, is_loop=None)
    SampleFactory(owner=user, loop=True)  # nothing to cut
    SampleFactory(owner=user, loop=True, new=True)  # nobody knows
    samples = [SampleFactory(**facts, loop=True), *Sample.objects.all()]
    for expected in (
        "1 loop cut shorter: out of time when repeated.",
        "2 loops cut shorter: out of time when repeated.",
    ):
        source = from_ids(user, [sample.pk for sample in samples])
        assert plan(source, Options(trim=True)).warnings == [expected]
        assert plan(source, Options()).warnings == []
        samples.append(SampleFactory(**facts, is_loop=None, sample_class="break"))


def test_a_sound_that_is_not_measured_may_be_anything(user):
    sample = SampleFactory(owner=user, new=True)
    planned = plan(from_ids(user, [sample.pk]), BOTH)
    assert (planned.unknown, planned.total_bytes, planned.summary) == (1, 0, [])
    recipe = planned.items[0].recipe
    assert (recipe.trim, recipe.pad_short, recipe.loudness_lufs) == (True, True, -16)


def test_the_result_counts_who_was_limited(user, crate, written):
    _, export, _ = written(Options(loudness="match"))
    assert loudness.result(export) == (
        "3 of 8 were limited by their peaks: they are as loud as they can be without a limiter."
    )
    export.items.exclude(sample_title__in=["kick", "pad"]).delete()
    assert loudness.result(export) == (
        "1 of 2 was limited by its peaks: it is as loud as it can be without a limiter."
    )
    export.items.get(sample_title="kick").delete()
    assert loudness.result(export) == ""
    _, plain, _ = written(Options())
    assert loudness.result(plain) == ""
