"""Every address of the product, seen by somebody else: found by walking the URL configuration.

A new route fails here until it stands in one of the tables below. The API answers otherwise than
pages do (401 and 404 in JSON, never a redirect): tests/api/test_strangers.py walks its routes.
"""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.timezone import now

from exports.models import Export, ExportItem, ShareLink
from kits import deleted
from kits.models import DeletedKit, Kit, KitTemplate
from library.models import (
    ApiToken,
    Crate,
    Generation,
    Import,
    LibraryEdit,
    Pack,
    Prompt,
    Sample,
    WatchedFile,
    WatchedFolder,
)
from tests.factories import (
    AnalysisFactory,
    ExportFactory,
    ExportItemFactory,
    GenerationFactory,
    ImportFactory,
    KitFactory,
    PadFactory,
    SampleFactory,
    UserFactory,
    tone,
)

pytestmark = pytest.mark.django_db

MINE = "Qzx only mine"
MISSING = 987_654_321
LINK = 7_654

PUBLIC = {"front-door", "login", "healthz"}
ELSEWHERE = {"admin", "ninja"}  # the API is ninja's
API_REST = {"api-nothing"}  # whatever else lies below /api/: public, and always 404
BY_TOKEN = {"share"}  # public to whoever holds the token: tests/exports/test_share.py
OWN = {  # pages that show everybody their own things and name no object
    "logout", "job-lamp", "library:list", "library:upload", "library:imports", "library:demo",
    "library:jumps", "library:folders", "library:folder-names", "library:crates",
    "library:trash", "library:bulk", "library:preferences", "library:make-token", "library:keys",
    "library:similar-to", "library:duplicates", "library:stats", "library:packs",
    "library:catalogue", "library:watch", "library:empty-trash", "kits:list", "kits:dock",
    "kits:picker", "kits:place", "kits:slicer-choose", "kits:auto", "kits:favourites",
    "library:midi", "library:generations", "exports:list", "exports:new", "exports:failed",
}  # fmt: skip
STAFF_ALONE = {"library:end-watch", "library:look-now"}
OBJECTS = {  # routes that name an object, whose it is, and the method that owners use
    "library:undo-edit": ("edit", "POST"),
    "library:revoke-token": ("token", "POST"),
    "library:crate": ("crate", "GET"),
    "library:pack": ("pack", "GET"),
    "library:end-watch": ("watched", "POST"),
    "library:look-now": ("watched", "POST"),
    "library:sample": ("sample", "GET"),
    "library:similar": ("sample", "GET"),
    "library:audio": ("sample", "GET"),
    "library:peaks": ("sample", "GET"),
    "library:onsets": ("sample", "GET"),
    "library:original": ("sample", "GET"),
    "library:generation-again": ("generation", "POST"),
    "library:generation-cancel": ("asked", "POST"),
    "library:generation-delete": ("generation", "POST"),
    "library:generation-keep": ("generation", "POST"),
    "library:generation-audio": ("generation", "GET"),
    "kits:builder": ("kit", "GET"),
    "kits:rename": ("kit", "POST"),
    "kits:delete": ("kit", "POST"),
    "kits:browse": ("kit", "GET"),
    "kits:assign": ("kit", "POST"),
    "kits:move": ("kit", "POST"),
    "kits:clear": ("kit", "POST"),
    "kits:undo": ("kit", "POST"),
    "kits:redo": ("kit", "POST"),
    "kits:pad": ("kit", "GET"),
    "kits:lost": ("kit", "GET"),
    "kits:sheet": ("kit", "GET"),
    "kits:sheet-png": ("kit", "GET"),
    "kits:sheet-text": ("kit", "GET"),
    "kits:arrange": ("kit", "GET"),
    "kits:paste": ("kit", "POST"),
    "kits:level": ("kit", "POST"),
    "kits:bank": ("kit", "POST"),
    "kits:duplicate": ("kit", "POST"),
    "kits:copy-bank": ("kit", "POST"),
    "kits:shuffle": ("kit", "POST"),
    "kits:lock": ("kit", "POST"),
    "kits:keep-template": ("kit", "POST"),
    "kits:delete-template": ("template", "POST"),
    "kits:bring-back": ("deleted", "POST"),
    "kits:slicer": ("sample", "GET"),
    "kits:slicer-marks": ("sample", "GET"),
    "exports:job": ("export", "GET"),
    "exports:progress": ("export", "GET"),
    "exports:cancel": ("open_export", "POST"),
    "exports:restart": ("open_export", "POST"),
    "exports:retry": ("export", "POST"),
    "exports:leave-out": ("export", "POST"),
    "exports:again": ("export", "GET"),
    "exports:delete-files": ("export", "POST"),
    "exports:share": ("export", "POST"),
    "exports:revoke-link": ("export", "POST"),
    "exports:zip": ("export", "GET"),
    "exports:manifest": ("export", "GET"),
}
MORE = {
    "kits:pad": {"pad": "A1"},
    "exports:revoke-link": {"link": LINK},
}  # what else an address needs
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
HEADERS = (
    {},
    {"HX-Request": "true"},
    {"HX-Request": "true", "HX-Boosted": "true", "HX-Target": "main"},
    {"HX-Request": "true", "HX-History-Restore-Request": "true"},
    {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"},
    {"Range": "bytes=0-99", "If-None-Match": "*"},
)


def routes():
    """Return the names of all routes but the admin's and the API's; does it need an object?"""
    found = {}

    def walk(patterns, prefix=""):
        for pattern in patterns:
            if getattr(pattern, "app_name", None) in ELSEWHERE:
                continue
            if hasattr(pattern, "url_patterns"):
                space = f"{pattern.namespace}:" if pattern.namespace else ""
                walk(pattern.url_patterns, prefix + space)
            else:
                assert pattern.name, f"{pattern.pattern} has no name"
                found[prefix + pattern.name] = bool(pattern.pattern.converters)

    walk(get_resolver().url_patterns)
    return found


@pytest.fixture(autouse=True)
def sharing(monkeypatch):
    """Let this installation hand out links to exports."""
    monkeypatch.setattr(settings, "SHARING", True)


@pytest.fixture
def things(user):
    """Return one object of each kind, all of them one person's."""
    sample = SampleFactory(owner=user, title=MINE, original_name=f"{MINE}.wav", sound=tone())
    AnalysisFactory(sample=sample, done=True)
    for name in (sample.preview, sample.peaks):
        path = settings.MEDIA_ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(200))
    kit = KitFactory(owner=user, name=f"{MINE} kit")
    PadFactory(kit=kit, sample=sample)
    made = GenerationFactory(user=user, prompt=MINE, completed=True, sample=sample, audio_file="")
    made.audio_file.save(f"2026/01/01/{made.pk}.wav", ContentFile(tone()))
    export = ExportFactory(owner=user, name=f"{MINE} export", done=True)
    ExportItemFactory(export=export, sample=sample, path=f"{MINE}.wav", done=True)
    ends = now() + timedelta(days=1)
    ShareLink.objects.create(pk=LINK, export=export, digest="1" * 64, expires_at=ends)
    SampleFactory(owner=user, title=f"{MINE} trash", trashed=True)
    ImportFactory(owner=user, name=f"{MINE} batch", key="mine", added=1, total=1)
    pack = Pack.objects.create(owner=user, name=f"{MINE} pack", licence_text=MINE)
    Sample.objects.filter(pk=sample.pk).update(pack=pack)
    watched = WatchedFolder.objects.create(owner=user, path=f"/srv/{MINE}", state="completed")
    WatchedFile.objects.create(watched=watched, name=MINE, sample=sample, problem=MINE)
    return {
        "sample": sample,
        "kit": kit,
        "pack": pack,
        "watched": watched,
        "generation": made,
        "asked": GenerationFactory(user=user, prompt=f"{MINE} more"),
        "template": KitTemplate.objects.create(owner=user, name=f"{MINE} template"),
        "deleted": deleted.delete(KitFactory(owner=user, name=f"{MINE} gone")),
        "export": export,
        "token": ApiToken.objects.create(owner=user, name=f"{MINE} token", digest="0" * 64),
        "crate": Crate.objects.create(owner=user, name=f"{MINE} crate", query="cls=kick"),
        "open_export": ExportFactory(owner=user, name=f"{MINE} open"),
        "edit": LibraryEdit.objects.create(
            owner=user,
            label=f"{MINE} edit",
            action="set_genre",
            before={"fields": ["genre"], "groups": [[["techno"], [sample.pk]]]},
        ),
    }


def missing(pk):
    """Return a key of the same kind that nothing has."""
    return UUID(int=MISSING) if isinstance(pk, UUID) else MISSING


def address(name, pk):
    return reverse(name, kwargs={"pk": pk, **MORE.get(name, {})})


def knock(browser, method, url, sample, headers=None):
    """Ask for an address with a form that would make sense to each act on an object."""
    form = {"ids": sample.pk, "from": "A1", "to": "B1", "bank": "A", "name": "Taken", "v": 0}
    kind = "application/x-www-form-urlencoded"
    return guarded(browser.generic(method, url, urlencode(form), kind, headers=headers or {}))


def traces(user):
    """Return everything that a stranger's request could have changed."""
    return (
        list(Sample.objects.filter(owner=user).order_by("pk").values()),
        list(Kit.objects.filter(owner=user).order_by("pk").values()),
        [pad.fields() for kit in Kit.objects.filter(owner=user) for pad in kit.pads.all()],
        list(Export.objects.filter(owner=user).order_by("pk").values()),
        list(ExportItem.objects.filter(export__owner=user).order_by("pk").values()),
        list(ShareLink.objects.filter(export__owner=user).values()),
        list(LibraryEdit.objects.filter(owner=user).values()),
        list(Generation.objects.filter(user=user).values()),
        list(Prompt.objects.filter(user=user).values()),
        list(Import.objects.filter(owner=user).values()),
        list(ApiToken.objects.filter(owner=user).values()),
        list(Pack.objects.filter(owner=user).values()),
        list(WatchedFolder.objects.filter(owner=user).values()),
        list(WatchedFile.objects.filter(watched__owner=user).values()),
        list(Crate.objects.filter(owner=user).values()),
        list(KitTemplate.objects.filter(owner=user).values()),
        list(DeletedKit.objects.filter(owner=user).values()),
    )


def guarded(answer):
    """Check what every answer has: the content policy, and no path of this machine."""
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    if not answer.streaming:
        for folder in (settings.BASE_DIR, settings.DATA_DIR, settings.MEDIA_ROOT):
            assert str(folder).encode() not in answer.content
    return answer


def test_every_route_has_its_place_here():
    with_object = {name for name, needs in routes().items() if needs}
    assert with_object == set(OBJECTS) | API_REST | BY_TOKEN
    assert set(routes()) - with_object == PUBLIC | OWN


@pytest.mark.parametrize("name", OBJECTS)
def test_a_stranger_finds_nothing(name, things, user, stranger, stranger_client):
    kind, method = OBJECTS[name]
    own = SampleFactory(owner=stranger)
    before = traces(user)
    for headers in HEADERS:
        seen = {}
        for each in METHODS:
            answers = [
                knock(stranger_client, each, address(name, pk), own, headers)
                for pk in (things[kind].pk, missing(things[kind].pk))
            ]
            seen[each], unknown = (answer.status_code for answer in answers)
            assert seen[each] == unknown  # nobody learns that it exists
            assert seen[each] in {404, 405}
            assert MINE not in answers[0].text
        assert seen[method] == 404
    assert traces(user) == before


@pytest.mark.parametrize("name", OBJECTS)
def test_its_owner_finds_it(name, things, client, user):
    kind, method = OBJECTS[name]
    user.is_staff = name in STAFF_ALONE
    user.save()
    url = address(name, things[kind].pk)
    answer = knock(client, method, url, things["sample"])
    assert answer.status_code in {200, 286, 302, 303}


@pytest.mark.parametrize("name", sorted(STAFF_ALONE))
def test_staff_find_nothing_of_each_other(name, things, user):
    browser = Client()
    browser.force_login(UserFactory(staff=True))
    before = traces(user)
    for pk in (things["watched"].pk, MISSING):
        assert knock(browser, "POST", address(name, pk), things["sample"]).status_code == 404
    for method in ("GET", "POST", "DELETE"):
        url = f"{reverse('library:watch')}?folder={things['watched'].pk}"
        answer = guarded(browser.generic(method, url))
        assert answer.status_code == (404 if method == "DELETE" else answer.status_code)
        assert MINE not in answer.text
    assert traces(user) == before


@pytest.mark.parametrize("name", sorted(OWN - {"logout"}))
def test_own_pages_show_nothing_of_others(name, things, user, stranger_client):
    before = traces(user)
    for headers in HEADERS:
        for method in ("GET", "POST"):
            answer = guarded(stranger_client.generic(method, reverse(name), headers=headers))
            assert answer.status_code < 500
            assert MINE not in answer.text
    assert traces(user) == before


def borrowed(things):
    """Return requests that name somebody else's objects in their fields."""
    sample, kit, export = things["sample"].pk, things["kit"].pk, things["export"].pk
    some = {"ids": str(sample), "kit": str(kit)}
    return [
        ("kits:picker", "GET", some),
        ("kits:picker", "POST", some),
        ("kits:place", "GET", some),
        ("kits:place", "POST", some | {"pad": "A2", "mode": "one", "seen_kit": str(kit)}),
        ("kits:place", "POST", {"ids": str(sample), "kit": "new"}),
        ("exports:new", "GET", {"kit": str(kit)}),
        ("exports:new", "GET", {"ids": str(sample)}),
        ("exports:new", "GET", {"export": str(export), "as": "now"}),
        ("exports:new", "POST", {"export": str(export)}),
        ("exports:list", "GET", {"sample": str(sample)}),
        ("exports:new", "POST", {"ids": str(sample), "layout": "flat", "format": "wav"}),
        ("exports:new", "POST", {"kit": str(kit), "dry": "1"}),
        ("library:bulk", "GET", {"ids": str(sample)}),
        ("library:bulk", "POST", {"ids": str(sample), "action": "trash", "visible": str(sample)}),
        ("library:bulk", "POST", {"all": "1", "action": "set_genre", "value": "gone"}),
        ("library:bulk", "POST", {"ids": str(sample), "action": "add_tag", "value": "theirs"}),
        ("library:trash", "POST", {"all": "1"}),
        ("library:empty-trash", "POST", {"all": "1", "from_pads": "1"}),
        ("library:empty-trash", "POST", {"ids": str(sample), "from_pads": "1"}),
        ("library:catalogue", "GET", {"format": "csv"}),
        ("library:catalogue", "GET", {"format": "json", "q": "pack:Qzx"}),
        ("library:imports", "GET", {"rows": str(sample), "poll": "1"}),
        ("library:imports", "POST", {}),
        ("library:upload", "POST", {"batch": "mine", "total": "7", "end": "1"}),
        ("library:list", "GET", {"q": MINE.split(maxsplit=1)[0]}),
        ("library:list", "GET", {"after": str(sample + 1)}),
        ("library:crates", "POST", {"name": "Theirs", "list": "cls=snare"}),
        ("library:jumps", "GET", {"sort": "name"}),
        ("library:generations", "GET", {"open": str(things["asked"].pk), "poll": "1"}),
        ("library:generations", "GET", {"before": str(things["asked"].pk)}),
    ]


def test_ids_of_others_in_fields_reach_nothing(things, user, stranger_client):
    before = traces(user)
    for headers in HEADERS:
        for name, method, fields in borrowed(things):
            send = stranger_client.get if method == "GET" else stranger_client.post
            answer = guarded(send(reverse(name), fields, headers=headers))
            assert answer.status_code < 500
            if answer.streaming:
                assert MINE.encode() not in b"".join(answer.streaming_content)
                continue
            assert MINE not in answer.text.replace(f'value="{MINE.split(maxsplit=1)[0]}"', "")
    assert traces(user) == before


def test_without_a_session_every_address_leads_to_the_door(things, user, anonymous):
    before = traces(user)
    addresses = [reverse(name) for name in OWN]
    addresses += [address(name, things[kind].pk) for name, (kind, _) in OBJECTS.items()]
    for headers in HEADERS:
        for url in addresses:
            for method in METHODS:
                answer = guarded(anonymous.generic(method, url, headers=headers))
                assert answer.status_code == 302
                assert answer.url.startswith(reverse(settings.LOGIN_URL))
    assert traces(user) == before


def test_public_pages_tell_nothing(things, anonymous):
    for name in PUBLIC:
        assert MINE not in guarded(anonymous.get(reverse(name))).text


def test_a_post_from_another_site_does_nothing(things, user):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    before = traces(user)
    addresses = [reverse(name) for name in OWN | {"login"}]
    addresses += [address(name, things[kind].pk) for name, (kind, _) in OBJECTS.items()]
    for url in addresses:
        for headers in HEADERS:
            assert guarded(browser.post(url, headers=headers)).status_code == 403
    assert traces(user) == before


def admin_addresses(things):
    yield reverse("admin:index")
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_add")
        for act in ("change", "delete", "history"):
            yield reverse(f"{name}_{act}", args=[things["sample"].pk])


def test_the_admin_is_closed_to_people_and_to_staff_without_rights(things, user, stranger_client):
    before = traces(user)
    staff = Client()
    staff.force_login(UserFactory(staff=True))
    for url in admin_addresses(things):
        for method in ("GET", "POST"):
            answer = guarded(stranger_client.generic(method, url))
            assert answer.status_code == 302
            assert answer.url.startswith(reverse("admin:login"))
            if url != reverse("admin:index"):
                inside = guarded(staff.generic(method, url))
                assert inside.status_code in {302, 403}  # 302: a row that is not there
                assert MINE not in inside.text
    assert traces(user) == before
