"""What the plan shows is what the workers write: names, places, exact sizes, changes."""

import io
import zipfile

import numpy as np
import pytest
import soundfile

from exports import again, build, download
from exports.models import Export
from exports.options import Options
from exports.plan import plan
from exports.sources import from_ids
from library import ingest, labour
from library.jobs import State
from library.models import Sample
from tests import sounds
from tests.exports.mixed import library


def run_all():
    """Do all export items as a worker would."""
    while labour.work_once("test"):
        pass


def taken_in(user, path) -> Sample:
    """Return a file as an analysed sample."""
    label = ingest.Label(path=path.name)
    sample = ingest.add_sample(owner=user, file=path, label=label).sample
    run_all()
    sample.refresh_from_db()
    return sample


def zipped(export) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(download.archive(export).stream())))


@pytest.mark.django_db
def test_two_hundred_mixed_files(user, tmp_path):
    samples = library(user, tmp_path, 200)
    source = from_ids(user, [sample.pk for sample in samples])
    for options in (
        Options(layout="folders"),
        Options(layout="bpm", format="aiff", channels="mono", pad_short=False, root=""),
    ):
        planned = plan(source, options)
        assert len(planned.items) == 200
        assert all(item.is_known for item in planned.items)
        export = build.create(user, planned)
        run_all()
        compare(planned, Export.objects.get(pk=export.pk))


@pytest.mark.django_db
def test_every_other_choice(user, tmp_path):
    samples = library(user, tmp_path, 24)
    source = from_ids(user, [sample.pk for sample in samples])
    for options in (
        Options(layout="bpm", channels="auto", bpm_bounds=(60, 150)),
        Options(layout="genre", device_names=False, lower_case=False, sanitize=False),
    ):
        planned = plan(source, options)
        export = build.create(user, planned)
        run_all()
        compare(planned, Export.objects.get(pk=export.pk))


@pytest.mark.django_db
@pytest.mark.parametrize("long", ["split", "shorten"])
def test_long_sounds_of_every_kind_are_split_and_shortened_as_planned(
    user, tmp_path, monkeypatch, long
):
    monkeypatch.setattr("exports.options.LONGEST_FRAMES", 12_000)  # as if it were 16 minutes
    samples = library(user, tmp_path, 24)
    source = from_ids(user, [sample.pk for sample in samples])
    whole, cut = plan(source, Options(device_names=False)), plan(source, Options(long=long))
    for planned in (whole, cut):
        export = build.create(user, planned)
        assert export.sample_count == len(planned.items)
        run_all()
        compare(planned, Export.objects.get(pk=export.pk))
    longest = max(item.frames for item in cut.included)
    assert longest <= 12_000 < max(item.frames for item in whole.included)
    if long == "shorten":
        assert len(cut.items) == 24
        return
    assert sum(item.frames for item in cut.included) == sum(item.frames for item in whole.included)
    assert Export.objects.latest("pk").items.count() == len(cut.items) > 24


@pytest.mark.django_db
def test_a_sound_of_17_minutes_is_split_without_a_gap_and_cut_with_a_fade(user, tmp_path):
    rate, seconds = 4_000, 1_020
    signal = sounds.sine(440, frames=rate * seconds + 1, rate=rate)
    path = sounds.write(tmp_path / "Long Jam.wav", signal, rate=rate, subtype="PCM_U8")
    sample = taken_in(user, path)
    lengths = {}
    for long in ("split", "shorten"):
        planned = plan(from_ids(user, [sample.pk]), Options(long=long))
        export = build.create(user, planned)
        run_all()
        compare(planned, Export.objects.get(pk=export.pk))
        lengths[long] = [(item.path, item.frames) for item in planned.included]
    half = (rate * seconds + 1) * 12 // 2
    assert lengths == {
        "split": [("IMPORT/long_jam_01.wav", half), ("IMPORT/long_jam_02.wav", half)],
        "shorten": [("IMPORT/long_jam.wav", 960 * 48_000)],
    }


@pytest.mark.django_db
def test_equal_channels_become_mono_and_lose_nothing(user, tmp_path):
    line = sounds.words(sounds.noise(frames=48_000))
    samples = []
    for name, right in (("same", line), ("other", -line)):
        path = sounds.write(tmp_path / f"{name}.wav", np.hstack((line, right)), 48_000, "PCM_16")
        samples.append(taken_in(user, path))
    planned = plan(from_ids(user, [sample.pk for sample in samples]), Options(channels="auto"))
    export = build.create(user, planned)
    run_all()
    compare(planned, Export.objects.get(pk=export.pk))
    same, other = planned.items
    assert (same.channels, same.size) == (1, 44 + 2 * 48_000)
    assert (other.channels, other.size) == (2, 44 + 4 * 48_000)
    with zipped(export) as archive:
        words, _ = soundfile.read(io.BytesIO(archive.read(same.path)), dtype="int16")
    assert np.array_equal(words, line[:, 0])


@pytest.mark.django_db
def test_a_split_export_made_again_asks_for_each_sound_once(user, tmp_path, monkeypatch):
    monkeypatch.setattr("exports.options.LONGEST_FRAMES", 12_000)
    samples = library(user, tmp_path, 24)
    options = Options(long="split")
    first = build.create(user, plan(from_ids(user, [sample.pk for sample in samples]), options))
    run_all()
    second = again.make(Export.objects.get(pk=first.pk))
    run_all()
    paths = [list(one.items.values_list("path", "render")) for one in (first, second)]
    assert paths[0] == paths[1]
    assert len(paths[0]) > 24
    archives = [b"".join(download.archive(one).stream()) for one in (first, second)]
    assert archives[0] == archives[1]


def compare(planned, export):
    assert export.state == (State.PARTIAL if planned.left_out else State.COMPLETED)
    assert export.total_bytes == planned.total_bytes
    written = {item.position: item for item in export.items.select_related("render")}
    for item in planned.items:
        row = written[item.position]
        if item.problem:
            assert (row.state, row.error) == (State.FAILED, item.problem)
            continue
        assert (row.state, row.error) == (State.COMPLETED, "")
        assert (row.path, row.size_bytes) == (item.path, item.size)
        assert tuple(row.changes) == item.changes
    with zipped(export) as archive:
        entries = {entry.filename: entry.file_size for entry in archive.infolist()}
        assert entries == {item.path: item.size for item in planned.included}
        for item in planned.included:
            check_sound(io.BytesIO(archive.read(item.path)), item)


def check_sound(file, item):
    sample: Sample = item.wanted.sample
    header = soundfile.info(file)
    assert (header.samplerate, header.subtype) == (48_000, "PCM_16")
    assert header.format == item.recipe.format.upper()
    channels = 1 if item.recipe.channels == "mono" else min(sample.channels, 2)
    assert header.channels == item.channels == channels
    assert header.frames == item.frames
    if item.recipe.is_whole:
        exact = sample.frames * 48_000 / sample.sample_rate
        assert abs(header.frames - max(exact, 4_800 if item.recipe.pad_short else 0)) <= 1
