"""Files that failed: tried again by themselves, by a button, or left out."""

import io
from datetime import timedelta

import pytest
import soundfile
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import now
from django_q.models import OrmQ

from exports import retry
from exports.models import STOPPED, Export
from exports.options import Options
from exports.problem import PAD_GONE, PATH_TOO_LONG, TOO_LONG, TOO_SHORT
from library.jobs import State
from library.models import Sample
from tests import sounds
from tests.factories import KitFactory, PadFactory, SampleFactory, tone

pytestmark = pytest.mark.django_db

BROKEN = b"ID3" + bytes(range(97))  # a name, and no sound behind it


@pytest.fixture
def kit(user):
    """Return a kit of three good sounds, and one on C5 whose file cannot be read."""
    kit = KitFactory(owner=user, name="Night Market")
    for number in (1, 2, 3):
        PadFactory(kit=kit, number=number, sample__stored=True)
    broken = SampleFactory(owner=user, title="vox_stay", sound=BROKEN, original_name="vox.wav")
    PadFactory(kit=kit, bank="C", number=5, sample=broken)
    return kit


@pytest.fixture
def stopped(export, worker, kit):
    """Return an export of the kit that went as far as it could."""
    started = export(kit=kit)
    worker()
    started.refresh_from_db()
    assert (started.state, started.items.get(bank="C").state) == (State.PARTIAL, State.FAILED)
    return started


def mend(sample):
    """Put a whole file where the broken one was."""
    default_storage.delete(sample.blob)
    default_storage.save(sample.blob, ContentFile(tone(300)))


def test_a_failed_conversion_is_tried_once_more_by_the_other_decoder(
    user, export, worker, tmp_path
):
    path = sounds.write(tmp_path / "a.flac", sounds.noise(frames=200_000, peak_db=-12))
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(40)
    (tmp_path / "b.flac").write_bytes(data)
    with pytest.raises(soundfile.LibsndfileError):  # the first decoder gives up in the middle
        soundfile.read(io.BytesIO(bytes(data)))
    kit = KitFactory(owner=user)
    PadFactory(kit=kit, sample=SampleFactory(owner=user, sound=bytes(data), format="flac"))
    started = export(kit=kit)
    worker()
    item = started.items.get()
    assert (item.state, item.attempts, item.error) == (State.COMPLETED, 1, "")
    assert item.render.frames > 100_000


def test_what_no_decoder_reads_fails_with_its_reason(stopped):
    assert stopped.items.get(bank="C").error.startswith("Failed to load audio: ")


def test_the_page_says_where_it_stopped_and_what_can_be_done(client, stopped):
    text = client.get(f"/exports/{stopped.pk}/").text
    words = "Stopped at C5 vox_stay: file could not be converted. The other 3 are ready."
    assert words in text
    assert f'action="/exports/{stopped.pk}/retry/"' in text
    assert f'action="/exports/{stopped.pk}/leave-out/"' in text
    assert "Try again" in text
    assert "Leave it out" in text
    assert f'href="/exports/{stopped.pk}/zip"' in text


def test_the_poll_that_ends_brings_the_buttons(client, export, worker, kit):
    started = export(kit=kit)
    worker()
    answer = client.get(f"/exports/{started.pk}/progress/")
    assert answer.status_code == 286
    assert 'id="stopped"' in answer.text
    assert "Leave it out" in answer.text


def test_a_source_that_vanished_during_the_work_is_named_so(client, export, worker, kit):
    started = export(kit=kit)
    default_storage.delete(started.items.get(bank="C").sample.blob)
    worker()
    text = client.get(f"/exports/{started.pk}/").text
    assert "Stopped at C5 vox_stay: its source file is gone. The other 3 are ready." in text
    assert "Try again" not in text


def test_many_that_stopped_are_counted(client, export, worker, kit, user):
    for number in (6, 7):
        broken = SampleFactory(owner=user, sound=BROKEN[:-number])
        PadFactory(kit=kit, bank="C", number=number, sample=broken)
    started = export(kit=kit)
    worker()
    text = client.get(f"/exports/{started.pk}/").text
    assert "Stopped at C5 vox_stay and 2 more: files could not be converted." in text
    assert "Leave them out" in text


def test_retry_runs_only_what_failed_and_keeps_the_record(
    client, stopped, worker, django_capture_on_commit_callbacks
):
    before = dict(stopped.items.exclude(bank="C").values_list("pk", "finished_at"))
    mend(stopped.items.get(bank="C").sample)
    OrmQ.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/exports/{stopped.pk}/retry/")
    assert (answer.status_code, answer["Location"]) == (303, f"/exports/{stopped.pk}/")
    assert OrmQ.objects.exists()
    again = Export.objects.get(pk=stopped.pk)
    assert (again.state, again.finished_at) == (State.PENDING, None)
    assert again.rev > stopped.rev
    assert "75" in client.get(f"/exports/{stopped.pk}/").text  # percent: three of four are ready
    assert worker() == 1
    again.refresh_from_db()
    assert (again.state, again.sample_count) == (State.COMPLETED, 4)
    assert again.total_bytes > stopped.total_bytes
    assert again.created_at == stopped.created_at
    item = again.items.get(bank="C")
    assert (item.attempts, item.error, item.path) == (1, "", stopped.items.get(bank="C").path)
    assert dict(again.items.exclude(bank="C").values_list("pk", "finished_at")) == before


def test_a_page_that_slept_sees_the_retried_cell(client, stopped, worker):
    seen = stopped.rev
    retry.retry(stopped)
    answer = client.get(f"/exports/{stopped.pk}/progress/", {"rev": seen}).text
    assert 'id="cell-C5"' in answer
    assert answer.count('id="cell-') == 1


def test_retry_that_fails_again_says_so_again(client, stopped, worker):
    assert retry.retry(stopped) == 1
    worker()
    stopped.refresh_from_db()
    assert stopped.state == State.PARTIAL
    assert "Stopped at C5" in client.get(f"/exports/{stopped.pk}/").text


def test_time_between_the_tries_is_not_counted(stopped, worker):
    Export.objects.filter(pk=stopped.pk).update(
        started_at=now() - timedelta(days=2, seconds=7), finished_at=now() - timedelta(days=2)
    )
    retry.retry(stopped)
    worker()
    stopped.refresh_from_db()
    assert 7 <= stopped.seconds < 60


def test_a_source_that_came_back_is_found_by_its_content(export, worker, user, kit):
    sample = kit.pads.get(bank="A", number=2).sample
    started = export(kit=kit)
    worker()
    started.items.filter(sample=sample).update(state=State.FAILED, render=None)
    sha256 = sample.sha256
    Sample.objects.filter(pk=sample.pk).delete()
    started.refresh_from_db()
    assert retry.candidates(started).count() == 1  # only the broken one
    fresh = SampleFactory(owner=user, sha256=sha256)
    assert retry.retry(started) == 2
    assert started.items.get(number=2).sample == fresh
    worker()
    assert started.items.get(number=2).state == State.COMPLETED


@pytest.mark.parametrize("loss", [{"is_missing": True}, {"deleted_at": now()}])
def test_gone_sources_are_not_tried(client, stopped, loss):
    Sample.objects.filter(title="vox_stay").update(**loss)
    text = client.get(f"/exports/{stopped.pk}/").text
    assert "Try again" not in text
    assert "Leave it out" in text
    client.post(f"/exports/{stopped.pk}/retry/")
    assert "Nothing can be tried again" in client.get("/exports/").text
    stopped.refresh_from_db()
    assert stopped.state == State.PARTIAL


def test_somebody_elses_equal_sound_is_no_source(stopped, stranger):
    sample = Sample.objects.get(title="vox_stay")
    Sample.objects.filter(pk=sample.pk).update(owner=stranger)
    assert retry.retry(stopped) == 0


@pytest.mark.parametrize(
    "words", [f"{PATH_TOO_LONG} Kick", f"{TOO_LONG} 20:00", f"{TOO_SHORT} 60.0ms (minimum: 100ms)"]
)
def test_what_no_work_can_change_stays_out(stopped, words):
    assert retry.candidates(stopped).count() == 1
    stopped.items.filter(state=State.FAILED).update(error=words)
    assert retry.retry(stopped) == 0


def test_running_cancelled_and_cleared_exports_are_not_retried(client, stopped, export):
    running = export(1)
    running.items.update(state=State.FAILED)
    assert retry.retry(running) == 0
    for change in ({"state": State.CANCELLED}, {"files_removed_at": now()}):
        Export.objects.filter(pk=stopped.pk).update(**change)
        assert retry.retry(stopped) == 0
        assert "Try again" not in client.get(f"/exports/{stopped.pk}/").text


def test_an_export_of_which_nothing_worked_can_be_retried(client, export, worker, user):
    kit = KitFactory(owner=user)
    PadFactory(kit=kit, sample=SampleFactory(owner=user, title="vox", sound=BROKEN))
    started = export(kit=kit)
    worker()
    text = client.get(f"/exports/{started.pk}/").text
    assert "Nothing could be exported." in text
    assert "Try again" in text
    assert "Leave it out" not in text
    mend(Sample.objects.get())
    started.refresh_from_db()
    assert retry.retry(started) == 1
    worker()
    started.refresh_from_db()
    assert started.state == State.COMPLETED


def test_leave_it_out_settles_the_matter(client, stopped):
    answer = client.post(f"/exports/{stopped.pk}/leave-out/")
    assert (answer.status_code, answer["Location"]) == (303, f"/exports/{stopped.pk}/")
    text = client.get(f"/exports/{stopped.pk}/").text
    assert "Ready. One pad was left out: C5" in text
    assert "Try again" not in text
    assert "Leave it out" not in text
    stopped.refresh_from_db()
    assert stopped.state == State.PARTIAL
    assert "Completed with errors" in client.get("/exports/").text


def test_what_the_plan_knew_is_no_stop(client, export, worker, user):
    kit = KitFactory(owner=user)
    PadFactory(kit=kit, sample__stored=True)
    PadFactory(kit=kit, number=2, empty_hull=True)
    started = export(kit=kit)
    worker()
    assert started.items.get(number=2).error == PAD_GONE
    text = client.get(f"/exports/{started.pk}/").text
    assert "Ready. One pad was left out: A2, its source file is gone" in text
    assert "Leave it out" not in text


def test_cancel_keeps_nothing(export, worker, client):
    started = export(3)
    worker(1)
    client.post(f"/exports/{started.pk}/cancel/")
    started.refresh_from_db()
    assert started.state == State.CANCELLED
    assert not started.items.exclude(render=None).exists()
    assert worker() == 0


def test_cancelling_a_retry_keeps_what_was_ready_before(client, stopped, worker):
    retry.retry(stopped)
    client.post(f"/exports/{stopped.pk}/cancel/")
    assert worker() == 0
    stopped.refresh_from_db()
    assert stopped.state == State.PARTIAL
    assert stopped.items.filter(state=State.COMPLETED).exclude(render=None).count() == 3
    assert stopped.items.get(bank="C").error == STOPPED
    text = client.get(f"/exports/{stopped.pk}/").text
    assert "Stopped at C5 vox_stay: it was not tried again. The other 3 are ready." in text
    assert client.get(f"/exports/{stopped.pk}/zip").status_code == 200


def test_retry_costs_the_same_for_many_files(export, worker, django_assert_max_num_queries):
    started = export(60, options=Options())
    started.items.update(state=State.FAILED, error="x")
    Export.objects.filter(pk=started.pk).update(state=State.FAILED)
    with django_assert_max_num_queries(10):
        assert retry.retry(started) == 60
