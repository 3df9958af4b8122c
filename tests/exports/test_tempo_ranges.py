"""Tempo ranges of a person hold wherever exports begin: page, API, shell, and when made again."""

import json

from exports import again
from exports.models import Export
from library.models import Preferences
from tests.exports.commands import run
from tests.exports.test_views_new import CARD
from tests.factories import SampleFactory

URL = "/exports/new/"


def test_the_page_sorts_by_the_persons_own_ranges(client, user):
    Preferences.objects.create(user=user, bpm_bounds=[85, 128])
    sample = SampleFactory(owner=user, bpm=90)
    client.post(URL, {"ids": sample.pk, **CARD, "layout": "bpm"})
    export = Export.objects.get()
    assert export.items.get().path.startswith("IMPORT/85-128/")
    assert export.options["bpm_bounds"] == [85, 128]


def test_ranges_of_today_hold_for_the_next_export(client, user):
    own = Preferences.of(user)
    sample = SampleFactory(owner=user, bpm=90)
    client.post(URL, {"ids": sample.pk, **CARD, "layout": "bpm"})
    own.bpm_bounds = [60, 95]
    own.save()
    assert "60-95" in client.get(URL, {"ids": sample.pk}).text


def test_presets_sort_by_the_persons_own_ranges(client, user):
    Preferences.objects.create(user=user, bpm_bounds=[85, 128])
    sample = SampleFactory(owner=user, bpm=90)
    asked = {"ids": sample.pk, "dry": "1", **CARD, "layout": "bpm"}
    assert "85-128" in client.post(URL, asked).text
    client.post(URL, {"ids": sample.pk, **CARD})
    assert "85-128" in client.post(URL, asked).text


def test_the_api_sorts_by_the_persons_own_ranges(client, user):
    Preferences.objects.create(user=user, bpm_bounds=[85, 128])
    sample = SampleFactory(owner=user, bpm=128)
    answer = client.post(
        f"/api/v1/sp404/samples/{sample.pk}/export",
        json.dumps({"organize_by": "bpm"}),
        content_type="application/json",
    )
    assert answer.status_code == 202
    assert Export.objects.get().items.get().path.startswith("fast/")


def test_the_shell_sorts_by_the_persons_own_ranges(user):
    Preferences.objects.create(user=user, bpm_bounds=[85, 128])
    sample = SampleFactory(owner=user, bpm=84.9)
    asked = ["--owner", user.username, "--layout=bpm", "--dry-run", "--json"]
    told = run("export_samples", sample.pk, *asked).json
    assert [file["path"].rpartition("/")[0] for file in told["files"]] == ["IMPORT/slow"]


def test_an_export_made_again_keeps_the_ranges_of_then(client, user):
    sample = SampleFactory(owner=user, bpm=90)
    client.post(URL, {"ids": sample.pk, **CARD, "layout": "bpm"})
    Preferences.objects.update_or_create(user=user, defaults={"bpm_bounds": [60, 95]})
    second = again.make(Export.objects.get())
    assert second.items.get().path.startswith("IMPORT/90-110/")
