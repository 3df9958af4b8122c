"""The same export once more: with the choices of then, as it is now or as it was."""

import io
import zipfile

import pytest

from exports import again, retention
from exports.asked import source_of
from exports.models import Export
from exports.options import Options
from exports.plan import plan
from exports.sources import as_exported, as_it_is_now
from kits.hardware.pads import PadAddress
from kits.models import Pad
from library.jobs import State
from library.models import Sample
from tests.factories import ExportFactory, KitFactory, PadFactory, SampleFactory, tone

pytestmark = pytest.mark.django_db

CHOSEN = Options(layout="kit", format="aiff", channels="mono", root="", lower_case=False)


@pytest.fixture
def kit(user):
    kit = KitFactory(owner=user, name="Night Market")
    for number in range(1, 5):
        PadFactory(kit=kit, number=number, sample__stored=True, sample__title=f"Hit {number}")
    return kit


@pytest.fixture
def done(export, worker, kit):
    """Return a finished export of the kit with choices that are nobody's defaults."""
    started = export(kit=kit, options=CHOSEN)
    worker()
    started.refresh_from_db()
    return started


def sounds_of(client, export):
    """Return the sounds in an export's ZIP, by name."""
    data = b"".join(client.get(f"/exports/{export.pk}/zip").streaming_content)
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {name: archive.read(name) for name in archive.namelist()}


def change(kit):
    """Put another sound on A1, clear A2, fill B1."""
    kit.change(
        "change",
        {
            PadAddress("A", 1): Pad.holding(SampleFactory(owner=kit.owner, stored=True)),
            PadAddress("A", 2): None,
            PadAddress("B", 1): Pad.holding(SampleFactory(owner=kit.owner, stored=True)),
        },
    )


def test_again_opens_the_form_with_the_choices_of_then(client, done):
    page = client.get(f"/exports/{done.pk}/again/", follow=True)
    assert page.redirect_chain == [(f"/exports/new/?export={done.pk}&as=now", 302)]
    text = page.text
    assert "Export Night Market" in text
    for name, value in (("layout", "kit"), ("format", "aiff"), ("channels", "mono")):
        assert f'name="{name}" value="{value}"' in text.replace("\n", " ")
    assert page.context["form"].initial["format"] == "aiff"
    assert page.context["plan"].options == CHOSEN
    assert "Nothing has changed since." in text
    assert "As exported then" not in text


def test_a_second_job_gives_identical_sounds(client, done, worker):
    page = client.get(f"/exports/{done.pk}/again/", follow=True)
    fields = {key: value for key, value in page.context["form"].initial.items() if value}
    fields |= {"export": done.pk, "as": "now"}
    fields.pop("root", None)
    answer = client.post("/exports/new/", fields)
    assert answer.status_code == 303
    second = Export.objects.first()
    worker()
    second.refresh_from_db()
    assert second.pk != done.pk
    assert sounds_of(client, second) == sounds_of(client, done)


def test_a_changed_kit_says_which_pads_differ_and_offers_both(client, done, kit, worker):
    change(kit)
    now = client.get(f"/exports/{done.pk}/again/", follow=True)
    assert "Kit has changed since: 3 pads differ: A1, A2, B1." in now.text
    assert f'href="/exports/new/?export={done.pk}"' in now.text
    assert [str(item.wanted.pad) for item in now.context["plan"].items] == ["A1", "A3", "A4", "B1"]
    then = client.get("/exports/new/", {"export": done.pk})
    assert "Kit has changed since: 3 pads differ" in then.text
    wanted = [str(item.wanted.pad) for item in then.context["plan"].items]
    assert wanted == ["A1", "A2", "A3", "A4"]
    paths = [item.path for item in then.context["plan"].items]
    assert paths == list(done.items.values_list("path", flat=True))


def test_the_form_keeps_asking_for_the_same_state_of_the_kit(client, done, kit):
    change(kit)
    then = client.get("/exports/new/", {"export": done.pk}).text
    assert f'<input type="hidden" name="export" value="{done.pk}">' in then
    assert 'name="as"' not in then
    now = client.get("/exports/new/", {"export": done.pk, "as": "now"}).text
    assert '<input type="hidden" name="as" value="now">' in now


def test_moving_a_pad_back_is_no_change(done, kit, user):
    change(kit)
    kit.undo()
    found = again.since(as_it_is_now(done))
    assert found.sentences == ["Nothing has changed since."]
    assert not found.has_choice


def test_deleted_and_trashed_sounds_are_named(client, done, kit):
    first, second = Sample.objects.filter(title__in=["Hit 1", "Hit 2"]).order_by("title")
    first.delete()
    Sample.objects.filter(pk=second.pk).update(deleted_at=done.created_at)
    text = client.get("/exports/new/", {"export": done.pk}).text
    assert "2 sounds are no longer there: Hit 1, Hit 2." in text
    assert len(plan(as_exported(done), CHOSEN).included) == 2


def test_many_names_are_cut(user, export, worker):
    started = export(9)
    Sample.objects.all().delete()
    (line,) = again.since(as_exported(started)).sentences
    assert line.startswith("9 sounds are no longer there: ")
    assert line.endswith(" and 3 more.")


def test_a_deleted_kit_can_still_be_made_as_it_was(client, done, kit, worker):
    kit.delete()
    page = client.get(f"/exports/{done.pk}/again/", follow=True)
    assert "The kit was deleted since; this is what was exported." in page.text
    assert "As it is now" not in page.text
    assert page.context["plan"].items[0].path.startswith("night_market/bank_A/")
    assert client.post(f"/exports/{done.pk}/again/").status_code == 303
    worker()
    assert sounds_of(client, Export.objects.first()) == sounds_of(client, done)


def test_sounds_of_a_selection_are_found_again(client, export, worker, user):
    started = export(3)
    worker()
    Sample.objects.filter(pk=started.items.first().sample_id).update(title="Renamed")
    now = client.get(f"/exports/{started.pk}/again/", follow=True)
    assert "1 sound has another name now." in now.text
    assert any(item.file_name == "renamed.wav" for item in now.context["plan"].items)
    then = client.get("/exports/new/", {"export": started.pk})
    assert not any(item.file_name == "renamed.wav" for item in then.context["plan"].items)
    assert [item.path for item in then.context["plan"].items] == list(
        started.items.values_list("path", flat=True)
    )


def test_one_click_makes_the_same_again(client, done, worker, kit):
    change(kit)
    done.refresh_from_db()
    retention.remove_files(done)
    page = client.get(f"/exports/{done.pk}/").text
    assert "Make it again with one click" in page
    assert f'action="/exports/{done.pk}/again/"' in page
    answer = client.post(f"/exports/{done.pk}/again/")
    fresh = Export.objects.first()
    assert (answer.status_code, answer["Location"]) == (303, f"/exports/{fresh.pk}/")
    worker()
    fresh.refresh_from_db()
    assert fresh.state == State.COMPLETED
    assert Options.from_json(fresh.options) == CHOSEN
    assert list(fresh.items.values_list("path", "size_bytes")) == list(
        done.items.values_list("path", "size_bytes")
    )
    done.refresh_from_db()
    assert done.files_removed_at is not None  # the old record is never rewritten


def test_when_nothing_is_left_the_form_says_why(client, export, worker):
    started = export(2)
    worker()
    Sample.objects.all().delete()
    answer = client.post(f"/exports/{started.pk}/again/")
    assert (answer.status_code, answer["Location"]) == (303, f"/exports/new/?export={started.pk}")
    page = client.get(answer["Location"]).text
    assert "Nothing of this can be made again." in page
    assert "2 sounds are no longer there" in page
    assert Export.objects.count() == 1


def test_a_sound_that_was_brought_again_is_found_by_its_content(export, worker, user):
    started = export(1)
    sample = Sample.objects.get()
    sha256, sound = sample.sha256, tone(150)
    sample.delete()
    fresh = SampleFactory(owner=user, sha256=sha256, sound=sound, title="Back")
    (one,) = as_exported(started).wanted
    assert one.sample == fresh
    assert one.title == started.items.get().sample_title


def test_exports_of_others_and_none_are_not_found(client, stranger_client, done):
    for number in (done.pk, done.pk + 1000):
        assert stranger_client.get(f"/exports/new/?export={number}").status_code == 404
        assert stranger_client.post(f"/exports/{number}/again/").status_code == 404
    assert client.get("/exports/new/?export=x").status_code == 200


def test_an_export_over_the_quota_is_not_made_again(client, done, settings):
    retention.remove_files(done)
    settings.QUOTA_BYTES = 1_000
    answer = client.post(f"/exports/{done.pk}/again/")
    assert "Your share of this machine is used up" in client.get(answer["Location"]).text
    assert Export.objects.count() == 1


def test_history_of_an_unknown_option_is_readable(client, user):
    old = ExportFactory(owner=user, done=True, options={"layout": "flat", "from_later": 1})
    assert client.get(f"/exports/{old.pk}/again/", follow=True).status_code == 200


def test_again_costs_the_same_for_many_pads(export, user, django_assert_max_num_queries):
    kit = KitFactory(owner=user, filled=16)
    started = export(kit=kit)
    with django_assert_max_num_queries(8):
        source = as_it_is_now(Export.objects.select_related("owner", "kit").get(pk=started.pk))
        assert again.since(source).sentences == ["Nothing has changed since."]


def test_a_search_over_everything_wins_over_an_export(user, done, rf):
    data = rf.get("/", {"all": "1", "export": str(done.pk)}).GET
    assert source_of(user, data).earlier is None


def test_a_sound_that_was_split_is_asked_for_once(export, user):
    minutes = 40 * 60
    kit = KitFactory(owner=user)
    long = SampleFactory(owner=user, seconds=minutes, frames=minutes * 44_100)
    PadFactory(kit=kit, sample=long)
    started = export(kit=kit, options=Options(layout="kit", long="split"))
    assert started.items.count() == 3
    assert len(as_exported(started).wanted) == 1
    paths = [
        item.path for item in plan(as_exported(started), Options(layout="kit", long="split")).items
    ]
    assert paths == list(started.items.values_list("path", flat=True))
