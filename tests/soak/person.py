"""Somebody at a browser, and a program with a token, before a running instance."""

import http.client
import json
import re
import time
from dataclasses import dataclass, field

from tests.e2e.instance import Instance

POLL = re.compile(r'hx-get="([^"]*/progress/[^"]*)"')
NOW = re.compile(r'aria-valuenow="(\d+)"')
NEW_KEY = (
    "from django.contrib.auth.models import User; from library.models import ApiToken;"
    "print(ApiToken(owner=User.objects.get(username='local'), name='soak').issue())"
)
KEPT_SECONDS = 5  # an idle line is not used again: the server hangs up after a while


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode()

    def json(self):
        """What it says to programs."""
        return json.loads(self.body)


@dataclass
class Person:
    """Reads pages as a browser and calls the API as a program; for one thread."""

    port: int
    cookie: str
    token: str
    line: http.client.HTTPConnection | None = None
    used_at: float = 0.0

    @classmethod
    def at(cls, instance: Instance) -> "Person":
        """Come in by the printed link, and get a token."""
        secret = instance.manage("shell", "-v", "0", "-c", NEW_KEY).split()[-1]
        someone = cls(instance.port, "", secret)
        came = someone.get(instance.link.removeprefix(instance.url))
        someone.cookie = came.headers["Set-Cookie"].partition(";")[0]
        return someone

    def twin(self) -> "Person":
        """Another window, for another thread."""
        return Person(self.port, self.cookie, self.token)

    def get(self, path: str, **headers: str) -> Answer:
        """Read a page; OSError or HTTPException while nobody answers."""
        return self.send("GET", path, None, {"Cookie": self.cookie, **headers})

    def api(self, method: str, path: str, body: object = None) -> Answer:
        """Call the API."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body)
        return self.send(method, f"/api/v1/{path}", sent, headers)

    def send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        """Send on the line that is open, or on a new one."""
        if time.monotonic() - self.used_at > KEPT_SECONDS:
            self.hang_up()
        self.used_at = time.monotonic()
        self.line = self.line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            self.line.request(method, path, body, headers)
            came = self.line.getresponse()
            return Answer(came.status, dict(came.getheaders()), came.read())
        except (OSError, http.client.HTTPException):
            self.hang_up()
            raise

    def hang_up(self) -> None:
        """Close the line."""
        if self.line is not None:
            self.line.close()
        self.line = None

    def export(self, ids: list[int], **config: object) -> int:
        """Ask for an export of these sounds without text files; return its number."""
        asked = {"sample_ids": ids, "config": {"include_metadata": False, **config}}
        answer = self.api("POST", "sp404/samples/export-batch", asked)
        assert answer.status == 202, answer.text
        return answer.json()["id"]

    def zip_of(self, export: int) -> bytes:
        """Download the ZIP of an export."""
        answer = self.get(f"/exports/{export}/zip")
        assert answer.status == 200, answer.text
        assert len(answer.body) == int(answer.headers["Content-Length"])
        return answer.body


@dataclass
class JobPage:
    """The page of a running export: shows, asks on, and stops asking as the real one does."""

    person: Person
    export: int
    address: str = ""
    counts: list[int] = field(default_factory=list)
    headlines: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def open(self) -> bool:
        """Load the page; False when the export had ended already."""
        return self._read(self.person.get(f"/exports/{self.export}/"))

    def ask(self) -> bool:
        """Poll once; False when the page was told to stop."""
        begun = time.perf_counter()
        answer = self.person.get(self.address, **{"HX-Request": "true"})
        self.seconds.append(time.perf_counter() - begun)
        if answer.status == 204:
            return True
        assert answer.status in {200, 286}, answer.text
        return self._read(answer)

    def _read(self, answer: Answer) -> bool:
        found = POLL.search(answer.text)
        if count := NOW.search(answer.text):
            self.counts.append(int(count[1]))
        headline = re.search(r'class="now"><span>(.*?)</span>', answer.text)
        assert headline, answer.text
        self.headlines.append(headline[1])
        if found is None:
            return False
        self.address = found[1].replace("&amp;", "&")
        return True
