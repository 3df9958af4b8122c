"""Whatever a program sends, by the API's own document or against it, nothing breaks."""

from uuid import UUID

import pytest
import schemathesis
from django.core.files.base import ContentFile
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from library.models import Pack
from sp404site.wsgi import application
from tests.exports.conftest import export  # noqa: F401 - a fixture
from tests.factories import GenerationFactory, KitFactory, SampleFactory, tone

schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
schema.config.generation.update(
    modes=[schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
)
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.fixture(autouse=True)
def one_connection():
    """Keep the test's connection between requests, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def own(user, export, work):  # noqa: F811
    """Return functions that make something of the caller's own and return its number."""

    def finished():
        started = export(1)
        work()
        return started.pk

    def generated():
        made = GenerationFactory(user=user, completed=True, sample=SampleFactory(owner=user))
        made.audio_file.storage.save(made.audio_file.name, ContentFile(tone()))
        return made

    return {
        "sample_id": lambda: SampleFactory(owner=user, stored=True).pk,
        "kit_id": lambda: KitFactory(owner=user, filled=2).pk,
        "export_id": finished,
        "pack_id": lambda: Pack.objects.get_or_create(owner=user, name="Dust")[0].pk,
        "generation_id": lambda: generated().pk,
    }


def is_key(text):
    """Tell whether a generation may be named so."""
    try:
        return bool(UUID(str(text)))
    except ValueError:
        return False


@schema.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_call_breaks_it(case, program, own):
    for name, number in case.path_parameters.items():
        some = UUID(str(number)).int if name == "generation_id" and is_key(number) else number
        if isinstance(some, int) and some % 2:  # every other call meets something of its own
            case.path_parameters[name] = own[name]()
    response = case.call(headers={"Authorization": f"Bearer {program.secret}"})
    case.validate_response(response, checks=CHECKS)
