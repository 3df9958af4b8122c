"""Tokens and sessions: who may call the API, and for whom."""

from datetime import timedelta

import pytest
from django.conf import settings as standing
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from library.models import ApiToken
from tests.api.conftest import Program
from tests.factories import KitFactory, UserFactory

MINE = "Qzx only mine"


def test_a_session_with_the_csrf_token_is_enough(user):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    browser.get("/preferences/")
    token = browser.cookies[standing.CSRF_COOKIE_NAME].value
    answer = browser.post(
        "/api/v1/kits", {"name": "Mine"}, "application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 201


def test_a_wrong_token_is_refused_even_with_a_session(client):
    answer = client.get("/api/v1/kits", headers={"Authorization": "Bearer padcrate_wrong"})
    assert answer.status_code == 401


def test_a_token_acts_for_its_owner_whoever_is_signed_in(program, stranger_client, user):
    KitFactory(owner=user, name=MINE)
    bearer = {"Authorization": f"Bearer {program.secret}"}
    told = stranger_client.get("/api/v1/kits", headers=bearer).json()
    assert [kit["name"] for kit in told["items"]] == [MINE]


def test_a_revoked_token_is_a_stranger(program, user):
    assert program.get("kits").status_code == 200
    ApiToken.objects.all().delete()
    assert program.get("kits").status_code == 401


def test_people_who_left_have_no_programs(program, user):
    user.is_active = False
    user.save()
    assert program.get("kits").status_code == 401


def test_on_a_network_the_user_without_a_password_has_no_programs(program, user, settings):
    user.set_unusable_password()
    user.save()
    assert program.get("kits").status_code == 200
    settings.LOCAL_MODE = False
    assert program.get("kits").status_code == 401


def test_only_the_digest_of_a_token_is_kept(user):
    token = ApiToken(owner=user, name="studio")
    secret = token.issue()
    assert len(secret.removeprefix("padcrate_")) == 43  # 256 bits
    row = ApiToken.objects.values().get()
    assert secret not in str(row)
    assert secret.removeprefix("padcrate_") not in str(row)
    assert len(row["digest"]) == 64
    assert token.issue != secret


def test_the_last_use_is_noted_once_a_minute(program, django_assert_num_queries):
    token = ApiToken.objects.get()
    assert token.used_at is None
    program.get("kits")
    token.refresh_from_db()
    first = token.used_at
    assert now() - first < timedelta(minutes=1)
    program.get("kits")
    token.refresh_from_db()
    assert token.used_at == first
    old = first - timedelta(minutes=2)
    ApiToken.objects.update(used_at=old)
    program.get("kits")
    token.refresh_from_db()
    assert token.used_at > old


def test_programs_of_two_people_are_apart(user, stranger):
    first = Program(ApiToken(owner=user, name="same").issue())
    second = Program(ApiToken(owner=stranger, name="same").issue())
    first.post("kits", {"name": "Mine"})
    assert first.get("kits").json()["total"] == 1
    assert second.get("kits").json()["total"] == 0


@pytest.mark.parametrize("path", ["", "v1", "v1/nothing", "v2/kits", "v1/kits/", "v1/kits/x"])
def test_addresses_that_are_none(nobody, path):
    answer = nobody.client.get(f"/api/{path}")
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Not found", "error_type": "not_found", "context": {}}
    assert nobody.client.post(f"/api/{path}").status_code == 404


def test_methods_that_are_none(program):
    answer = program.call("PATCH", "kits")
    assert answer.status_code == 405
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


def test_a_body_that_is_too_big(program, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = program.post("kits", {"name": "x" * 2000})
    assert answer.status_code == 413
    assert answer.json()["detail"] == "The request is too big"


def test_a_database_that_takes_nothing_can_still_be_read(transactional_db, caplog):
    owner = UserFactory()
    program = Program(ApiToken(owner=owner, name="test").issue())
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            assert program.get("kits").status_code == 200
        finally:
            cursor.execute("PRAGMA query_only = OFF")
    assert "was not noted" in caplog.text
    assert ApiToken.objects.get().used_at is None
