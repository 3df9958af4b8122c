"""Pad settings that were cut in are made again as they were; page, API and shell ask for them."""

import pytest

from exports import again, carried, retry
from exports.models import Export
from exports.options import Options, last_chosen
from exports.plan import plan
from exports.sources import as_exported, as_it_is_now
from kits.adjust import adjust
from kits.hardware.pads import PadAddress
from kits.models import Direction
from library.access import local_user
from library.audio.baked import Baked
from library.audio.errors import UnreadableAudio
from library.jobs import State
from library.models import ApiToken, Sample
from tests.api.conftest import Program
from tests.exports.commands import run
from tests.exports.zipped import EVERYTHING, exported, sounds_of
from tests.factories import KitFactory, PadFactory, SampleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kit(user):
    return KitFactory(owner=user, name="Night Market")


def test_again_makes_the_same_files_and_knows_what_differs(user, kit, worker):
    for number in (1, 2, 3):
        PadFactory(
            kit=kit, number=number, sample__stored=True, level=90, slice=number, start=10 * number
        )
    _, done, files = exported(kit, worker)
    assert again.since(as_it_is_now(done)).sentences == ["Nothing has changed since."]
    adjust(kit, [PadAddress("A", 2)], {"pitch": 3})
    adjust(kit, [PadAddress("A", 3)], {"play": "gate", "mute_group": "A"})  # changes no file
    found = again.since(as_it_is_now(done))
    assert found.sentences == ["Kit has changed since: 1 pad differs: A2."]
    second = again.make(Export.objects.get(pk=done.pk))
    worker()
    second.refresh_from_db()
    assert {name: words.tobytes() for name, words in sounds_of(second).items()} == {
        name: words.tobytes() for name, words in files.items()
    }
    pairs = [list(one.items.values_list("path", "render", "recipe")) for one in (done, second)]
    assert pairs[0] == pairs[1]


def test_an_export_of_before_gives_the_bytes_of_before(user, kit, worker):
    PadFactory(kit=kit, sample__stored=True, level=64, start=480)
    _, done, _ = exported(kit, worker, Options(layout="kit"))
    stored = {name: value for name, value in done.options.items() if name != "bake"}
    Export.objects.filter(pk=done.pk).update(options=stored)
    done.refresh_from_db()
    assert Options.from_json(stored).bake == ()
    assert last_chosen(stored, kit=True).bake == carried.EVERYTHING
    assert again.since(as_it_is_now(done)).sentences == ["Nothing has changed since."]
    second = again.make(done)
    worker()
    assert second.items.get().render_id == done.items.get().render_id


def test_what_was_not_cut_in_then_can_be_asked_for_later(kit, worker):
    pad = PadFactory(kit=kit, sample__stored=True, level=64, link=2)
    _, done, _ = exported(kit, worker, Options(layout="kit"))
    adjust(kit, [pad.address], {"level": 127, "link": 0})
    then = plan(as_exported(done), EVERYTHING)
    assert then.items[0].recipe.baked == Baked(level=64)
    assert then.settings == [
        "Cut into the sound: 1 pad with own volume.",
        "Pad link travels only in a native project: 1 pad.",
    ]


def test_a_slice_whose_sound_is_renamed_has_another_name(kit, worker):
    pad = PadFactory(kit=kit, sample__stored=True, slice=7, end=9_000)
    _, done, _ = exported(kit, worker)
    Sample.objects.filter(pk=pad.sample_id).update(title="Other")
    assert again.since(as_it_is_now(done)).sentences == ["1 sound has another name now."]
    assert as_it_is_now(done).wanted[0].title == "Other 07"


def test_a_second_try_makes_the_file_that_was_planned(kit, worker, monkeypatch):
    PadFactory(kit=kit, sample__stored=True, start=480, level=64)
    with monkeypatch.context() as broken:
        broken.setattr("exports.render.convert", _unreadable)
        _, done, _ = exported(kit, worker)
    assert done.state == State.FAILED
    adjust(kit, [PadAddress("A", 1)], {"level": 127, "start": 0})
    assert retry.retry(done)
    worker()
    done.refresh_from_db()
    assert done.state == State.COMPLETED
    (words,) = sounds_of(done).values()
    assert len(words) == 12_000 - 480
    inner = words[200:-200]  # at its edges a filter rings
    assert abs(inner).max() == pytest.approx(16_384 * (64 / 127) ** 2, rel=0.01)


def _unreadable(*_):
    raise UnreadableAudio("for a moment")


def test_the_form_asks_for_it_and_posts_it(client, kit):
    PadFactory(kit=kit, direction=Direction.REVERSE, level=64)
    page = client.get("/exports/new/", {"kit": kit.pk})
    assert "Cut into the sound: 1 pad reversed, 1 with own volume." in page.text
    assert page.text.count('name="bake"') == 5
    sent = {"kit": kit.pk, "layout": "kit", "format": "wav", "channels": "keep"}
    sent |= {"loudness": "leave", "bake": ["pan", "level"]}
    answer = client.post("/exports/new/", sent)
    assert answer.status_code == 303
    export = Export.objects.get()
    assert export.options["bake"] == ["level", "pan"]
    assert export.items.get().recipe["baked"]["level"] == 64
    assert not export.items.get().recipe["baked"]["reverse"]
    assert client.post("/exports/new/", sent | {"bake": "everything"}).status_code == 422


def test_sounds_without_pads_have_nothing_to_cut_in(client, user):
    sample = SampleFactory(owner=user)
    page = client.get("/exports/new/", {"ids": sample.pk})
    assert 'name="bake"' not in page.text
    assert "Pad settings" not in page.text


def test_programs_choose_it_too(kit, user):
    PadFactory(kit=kit, sample__stored=True, level=64, pan=9)
    program = Program(ApiToken(owner=user, name="test").issue())
    for sent, wanted in [(None, [*carried.CUTS]), ({"bake": ["pan"]}, ["pan"]), ({"bake": []}, [])]:
        answer = program.post(f"sp404/kits/{kit.pk}/export", sent)
        assert answer.status_code == 202, answer.text
        export = Export.objects.latest("pk")
        assert export.options["bake"] == wanted
        settings = export.items.get().recipe.get("baked", {"pan": 0, "level": 127})
        assert (settings["pan"] != 0, settings["level"] != 127) == (
            "pan" in wanted,
            "level" in wanted,
        )
    assert program.post(f"sp404/kits/{kit.pk}/export", {"bake": ["gate"]}).status_code == 422


def test_the_shell_chooses_it_too():
    kit = KitFactory(owner=local_user(), name="Shell")
    PadFactory(kit=kit, sample__stored=True, level=64, pan=9, play="gate")
    shown = run("export_kit", "Shell", "--dry-run").out
    assert "  Cut into the sound: 1 pad with own volume, 1 panned." in shown.splitlines()
    assert "  Gate travels only in a native project: 1 pad." in shown.splitlines()
    told = run("export_kit", "Shell", "--dry-run", "--json", "--bake", "level").json
    assert "Volume 64, 11.9 dB lower" in told["files"][0]["changes"]
    assert "Not cut in: pan of 1 pad." in told["summary"]
    none = run("export_kit", "Shell", "--dry-run", "--bake", "none").out
    assert "Cut into the sound" not in none
    wrong = run("export_kit", "Shell", "--bake", "gate")
    assert wrong.status != 0
    assert "all, none, or some of trim,reverse,pitch,level,pan" in wrong.err
