"""django-q2's tables in the admin: a way to run code for whoever may add a schedule."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django_q.models import Failure, OrmQ, Schedule, Success
from django_q.tasks import async_task

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TABLES = ("success", "failure", "ormq", "schedule")


def browser(**traits):
    person = UserFactory(**traits)
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="django_q"))
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def rows():
    """Make a row of each table and return their keys."""
    async_task("math.sqrt", 4)
    common = {"func": "math.sqrt", "started": "2026-01-01T00:00Z", "stopped": "2026-01-01T00:00Z"}
    return {
        "ormq": OrmQ.objects.get().pk,
        "schedule": Schedule.objects.create(func="math.sqrt").pk,
        "success": Success.objects.create(id="a" * 32, name="a", success=True, **common).pk,
        "failure": Failure.objects.create(id="b" * 32, name="b", success=False, **common).pk,
    }


@pytest.mark.parametrize("table", TABLES)
def test_staff_with_every_permission_sees_nothing(table, rows):
    client = browser(staff=True)
    for path in ("", "add/", f"{rows[table]}/change/", f"{rows[table]}/delete/"):
        assert client.get(f"/admin/django_q/{table}/{path}").status_code == 403


def test_staff_cannot_add_a_schedule():
    answer = browser(staff=True).post(
        "/admin/django_q/schedule/add/",
        {"func": "os.system", "args": "'id'", "schedule_type": "O", "repeats": -1},
    )
    assert answer.status_code == 403
    assert not Schedule.objects.exists()


@pytest.mark.parametrize("table", TABLES)
def test_superusers_look_and_change_nothing(table, rows):
    client = browser(superuser=True)
    assert client.get(f"/admin/django_q/{table}/").status_code == 200
    assert client.get(f"/admin/django_q/{table}/{rows[table]}/change/").status_code == 200
    for path in ("add/", f"{rows[table]}/delete/"):
        assert client.post(f"/admin/django_q/{table}/{path}").status_code == 403
    assert client.post(f"/admin/django_q/{table}/{rows[table]}/change/").status_code == 403
    action = {"action": "delete_selected", "_selected_action": rows[table], "post": "yes"}
    client.post(f"/admin/django_q/{table}/", action)
    assert client.get(f"/admin/django_q/{table}/{rows[table]}/change/").status_code == 200
