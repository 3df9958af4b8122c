"""Tokens on the preferences page: made, shown once, revoked."""

import re

import pytest

from library.models import ApiToken
from tests.factories import UserFactory

PAGE = "/preferences/"
MAKE = "/preferences/tokens/"


@pytest.fixture
def token(user):
    token = ApiToken(owner=user, name="studio")
    token.issue()
    return token


def secret_in(text):
    found = re.search(r"padcrate_[\w-]{43}", text)
    return found and found[0]


def test_a_token_is_shown_once(client, user):
    answer = client.post(MAKE, {"name": "studio"})
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    secret = secret_in(answer.text)
    assert ApiToken.owner_of(secret) == user
    page = client.get(PAGE)
    assert "studio" in page.text
    assert secret_in(page.text) is None


def test_it_opens_the_api(client, anonymous):
    secret = secret_in(client.post(MAKE, {"name": "studio"}).text)
    headers = {"Authorization": f"Bearer {secret}"}
    assert anonymous.get("/api/v1/kits", headers=headers).status_code == 200
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", client.get(PAGE).text)  # last used


def test_a_page_without_tokens(client):
    text = client.get(PAGE).text
    assert "Make a token" in text
    assert 'href="/api/docs"' in text
    assert "Revoke" not in text


def test_a_name_is_taken_once(client, token):
    answer = client.post(MAKE, {"name": "studio"})
    assert answer.status_code == 422
    assert "You have a token of this name already." in answer.text
    assert secret_in(answer.text) is None
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\0b"])
def test_a_name_is_needed(client, name):
    answer = client.post(MAKE, {"name": name})
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_the_same_name_for_two_people(client, stranger_client):
    for browser in (client, stranger_client):
        assert browser.post(MAKE, {"name": "studio"}).status_code == 201
    assert ApiToken.objects.count() == 2


def test_revoke(client, token):
    answer = client.post(f"/preferences/tokens/{token.pk}/revoke/")
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert "The token studio was revoked." in client.get(PAGE).text
    assert not ApiToken.objects.exists()


def test_nobody_revokes_what_belongs_to_others(stranger_client, token):
    assert stranger_client.post(f"/preferences/tokens/{token.pk}/revoke/").status_code == 404
    assert ApiToken.objects.exists()
    assert "studio" not in stranger_client.get(PAGE).text


def test_the_other_preferences_still_save_from_there(client, user):
    text = client.post(MAKE, {"name": "studio"}).text
    assert '<form class="prefs" method="post" action="/preferences/">' in text


def test_the_admin_sees_tokens_and_never_their_digests(client, token):
    client.force_login(UserFactory(superuser=True))
    text = client.get("/admin/library/apitoken/").text
    assert "studio" in text
    text = client.get(f"/admin/library/apitoken/{token.pk}/change/").text
    assert token.digest not in text
    answer = client.post(f"/admin/library/apitoken/{token.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert not ApiToken.objects.exists()


def test_the_page_of_a_new_token_is_the_preferences_page(client):
    text = client.post(MAKE, {"name": "studio"}).text
    assert re.findall(r'href="([^"]+)"\s+aria-current="page"', text) == [PAGE, PAGE]
