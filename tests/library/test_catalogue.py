"""The library as one table: every column, safe for spreadsheets, in pieces."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from library import catalogue
from library.models import Pack, Sample
from library.query import Query
from tests.factories import KitFactory, PadFactory, SampleFactory

pytestmark = pytest.mark.django_db
URL = "/library/catalogue/"


@pytest.fixture
def sound(user) -> Sample:
    pack = Pack.objects.create(owner=user, name="Dusty", author="Jane", licence="CC0 1.0")
    sample = SampleFactory(
        owner=user, title="Käse kick", folder="Drums/Kicks", sample_class="kick", bpm=92.5,
        key="Am", is_loop=True, genre="dub", pack=pack, source="https://example.org/x",
        peak_amplitude=0.5, loudness_lufs=-14.123, tags=["warm", "tape"], notes="two\nlines",
    )  # fmt: skip
    PadFactory(kit=KitFactory(owner=user, name="Beat"), sample=sample, number=5)
    return sample


def sent(answer) -> str:
    assert answer.streaming
    return b"".join(answer.streaming_content).decode()


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_every_column(client, sound):
    answer = client.get(URL, {"format": "csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="padcrate_library.csv"'
    (row,) = table(sent(answer))
    assert list(row) == list(catalogue.COLUMNS)
    wanted = {
        "id": str(sound.pk), "title": "Käse kick", "folder": "Drums/Kicks", "pack": "Dusty",
        "source": "https://example.org/x", "author": "Jane", "licence": "CC0 1.0",
        "class": "kick", "class_is_guess": "0", "kind": "loop", "bpm": "92.5", "key": "A minor",
        "camelot": "8A", "genre": "dub", "tags": "tape; warm", "notes": "two\nlines",
        "pads": "A5 of Beat", "peak_dbfs": "-6.02", "loudness_lufs": "-14.12",
        "sha256": sound.sha256,
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


def test_json_says_the_same(client, sound):
    answer = client.get(URL, {"format": "json"})
    assert answer["Content-Type"] == "application/json"
    (row,) = json.loads(sent(answer))
    assert list(row) == list(catalogue.COLUMNS)
    assert (row["bpm"], row["tags"], row["favourite"]) == (92.5, ["tape", "warm"], False)
    assert row["pads"] == ["A5 of Beat"]


@pytest.mark.parametrize("title", ["=1+1", "+cmd", "-2", "@x", "\tx", "\rx"])
def test_nothing_is_a_formula_in_a_spreadsheet(client, user, title):
    SampleFactory(owner=user, title=title, genre=title, loudness_lufs=-20, tags=[title])
    (row,) = table(sent(client.get(URL, {"format": "csv"})))
    assert row["title"] == row["genre"] == row["tags"] == f"'{title}"
    assert row["loudness_lufs"] == "-20.0"  # a number stays one


def test_holds_what_the_search_finds(client, user, stranger):
    SampleFactory(owner=user, title="kick one", sample_class="kick")
    SampleFactory(owner=user, title="snare", sample_class="snare")
    SampleFactory(owner=user, title="kick gone", sample_class="kick", trashed=True)
    SampleFactory(owner=stranger, title="kick theirs", sample_class="kick")
    titles = [row["title"] for row in table(sent(client.get(f"{URL}?cls=kick&format=csv")))]
    assert titles == ["kick one"]
    page = client.get(f"{URL}?cls=kick")
    assert "1 sound as one table" in page.text
    assert "?cls=kick&amp;format=csv" in page.text


def test_an_empty_library_gives_an_empty_table(client):
    assert sent(client.get(URL, {"format": "csv"})) == ",".join(catalogue.COLUMNS) + "\r\n"
    assert json.loads(sent(client.get(URL, {"format": "json"}))) == []


def test_an_unknown_form_shows_the_page(client):
    assert "as one table" in client.get(URL, {"format": "exe"}).text


def test_a_sound_that_is_not_measured_yet_has_empty_cells(client, user):
    SampleFactory(owner=user, new=True, seconds=None, bpm=None, key="", is_loop=None)
    (row,) = table(sent(client.get(URL, {"format": "csv"})))
    empty = ("seconds", "peak_dbfs", "loudness_lufs", "bpm", "key", "camelot", "kind")
    assert [row[name] for name in empty] == [""] * 7


def test_is_read_in_pieces_of_a_few_queries(user, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(catalogue, "BATCH", 4)
    kit = KitFactory(owner=user)
    for number in range(1, 11):
        sample = SampleFactory(owner=user, tags=[f"t{number}"])
        PadFactory(kit=kit, number=number, sample=sample)
    rows = catalogue.samples(user, Query())
    with django_assert_num_queries(4 * 3 + 1):  # rows, tags, pads, kits; the last finds none
        pieces = list(catalogue.stream(rows, "csv"))
    ids = [int(row["id"]) for row in table("".join(pieces))]
    assert ids == sorted(Sample.objects.values_list("pk", flat=True), reverse=True)
    assert len(pieces) == 4


def test_the_api_gives_the_same(client, sound):
    found = json.loads(sent(client.get("/api/v1/catalogue", {"q": "pack:dusty"})))
    assert [row["id"] for row in found] == [sound.pk]
    assert table(sent(client.get("/api/v1/catalogue?format=csv")))[0]["pack"] == "Dusty"
    assert client.get("/api/v1/catalogue?format=exe").status_code == 422


def test_the_command_prints_or_writes(user, sound, tmp_path, capsys):
    call_command("catalogue", "--owner", user.username, "--query", "licence:cc0")
    assert table(capsys.readouterr().out)[0]["id"] == str(sound.pk)
    call_command("catalogue", "--owner", user.username, "--query", "nothing", "--format", "json")
    assert json.loads(capsys.readouterr().out) == []
    target = tmp_path / "list.csv"
    call_command("catalogue", "--owner", user.username, "--to", str(target))
    assert len(table(target.read_text())) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]
    with pytest.raises(CommandError, match="could not be written: No such file"):
        call_command("catalogue", "--owner", user.username, "--to", str(tmp_path / "no" / "x"))


def test_every_column_is_explained():
    text = (Path(settings.BASE_DIR) / "docs" / "library.md").read_text()
    told = re.findall(r"^\| `(\w+)` \|", text.partition("## Catalogue")[2], re.MULTILINE)
    assert told == list(catalogue.COLUMNS)
