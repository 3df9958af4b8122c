"""What the inspector shows of one pad, and of several."""

import re

import pytest

from kits.grid import grid
from kits.hardware.settings import CARRIERS
from kits.inspector import MIXED, inspected
from tests.factories import KitFactory, PadFactory, SampleFactory
from tests.kits.acts import at, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def kit(user):
    kit = KitFactory(owner=user)
    sample = SampleFactory(owner=user, title="bass", frames=91_200, sample_rate=48_000)
    for number in (9, 10):
        PadFactory(kit=kit, bank="A", number=number, sample=sample)
    return kit


def asked(client, kit, pad="A9", **query):
    return text(client.get(f"/kits/{kit.pk}/pads/{pad}/", query, headers={"HX-Request": "true"}))


def test_a_trimmed_pad_tells_what_is_kept(client, kit):
    kit.pads.filter(number=9).update(start=3_648, end=71_136)
    html = asked(client, kit)
    kept = re.sub("<[^>]+>", "", html)
    assert "1.406 s kept of 1.900" in kept
    assert 'aria-valuetext="0.076 seconds"' in html
    assert 'aria-valuetext="1.482 seconds"' in html


def test_a_sound_that_is_not_measured_has_no_handles(client, user):
    kit = KitFactory(owner=user)
    PadFactory(kit=kit, sample=SampleFactory(owner=user, frames=None, seconds=None))
    assert 'role="slider"' not in asked(client, kit, "A1")


def test_every_setting_of_the_table_can_be_set_in_one_form(client, kit):
    kit.pads.filter(number=9).update(chops=[0, 100])
    html = asked(client, kit)
    form = html[html.index('id="settings"') : html.index("</form>")]
    names = set(re.findall(r'name="(\w+)"', form))
    handled = {"loop_top"}  # only the handle on the readout
    assert CARRIERS.keys() - names == handled
    assert 'data-edge="top"' in html


def test_marks_are_those_of_the_table(client, kit, monkeypatch):
    goes = re.compile(r'for="range-level">Volume</label><small class="goes">(\w+)</small>')
    assert goes.search(asked(client, kit)).group(1) == "audio"
    monkeypatch.setitem(CARRIERS, "play", "nowhere")
    assert '<small class="goes">nowhere</small>' in asked(client, kit)


def test_the_note_on_the_card_is_made_of_the_table(client, kit):
    note = re.search("<b>On the card:</b>(.*?)</p>", text(client.get(f"/kits/{kit.pk}/"))).group(1)
    baked, carried = note.split("can be cut into the audio")
    assert "volume, pan, pitch, fine" in baked
    assert "mute group" in carried
    assert "lock" not in note


def test_several_pads_share_what_is_equal(client, kit):
    kit.pads.filter(number=10).update(level=90, play="gate")
    html = asked(client, kit, also=["A10", "A11", "nonsense"])
    assert "<b>2 pads</b>" in html
    assert 'name="also" value="A10"' in html
    assert re.search(r'id="set-level"[^>]*value=""[^>]*placeholder="–"', html)
    assert re.search(r'id="set-pan"[^>]*value="C"', html)
    assert not re.search(r'name="play"[^>]*checked', html)
    assert 'role="slider"' not in html


def test_an_empty_pad_beside_others_is_passed_over(kit):
    found = inspected(grid(kit), at("A1"), [at("A10"), at("A9"), at("A10")])
    assert [str(slot.address) for slot in found["slots"]] == ["A9", "A10"]
    assert str(found["slot"].address) == "A9"
    assert found["settings"]["level"] == 127
    kit.pads.filter(number=9).update(level=1)
    assert inspected(grid(kit), at("A9"), [at("A10")])["settings"]["level"] == MIXED


def test_another_persons_pad_is_not_shown(client, kit):
    other = KitFactory()
    response = client.get(f"/kits/{other.pk}/pads/A1/", headers={"HX-Request": "true"})
    assert response.status_code == 404


def test_the_face_of_a_pad_draws_only_what_plays(client, kit, user):
    sample = kit.pads.get(number=9).sample
    sample.waveform = bytes(range(64))
    sample.save(update_fields=["waveform"])
    kit.pads.filter(number=9).update(start=0, end=45_600, slice=1)
    kit.pads.filter(number=10).update(start=45_600, slice=2, direction=1)
    html = text(client.get(f"/kits/{kit.pk}/"))
    faces = [
        re.search(rf'id="pad-A{number}".*?class="wv( rev)?">.*?viewBox="([^"]+)".*?d="(.*?)"', html)
        for number in (9, 10)
    ]
    assert [face.group(1) for face in faces] == [None, " rev"]
    assert {face.group(2) for face in faces} == {"0 0 96 24"}
    assert faces[0].group(3) != faces[1].group(3)


def test_a_muted_pad_looks_so(client, kit):
    kit.pads.filter(number=9).update(muted=True)
    html = text(client.get(f"/kits/{kit.pk}/"))
    assert re.search(r'id="pad-A9" role="gridcell" class="pad muted', html)
    assert re.search(r'id="pad-A10" role="gridcell" class="pad"', html)


def test_play_mode_direction_and_mute_group_say_that_pads_differ(client, kit):
    kit.pads.filter(number=9).update(play="gate", direction=1, mute_group="B")
    html = asked(client, kit, also="A10")
    assert html.count('class="goes differ">mixed<') == 2
    assert html.count('<span class="differ">, mixed</span></legend>') == 2
    assert '<span class="differ"> mixed</span>' in html
    assert "differ" not in asked(client, kit)
