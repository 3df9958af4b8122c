"""The job page, its polls, its buttons, its downloads, and the history."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.utils.timezone import now
from django_q.models import OrmQ

from exports.models import Export
from exports.options import Options
from library.jobs import State
from tests.factories import (
    ExportFactory,
    ExportItemFactory,
    KitFactory,
    PadFactory,
    SampleFactory,
    UserFactory,
    tone,
)


def poll_address(text):
    """Return where the page asks next, or None when it has stopped."""
    found = re.search(r'hx-get="(/exports/\d+/progress/[^"]*)"', text)
    return found[1].replace("&amp;", "&") if found else None


@pytest.fixture
def full_kit(user):
    kit = KitFactory(owner=user, name="Night Market")
    PadFactory(kit=kit, number=1, sample__stored=True, sample__title="Kick")
    PadFactory(
        kit=kit,
        number=2,
        sample__sound=tone(rate=96_000),
        sample__hires=True,
        sample__frames=24_000,
        sample__title="Hat",
    )
    PadFactory(kit=kit, bank="B", number=3, empty_hull=True)
    return kit


def test_page_of_a_new_export(client, export, full_kit, beat):
    started = export(kit=full_kit)
    text = client.get(f"/exports/{started.pk}/").text
    assert "<title>33 % Night Market" in text
    assert 'role="progressbar"' in text
    assert 'hx-trigger="every 700ms"' in text
    assert text.count('id="cell-') == 160
    assert re.search(r'id="cell-A1"\s+class="q"\s+data-c="kick"', text)
    assert re.search(r'id="cell-B3"\s+class="e"\s*>×', text)
    assert "Source file is gone. Pad left empty" in text
    assert "Cancel" in text
    assert "Restart" not in text
    assert "<noscript>" in text
    assert "style=" not in text


def test_page_of_a_finished_export(client, export, full_kit, worker, beat):
    started = export(kit=full_kit)
    worker()
    text = client.get(f"/exports/{started.pk}/").text
    assert "Ready. One pad was left out: B3, its source file is gone" in text
    assert poll_address(text) is None
    assert re.search(r'id="cell-A1"\s+class="d"', text)
    assert re.search(r'id="cell-A2"\s+class="w"[^>]*>!', text)
    assert f'href="/exports/{started.pk}/zip"' in text
    assert "Cancel" not in text


def test_page_of_sounds_is_a_band(client, export, beat):
    text = client.get(f"/exports/{export(3).pk}/").text
    assert len(re.findall(r'id="cell-\d+"', text)) == 3
    assert "cell-A1" not in text


def test_polls_follow_the_export(client, export, full_kit, worker, beat):
    started = export(kit=full_kit)
    address = poll_address(client.get(f"/exports/{started.pk}/").text)
    assert client.get(address).status_code == 204
    worker(1)
    answer = client.get(address)
    assert answer.status_code == 200
    assert "<title>66 % Night Market" in answer.text
    assert answer.text.count('id="cell-') == 1
    assert re.search(r'id="cell-A1"\s+class="d"[^>]*hx-swap-oob="true"', answer.text)
    assert re.search(r'<div id="poll"[^>]*>\s*</div>\s*<div class="ln ', answer.text)
    assert 'id="said"' in answer.text  # half is worth a word
    assert 'id="lamp"' in answer.text
    again = poll_address(answer.text)
    assert client.get(again).status_code == 204
    worker(1)
    last = client.get(again)
    assert last.status_code == 286
    assert "Ready." in last.text
    assert poll_address(last.text) is None
    assert 'id="download"' in last.text
    assert 'id="written"' in last.text
    assert "2 files" in last.text  # of three: the tree says what the ZIP holds now
    assert client.get(address).text.count('id="cell-') == 2  # a page that slept


def test_poll_keeps_the_filter_of_the_log(client, export, full_kit, worker, beat):
    started = export(kit=full_kit)
    page = client.get(f"/exports/{started.pk}/", {"show": "changed"}).text
    assert "Pad left empty" not in page.partition('id="lines"')[2].partition("<aside")[0]
    worker()
    answer = client.get(poll_address(page)).text
    lines = answer.partition('id="poll"')[2].partition('id="lcd"')[0]
    assert "Hat" in lines
    assert "<b>Kick</b>" not in lines


def test_a_changed_pace_is_told(client, export, beat):
    started = export(1)
    address = poll_address(client.get(f"/exports/{started.pk}/").text)
    Export.objects.update(created_at=now() - timedelta(seconds=40))
    answer = client.get(address)
    assert answer.status_code == 200
    assert 'hx-trigger="every 2s"' in answer.text
    assert client.get(poll_address(answer.text)).status_code == 204


def test_stalls_and_restarts(client, export, beat, django_capture_on_commit_callbacks):
    started = export(1)
    address = poll_address(client.get(f"/exports/{started.pk}/").text)
    beat.beat_at = now() - timedelta(seconds=20)
    beat.save()
    answer = client.get(address)
    assert answer.status_code == 200
    assert "The export has stalled." in answer.text
    assert f'action="/exports/{started.pk}/restart/"' in answer.text
    assert client.get(poll_address(answer.text)).status_code == 204
    OrmQ.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(f"/exports/{started.pk}/restart/")
    assert (response.status_code, response["Location"]) == (303, f"/exports/{started.pk}/")
    assert OrmQ.objects.exists()


def test_restart_after_the_end_wakes_nobody(client, user, django_capture_on_commit_callbacks):
    done = ExportFactory(owner=user, done=True)
    with django_capture_on_commit_callbacks() as callbacks:
        assert client.post(f"/exports/{done.pk}/restart/").status_code == 303
    assert callbacks == []


def test_cancel(client, export, worker, beat):
    started = export(2)
    worker(1)
    response = client.post(f"/exports/{started.pk}/cancel/")
    assert (response.status_code, response["Location"]) == (303, f"/exports/{started.pk}/")
    assert "Cancelled. Nothing was kept." in client.get(f"/exports/{started.pk}/").text
    assert client.get(f"/exports/{started.pk}/zip").status_code == 404
    assert "cancelled" in client.get("/exports/").text
    last = client.get(f"/exports/{started.pk}/progress/")
    assert last.status_code == 286
    assert "Nothing was kept." in last.text
    assert "1 file" not in last.text


def test_zip_is_whole_and_goes_on_after_a_cut(client, export, worker):
    started = export(2)
    assert client.get(f"/exports/{started.pk}/zip").status_code == 404  # not ready yet
    worker()
    response = client.get(f"/exports/{started.pk}/zip")
    data = b"".join(response.streaming_content)
    assert len(data) == int(response["Content-Length"])
    name = f"sp404_export_{started.pk}.zip"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert len(zipfile.ZipFile(io.BytesIO(data)).namelist()) == 2
    part = client.get(f"/exports/{started.pk}/zip", headers={"Range": "bytes=1000-"})
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == data[1000:]
    assert client.head(f"/exports/{started.pk}/zip")["Content-Length"] == str(len(data))


def test_manifest(client, export, full_kit, worker):
    started = export(kit=full_kit)
    worker()
    response = client.get(f"/exports/{started.pk}/manifest.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert int(response["Content-Length"]) == len(response.content)
    assert response.text.count("\r\n") == 4
    assert "left out" in response.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("get", "progress/"),
        ("post", "cancel/"),
        ("post", "restart/"),
        ("get", "zip"),
        ("get", "manifest.csv"),
    ],
)
def test_strangers_get_404_and_anonymous_the_door(
    stranger_client, anonymous, export, worker, method, path
):
    started = export(1)
    worker()
    address = f"/exports/{started.pk}/{path}"
    theirs = getattr(stranger_client, method)(address)
    absent = getattr(stranger_client, method)(f"/exports/{started.pk + 1000}/{path}")
    assert theirs.status_code == absent.status_code == 404
    assert getattr(anonymous, method)(address).status_code in {302, 403}
    started.refresh_from_db()
    assert started.state == State.COMPLETED


@pytest.mark.parametrize("path", ["cancel/", "restart/"])
def test_changing_needs_post(client, export, path):
    assert client.get(f"/exports/{export(1).pk}/{path}").status_code == 405


def test_polls_are_cheap(client, export, worker, beat, django_assert_max_num_queries):
    started = export(40)
    page = client.get(f"/exports/{started.pk}/").text
    with django_assert_max_num_queries(4):
        assert client.get(poll_address(page)).status_code == 204
    worker(30)
    with django_assert_max_num_queries(12):
        assert client.get(poll_address(page)).status_code == 200


def test_job_page_costs_the_same_for_more_files(client, export, beat, django_assert_num_queries):
    _, few, many = export(1), export(2), export(20)
    client.get(f"/exports/{few.pk}/")
    for started in (few, many):
        with django_assert_num_queries(14):
            client.get(f"/exports/{started.pk}/")


def test_lamp_lives_while_something_does(client, export, worker, beat):
    assert client.get("/jobs/lamp/").status_code == 286
    export(2)
    answer = client.get("/jobs/lamp/")
    assert answer.status_code == 200
    assert "Exporting 0 %" in answer.text
    assert 'hx-trigger="every 2s"' in answer.text
    worker()
    last = client.get("/jobs/lamp/")
    assert last.status_code == 286
    assert "Export ready" in last.text
    assert "hx-get" not in last.text


def test_options_are_read_back_for_the_card_hint(client, user):
    on_card = ExportFactory(owner=user, done=True, options=Options().as_json())
    plain = ExportFactory(owner=user, done=True, options=Options(root="").as_json())
    assert "On your card" in client.get(f"/exports/{on_card.pk}/").text
    assert "In the ZIP" in client.get(f"/exports/{plain.pk}/").text


def test_titles_are_escaped_everywhere(client, user, beat):
    evil = "<script>alert(1)</script>"
    sample = SampleFactory(owner=user, title=evil, stored=True)
    client.post(
        "/exports/new/",
        {
            "ids": sample.pk,
            "layout": "flat",
            "format": "wav",
            "channels": "keep",
            "loudness": "leave",
        },
    )
    started = Export.objects.get()
    for address in (f"/exports/{started.pk}/", f"/exports/new/?ids={sample.pk}", "/exports/"):
        assert evil not in client.get(address).text


def test_admin_shows_history_and_changes_nothing(client, db):
    boss = UserFactory(superuser=True)
    client.force_login(boss)
    item = ExportItemFactory(done=True)
    for address in (
        "/admin/exports/export/",
        f"/admin/exports/export/{item.export_id}/change/",
        "/admin/exports/exportitem/?q=kick",
        "/admin/exports/render/",
        f"/admin/exports/render/{item.render_id}/change/",
    ):
        assert client.get(address).status_code == 200
    assert client.post(f"/admin/exports/export/{item.export_id}/change/", {}).status_code == 403
    assert client.get("/admin/exports/export/add/").status_code == 403
    assert client.post(f"/admin/exports/render/{item.render_id}/delete/").status_code == 403
