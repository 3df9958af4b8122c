"""Watched folders on their page and in the shell: begun, ended, told of, for staff alone."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now
from django_q.models import OrmQ

from library import labour, offered, watch
from library.jobs import State
from library.models import Sample, WatchedFile, WatchedFolder
from tests.factories import SampleFactory, UserFactory, tone
from tests.library.test_scan import look, put

URL = "/library/watch/"


@pytest.fixture
def user(db):
    return UserFactory(staff=True)


@pytest.fixture
def root(tmp_path, settings):
    settings.FOLDERS = [tmp_path / "srv"]
    (tmp_path / "srv" / "Sounds" / "Drums").mkdir(parents=True)
    return tmp_path / "srv"


def test_only_staff_may(user, stranger, root):
    with pytest.raises(ValueError, match="Only staff"):
        watch.add(stranger, root)
    assert watch.add(user, root).owner == user


@pytest.mark.parametrize("place", ["/etc", "srv/nowhere", "srv/../..", "srv/out"])
def test_only_what_is_offered(user, root, tmp_path, place):
    (root / "out").symlink_to("/etc")
    with pytest.raises(ValueError, match=r"PADCRATE_FOLDERS|no such folder"):
        watch.add(user, tmp_path / place)
    assert not WatchedFolder.objects.exists()


def test_no_folder_twice(user, root):
    watch.add(user, root / "Sounds")
    with pytest.raises(ValueError, match=r"^srv/Sounds is watched already$"):
        watch.add(user, root / "Sounds")
    with pytest.raises(ValueError, match=r"^srv/Sounds is watched already$"):
        watch.add(user, root / "Sounds" / "Drums")
    with pytest.raises(ValueError, match=r"^srv/Sounds in it is watched already"):
        watch.add(user, root)
    assert watch.add(UserFactory(staff=True), root)


def test_names_that_no_row_can_hold(user, root):
    folder = root / "\udce9"
    folder.mkdir()
    with pytest.raises(ValueError, match="cannot be read"):
        watch.add(user, folder)
    assert offered.inside(root) == ["Sounds"]


def test_is_looked_through_by_the_clock(user, root, django_capture_on_commit_callbacks):
    row = watch.add(user, root)
    look(row)
    labour.sweep()
    assert WatchedFolder.objects.get().state == State.COMPLETED
    WatchedFolder.objects.update(due_at=now() - timedelta(seconds=1), attempts=3)
    with django_capture_on_commit_callbacks(execute=True):
        labour.sweep()
    row = WatchedFolder.objects.get()
    assert (row.state, row.attempts) == (State.PENDING, 0)
    assert row.due_at > now()
    assert OrmQ.objects.exists()


def test_one_that_failed_is_tried_again_but_not_at_once(user, root, settings):
    row = watch.add(user, root)
    settings.FOLDERS = []
    assert look(row).state == State.FAILED
    WatchedFolder.objects.update(due_at=now() - timedelta(seconds=1))
    watch.sweep()
    assert look(row).state == State.FAILED
    watch.sweep()
    assert WatchedFolder.objects.get().state == State.FAILED


def test_folders_are_named_from_the_offered_one_on(tmp_path, settings):
    for place in ("a/Sounds/In/Deep", "b/Sounds"):
        (tmp_path / place).mkdir(parents=True)
    inner = tmp_path / "a/Sounds/In"
    settings.FOLDERS = [tmp_path / "a/Sounds", tmp_path / "b/Sounds", inner]
    assert list(offered.roots()) == ["Sounds", "Sounds (2)", "In"]
    assert offered.shown(tmp_path / "b/Sounds") == "Sounds (2)"
    assert offered.shown(inner / "Deep") == "In/Deep"
    assert offered.shown(tmp_path / "elsewhere") == "elsewhere"
    assert offered.named("Sounds/In") == inner
    for text in ("", "Sounds/../..", "nope", "Sounds/nope", "Sounds/a\0b", "Sounds//etc"):
        with pytest.raises(ValueError, match=r"PADCRATE_FOLDERS|no such folder"):
            offered.named(text)
    assert offered.inside(tmp_path / "gone") == []


def test_the_page_lets_staff_walk_down_and_begin(client, root, tmp_path):
    page = client.get(URL)
    assert '?at=srv"' in page.text
    page = client.get(URL, {"at": "srv"})
    assert "?at=srv/Sounds" in page.text
    assert "Watch srv" in page.text
    answer = client.post(URL, {"folder": "srv/Sounds"})
    assert (answer.status_code, answer["Location"]) == (303, URL)
    row = WatchedFolder.objects.get()
    assert row.path == str(root / "Sounds")
    page = client.get(URL, {"at": "srv/Sounds/Drums"})
    assert "is watched already" in page.text
    assert str(tmp_path) not in page.text
    assert "No folders in here." in page.text


@pytest.mark.parametrize("folder", ["", "srv/../..", "/etc", "srv/nope"])
def test_the_page_refuses_what_is_not_offered(client, root, folder, tmp_path):
    answer = client.post(URL, {"folder": folder})
    assert answer.status_code == 422
    assert str(tmp_path) not in answer.text
    assert client.get(URL, {"at": folder}).status_code == 200
    assert not WatchedFolder.objects.exists()


def test_the_page_says_when_nothing_is_offered(client, settings):
    settings.FOLDERS = []
    assert "This installation offers no folders." in client.get(URL).text


def test_the_page_is_not_there_for_others(stranger_client, root):
    for method in ("get", "post", "delete"):
        assert getattr(stranger_client, method)(URL).status_code == 404
    assert "watched folders" not in stranger_client.get("/library/upload/").text
    assert URL not in stranger_client.get("/preferences/").text


def test_staff_are_shown_the_way(client, root):
    assert URL in client.get("/library/upload/").text
    assert URL in client.get("/preferences/").text


def test_the_page_tells_how_it_goes(client, user, root, tmp_path):
    row = watch.add(user, root)
    assert "Looking through it." in client.get(URL).text
    put(root / "Sounds" / "kick.wav", tone(100))
    put(root / "Sounds" / "snare.wav", tone(200))
    put(root / "broken.wav", b"RIFF")
    look(row)
    (root / "Sounds" / "snare.wav").unlink()
    page = client.get(URL).text
    assert "Up to date." in page
    assert "broken.wav could not be read" in page
    look(row)
    page = client.get(URL).text
    assert "1 file is no longer there. Its sound stays in the library" in page
    assert str(tmp_path) not in page
    (told,) = watch.told(user)
    assert (told.files, told.sounds, told.gone, told.failed) == (2, 1, 1, 1)
    Sample.objects.update(deleted_at=now())
    (told,) = watch.told(user)
    assert (told.sounds, told.thrown) == (0, 1)


@pytest.mark.parametrize(
    ("state", "error", "words"),
    [
        (State.WAITING, "Not enough disk space.", "Waiting for disk space"),
        (State.WAITING, "The machine could not do this just now.", "Trying again soon"),
        (State.PROCESSING, "", "Looking through it"),
        (State.FAILED, "There is no such folder.", "Stopped"),
        (State.PARTIAL, "1 folder could not be read.", "Up to date"),
    ],
)
def test_every_state_has_words(client, user, root, state, error, words):
    watch.add(user, root)
    WatchedFolder.objects.update(state=state, error=error)
    page = client.get(URL).text
    assert f"{words}." in page
    assert error in page


def test_the_page_asks_again_only_while_there_is_work(client, user, root):
    row = watch.add(user, root)
    answer = client.get(URL, {"poll": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "every 2s" in answer.text
    assert "<html" not in answer.text
    look(row)
    answer = client.get(URL, {"poll": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 286
    assert "every 2s" not in answer.text


def test_ends_by_either_way_and_the_sounds_stay(client, user, root):
    put(root / "kick.wav", tone(100))
    row = watch.add(user, root)
    look(row)
    answer = client.post(f"{URL}{row.pk}/end/")
    assert (answer.status_code, answer["Location"]) == (303, URL)
    assert (WatchedFile.objects.count(), Sample.objects.kept().count()) == (0, 1)
    row = watch.add(user, root)
    answer = client.delete(f"{URL}?folder={row.pk}")
    assert answer.status_code == 200
    assert "No folder is watched yet." in answer.text
    assert client.delete(URL).status_code == 404
    assert Sample.objects.kept().count() == 1


def test_a_folder_watched_again_adds_nothing_twice(user, root):
    put(root / "kick.wav", tone(100))
    look(watch.add(user, root))
    WatchedFolder.objects.all().delete()
    look(watch.add(user, root))
    assert Sample.objects.count() == WatchedFile.objects.count() == 1


def test_is_looked_through_now(client, user, root):
    row = watch.add(user, root)
    look(row)
    assert client.post(f"{URL}{row.pk}/look/").status_code == 303
    assert WatchedFolder.objects.get().state == State.PENDING


def test_costs_the_same_for_many_files(client, user, root, django_assert_max_num_queries):
    row = watch.add(user, root)
    look(row)
    for number in range(40):
        sample = SampleFactory(owner=user)
        WatchedFile.objects.create(watched=row, name=f"{number}.wav", sample=sample)
    with django_assert_max_num_queries(12):
        client.get(URL)


def test_the_shell_does_it_all(user, root, capsys):
    given = ["--owner", user.username]
    put(root / "kick.wav", tone(100))
    put(root / "broken.wav", b"RIFF")
    call_command("watch", "add", str(root), *given)
    row = WatchedFolder.objects.get()
    look(row)
    call_command("watch", "list", *given)
    call_command("watch", "scan", *given)
    assert WatchedFolder.objects.get().state == State.PENDING
    look(row)
    told = capsys.readouterr().out
    assert f"Watching {root}." in told
    assert "Up to date, 2 files, 1 sounds, 0 gone." in told
    assert "  broken.wav could not be read" in told
    call_command("watch", "list", "--json", *given)
    (facts,) = json.loads(capsys.readouterr().out)
    assert (facts["path"], facts["state"], facts["files"]) == (str(root), "completed", 2)
    call_command("watch", "remove", str(root), *given)
    assert not WatchedFolder.objects.exists()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["add"], "Say which folder"),
        (["add", "/etc"], "PADCRATE_FOLDERS"),
        (["remove", "/etc"], "Nothing is watched there"),
        (["scan"], "Nothing is watched there"),
    ],
)
def test_the_shell_says_why_not(user, root, words, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("watch", *words, "--owner", user.username)
