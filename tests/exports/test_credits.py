"""credits.txt: in every export that has somebody to thank, and the same each time."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from exports import attribution, build, download, to_card
from exports.attribution import Credited
from exports.card.write import Card
from exports.models import Export, ExportItem
from exports.options import Options
from exports.plan import plan
from exports.sources import from_ids, from_kit
from library.jobs import State
from library.models import Pack, Sample
from tests.factories import KitFactory, PadFactory, SampleFactory

pytestmark = pytest.mark.django_db

BY = "https://creativecommons.org/licenses/by/4.0/"


@pytest.fixture
def sounds(user):
    """Return three sounds: of a pack with terms, with words of its own, with nothing to tell."""
    pack = Pack.objects.create(owner=user, name="Dusty", author="Jane Doe", licence="CC BY 4.0")
    return [
        SampleFactory(owner=user, stored=True, title="Kick", pack=pack),
        SampleFactory(owner=user, stored=True, title="Snare", pack=pack, author="Joe\nBloggs"),
        SampleFactory(owner=user, stored=True, title="Own hat"),
    ]


EXPECTED = f"""Credits

Who made these sounds and what may be done with them, as far as it is known.

Kick
  Author: Jane Doe
  Licence: CC BY 4.0, {BY}
  Pack: Dusty
  File: kick.wav

Snare
  Author: Joe Bloggs
  Licence: CC BY 4.0, {BY}
  Pack: Dusty
  File: snare.wav
"""


def start(user, sounds, **options):
    options = Options(**{"layout": "flat", "root": ""} | options)
    return build.create(user, plan(from_ids(user, [one.pk for one in sounds]), options))


def zipped(export) -> zipfile.ZipFile:
    export.refresh_from_db()
    return zipfile.ZipFile(io.BytesIO(b"".join(download.archive(export).stream())))


@pytest.mark.parametrize("texts", [False, True])
def test_names_those_who_made_the_sounds(user, sounds, worker, texts):
    export = start(user, sounds, include_metadata=texts)
    worker()
    with zipped(export) as archive:
        assert archive.read("credits.txt").decode() == EXPECTED
        assert archive.testzip() is None
        assert ("manifest.csv" in archive.namelist()) == texts


def test_is_not_there_when_nobody_is_to_be_thanked(user, sounds, worker):
    pack = Pack.objects.create(owner=user, name="Only a name")
    Sample.objects.filter(pk=sounds[2].pk).update(pack=pack)
    sounds[2].refresh_from_db()
    planned = plan(from_ids(user, [sounds[2].pk]), Options())
    assert planned.credits == ""
    export = start(user, sounds[2:])
    worker()
    with zipped(export) as archive:
        assert "credits.txt" not in archive.namelist()


def test_the_plan_shows_it_and_counts_it(user, sounds, worker):
    planned = plan(from_ids(user, [one.pk for one in sounds]), Options(layout="flat", root=""))
    size = len(EXPECTED.encode())
    assert planned.files[0] == ("credits.txt", size)
    assert planned.total_bytes == size + sum(item.size for item in planned.included)
    export = build.create(user, planned)
    worker()
    export.refresh_from_db()
    assert export.total_bytes == planned.total_bytes


def test_form_and_job_page_show_it(client, user, sounds, worker):
    ids = ",".join(str(one.pk) for one in sounds)
    assert "credits.txt" in client.get("/exports/new/", {"ids": ids}).text
    export = start(user, sounds)
    assert "credits.txt" in client.get(f"/exports/{export.pk}/").text
    worker()
    assert "credits.txt" in client.get(f"/exports/{export.pk}/").text


def test_leaves_out_what_was_not_written(user, sounds, worker):
    Sample.objects.filter(pk=sounds[0].pk).update(is_missing=True)
    export = start(user, sounds)
    worker()
    with zipped(export) as archive:
        assert "Kick" not in archive.read("credits.txt").decode()


def test_tells_what_was_known_when_the_export_was_asked_for(user, sounds, worker):
    export = start(user, sounds)
    Pack.objects.update(author="Somebody else")
    worker()
    with zipped(export) as archive:
        assert archive.read("credits.txt").decode() == EXPECTED


def test_the_same_export_on_another_day_is_the_same_to_the_byte(user, sounds, worker):
    first, second = start(user, sounds), start(user, sounds)
    worker()
    later = now() + timedelta(days=40)
    Export.objects.filter(pk=second.pk).update(created_at=later)
    ExportItem.objects.filter(export=second).update(queued_at=later)
    one, other = (
        b"".join(download.archive(Export.objects.get(pk=export.pk)).stream())
        for export in (first, second)
    )
    assert one == other
    assert b"credits.txt" in one


def test_a_kit_names_all_files_of_a_sound_once(user, sounds, worker):
    kit = KitFactory(owner=user, name="Beat")
    PadFactory(kit=kit, number=1, sample=sounds[0])
    PadFactory(kit=kit, number=9, sample=sounds[0])
    export = build.create(user, plan(from_kit(kit), Options(layout="kit", root="")))
    worker()
    with zipped(export) as archive:
        text = archive.read("credits.txt").decode()
    assert "Files: beat/bank_A/pad_01_kick.wav, beat/bank_A/pad_09_kick.wav\n" in text
    assert text.count("Jane Doe") == 1


def test_lies_in_the_folder_and_a_second_export_keeps_the_first_ones(
    user, sounds, worker, tmp_path
):
    exports = [start(user, sounds[:1]), start(user, sounds[1:])]
    worker()
    for export in exports:
        export.refresh_from_db()
        with Card.opened(tmp_path) as card:
            assert not to_card.write(export, card, lambda _: None).left_out
    assert "Kick" in (tmp_path / "credits.txt").read_text()
    assert "Joe Bloggs" in (tmp_path / "credits_2.txt").read_text()
    with Card.opened(tmp_path) as card:  # once more: nothing new
        assert to_card.write(exports[1], card, lambda _: None).added == []


def test_a_kits_credits_take_the_place_of_its_older_ones(user, sounds, worker, tmp_path):
    kit = KitFactory(owner=user, name="Beat")
    PadFactory(kit=kit, number=1, sample=sounds[0])
    for author in ("First", "Second"):
        Pack.objects.update(author=author)
        export = build.create(user, plan(from_kit(kit), Options(layout="kit")))
        worker()
        export.refresh_from_db()
        with Card.opened(tmp_path) as card:
            to_card.write(export, card, lambda _: None)
    assert "Second" in (tmp_path / "credits.txt").read_text()
    assert not (tmp_path / "credits_2.txt").exists()


def test_the_shell_tells_of_it_before(user, sounds, capsys):
    ids = [str(one.pk) for one in sounds]
    call_command("export_samples", *ids, "--dry-run", "--owner", user.username)
    assert "credits.txt" in capsys.readouterr().out


def test_long_sounds_that_were_split_are_named_together():
    told = {"author": "Jane"}
    text = attribution.text([Credited("a_01.wav", "A", told), Credited("a_02.wav", "A", told)])
    assert text.endswith("\nA\n  Author: Jane\n  Files: a_01.wav, a_02.wav\n")


def test_an_export_that_ended_before_anything_was_written_has_none(user, sounds):
    Sample.objects.update(is_missing=True)
    export = start(user, sounds)
    export.refresh_from_db()
    assert (export.state, export.total_bytes) == (State.FAILED, 0)
