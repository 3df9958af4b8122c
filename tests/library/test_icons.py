"""The sprite holds every icon that pages ask for, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPRITE = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons.svg").read_text()))


def sources() -> str:
    """Return all templates, scripts and code that may name an icon."""
    folders = ("templates", "static/js", "library", "kits", "exports")
    files = (path for folder in folders for path in (ROOT / folder).rglob("*"))
    return "\n".join(path.read_text() for path in files if path.suffix in {".html", ".js", ".py"})


def test_every_icon_asked_for_is_there():
    asked = set(re.findall(r"""\{% icon ["']([\w-]+)["'] %\}""", sources()))
    assert asked
    assert asked <= SPRITE


def test_every_icon_is_used():
    text = sources()
    assert [name for name in SPRITE if f'"{name}"' not in text and f"#{name}" not in text] == []
