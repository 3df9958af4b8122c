"""One sample's page and dialog: what is shown, what can be changed, who may."""

import json

import pytest

from library.models import Sample
from tests.factories import AnalysisFactory, KitFactory, PadFactory, SampleFactory

HX = {"HX-Request": "true"}


@pytest.fixture
def loop(user) -> Sample:
    """Return an analysed loop whose values are guesses."""
    sample = SampleFactory(
        owner=user, title="loop_street", loop=True, guessed=True, key="Am", tags=["tape"]
    )
    AnalysisFactory(sample=sample, done=True)
    return sample


def form_of(sample: Sample, **changes) -> dict:
    """Return what the form sends when only these fields are changed."""
    return {
        "title": sample.title,
        "sample_class": sample.sample_class,
        "genre": sample.genre,
        "bpm": sample.bpm or "",
        "key": sample.key,
        "is_loop": {True: "true", False: "false"}.get(sample.is_loop, ""),
        "tags": ", ".join(tag.name for tag in sample.tags.all()),
        "notes": sample.notes,
    } | changes


def test_shows_facts_guesses_and_pads(client, user, loop):
    PadFactory(kit=KitFactory(owner=user, name="Night Market"), sample=loop, number=5)
    page = client.get(f"/samples/{loop.pk}/")
    for words in ("44.1 kHz 16-bit mono", "5.00 s", "96 BPM?", "A minor?", "Break?", "Confirm"):
        assert words in page.text
    assert "A5 of Night Market" in page.text
    assert "<audio" in page.text
    dialog = client.get(f"/samples/{loop.pk}/", headers=HX)
    assert "<html" not in dialog.text
    assert "data-close" in dialog.text
    assert "HX-Request" in dialog["Vary"]


def test_saves_without_scripts(client, loop):
    answer = client.post(
        f"/samples/{loop.pk}/", form_of(loop, title="Street", notes="from the car")
    )
    assert (answer.status_code, answer["Location"]) == (303, f"/samples/{loop.pk}/")
    assert "Street saved." in client.get(answer["Location"]).text
    loop.refresh_from_db()
    assert (loop.title, loop.notes) == ("Street", "from the car")
    assert loop.class_guessed  # what was not touched stays a guess
    assert loop.bpm_guessed


def test_answers_the_dialog_with_the_row(client, loop):
    answer = client.post(f"/samples/{loop.pk}/", form_of(loop, title="Street"), headers=HX)
    assert answer["HX-Reswap"] == "none"
    assert f'id="sample-{loop.pk}"' in answer.text
    assert 'hx-swap-oob="morph"' in answer.text
    sent = json.loads(answer["HX-Trigger"])
    assert sent["toast"]["text"] == "Street saved."
    assert "dialog:close" in sent


def test_a_changed_value_is_a_guess_no_more(client, loop):
    client.post(f"/samples/{loop.pk}/", form_of(loop, bpm="97.5"))
    loop.refresh_from_db()
    assert (loop.bpm, loop.bpm_guessed, loop.key_guessed) == (97.5, False, True)


def test_confirming_settles_a_guess(client, loop):
    client.post(f"/samples/{loop.pk}/", form_of(loop, confirm="key"))
    loop.refresh_from_db()
    assert (loop.key, loop.key_guessed, loop.bpm_guessed) == ("Am", False, True)


def test_tags_and_words_to_be_found_by(client, loop):
    client.post(f"/samples/{loop.pk}/", form_of(loop, tags="Vinyl,  vinyl , two  words,"))
    assert sorted(loop.tags.values_list("name", flat=True)) == ["two words", "vinyl"]
    found = client.get("/library/?q=vinyl")
    assert "loop_street" in found.text.split('id="rows"')[1]
    client.post(f"/samples/{loop.pk}/", form_of(loop, tags=""))
    assert not loop.tags.exists()


def test_what_is_known_can_be_unknown_again(client, loop):
    client.post(f"/samples/{loop.pk}/", form_of(loop, is_loop="", bpm="", key="", sample_class=""))
    loop.refresh_from_db()
    assert (loop.is_loop, loop.bpm, loop.key, loop.sample_class) == (None, None, "", "")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": ""}, "This field is required."),
        ({"bpm": "4"}, "BPM lies between 20 and 400."),
        ({"key": "H#"}, "Select a valid choice."),
        ({"tags": ",".join(f"t{number}" for number in range(31))}, "At most 30 tags."),
        ({"tags": "x" * 51}, "A tag has at most 50 characters."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HX])
def test_says_what_is_wrong(client, loop, changes, reason, headers):
    answer = client.post(f"/samples/{loop.pk}/", form_of(loop, **changes), headers=headers)
    assert answer.status_code == 422
    assert reason in answer.text
    loop.refresh_from_db()
    assert loop.title == "loop_street"


@pytest.mark.parametrize("what", ["", "audio", "peaks.bin", "original"])
def test_nobody_sees_the_sounds_of_another(stranger_client, anonymous, loop, what):
    assert stranger_client.get(f"/samples/{loop.pk}/{what}").status_code == 404
    assert anonymous.get(f"/samples/{loop.pk}/{what}").status_code == 302


def test_nobody_changes_the_sounds_of_another(stranger_client, loop):
    assert stranger_client.post(f"/samples/{loop.pk}/", form_of(loop, title="x")).status_code == 404
    loop.refresh_from_db()
    assert loop.title == "loop_street"


def test_tells_why_a_sound_could_not_be_read(client, user):
    reason = "clap.wav could not be read."
    analysis = AnalysisFactory(sample__owner=user, state="failed", error=reason)
    assert reason in client.get(f"/samples/{analysis.sample_id}/").text
