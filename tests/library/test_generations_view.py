"""The page of sounds from words: asking, rows in every state, what is done with them."""

import json
import re
from datetime import timedelta
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from library import generate, takes
from library.models import Generation, Prompt, Sample
from tests.factories import AnalysisFactory, GenerationFactory, PromptFactory, SampleFactory, tone

URL = "/generations/"
HX = {"HX-Request": "true"}
FORM = {"prompt": "dusty 808 kick", "seconds": "1"}
ROWS = re.compile(r'(?=<div class="gen")')


@pytest.fixture(autouse=True)
def models(settings):
    """Let the settings name one model of the tests."""
    settings.GENERATION_ENGINES = ["tests.models_of_sound.Tone"]


def words(page) -> list[str]:
    """Return what the rows of an answer ask for, in their order."""
    return re.findall(r'<b title="([^"]*)"', page.text)


def row_of(page, generation) -> str:
    """Return one row of an answer."""
    (found,) = (row for row in ROWS.split(page.text) if f'id="gen-{generation.pk}"' in row)
    return (
        found.partition('id="more-rows"')[0].partition("<noscript>")[0].partition("</section>")[0]
    )


def address(act, generation) -> str:
    return reverse(f"library:generation-{act}", args=[generation.pk])


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.fixture
def made(user):
    """Return a generation whose sound is in the library and measured, and whose file is there."""
    sample = SampleFactory(owner=user, title="808 kick", bpm=92.0, key="Am", sound=tone())
    AnalysisFactory(sample=sample, done=True)
    facts = {"limited": False, "loudness_lufs": -16.0, "bpm": 92.0, "seed": 7}
    row = GenerationFactory(
        user=user,
        prompt="808 kick",
        model_name="Tone",
        completed=True,
        sample=sample,
        metadata=facts,
        audio_file="",
    )
    row.audio_file.save(f"2026/01/01/{row.pk}.wav", ContentFile(tone()))
    return row


# ── The page ────────────────────────────────────────────────────────────────


def test_an_empty_page_teaches_by_examples(client, user, stranger):
    GenerationFactory(user=stranger)
    page = client.get(URL)
    assert page.status_code == 200
    assert "Make a sound from words" in page.text
    examples = re.findall(r'href="\?prompt=([^"]+)"', page.text)
    assert len(examples) == len(takes.EXAMPLES) == 6
    assert 'id="rows"' not in page.text
    assert "Past prompts" not in page.text
    assert "HX-Request" in page["Vary"]
    filled = client.get(f"{URL}?prompt={examples[0]}")
    assert re.search(r"<textarea[^>]*>\s*dusty 808 kick</textarea>", filled.text)


def test_needs_somebody_signed_in(anonymous, db):
    assert anonymous.get(URL).status_code == 302


def test_past_prompts_stand_most_used_first_and_fill_the_box(client, user, stranger):
    PromptFactory(user=user, text="twice & more", used_count=2)
    PromptFactory(user=user, text="five times", used_count=5)
    PromptFactory(user=stranger, text="not mine", used_count=9)
    page = client.get(URL)
    past = re.findall(r'data-words="([^"]*)"', page.text.partition("Make a sound")[0])
    assert past == ["five times", "twice &amp; more"]
    assert "5×" in page.text
    assert 'href="?prompt=twice%20%26%20more"' in page.text


def test_the_choice_of_a_model_is_there_where_there_is_more_than_one(client, settings):
    assert 'name="engine"' not in client.get(URL).text
    settings.GENERATION_ENGINES = [f"tests.models_of_sound.{name}" for name in ("Tone", "Moody")]
    assert re.findall(r'<option value="(\w+)"', client.get(URL).text)[:2] == ["Tone", "Moody"]
    client.post(URL, FORM | {"engine": "Moody"})
    assert Generation.objects.get().model_name == "Moody"
    assert client.post(URL, FORM | {"engine": "Nobody"}).status_code == 422


@pytest.mark.parametrize("number", [2, 200])
def test_many_rows_ask_no_more_questions(client, user, number):
    for at in range(number):
        sample = SampleFactory(owner=user) if at % 2 else None
        AnalysisFactory(sample=sample, done=True) if sample else None
        state = {"completed": True} if sample else {"failed": True}
        GenerationFactory(user=user, sample=sample, **state)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(f"{URL}?rows=200")
    assert len(words(page)) == number
    assert len(asked) <= 18, "\n".join(each["sql"][:120] for each in asked)


# ── Asking ──────────────────────────────────────────────────────────────────


def test_asking_without_scripts_leads_back_to_the_page(client, user):
    answer = client.post(URL, FORM)
    assert answer.status_code == 303
    assert answer["Location"] == f"{URL}?seconds=1"  # the next one lasts as long
    row = Generation.objects.get()
    assert (row.user, row.prompt, row.duration, row.model_name) == (
        user, "dusty 808 kick", 1.0, "Tone",
    )  # fmt: skip
    page = client.get(answer["Location"])
    assert page.context["form"]["seconds"].value() == "1"
    assert words(page) == ["dusty 808 kick"]
    assert "“dusty 808 kick” is asked for." in page.text


def test_asking_with_scripts_shows_the_list_and_the_prompts_anew(client, user):
    answer = client.post(URL, FORM, headers=HX)
    assert answer.status_code == 200
    assert words(answer) == ["dusty 808 kick"]
    assert 'id="past"' in answer.text
    assert re.search(r'id="results"\s+hx-swap-oob="morph"', answer.text)
    assert re.search(r"<textarea[^>]*>\s*dusty 808 kick</textarea>", answer.text)  # to be changed
    assert "generations:asked" in answer["HX-Trigger-After-Swap"]
    assert 'name="open"' in answer.text


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"prompt": ""}, "Say in a few words what it should sound like."),
        ({"prompt": "\u200b"}, "Say in a few words what it should sound like."),
        ({"prompt": "x" * 501}, "At most 500 characters; these are 501."),
        ({"seconds": ""}, "This field is required."),
        ({"seconds": "0"}, "greater than or equal to 0.1"),
        ({"seconds": "31"}, "less than or equal to 30"),
        ({"seconds": "nan"}, "Enter a number."),
        ({"seconds": "long"}, "Enter a number."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HX])
def test_what_is_wrong_is_told_beside_its_field(client, sent, sentence, headers):
    answer = client.post(URL, FORM | sent, headers=headers)
    assert answer.status_code == 422
    (field,) = sent
    beside = answer.text.partition(f'id="why-{field}"')[2].partition("</div>")[0]
    assert sentence in beside
    assert f'aria-describedby="why-{field}' in answer.text
    assert ("<html" in answer.text) is (not headers)
    assert not Generation.objects.exists()
    assert not Prompt.objects.exists()


def test_a_full_disk_is_told_beside_the_words(client, settings):
    settings.RESERVE_BYTES = 10**18
    answer = client.post(URL, FORM, headers=HX)
    assert answer.status_code == 422
    assert "No room left" in answer.text or "disk space" in answer.text


# ── Rows ────────────────────────────────────────────────────────────────────


def test_what_waits_and_what_is_in_work_says_so_and_can_be_cancelled(client, user):
    waits = GenerationFactory(user=user)
    full = GenerationFactory(user=user, waiting=True)
    begun = now() - timedelta(seconds=7)
    works = GenerationFactory(user=user, processing=True, started_at=begun)
    page = client.get(URL)
    assert f"Waits for “{works.prompt}”" in row_of(page, waits)
    assert "Goes on by itself. Not enough disk space." in row_of(page, full)
    assert re.search(r'Making, <span data-worked="[78]">[78]</span> s', row_of(page, works))
    for row in (waits, full, works):
        assert address("cancel", row) in row_of(page, row)
        assert f'name="open" value="{row.pk}"' in " ".join(row_of(page, row).split())
        assert address("delete", row) not in row_of(page, row)
        assert re.search(r'k-len">\s*…', row_of(page, row))  # nobody knows yet
    assert "Load the page again" in page.text.partition("<noscript>")[2]
    works.delete()
    assert "Waits for a worker" in row_of(client.get(URL), waits)


def test_what_came_to_nothing_says_why_and_can_be_tried_again(client, user):
    row = GenerationFactory(user=user, failed=True)
    page = client.get(URL)
    assert "The model made nothing of this." in row_of(page, row)
    assert "Try again" in row_of(page, row)
    assert address("delete", row) in row_of(page, row)
    assert 'name="open"' not in page.text  # nothing is open: nobody asks
    assert "Load the page again" not in page.text


def test_a_sound_shows_its_facts_and_what_can_be_done(client, user, made):
    shown = row_of(client.get(URL), made)
    assert f'data-sample-id="{made.sample_id}"' in shown
    assert reverse("library:audio", args=[made.sample_id]) in shown
    assert '<path d="M1 ' in shown  # a waveform
    assert re.findall(r'class="num k-\w+">([^<]*)<', shown) == ["92", "8A", "4.00 s", "−16.0"]
    assert f"/kits/place/?ids={made.sample_id}" in shown
    assert reverse("library:sample", args=[made.sample_id]) in shown
    assert "Tone" not in shown  # there is no other model
    assert "peak-limited" not in shown
    assert address("again", made) in shown
    assert address("keep", made) not in shown


def test_a_sound_that_its_peaks_kept_quieter_says_so(client, user, made):
    made.metadata |= {"limited": True, "loudness_lufs": -19.4}
    made.save()
    shown = row_of(client.get(URL), made)
    assert "peak-limited" in shown
    assert "−19.4" in shown


def test_a_sound_that_is_not_measured_yet_stays_live(client, user):
    sample = SampleFactory(owner=user, new=True)
    AnalysisFactory(sample=sample)
    row = GenerationFactory(user=user, completed=True, sample=sample)
    page = client.get(URL)
    assert "wave flat" in row_of(page, row)
    assert 'name="open"' in page.text
    assert f'data-sample-id="{sample.pk}"' in row_of(page, row)  # it plays already


@pytest.mark.parametrize("fate", ["trashed", "gone"])
def test_a_sound_that_was_thrown_away_plays_from_its_own_file_and_can_come_back(
    client, user, made, fate
):
    sample = made.sample
    if fate == "trashed":
        Sample.objects.filter(pk=sample.pk).update(deleted_at=now())
    else:
        sample.delete()
    shown = row_of(client.get(URL), made)
    assert ("In the trash" if fate == "trashed" else "Not in the library") in shown
    assert "data-sample-id" not in shown
    assert f'href="{address("audio", made)}"' in shown
    assert f'data-place="{made.pk}" data-sound="{made.pk}"' in shown
    assert "<audio" not in shown
    assert ('<path d="M1 ' in shown) is (fate == "trashed")
    assert "/kits/place/" not in shown
    assert address("keep", made) in shown
    answer = client.post(address("keep", made), headers=HX)
    assert answer.status_code == 200
    again = Sample.objects.owned_by(user).kept().get()
    assert f'data-sample-id="{again.pk}"' in row_of(answer, made)
    assert "is in the library." in answer["HX-Trigger"]
    plain = client.post(address("keep", made))
    assert plain.status_code == 303


def test_of_two_rows_with_the_same_sound_the_newest_stands_for_it(client, user, made):
    newer = GenerationFactory(user=user, completed=True, sample=made.sample)
    page = client.get(URL)
    assert f'id="sample-{made.sample_id}"' in row_of(page, newer)
    assert page.text.count(f'id="sample-{made.sample_id}"') == 1
    assert "The same sound as a newer one" in row_of(page, made)
    assert address("keep", made) not in row_of(page, made)
    assert f'data-place="{made.pk}" data-sound="{made.sample_id}"' in row_of(page, made)
    assert f"/kits/place/?ids={made.sample_id}" in row_of(page, made)
    polled = client.get(f"{URL}?poll=1&open={made.pk}", headers=HX)
    assert "data-sample-id" not in row_of(polled, made)


# ── Live ────────────────────────────────────────────────────────────────────


def test_a_look_brings_the_rows_that_were_open_and_ends_when_nothing_is(client, user, stranger):
    waits, works = GenerationFactory(user=user), GenerationFactory(user=user, processing=True)
    other = GenerationFactory(user=user)
    theirs = GenerationFactory(user=stranger, prompt="not mine")
    gone = uuid4()
    asked = f"{URL}?poll=1&open={waits.pk}&open={works.pk}&open={gone}&open={theirs.pk}&open=x"
    answer = client.get(asked, headers=HX)
    assert set(words(answer)) == {waits.prompt, works.prompt}
    assert str(other.pk) not in answer.text
    assert f'id="gen-{gone}" hx-swap-oob="delete"' in answer.text
    assert answer.text.count('name="open"') == 2
    Generation.objects.filter(user=user).update(state="failed", error="No such sound.")
    answer = client.get(asked, headers=HX)
    assert answer.text.count(">No such sound.</em>") == 2
    assert 'name="open"' not in answer.text
    assert "not mine" not in answer.text


def test_older_rows_come_in_pages_without_gaps_even_of_one_moment(client, user):
    moment = now()
    for at in range(2 * takes.PAGE + 3):
        GenerationFactory(user=user, failed=True, prompt=f"p{at}", created_at=moment)
    page, seen, turns = client.get(URL), [], 0
    while True:
        seen += words(page)
        following = re.search(r'hx-get="(/generations/\?before=[^"]+)"', page.text)
        if not following:
            break
        page, turns = client.get(following[1], headers=HX), turns + 1
        assert "<html" not in page.text
    assert turns == 2
    assert len(seen) == len(set(seen)) == 2 * takes.PAGE + 3
    plain = client.get(f"{URL}?before={Generation.objects.newest()[takes.PAGE - 1].pk}")
    assert words(plain) == seen[takes.PAGE : 2 * takes.PAGE]
    assert "Show the newest" in plain.text
    assert client.get(f"{URL}?before=nonsense").status_code == 404
    last = Generation.objects.newest().last()
    assert "The list ends before this place." in client.get(f"{URL}?before={last.pk}").text


def test_a_list_that_is_come_back_to_has_as_many_rows_as_before(client, user):
    for _ in range(takes.PAGE + 5):
        GenerationFactory(user=user, failed=True)
    headers = HX | {"HX-Target": "results"}
    answer = client.get(f"{URL}?rows={takes.PAGE + 4}", headers=headers)
    assert len(words(answer)) == takes.PAGE + 4
    assert len(words(client.get(f"{URL}?rows=9999999999999999999999", headers=headers))) == 30


# ── What is done with a row ─────────────────────────────────────────────────


@pytest.mark.parametrize("headers", [{}, HX])
def test_again_asks_for_another_take(client, user, made, headers):
    answer = client.post(address("again", made), headers=headers)
    assert answer.status_code == (200 if headers else 303)
    newest, first = Generation.objects.newest()
    assert first == made
    assert (newest.prompt, newest.is_pending) == (made.prompt, True)
    assert newest.metadata["seed"] != made.metadata["seed"]
    if headers:
        assert words(answer) == [made.prompt]  # one row more; all others stay as they are
        assert 'hx-swap-oob="afterend:#rows-head"' in answer.text
        assert 'id="past"' in answer.text
        assert "<textarea" not in answer.text  # what somebody is writing stays
        assert "generations:changed" in answer["HX-Trigger-After-Swap"]
        assert "generations:asked" not in answer["HX-Trigger-After-Swap"]  # which would scroll


def test_again_with_a_model_that_is_gone_says_so(client, user, made):
    Generation.objects.update(model_name="Yesterday")
    answer = client.post(address("again", made), headers=HX)
    assert answer.status_code == 204
    assert "There is no model called Yesterday" in answer["HX-Trigger"]
    plain = client.post(address("again", made))
    assert plain.status_code == 303
    assert "There is no model called Yesterday" in said(plain)[0]


def test_cancelling_takes_the_row_away(client, user, made):
    row = GenerationFactory(user=user)
    answer = client.post(address("cancel", row), headers=HX)
    assert f'id="gen-{row.pk}" hx-swap-oob="delete"' in answer.text
    assert f"“{row.prompt}” is cancelled." in answer["HX-Trigger"].encode().decode("unicode_escape")
    assert Generation.objects.get() == made
    late = client.post(address("cancel", made), headers=HX)  # made in this moment
    assert "It had ended already." in late["HX-Trigger"]
    assert words(late) == [made.prompt]
    assert Generation.objects.get() == made


def test_the_last_row_leaves_examples(client, user):
    row = GenerationFactory(user=user)
    answer = client.post(address("cancel", row), headers=HX)
    assert "Make a sound from words" in answer.text
    assert "is cancelled" in answer["HX-Trigger"]


def test_taking_off_the_list_leaves_the_sound_in_the_library(client, user, made):
    storage, name = made.audio_file.storage, made.audio_file.name
    answer = client.post(address("delete", made))
    assert answer.status_code == 303
    assert not Generation.objects.exists()
    assert not storage.exists(name)
    assert Sample.objects.kept().get() == made.sample
    waits = GenerationFactory(user=user)
    refused = client.post(address("delete", waits), headers=HX)
    assert refused.status_code == 204
    assert "cancel it instead" in refused["HX-Trigger"]
    assert Generation.objects.exists()


def told(answer) -> str:
    return json.loads(answer["HX-Trigger"])["toast"]["text"]


def test_the_only_copy_of_a_sound_is_deleted_after_a_question(client, user, made):
    GenerationFactory(user=user)
    made.sample.delete()
    storage, name = made.audio_file.storage, made.audio_file.name
    asked = client.post(address("delete", made), headers=HX)
    assert "Delete the only copy?" in row_of(asked, made)
    assert "Keep" in row_of(asked, made)
    assert "toast" not in asked.headers.get("HX-Trigger", "")
    plain = client.post(address("delete", made))
    assert plain["Location"] == f"{URL}?sure={made.pk}"
    page = client.get(plain["Location"])
    assert page.text.count("Delete the only copy?</button>") == 1
    assert "Delete the only copy?" in row_of(page, made)
    assert "Delete the only copy?" not in client.get(URL).text
    assert storage.exists(name)
    done = client.post(address("delete", made), {"sure": "1"}, headers=HX)
    assert told(done) == "“808 kick” is deleted for good: this was the only copy of the sound."
    assert json.loads(done["HX-Trigger"])["toast"]["undo"] == ""  # for good
    assert not storage.exists(name)


def test_a_file_that_is_missing_in_the_library_makes_the_row_hold_the_only_copy(client, user, made):
    Sample.objects.update(is_missing=True)
    assert "Delete the only copy?" in client.post(address("delete", made), headers=HX).text
    assert f'data-sound="{made.pk}"' in row_of(client.get(URL), made)
    assert address("audio", made) in row_of(client.get(URL), made)


@pytest.mark.parametrize("fate", ["kept", "trashed"])
def test_taking_off_the_list_says_where_the_sound_is(client, user, made, fate):
    GenerationFactory(user=user)
    if fate == "trashed":
        Sample.objects.update(deleted_at=now())
    place = "library" if fate == "kept" else "trash"
    answer = client.post(address("delete", made), headers=HX)
    assert told(answer) == f"Taken off the list. 808 kick is still in the {place}."
    assert Sample.objects.filter(pk=made.sample_id).exists()


def test_a_row_that_another_window_took_away_goes(client, user, made):
    key = uuid4()
    for act in ("again", "cancel", "delete", "keep"):
        where = reverse(f"library:generation-{act}", args=[key])
        answer = client.post(where, headers=HX)
        assert answer.status_code == 404
        assert unquote(answer["X-Message"]) == "It was taken off the list in another window."
        assert json.loads(answer["HX-Trigger"]) == {"generations:gone": {"id": str(key)}}
        assert client.post(where).status_code == 404


# ── What is guessed, and what models say ────────────────────────────────────


def test_guesses_are_marked_as_in_the_library(client, user, made):
    facts = {"sample_class": "kick", "class_guessed": True, "bpm_guessed": True}
    Sample.objects.update(**facts, key_guessed=True, key_source="name")
    shown = row_of(client.get(URL), made)
    for column, value in (("bpm", "92"), ("key", "8A")):
        found = re.search(rf'class="num k-{column} unsure" title="([^"]+)">{value}\?<', shown)
        assert found, column
        assert "Click to confirm." in found[1]
    assert re.search(r'class="kind unsure" title="[^"]+Click to confirm.">Kick\?<', shown)
    assert 'aria-label="808 kick, kick, 4.00 seconds"' in shown
    Sample.objects.update(class_guessed=False, bpm_guessed=False, key_guessed=False)
    shown = row_of(client.get(URL), made)
    assert "unsure" not in shown
    assert ">Kick</span>" in shown
    made.sample.delete()
    assert "92?" in row_of(client.get(URL), made)  # only heard


def test_a_row_says_what_its_model_said_and_which_it_is_of_several(client, user, made, settings):
    made.metadata |= {"note": "No word of it is known: by chance."}
    made.save()
    settings.GENERATION_ENGINES = [f"tests.models_of_sound.{name}" for name in ("Tone", "Moody")]
    shown = row_of(client.get(URL), made)
    assert ">No word of it is known: by chance.</span>" in shown
    assert "<span>Tone</span>" in shown


def test_a_silent_sound_says_so(client, user, made):
    Sample.objects.update(peak_amplitude=0.0)
    shown = row_of(client.get(URL), made)
    assert ">too quiet</em>" in shown


def test_a_worker_that_ended_at_each_try_is_told_in_words_for_people(client, user):
    error = "Given up after 5 tries: crashed"
    row = GenerationFactory(user=user, failed=True, error=error, attempts=5, model_name="Tone")
    shown = row_of(client.get(URL), row)
    assert "Tone ended its worker 5 times. Ask for a shorter sound or other words." in shown
    assert "Given up" not in shown


def test_what_has_no_file_any_more_cannot_be_kept(client, user, made):
    made.sample.delete()
    made.audio_file.storage.delete(made.audio_file.name)
    answer = client.post(address("keep", made), headers=HX)
    assert answer.status_code == 204
    assert "The file of this sound is not there." in answer["HX-Trigger"]


@pytest.mark.parametrize("page", [URL, "/library/"])
def test_what_is_changed_in_the_details_draws_the_rows_of_the_page_it_was_done_on(
    client, made, page
):
    headers = HX | {"HX-Current-URL": f"http://testserver{page}"}
    form = {"title": "kick of mine", "sample_class": "kick"}
    saved = client.post(reverse("library:sample", args=[made.sample_id]), form, headers=headers)
    trash = {"action": "trash", "ids": made.sample_id, "visible": made.sample_id}
    trashed = client.post(reverse("library:bulk"), trash, headers=headers)
    is_own = page == URL
    for answer in (saved, trashed):
        assert answer.status_code == (204 if is_own else 200)
        assert ("library:changed" in answer.headers.get("HX-Trigger", "")) is is_own
        told = answer.headers.get("HX-Trigger", "") + answer.headers.get(
            "HX-Trigger-After-Swap", ""
        )
        assert "undo" in told
    assert Sample.objects.get().title == "kick of mine"
    anew = client.get(URL, headers=HX | {"HX-Target": "results"})
    assert "In the trash" in row_of(anew, made)


def test_all_of_them_are_one_press_away_in_the_library(client):
    assert f'href="/library/?tag={generate.TAG}"' in client.get(URL).text


def test_acts_are_posts(client, made):
    for act in ("again", "cancel", "delete", "keep"):
        assert client.get(address(act, made)).status_code == 405


def test_the_file_of_the_model_is_sent_in_parts(client, user, made):
    whole = client.get(address("audio", made))
    assert whole["Content-Type"] == "audio/wav"
    content = b"".join(whole.streaming_content)
    assert content == tone()
    part = client.get(address("audio", made), headers={"Range": "bytes=4-7"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, content[4:8])
    made.audio_file.storage.delete(made.audio_file.name)
    assert client.get(address("audio", made)).status_code == 404
    assert client.get(address("audio", GenerationFactory(user=user))).status_code == 404


def test_what_was_asked_for_on_the_page_is_what_again_asks_for(client, user):
    client.post(URL, FORM)
    asked = Generation.objects.get()
    assert generate.again(asked).duration == asked.duration == 1.0


def test_the_tags_of_a_sound_without_a_folder_stand_without_an_indent(client, user):
    SampleFactory(owner=user, folder="", tags=["generated", "dusty"])
    SampleFactory(owner=user, folder="Packs", tags=["boom"])
    page = client.get("/library/").text
    assert '<i class="bare">#dusty</i>' in page or '<i class="bare">#generated</i>' in page
    assert page.count('class="bare"') == 1


def test_the_help_names_the_keys_that_are_only_the_librarys(client):
    page = client.get(reverse("library:keys")).text
    assert re.search(r"Only in the library.*?Del", page, re.DOTALL)
    assert "As in library" not in page


def test_a_prompt_that_was_used_once_has_no_count(client, user):
    PromptFactory(user=user, text="once", used_count=1)
    past = client.get(URL).text.partition('id="past"')[2].partition("</section>")[0]
    assert "once" in past
    assert "1×" not in past
