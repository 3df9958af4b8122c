"""What the kit page and the slicer weigh when they open: limits that fail the build."""

import pytest

from tests.factories import KitFactory, SampleFactory
from tests.library.test_page_weight import CSS, IMPORTED, SCRIPTS, STATIC, Files, modules, zipped

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("which", ["kit", "slicer"])
def test_styles_and_scripts(client, user, which):
    kit = KitFactory(owner=user, filled=16)
    sample = SampleFactory(owner=user)
    path = f"/kits/{kit.pk}/" if which == "kit" else f"/samples/{sample.pk}/slice/"
    files = Files()
    files.feed(client.get(path).text)
    styles = [name for name in files.found if name.endswith(".css")]
    assert sum(zipped((STATIC / name).read_bytes()) for name in styles) <= CSS
    scripts: set[str] = set()
    for name in (name for name in files.found if name.endswith(".js")):
        modules(name, IMPORTED, scripts)
    assert {"kit": "js/kit.js", "slicer": "js/slicer.js"}[which] in scripts
    assert sum(zipped((STATIC / name).read_bytes()) for name in scripts) <= SCRIPTS
