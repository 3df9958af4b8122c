"""The folder that the shell exports to, as a preference: for staff, below the offered folders."""

import pytest

from exports.models import Export
from library.access import local_user
from library.models import Preferences
from tests.exports.commands import run
from tests.factories import SampleFactory, UserFactory, tone

URL = "/preferences/"
HX = {"HX-Request": "true"}


@pytest.fixture
def card(settings, tmp_path):
    """Return a folder below the one that the installation offers."""
    settings.FOLDERS = [tmp_path / "offered"]
    folder = tmp_path / "offered" / "card"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def kick(db):
    return SampleFactory(owner=local_user(), sound=tone(200), title="Kick")


def choose(user, folder):
    own = Preferences.of(user)
    own.export_folder = str(folder)
    own.save()


def save(client, folder):
    sent = {"field": "export_folder", "export_folder": str(folder)}
    return client.post(URL, sent, headers=HX)


def test_the_shell_writes_there(kick, card):
    choose(local_user(), card)
    done = run("export_samples", kick.pk)
    assert done.status == 0, done.err
    assert (card / "IMPORT" / "kick.wav").is_file()


def test_what_the_command_line_names_comes_first(kick, card, tmp_path):
    choose(local_user(), card)
    other = tmp_path / "other"
    other.mkdir()
    assert run("export_samples", kick.pk, "--to", other).status == 0
    assert (other / "IMPORT" / "kick.wav").is_file()
    assert run("export_samples", kick.pk, "--zip", tmp_path / "a.zip").status == 0
    assert (tmp_path / "a.zip").is_file()
    assert not list(card.iterdir())


def test_a_folder_that_is_offered_no_more_is_told_before_anything_is_made(kick, card, settings):
    choose(local_user(), card)
    settings.FOLDERS = [card.parent / "another"]
    done = run("export_samples", kick.pk)
    assert done.status == 1
    assert "not below those that this installation offers" in done.err
    assert not Export.objects.exists()
    assert not list(card.iterdir())


@pytest.mark.parametrize("lost", ["staff", "folders"])
def test_without_leave_it_is_as_if_there_were_none(kick, card, settings, lost):
    user = local_user()
    choose(user, card)
    if lost == "staff":
        type(user).objects.update(is_staff=False)
    else:
        settings.FOLDERS = []
    assert run("export_samples", kick.pk).status == 0
    assert not list(card.iterdir())


def test_staff_choose_it_on_the_page(client, card):
    boss = UserFactory(staff=True)
    client.force_login(boss)
    assert "Folder that the shell exports to" in client.get(URL).text
    assert "Saved" in save(client, card).text
    assert Preferences.of(boss).export_folder == str(card)
    assert "Saved" in save(client, "").text
    assert Preferences.of(boss).export_folder == ""


def test_only_offered_folders_are_taken(client, card):
    boss = UserFactory(staff=True)
    client.force_login(boss)
    link = card / "away"
    link.symlink_to("/")
    for folder, why in {
        "/": "is not below those that this installation offers",
        "card": "is not below those that this installation offers",
        link: "is not below those that this installation offers",
        card / "none": "There is no such folder.",
        card / ("x" * 900): "There is no such folder.",
    }.items():
        answer = save(client, folder)
        assert answer.status_code == 422
        assert why in answer.text
    assert Preferences.of(boss).export_folder == ""


def test_others_are_not_asked_and_not_heard(client, user, card):
    assert "Folder that the shell exports to" not in client.get(URL).text
    assert save(client, card).status_code == 422
    client.post(URL, {"export_format": "wav", "export_folder": str(card)})
    assert Preferences.of(user).export_folder == ""


def test_nobody_is_asked_where_no_folder_is_offered(client, settings):
    settings.FOLDERS = []
    client.force_login(UserFactory(staff=True))
    assert "Folder that the shell exports to" not in client.get(URL).text
    assert save(client, "/").status_code == 422
