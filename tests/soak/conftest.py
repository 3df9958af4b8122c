"""Long runs of the whole product: an instance with two workers, and figures told at the end."""

import pytest

from tests.e2e.instance import running
from tests.soak.person import Person

FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def figure(request):
    """Return a function that keeps a line to be told at the end of the run."""

    def keep(line: str) -> None:
        request.config.stash.setdefault(FIGURES, []).append(f"{request.node.name}: {line}")

    return keep


def pytest_terminal_summary(terminalreporter, config):
    """Tell what was measured."""
    if lines := config.stash.get(FIGURES, []):
        terminalreporter.section("figures")
        terminalreporter.write("\n".join(lines) + "\n")


@pytest.fixture
def instance(tmp_path):
    """Yield a running product with two workers."""
    with running(tmp_path / "data", PADCRATE_WORKERS="2") as started:
        yield started


@pytest.fixture
def person(instance):
    """Return somebody in front of it."""
    someone = Person.at(instance)
    yield someone
    someone.hang_up()
