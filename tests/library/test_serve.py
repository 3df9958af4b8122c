"""`manage.py serve` as a process: starts, restarts, refuses and ends as a person expects."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys

import psutil
import pytest

from tests.e2e.instance import ROOT, Instance, free_port, running
from tests.until import until


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Yield an instance for tests that only ask it something."""
    with running(tmp_path_factory.mktemp("shared")) as instance:
        yield instance


@pytest.fixture
def data(tmp_path, prepared):
    """Return a data folder of an instance that was started before."""
    return shutil.copytree(prepared, tmp_path / "data")


@pytest.fixture
def started(data):
    """Yield an instance that a test may harm."""
    with running(data) as instance:
        yield instance


def get(instance, path, cookie="", **headers):
    """Return status, headers and text of a page."""
    asked = http.client.HTTPConnection("127.0.0.1", instance.port, timeout=20)
    try:
        asked.request("GET", path, headers={"Cookie": cookie, **headers})
        answer = asked.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        asked.close()


def answers(instance):
    try:
        return get(instance, "/healthz")[0] == 200
    except OSError:
        return False


def family(instance):
    """Return all processes of an instance, the supervisor first."""
    supervisor = psutil.Process(instance.process.pid)
    return [supervisor, *supervisor.children(recursive=True)]


def member(instance, word):
    """Return the leader of the web server or of the workers."""
    children = alive(psutil.Process(instance.process.pid).children())
    return next((one for one in children if any(word in part for part in words(one))), None)


def words(process):
    try:
        return process.cmdline()
    except psutil.Error:  # it ended just now
        return []


def alive(processes):
    """Return those that still run; one that waits to be collected does not."""
    gone = (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    return [one for one in processes if one.is_running() and one.status() not in gone]


def serve(data, *words, **env):
    """Run `serve` when it is expected to refuse, and return how it ended."""
    return subprocess.run(
        [sys.executable, "manage.py", "serve", *words],
        cwd=ROOT,
        env={**Instance(data).env, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refusal(answer):
    """Return the one sentence with which `serve` refused."""
    assert answer.returncode == 1
    assert answer.stdout == ""
    (line,) = answer.stderr.strip().splitlines()
    return line


# ── Starting and ending ─────────────────────────────────────────────────────


def test_it_prints_one_line_with_a_link_that_signs_one_browser_in(shared):
    until(lambda: answers(shared), what="workers")
    # What other tests provoke is logged to the same place; the product itself says one line.
    said = [line for line in shared.output if line.startswith("Padcrate")]
    link = shared.link
    assert said == [f"Padcrate is running: {link}\n"]
    assert shared.output[0] == said[0]
    path = link.removeprefix(shared.url)
    status, headers, _ = get(shared, path)
    assert (status, headers["Location"]) == (302, "/")
    cookie = headers["Set-Cookie"].partition(";")[0]
    assert cookie.startswith(f"padcrate_{shared.port}=")
    assert get(shared, "/", cookie)[0] == 302
    assert get(shared, path)[0] == 200  # used: the page for strangers
    assert "This browser is not signed in" in get(shared, "/")[2]
    fresh = shared.manage("link").strip()
    assert get(shared, fresh.removeprefix(shared.url))[0] == 302


def test_names_and_proxies_from_elsewhere_are_refused(shared):
    path = shared.manage("link").strip().removeprefix(shared.url)
    assert get(shared, path, Host="rebound.example.org")[0] == 400
    assert get(shared, path, **{"X-Forwarded-For": "10.0.0.7"})[0] == 200
    assert get(shared, path)[0] == 302


def test_it_listens_on_this_machine_alone(shared):
    listening = [
        connection.laddr.ip
        for process in family(shared)
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert set(listening) == {"127.0.0.1"}


def test_static_files_have_hashed_names_and_may_be_kept_for_ever(shared):
    page = get(shared, "/")[2]
    (path,) = re.findall(r'href="(/static/css/app\.[0-9a-f]+\.css)"', page)
    status, headers, _ = get(shared, path)
    assert status == 200
    assert "immutable" in headers["Cache-Control"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_and_a_second_start_keeps_the_data(data, number):
    instance = Instance(data).start()
    until(lambda: answers(instance), what="workers")
    key = (instance.data / "run/secret-key").read_text()
    processes = family(instance)
    assert len(processes) >= 5
    instance.process.send_signal(number)
    assert instance.process.wait(15) == 0
    instance.stop()
    assert alive(processes) == []
    assert instance.one("select count(*) from library_workerbeat") == 0

    again = Instance(data).start()
    assert (again.data / "run/secret-key").read_text() == key
    assert again.one("select count(*) from auth_user") == 1
    assert again.stop() == 0


# ── Survival ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("word", ["gunicorn", "worker"])
def test_a_killed_leader_is_replaced_and_takes_its_group_along(started, word):
    until(lambda: answers(started), what="workers")
    leader = member(started, word)
    group = [leader, *leader.children(recursive=True)]
    leader.kill()
    until(lambda: alive(group) == [], 5, what="the end of the group")
    until(lambda: member(started, word) and answers(started), what="its successor")
    assert member(started, word).pid != leader.pid


def test_a_killed_supervisor_leaves_no_orphan_and_can_be_started_again(started):
    processes = family(started)
    started.process.kill()
    until(lambda: alive(processes) == [], 5, what="the end of all")
    started.process.wait(5)
    started.process.stdout.close()
    again = Instance(started.data)
    again.start()
    assert again.stop() == 0


@pytest.mark.soak
def test_workers_that_show_no_sign_of_life_are_restarted(tmp_path):
    """A stopped pool is alive to the kernel and dead to its work: only the watchdog sees it."""
    with running(tmp_path / "data", PADCRATE_REAPER_SECONDS="1") as instance:
        until(lambda: answers(instance), what="workers")
        leader = member(instance, "worker")
        group = [leader, *leader.children()]
        for process in group:
            process.suspend()
        instance.manage(
            "shell", "--no-imports", "-c",
            "from library import access, models; "
            "models.Import.objects.create(owner=access.local_user(), kind='demo', key='x')",
        )  # fmt: skip
        until(lambda: alive(group) == [], 75, what="the watchdog")
        until(lambda: answers(instance), what="new workers")


# ── Refusals ────────────────────────────────────────────────────────────────


def test_a_port_that_is_taken(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = refusal(serve(tmp_path, "--port", str(port)))
    assert told.startswith(f"CommandError: Port {port} on 127.0.0.1 cannot be used (it is taken).")


def test_a_port_that_is_none(tmp_path):
    assert "Port 99999" in refusal(serve(tmp_path, "--port", "99999"))


def test_an_address_that_is_none(tmp_path):
    assert "cannot be used" in refusal(serve(tmp_path, "--host", "192.0.2.1"))


def test_a_second_instance_on_the_same_data(shared):
    told = refusal(serve(shared.data, "--port", str(free_port())))
    assert f"Padcrate already runs on the data folder {shared.data}." in told
    assert get(shared, "/healthz")[0] == 200


def test_a_data_folder_that_cannot_be_written(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root writes everywhere")
    for name in ("media/tmp", "run"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "media").chmod(0o500)
    assert "cannot write to" in refusal(serve(tmp_path))


def test_the_network_without_anybody_who_could_sign_in(data):
    assert "nobody has a password yet" in refusal(serve(data, "--host", "0.0.0.0"))


def test_the_network_without_a_name_and_then_with_one(data):
    instance = Instance(data, DJANGO_SUPERUSER_PASSWORD="correct horse")
    instance.manage("createsuperuser", "--no-input", "--username", "ann", "--email", "")
    instance.dismiss()
    assert "PADCRATE_ALLOWED_HOSTS" in refusal(serve(data, "--host", "0.0.0.0"))

    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--host", "0.0.0.0"],
        cwd=ROOT,
        env={**instance.env, "PADCRATE_ALLOWED_HOSTS": "music.example.org"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        assert line == f"Padcrate is running: http://music.example.org:{instance.port}/\n"
        door = get(instance, "/", Host="music.example.org")
        assert (door[0], door[1]["Location"]) == (302, "/login/")
        assert get(instance, "/")[0] == 400
    finally:
        process.terminate()
        _, errors = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "Passwords and sounds travel in the clear" in errors
