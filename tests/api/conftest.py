"""Programs that call the API in the test's own process."""

import json

import pytest
from django.test import Client

from library import labour
from library.models import ApiToken


class Program:
    """A client with a token and no cookies."""

    def __init__(self, secret: str = "") -> None:
        self.secret = secret
        self.client = Client(enforce_csrf_checks=True)

    def call(self, method, path, body=None, **headers):
        """Send JSON; header names with _ for -."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret:
            sent["Authorization"] = f"Bearer {self.secret}"
        data = "" if body is None else json.dumps(body)
        return self.client.generic(
            method, f"/api/v1/{path}", data, "application/json", headers=sent
        )

    def get(self, path, **headers):
        """Read."""
        return self.call("GET", path, **headers)

    def post(self, path, body=None, **headers):
        """Ask for something."""
        return self.call("POST", path, body, **headers)

    def put(self, path, body=None):
        """Write the whole."""
        return self.call("PUT", path, body)

    def delete(self, path):
        """Take away."""
        return self.call("DELETE", path)

    def upload(self, **fields):
        """Send a file with its fields."""
        headers = {"Authorization": f"Bearer {self.secret}"}
        return self.client.post("/api/v1/samples", fields, headers=headers)


@pytest.fixture
def program(user):
    """Return a program that acts for `user`."""
    return Program(ApiToken(owner=user, name="test").issue())


@pytest.fixture
def foreign_program(stranger):
    """Return a program that acts for `stranger`."""
    return Program(ApiToken(owner=stranger, name="test").issue())


@pytest.fixture
def nobody(db):
    """Return a program without a token."""
    return Program()


@pytest.fixture
def work(db):
    """Return a function that does all ready jobs, as a worker process does."""

    def work() -> None:
        while labour.work_once("test"):
            pass

    return work
