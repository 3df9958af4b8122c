"""The slicer's page without scripts: where a sound is cut, and what a POST puts on pads."""

import io
import wave

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from kits.models import Kit, Pad
from library.models import Hearing, Sample
from tests.audio.test_chunks_riff import cue, smpl
from tests.factories import KitFactory, PadFactory, SampleFactory
from tests.hostile.riff import data, fmt, wav
from tests.kits.acts import events, text

pytestmark = pytest.mark.django_db

FRAMES = 96_000
HITS = [0, 24_000, 48_000, 72_000]


@pytest.fixture
def loop(user):
    """A loop of two seconds at 48 kHz with four hits, the third a weak one."""
    sample = SampleFactory(
        owner=user, title="brk_92", loop=True, frames=FRAMES, sample_rate=48_000, seconds=2, bpm=120
    )
    heard(sample, [frame / 48_000 for frame in HITS], [1.0, 0.9, 0.15, 0.8])
    return sample


def heard(sample, seconds, strengths):
    Hearing.objects.create(
        sample=sample,
        onsets=np.array(seconds, np.float32).tobytes(),
        strengths=np.array(strengths, np.float32).tobytes(),
    )


def rendition(sample, line):
    """Store what a browser would hear of it."""
    file = io.BytesIO()
    with wave.open(file, "wb") as target:
        target.setparams((1, 2, 48_000, 0, "NONE", ""))
        target.writeframes(np.asarray(line, "<i2").tobytes())
    default_storage.save(sample.preview, ContentFile(file.getvalue()))


def page(client, sample, **query):
    return client.get(reverse("kits:slicer", args=[sample.pk]), query)


def put(client, sample, **fields):
    """Send the form as a page without scripts does."""
    return client.post(reverse("kits:slicer", args=[sample.pk]), fields)


def regions(kit, bank="A"):
    """Return number, first frame and end of the pads of a bank."""
    pads = Pad.objects.filter(kit=kit, bank=bank)
    return [(pad.number, pad.slice, pad.start, pad.end) for pad in pads]


def test_hits_are_the_first_choice(client, loop):
    answer = page(client, loop, sensitivity=100)
    assert answer.context["cuts"] == HITS
    assert "4 slices" in text(answer)
    assert "weak" in text(answer)
    assert 'value="file"' not in text(answer)


@pytest.mark.parametrize(
    ("query", "weak"),
    [
        ({"sensitivity": 100}, [3]),
        ({"method": "beats", "grid": 4}, []),
        ({"method": "equal", "parts": 4}, []),
        ({"method": "hand", "marks": "0,48000"}, []),
    ],
)
def test_only_hits_are_weak(client, loop, query, weak):
    """A cut of a grid is no guess, also where it meets a soft hit."""
    pieces = page(client, loop, **query).context["pieces"]
    assert [piece.number for piece in pieces if piece.is_weak] == weak


@pytest.mark.parametrize(
    ("query", "cuts"),
    [
        ({}, [0, 24_000, 48_000, 72_000]),
        ({"sensitivity": 40}, [0, 24_000, 72_000]),
        ({"sensitivity": 40, "most": 2}, [0, 24_000]),
        ({"method": "equal", "parts": 3}, [0, 32_000, 64_000]),
        ({"method": "beats", "grid": 4}, HITS),
        ({"method": "beats", "bpm": 60, "grid": 4, "offset": 500}, [0, 24_000, 72_000]),
        ({"method": "beats", "bpm": 60, "grid": 4, "offset": 500, "trim": "on"}, [24_000, 72_000]),
        ({"method": "hand"}, [0]),
        ({"method": "file"}, [0]),
        ({"method": "nonsense", "sensitivity": "NaN", "most": "-4", "bpm": "inf"}, HITS),
        ({"marks": "0,5,100"}, [0, 5, 100]),
        ({"marks": "0,5,96000"}, HITS),
    ],
)
def test_what_is_chosen_cuts(client, loop, query, cuts):
    assert page(client, loop, **query).context["cuts"] == cuts


def test_marks_have_an_address_of_their_own(client, loop):
    url = reverse("kits:slicer-marks", args=[loop.pk])
    assert url == f"/samples/{loop.pk}/slice/marks/"
    answer = client.get(url, {"method": "hits", "sens": 100, "min": 20, "max": 2})
    assert '"cuts": [0, 24000]' in text(answer)
    assert 'id="marks"' in text(answer)
    assert "<html" not in text(answer)


def test_marks_in_the_file_come_first(client, user):
    sound = wav(fmt(), cue(0, 11_025, 22_050), smpl(loops=[(4410, 33_074)]), data())
    sample = SampleFactory(owner=user, sound=sound, frames=44_100, sample_rate=44_100)
    answer = page(client, sample)
    assert answer.context["choice"].method == "file"
    assert answer.context["cuts"] == [0, 4800, 12_000, 24_000, 36_000]
    assert "In the file" in text(answer)


def test_chops_of_a_pad_are_marks_too(client, loop, user):
    PadFactory(kit=KitFactory(owner=user), sample=loop, chops=[0, 5000, 70_000])
    assert page(client, loop).context["cuts"] == [0, 5000, 70_000]


def test_a_sound_with_nothing_to_cut_says_so(client, user):
    sample = SampleFactory(owner=user, frames=None, sample_rate=None)
    kit = KitFactory(owner=user)
    assert "not read yet" in text(page(client, sample))
    answer = put(client, sample, kit=kit.pk)
    assert answer.status_code == 422
    assert "not read yet" in text(answer)
    assert client.get(reverse("kits:slicer-marks", args=[sample.pk])).status_code == 200


def test_nobody_cuts_the_sounds_of_others(stranger_client, client, loop, user):
    kit = KitFactory(owner=user)
    for url in (reverse(name, args=[loop.pk]) for name in ("kits:slicer", "kits:slicer-marks")):
        assert stranger_client.get(url).status_code == 404
    assert put(stranger_client, loop, kit=kit.pk).status_code == 404
    mine = SampleFactory(owner=Sample.objects.get(pk=loop.pk).owner, trashed=True)
    assert page(client, mine).status_code == 404
    foreign = KitFactory()
    assert put(client, loop, kit=foreign.pk).status_code == 404


def test_slices_tile_the_sound(client, loop, user):
    kit = KitFactory(owner=user, filled=1)
    answer = put(client, loop, kit=kit.pk, marks="0,24000,48000,72000", edges="snap", play="gate")
    assert answer.status_code == 303
    assert answer["Location"] == f"/kits/{kit.pk}/?bank=B&pad=B1"
    assert regions(kit, "B") == [
        (1, 1, 0, 24_000),
        (2, 2, 24_000, 48_000),
        (3, 3, 48_000, 72_000),
        (4, 4, 72_000, 96_000),
    ]
    pads = kit.pads.filter(bank="B")
    assert {(pad.play, pad.mute_group, pad.fades) for pad in pads} == {("gate", "A", False)}
    assert {pad.sample_id for pad in pads} == {loop.pk}
    assert Sample.objects.filter(owner=user).count() == 2
    assert kit.last_step.label == "put 4 slices of brk_92 on B1 to B4"


def test_one_step_back_takes_all_of_them(client, loop, user):
    kit = KitFactory(owner=user, filled=2)
    before = kit.snapshot()
    put(client, loop, kit=kit.pk, marks="0,5", bank="A", number=2, edges="snap")
    assert kit.pads.count() == 3
    kit.refresh_from_db()
    kit.undo()
    assert kit.snapshot() == before


def test_numbers_cut_where_no_markers_are_sent(client, loop, user):
    kit = KitFactory(owner=user)
    put(client, loop, kit=kit.pk, method="equal", parts=2, edges="fade", mute_group="-")
    assert regions(kit) == [(1, 1, 0, 48_000), (2, 2, 48_000, 96_000)]
    assert {(pad.fades, pad.mute_group) for pad in kit.pads.all()} == {(True, "")}


def test_the_next_free_mute_group(client, loop, user):
    kit = KitFactory(owner=user)
    for number, letter in enumerate("ABDEFGHIJ", 1):
        PadFactory(kit=kit, bank="J", number=number, mute_group=letter)
    put(client, loop, kit=kit.pk, marks="0", edges="snap")
    assert kit.pads.get(bank="A").mute_group == "C"
    put(client, loop, kit=kit.pk, marks="0", edges="snap", bank="B")
    assert kit.pads.get(bank="B").mute_group == ""


def test_more_than_sixteen_go_on_in_the_next_banks(client, loop, user):
    kit = KitFactory(owner=user)
    answer = put(client, loop, kit=kit.pk, method="equal", parts=64, bank="C")
    assert answer.status_code == 303
    assert kit.pads.count() == 64
    assert str(max(pad.address for pad in kit.pads.all())) == "F16"
    first, last = kit.pads.get(bank="C", number=1), kit.pads.get(bank="F", number=16)
    assert (first.start, last.end, last.slice) == (0, FRAMES, 64)


def test_behind_the_last_pad_there_is_no_room(client, loop, user):
    kit = KitFactory(owner=user)
    answer = put(client, loop, kit=kit.pk, method="equal", parts=17, bank="J")
    assert answer.status_code == 422
    assert "17 slices do not fit behind J1: there is room for 16" in text(answer)
    assert not kit.pads.exists()


def test_a_new_kit_only_with_its_slices(client, loop, user):
    assert put(client, loop, kit="new", marks="0,x").status_code == 422
    assert not Kit.objects.exists()
    assert put(client, loop, kit="new", marks="0,96000").status_code == 422
    assert not Kit.objects.exists()
    assert put(client, loop, kit="new", marks="0,500").status_code == 303
    assert Kit.objects.get().pads.count() == 2


@pytest.mark.parametrize(
    "marks",
    ["NaN", "0,-5", "0,1.5", "0,,5", "1e3", "0,٣", ",".join(map(str, range(65))), "0," * 3000,
     "0,999999999999"],
)  # fmt: skip
def test_nonsense_is_refused(client, loop, user, marks):
    kit = KitFactory(owner=user)
    answer = put(client, loop, kit=kit.pk, marks=marks)
    assert answer.status_code == 422
    assert not kit.pads.exists()


def test_order_and_doubles_do_not_matter(client, loop, user):
    kit = KitFactory(owner=user)
    put(client, loop, kit=kit.pk, marks="48000,0,48000", edges="snap")
    assert regions(kit) == [(1, 1, 0, 48_000), (2, 2, 48_000, 96_000)]


def test_cuts_move_to_zero_crossings(client, loop, user):
    rendition(loop, 1000 * np.sin(2 * np.pi * (np.arange(FRAMES) + 0.5) / 480))
    kit = KitFactory(owner=user)
    put(client, loop, kit=kit.pk, marks="0,24010,47995", edges="snap")
    assert [start for _, _, start, _ in regions(kit)] == [0, 24_000, 48_000]


def test_snapped_cuts_never_meet(client, loop, user):
    rendition(loop, [1] * 24_000 + [-1] * (FRAMES - 24_000))
    kit = KitFactory(owner=user)
    put(client, loop, kit=kit.pk, marks="0,23998,23999,24002,95998,95999", edges="snap")
    starts = [start for _, _, start, _ in regions(kit)]
    assert starts == [0, 24_000, 24_001, 24_002, 95_998, 95_999]


def test_without_a_rendition_cuts_stay(client, loop, user):
    kit = KitFactory(owner=user)
    default_storage.save(loop.preview, ContentFile(b"no sound"))
    put(client, loop, kit=kit.pk, marks="0,24010", edges="snap")
    assert [start for _, _, start, _ in regions(kit)] == [0, 24_010]


def test_chop_markers_on_one_pad(client, loop, user):
    kit = KitFactory(owner=user)
    PadFactory(kit=kit, bank="A", number=3, sample=loop, title=loop.title, level=90)
    marks = {"marks": "24000,48000", "edges": "snap", "chops": "1"}
    put(client, loop, kit=kit.pk, bank="A", number=3, **marks)
    pad = kit.pads.get(number=3)
    assert (pad.chops, pad.level, pad.slice) == ([0, 24_000, 48_000], 90, None)
    put(client, loop, kit=kit.pk, bank="B", number=1, **marks)
    assert kit.pads.get(bank="B").chops == [0, 24_000, 48_000]
    assert kit.last_step.label == "wrote 3 chop markers of brk_92 to B1"
    many = ",".join(str(1000 * number) for number in range(1, 17))
    answer = put(client, loop, kit=kit.pk, marks=many, chops="1")
    assert answer.status_code == 422
    assert "A pad keeps 16 chop markers; these are 17." in text(answer)


def test_the_page_tells_what_becomes_of_what_stands_there(client, loop, user):
    kit = KitFactory(owner=user, filled=5)

    def fate(**query):
        answer = client.get(
            reverse("kits:slicer", args=[loop.pk]), query, headers={"HX-Request": "true"}
        )
        assert "<html" not in text(answer)
        return answer.context.get("forecast") or answer.context["problem"], answer.context["target"]

    assert fate(count=16) == ("Bank B is empty. Nothing will be replaced.", "bank B")
    assert fate(count=20) == ("Banks B to C are empty. Nothing will be replaced.", "banks B to C")
    free = ("A6 to A7 are free. Nothing will be replaced.", "A6 to A7")
    assert fate(count=2, bank="A", number=6) == free
    names = [pad.title for pad in kit.pads.all()]
    replaced = f"Replaces {names[0]} on A1, {names[1]} on A2, {names[2]} on A3 and 2 more."
    assert fate(count=16, bank="A", number=1) == (replaced, "bank A")
    assert fate(count=1, pad="A2") == (f"Replaces {names[1]} on A2.", "A2")
    assert fate(count=2, pad="J16")[0].startswith("2 slices do not fit behind J16")


def test_without_scripts_the_pads_can_be_looked_at_first(client, loop, user):
    kit = KitFactory(owner=user, filled=1)
    answer = put(client, loop, kit=kit.pk, bank="A", number=1, marks="0,500", dry="1")
    assert answer.status_code == 200
    assert "Replaces" in text(answer)
    assert answer.context["cuts"] == [0, 500]
    assert kit.pads.count() == 1


def test_locked_pads_are_passed_over_and_it_says_so(client, loop, user):
    kit = KitFactory(owner=user)
    PadFactory(kit=kit, number=2, title="mine", locked=True)
    url = reverse("kits:slicer", args=[loop.pk])
    query = {"kit": kit.pk, "count": 3, "bank": "A", "number": 1}
    page = client.get(url, query, headers={"HX-Request": "true"})
    free = "A1 to A4 are free. Nothing will be replaced. Locked pads stay: A2."
    assert page.context["forecast"] == free
    put(client, loop, kit=kit.pk, bank="A", number=1, marks="0,24000,48000", edges="fade")
    assert [row[:3] for row in regions(kit)] == [
        (1, 1, 0), (2, None, 0), (3, 2, 24_000), (4, 3, 48_000),
    ]  # fmt: skip
    kit.refresh_from_db()
    assert kit.last_step.label == "put 3 slices of brk_92 on A1 to A4, 1 locked pad stayed"


def test_htmx_gets_events(client, loop, user):
    kit = KitFactory(owner=user)
    htmx = {"HX-Request": "true"}
    url = reverse("kits:slicer", args=[loop.pk])
    fields = {"kit": kit.pk, "seen_kit": kit.pk, "v": 0, "marks": "0,48000", "edges": "snap"}
    answer = client.post(url, fields, headers=htmx)
    assert events(answer)["kit:changed"]["pads"] == ["A1", "A2"]
    assert events(answer)["toast"]["text"] == "2 slices of brk_92 are on A1 to A2."
    assert client.post(url, fields, headers=htmx).status_code == 409  # seen before that
    answer = client.post(url, fields | {"v": 1, "marks": "0,zero"}, headers=htmx)
    assert answer.status_code == 422
    assert "whole frames" in events(answer)["toast"]["text"]


def test_long_sounds_can_be_cut(client, user):
    sample = SampleFactory(owner=user, frames=48_000 * 1200, sample_rate=48_000, seconds=1200)
    kit = KitFactory(owner=user)
    answer = page(client, sample, method="beats", grid=16)
    assert len(answer.context["cuts"]) == 64
    assert answer.context["facts"]["long"]
    assert put(client, sample, kit=kit.pk, method="equal", parts=16).status_code == 303
    assert regions(kit)[-1][3] == 48_000 * 1200


def test_the_link_opens_the_sound_that_was_sliced_last(client, loop, user):
    url = reverse("kits:slicer-choose")
    answer = client.get(url)
    assert loop.title in text(answer)
    page(client, loop)
    assert client.get(url)["Location"] == reverse("kits:slicer", args=[loop.pk])
    assert loop.title in text(client.get(url, {"choose": 1}))
    assert loop.title not in text(client.get(url, {"q": "nothing like it"}))


def test_the_library_tells_how_often_a_sound_is_cut(client, loop, user):
    kit = KitFactory(owner=user)
    put(client, loop, kit=kit.pk, method="equal", parts=16)
    put(client, loop, kit=kit.pk, method="equal", parts=8, bank="C")
    assert "16 slices ·" in text(client.get(reverse("library:list")))
    details = text(client.get(reverse("library:sample", args=[loop.pk])))
    assert "16 slices: " in details
    assert reverse("kits:slicer", args=[loop.pk]) in details
