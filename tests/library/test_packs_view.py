"""The pages of packs, and author, source and licence where sounds are changed."""

import json

import pytest

from library import bulk, origins
from library.bulk import Action, BulkError, Selection
from library.models import Pack, Sample
from tests.factories import SampleFactory

pytestmark = pytest.mark.django_db
URL = "/library/packs/"


@pytest.fixture
def dusty(user) -> Pack:
    found = origins.named(user, 'Dusty "two"')
    origins.add_papers(found, [("LICENSE", "CC BY 4.0 <b>x</b>"), ("README", "Author: Jane")])
    SampleFactory(owner=user, title="kick", pack=found)
    SampleFactory(owner=user, title="gone", pack=found, trashed=True)
    return found


def test_lists_packs_with_their_sounds(client, dusty, stranger):
    origins.named(stranger, "Theirs")
    page = client.get(URL).text
    assert "Dusty &quot;two&quot;" in page
    assert '<td class="num">1</td>' in page
    assert "CC BY 4.0" in page
    assert "Theirs" not in page


def test_says_that_there_are_none(client):
    assert "No packs yet." in client.get(URL).text


def test_shows_papers_sounds_and_the_way_to_them(client, dusty):
    page = client.get(f"{URL}{dusty.pk}/").text
    assert "CC BY 4.0 &lt;b&gt;x&lt;/b&gt;" in page
    assert "https://creativecommons.org/licenses/by/4.0/" in page
    assert ">kick</a>" in page
    assert ">gone</a>" not in page
    found = client.get("/library/?q=pack%3A%22Dusty%20two%22").text
    assert "Open 1 sound" in page
    assert found


def test_the_way_to_the_sounds_finds_them(client, user, dusty):
    Pack.objects.filter(pk=dusty.pk).update(name="Warm tape")
    SampleFactory(owner=user, title="elsewhere")
    page = client.get(f"{URL}{dusty.pk}/").text
    address = page.partition('href="/library/?')[2].partition('"')[0]
    found = client.get(f"/library/?{address}").text
    assert "kick" in found
    assert "elsewhere" not in found


def test_changes_what_holds_for_its_sounds(client, dusty):
    form = {"name": "Dusty", "author": "Joe", "source": "a shop", "licence": "Royalty-free"}
    answer = client.post(f"{URL}{dusty.pk}/", form)
    assert (answer.status_code, answer["Location"]) == (303, f"{URL}{dusty.pk}/")
    dusty.refresh_from_db()
    assert {name: getattr(dusty, name) for name in form} == form
    assert origins.of(Sample.objects.get(title="kick")).author == "Joe"


@pytest.mark.parametrize("name", ["", "Taken", "x" * 201])
def test_refuses_names_that_will_not_do(client, user, dusty, name):
    origins.named(user, "Taken")
    answer = client.post(f"{URL}{dusty.pk}/", {"name": name})
    assert answer.status_code == 422
    assert "<h1>Dusty &quot;two&quot;</h1>" in answer.text
    dusty.refresh_from_db()
    assert dusty.name == 'Dusty "two"'


def test_a_sounds_page_shows_what_it_inherits(client, dusty):
    sample = Sample.objects.get(title="kick")
    page = client.get(f"/samples/{sample.pk}/").text
    assert 'placeholder="CC BY 4.0"' in page
    assert 'placeholder="Jane"' in page
    assert f"{URL}{dusty.pk}/" in page


def test_a_sounds_own_words_are_saved_and_taken_back(client, dusty):
    sample = Sample.objects.get(title="kick")
    form = {"title": "kick", "author": "Joe", "source": "", "licence": "CC0 1.0"}
    assert client.post(f"/samples/{sample.pk}/", form).status_code == 303
    sample.refresh_from_db()
    assert (sample.author, sample.licence) == ("Joe", "CC0 1.0")
    client.post(f"/samples/{sample.pk}/", {"title": "kick 2"})  # a form that does not ask
    sample.refresh_from_db()
    assert (sample.title, sample.author) == ("kick 2", "Joe")
    client.post(f"/samples/{sample.pk}/", form | {"author": ""})
    sample.refresh_from_db()
    assert origins.of(sample).author == "Jane"


@pytest.mark.parametrize("field", ["author", "source", "licence"])
def test_many_at_once_and_back(user, field):
    ids = frozenset(
        SampleFactory(owner=user, **{field: was}).pk for was in ("", "before", "new words")
    )
    edit = bulk.apply(user, f"set_{field}", Selection(ids), " new   words ")
    assert edit.label == f"2 sounds given the {field} new words"
    assert set(Sample.objects.values_list(field, flat=True)) == {"new words"}
    bulk.undo(edit)
    assert set(Sample.objects.values_list(field, flat=True)) == {"", "before", "new words"}
    edit = bulk.apply(user, f"set_{field}", Selection(ids), "")
    assert edit.label == f"2 sounds given the {field} nothing"
    with pytest.raises(BulkError, match="At most 200 characters"):
        bulk.apply(user, Action.SET_LICENCE, Selection(ids), "x" * 201)


def test_the_dialog_offers_them(client, user):
    sample = SampleFactory(owner=user)
    page = client.get("/samples/bulk/", {"ids": sample.pk}).text
    for act in ("set_author", "set_source", "set_licence"):
        assert f'value="{act}"' in page
    assert '<option value="CC BY 4.0">' in page


def api(client, method, path, body=None):
    return client.generic(method, f"/api/v1{path}", json.dumps(body or {}), "application/json")


def test_programs_read_and_change_packs(client, dusty):
    (row,) = client.get("/api/v1/packs").json()["items"]
    assert (row["name"], row["sounds"], row["licence"]) == ('Dusty "two"', 1, "CC BY 4.0")
    answer = api(client, "PATCH", f"/packs/{dusty.pk}", {"author": " Joe  Doe ", "source": ""})
    assert answer.status_code == 200
    assert (answer.json()["author"], answer.json()["licence"]) == ("Joe Doe", "CC BY 4.0")
    assert client.get(f"/api/v1/packs/{dusty.pk}").json() == answer.json()


def test_programs_are_told_why_not(client, user, dusty):
    origins.named(user, "Taken")
    assert api(client, "PATCH", f"/packs/{dusty.pk}", {"name": "Taken"}).status_code == 409
    assert api(client, "PATCH", f"/packs/{dusty.pk}", {"name": "  "}).status_code == 422
    assert api(client, "PATCH", f"/packs/{dusty.pk}", {"name": "a\0b"}).status_code == 422
    assert api(client, "PATCH", "/packs/999999", {"name": "x"}).status_code == 404
    dusty.refresh_from_db()
    assert dusty.name == 'Dusty "two"'
