"""Kits in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from kits import blueprints
from kits.models import KitBank, KitEdit
from tests.factories import KitFactory, UserFactory
from tests.kits.acts import fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    """Return the browser of somebody who may do all."""
    browser = Client()
    browser.force_login(UserFactory(superuser=True))
    return browser


@pytest.fixture
def kit():
    """Return a kit of somebody else."""
    kit = KitFactory(name="Night Market")
    fill(kit, A1="kick_dusty", B2="snare_paper")
    return kit


def test_lists_kits_with_their_pads_counted(boss, kit, django_assert_max_num_queries):
    html = boss.get(reverse("admin:kits_kit_changelist")).text
    assert "Night Market" in html
    assert '<td class="field-pad_count">2</td>' in html
    assert f'href="/kits/{kit.pk}/"' in html


def test_finds_a_kit_by_what_is_on_it(boss, kit):
    KitFactory(name="Other")
    html = boss.get(reverse("admin:kits_kit_changelist"), {"q": "snare_paper"}).text
    assert "Night Market" in html
    assert "Other" not in html


def test_shows_pads_to_read_only(boss, kit):
    html = boss.get(reverse("admin:kits_kit_change", args=[kit.pk])).text
    assert "kick_dusty" in html
    assert "B2" in html
    assert 'name="pads-0-title"' not in html
    assert boss.get(reverse("admin:kits_kit_add")).status_code == 403


def test_steps_are_not_in_the_admin():
    from django.contrib import admin

    assert not admin.site.is_registered(KitEdit)


def test_templates_and_banks_are_shown(boss, kit):
    KitBank.objects.create(kit=kit, letter="C", tempo=174.5)
    template = blueprints.save(kit.owner, "Hats", kit)
    assert "174.5" in boss.get(reverse("admin:kits_kit_change", args=[kit.pk])).text
    page = boss.get(reverse("admin:kits_kittemplate_changelist")).text
    assert "Hats" in page
    assert '<td class="field-pad_count">2</td>' in page
    page = boss.get(reverse("admin:kits_kittemplate_change", args=[template.pk]))
    assert page.status_code == 200
    assert boss.get(reverse("admin:kits_kittemplate_add")).status_code == 403
