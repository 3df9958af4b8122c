"""Whatever an address or a form holds, the answer is never a fault of the program."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library.models import Import, Tag
from tests.factories import ExportFactory, KitFactory, SampleFactory

FIELDS = {
    "library:list": [
        *("q", "cls", "key", "fit", "lo", "hi", "nobpm", "dmin", "dmax", "genre", "tag", "folder"),
        *("fmt", "kit", "sort", "after", "facets"),
    ],
    "library:imports": ["rows", "poll", "added"],
    "library:bulk": ["ids", "all", "query", "except", "only"],
    "library:similar-to": ["ids"],
    "library:generations": ["prompt", "before", "rows", "poll", "open"],
    "library:duplicates": ["page"],
    "library:stats": ["page"],
    "kits:list": ["name"],
    "kits:dock": ["bank", "pad", "view", "v"],
    "kits:picker": ["ids", "all", "query", "except", "kit", "mode", "pad", "bank", "sort", "after"],
    "kits:place": ["ids", "all", "q", "kit", "mode", "pad", "bank"],
    "exports:list": ["kind", "state", "page", "since", "until", "sample"],
    "exports:failed": ["page"],
    "exports:new": [
        *("ids", "all", "query", "except", "kit", "preset", "layout", "q", "lo", "export", "as"),
    ],
    "job-lamp": ["poll"],
    "front-door": ["t"],
}
OF_AN_OBJECT = {
    "kits:builder": ["bank", "pad", "v", "view", "q", "cls", "after", "probe"],
    "kits:browse": ["bank", "pad", "q", "cls", "sort", "after", "lo", "near"],
    "library:similar": ["aspect", "same", "back", "rows"],
    "exports:job": ["rev", "mode", "said", "show"],
    "exports:progress": ["rev", "mode", "said", "show"],
}
ACTS = {
    "library:upload": ["batch", "path", "total", "end"],
    "library:bulk": ["ids", "all", "query", "except", "action", "value", "visible", "list", "go"],
    "library:trash": ["ids", "all"],
    "library:duplicates": ["ids", "all", "keep", "pads"],
    "library:generations": ["prompt", "seconds", "engine"],
    "library:preferences": ["field", "layout", "export_format", "single_keys", "bpm_bounds"],
    "library:make-token": ["name"],
    "kits:list": ["name"],
    "kits:picker": ["ids", "all", "query", "kit", "mode", "pad", "bank"],
    "kits:place": ["ids", "kit", "mode", "pad", "seen_kit", "v", "view", "bank"],
    "exports:new": [
        *("ids", "all", "kit", "dry", "open", "preset", "layout", "format", "channels"),
        *("export", "as", "fix", "long", "loudness", "trim"),
    ],
}
ACTS_ON_AN_OBJECT = {
    "library:sample": ["title", "genre", "bpm", "key", "sample_class", "is_loop", "tags", "notes"],
    "kits:rename": ["name"],
    "exports:retry": ["rev"],
    "exports:leave-out": ["rev"],
    "exports:again": ["as"],
    "exports:share": ["days"],
    "exports:delete-files": ["rev"],
    "kits:assign": ["ids", "pad", "mode", "v", "view", "bank"],
    "kits:move": ["from", "to", "copy", "v", "view", "bank"],
    "kits:clear": ["pads", "bank", "v", "view"],
    "kits:undo": ["v", "view", "bank"],
    "kits:redo": ["v", "view", "bank"],
}
TRAPS = [
    "", " ", "1", "0", "-1", "1.5", "1e308", "-0", "nan", "inf", "1_000", "٣", "²", "१",
    "9" * 18, "9" * 19, "9" * 40, "9" * 5000, "1,2," + "9" * 30, "1~9", "1~nan", "1~inf", "~", "1~",
    "\0", "a\0b", "a\r\nSet-Cookie: b", "\u202egnp.exe", "\ufeff", "\ud7ff", "😀" * 99, "é" * 600,
    '"', '"" -"', "-", "* OR NEAR(a b)", "a AND (", "%", "_%'\"\\", "../../etc", "//x", "new", "A1",
    "A\u0661", "J16", "K1", "stage", "dock", "name", "class", "bpm", "kick", "kit", "wav", "8A",
    "bpm_bounds", "split", "lengthen", "trash", "add_tag", "set_class", "/kits/place/",
    "/x\r\ny", "nowhere", "?", "http://[", "on",
]  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(TRAPS),
    st.text(max_size=40),
    st.integers().map(str),
    st.floats().map(str),
)
QUIETLY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def some(fields):
    """Make lists of a few names and values of these fields."""
    return st.lists(st.tuples(st.sampled_from(fields), VALUES), max_size=5)


def requests(plain, of_objects):
    """Make a route's name, whether it needs an object, and what is sent to it."""
    return st.one_of(
        *(
            st.tuples(st.just(name), some(fields))
            for name, fields in {**plain, **of_objects}.items()
        )
    )


HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "HX-Request": st.just("true"),
        "HX-Target": st.sampled_from(["main", "results", "\N{SNOWMAN}"]),
        "HX-Current-URL": st.sampled_from(
            ["http://[", "http://testserver/library/?q=%00", "é", ""]
        ),
        "HX-History-Restore-Request": st.just("true"),
        "Range": st.sampled_from(["bytes=0-", "bytes=9-1", "bytes=" + "9" * 30 + "-", "x"]),
    },
)


@pytest.fixture
def addresses(user):
    """Return a function from a route's name to its address, with one's own objects."""
    kit = KitFactory(owner=user, filled=2)
    keys = {
        "kits": kit.pk,
        "exports": ExportFactory(owner=user).pk,
        "library": SampleFactory(owner=user, title="Kick", tags=["dusty"]).pk,
    }

    def address(name):
        needs = name in OF_AN_OBJECT or name in ACTS_ON_AN_OBJECT
        return reverse(name, args=[keys[name.partition(":")[0]]] if needs else [])

    return address


@QUIETLY
@given(asked=requests(FIELDS, OF_AN_OBJECT), headers=HEADERS)
def test_every_address_has_an_answer(client, addresses, asked, headers):
    name, pairs = asked
    url = f"{addresses(name)}?{urlencode(pairs, errors='replace')}"
    for method in ("get", "head"):
        answer = getattr(client, method)(url, headers=headers)
        assert answer.status_code < 500


@QUIETLY
@given(asked=requests(ACTS, ACTS_ON_AN_OBJECT), headers=HEADERS)
def test_every_form_has_an_answer(client, addresses, asked, headers):
    name, pairs = asked
    kind = "application/x-www-form-urlencoded"
    body = urlencode(pairs, errors="replace")
    answer = client.post(addresses(name), body, content_type=kind, headers=headers)
    assert answer.status_code < 500


HUGE = ["9" * 19, "9" * 40, "9" * 5000, "١٢", "-1"]


@pytest.mark.parametrize("number", HUGE)
def test_numbers_that_no_database_holds_count_as_none(client, user, number):
    sample = SampleFactory(owner=user)
    htmx = {"HX-Request": "true"}
    tray = reverse("library:imports")
    assert client.get(tray, {"rows": number}, headers=htmx).status_code == 200
    assert client.get(tray, {"poll": "1", "added": number}, headers=htmx).status_code == 286
    sent = {"batch": "b", "total": number}
    assert client.post(reverse("library:upload"), sent, headers=htmx).status_code == 200
    assert Import.objects.get().total == 0
    picker = {"ids": sample.pk, "kit": number}
    assert client.get(reverse("kits:picker"), picker).status_code in {200, 404}
    assert client.post(reverse("kits:place"), picker).status_code in {303, 404}


@pytest.mark.parametrize("target", ["nowhere", "?x", "/x\r\ny: z", "//evil", "https://evil", ""])
def test_a_selection_goes_to_pages_of_the_product_only(client, user, target):
    sample = SampleFactory(owner=user)
    answer = client.post(reverse("library:bulk"), {"ids": sample.pk, "go": target})
    assert answer.status_code == 422
    assert "There is no such page." in answer.text


def test_an_address_that_is_none_in_a_header(client, user):
    SampleFactory(owner=user)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://["}
    answer = client.get(reverse("library:list"), {"q": "kick"}, headers=headers)
    assert answer["HX-Push-Url"] == "/library/?q=kick"


def test_a_tag_holds_no_null_byte(client, user):
    sample = SampleFactory(owner=user)
    url = reverse("library:sample", args=[sample.pk])
    assert client.post(url, {"title": "Kick", "tags": "a\0b"}).status_code == 422
    assert not Tag.objects.exists()
