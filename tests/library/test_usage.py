"""What people's files take, and the share of the disk that each may have."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from exports import build, usage
from exports.models import Render
from exports.options import Options
from exports.plan import plan
from exports.sources import from_ids
from library import labour
from library import usage as shares
from library.analyse import analyse
from library.models import Analysis, Sample
from tests.factories import (
    ExportFactory,
    ExportItemFactory,
    PreferencesFactory,
    RenderFactory,
    SampleFactory,
    UserFactory,
    tone,
)

pytestmark = pytest.mark.django_db


def sizes(user):
    return {line.name: line.bytes for line in shares.of(user)}


def test_each_kind_of_file_is_reckoned(user, stranger):
    SampleFactory(owner=user, size_bytes=1_000)
    SampleFactory(owner=user, size_bytes=30, trashed=True)
    SampleFactory(owner=stranger, size_bytes=500_000)
    render = RenderFactory(size_bytes=700)
    for _ in range(2):  # one file that two exports share
        ExportItemFactory(export=ExportFactory(owner=user), render=render)
    ExportItemFactory(export=ExportFactory(owner=stranger), done=True)
    assert list(sizes(user)) == ["Originals", "Previews", "Generations", "Exports", "Trash"]
    found = sizes(user)
    assert found.pop("Previews") > 0
    assert found == {
        "Originals": 1_000 + 2 * 22_094, "Generations": 0, "Exports": 700, "Trash": 30,
    }  # fmt: skip


def test_nobody_has_nothing(user):
    assert set(sizes(user).values()) == {0}


def test_the_preferences_page_shows_it(client, user):
    SampleFactory(owner=user, size_bytes=5_000_000)
    text = client.get("/preferences/").text
    for words in ("Originals", "Previews", "Exports", "Trash", "Free on this machine", "5.0 MB"):
        assert words in text
    assert "Your share" not in text


def test_a_quota_is_shown_with_what_is_left(client, user, settings):
    settings.QUOTA_BYTES = 9_000_000
    SampleFactory(owner=user, size_bytes=5_000_000)
    text = " ".join(client.get("/preferences/").text.split())
    assert '<dt>Your share</dt> <dd class="mono"> 9.0 MB, 4.0 MB left </dd>' in text


def upload(client, sound, name="kick.wav"):
    file = SimpleUploadedFile(name, sound, "audio/wav")
    return client.post("/library/upload/", {"file": file}, headers={"HX-Request": "true"})


def test_an_upload_over_the_quota_is_refused_in_words(client, user, settings):
    settings.QUOTA_BYTES = 40_000
    assert upload(client, tone(300)).status_code == 201
    answer = upload(client, tone(400))
    assert answer.status_code == 507
    assert answer.text == (
        "Your share of this machine is used up: 23 kB needed, 18 kB of 40 kB left. "
        "Nothing was lost."
    )
    assert Sample.objects.count() == 1
    assert upload(client, tone(300)).status_code == 200  # what is there already needs no room


def test_without_a_quota_there_is_no_end(user, settings):
    assert settings.QUOTA_BYTES == 0
    shares.require(user, 10**15)


def test_trash_counts_and_previews_do_not(user, settings):
    settings.QUOTA_BYTES = 100
    SampleFactory(owner=user, size_bytes=60, trashed=True, seconds=1000)
    shares.require(user, 40)
    with pytest.raises(shares.QuotaError, match="1 kB needed, 1 kB of 1 kB left"):
        shares.require(user, 41)


@pytest.fixture
def planned(user):
    samples = SampleFactory.create_batch(2, owner=user, stored=True)
    return plan(from_ids(user, [sample.pk for sample in samples]), Options())


def fill(settings, user, left):
    settings.QUOTA_BYTES = shares.counted(user) + left


def test_an_export_over_the_quota_is_refused_on_the_form(client, user, settings, planned):
    fill(settings, user, planned.total_bytes - 1)
    fields = {"layout": "flat", "format": "wav", "channels": "keep", "loudness": "leave"}
    ids = ",".join(str(item.wanted.sample.pk) for item in planned.items)
    answer = client.post("/exports/new/", {**fields, "loudness_lufs": "-16", "ids": ids})
    assert answer.status_code == 422
    assert "Your share of this machine is used up" in answer.text
    assert not user.exports.exists()


def test_an_export_that_just_fits_is_made(user, settings, planned):
    fill(settings, user, planned.total_bytes)
    assert build.create(user, planned).items.count() == 2
    fill(settings, user, planned.total_bytes - 1)
    with pytest.raises(shares.QuotaError):
        build.create(user, planned)


def test_files_that_are_there_already_need_no_room(user, settings, planned):
    build.create(user, planned)
    while labour.work_once("test"):
        pass
    fill(settings, user, 0)
    assert Render.objects.count() == 2
    assert build.create(user, planned).items.count() == 2
    settings.QUOTA_BYTES = shares.counted(user)
    aiff = plan(planned.source, Options(format="aiff"))
    with pytest.raises(shares.QuotaError):
        build.create(user, aiff)
    assert usage.in_use(user) == sum(Render.objects.values_list("size_bytes", flat=True))


def test_the_reckoned_previews_are_those_on_the_disk(user, settings):
    sample = SampleFactory(owner=user, sound=tone(300, 0.5, channels=2), new=True)
    Sample.objects.filter(pk=sample.pk).update(channels=2, seconds=0.5)
    analyse(Analysis.objects.create(sample=sample))
    stored = (settings.MEDIA_ROOT / sample.preview).stat().st_size
    assert abs(sizes(user)["Previews"] - stored) < 100  # its header


def test_the_admin_shows_each_persons_storage(client, user):
    SampleFactory(owner=user, size_bytes=5_000_000)
    own = PreferencesFactory(user=user)
    client.force_login(UserFactory(superuser=True))
    text = client.get(f"/admin/library/preferences/{own.pk}/change/").text
    assert "Originals 5.0 MB, Previews" in text
    assert client.get("/admin/library/preferences/").status_code == 200
