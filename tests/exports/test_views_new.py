"""The form with its live plan, and the start of an export."""

import re

import pytest

from exports.models import Export
from exports.options import Options
from tests.factories import (
    AnalysisFactory,
    ExportFactory,
    KitFactory,
    PadFactory,
    PreferencesFactory,
    SampleFactory,
)

CARD = {
    "layout": "flat", "format": "wav", "channels": "keep", "in_import": "on", "device_names": "on",
    "lower_case": "on", "sanitize": "on", "pad_short": "on",
    "loudness": "leave",
}  # fmt: skip

KIT = {"bake": "pan", "include_sheet": "on"}  # of several of one name the last is told


def kit_of(user, count=2):
    return KitFactory(owner=user, name="Night Market", filled=count)


def checked(text):
    """Return the choices that a form shows."""
    tags = re.findall(r"<input[^>]*checked[^>]*>", text)
    names = [re.search(r'name="([^"]+)"', tag)[1] for tag in tags]
    values = [re.search(r'value="([^"]+)"', tag) for tag in tags]
    return {name: value[1] if value else "on" for name, value in zip(names, values, strict=True)}


def test_form_of_a_kit_shows_its_plan(client, user):
    response = client.get("/exports/new/", {"kit": kit_of(user).pk})
    text = response.text
    assert "Export Night Market" in text
    assert "2 files" in text
    assert "night_market" in text
    assert "2 converted from 44.1 kHz" in text
    assert checked(text) == CARD | KIT | {"layout": "kit"}
    for name in ("trim", "reverse", "pitch", "level", "pan"):
        assert re.search(f'name="bake"[^>]*value="{name}"[^>]*checked', text)
    assert re.search(r'value="card"[^>]*aria-pressed="true"', text)
    assert "style=" not in text
    assert "HX-Request" in response["Vary"]


def test_form_of_chosen_sounds_has_no_pads(client, user):
    samples = SampleFactory.create_batch(2, owner=user)
    text = client.get("/exports/new/", {"ids": [sample.pk for sample in samples]}).text
    assert "Export 2 sounds" in text
    assert "Banks and pads" not in text
    assert checked(text) == CARD


def test_form_of_a_search(client, user):
    SampleFactory(owner=user, bpm=92)
    SampleFactory(owner=user, bpm=120)
    dropped = SampleFactory(owner=user, bpm=95)
    SampleFactory(bpm=92)  # somebody else's
    text = client.get("/exports/new/", {"lo": 90, "hi": 100, "all": 1}).text
    assert "2 sounds" in text
    assert '<input type="hidden" name="query" value="lo=90&amp;hi=100">' in text
    asked = {"all": 1, "query": "lo=90&hi=100", "except": dropped.pk}
    assert Export.objects.count() == 0
    client.post("/exports/new/", asked | CARD)
    assert Export.objects.get().items.count() == 1


@pytest.mark.parametrize("value", ["x", "0", "-1", "99999999999999999999"])
def test_ids_that_are_none_choose_nothing(client, value):
    response = client.get("/exports/new/", {"ids": value})
    assert response.status_code == 200
    assert "No samples provided" in response.text or f"Sample {value} not found" in response.text


def test_what_is_left_out_is_named_before_the_start(client, user):
    kit = kit_of(user, 1)
    PadFactory(kit=kit, number=12, empty_hull=True)
    PadFactory(kit=kit, number=13, sample__frames=100, title="Tick")
    text = client.get("/exports/new/", {"kit": kit.pk}).text
    assert "A12" in text
    assert "Source file is gone. Pad left empty." in text
    assert "1 changed more than usual" in text


def test_every_shortened_name_is_shown(client, user):
    sample = SampleFactory(owner=user, title="A very long name of a kick drum")
    text = client.get("/exports/new/", {"ids": sample.pk}).text
    assert "1 name shortened" in text
    assert re.search(r"A very long name of a kick drum <b>a_very_long_name_of_a_k.wav</b>", text)


def test_what_is_not_analysed_is_said(client, user):
    sample = SampleFactory(owner=user, new=True)
    AnalysisFactory(sample=sample)
    assert "1 not analysed yet" in client.get("/exports/new/", {"ids": sample.pk}).text


def test_plan_follows_the_choices(client, user):
    kit = kit_of(user)
    data = {"kit": kit.pk, "dry": "1", **CARD, "layout": "genre", "format": "aiff"}
    response = client.post("/exports/new/", data, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "<html" not in response.text
    assert response.text.lstrip().startswith('<div id="plan"')
    assert "unknown_genre" in response.text
    assert ".aiff" in response.text
    assert "night_market" not in response.text
    assert 'aria-pressed="true"' not in response.text  # no preset is like that
    assert not Export.objects.exists()


def test_start_answers_303_to_the_job(client, user):
    kit = kit_of(user)
    response = client.post("/exports/new/", {"kit": kit.pk, **CARD, "layout": "kit"})
    export = Export.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/exports/{export.pk}/")
    assert (export.owner, export.kit, export.kind) == (user, kit, "kit")
    assert export.items.count() == 2


def test_boxes_that_are_not_ticked_are_off(client, user):
    sample = SampleFactory(owner=user)
    plain = {"layout": "flat", "format": "wav", "channels": "mono", "loudness": "leave"}
    client.post("/exports/new/", {"ids": sample.pk, **plain})
    assert Options.from_json(Export.objects.get().options) == Options(
        channels="mono",
        root="",
        device_names=False,
        lower_case=False,
        sanitize=False,
        pad_short=False,
    )


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("format", "mp3", "mp3 is not one of the available choices"),
        ("layout", "kit", "kit is not one of the available choices"),
        ("layout", "", "This field is required"),
    ],
)
def test_nonsense_is_422_with_the_reason(client, user, field, value, message):
    data = {"ids": SampleFactory(owner=user).pk, **CARD, field: value}
    response = client.post("/exports/new/", data)
    assert response.status_code == 422
    assert message in response.text
    dry = client.post("/exports/new/", data | {"dry": "1"}, headers={"HX-Request": "true"})
    assert dry.status_code == 422
    assert 'id="plan"' in dry.text
    assert not Export.objects.exists()


def test_an_empty_kit_says_what_to_do(client, user):
    kit = kit_of(user, 0)
    response = client.post("/exports/new/", {"kit": kit.pk, **CARD, "layout": "kit"})
    assert response.status_code == 422
    assert "This kit has no sounds yet. Put at least one on a pad." in response.text
    assert "disabled" in client.get("/exports/new/", {"kit": kit.pk}).text


def test_nothing_chosen_is_422(client):
    response = client.post("/exports/new/", CARD)
    assert response.status_code == 422
    assert "No samples provided for export" in response.text


def test_nothing_that_can_be_exported_is_422_with_the_reason(client, user):
    sample = SampleFactory(owner=user, missing=True, original_name="Gone.wav")
    response = client.post("/exports/new/", {"ids": sample.pk, **CARD})
    assert response.status_code == 422
    assert "Audio file not found: Gone.wav" in response.text
    assert not Export.objects.exists()


def test_presets_fill_the_form(client, user):
    kit = kit_of(user)
    text = client.get("/exports/new/", {"kit": kit.pk, "preset": "daw"}).text
    daw = {
        "layout": "flat",
        "format": "wav",
        "channels": "keep",
        "loudness": "leave",
        "sanitize": "on",
        "pad_short": "on",
        **KIT,
    }
    assert checked(text) == daw
    pressed = client.post("/exports/new/", {"kit": kit.pk, **CARD, "preset": "daw"})
    assert (pressed.status_code, checked(pressed.text)) == (200, daw)
    assert not Export.objects.exists()


def test_a_large_selection_opens_the_form_by_post(client, user):
    ids = [sample.pk for sample in SampleFactory.create_batch(3, owner=user)]
    response = client.post("/exports/new/", {"ids": ids, "open": "1"})
    assert response.status_code == 200
    assert f'name="ids" value="{",".join(map(str, ids))}"' in response.text


def test_last_choices_are_the_next_ones(client, user):
    ExportFactory(owner=user, kind="batch", options=Options(layout="genre", root="").as_json())
    ExportFactory(owner=user, kind="kit", options=Options(layout="kit", format="aiff").as_json())
    ExportFactory(kind="batch", options=Options(layout="bpm").as_json())
    sample = SampleFactory(owner=user)
    assert checked(client.get("/exports/new/", {"ids": sample.pk}).text)["layout"] == "genre"
    assert checked(client.get("/exports/new/", {"kit": kit_of(user).pk}).text)["format"] == "aiff"


def test_preferences_are_the_first_choices(client, user):
    PreferencesFactory(user=user, export_format="aiff", layout="bpm", pad_short=False)
    shown = checked(client.get("/exports/new/", {"ids": SampleFactory(owner=user).pk}).text)
    assert (shown["format"], shown["layout"], "pad_short" in shown) == ("aiff", "bpm", False)


def test_kits_of_others_are_404(client, stranger):
    kit = kit_of(stranger)
    assert client.get("/exports/new/", {"kit": kit.pk}).status_code == 404
    assert client.post("/exports/new/", {"kit": kit.pk, **CARD}).status_code == 404


def test_sounds_of_others_do_not_show(client, user):
    foreign = SampleFactory(title="Secret sauce")
    text = client.get("/exports/new/", {"ids": foreign.pk}).text
    assert "Secret" not in text
    assert f"Sample {foreign.pk} not found" in text


def test_a_large_kit_costs_no_more_queries(client, user, django_assert_max_num_queries):
    kit = kit_of(user, 16)
    client.get("/exports/new/", {"kit": kit.pk})
    with django_assert_max_num_queries(14):
        client.get("/exports/new/", {"kit": kit.pk})
