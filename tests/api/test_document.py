"""The API's document and its page: public, served from here, under the strict policy."""

import re

import pytest
from django.contrib.staticfiles import finders

from exports.carried import CUTS

PATHS = {  # what programs are promised
    "/api/v1/sp404/samples/{sample_id}/export": {"post"},
    "/api/v1/sp404/samples/export-batch": {"post"},
    "/api/v1/sp404/kits/{kit_id}/export": {"post"},
    "/api/v1/sp404/exports/{export_id}": {"get"},
    "/api/v1/sp404/exports/{export_id}/download": {"get"},
    "/api/v1/sp404/exports": {"get"},
    "/api/v1/samples": {"get", "post"},
    "/api/v1/packs": {"get"},
    "/api/v1/packs/{pack_id}": {"get", "patch"},
    "/api/v1/catalogue": {"get"},
    "/api/v1/generations": {"get", "post"},
    "/api/v1/generations/{generation_id}": {"get", "delete"},
    "/api/v1/generations/{generation_id}/keep": {"post"},
    "/api/v1/generations/{generation_id}/audio": {"get"},
    "/api/v1/prompts": {"get"},
    "/api/v1/kits": {"get", "post"},
    "/api/v1/kits/{kit_id}": {"get", "put", "delete"},
}


@pytest.fixture
def document(anonymous):
    answer = anonymous.get("/api/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def test_the_document_is_public_and_names_every_path(document):
    assert document["openapi"].startswith("3.")
    for path, methods in PATHS.items():
        assert methods == document["paths"][path].keys()


def test_every_operation_has_a_name_words_and_both_ways_to_sign_in(document):
    acts = [act for path in document["paths"].values() for act in path.values()]
    assert len({act["operationId"] for act in acts}) == len(acts)
    for act in acts:
        assert act["description"]
        assert [set(way) for way in act["security"]] == [{"Token"}, {"Session"}]
        assert "401" in act["responses"]


def test_the_configuration_has_the_promised_defaults(document):
    fields = document["components"]["schemas"]["ExportConfig"]["properties"]
    assert {name: field.get("default") for name, field in fields.items()} == {
        "organize_by": "flat",
        "format": "wav",
        "pad_short": False,
        "include_metadata": True,
        "sanitize_filenames": True,
        "output_base_path": None,
    }
    kit = document["components"]["schemas"]["KitConfig"]["properties"]
    assert kit["organize_by"]["default"] == "kit"
    assert kit["bake"]["default"] == list(CUTS)
    assert kit["bake"]["items"]["enum"] == list(CUTS)


def test_the_page_needs_nothing_from_elsewhere(anonymous):
    answer = anonymous.get("/api/docs")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    used = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert used
    for address in used:
        assert address.startswith("/static/")
        assert finders.find(address.removeprefix("/static/"))
    assert "style=" not in answer.text
    for attributes in re.findall(r"<script([^>]*)>", answer.text):
        assert "src=" in attributes or "application/json" in attributes
    assert '"url": "/api/openapi.json"' in answer.text


def test_the_page_is_no_way_in(anonymous):
    for method in ("post", "put", "delete"):
        assert getattr(anonymous, method)("/api/docs").status_code < 500
    assert anonymous.get("/api/docs").cookies.keys() <= {"padcrate_csrf_8000"}
