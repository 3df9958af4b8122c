"""Links to one finished export, for people without an account."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from exports import retention, share
from exports.models import Export, ShareLink
from library.jobs import State
from tests.factories import ExportFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def allowed(settings):
    """Let this installation share, as one on a network does."""
    settings.SHARING = True
    settings.LOCAL_MODE = False


@pytest.fixture
def done(export, worker):
    started = export(2)
    worker()
    started.refresh_from_db()
    return started


def body(answer):
    return b"".join(answer.streaming_content)


def test_no_link_exists_until_one_is_made(client, done):
    text = client.get(f"/exports/{done.pk}/").text
    assert "Make a link" in text
    assert "Works until" not in text
    assert not ShareLink.objects.exists()


def test_a_link_is_random_and_stored_hashed(done):
    link, token = share.make(done)
    other, _ = share.make(done)
    assert len(token) >= 43  # 256 bits in base 64
    assert link.digest == hashlib.sha256(token.encode()).hexdigest() != other.digest
    assert token not in str(ShareLink.objects.values_list())
    assert timedelta(days=7) - timedelta(minutes=1) < link.expires_at - now() <= timedelta(days=7)


def test_making_one_shows_it_once(client, done):
    answer = client.post(f"/exports/{done.pk}/share/", {"days": "30"})
    assert (answer.status_code, answer["Location"]) == (303, f"/exports/{done.pk}/#share")
    page = client.get(f"/exports/{done.pk}/").text
    (path,) = re.findall(r'value="http://testserver(/share/[\w-]{43})"', page)
    assert client.get(path).status_code == 200
    assert 'data-copy="new-link"' in page
    assert "/share/" not in client.get(f"/exports/{done.pk}/").text.replace(
        f"/exports/{done.pk}/share/", ""
    )
    link = ShareLink.objects.get()
    assert link.expires_at - now() > timedelta(days=29)


def test_with_scripts_the_answer_is_the_new_link(client, done):
    answer = client.post(f"/exports/{done.pk}/share/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert re.search(r"http://testserver/share/[\w-]{43}", answer.text)
    assert "shared" not in answer.cookies
    assert answer.text.strip().startswith('<section id="share"')
    assert "Works until" in answer.text
    assert "not downloaded yet" in answer.text


@pytest.mark.parametrize("days", ["0", "-1", "8", "9999", "x"])
def test_only_offered_lives_are_taken(client, done, days):
    answer = client.post(f"/exports/{done.pk}/share/", {"days": days})
    assert answer.status_code == 422
    assert not ShareLink.objects.exists()


def test_whoever_holds_it_fetches_that_zip_and_nothing_else(client, anonymous, done):
    _, token = share.make(done)
    answer = anonymous.get(f"/share/{token}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert f'filename="sp404_export_{done.pk}.zip"' in answer["Content-Disposition"]
    data = body(answer)
    assert data == body(client.get(f"/exports/{done.pk}/zip"))
    assert int(answer["Content-Length"]) == len(data)
    for address in (f"/exports/{done.pk}/", f"/exports/{done.pk}/zip", "/library/"):
        assert anonymous.get(address).status_code == 302
    assert not anonymous.cookies


def test_a_cut_download_goes_on_and_counts_once(anonymous, done):
    link, token = share.make(done)
    whole = body(anonymous.get(f"/share/{token}"))
    link.refresh_from_db()
    assert link.downloads == 1
    parts = [
        anonymous.get(f"/share/{token}", headers={"Range": f"bytes={span}"})
        for span in ("0-999", "1000-1999", "2000-")
    ]
    assert [part.status_code for part in parts] == [206, 206, 206]
    assert b"".join(map(body, parts)) == whole
    link.refresh_from_db()
    assert link.downloads == 2
    etag = anonymous.get(f"/share/{token}")["ETag"]
    assert anonymous.get(f"/share/{token}", headers={"If-None-Match": etag}).status_code == 304
    link.refresh_from_db()
    assert link.downloads == 2  # opened, but not read to its end


def test_head_tells_the_size_and_counts_nothing(anonymous, done):
    link, token = share.make(done)
    answer = anonymous.head(f"/share/{token}")
    assert answer.status_code == 200
    assert int(answer["Content-Length"]) > 0
    assert body(answer) == b""
    link.refresh_from_db()
    assert link.downloads == 0
    assert anonymous.post(f"/share/{token}").status_code in {403, 405}


def test_after_its_end_or_closing_it_is_not_found(client, anonymous, done):
    link, token = share.make(done)
    other, second = share.make(done)
    ShareLink.objects.filter(pk=link.pk).update(expires_at=now() - timedelta(seconds=1))
    assert anonymous.get(f"/share/{token}").status_code == 404
    answer = client.post(f"/exports/{done.pk}/share/{other.pk}/revoke/")
    assert (answer.status_code, answer["Location"]) == (303, f"/exports/{done.pk}/#share")
    assert anonymous.get(f"/share/{second}").status_code == 404
    assert anonymous.head(f"/share/{second}").status_code == 404
    page = client.get(f"/exports/{done.pk}/").text
    assert "Over since" in page
    assert "Closed on" in page
    link.refresh_from_db()
    assert not link.is_live
    other.refresh_from_db()
    closed = other.revoked_at
    other.revoke()
    other.refresh_from_db()
    assert other.revoked_at == closed


def test_links_of_an_account_that_is_switched_off_are_not_found(anonymous, done):
    _, token = share.make(done)
    type(done.owner).objects.filter(pk=done.owner_id).update(is_active=False)
    assert anonymous.get(f"/share/{token}").status_code == 404
    assert anonymous.head(f"/share/{token}").status_code == 404


def test_closing_with_scripts_answers_the_list(client, done):
    link, _ = share.make(done)
    url = f"/exports/{done.pk}/share/{link.pk}/revoke/"
    answer = client.post(url, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Closed on" in answer.text


def test_unknown_links_look_like_closed_ones(anonymous, done):
    _, token = share.make(done)
    unknown = anonymous.get(f"/share/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}")
    ShareLink.objects.all().delete()
    gone = anonymous.get(f"/share/{token}")
    assert unknown.status_code == gone.status_code == 404
    fresh = r'csrf-token" content="\w+"'
    assert re.sub(fresh, "", unknown.text) == re.sub(fresh, "", gone.text)


def test_a_link_of_one_export_opens_no_other(stranger_client, client, done, user):
    link, _ = share.make(done)
    other = ExportFactory(owner=user, done=True)
    assert client.post(f"/exports/{other.pk}/share/{link.pk}/revoke/").status_code == 404
    assert stranger_client.post(f"/exports/{done.pk}/share/{link.pk}/revoke/").status_code == 404
    assert stranger_client.post(f"/exports/{done.pk}/share/").status_code == 404
    link.refresh_from_db()
    assert link.is_live


def test_exports_without_files_cannot_be_shared(client, anonymous, done, export):
    _, token = share.make(done)
    running = export(1)
    assert client.post(f"/exports/{running.pk}/share/").status_code == 404
    assert "Make a link" not in client.get(f"/exports/{running.pk}/").text
    Export.objects.filter(pk=done.pk).update(state=State.PENDING)  # tried again just now
    assert anonymous.get(f"/share/{token}").status_code == 404
    Export.objects.filter(pk=done.pk).update(state=State.COMPLETED)
    done.refresh_from_db()
    retention.remove_files(done)
    assert anonymous.get(f"/share/{token}").status_code == 404
    assert client.post(f"/exports/{done.pk}/share/").status_code == 404


def test_the_installation_can_forbid_it(client, anonymous, done, settings):
    _, token = share.make(done)
    settings.SHARING = False
    assert anonymous.get(f"/share/{token}").status_code == 404
    assert client.post(f"/exports/{done.pk}/share/").status_code == 404
    assert "Make a link" not in client.get(f"/exports/{done.pk}/").text
    assert "Share" not in client.get("/exports/").text


def test_where_only_this_machine_answers_the_page_says_so(client, done, settings):
    words = "Padcrate answers this machine only"
    assert words not in client.get(f"/exports/{done.pk}/").text
    settings.LOCAL_MODE = True
    assert words in client.get(f"/exports/{done.pk}/").text


def test_history_offers_a_link_of_the_usual_length(client, done):
    text = client.get("/exports/").text
    assert f'action="/exports/{done.pk}/share/"' in text
    client.post(f"/exports/{done.pk}/share/")
    assert ShareLink.objects.get().expires_at - now() < timedelta(days=7, minutes=1)


def test_the_page_costs_the_same_for_many_links(client, done):
    counts = []
    client.get(f"/exports/{done.pk}/")
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/exports/{done.pk}/")
        counts.append(len(asked))
        for _ in range(12):
            share.make(done)
    assert counts[0] == counts[1]


def test_a_link_says_until_when(done):
    link, _ = share.make(done, 1)
    assert str(link) == f"Link until {link.expires_at:%Y-%m-%d %H:%M}"
