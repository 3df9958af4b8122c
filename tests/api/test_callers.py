"""Who may call the API, and what strangers are told: nothing."""

import json
from datetime import timedelta

import pytest
from django.conf import settings as standing
from django.test import Client
from django.utils.timezone import now

from exports.models import Export
from kits.models import Kit
from library.models import ApiToken, Sample
from sp404site.api import api
from tests.api.conftest import Program
from tests.factories import (
    ExportFactory,
    ExportItemFactory,
    KitFactory,
    SampleFactory,
)

MINE = "Qzx only mine"
MISSING = 987_654_321


def operations():
    """Return every method and path of the API's own document."""
    paths = api.get_openapi_schema()["paths"]
    return sorted((method.upper(), path) for path, acts in paths.items() for method in acts)


OBJECTS = [(method, path) for method, path in operations() if "{" in path]
BODIES = {  # a body that would do something for the owner
    ("POST", "/api/v1/kits"): {"name": "Taken"},
    ("PUT", "/api/v1/kits/{kit_id}"): {"name": "Taken", "version": 0, "pads": []},
    ("POST", "/api/v1/sp404/samples/export-batch"): {"sample_ids": [1]},
}


@pytest.fixture
def things(user):
    """Return the number of one thing of each kind, all of them one person's."""
    sample = SampleFactory(owner=user, title=MINE, original_name=f"{MINE}.wav", stored=True)
    kit = KitFactory(owner=user, name=MINE, filled=1)
    export = ExportFactory(owner=user, name=MINE, done=True)
    ExportItemFactory(export=export, sample=sample, path=f"{MINE}.wav", done=True)
    return {"sample_id": sample.pk, "kit_id": kit.pk, "export_id": export.pk}


def traces(user):
    """Return everything that a stranger's call could have changed."""
    return (
        list(Sample.objects.filter(owner=user).values()),
        list(Kit.objects.filter(owner=user).values()),
        list(Export.objects.filter(owner=user).values()),
        Kit.objects.count() + Sample.objects.count() + Export.objects.count(),
    )


def send(client, method, path, ids, **headers):
    body = json.dumps(BODIES.get((method, path), {}))
    return client.generic(
        method, path.format(**ids), "" if method == "GET" else body, "application/json",
        headers=headers,
    )  # fmt: skip


@pytest.mark.parametrize(("method", "path"), OBJECTS)
def test_things_of_others_are_as_if_they_were_not_there(
    foreign_program, stranger_client, things, user, method, path
):
    before = traces(user)
    missing = dict.fromkeys(things, MISSING)
    bearer = {"Authorization": f"Bearer {foreign_program.secret}"}
    for client, headers in ((foreign_program.client, bearer), (stranger_client, {})):
        theirs = send(client, method, path, things, **headers)
        none = send(client, method, path, missing, **headers)
        assert theirs.status_code == none.status_code == 404
        (number,) = (str(things[name]) for name in things if name in path)
        assert theirs.text.replace(number, str(MISSING)) == none.text
        assert theirs.headers.keys() == none.headers.keys()
    assert traces(user) == before


@pytest.mark.parametrize(("method", "path"), operations())
@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer padcrate_wrong", "Bearer é", "Basic bG9jYWw6", "Token x"],
)
def test_without_a_token_or_a_session_there_is_401_and_no_redirect(
    nobody, things, user, method, path, authorization
):
    before = traces(user)
    answer = send(nobody.client, method, path, things, Authorization=authorization)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json() == {
        "detail": "Send a token (Authorization: Bearer …) or sign in",
        "error_type": "authentication_error",
        "context": {},
    }
    assert MINE not in answer.text
    assert traces(user) == before


@pytest.mark.parametrize(("method", "path"), operations())
def test_a_token_and_a_session_open_the_same_doors(program, things, user, method, path):
    browser = Client()
    browser.force_login(user)
    bearer = {"Authorization": f"Bearer {program.secret}"}
    reads = method == "GET"
    for client, headers in ((program.client, bearer), (browser, {})):
        answer = send(client, method, path, things, **headers)
        if reads or client is program.client:
            assert answer.status_code in {200, 201, 202, 204, 409, 422}


@pytest.mark.parametrize(("method", "path"), [each for each in operations() if each[0] != "GET"])
def test_a_session_changes_nothing_without_the_csrf_token(things, user, method, path):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    before = traces(user)
    answer = send(browser, method, path, things)
    assert answer.status_code == 403
    assert answer.json()["detail"] == "The CSRF token is missing or wrong"
    assert answer.json()["error_type"] == "permission_error"
    assert traces(user) == before


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


def test_lists_show_nothing_of_others(foreign_program, things):
    for path in ("samples", "kits", "sp404/exports"):
        answer = foreign_program.get(path)
        assert answer.json()["total"] == 0
        assert MINE not in answer.text
    asked = f"sp404/exports?sample_id={things['sample_id']}"
    assert foreign_program.get(asked).json()["total"] == 0


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
