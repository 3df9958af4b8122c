"""The pad sheet: what its pages say, as a page to print and as text."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from kits.models import Direction, Kit, KitBank, Play
from kits.sheet.pages import Page, pages
from kits.sheet.text import text
from kits.sheet.words import facts, groups
from library.audio.waveform import LEVELS
from tests.factories import KitFactory, PadFactory, SampleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kit(user):
    """Return a kit with two hats that cut each other off, and one more of theirs on bank C."""
    kit = KitFactory(owner=user, name="Night Market")
    PadFactory(kit=kit, number=1, sample__title="kick_dusty_07")
    PadFactory(kit=kit, number=5, sample__title="hat_closed", mute_group="B")
    PadFactory(kit=kit, number=6, sample__title="hat_open", mute_group="B", play=Play.GATE)
    PadFactory(kit=kit, bank="C", number=16, sample__title="hat_half", mute_group="B")
    Kit.objects.update(updated_at=datetime(2026, 11, 21, 12, tzinfo=ZoneInfo("UTC")))
    kit.refresh_from_db()
    return kit


def pad(**fields):
    return PadFactory.build(sample=None, title="x", kit=None, **fields)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ["One-shot"]),
        ({"play": Play.HELD_LOOP, "mute_group": "A"}, ["Loop while held", "mute group A"]),
        ({"direction": Direction.REVERSE_PING_PONG}, ["One-shot", "reverse ping-pong"]),
        ({"pitch": -3, "fine": -50}, ["One-shot", "−3.5 st"]),
        ({"pan": -8, "level": 100}, ["One-shot", "pan L8", "volume 100"]),
        ({"pan": 51}, ["One-shot", "right channel"]),
        ({"sync": True, "bpm": 92.5, "link": 3}, ["One-shot", "synced, 92.5 BPM", "link 3"]),
        ({"bus": 0, "roll": 0, "speed": 95.5}, ["One-shot", "Dry", "roll Off", "speed 95.5 %"]),
        ({"voicing": "poly", "fixed_velocity": True}, ["One-shot", "poly", "fixed velocity"]),
        ({"hold": 80, "muted": True}, ["One-shot", "muted", "hold 80"]),
    ],
)
def test_facts_say_the_play_mode_and_what_is_not_as_usual(fields, said):
    assert facts(pad(**fields)) == said


def test_groups_are_explained_with_their_pads_in_other_banks(kit):
    lying = {pad.address: pad for pad in kit.pads.all()}
    sentence = "Mute group B: pads 5, 6 and C16 cut each other off"
    assert groups(lying, "A") == [sentence]
    assert groups(lying, "C") == ["Mute group B: pads 16, A5 and A6 cut each other off"]
    assert groups(lying, "B") == []


def test_a_group_of_one_is_said_to_be_alone(user):
    lying = {pad.address: pad for pad in [PadFactory(mute_group="J", link=2, number=9)]}
    assert groups(lying, "A") == [
        "Mute group J: pad 9 is alone in it",
        "Link 2: pad 9 is alone in it",
    ]


def test_there_is_a_page_for_each_bank_with_a_sound(kit):
    found = pages(kit)
    assert [page.letter for page in found] == ["A", "C"]
    first = found[0]
    assert (first.kit, first.filled, first.when, first.bpm) == (
        "Night Market", 3, "21 November 2026", "90 BPM",
    )  # fmt: skip
    assert [cell.name for cell in first.cells][:6] == [
        "kick_dusty_07", "", "", "", "hat_closed", "hat_open",
    ]  # fmt: skip
    assert first.cells[5].facts == ("Gate", "mute group B")
    assert (first.cells[5].legend, first.cells[5].length) == ("W", "0.25 s")
    assert first.count == "3 of 16 pads, 72 kB"
    assert [page.letter for page in pages(kit, ["B"])] == ["B"]
    assert pages(kit, ["B"])[0].filled == 0


def test_each_bank_has_its_tempo_unless_the_kit_has_one(kit):
    KitBank.objects.create(kit=kit, letter="C", tempo=120.5)
    assert [page.tempo for page in pages(kit)] == [90, 120.5]
    kit.tempo, kit.has_one_tempo = 75, True
    assert [page.bpm for page in pages(kit)] == ["75 BPM", "75 BPM"]


def test_a_page_survives_json(kit):
    for page in pages(kit):
        assert Page.from_json(page.as_json()) == page


def test_bars_are_those_of_the_part_that_plays(kit):
    """A ramp up to full scale: its second half begins at half the height."""
    one = kit.pads.get(number=1, bank="A")
    peaks = b"".join(
        np.repeat(np.linspace(0, 127, count).astype(np.int8), 2).tobytes() for count in LEVELS
    )
    default_storage.save(one.sample.peaks, ContentFile(peaks))
    whole = pages(kit)[0].cells[0].heights
    assert len(whole) == 64
    assert (whole[0], whole[-1]) == (pytest.approx(2, abs=3), 255)
    frames = one.frames
    kit.pads.filter(pk=one.pk).update(start=frames // 2)
    half = pages(kit)[0].cells[0].heights
    assert (half[0], half[-1]) == (pytest.approx(128, abs=3), 255)
    kit.pads.filter(pk=one.pk).update(direction=Direction.REVERSE)
    assert pages(kit)[0].cells[0].heights == half[::-1]


def outline(sample, line):
    """Store the outline of a sound: how loud it is, from `line(places from 0 to 1)`."""
    levels = (np.clip(line(np.arange(count) / count) * 127, 0, 127) for count in LEVELS)
    peaks = b"".join(np.repeat(level.astype(np.int8), 2).tobytes() for level in levels)
    default_storage.save(sample.peaks, ContentFile(peaks))


def test_what_is_behind_the_part_draws_no_bar(kit):
    """Quiet, then loud from the middle on: of the quiet half no bar is the loud one's."""
    one = kit.pads.get(number=1, bank="A")
    outline(one.sample, lambda places: np.where(places < 0.5, 0.1 + places / 10, 1))
    kit.pads.filter(pk=one.pk).update(end=one.frames // 2)
    heights = pages(kit)[0].cells[0].heights
    assert heights[-1] == pytest.approx(max(heights[:-1]), abs=16)
    assert heights[0] > 128


@pytest.mark.parametrize("first", [0, 0.5, 1])
def test_a_part_of_one_frame_has_bars(kit, first):
    one = kit.pads.get(number=1, bank="A")
    outline(one.sample, np.ones_like)
    start = min(int(first * one.frames), one.frames - 1)
    kit.pads.filter(pk=one.pk).update(start=start, end=start + 1)
    assert pages(kit)[0].cells[0].heights == bytes([255]) * 64


def test_the_length_is_how_long_it_sounds(kit):
    """An octave down takes twice as long, at half speed twice that."""
    kit.pads.filter(number=1, bank="A").update(pitch=-12)
    kit.pads.filter(number=5).update(pitch=-12, speed=50)
    kit.pads.filter(number=6).update(pitch=12)
    cells = pages(kit)[0].cells
    assert [cells[at].length for at in (0, 4, 5)] == ["0.50 s", "1.00 s", "0.12 s"]
    assert "0.50 s" in text(pages(kit))


def test_more_slices_of_a_sound_read_its_outline_once(user, monkeypatch):
    kit = KitFactory(owner=user)
    sample = SampleFactory(owner=user, loop=True)
    default_storage.save(sample.peaks, ContentFile(bytes(2 * sum(LEVELS))))
    for number in range(1, 9):
        PadFactory(kit=kit, number=number, sample=sample, start=number * 1000)
    opened = []
    known = default_storage.open
    monkeypatch.setattr(
        default_storage, "open", lambda name, mode="rb": opened.append(name) or known(name, mode)
    )
    pages(kit)
    assert opened == [sample.peaks]


def test_what_is_not_measured_or_gone_is_said(user):
    kit = KitFactory(owner=user)
    PadFactory(kit=kit, number=1, sample__new=True, sample__frames=None)
    PadFactory(kit=kit, number=2, empty_hull=True)
    new, gone = pages(kit)[0].cells[:2]
    assert (new.heights, new.length, new.is_missing) == (b"", "", False)
    assert (gone.name, gone.is_missing) == ("Gone", True)
    assert "A2   2  -      Gone: file missing\n" in text(pages(kit))


def test_text_has_a_line_for_each_pad(kit):
    assert text(pages(kit)) == (
        "Night Market\n"
        "Pad sheet, 21 November 2026\n"
        "\n"
        "Bank A, 90 BPM, 3 of 16 pads, 72 kB\n"
        "\n"
        "A1   1  kick   kick_dusty_07: One-shot, 0.25 s\n"
        "A5   Q  kick   hat_closed: One-shot, mute group B, 0.25 s\n"
        "A6   W  kick   hat_open: Gate, mute group B, 0.25 s\n"
        "\n"
        "Mute group B: pads 5, 6 and C16 cut each other off.\n"
        "\n"
        "Bank C, 90 BPM, 1 of 16 pads, 24 kB\n"
        "\n"
        "C16  V  kick   hat_half: One-shot, mute group B, 0.25 s\n"
        "\n"
        "Mute group B: pads 16, A5 and A6 cut each other off.\n"
    )
    assert text([]) == ""


def test_names_of_several_lines_stay_on_one(kit):
    kit.name = "Two\nlines"
    assert text(pages(kit)).startswith("Two lines\nPad sheet")


def test_print_page_shows_each_bank(client, kit):
    shown = client.get(f"/kits/{kit.pk}/sheet/").text
    assert re.findall(r'<article class="sheet" aria-labelledby="bank-(\w)"', shown) == ["A", "C"]
    assert "Gate, mute group B" in shown
    assert "Mute group B: pads 5, 6 and C16 cut each other off" in shown
    assert shown.count("<em>kick</em>") == 4
    assert shown.count('class="cell none"') == 28
    assert f'href="/kits/{kit.pk}/sheet.png?bank=C"' in shown
    assert "style=" not in shown


def test_one_bank_can_be_asked_for(client, kit):
    shown = client.get(f"/kits/{kit.pk}/sheet/", {"bank": "C"}).text
    assert re.findall(r'aria-labelledby="bank-(\w)"', shown) == ["C"]
    empty = client.get(f"/kits/{kit.pk}/sheet/", {"bank": "J"}).text
    assert empty.count('class="cell none"') == 16
    nonsense = client.get(f"/kits/{kit.pk}/sheet/", {"bank": "ZZ"}).text
    assert re.findall(r'aria-labelledby="bank-(\w)"', nonsense) == ["A", "C"]


def test_an_empty_kit_has_an_empty_page(client, user):
    kit = KitFactory(owner=user)
    assert "0 of 16 pads" in client.get(f"/kits/{kit.pk}/sheet/").text


def test_names_are_escaped(client, user):
    kit = KitFactory(owner=user, name="<b>Kit</b>")
    PadFactory(kit=kit, sample__title="<script>alert(1)</script>")
    shown = client.get(f"/kits/{kit.pk}/sheet/").text
    assert "<b>Kit" not in shown
    assert "<script>alert" not in shown


def test_text_is_sent_as_a_file(client, kit):
    answer = client.get(f"/kits/{kit.pk}/sheet.txt", {"bank": "C"})
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"] == 'inline; filename="Night Market pads.txt"'
    assert answer.text == text(pages(kit, ["C"]))


@pytest.mark.parametrize("what", ["sheet/", "sheet.png", "sheet.txt"])
def test_strangers_get_nothing(stranger_client, kit, what):
    assert stranger_client.get(f"/kits/{kit.pk}/{what}").status_code == 404


def test_more_pads_ask_no_more_questions(client, user, django_assert_max_num_queries):
    small, large = KitFactory(owner=user, filled=1), KitFactory(owner=user, filled=16)
    for kit in (small, large):
        with django_assert_max_num_queries(12):
            assert client.get(f"/kits/{kit.pk}/sheet/").status_code == 200
