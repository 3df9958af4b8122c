"""Exports in the admin: found, looked at, set going, stopped, cleared; never rewritten."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from exports import admin, admin_lists
from exports.models import Export, ExportItem, Render
from library.jobs import State
from tests.factories import (
    ExportFactory,
    ExportItemFactory,
    RenderFactory,
    SampleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

EXPORTS = "admin:exports_export_changelist"
ITEMS = "admin:exports_exportitem_changelist"
RENDERS = "admin:exports_render_changelist"


@pytest.fixture
def boss():
    """Return the browser of somebody who may do all."""
    browser = Client()
    browser.force_login(UserFactory(superuser=True))
    return browser


def staff(*permissions):
    """Return the browser of somebody on the staff who may do so much."""
    person = UserFactory(staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    browser = Client()
    browser.force_login(person)
    return browser


def act(browser, action, *rows, to=EXPORTS):
    """Choose rows and an action; return the page that follows."""
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return browser.post(reverse(to), data, follow=True)


def queries(browser, url, **fields):
    """Return how many questions a page asks."""
    browser.get(url, fields)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(url, fields).status_code == 200
    return len(asked)


def names(browser, url, **fields):
    """Return the rows that a list shows, as text."""
    return [str(row) for row in browser.get(reverse(url), fields).context["cl"].result_list]


@pytest.fixture
def broken():
    """Return an export of which one file is there and one failed, its source being there."""
    export = ExportFactory(name="Crate", state=State.PARTIAL, finished_at=now(), sample_count=2)
    ExportItemFactory(export=export, done=True, position=0, path="good.wav")
    ExportItemFactory(
        export=export, state=State.FAILED, position=1, path="bad.wav", error="No sound in it."
    )
    return export


def test_lists_filters_and_searches_exports(boss):
    kit = ExportFactory(name="Night Market", kind="kit", layout="kit", done=True)
    ExportFactory(name="Other", owner__username="grandmaster", state=State.FAILED)
    assert names(boss, EXPORTS) == ["Other", "Night Market"]
    assert names(boss, EXPORTS, kind__exact="kit") == ["Night Market"]
    assert names(boss, EXPORTS, state__exact="failed") == ["Other"]
    assert names(boss, EXPORTS, owner__id__exact=kit.owner_id) == ["Night Market"]
    assert names(boss, EXPORTS, q="market") == ["Night Market"]
    assert names(boss, EXPORTS, q="grandmaster") == ["Other"]
    assert names(boss, EXPORTS, created_at__year=now().year - 1) == []
    assert f'href="/exports/{kit.pk}/"' in boss.get(reverse(EXPORTS)).text


def test_finds_exports_by_the_digest_of_a_sound(boss):
    item = ExportItemFactory(export__name="With it")
    ExportItemFactory(export__name="Without")
    assert names(boss, EXPORTS, q=item.sample_sha256) == ["With it"]
    assert names(boss, EXPORTS, q="0" * 64) == []


def test_an_export_shows_its_first_files_and_leads_to_all(boss, broken, monkeypatch):
    monkeypatch.setattr(admin, "SHOWN", 1)
    page = boss.get(reverse("admin:exports_export_change", args=[broken.pk])).text
    assert "good.wav" in page
    assert "bad.wav" not in page
    assert f'href="/exports/{broken.pk}/"' in page
    query = f"state=all&amp;export__id__exact={broken.pk}"
    assert f'href="{reverse(ITEMS)}?{query}"' in page
    shown = names(boss, ITEMS, state="all", export__id__exact=broken.pk)
    assert shown == ["good.wav", "bad.wav"]


def test_files_show_first_what_failed_in_any_export(boss, broken):
    ExportItemFactory(state=State.FAILED, path="gone.wav", sample=None, sample_title="Gone",
                      sample_sha256="", error="Deleted.")  # fmt: skip
    assert names(boss, ITEMS) == ["gone.wav", "bad.wav"]
    assert names(boss, ITEMS, q="no sound") == ["bad.wav"]
    assert names(boss, ITEMS, state="completed") == ["good.wav"]
    assert len(names(boss, ITEMS, state="all")) == 3
    text = boss.get(reverse(ITEMS)).text
    bad = broken.items.get(path="bad.wav")
    assert f'href="/admin/exports/export/{broken.pk}/change/"' in text
    assert f'href="/admin/library/sample/{bad.sample_id}/change/"' in text
    assert bad.export.owner.username in text
    assert "No sound in it." in text
    page = boss.get(reverse("admin:exports_exportitem_change", args=[bad.pk])).text
    assert f'href="/exports/{broken.pk}/?show=left"' in page


def test_the_state_filter_begins_with_failed(boss, broken):
    page = boss.get(reverse(ITEMS))
    [chosen] = page.context["cl"].get_filters(page.wsgi_request)[0]
    choices = list(chosen.choices(page.context["cl"]))
    assert (choices[0]["display"], choices[0]["selected"]) == ("Failed", True)
    assert [choice["display"] for choice in choices].count("Failed") == 1
    assert choices[-1]["display"] == "All"


def test_pages_of_files_end_somewhere(boss, monkeypatch):
    monkeypatch.setattr(admin_lists, "MOST", 60)
    export = ExportFactory()
    ExportItemFactory.create_batch(61, export=export)
    page = boss.get(reverse(ITEMS), {"state": "all", "p": 2})
    assert page.context["cl"].paginator.count == 60
    assert len(page.context["cl"].result_list) == 10


def test_converted_files_tell_how_often_they_are_used(boss):
    shared = ExportItemFactory(done=True).render
    ExportItemFactory(render=shared)
    RenderFactory()
    page = boss.get(reverse(RENDERS), {"q": shared.key}).text
    assert '<td class="field-used">2</td>' in page
    assert '<td class="field-used">0</td>' in boss.get(reverse(RENDERS)).text
    assert boss.get(reverse("admin:exports_render_change", args=[shared.pk])).status_code == 200


def test_asks_the_same_for_one_row_and_for_many(boss, broken):
    pages = (EXPORTS, ITEMS, RENDERS)
    change = reverse("admin:exports_export_change", args=[broken.pk])
    few = [queries(boss, reverse(name)) for name in pages]
    few += [queries(boss, reverse(ITEMS), state="all"), queries(boss, change)]
    ExportItemFactory.create_batch(20, export=broken, done=True)
    ExportItemFactory.create_batch(10, state=State.FAILED)
    many = [queries(boss, reverse(name)) for name in pages]
    many += [queries(boss, reverse(ITEMS), state="all"), queries(boss, change)]
    assert many == few
    assert max(many) <= 14


def test_tries_failed_files_again(boss, broken):
    text = act(boss, "retry_failed", broken, ExportFactory(done=True)).text
    assert "Failed files are tried again: 1 export. 1 had nothing to do." in text
    broken.refresh_from_db()
    assert broken.state == State.PENDING
    assert [item.state for item in broken.items.all()] == ["completed", "pending"]


def test_tries_again_from_the_list_of_what_failed(boss, broken):
    bad = broken.items.get(path="bad.wav")
    assert (
        "Failed files are tried again: 1 export." in act(boss, "retry_failed", bad, to=ITEMS).text
    )
    bad.refresh_from_db()
    assert bad.state == State.PENDING


def test_cancels(boss):
    running, ended = ExportFactory(state=State.PROCESSING), ExportFactory(done=True)
    ExportItemFactory(export=running)
    assert "Cancelled: 1 export. 1 had nothing to do." in act(boss, "cancel", running, ended).text
    running.refresh_from_db()
    ended.refresh_from_db()
    assert (running.state, ended.state) == (State.CANCELLED, State.COMPLETED)
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.change_message) == (str(running.pk), "Cancelled.")


def test_purges_files_and_keeps_the_record(boss):
    item = ExportItemFactory(done=True, export__done=True, export__total_bytes=24_044)
    Render.objects.update(made_at=now() - timedelta(days=2))
    default_storage.save(item.render.path, ContentFile(b"x"))
    assert "Files deleted: 1 export." in act(boss, "purge_files", item.export).text
    assert not default_storage.exists(item.render.path)
    assert not Render.objects.exists()
    assert Export.objects.get().files_removed_at is not None
    assert "24 KB, files deleted" in boss.get(reverse(EXPORTS)).text
    assert "Files deleted: 0 exports." in act(boss, "purge_files", item.export).text


def test_acts_on_so_many_at_most(boss, monkeypatch):
    monkeypatch.setattr(admin, "AT_ONCE", 1)
    rows = ExportFactory.create_batch(2, state=State.PROCESSING)
    assert "Nothing was done: choose at most 1 exports at once." in act(boss, "cancel", *rows).text
    assert {export.state for export in Export.objects.all()} == {"processing"}


def test_looking_is_not_acting(broken):
    watcher = staff("view_export", "view_exportitem")
    assert names(watcher, EXPORTS) == ["Crate"]
    for action in ("retry_failed", "cancel", "purge_files"):
        assert f'value="{action}"' not in watcher.get(reverse(EXPORTS)).text
        act(watcher, action, broken)
    act(watcher, "retry_failed", *broken.items.all(), to=ITEMS)
    broken.refresh_from_db()
    assert (broken.state, broken.files_removed_at) == (State.PARTIAL, None)
    assert not LogEntry.objects.exists()


def test_whoever_may_change_exports_may_act_and_not_rewrite(broken):
    keeper = staff("view_export", "change_export")
    url = reverse("admin:exports_export_change", args=[broken.pk])
    assert keeper.post(url, {"name": "Rewritten"}).status_code == 403
    assert "bad.wav" not in keeper.get(url).text  # files need a permission of their own
    assert "1 export." in act(keeper, "retry_failed", broken).text
    broken.refresh_from_db()
    assert (broken.name, broken.state) == ("Crate", State.PENDING)


def test_nobody_sees_exports_without_a_permission(broken):
    assert staff().get(reverse(EXPORTS)).status_code == 403
    assert staff("view_export").get(reverse(ITEMS)).status_code == 403


@pytest.mark.parametrize("model", ["export", "exportitem", "render"])
def test_nobody_adds_changes_or_deletes_rows(boss, broken, model):
    row = {"export": Export, "exportitem": ExportItem, "render": Render}[model].objects.first()
    assert boss.get(reverse(f"admin:exports_{model}_add")).status_code == 403
    for page in ("change", "delete"):
        url = reverse(f"admin:exports_{model}_{page}", args=[row.pk])
        assert boss.post(url, {"post": "yes"}).status_code == 403
    text = act(boss, "delete_selected", row, to=f"admin:exports_{model}_changelist").text
    assert "Are you sure" not in text
    assert Export.objects.count() == 1
    assert (ExportItem.objects.count(), Render.objects.count()) == (2, 1)


def test_exports_go_with_their_person(boss, broken):
    url = reverse("admin:auth_user_delete", args=[broken.owner_id])
    assert boss.post(url, {"post": "yes"}).status_code == 302
    assert not Export.objects.exists()


def test_a_person_is_not_removed_without_the_permission_for_their_exports(broken):
    clerk = staff("view_user", "delete_user", "delete_sample", "delete_exportitem")
    url = reverse("admin:auth_user_delete", args=[broken.owner_id])
    assert clerk.post(url, {"post": "yes"}).status_code == 403
    assert Export.objects.exists()


def test_a_sound_may_go_from_the_library(boss):
    item = ExportItemFactory(export__done=True, sample=SampleFactory())
    url = reverse("admin:library_sample_delete", args=[item.sample_id])
    assert boss.post(url, {"post": "yes"}).status_code == 302
    item.refresh_from_db()
    assert item.sample is None
