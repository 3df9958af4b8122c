"""Packs and watched folders in the admin."""

import pytest
from django.urls import reverse

from library.models import Pack, WatchedFile, WatchedFolder
from tests.factories import SampleFactory, UserFactory


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(superuser=True))
    return client


@pytest.fixture
def rows(user):
    """Make one row of everything."""
    watched = WatchedFolder.objects.create(owner=user, path="/srv/kicks")
    sample = SampleFactory(owner=user)
    WatchedFile.objects.create(watched=watched, name="kick.wav", sample=sample)
    return {"pack": Pack.objects.create(owner=user, name="kicks"), "watchedfolder": watched}


@pytest.mark.parametrize("name", ["pack", "watchedfolder", "watchedfile"])
def test_lists_and_searches(staff, rows, name):
    url = reverse(f"admin:library_{name}_changelist")
    assert "kick" in staff.get(url, {"q": "kick"}).text
    assert "0 results" in staff.get(url, {"q": "nothing"}).text


def test_a_pack_is_mended_here_and_none_is_made(staff, rows):
    url = reverse("admin:library_pack_change", args=[rows["pack"].pk])
    assert staff.post(url, {"name": "kicks", "licence": "CC0 1.0"}).status_code == 302
    assert Pack.objects.get().licence == "CC0 1.0"
    assert staff.get(reverse("admin:library_pack_add")).status_code == 403


def test_what_the_program_writes_is_not_written_here(staff, rows):
    url = reverse("admin:library_watchedfolder_change", args=[rows["watchedfolder"].pk])
    assert staff.get(url).status_code == 200
    assert staff.post(url, {"path": "/etc"}).status_code == 403
    assert staff.get(reverse("admin:library_watchedfolder_add")).status_code == 403
