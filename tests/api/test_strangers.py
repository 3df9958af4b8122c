"""Every address of the API, seen by somebody else: found by walking the URL configuration.

A new route is in the API's own document, and so in these tests, or the first of them fails.
"""

import json
import re
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import get_resolver

from exports.models import Export
from kits.models import Kit
from library.models import Generation, Pack, Prompt, Sample
from sp404site.api import api
from tests.factories import (
    ExportFactory,
    ExportItemFactory,
    GenerationFactory,
    KitFactory,
    SampleFactory,
    tone,
)

MINE = "Qzx only mine"
MISSING = 987_654_321
PARAMETER = re.compile(r"<(?:int|uuidstr):(\w+)>")


def operations():
    """Return every method and path of the API's own document."""
    paths = api.get_openapi_schema()["paths"]
    return sorted((method.upper(), path) for path, acts in paths.items() for method in acts)


PUBLIC = {"openapi-json", "openapi-view", "api-root"}
OBJECTS = [(method, path) for method, path in operations() if "{" in path]
BODIES = {  # a body that would do something for the owner
    ("POST", "/api/v1/kits"): {"name": "Taken"},
    ("PATCH", "/api/v1/packs/{pack_id}"): {"name": "Taken", "licence": "CC0 1.0"},
    ("PUT", "/api/v1/kits/{kit_id}"): {"name": "Taken", "version": 0, "pads": []},
    ("POST", "/api/v1/sp404/samples/export-batch"): {"sample_ids": [1]},
    ("POST", "/api/v1/generations"): {"prompt": "Taken"},
}


@pytest.fixture
def things(user):
    """Return the number of one thing of each kind, all of them one person's."""
    sample = SampleFactory(owner=user, title=MINE, original_name=f"{MINE}.wav", stored=True)
    kit = KitFactory(owner=user, name=MINE, filled=1)
    export = ExportFactory(owner=user, name=MINE, done=True)
    ExportItemFactory(export=export, sample=sample, path=f"{MINE}.wav", done=True)
    pack = Pack.objects.create(owner=user, name=MINE)
    made = GenerationFactory(user=user, prompt=MINE, completed=True, sample=sample, audio_file="")
    made.audio_file.save(f"2026/01/01/{made.pk}.wav", ContentFile(tone()))
    return {
        "sample_id": sample.pk,
        "kit_id": kit.pk,
        "export_id": export.pk,
        "pack_id": pack.pk,
        "generation_id": made.pk,
    }


def missing(number):
    """Return a key of the same kind that nothing has."""
    return UUID(int=MISSING) if isinstance(number, UUID) else MISSING


def traces(user):
    """Return everything that a stranger's call could have changed."""
    return (
        list(Sample.objects.filter(owner=user).values()),
        list(Kit.objects.filter(owner=user).values()),
        list(Export.objects.filter(owner=user).values()),
        list(Pack.objects.filter(owner=user).values()),
        list(Generation.objects.filter(user=user).values()),
        list(Prompt.objects.filter(user=user).values()),
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
    nothing = {name: missing(number) for name, number in things.items()}
    bearer = {"Authorization": f"Bearer {foreign_program.secret}"}
    for client, headers in ((foreign_program.client, bearer), (stranger_client, {})):
        theirs = send(client, method, path, things, **headers)
        none = send(client, method, path, nothing, **headers)
        assert theirs.status_code == none.status_code == 404
        (name,) = (name for name in things if name in path)
        assert theirs.text.replace(str(things[name]), str(nothing[name])) == none.text
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


def test_lists_show_nothing_of_others(foreign_program, things):
    for path in ("samples", "kits", "sp404/exports", "generations", "prompts"):
        answer = foreign_program.get(path)
        assert answer.json()["total"] == 0
        assert MINE not in answer.text
    asked = f"sp404/exports?sample_id={things['sample_id']}"
    assert foreign_program.get(asked).json()["total"] == 0


def routes():
    """Return the addresses of all routes below /api/v1 and the names of the others."""
    (found,) = (p for p in get_resolver().url_patterns if getattr(p, "namespace", "") == "api")
    named = {pattern.name for pattern in found.url_patterns}
    addresses = {str(p.pattern) for p in found.url_patterns if str(p.pattern).startswith("v1/")}
    return named, {"/api/" + PARAMETER.sub(r"{\1}", path) for path in addresses}


def test_every_route_is_in_the_document_that_these_tests_follow():
    named, addresses = routes()
    assert addresses == {path for _, path in operations()}
    assert named >= PUBLIC


def test_public_addresses_tell_nothing(things, anonymous):
    for path in ("/api/", "/api/docs", "/api/openapi.json", "/api/v1/", f"/api/{MINE}"):
        answer = anonymous.get(path)
        assert answer.status_code in {200, 404}
        assert MINE not in answer.text
        assert str(settings.BASE_DIR) not in answer.text
