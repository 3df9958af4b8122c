"""Renders: made once, shared, checked, and what stands in the way said in words."""

import errno
import hashlib
import os
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from exports import build, render
from exports.models import Render
from exports.options import Options
from exports.plan import plan
from exports.sources import from_ids
from library.audio.convert import convert
from library.audio.errors import ResamplingFailed
from library.audio.recipe import Recipe
from library.jobs import JobError, State, WriteError
from library.storage import NoSpaceError
from tests import sounds
from tests.factories import ExportItemFactory, SampleFactory, tone

pytestmark = pytest.mark.django_db


def item_of(sound: bytes, **facts):
    sample = SampleFactory(sound=sound, **facts)
    recipe = {"format": "wav", "channels": "keep", "pad_short": False, "overs": "guard"}
    return ExportItemFactory(sample=sample, export__owner=sample.owner, recipe=recipe)


def made_of(item):
    """Return the render of an item as a worker makes and writes it."""
    render.find([item])
    made = render.render(item)
    Render.add([made])
    return made


def test_is_addressed_by_source_and_recipe():
    key = render.key_of("ab", Recipe())
    assert len(key) == 64
    assert key == render.key_of("ab", Recipe())
    assert key != render.key_of("cd", Recipe())
    assert key != render.key_of("ab", Recipe(format="aiff"))


def test_is_made_once_and_found_again():
    item = item_of(tone(300, 0.2))
    made = made_of(item)
    with default_storage.open(made.path) as file:
        data = file.read()
    assert len(data) == made.size_bytes
    assert hashlib.sha256(data).hexdigest() == made.sha256
    stamp = default_storage.get_modified_time(made.path)
    assert made_of(item) == made
    assert default_storage.get_modified_time(made.path) == stamp
    assert Render.objects.count() == 1


def test_is_made_again_with_the_same_bytes_when_its_file_is_gone_or_cut():
    item = item_of(tone(300, 0.2))
    made = made_of(item)
    default_storage.delete(made.path)
    assert made_of(item).sha256 == made.sha256
    assert default_storage.exists(made.path)
    default_storage.save(made.path, ContentFile(b"half"))
    assert made_of(item) == made
    assert default_storage.size(made.path) == made.size_bytes
    assert Render.objects.count() == 1


def test_leaves_no_temporary_file(settings):
    render.render(item_of(tone(300, 0.2)))
    assert list(settings.TMP_DIR.iterdir()) == []


def test_a_source_that_is_gone_is_named_as_its_owner_calls_it():
    item = item_of(tone(300, 0.2), original_name="My Kick.wav")
    default_storage.delete(item.sample.blob)
    with pytest.raises(JobError, match=r"^Audio file not found: My Kick\.wav$"):
        render.render(item)
    item.sample.refresh_from_db()
    assert item.sample.is_missing


def test_a_deleted_sample_leaves_a_readable_item():
    item = item_of(tone(300, 0.2))
    default_storage.delete(item.sample.blob)
    item.sample.delete()
    item.refresh_from_db()
    with pytest.raises(JobError, match=item.sample_title):
        render.render(item)


def test_a_file_that_makes_no_sound_fails_with_the_reason(settings):
    item = item_of(b"no sound at all")
    with pytest.raises(JobError, match=r"^Failed to load audio: "):
        render.render(item)
    assert list(settings.TMP_DIR.iterdir()) == []


def test_a_sound_that_turns_out_short_is_refused_in_words():
    item = item_of(tone(300, 0.06, rate=48_000))
    with pytest.raises(JobError, match=r"^Duration too short: 60\.0ms \(minimum: 100ms\)$"):
        render.render(item)
    item.recipe["pad_short"] = True
    made = made_of(item)
    assert (made.frames, made.changes) == (4_800, ["Padded with silence to 100 ms"])


def test_more_than_two_channels_are_folded_with_a_warning(caplog):
    made = made_of(item_of(tone(300, 0.2, channels=6)))
    assert made.channels == 2
    assert "6 channels folded down" in caplog.text


def test_a_full_disk_waits_and_goes_on(settings, export, worker):
    settings.RESERVE_BYTES = 10**18
    started = export(1)
    worker(1)
    started.refresh_from_db()
    item = started.items.get()
    assert (started.state, item.state, item.attempts) == (State.WAITING, State.WAITING, 0)
    assert "No room left on this machine" in item.error
    settings.RESERVE_BYTES = 0
    started.items.update(state=State.PENDING, lease_until=None)
    worker()
    started.refresh_from_db()
    assert started.state == State.COMPLETED


def test_asks_for_room_before_it_converts(settings):
    settings.RESERVE_BYTES = 10**18
    with pytest.raises(NoSpaceError):
        render.render(item_of(tone(300, 0.2)))
    assert not Render.objects.exists()


def test_a_conversion_that_came_out_cut_is_a_fault_of_the_machine(monkeypatch):
    def cut(source, target, recipe):
        result = convert(source, target, recipe)
        os.truncate(target, result.size_bytes - 2)
        return result

    monkeypatch.setattr(render, "convert", cut)
    item = item_of(tone(300, 0.2))
    with pytest.raises(OSError, match="did not keep"):
        render.render(item)
    assert not item.known


@pytest.mark.parametrize("spoil", [False, True])
def test_a_storage_that_copies_is_read_again(monkeypatch, spoil):
    def copied(source, name):
        data = source.read_bytes()
        default_storage.save(name, ContentFile(data[:-1] + b"x" if spoil else data))
        return False

    monkeypatch.setattr(render, "keep", copied)
    item = item_of(tone(300, 0.2))
    if not spoil:
        assert default_storage.size(render.render(item).path)
        return
    with pytest.raises(OSError, match="did not keep"):
        render.render(item)
    key = render.key_of(item.sample_sha256, Recipe(**item.recipe))
    assert not default_storage.exists(Render(key=key, extension="wav").path)


def test_two_exports_share_one_file(export, worker, user):
    first = export(1)
    worker()
    sample = first.items.get().sample
    second = build.create(user, plan(from_ids(user, [sample.pk]), Options(layout="genre", root="")))
    worker()
    assert second.items.get().render == first.items.get().render
    assert Render.objects.count() == 1


def test_the_log_names_each_conversion_and_its_seconds(caplog):
    caplog.set_level("INFO", "exports.render")
    made_of(item_of(tone(200, rate=44_100), title="Kick"))
    assert re.search(
        r", Kick: wav, 44100 Hz, 1 channels to wav, 48000 Hz, .*\d s$", caplog.text, re.MULTILINE
    )


def test_the_log_names_faults_of_conversions_as_errors(caplog):
    with pytest.raises(JobError):
        made_of(item_of(b"no sound at all", title="Broken"))
    found = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [
        ", Broken, was not converted: Failed to load audio" in r.getMessage() for r in found
    ] == [True]


def test_the_log_warns_of_the_second_decoder(tmp_path, caplog):
    path = sounds.write(tmp_path / "a.flac", sounds.noise(frames=200_000, peak_db=-12))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
    item = item_of(bytes(data))
    render.render(item)
    warned = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert warned == [f"Item {item.pk}: the first decoder broke off, another one read it"]


def test_a_sound_that_cannot_be_resampled_says_so(monkeypatch):
    def refuse(*_):
        raise ResamplingFailed("3 Hz cannot become 48000 Hz")

    monkeypatch.setattr(render, "convert", refuse)
    with pytest.raises(JobError, match=r"^Resampling failed: 3 Hz cannot become 48000 Hz$"):
        render.render(item_of(tone(300, 0.2)))


def test_a_file_that_cannot_be_written_says_so_and_is_tried_again(monkeypatch):
    def broken(*_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(render, "keep", broken)
    with pytest.raises(WriteError, match=r"^Writing failed: input/output error$"):
        render.render(item_of(tone(300, 0.2)))
