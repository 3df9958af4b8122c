"""The pad sheet in an export: what was asked for, the same to the byte, on card and in the plan."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils.timezone import now

from exports import again, build, download, retention, sheets, to_card, usage
from exports.card.write import Card
from exports.models import Export, Render, SheetPage
from exports.options import Options
from exports.plan import plan
from exports.sources import as_exported, as_it_is_now, from_kit
from kits.sheet.pages import pages
from kits.sheet.text import text
from library.jobs import NoSpaceError, State
from library.models import Sample
from tests.factories import KitFactory, PadFactory, SampleFactory

pytestmark = pytest.mark.django_db

WITH_SHEET = Options(layout="kit", root="", include_sheet=True)
FILES = ["pad_sheet.txt", "pad_sheet_a.png", "pad_sheet_c.png"]


@pytest.fixture
def kit(user):
    """Return a kit with sounds on banks A and C."""
    kit = KitFactory(owner=user, name="Beat")
    for bank, number, title in (("A", 1, "Kick"), ("A", 5, "Hat"), ("C", 16, "Swell")):
        sample = SampleFactory(owner=user, stored=True, title=title)
        PadFactory(kit=kit, bank=bank, number=number, sample=sample)
    return kit


def start(user, kit, options=WITH_SHEET):
    return build.create(user, plan(from_kit(kit), options))


def packed(export) -> bytes:
    export.refresh_from_db()
    return b"".join(download.archive(export).stream())


def names(whole: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_zip_holds_a_picture_of_each_bank_and_a_text(user, kit, worker):
    export = start(user, kit)
    worker()
    whole = packed(export)
    assert names(whole)[3:] == FILES
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.read("pad_sheet.txt").decode() == text(pages(kit))
        assert archive.read("pad_sheet_c.png")[:8] == b"\x89PNG\r\n\x1a\n"
    assert export.total_bytes == sum(member.size for member in download.members(export))


def test_nobody_gets_one_who_did_not_ask(user, kit, worker):
    export = start(user, kit, Options(layout="kit"))
    worker()
    assert len(names(packed(export))) == 3
    assert not SheetPage.objects.exists()


def test_it_tells_what_was_exported_whatever_becomes_of_the_kit(user, kit, worker):
    export = start(user, kit)
    expected = text(pages(kit))
    kit.pads.update(mute_group="A")
    kit.pads.filter(bank="C").delete()
    worker()
    with zipfile.ZipFile(io.BytesIO(packed(export))) as archive:
        assert archive.read("pad_sheet.txt").decode() == expected


def test_it_lies_beside_texts_and_credits(user, kit, worker, tmp_path):
    Sample.objects.update(author="Jane")
    options = Options(layout="kit", root="", include_sheet=True, include_metadata=True)
    export = start(user, kit, options)
    worker()
    found = names(packed(export))
    assert found[6:] == ["manifest.csv", *FILES, "credits.txt"]
    with Card.opened(tmp_path) as card:
        assert not to_card.write(export, card, lambda _: None).left_out
    lying = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert set(found) <= lying


def test_same_export_on_another_day_is_the_same_to_the_byte(user, kit, worker):
    first, second = start(user, kit), start(user, kit)
    worker()
    Export.objects.filter(pk=second.pk).update(created_at=now() + timedelta(days=40))
    assert packed(first) == packed(second)
    assert Render.objects.filter(extension="png").count() == 2  # they share their pictures


def test_made_again_as_it_was_it_has_the_sheet_of_then(user, kit, worker):
    first = start(user, kit)
    worker()
    kit.pads.update(mute_group="B")
    second = again.make(first)
    worker()
    assert packed(second) == packed(first)
    first.refresh_from_db()
    today = build.create(user, plan(as_it_is_now(first), WITH_SHEET))
    worker()
    assert b"mute group B" in packed(today)


def test_an_earlier_export_without_a_sheet_gets_that_of_its_pads(user, kit, worker):
    first = start(user, kit, Options(layout="kit"))
    worker()
    kit.pads.filter(number=1).update(sample=None, title="Another")
    kit.delete()
    first.refresh_from_db()
    found = sheets.of(as_exported(first))
    assert [page.letter for page in found] == ["A", "C"]
    assert [cell.name for cell in found[0].cells if cell.name] == ["Kick", "Hat"]
    assert found[0].kit == "Beat"


def test_plan_names_the_files_and_counts_the_text(user, kit):
    planned = plan(from_kit(kit), WITH_SHEET)
    size = len(text(pages(kit)).encode())
    assert planned.files[:3] == tuple(zip(FILES, (size, 0, 0), strict=True))
    assert planned.total_bytes == size + sum(item.size for item in planned.included)
    assert plan(from_kit(kit), Options(layout="kit")).sheet == ()


def test_shell_asks_for_it_and_tells_of_it(user, kit, capsys):
    words = ["export_kit", str(kit.pk), "--dry-run", "--owner", user.username]
    call_command(*words)
    assert "pad_sheet" not in capsys.readouterr().out
    call_command(*words, "--sheet")
    assert "pad_sheet.txt" in capsys.readouterr().out


def test_form_of_a_kit_offers_it_and_that_of_sounds_does_not(client, user, kit):
    shown = client.get("/exports/new/", {"kit": kit.pk}).text
    assert 'name="include_sheet"' in shown
    assert "pad_sheet.txt" in shown
    ids = Sample.objects.first().pk
    assert "include_sheet" not in client.get("/exports/new/", {"ids": ids}).text


def test_job_page_shows_its_files(client, user, kit, worker):
    export = start(user, kit)
    assert "pad_sheet.txt" in client.get(f"/exports/{export.pk}/").text
    worker()
    assert "pad_sheet.txt" in client.get(f"/exports/{export.pk}/").text
    assert "pad sheet" in client.get("/exports/").text


def test_pictures_go_with_the_files_of_the_last_export(user, kit, worker):
    first, second = start(user, kit), start(user, kit)
    worker()
    Render.objects.update(made_at=now() - timedelta(days=2))
    path = Render.objects.filter(extension="png").first().path
    used = usage.in_use(user)
    first.refresh_from_db()
    assert retention.remove_files(first).renders == 0
    retention.sweep()
    assert default_storage.exists(path)
    assert usage.in_use(user) == used
    second.refresh_from_db()
    assert retention.remove_files(second).renders == 5
    assert not default_storage.exists(path)
    assert usage.in_use(user) == 0


def test_clean_up_says_beforehand_what_goes(user, kit, worker):
    start(user, kit)
    worker()
    long_ago = now() - timedelta(days=100)
    Export.objects.update(finished_at=long_ago)
    Render.objects.update(made_at=long_ago)
    said = retention.purge(timedelta(days=30), dry_run=True)
    assert said.renders == 5
    assert retention.purge(timedelta(days=30)) == said


def test_export_waits_while_there_is_no_room_for_it(user, kit, worker, monkeypatch):
    def full(needed):
        raise NoSpaceError("No room")

    monkeypatch.setattr(sheets, "require_space", full)
    export = start(user, kit)
    worker()
    export.refresh_from_db()
    assert export.is_open
    monkeypatch.undo()
    build.sweep()
    export.refresh_from_db()
    assert export.state == State.COMPLETED
    assert names(packed(export))[3:] == FILES


def test_a_lost_picture_is_drawn_anew_for_the_next_export(user, kit, worker):
    first = start(user, kit)
    worker()
    expected = packed(first)
    default_storage.delete(Render.objects.filter(extension="png").first().path)
    second = start(user, kit)
    worker()
    assert packed(second) == expected


def test_program_asks_for_it(client, user, kit):
    path = f"/api/v1/sp404/kits/{kit.pk}/export"
    for body, wanted in (({}, False), ({"include_sheet": True}, True)):
        client.post(path, body, content_type="application/json")
        assert Export.objects.first().options["include_sheet"] == wanted
