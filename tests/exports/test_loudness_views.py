"""Loudness and trimming as people choose them and see what came of it."""

import re

import pytest

from exports.models import Export
from exports.options import Options
from tests.factories import (
    ExportFactory,
    ExportItemFactory,
    PreferencesFactory,
    SampleFactory,
)

HX = {"HX-Request": "true"}
CHOICES = {"layout": "flat", "format": "wav", "channels": "keep", "loudness": "match"}


@pytest.fixture
def sample(user):
    """A sound whose peak stands 4 dB below full scale when it is at -16 LUFS."""
    return SampleFactory(owner=user, loudness_lufs=-20.0, true_peak_dbtp=-8.0)


def chosen(text):
    """Return which loudness a form shows, and its figure."""
    (tag,) = re.findall(r'<input[^>]*name="loudness"[^>]*checked[^>]*>', text)
    (figure,) = re.findall(r'<input[^>]*name="loudness_lufs"[^>]*>', text)
    return re.search(r'value="(\w+)"', tag)[1], re.search(r'value="([^"]+)"', figure)[1]


def test_the_form_leaves_loudness_and_ends_at_first(client, user, sample):
    text = client.get("/exports/new/", {"ids": sample.pk}).text
    assert chosen(text) == ("leave", "-16")
    assert "most single hits end there" in text
    assert "Not for loops" in text
    assert "checked" not in re.search(r'<input[^>]*name="trim"[^>]*>', text)[0]


def test_the_plan_follows(client, user, sample):
    data = {"ids": sample.pk, "dry": "1", **CHOICES, "loudness_lufs": "-18"}
    text = client.post("/exports/new/", data, headers=HX).text
    assert "1 matched to −18 LUFS" in text
    assert "stays below" not in text
    text = client.post("/exports/new/", {**data, "loudness_lufs": "-8.5"}, headers=HX).text
    assert "1 matched to −8.5 LUFS" in text
    assert "about 1 stays below −8.5 LUFS: peaks reach −1 dB first" in text


def test_folding_to_mono_takes_from_the_loudness_that_is_known(client, user):
    stereo = SampleFactory(owner=user, channels=2, loudness_lufs=-20.0, true_peak_dbtp=-6.0)
    data = {"ids": stereo.pk, "dry": "1", **CHOICES, "loudness_lufs": "-16"}
    assert "stays below" not in client.post("/exports/new/", data, headers=HX).text
    text = client.post("/exports/new/", {**data, "channels": "mono"}, headers=HX).text
    assert "stays below" in text


def test_trimming_is_planned(client, user):
    sample = SampleFactory(owner=user, sound_start=0, sound_end=8_820)
    data = {"ids": sample.pk, "dry": "1", **CHOICES, "loudness": "leave", "trim": "on"}
    text = client.post("/exports/new/", data, headers=HX).text
    assert "1 with silence trimmed" in text
    assert "<b>1 file</b>, 19 KB" in text


def test_what_was_chosen_is_kept(client, user, sample):
    data = {"ids": sample.pk, **CHOICES, "loudness_lufs": "-18", "trim": "on"}
    assert client.post("/exports/new/", data).status_code == 303
    export = Export.objects.get()
    options = Options.from_json(export.options)
    assert (options.loudness, options.loudness_lufs, options.trim) == ("match", -18.0, True)
    assert export.items.get().recipe["loudness_lufs"] == -18.0
    assert chosen(client.get("/exports/new/", {"ids": sample.pk}).text) == ("match", "-18")


@pytest.mark.parametrize(
    ("figure", "message"),
    [
        ("-5", "less than or equal to -6"),
        ("-41", "greater than or equal to -40"),
        ("loud", "Enter a number"),
        ("nan", "Enter a number"),
        ("", "Say which, or leave the loudness"),
    ],
)
def test_a_loudness_that_makes_no_sense_is_told(client, user, sample, figure, message):
    data = {"ids": sample.pk, **CHOICES, "loudness_lufs": figure}
    answer = client.post("/exports/new/", data)
    assert answer.status_code == 422
    assert message in answer.text
    assert not Export.objects.exists()
    left = client.post("/exports/new/", {**data, "loudness": "leave"})
    assert left.status_code == 303
    assert Export.objects.get().options["loudness_lufs"] == -16.0


def test_preferences_are_the_first_choice(client, user, sample):
    PreferencesFactory(user=user, loudness="match", loudness_lufs=-14.5)
    assert chosen(client.get("/exports/new/", {"ids": sample.pk}).text) == ("match", "-14.5")


def test_preferences_take_a_loudness_in_their_range(client, user):
    answer = client.post(
        "/preferences/", {"field": "loudness_lufs", "loudness_lufs": "-3"}, headers=HX
    )
    assert answer.status_code == 422
    assert "less than or equal to -6" in answer.text
    for field, value in (("loudness_lufs", "-18.5"), ("loudness", "match")):
        client.post("/preferences/", {"field": field, field: value}, headers=HX)
    user.preferences.refresh_from_db()
    assert (user.preferences.loudness, user.preferences.loudness_lufs) == ("match", -18.5)


def ended(user):
    options = Options(loudness="match").as_json()
    export = ExportFactory(owner=user, done=True, options=options, sample_count=2)
    matched = "Loudness matched to −16 LUFS"
    for position, changes in enumerate(
        ([matched], ["44.1 to 48 kHz", "Reached −18.4 LUFS, limited by peak"])
    ):
        ExportItemFactory(export=export, done=True, position=position, changes=changes, rev=1)
    export.rev = 1
    export.save()
    return export


def test_the_job_page_tells_what_was_reached(client, user):
    export = ended(user)
    text = client.get(f"/exports/{export.pk}/").text
    assert "1 of 2 was limited by its peaks" in text
    assert "44.1 to 48 kHz, reached −18.4 LUFS, limited by peak" in text
    assert text.count('<div class="ln warn"') == 1
    delta = client.get(f"/exports/{export.pk}/progress/?rev=0&mode=quick&said=0", headers=HX)
    assert delta.status_code == 286
    assert re.search(r'<p id="loudness"[^>]*hx-swap-oob="true"\s*>1 of 2 was limited', delta.text)


def test_an_export_that_left_loudness_alone_says_nothing(client, user):
    export = ExportFactory(owner=user, done=True, options=Options().as_json())
    text = client.get(f"/exports/{export.pk}/").text
    assert re.search(r'<p id="loudness"[^>]*hidden>', text)
