"""`manage.py export_samples` and `export_kit`: what they take, write, print and end with."""

import hashlib
import logging
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import load_command_class
from django.core.management.base import DjangoHelpFormatter
from django.urls import reverse

from exports.management.commands import export_samples
from exports.models import Export
from library import labour, search
from library.access import LOCAL_NAME, local_user
from library.jobs import NoSpaceError, State
from tests.exports.cards import holdings
from tests.exports.commands import run
from tests.factories import KitFactory, PadFactory, PreferencesFactory, SampleFactory, tone


@pytest.fixture
def me(db) -> User:
    """Return the local user, whose library commands work on."""
    return local_user()


@pytest.fixture
def sounds(me):
    """Return three sounds of different genres, tempos and tags."""
    rows = [
        SampleFactory(owner=me, sound=tone(200), title="Kick", genre="Techno", bpm=130.0),
        SampleFactory(owner=me, sound=tone(300), title="Snare", genre="House", tags=["dusty"]),
        SampleFactory(owner=me, sound=tone(400), title="Loop", genre="Techno", bpm=90.0),
    ]
    search.refresh([sample.pk for sample in rows])
    return rows


@pytest.fixture
def kit(me):
    """Return a kit with two sounds."""
    kit = KitFactory(owner=me, name="My Kit")
    for number, title in enumerate(("Kick", "Snare"), 1):
        sample = SampleFactory(owner=me, sound=tone(100 * number), title=title)
        PadFactory(kit=kit, number=number, sample=sample)
    return kit


def paths(export=None):
    export = export or Export.objects.get()
    return list(export.items.order_by("position").values_list("path", flat=True))


def test_samples_by_id_are_exported_by_this_process(sounds):
    done = run("export_samples", sounds[2].pk, sounds[0].pk)
    assert done.status == 0, done.err
    export = Export.objects.get()
    assert (export.state, export.kind) == (State.COMPLETED, Export.Kind.BATCH)
    assert paths(export) == ["IMPORT/kick.wav", "IMPORT/loop.wav"]
    assert done.out == f"Export {export.pk}, 2 sounds: 2 files, 49 kB.\n"


@pytest.mark.parametrize(("verbosity", "is_told"), [(1, False), (2, True)])
def test_each_file_is_told_only_on_demand(sounds, caplog, verbosity, is_told):
    level = logging.getLogger("exports").level
    run("export_samples", sounds[0].pk, "--verbosity", verbosity)
    assert ("Converted item" in caplog.text) == is_told
    assert logging.getLogger("exports").level == level


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--genre", "Techno"], ["kick", "loop"]),
        (["--genre", "Techno", "--genre", "House"], ["kick", "snare", "loop"]),
        (["--tag", "dusty"], ["snare"]),
        (["--bpm", "80-100"], ["loop"]),
        (["--bpm", "100-"], ["kick"]),
        (["--bpm", "-100"], ["loop"]),
        (["--query", "snare"], ["snare"]),
        (["--query", "bpm:80-100"], ["loop"]),
        (["--query", "bpm:100- -tag:none"], ["kick"]),
        (["--query", 'tag:"dusty" -is:loop'], ["snare"]),
        (["--query", "q=bpm:100-"], ["kick"]),
        (["--query", "genre=Techno&lo=100"], ["kick"]),
        (["--query", "genre=Techno", "--bpm", "80-100.5"], ["loop"]),
        (["--all"], ["kick", "snare", "loop"]),
    ],
)
def test_samples_are_found(sounds, words, found):
    assert run("export_samples", *words).status == 0
    assert paths() == [f"IMPORT/{name}.wav" for name in found]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "No samples provided for export. Name ids, a search, or --all."),
        (["--tag", "nothing"], "No samples provided for export"),
        (["1", "--all"], "Name ids or a search, not both."),
        (["--bpm", "fast"], "LO-HI, LO- or -HI in beats per minute"),
        (["--bpm", "-"], "LO-HI, LO- or -HI in beats per minute"),
        (["--all", "--layout", "kit"], "Only a kit can be organized by kit"),
        (["--all", "--format", "mp3"], "Unsupported output format: mp3. Supported: wav, aiff"),
        (["--all", "--lufs", "loud"], "-40 to -6, or off"),
        (["--all", "--lufs", "3"], "-40 to -6, or off"),
        (["--all", "--zip", "/nowhere/at/all.zip"], "There is no folder /nowhere/at"),
    ],
)
def test_what_makes_no_sense_is_refused(sounds, words, sentence):
    done = run("export_samples", *words)
    assert done.status in {1, 2}  # argparse's own errors end with 2 in a real shell
    assert sentence in done.err
    assert not Export.objects.exists()


def test_nothing_chosen_ends_with_two(me):
    assert run("export_samples").status == 2
    assert run("export_samples", "--all").status == 2
    assert run("export_kit", 99).status == 2


def test_options_reach_the_export(sounds):
    words = ["--layout", "genre", "--format", "AIFF", "--mono", "--lufs", "-14", "--pad-short"]
    words += ["--no-device-names", "--no-lower-case", "--no-plain-letters", "--trim"]
    words += ["--no-import-folder", "--long", "split"]
    assert run("export_samples", sounds[0].pk, *words, "--metadata").status == 0
    assert paths() == ["techno/Kick.aiff"]
    assert Export.objects.get().options == Export.objects.get().options | {
        "layout": "genre",
        "format": "aiff",
        "channels": "mono",
        "loudness": "match",
        "loudness_lufs": -14.0,
        "root": "",
        "device_names": False,
        "lower_case": False,
        "sanitize": False,
        "pad_short": True,
        "trim": True,
        "long": "split",
        "include_metadata": True,
    }


def test_preferences_are_the_defaults_but_short_sounds_are_not_padded(sounds, me):
    PreferencesFactory(user=me, layout="bpm", loudness="match")
    short = SampleFactory(owner=me, sound=tone(seconds=0.05), frames=2205, seconds=0.05, title="S")
    done = run("export_samples", sounds[0].pk, short.pk, "--lufs", "off")
    assert done.status == 1
    assert "S: Duration too short: 50.0ms (minimum: 100ms)" in done.err
    assert paths()[0] == "IMPORT/130-150/kick.wav"
    assert Export.objects.get().options["loudness"] == "leave"


def test_one_bad_sound_ends_with_one_and_the_others_are_there(sounds, tmp_path):
    done = run("export_samples", sounds[0].pk, 987654, "--to", tmp_path, "--json")
    assert done.status == 1
    assert done.err == "Sample 987654: Sample 987654 not found\n"
    assert done.json["state"] == "partial"
    assert done.json["result"]["failed"] == 1
    assert list(holdings(tmp_path)) == ["IMPORT/kick.wav"]


def test_nothing_that_works_writes_nothing(me, tmp_path):
    done = run("export_samples", 987654, "--to", tmp_path, "--json")
    assert (done.status, done.json["state"], done.json["folder"]) == (1, "failed", None)
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_sound_is_not_found(sounds, stranger):
    theirs = SampleFactory(owner=stranger, stored=True)
    done = run("export_samples", theirs.pk)
    assert done.status == 1
    assert f"Sample {theirs.pk} not found" in done.err


def test_another_person_is_named(user):
    sample = SampleFactory(owner=user, stored=True)
    assert run("export_samples", sample.pk, "--user", user.username).status == 0
    assert Export.objects.get().owner == user
    assert run("export_samples", "--all", "--user", "nobody").err.startswith("There is no user")


def test_a_kit_by_number_and_by_name(kit):
    for name in (kit.pk, "my kit"):
        assert run("export_kit", name).status == 0
    for export in Export.objects.all():
        assert export.kind == Export.Kind.KIT
        assert paths(export) == [
            "IMPORT/my_kit/bank_A/pad_01_kick.wav",
            "IMPORT/my_kit/bank_A/pad_02_snare.wav",
        ]


def test_several_kits_are_several_exports(kit, me, tmp_path):
    other = KitFactory(owner=me, name="Other")
    PadFactory(kit=other, sample=kit.pads.first().sample)
    done = run("export_kit", kit.pk, other.pk, kit.pk, "--to", tmp_path, "--json")
    assert done.status == 0
    assert [told["name"] for told in done.json] == ["My Kit", "Other"]
    assert set(holdings(tmp_path)) == {*paths(kit.exports.get()), *paths(other.exports.get())}


def test_kits_that_cannot_be_meant(kit, me, stranger, tmp_path):
    theirs = KitFactory(owner=stranger, name="Theirs")
    empty = KitFactory(owner=me, name="Empty")
    twin = KitFactory(owner=me, name="MY KIT")
    for words, sentence in (
        ([theirs.pk], f"Kit {theirs.pk} not found"),
        (["Theirs"], "Kit Theirs not found"),
        (["9" * 40], "not found"),
        ([empty.pk], f"Kit {empty.pk} has no samples"),
        (["my kit"], f"take one of their numbers, {kit.pk}, {twin.pk}."),
        ([kit.pk, empty.pk], "has no samples"),
    ):
        done = run("export_kit", *words)
        assert (done.status, sentence in done.err) == (2, True), done.err
    PadFactory(kit=empty, sample=kit.pads.first().sample)
    assert "One ZIP" in run("export_kit", kit.pk, empty.pk, "--zip", tmp_path / "x.zip").err


def test_a_dry_run_writes_nothing_and_says_everything(kit, tmp_path):
    done = run("export_kit", kit.pk, "--to", tmp_path, "--dry-run", "--verbosity", "2")
    assert done.status == 0
    assert done.out.startswith("My Kit: 2 files, 49 kB\n")
    assert "IMPORT/my_kit/bank_A/pad_02_snare.wav" in done.out
    assert "2 converted from 44.1 kHz" in done.out
    assert not Export.objects.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_for_programs(sounds):
    sounds[0].is_missing = True
    sounds[0].save()
    sounds[1].sound_end = None
    sounds[1].save()
    done = run("export_samples", "--all", "--dry-run", "--json")
    assert done.status == 1
    assert done.json["unknown"] == 1
    assert [made["path"] for made in done.json["files"]] == ["IMPORT/snare.wav", "IMPORT/loop.wav"]
    assert done.json["left_out"] == [
        {"title": "Kick", "error": "Audio file not found: Kick.wav"},
    ]
    text = run("export_samples", "--all", "--dry-run").out
    assert "and 1 of unknown length" in text
    assert "Left out: Kick: Audio file not found: Kick.wav" in text
    assert "Note: 1 sound left out: the source file is gone." in text
    assert [note["weight"] for note in done.json["notes"]] == ["stops"]


def test_the_samplers_own_words_are_said_beforehand(me):
    SampleFactory(owner=me, frames=2205, seconds=0.05)
    done = run("export_samples", "--all", "--dry-run")
    assert done.status == 1
    assert "under 100 ms. The sampler says: Too Short Sample\n" in done.out


def test_warnings_are_said_beforehand(me):
    SampleFactory.create_batch(251, owner=me)
    assert "Note: 251 files in" in run("export_samples", "--all", "--dry-run").out


def test_a_zip_is_the_download(sounds, tmp_path, me, client):
    target = tmp_path / "sounds.zip"
    done = run("export_samples", "--all", "--zip", target, "--metadata")
    assert done.status == 0
    assert f"Written to {target}." in done.out
    client.force_login(me)
    download = client.get(reverse("exports:zip", args=[Export.objects.get().pk]))
    assert target.read_bytes() == b"".join(download.streaming_content)
    assert len(zipfile.ZipFile(target).namelist()) == 7
    assert [path.name for path in tmp_path.iterdir()] == ["sounds.zip"]


def test_a_zip_that_is_there_is_only_replaced_by_force(sounds, tmp_path):
    target = tmp_path / "sounds.zip"
    target.write_bytes(b"somebody's")
    assert "--force" in run("export_samples", "--all", "--zip", target).err
    assert target.read_bytes() == b"somebody's"
    assert run("export_samples", "--all", "--zip", target, "--force").status == 0
    assert zipfile.is_zipfile(target)
    assert run("export_samples", "--all", "--zip", tmp_path, "--force").status == 2


def test_a_zip_that_cannot_be_written_leaves_nothing(sounds, tmp_path, monkeypatch):
    monkeypatch.setattr("exports.shell_export.sync", _full)
    done = run("export_samples", "--all", "--zip", tmp_path / "x.zip", "--json")
    assert done.status == 1
    assert done.json["zip"] is None
    assert "x.zip could not be written: No space left." in done.err
    assert list(tmp_path.iterdir()) == []


def _full(_path):
    raise OSError(28, "No space left")


def test_a_folder_holds_what_the_zip_holds(sounds, tmp_path):
    card = tmp_path / "card"
    card.mkdir()
    words = ["export_samples", "--all", "--metadata"]
    assert run(*words, "--zip", tmp_path / "x.zip").status == 0
    done = run(*words, "--to", card)
    assert f"In {card}: 7 added, 0 updated, 0 unchanged." in done.out
    packed = zipfile.ZipFile(tmp_path / "x.zip")
    assert holdings(card) == {name: packed.read(name) for name in packed.namelist()}
    assert "0 added, 0 updated, 7 unchanged" in run(*words, "--to", card).out


def test_a_card_is_updated_and_foreign_files_stay(kit, tmp_path):
    foreign = tmp_path / "IMPORT/my_kit/bank_A/PAD_02_SNARE.wav"
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(b"somebody's")
    run("export_kit", kit.pk, "--to", tmp_path)
    pad = kit.pads.get(number=1)
    pad.sample = SampleFactory(owner=kit.owner, sound=tone(900), title="Kick")
    pad.save()
    done = run("export_kit", kit.pk, "--to", tmp_path, "--json")
    assert done.status == 0
    assert done.json["folder"]["updated"] == ["IMPORT/my_kit/bank_A/pad_01_kick.wav"]
    assert done.json["folder"]["unchanged"] == ["IMPORT/my_kit/bank_A/pad_02_snare_2.wav"]
    assert foreign.read_bytes() == b"somebody's"
    digests = {hashlib.sha256(data).hexdigest() for data in holdings(tmp_path).values()}
    renders = Export.objects.latest("pk").items.values_list("render__sha256", flat=True)
    assert digests >= set(renders)


def test_the_file_that_a_pad_had_before_is_named(kit, tmp_path):
    run("export_kit", kit.pk, "--to", tmp_path)
    pad = kit.pads.get(number=1)
    pad.sample = SampleFactory(owner=kit.owner, sound=tone(900), title="Rim")
    pad.save()
    done = run("export_kit", kit.pk, "--to", tmp_path)
    assert done.out.endswith(
        "Still there from earlier, for the same pads and sounds:\n"
        "  IMPORT/my_kit/bank_A/pad_01_kick.wav\n"
    )


def test_another_sound_of_the_same_name_does_not_replace_the_first(me, tmp_path):
    for number in range(2):
        sample = SampleFactory(owner=me, sound=tone(200 + number), title="Kick")
        done = run("export_samples", sample.pk, "--to", tmp_path)
    assert set(holdings(tmp_path)) == {"IMPORT/kick.wav", "IMPORT/kick_2.wav"}
    assert "IMPORT/kick.wav holds another sound and stays as it is" in done.out


def test_what_does_not_fit_on_the_card_is_named(sounds, tmp_path):
    (tmp_path / "IMPORT").write_bytes(b"somebody's")
    done = run("export_samples", sounds[0].pk, "--to", tmp_path)
    assert done.status == 1
    assert "Not written: IMPORT/kick.wav: IMPORT is a file there, so no folder can be." in done.out


def test_a_card_that_is_not_in_is_told_before_the_work(sounds, tmp_path):
    done = run("export_samples", "--all", "--to", tmp_path / "SP404")
    assert done.status == 1
    assert "Is the card in?" in done.err
    assert not Export.objects.exists()


def test_a_protected_folder_is_told_before_the_work(sounds, tmp_path, monkeypatch):
    monkeypatch.setattr("exports.management.exporting.os.access", lambda *_arguments: False)
    done = run("export_samples", "--all", "--to", tmp_path)
    assert "Permission denied writing to the export folder" in done.err
    assert not Export.objects.exists()


def test_a_card_that_breaks_off_is_told_and_the_export_stays(sounds, tmp_path, monkeypatch):
    monkeypatch.setattr("exports.card.disk.Disk.room", lambda _disk: (0, 512))
    done = run("export_samples", "--all", "--to", tmp_path, "--json")
    assert done.status == 1
    assert "Not enough disk space for export on" in done.err
    assert done.json["folder"]["error"] == done.err.strip()
    assert Export.objects.get().state == State.COMPLETED


def test_ctrl_c_cancels_the_export(sounds, monkeypatch):
    def interrupted(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(labour, "run", interrupted)
    done = run("export_samples", "--all")
    assert (done.status, done.err) == (130, "Cancelled. Nothing was kept.\n")
    assert Export.objects.get().state == State.CANCELLED


def test_ctrl_c_on_the_card_keeps_what_is_whole(sounds, tmp_path, monkeypatch):
    def interrupted(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("exports.to_card.write", interrupted)
    done = run("export_samples", "--all", "--to", tmp_path)
    assert done.status == 130
    assert "Run the same again." in done.err
    assert Export.objects.get().state == State.COMPLETED


def test_a_full_machine_is_told_before_the_work(sounds, settings):
    settings.RESERVE_BYTES = 1 << 60
    done = run("export_samples", "--all")
    assert done.status == 1
    assert "Not enough disk space for export: 80 kB needed, 0 kB free." in done.err
    assert not Export.objects.exists()


def test_a_used_up_share_of_the_disk_is_told(sounds, settings):
    settings.QUOTA_BYTES = 10
    done = run("export_samples", "--all")
    assert done.status == 1
    assert done.err
    assert not Export.objects.exists()


def test_waiting_for_room_is_said_once(sounds, monkeypatch):
    """The disk fills up in the middle; once there is room, the export goes on."""
    monkeypatch.setattr("library.jobs.RETRY_WAITING", timedelta(seconds=-1))
    looks = []

    def full(_needed):
        looks.append(1)
        if len(looks) < 4:
            raise NoSpaceError("No room left on this machine.")

    monkeypatch.setattr("exports.render.require_space", full)
    done = run("export_samples", sounds[0].pk)
    assert done.status == 0
    assert done.err == "Waiting for disk space. Ctrl-C cancels the export.\n"


def test_an_export_that_nobody_closed_is_closed(sounds, monkeypatch):
    monkeypatch.setattr(Export, "close", _closes_late(Export.close))
    assert run("export_samples", sounds[0].pk).status == 0
    assert Export.objects.get().state == State.COMPLETED


def _closes_late(close):
    calls = []

    def late(export):
        calls.append(1)
        return close(export) if len(calls) > 1 else False

    return late


def test_more_than_a_thousand_are_no_too_many(me):
    SampleFactory.create_batch(1001, owner=me)
    done = run("export_samples", "--all", "--dry-run", "--json")
    assert len(done.json["files"]) == 1001


def test_the_local_user_is_the_default(sounds):
    run("export_samples", sounds[0].pk)
    assert Export.objects.get().owner.username == LOCAL_NAME
    assert export_samples.NOTHING in run("export_samples").err


@pytest.mark.parametrize("name", ["export_samples", "export_kit", "purge_exports"])
def test_every_option_is_documented(name):
    told = Path("docs/card.md").read_text()
    parser = load_command_class("exports", name).create_parser("manage.py", name)
    ours = [action.option_strings for action in parser._actions if action.option_strings]
    usual = set(DjangoHelpFormatter.show_last) | {"-h", "--owner"}
    for option in (options[0] for options in ours if not usual & set(options)):
        assert option in told
