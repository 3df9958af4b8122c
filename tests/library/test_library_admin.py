"""The library in the admin."""

import pytest
from django.urls import reverse

from library.jobs import State
from library.models import Analysis, Sample
from tests.factories import (
    AnalysisFactory,
    ImportProblemFactory,
    PreferencesFactory,
    TagFactory,
    UserFactory,
)


@pytest.fixture
def staff(client):
    """Return the browser of somebody who may do everything."""
    client.force_login(UserFactory(superuser=True))
    return client


@pytest.fixture
def rows(user):
    """Make one row of everything."""
    PreferencesFactory(user=user)
    TagFactory(owner=user)
    ImportProblemFactory(batch__owner=user, name="broken.wav")
    return AnalysisFactory(sample__owner=user, sample__title="kick_dusty", done=True)


@pytest.mark.parametrize(
    "name", ["sample", "analysis", "import", "tag", "preferences", "libraryedit"]
)
def test_lists_and_searches(staff, rows, name):
    url = reverse(f"admin:library_{name}_changelist")
    assert staff.get(url).status_code == 200
    assert staff.get(url, {"q": "kick"}).status_code == 200


def test_draws_waveforms(staff, rows):
    page = staff.get(reverse("admin:library_sample_changelist"))
    assert 'class="wave"' in page.text
    assert "44.1 kHz 16-bit mono" in page.text
    assert "Completed" in page.text


def test_a_sample_opens(staff, rows):
    page = staff.get(reverse("admin:library_sample_change", args=[rows.sample_id]))
    assert page.status_code == 200
    assert f'href="/samples/{rows.sample_id}/"' in page.text


def test_an_import_opens_with_its_problems(staff, rows):
    from library.models import Import

    url = reverse("admin:library_import_change", args=[Import.objects.get().pk])
    assert "broken.wav" in staff.get(url).text


def test_analyses_again(staff, rows):
    url = reverse("admin:library_sample_changelist")
    data = {"action": "analyse_again", "_selected_action": [rows.sample_id]}
    answer = staff.post(url, data, follow=True)
    assert "1 analyses are queued." in answer.text
    assert Analysis.objects.get().state == State.PENDING


def test_marks_as_reviewed(staff, rows):
    Sample.objects.update(class_guessed=True, class_source="audio", class_confidence=0.6)
    url = reverse("admin:library_sample_changelist")
    data = {"action": "mark_reviewed", "_selected_action": [rows.sample_id]}
    assert "1 guesses are confirmed." in staff.post(url, data, follow=True).text
    sample = Sample.objects.get()
    assert (sample.class_guessed, sample.class_source, sample.class_confidence) == (
        False,
        "person",
        1.0,
    )
    assert sample.bpm_source == ""


@pytest.mark.parametrize(("guessed", "source"), [("", "person"), ("on", "audio")])
def test_what_is_changed_here_is_a_persons_word(staff, rows, guessed, source):
    Sample.objects.update(bpm=92, bpm_source="audio")
    url = reverse("admin:library_sample_change", args=[rows.sample_id])
    data = {"title": "x", "sample_class": "kick", "bpm": "96", "bpm_guessed": guessed}
    assert staff.post(url, data | {"is_loop": "false"}).status_code == 302
    sample = Sample.objects.get()
    assert (sample.bpm, sample.bpm_source, sample.bpm_guessed) == (96, source, bool(guessed))


@pytest.mark.parametrize("bpm", ["92", "96", ""])
def test_what_is_no_guess_any_more_is_a_persons_word(staff, rows, bpm):
    Sample.objects.update(bpm=92, bpm_source="audio", bpm_guessed=True, bpm_confidence=0.7)
    Sample.objects.update(key="Am", key_source="audio", key_guessed=True, key_confidence=0.7)
    url = reverse("admin:library_sample_change", args=[rows.sample_id])
    data = {"title": "x", "sample_class": "kick", "key": "Am", "key_guessed": "on", "bpm": bpm}
    assert staff.post(url, data | {"is_loop": "false"}).status_code == 302
    sample = Sample.objects.get()
    assert sample.bpm == (float(bpm) if bpm else None)
    assert (sample.bpm_source, sample.bpm_guessed, sample.bpm_confidence) == ("person", False, 1)
    assert (sample.key_source, sample.key_guessed, sample.key_confidence) == ("audio", True, 0.7)


@pytest.mark.parametrize(("bpm", "kept"), [("92", (None, "audio")), ("96", (96, "person"))])
def test_what_is_called_a_one_shot_here_shows_no_tempo_that_was_heard(staff, rows, bpm, kept):
    Sample.objects.update(bpm=92, bpm_source="audio", is_loop=True, kind_source="audio")
    url = reverse("admin:library_sample_change", args=[rows.sample_id])
    data = {"title": "x", "sample_class": "kick", "bpm": bpm, "is_loop": "false"}
    assert staff.post(url, data).status_code == 302
    sample = Sample.objects.get()
    assert (sample.is_loop, sample.kind_source) == (False, "person")
    assert (sample.bpm, sample.bpm_source) == kept


def test_what_the_program_writes_is_not_written_here(staff, rows):
    assert staff.get(reverse("admin:library_analysis_add")).status_code == 403
    assert staff.get(reverse("admin:library_sample_add")).status_code == 403
    assert staff.get(reverse("admin:library_preferences_add")).status_code == 403
    url = reverse("admin:library_analysis_change", args=[rows.pk])
    assert staff.post(url, {"state": "pending"}).status_code == 403


def test_asks_no_more_questions_for_more_rows(staff, rows, django_assert_max_num_queries):
    for _ in range(20):
        AnalysisFactory(sample__owner=rows.sample.owner)
    with django_assert_max_num_queries(20):
        staff.get(reverse("admin:library_sample_changelist"))


def test_is_dressed_as_the_product(staff):
    page = staff.get(reverse("admin:index"))
    assert "css/admin" in page.text
    assert "Padcrate admin" in page.text
    assert "Django administration" not in page.text
