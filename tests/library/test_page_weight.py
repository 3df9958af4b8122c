"""What the library page weighs on the way to a browser: limits that fail the build."""

import gzip
import random
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import AnalysisFactory, GenerationFactory, KitFactory

STATIC = Path(settings.BASE_DIR) / "static"
HTML, CSS, SCRIPTS, REQUESTS = 25_000, 20_000, 60_000, 14
IMPORTED = re.compile(r"""^(?:import|export)[^"';]*["'](\./[^"']+)["']""", re.MULTILINE)
LATER = re.compile(r"""import\(["'](\./[^"']+)["']\)""")

PLACES = {  # what list.js loads only where the page has the place for it
    "js/filters.js": 'id="filters"',
    "js/branches.js": 'id="filters"',
    "js/upload.js": 'id="uploads"',
}


class Files(HTMLParser):
    """Collects the files that a page asks for, each once."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        address = known.get("src") if tag == "script" else None
        if tag == "link" or (tag == "use" and known.get("href")):
            address = known["href"]
        if address and address.startswith("/static/"):
            self.found[address.removeprefix("/static/").partition("#")[0]] = None


def zipped(content: bytes) -> int:
    """Return the size as a server sends it."""
    return len(gzip.compress(content, 6))


def modules(name: str, pattern: re.Pattern[str], known: set[str]) -> set[str]:
    """Return a script with all that it imports in this way, however deep."""
    if name in known:
        return known
    known.add(name)
    text = (STATIC / name).read_text()
    for other in pattern.findall(text):
        modules(str(Path(name).parent / other), pattern, known)
    return known


@pytest.fixture
def page(client, user) -> str:
    """Return the page of a library of sixty sounds with waveforms that do not compress."""
    dice = random.Random(404)
    for number in range(60):
        AnalysisFactory(
            sample__owner=user,
            sample__title=f"{dice.choice(['kick', 'snare', 'hat'])}_{dice.getrandbits(40):x}",
            sample__folder=f"Packs/Basement Breaks {number % 7}/One shots",
            sample__waveform=dice.randbytes(64),
            sample__tags=["dusty", f"word{number % 20}"],
            done=True,
        )
    KitFactory(owner=user, filled=3)
    return client.get("/library/").text


def test_sixty_rows(page):
    assert page.count('role="row"') >= 60
    assert zipped(page.encode()) <= HTML


@pytest.fixture
def made(client, user) -> str:
    """Return the page of thirty sounds from words, each with a prompt of its own."""
    dice = random.Random(909)
    for number in range(30):
        sample = AnalysisFactory(
            sample__owner=user,
            sample__title=f"warm chord {dice.getrandbits(40):x}",
            sample__waveform=dice.randbytes(64),
            done=True,
        ).sample
        words = f"{sample.title} at {number} bpm"
        GenerationFactory(user=user, prompt=words, completed=True, sample=sample)
    KitFactory(owner=user, filled=3)
    return client.get("/generations/").text


def test_thirty_sounds_from_words(made):
    assert made.count('class="gen"') == 30
    assert zipped(made.encode()) <= HTML


@pytest.mark.parametrize(
    ("which", "late"),
    [
        ("page", {"js/upload.js", "js/filters.js", "js/drag.js"}),
        ("made", {"js/generations.js", "js/drag.js"}),
    ],
)
def test_styles_scripts_and_requests(request, which, late):
    page = request.getfixturevalue(which)
    files = Files()
    files.feed(page)
    styles = [name for name in files.found if name.endswith(".css")]
    assert sum(zipped((STATIC / name).read_bytes()) for name in styles) <= CSS

    first = {name for name in files.found if name.endswith(".js")}
    for name in list(first):
        modules(name, IMPORTED, first - {name})
        first |= modules(name, IMPORTED, set())
    everything = set(first)
    named = re.findall(r'data-(?:dock|module|panel)="/static/([^"]+)"', page)
    for name in first:
        named += [
            str(Path(name).parent / other) for other in LATER.findall((STATIC / name).read_text())
        ]
    named = [name for name in named if PLACES.get(name, "") in page]
    for name in named:
        everything |= modules(name, IMPORTED, set())
    assert late <= everything - first
    assert sum(zipped((STATIC / name).read_bytes()) for name in everything) <= SCRIPTS

    others = {name for name in files.found if not name.endswith((".js", ".css"))}
    fonts = set(re.findall(r'url\("../(fonts/[^"]+)"\)', (STATIC / "css/app.css").read_text()))
    asked = {"the page"} | set(styles) | first | others | fonts
    assert len(asked) <= REQUESTS, "\n".join(sorted(asked))
