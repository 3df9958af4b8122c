"""What the tests of kit pages share: acting as a browser with scripts, and as one without."""

import json

from django.urls import reverse

from kits.hardware.pads import PadAddress
from tests.factories import PadFactory, SampleFactory


def at(text: str) -> PadAddress:
    """Read an address."""
    return PadAddress.parse(text)


def fill(kit, **titles):
    """Put new samples of the kit's owner on pads: A1="kick". Return them by address."""
    samples = {}
    for place, title in titles.items():
        sample = samples[place] = SampleFactory(owner=kit.owner, title=title)
        PadFactory(kit=kit, bank=place[0], number=int(place[1:]), sample=sample)
    return samples


def titles(kit) -> dict[str, str]:
    """Return what is on the pads, by address."""
    return {str(pad.address): pad.title for pad in kit.pads.all()}


def act(client, kit, name, *, pad=None, **fields):
    """Post to one of the kit's acts as htmx does, from a stage that shows bank A."""
    url, fields = _address(kit, name, pad, fields)
    fields = {"view": "stage", "bank": "A"} | fields
    return client.post(url, fields, headers={"HX-Request": "true"})


def plainly(client, kit, name, *, pad=None, **fields):
    """Post to one of the kit's acts as a form without scripts does."""
    return client.post(*_address(kit, name, pad, fields))


def _address(kit, name, pad, fields):
    """Return where to post and what: the act `pad` has its pad in the address."""
    if name == "pad":
        return reverse("kits:pad", args=[kit.pk, pad]), fields
    return reverse(f"kits:{name}", args=[kit.pk]), fields | ({"pad": pad} if pad else {})


def text(response) -> str:
    """Return the page with every run of white space as one space."""
    return " ".join(response.text.split())


def events(response) -> dict[str, object]:
    """Return the events that the answer sets off."""
    headers = ("HX-Trigger", "HX-Trigger-After-Swap")
    return {
        name: detail
        for header in headers
        for name, detail in json.loads(response.get(header, "{}")).items()
    }
