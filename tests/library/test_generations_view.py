"""The page of sounds from words: asking, rows in every state, what is done with them."""

import re

import pytest
from django.urls import reverse

from tests.factories import AnalysisFactory, GenerationFactory, SampleFactory

URL = "/generations/"
HX = {"HX-Request": "true"}
FORM = {"prompt": "dusty 808 kick", "seconds": "1"}


def words(page) -> list[str]:
    """Return what the rows of an answer ask for, in their order."""
    return re.findall(r'<b title="([^"]*)"', page.text)


def row_of(page, generation) -> str:
    """Return one row of an answer."""
    found = re.search(rf'<div class="gen"\s+id="gen-{generation.pk}".*?(?=<div class="gen"|$)',
                      page.text, re.DOTALL)  # fmt: skip
    assert found, "there is no such row"
    return found[0]


def address(act, generation) -> str:
    return reverse(f"library:generation-{act}", args=[generation.pk])


@pytest.fixture
def made(user):
    """Return a generation whose sound is in the library and measured."""
    sample = SampleFactory(owner=user, title="808 kick", bpm=92.0, key="Am")
    AnalysisFactory(sample=sample, done=True)
    facts = {"limited": True, "loudness_lufs": -17.2, "bpm": 92.0, "seed": 7}
    return GenerationFactory(
        user=user, prompt="808 kick", completed=True, sample=sample, metadata=facts
    )


def test_an_empty_page_teaches_by_examples(client, user, stranger):
    GenerationFactory(user=stranger)
    page = client.get(URL)
    assert page.status_code == 200
    assert "Make a sound from words" in page.text
    examples = re.findall(r'href="\?prompt=([^"]+)"', page.text)
    assert 4 <= len(examples) <= 6
    assert 'id="rows"' not in page.text
    assert "Past prompts" not in page.text
    assert "HX-Request" in page["Vary"]
    filled = client.get(f"{URL}?prompt={examples[0]}")
    assert re.search(r"<textarea[^>]*>\s*dusty 808 kick</textarea>", filled.text)


def test_needs_somebody_signed_in(anonymous, db):
    assert anonymous.get(URL).status_code == 302
