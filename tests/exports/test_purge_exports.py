"""`manage.py purge_exports`: old files go, the history stays."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import now

from exports.models import Export, Render
from library.access import local_user
from tests.exports.commands import run
from tests.factories import ExportFactory, ExportItemFactory

pytestmark = pytest.mark.django_db


def old(days, owner=None):
    """Return an export that ended so many days ago, with one stored file."""
    ended = now() - timedelta(days=days)
    more = {"owner": owner} if owner else {}
    export = ExportFactory(done=True, finished_at=ended, **more)
    item = ExportItemFactory(done=True, export=export, sample__owner=export.owner)
    Render.objects.filter(pk=item.render.pk).update(made_at=ended)
    default_storage.save(item.render.path, ContentFile(b"x" * item.render.size_bytes))
    return export


def test_preferences_decide_without_an_age():
    young, gone = old(29), old(31)
    done = run("purge_exports")
    assert done.status == 0
    assert done.out == (
        "Exports whose files were cleared: 1. Converted files that were removed: 1, 25 kB. "
        "The history stays.\n"
    )
    gone.refresh_from_db()
    assert gone.files_removed_at is not None
    assert [item.render for item in gone.items.all()] == [None]
    assert Render.objects.get() == young.items.get().render


def test_an_age_and_a_person():
    export, theirs = old(3, local_user()), old(3)
    name = export.owner.username
    done = run("purge_exports", "--older-than", 2, "--user", name, "--json")
    assert done.json == {"exports": 1, "renders": 1, "bytes": 24044, "dry_run": False}
    assert Export.objects.filter(files_removed_at=None).get() == theirs


def test_a_dry_run_removes_nothing():
    export = old(31)
    done = run("purge_exports", "--dry-run")
    assert done.out.startswith("Exports whose files would be cleared: 1. ")
    assert run("purge_exports", "--dry-run", "--json").json["dry_run"] is True
    export.refresh_from_db()
    assert export.files_removed_at is None
    assert default_storage.exists(export.items.get().render.path)


@pytest.mark.parametrize("days", ["soon", "-1", "1000000"])
def test_other_ages_are_refused(days):
    assert "a number of days" in run("purge_exports", f"--older-than={days}").err


def test_nobody_of_that_name():
    assert "There is no user called nobody." in run("purge_exports", "--user", "nobody").err
