"""Exports into a folder of the server: for staff, below the offered folders, provably complete."""

import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import now

from exports import retry, to_folder
from exports.card.disk import Disk
from exports.models import Delivery, Export
from library.jobs import State
from library.models import Sample
from tests.factories import KitFactory, PadFactory, SampleFactory


@pytest.fixture
def root(settings, tmp_path):
    """Offer one folder of this machine."""
    offered = tmp_path / "offered"
    offered.mkdir()
    settings.FOLDERS = [offered]
    return offered


@pytest.fixture
def staff(user):
    user.is_staff = True
    user.save()
    return user


@pytest.fixture
def kick(user):
    return SampleFactory(owner=user, title="Kick", stored=True)


def ask(program, sample, folder, **config):
    sent = {"output_base_path": str(folder), "include_metadata": False, **config}
    return program.post(f"sp404/samples/{sample.pk}/export", sent)


def told_by(program, answer):
    return program.get(f"sp404/exports/{answer.json()['id']}").json()


def test_the_files_lie_in_the_folder(program, staff, kick, root, work):
    folder = root / "card"
    folder.mkdir()
    sent = {"sample_ids": [kick.pk], "config": {"output_base_path": str(folder)}}
    answer = program.post("sp404/samples/export-batch", sent)
    assert answer.status_code == 202
    work()
    result = told_by(program, answer)["result"]
    assert result["output_base_path"] == str(folder)
    assert (result["successful"], result["errors"]) == (1, [])
    made = (folder / "kick.wav").read_bytes()
    assert len(made) == result["total_size_bytes"]
    assert (folder / "kick_metadata.txt").exists()


def test_the_result_comes_when_the_folder_has_them(program, staff, kick, root, work):
    answer = ask(program, kick, root)
    number = answer.json()["id"]
    Export.objects.filter(pk=number).update(state=State.COMPLETED)
    assert told_by(program, answer)["result"] is None
    Export.objects.filter(pk=number).update(state=State.PENDING)
    work()
    assert told_by(program, answer)["result"]["success"] is True


def test_what_lies_there_is_never_overwritten(program, staff, kick, root, work):
    (root / "kick.wav").write_bytes(b"somebody's own")
    answer = ask(program, kick, root)
    work()
    assert (root / "kick.wav").read_bytes() == b"somebody's own"
    assert len(list(root.glob("kick*.wav"))) == 2
    assert told_by(program, answer)["result"]["success"] is True


def test_nothing_to_write_is_the_end(program, staff, root, work, user):
    sent = {"sample_ids": [9], "config": {"output_base_path": str(root)}}
    answer = program.post("sp404/samples/export-batch", sent, Prefer="wait=5")
    assert answer.status_code == 200
    assert answer.json()["failed"] == 1


def test_people_choose_no_folders(program, kick, root):
    answer = ask(program, kick, root)
    assert answer.status_code == 403
    assert answer.json()["detail"] == "Only staff may choose a folder for exports"
    assert answer.json()["error_type"] == "permission_error"
    assert not Export.objects.exists()


@pytest.mark.parametrize(
    "path", ["/etc", "/", "relative", "", "{root}/../elsewhere", "{root}/link", "{root}x"]
)
def test_only_folders_below_the_offered_ones(program, staff, kick, root, path):
    (root / "link").symlink_to("/etc")
    answer = ask(program, kick, path.format(root=root))
    assert answer.status_code == 422
    assert answer.json()["detail"] == (
        "The folder is not below those that this installation offers (PADCRATE_FOLDERS)"
    )


def test_without_offered_folders_there_are_none(program, staff, kick, tmp_path):
    assert ask(program, kick, tmp_path).status_code == 422


@pytest.mark.parametrize("name", ["nothing", "x" * 300, "round", "a file"])
def test_a_folder_has_to_be_there(program, staff, kick, root, name):
    (root / "round").symlink_to(root / "round")
    (root / "a file").touch()
    answer = ask(program, kick, root / name)
    assert answer.status_code == 422
    assert answer.json()["detail"] == "There is no such folder"


def test_a_path_holds_no_null_byte(program, staff, kick, root):
    assert ask(program, kick, f"{root}/\0").status_code == 422
    assert ask(program, kick, "/" + "x" * 1001).status_code == 422


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(program, staff, kick, root):
    root.chmod(0o500)
    answer = ask(program, kick, root)
    assert answer.status_code == 500
    assert answer.json()["detail"] == "Permission denied writing to the export folder"
    assert answer.json()["error_type"] == "storage_error"


def test_a_folder_that_goes_away_meanwhile(program, staff, kick, root, work):
    folder = root / "card"
    folder.mkdir()
    answer = ask(program, kick, folder)
    folder.rmdir()
    work()
    told = told_by(program, answer)
    assert told["state"] == "completed"  # the ZIP is there all the same
    assert told["result"]["success"] is False
    assert told["result"]["error"] == "There is no such folder"


def test_two_exports_into_one_folder_take_turns(program, staff, user, root, work):
    kits = [KitFactory(owner=user, name=name) for name in ("Day", "Night")]
    for kit in kits:
        PadFactory(kit=kit, sample__stored=True, sample__title="Kick")
        program.post(f"sp404/kits/{kit.pk}/export", {"output_base_path": str(root)})
    first = Delivery.objects.first()
    Export.objects.update(state=State.COMPLETED)
    (held,) = Delivery.objects.of_ended_exports().claim("one")
    assert held == first
    assert Delivery.objects.of_ended_exports().claim("two") == []
    Delivery.objects.update(state=State.PENDING)
    Export.objects.update(state=State.PENDING)
    work()
    assert {path.name for path in root.iterdir()} >= {"day", "night"}
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.COMPLETED}


def test_what_was_tried_again_is_delivered_again(program, staff, kick, root, work, media):
    lost = SampleFactory(owner=staff, title="Lost", stored=True)
    original = (media / lost.blob).read_bytes()
    (media / lost.blob).unlink()
    sent = {"sample_ids": [kick.pk, lost.pk], "config": {"output_base_path": str(root)}}
    answer = program.post("sp404/samples/export-batch", sent)
    work()
    assert not (root / "lost.wav").exists()
    (media / lost.blob).write_bytes(original)
    type(lost).objects.update(is_missing=False)
    program.post(f"sp404/exports/{answer.json()['id']}/retry")
    work()
    to_folder.sweep()
    work()
    assert (root / "lost.wav").exists()


def test_a_folder_that_another_run_holds_is_tried_later(program, staff, kick, root, work):
    ask(program, kick, root)
    with Disk(root):
        work()
    delivery = Delivery.objects.get()
    assert delivery.state == State.WAITING
    Delivery.objects.update(lease_until=delivery.queued_at)
    work()
    assert (root / "kick.wav").exists()


def test_a_batch_says_what_is_not_in_the_folder(program, staff, kick, root, work):
    folder = root / "card"
    folder.mkdir()
    sent = {"sample_ids": [kick.pk], "config": {"output_base_path": str(folder)}}
    answer = program.post("sp404/samples/export-batch", sent)
    folder.rmdir()
    work()
    assert str(Delivery.objects.get()).endswith(f" to {folder}")
    assert told_by(program, answer)["result"]["errors"] == [
        {
            "sample_id": None,
            "title": str(folder),
            "error": "There is no such folder",
            "error_type": "storage_error",
        }
    ]


def test_what_is_tried_again_while_the_folder_is_written_gets_there_too(
    program, staff, kick, root, work, monkeypatch
):
    other = SampleFactory(owner=staff, title="Other", stored=True)
    sent = {"sample_ids": [kick.pk, other.pk], "config": {"output_base_path": str(root)}}
    number = program.post("sp404/samples/export-batch", sent).json()["id"]
    with default_storage.open(other.blob) as file:
        whole = file.read()
    default_storage.delete(other.blob)
    write = to_folder.to_card.write

    def meanwhile(export, card, told):
        done = write(export, card, told)
        monkeypatch.setattr(to_folder.to_card, "write", write)
        default_storage.save(other.blob, ContentFile(whole))
        Sample.objects.update(is_missing=False)
        assert retry.retry(Export.objects.get(pk=number)) == 1
        work()  # another worker converts it before this one is back
        return done

    monkeypatch.setattr(to_folder.to_card, "write", meanwhile)
    work()
    assert Export.objects.get(pk=number).state == State.COMPLETED
    assert (root / "kick.wav").exists()
    assert (root / "other.wav").exists()
    assert Delivery.objects.get().state == State.COMPLETED


def test_files_that_are_deleted_first_end_the_waiting(program, staff, kick, root, work):
    answer = ask(program, kick, root)
    export = Export.objects.get(pk=answer.json()["id"])
    Export.objects.filter(pk=export.pk).update(state=State.COMPLETED, files_removed_at=now())
    to_folder.sweep()
    delivery = Delivery.objects.get(export=export)
    assert (delivery.state, delivery.error) == (State.FAILED, to_folder.NO_FILES)
    to_folder.sweep()
    delivery.refresh_from_db()
    assert delivery.state == State.FAILED  # it stays at its end


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
def test_an_export_without_files_ends_the_waiting_until_it_is_tried_again(
    program, staff, kick, root, work, state
):
    answer = ask(program, kick, root)
    exports = Export.objects.filter(pk=answer.json()["id"])
    exports.update(state=state, finished_at=now())
    to_folder.sweep()
    assert Delivery.objects.get().state == State.FAILED
    exports.update(state=State.COMPLETED, finished_at=now())
    to_folder.sweep()
    assert Delivery.objects.get().state == State.PENDING
