"""Packs: made by what comes in, filled in by their papers, inherited by their sounds."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils.timezone import now

from library import imports, ingest, labour, licences, origins, papers
from library.ingest import Label
from library.models import Import, Pack, Sample
from library.origins import Origin
from tests.factories import SampleFactory, tone
from tests.library.packing import pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(user) -> Import:
    return imports.upload_batch(user, "batch-1", "Drums", 3)


def send(batch, path, data) -> str:
    return imports.receive(batch, SimpleUploadedFile("x", data), path)


def unzip(batch, files, name="Dusty Pack.zip") -> Import:
    assert send(batch, name, pack(files)) == "pack"
    while labour.work_once("here:1"):
        pass
    return Import.objects.latest("pk")


def test_a_zip_becomes_a_pack_with_its_papers(batch):
    row = unzip(
        batch,
        {
            "Dusty/Kicks/kick.wav": tone(100),
            "Dusty/LICENSE.txt": "CC BY 4.0\nÄ".encode("cp1252"),
            "Dusty/README.md": b"Author: Jane Doe\nSource: https://example.org/dusty\n",
        },
    )
    found = Pack.objects.get()
    assert (found.name, found.licence) == ("Dusty Pack", "CC BY 4.0")
    assert (found.author, found.source) == ("Jane Doe", "https://example.org/dusty")
    assert origins.sections(found.licence_text) == {
        "Dusty/LICENSE.txt": "CC BY 4.0\nÄ",
        "Dusty/README.md": "Author: Jane Doe\nSource: https://example.org/dusty",
    }
    sample = Sample.objects.get()
    assert (sample.pack, sample.folder) == (found, "Dusty Pack/Dusty/Kicks")
    assert (row.state, row.added, row.total) == ("completed", 1, 1)
    assert not row.problems.exists()


def test_a_folder_from_a_browser_becomes_a_pack_in_any_order(batch):
    assert send(batch, "Dusty/kick.wav", tone(100)) == "added"
    assert send(batch, "Dusty/Docs/LICENSE", b"CC0") == "paper"
    assert send(batch, "Dusty/snare.wav", tone(200)) == "added"
    found = Pack.objects.get()
    assert (found.name, found.licence, found.samples.count()) == ("Dusty", "CC0 1.0", 2)
    assert list(origins.sections(found.licence_text)) == ["Docs/LICENSE"]
    batch.refresh_from_db()
    assert batch.position == 3
    assert not batch.problems.exists()


def test_a_lone_file_is_in_no_pack(batch):
    send(batch, "kick.wav", tone(100))
    assert send(batch, "LICENSE.txt", b"CC0") == "refused"
    assert not Pack.objects.exists()
    assert Sample.objects.get().pack is None


def test_a_folder_without_sounds_makes_no_pack(batch):
    send(batch, "Papers/notes.pdf", b"%PDF")
    send(batch, "Papers/broken.wav", b"RIFF")
    assert not Pack.objects.exists()


def test_the_shell_makes_packs_of_folders_and_zips(user, tmp_path):
    folder = tmp_path / "Dusty"
    (folder / "Kicks").mkdir(parents=True)
    (folder / "Kicks" / "kick.wav").write_bytes(tone(100))
    (folder / "LICENSE").write_bytes(b"CC BY-NC 3.0")
    inner = {"snare.wav": tone(200), "sub/README.txt": b"Author: Joe"}
    (folder / "Warm.zip").write_bytes(pack(inner))
    (tmp_path / "lone.wav").write_bytes(tone(300))
    given = [str(folder), str(tmp_path / "lone.wav"), "--owner", user.username]
    call_command("import_samples", *given, "--dry-run")
    assert not Pack.objects.exists()
    call_command("import_samples", *given)
    found = {sample.title: sample.pack and sample.pack.name for sample in Sample.objects.all()}
    assert found == {"kick": "Dusty", "snare": "Warm", "lone": None}
    assert Pack.objects.get(name="Dusty").licence == "CC BY-NC 3.0"
    warm = Pack.objects.get(name="Warm")
    assert (warm.author, list(origins.sections(warm.licence_text))) == ("Joe", ["sub/README.txt"])


def test_what_a_person_wrote_stays(user):
    found = origins.named(user, "Dusty")
    origins.add_papers(found, [("LICENSE", "CC0"), ("README", "Author: Jane")])
    assert (found.licence, found.author) == ("CC0 1.0", "Jane")
    Pack.objects.update(licence="By letter from Jane")
    origins.add_papers(found, [("LICENSE", "CC BY 4.0"), ("README", "Author: Joe")], replaces=True)
    assert (found.licence, found.author) == ("By letter from Jane", "Joe")


def test_papers_that_disagree_decide_nothing(user):
    found = origins.named(user, "Many")
    origins.add_papers(found, [("One/LICENSE", "CC0")])
    assert found.licence == "CC0 1.0"
    origins.add_papers(found, [("Two/LICENSE", "CC BY-NC 4.0")])
    assert found.licence == ""
    assert len(origins.sections(found.licence_text)) == 2


def test_two_packs_of_one_name_claim_nothing_for_each_other(batch):
    papers_of = {"LICENSE.txt": b"CC0 1.0", "README": b"Author: Jane"}
    send(batch, "A/Samples.zip", pack({"kick.wav": tone(100), **papers_of}))
    other = {"LICENSE.txt": b"CC BY-NC 4.0", "README": b"Author: Joe"}
    send(batch, "B/Samples.zip", pack({"snare.wav": tone(200), **other}))
    while labour.work_once("here:1"):
        pass
    found = Pack.objects.get()
    assert (found.licence, found.author, found.samples.count()) == ("", "", 2)
    assert list(origins.sections(found.licence_text)) == [
        "LICENSE (2).txt", "LICENSE.txt", "README", "README (2)",
    ]  # fmt: skip


def test_the_same_paper_again_is_one_paper(user):
    found = origins.named(user, "Samples")
    for text in ("CC0", "CC BY 4.0", "CC0", "CC BY 4.0", "CC BY-SA 4.0"):
        origins.add_papers(found, [("LICENSE", text)])
    kept = origins.sections(found.licence_text)
    assert list(kept) == ["LICENSE", "LICENSE (2)", "LICENSE (3)"]
    origins.add_papers(found, [("LICENSE", "CC BY-ND 4.0")], replaces=True)
    assert len(origins.sections(found.licence_text)) == 4  # nobody knows which of them it replaces


def test_terms_outrank_a_read_me(user):
    found = origins.named(user, "Dusty")
    origins.add_papers(found, [("README", "CC0"), ("deep/LICENSE", "CC BY 4.0")])
    assert found.licence == "CC BY 4.0"
    assert found.licence_text.startswith("── deep/LICENSE ──")


def test_a_paper_cannot_pretend_to_be_another_one(user):
    found = origins.named(user, "Dusty")
    origins.add_papers(found, [("README", "hello\n── LICENSE ──\nCC0"), ("EMPTY", "")])
    assert list(origins.sections(found.licence_text)) == ["README"]


def test_all_papers_together_have_an_end(user):
    found = origins.named(user, "Dusty")
    origins.add_papers(found, [(f"{n}/README", "x" * licences.LARGEST) for n in range(9)])
    assert len(found.licence_text) == origins.LONGEST_TEXT


def test_names_are_made_fit(user):
    assert origins.named(user, "  a \n b ").name == "a b"
    assert origins.named(user, " ").name == "Unnamed"
    assert len(origins.named(user, "x" * 500).name) == 200
    assert origins.named(user, "a b") == origins.named(user, "a  b")


def test_damaged_and_huge_papers_say_nothing(batch, monkeypatch):
    monkeypatch.setattr(papers, "MOST_UNPACKED", 100)
    data = pack({"kick.wav": tone(100), "README": b"Author: Jane" * 20, "LICENSE": b"CC0 " * 20})
    place = data.index(b"LICENSE") + 9
    broken = data[:place] + bytes(4) + data[place + 4 :]
    assert send(batch, "p.zip", broken) == "pack"
    while labour.work_once("here:1"):
        pass
    found = Pack.objects.get()
    assert (found.licence_text, found.samples.count()) == ("", 1)


def test_a_sounds_own_words_win(user):
    found = Pack.objects.create(
        owner=user, name="Dusty", author="Jane", licence="CC0 1.0", source="https://x.org"
    )
    sample = SampleFactory(owner=user, pack=found, author="Joe")
    assert origins.of(sample) == Origin("https://x.org", "Joe", "CC0 1.0", "Dusty")
    assert origins.of(SampleFactory(owner=user)) == Origin()
    assert not Origin(pack="Dusty").is_told


def test_a_known_sound_that_comes_in_a_pack_joins_it(user, tmp_path):
    path = tmp_path / "kick.wav"
    path.write_bytes(tone(100))
    for label, name in (("kick.wav", None), ("A/kick.wav", "A"), ("B/kick.wav", "A")):
        folder = origins.top_folder(label)
        added = ingest.add_sample(owner=user, file=path, label=Label(label, pack=folder))
        assert (added.sample.pack and added.sample.pack.name) == name
    assert Sample.objects.get().pack.name == "A"


def test_an_import_goes_on_with_its_pack_under_another_name(batch, settings):
    settings.SLICE_SECONDS = 0
    send(batch, "Dusty.zip", pack({f"{n}.wav": tone(100 + n) for n in range(3)}))
    labour.work_once("here:1")
    Pack.objects.update(name="Renamed")
    while labour.work_once("here:1"):
        pass
    assert Pack.objects.get().samples.count() == 3


def test_packs_without_sounds_are_forgotten_after_a_day(user):
    _old, young, full = (origins.named(user, name) for name in ("old", "young", "full"))
    Pack.objects.exclude(pk=young.pk).update(added_at=now() - timedelta(days=2))
    SampleFactory(owner=user, pack=full, trashed=True)
    imports.sweep()
    assert set(Pack.objects.all()) == {young, full}


def test_the_demo_crate_is_a_pack_that_names_nobody(user):
    imports.load_demo(user)
    labour.work_once("here:1")
    sample = Sample.objects.first()
    assert (sample.pack.name, origins.of(sample).is_told) == ("Demo crate", False)


def test_a_paper_that_cannot_be_read_stops_nothing(user, tmp_path, monkeypatch, capsys):
    (tmp_path / "Dusty").mkdir()
    (tmp_path / "Dusty" / "LICENSE").write_bytes(b"CC0")
    (tmp_path / "Dusty" / "kick.wav").write_bytes(tone(100))

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(papers, "keep", refuse)
    with pytest.raises(SystemExit):
        call_command("import_samples", str(tmp_path / "Dusty"), "--owner", user.username)
    told = capsys.readouterr()
    assert "Dusty/LICENSE could not be read: Permission denied." in told.err
    assert Sample.objects.get().pack.licence == ""
