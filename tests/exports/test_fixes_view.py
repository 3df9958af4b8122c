"""Fixes of the pre-flight report: buttons of the one form, with and without scripts."""

import re

import pytest

from exports.models import Export
from tests.exports.test_views_new import CARD, checked
from tests.factories import KitFactory, PadFactory, SampleFactory

URL = "/exports/new/"
RATE = 48_000


@pytest.fixture
def short(user):
    return SampleFactory(owner=user, frames=2_880, sample_rate=RATE, title="Tick")


def buttons(text):
    return re.findall(r'form="choices"\s+name="fix"\s+value="([a-z-]+)"', text)


def without(**fields):
    return {name: value for name, value in {**CARD, **fields}.items() if value}


def test_the_plan_names_the_problem_the_file_and_the_fix(client, short):
    text = client.post(URL, {"ids": short.pk, "dry": "1", **without(pad_short="")}).text
    assert "“Too Short Sample”" in text
    assert "1 sound left out: under 100 ms." in text
    assert "Tick" in text
    assert "Duration too short: 60.0ms (minimum: 100ms)" in text
    assert buttons(text) == ["lengthen"]
    assert "style=" not in text


def test_a_fix_changes_the_choice_and_starts_nothing(client, user, short):
    other = SampleFactory(owner=user)
    ids = [short.pk, other.pk]
    answer = client.post(URL, {"ids": ids, "fix": "lengthen", **without(pad_short="")})
    assert answer.status_code == 200
    assert checked(answer.text) == CARD
    assert "2 files" in answer.text
    assert "1 sound under 100 ms: lengthened with silence." in answer.text
    assert buttons(answer.text) == []
    assert not Export.objects.exists()


@pytest.mark.parametrize(
    ("facts", "chosen", "fix", "field"),
    [
        ({"frames": 10**8, "channels": 2}, {}, "split", ("long", "split")),
        ({"frames": 10**8, "channels": 2}, {}, "shorten", ("long", "shorten")),
        ({"channels": 2, "channels_equal": True}, {}, "mono", ("channels", "auto")),
        ({"title": "Snäre"}, {"sanitize": ""}, "letters", ("sanitize", "on")),
        ({"title": "x" * 30}, {"device_names": ""}, "names", ("device_names", "on")),
        ({"loop": True, "sound_start": 9}, {"trim": "on"}, "keep-silence", ("trim", None)),
        (
            {"folder": "/".join(["名前" * 30] * 8)},
            {"layout": "folders"},
            "flat",
            ("layout", "flat"),
        ),
    ],
)
def test_every_fix_settles_its_problem(client, user, facts, chosen, fix, field):
    sample = SampleFactory(owner=user, **({"sample_rate": RATE} | facts))
    asked = {"ids": sample.pk, **without(**chosen)}
    assert fix in buttons(client.post(URL, {**asked, "dry": "1"}).text)
    answer = client.post(URL, {**asked, "fix": fix})
    assert answer.status_code == 200
    assert checked(answer.text).get(field[0]) == field[1]
    assert fix not in buttons(answer.text)
    started = client.post(URL, {"ids": sample.pk, **checked(answer.text)})
    assert started.status_code == 303
    assert Export.objects.get().options[field[0]] in {field[1], field[1] == "on"}


@pytest.mark.parametrize("fix", ["", "nonsense", "\0", "9" * 99])
def test_a_fix_that_is_none_changes_nothing(client, short, fix):
    answer = client.post(URL, {"ids": short.pk, **without(pad_short=""), "fix": fix})
    assert answer.status_code == 200
    assert checked(answer.text) == without(pad_short="")
    assert not Export.objects.exists()


def test_a_fix_of_a_form_that_makes_no_sense_says_so(client, short):
    answer = client.post(URL, {"ids": short.pk, **CARD, "format": "mp3", "fix": "lengthen"})
    assert answer.status_code == 422
    assert "mp3 is not one of the available choices" in answer.text


def test_what_becomes_of_long_sounds_is_asked_only_where_there_are_some(client, user, short):
    long = SampleFactory(owner=user, frames=10**8, sample_rate=RATE)
    assert 'name="long"' in client.get(URL, {"ids": long.pk}).text
    assert 'name="long"' not in client.get(URL, {"ids": short.pk}).text


def test_a_split_export_is_started_with_all_its_parts(client, user):
    long = SampleFactory(owner=user, frames=2_000 * RATE, sample_rate=RATE, channels=2, title="Jam")
    client.post(URL, {"ids": long.pk, **CARD, "long": "split"})
    export = Export.objects.get()
    items = export.items.order_by("position")
    assert [item.path for item in items] == [f"IMPORT/jam_0{n}.wav" for n in (1, 2, 3)]
    assert [item.changes[-1] for item in items] == [
        "Part from 0:00 to 11:06 of 33:20",
        "Part from 11:06 to 22:13 of 33:20",
        "Part from 22:13 to 33:20 of 33:20",
    ]
    assert export.sample_count == 3


def test_colliding_names_are_shown_before_the_start(client, user):
    for title in ("Kick", "KICK"):
        SampleFactory(owner=user, title=title)
    text = client.get(URL, {"all": 1}).text
    assert "1 name numbered" in text
    assert re.search(r"<li>KICK <b>kick_2.wav</b></li>", text)


def test_the_room_it_takes_is_drawn_and_told(client, user):
    kit = KitFactory(owner=user)
    PadFactory(kit=kit, bank="B", sample__channels=2)
    text = client.get(URL, {"kit": kit.pk}).text
    assert "<b>1</b> of 160" in text
    assert "of 16 GB" in text
    assert "2 voices" in text
    assert "The sampler plays 32 voices at once: mono takes 1, stereo 2." in text
    assert text.count('<svg class="bar"') == 5
