"""A person in front of the browser, and what must hold at the end of every journey."""

from collections import deque
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, expect

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EXPECTED_STATUS = ("400", "404", "409", "422", "507")


class Visit:
    """One browser context with its first page; keeps what went wrong on every page in it."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.answers: deque[str] = deque(maxlen=30)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("request", self._request)
        context.on("response", self._response)
        self.page: Page = context.new_page()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        expected = "Failed to load resource" in message.text and any(
            status in message.text for status in EXPECTED_STATUS
        )
        if not expected:
            self.errors.append(message.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.foreign.append(request.url)

    def _response(self, response: Response) -> None:
        if "/static/" not in response.url:
            asked = response.request
            sent = (asked.post_data_buffer or b"")[:300].decode(errors="replace")
            path = response.url.removeprefix(self.url)
            self.answers.append(f"{response.status} {asked.method} {path} {sent}".rstrip())

    def story(self) -> str:
        """Return what was asked last, for the report of a journey that failed."""
        return "\n".join([*self.answers, *self.errors])

    def send(self, name: str) -> None:
        """Press the button of a form and wait for the page that answers it.

        A page that is left in mid-answer can neither be reloaded nor read.
        """
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()

    def voices(self) -> int:
        """Return how many voices sound."""
        return int(self.page.evaluate("document.documentElement.dataset.voices"))

    def until_voices(self, count: int, milliseconds: int = 15_000) -> None:
        """Wait until that many voices sound."""
        self.page.wait_for_function(
            "count => Number(document.documentElement.dataset.voices) === count",
            arg=count,
            timeout=milliseconds,
        )

    def check_console(self) -> None:
        """Assert that nothing was complained of and nothing asked of another host."""
        assert not self.errors, self.errors
        assert not self.foreign, self.foreign

    def check(self) -> None:
        """Assert what every journey ends with."""
        page = self.page
        expect(page.locator("body")).to_be_visible()
        wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], f"the page scrolls sideways: {wide}"
        frame = page.evaluate(
            "document.documentElement.classList.contains('app') && innerWidth >= 1024"
            " ? document.documentElement.scrollHeight - innerHeight : 0"
        )
        assert frame <= 0, f"the whole frame scrolls by {frame} px, not the panel in it"
        page.evaluate("scrollTo(0, 0)")  # what lies half under a fixed bar is no small target
        page.evaluate(AXE)
        found = page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})"
            ".then(done => done.violations.map(one => one.id + ': ' + one.help + ' -- '"
            " + one.nodes.slice(0, 4).map(node => node.target.join(' ')).join(' | ')))",
            RULES,
        )
        assert found == []
        self.check_console()
