"""What a person sees when something is not there, too old or broken: our words, in our look."""

from django.test import Client


def test_what_is_not_there_is_said_in_our_words(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert "css/door" in answer.text


def test_a_form_that_is_too_old_changes_nothing_and_says_so(user):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    answer = strict.post("/kits/", {"name": "Old"})
    assert answer.status_code == 403
    assert "Nothing was changed." in answer.text
    assert not user.kits.exists()


def test_a_fault_of_ours_is_told_without_details(client, monkeypatch):
    def broken(*args):
        raise RuntimeError("a secret of the machine")

    client.raise_request_exception = False
    monkeypatch.setattr("library.views.listing.page_context", broken)
    answer = client.get("/library/")
    assert answer.status_code == 500
    assert "Something broke" in answer.text
    assert "secret" not in answer.text
