"""The kit on the bench, as other pages show it."""

import pytest
from django.test import RequestFactory

from kits.context import bench
from kits.models import Kit
from tests.factories import KitFactory
from tests.kits.acts import fill

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def asking(user):
    """Return a request of this person."""
    request = RequestFactory().get("/library/")
    request.user = user
    return request


def test_shows_a_bank(client, user):
    kit = KitFactory(owner=user, name="Night Market")
    fill(kit, B1="kick_dusty")
    html = client.get("/kits/dock/", {"bank": "B"}, headers=HTMX).text
    assert html.count('role="gridcell"') == 16
    assert "Night Market" in html
    assert 'aria-label="Pad B1, kick_dusty, kick"' in html
    assert "1 of 16 pads in B" in html
    assert '<svg class="wave' not in html


def test_somebody_without_kits_sees_empty_pads(client, user):
    html = client.get("/kits/dock/", headers=HTMX).text
    assert "Kit 1" in html
    assert html.count('class="pad empty"') == 16
    assert 'data-assign="/kits/place/"' in html
    assert not Kit.objects.exists()


def test_nothing_is_looked_up_before_it_is_used(user, django_assert_num_queries):
    with django_assert_num_queries(0):
        known = bench(asking(user))
    with django_assert_num_queries(1):
        assert not known["bench_kit"]
    assert known["bench"].filled == 0


def test_knows_the_kit_last_opened(user):
    KitFactory(owner=user, filled=2)
    kit = KitFactory(owner=user, filled=3)
    KitFactory()
    known = bench(asking(user))
    assert known["bench_kit"] == kit
    assert known["bench"].filled == 3


def test_nobody_has_no_bench(rf):
    from django.contrib.auth.models import AnonymousUser

    assert bench(asking(AnonymousUser())) == {"bench_kit": None, "bench": None}
