"""Who may come in: the one-time link, strangers, the network, signing in."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.timezone import now

from library import access, instance
from library.models import SignInLink
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def browser():
    """Return a browser that asks for 127.0.0.1 as a person would."""
    return Client(HTTP_HOST="127.0.0.1:8000", REMOTE_ADDR="127.0.0.1")


@pytest.fixture
def network(settings):
    """Make the instance one that others reach."""
    settings.LOCAL_MODE = False
    settings.LOGIN_URL = "login"
    settings.ALLOWED_HOSTS = ["music.example.org", "127.0.0.1"]


def use(browser, link, **meta):
    """Open a link."""
    return browser.get(link.removeprefix(BASE), **meta)


def is_signed_in(browser):
    return "_auth_user_id" in browser.session


def test_the_link_signs_the_local_user_in_for_a_year_and_leaves_the_address(browser):
    answer = use(browser, access.new_link(BASE))
    assert (answer.status_code, answer.url) == (302, "/")
    assert browser.session.get_expiry_age() == 365 * 24 * 3600
    user = User.objects.get(pk=browser.session["_auth_user_id"])
    assert (user.username, user.is_superuser) == ("local", True)
    assert not user.has_usable_password()


def test_a_link_works_once(browser):
    link = access.new_link(BASE)
    use(browser, link)
    second = Client(HTTP_HOST="127.0.0.1:8000")
    answer = use(second, link)
    assert answer.status_code == 200
    assert "That link has been used" in answer.text
    assert not is_signed_in(second)


def test_a_browser_that_is_signed_in_may_open_an_old_link(browser):
    link = access.new_link(BASE)
    use(browser, link)
    assert use(browser, link).url == "/"
    assert is_signed_in(browser)


def test_a_link_is_good_for_a_day_and_old_ones_are_forgotten(browser):
    link = access.new_link(BASE)
    SignInLink.objects.update(made_at=now() - timedelta(hours=25))
    assert "too old" in use(browser, link).text
    access.new_link(BASE)
    assert SignInLink.objects.count() == 1


def test_only_a_digest_of_the_token_is_kept():
    token = access.new_link(BASE).partition("?t=")[2]
    assert len(token) >= 43
    assert token not in str(SignInLink.objects.values())


@pytest.mark.parametrize(
    "meta",
    [
        {"REMOTE_ADDR": "192.168.1.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_HOST": "rebound.example.org"},
    ],
)
def test_a_link_from_elsewhere_is_neither_taken_nor_used_up(browser, settings, meta):
    settings.ALLOWED_HOSTS = ["*"]
    link = access.new_link(BASE)
    answer = use(browser, link, **meta)
    assert not is_signed_in(browser)
    assert answer.status_code == 200
    assert SignInLink.objects.count() == 1


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "[::1]"])
def test_every_name_of_this_machine_will_do(host):
    browser = Client(HTTP_HOST=host, REMOTE_ADDR="::1")
    use(browser, access.new_link(BASE))
    assert is_signed_in(browser)


def test_a_stranger_is_told_where_the_link_is(browser):
    answer = browser.get("/")
    assert answer.status_code == 200
    assert "This browser is not signed in" in answer.text
    assert "manage.py link" in answer.text


@pytest.mark.parametrize("path", ["/kits/", "/exports/", "/library/"])
def test_a_stranger_is_sent_from_any_page_to_the_front_door(browser, path):
    answer = browser.get(path)
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/")


def test_the_front_door_leads_to_the_library(client):
    assert client.get("/").status_code == 302


def test_on_the_network_the_link_is_off_and_strangers_sign_in(browser, network):
    use(browser, access.new_link(BASE))
    assert not is_signed_in(browser)
    assert browser.get("/").url == "/login/"
    assert browser.get("/kits/").url == "/login/?next=/kits/"


def test_a_session_of_the_local_user_ends_on_the_network(browser, network, settings):
    settings.LOCAL_MODE = True
    use(browser, access.new_link(BASE))
    assert is_signed_in(browser)
    settings.LOCAL_MODE = False
    assert browser.get("/kits/").url == "/login/?next=/kits/"
    assert not is_signed_in(browser)


def test_people_with_a_password_sign_in_and_out(browser, network):
    person = UserFactory()
    page = browser.get("/login/")
    assert 'type="password"' in page.text
    wrong = browser.post("/login/", {"username": person.username, "password": "guess"})
    assert "Please enter a correct username and password" in wrong.text
    right = browser.post("/login/", {"username": person.username, "password": "secret"})
    assert right.url == "/"
    assert is_signed_in(browser)
    browser.post("/logout/")
    assert not is_signed_in(browser)


def test_guessing_is_locked_out_for_that_person_and_address_alone(browser, network):
    person, other = UserFactory(), UserFactory()
    for _ in range(8):
        last = browser.post("/login/", {"username": person.username, "password": "guess"})
    assert last.status_code == 429
    assert "Too many tries" in last.text
    browser.post("/login/", {"username": person.username, "password": "secret"})
    assert not is_signed_in(browser)

    browser.post("/login/", {"username": other.username, "password": "secret"})
    assert is_signed_in(browser)

    AccessAttempt.objects.update(attempt_time=now() - timedelta(minutes=16))
    later = Client(HTTP_HOST="127.0.0.1:8000")
    later.post("/login/", {"username": person.username, "password": "secret"})
    assert is_signed_in(later)


def test_the_command_prints_a_fresh_link_for_the_running_instance(browser, capsys, settings):
    with instance.hold("127.0.0.1", 8123):
        call_command("link")
    link = capsys.readouterr().out.strip()
    assert link.startswith("http://127.0.0.1:8123/?t=")
    use(browser, link.replace("8123", "8000"))
    assert is_signed_in(browser)
    call_command("link")
    assert f"http://{settings.HOST}:{settings.PORT}/?t=" in capsys.readouterr().out


def test_the_command_makes_no_link_for_an_instance_on_the_network():
    with instance.hold("192.0.2.1", 8123), pytest.raises(CommandError, match="everybody signs in"):
        call_command("link")


def test_an_address_in_brackets():
    assert instance.address("::1", 8000) == "http://[::1]:8000"


def test_every_page_before_the_door_passes_the_content_policy(browser):
    for path in ("/", "/login/"):
        answer = browser.get(path)
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "<script" not in answer.text.replace('<script id="shortcuts"', "")
        assert "style=" not in answer.text
