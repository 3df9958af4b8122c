"""Auto-kits: what they pick, why, and that nothing is written before one says so."""

import re

import pytest
from django.urls import reverse

from kits import fit
from kits.autokit import Draft, Wish, table_wants
from kits.blueprints import BUILT_IN, Want, usual_classes
from kits.fit import Company
from kits.forms import MOST_KITS
from kits.hardware.pads import ALL
from kits.models import Kit, KitTemplate
from library.models import Crate, Preferences, Sample
from library.query import Query
from tests.factories import KitFactory, SampleFactory
from tests.kits.acts import at, fill, plainly, text, titles

pytestmark = pytest.mark.django_db
URL = "/kits/auto/"
BANK = ALL[:16]


def sound(user, title, name="kick", **facts):
    """Make a clean sound of a class that is fairly sure."""
    facts = {"class_confidence": 0.8, "class_source": "audio", **facts}
    return SampleFactory(owner=user, title=title, sample_class=name, **facts)


def draft(user, query="", **wish) -> Draft:
    """Return a draft for bank A by the usual table."""
    wants = wish.pop("wants", table_wants(usual_classes(), BANK))
    return Draft(Wish(user, Query.from_string(query), wants, **wish), wish.pop("chosen", None))


def picked(found: Draft) -> dict[str, str]:
    return {str(pick.at): pick.sample.title for pick in found.picks if pick.sample}


def reasons(found: Draft) -> dict[str, str]:
    return {str(pick.at): pick.reason for pick in found.picks}


@pytest.fixture
def crate(user):
    """Return a library of two or three sounds of some classes, and who owns it."""
    for title, lufs in (("kick soft", -20), ("kick loud", -9), ("kick mid", -12)):
        sound(user, title, loudness_lufs=lufs)
    sound(user, "snare one", "snare")
    for title, key in (("bass 8A", "Am"), ("bass 3B", "Db")):
        sound(user, title, "bass", key=key, key_confidence=0.9)
    for title, key in (("keys 8A", "Am"), ("keys 9A", "Em")):
        sound(user, title, "keys", key=key, key_confidence=0.9)
    for title, bpm in (("break 92", 92), ("break 93", 93), ("break 140", 140)):
        SampleFactory(owner=user, title=title, loop=True, bpm=bpm, class_confidence=0.9)
    return user


def test_classes_get_their_pads_and_loops_the_pad_of_breaks(crate):
    found = picked(draft(crate))
    assert {found["A1"], found["A2"]} == {"kick loud", "kick mid"}
    assert found["A3"] == "snare one"
    assert found["A16"] in {"break 92", "break 93"}


def test_what_fits_the_others_comes_before_what_does_not(crate):
    made = draft(crate)
    assert made.company == Company("Am", 92)
    found = picked(made)
    assert found["A9"] == "bass 8A"
    assert {found["A11"], found["A12"]} == {"keys 8A", "keys 9A"}


def test_reasons_write_keys_as_their_owner_does(crate, user):
    Preferences.objects.create(user=user, key_notation=Preferences.Notation.MUSICAL)
    found = {pick.sample.title: pick.reason for pick in draft(crate).picks if pick.sample}
    assert found["keys 9A"].startswith("Em fits Am; ")
    assert found["bass 8A"].startswith("in Am; ")


def test_reasons_are_true_words(crate):
    made = draft(crate)
    found = {pick.sample.title: pick.reason for pick in made.picks if pick.sample}
    assert found["kick loud"] == "loudest of 3 clean kicks"
    assert found["snare one"] == "the only clean snare"
    assert found["keys 9A"].startswith("9A fits 8A; ")
    assert found["bass 8A"].startswith("in 8A; ")
    assert found["break 92"].startswith("92 BPM; ")
    assert found["bass 3B"].startswith("3B is off 8A; ")


def test_key_and_tempo_can_be_wished_for(crate):
    made = draft(crate, key="Db", bpm=140)
    assert made.company == Company("Db", 140)
    assert picked(made)["A9"] == "bass 3B"
    assert picked(made)["A16"] == "break 140"


def test_unclean_sounds_come_on_no_pad(user):
    sound(user, "over", peak_amplitude=1.3)
    sound(user, "quiet", peak_amplitude=0.001)
    sound(user, "gone", is_missing=True)
    SampleFactory(owner=user, title="new", new=True)
    SampleFactory(owner=user, title="trashed", trashed=True)
    SampleFactory(title="of a stranger")
    made = draft(user)
    assert picked(made) == {}
    assert set(reasons(made).values()) == {"no clean sound to choose from"}


def test_faults_are_named():
    facts = {"seconds": 1.0, "peak_amplitude": 0.5}
    assert fit.fault(Sample(**facts)) == ""
    assert fit.fault(Sample(**facts, is_missing=True)) == "missing"
    assert fit.fault(Sample(seconds=1.0)) == "not measured yet"
    assert fit.fault(Sample(seconds=1.0, peak_amplitude=1.01)) == "over full scale"
    assert fit.fault(Sample(seconds=1.0, peak_amplitude=0.002)) == "too quiet"


def test_what_nobody_claims_goes_to_pads_without_a_sound_of_their_class(user):
    for number in range(4):
        sound(user, f"kick {number}")
    made = draft(user)
    found = picked(made)
    assert sorted(found) == ["A1", "A2", "A3", "A4"]
    assert reasons(made)["A3"].startswith("no snare left; ")
    assert made.picks[2].settings is None
    assert made.picks[0].settings is not None


def test_loops_and_one_shots_do_not_take_each_others_pads(crate):
    drums = BUILT_IN[0].wants
    made = draft(crate, wants=drums)
    for pick in made.picks:
        assert pick.sample is None or pick.sample.is_loop == (pick.want.kind == "loop")
    assert reasons(made)["A7"].startswith("no bass left; ")
    assert reasons(made)["A15"] == "no loop left"


def test_the_same_wish_gives_the_same_kit_and_another_seed_another(user):
    for number in range(30):
        sound(user, f"kick {number}", loudness_lufs=-12 - number / 10)
    plain = picked(draft(user))
    assert picked(draft(user)) == plain
    others = [picked(draft(user, seed=seed)) for seed in range(2, 8)]
    assert picked(draft(user, seed=2)) == others[0]
    assert all(other != plain for other in others)


def test_sounds_of_pads_that_stay_come_no_second_time_and_have_a_say(crate, user):
    kit = KitFactory(owner=user)
    fill(kit, B1="anchor")
    pad = kit.pads.get()
    kick = Sample.objects.get(title="kick loud")
    bass = Sample.objects.get(title="bass 3B")
    pad.sample = bass
    made = draft(user, standing={at("B1"): pad})
    assert made.company.key == "Db"
    assert "bass 3B" not in picked(made).values()
    pad.sample = kick
    pad.sample_id = kick.pk
    assert "kick loud" not in picked(draft(user, standing={at("B1"): pad})).values()


def test_next_best_goes_round_and_touches_no_pad_of_its_class(crate, user):
    made = draft(user)
    first = picked(made)
    assert (first["A1"], first["A2"]) == ("kick mid", "kick loud")
    second = picked(made.after(at("A1")))
    assert second["A1"] == "kick soft"  # which a pad without a sound of its own had before
    own = ["A2", "A3", "A9", "A10", "A11", "A12", "A16"]
    assert [second[place] for place in own] == [first[place] for place in own]
    assert picked(made.after(at("A1")).after(at("A1")))["A1"] == "kick mid"


def test_the_only_one_of_its_class_stays(crate, user):
    made = draft(user)
    assert made.after(at("A3")) is made
    assert next(pick.others for pick in made.picks if pick.at == at("A3")) == 0
    assert made.after(at("B3")) is made


def test_tempo_counts_by_octaves():
    assert fit.octaves_apart(92, 184) == 0
    assert fit.octaves_apart(92, 46) == 0
    assert 0.4 < fit.octaves_apart(92, 130) < 0.51
    loop = Sample(is_loop=True, bpm=184, sample_class="break")
    assert fit.tempo_fit(loop, Company("", 92)) == 1


def test_the_tempo_is_that_of_loops_that_the_kit_holds(user):
    for number in range(9):  # no pad takes any of these
        SampleFactory(owner=user, title=f"hats {number}", loop=True, bpm=84, sample_class="hat")
    for title, bpm, sure in (("slow", 92, 0.5), ("near", 93, 0.5), ("off", 140, 1.0)):
        SampleFactory(owner=user, title=title, loop=True, bpm=bpm, class_confidence=sure)
    made = draft(user, wants=dict.fromkeys(BANK[:2], Want("break", "loop")))
    assert made.company.bpm == 92
    assert picked(made) == {"A1": "slow", "A2": "near"}


def test_without_a_loop_in_the_kit_nothing_is_said_of_a_tempo(user):
    sound(user, "kick")
    SampleFactory(owner=user, title="loop", loop=True, bpm=84)
    assert draft(user, wants=BUILT_IN[1].wants).company.bpm is None


def test_a_loop_off_the_tempo_comes_after_all_that_are_on_it(user):
    poor = {"class_guessed": True, "class_confidence": 0.1, "loudness_lufs": -40}
    SampleFactory(owner=user, title="poor", loop=True, bpm=84, **poor)
    best = {"class_source": "person", "is_favourite": True, "loudness_lufs": -12}
    for number in range(3):
        SampleFactory(owner=user, title=f"best {number}", loop=True, bpm=100, **best)
    assert picked(draft(user, bpm=84))["A16"] == "poor"


def test_of_many_sounds_only_as_many_have_a_say_as_there_are_pads(user):
    for number in range(30):
        sound(user, f"vocal {number}", "vocal", key="Db", key_source="person")
    for name in ("bass", "keys"):
        for number in range(2):
            sound(user, f"{name} {number}", name, key="Am", key_source="person")
    classes = ["vocal", "bass", "bass", "keys", "keys"]
    wants = {place: Want(name) for place, name in zip(BANK, classes, strict=False)}
    assert draft(user, wants=wants).company.key == "Am"


def test_many_sounds_of_a_class_cost_no_more_queries(user, django_assert_num_queries):
    for number in range(5):
        sound(user, f"kick {number}")
    Preferences.of(user)
    made = draft(user)
    with django_assert_num_queries(1):  # how keys are written
        assert len(made.picks) == 16
    with django_assert_num_queries(2):
        Draft(made.wish)


# ── The page ────────────────────────────────────────────────────────────────


def sent(client, query="", **fields) -> dict:
    """Return what the form of the page sends when it is shown with this address."""
    page = client.get(f"{URL}{query}")
    assert page.status_code == 200
    form = page.text[page.text.index('id="auto-make"') :]
    pairs = re.findall(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', form)
    data: dict[str, list[str]] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    data.pop("csrfmiddlewaretoken", None)
    return data | fields


def test_the_page_shows_and_writes_nothing(client, crate):
    page = text(client.get(URL))
    assert "kick loud" in page
    assert "loudest of 3 clean kicks" in page
    assert "The kit goes by 8A and 92 BPM." in page
    assert not Kit.objects.exists()


def test_an_empty_library_is_told(client):
    page = text(client.get(URL))
    assert "No clean sound to choose from here" in page
    answer = client.post(URL, {})
    assert answer.status_code == 303
    assert not Kit.objects.exists()


def test_what_is_shown_is_what_is_made(client, crate, user):
    data = sent(client)
    answer = client.post(URL, {**data, "name": "Night"})
    kit = Kit.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/kits/{kit.pk}/?bank=A&pad=A1")
    assert kit.name == "Night"
    assert [f"{pad.address}:{pad.sample_id}" for pad in kit.pads.all()] == data["pick"]
    assert kit.bank("A").tempo == 92
    assert kit.last_step.label == "made an auto-kit on bank A"
    kit.undo()
    assert not kit.pads.exists()


def test_a_crate_gives_the_sounds_and_the_name(client, crate, user):
    basses = Crate.objects.create(owner=user, name="Low end", query="cls=bass")
    data = sent(client, f"?source=crate-{basses.pk}")
    client.post(URL, data)
    kit = Kit.objects.get()
    assert kit.name == "Low end"
    assert sorted(titles(kit).values()) == ["bass 3B", "bass 8A"]


def test_a_search_and_favourites_give_sounds(client, crate):
    Sample.objects.filter(title="kick soft").update(is_favourite=True)
    page = client.get(f"{URL}?query=cls%3Dsnare").text
    assert "snare one" in page
    assert "kick loud" not in page
    page = client.get(f"{URL}?source=fav").text
    assert "kick soft" in page
    assert "snare one" not in page


def test_next_and_another_keep_the_page_alive(client, crate):
    data = sent(client)
    query = {**data, "next": "A1"}
    page = client.get(URL, query, headers={"HX-Request": "true"}).text
    assert page.lstrip().startswith('<div id="auto"')
    assert "kick soft" in page
    again = client.get(URL, {**data, "another": "1"}).text
    assert 'name="seed" value="2"' in " ".join(again.split())


def test_a_bank_of_a_kit_is_one_step_and_locked_pads_stay(client, crate, user):
    kit = KitFactory(owner=user, name="Night")
    fill(kit, B1="locked", B3="old snare", A1="other bank")
    kit.pads.filter(bank="B", number=1).update(locked=True)
    query = f"?kit={kit.pk}&bank=B"
    page = text(client.get(URL + query))
    assert "Locked pads stay: B1." in page
    assert "replaces old snare" in page
    data = sent(client, query)
    client.post(URL, data)
    after = titles(kit)
    assert (after["B1"], after["B3"], after["A1"]) == ("locked", "snare one", "other bank")
    kit.refresh_from_db()
    assert kit.version == 1
    plainly(client, kit, "undo")
    assert titles(kit) == {"B1": "locked", "B3": "old snare", "A1": "other bank"}
    assert kit.next_step.label == "made an auto-kit on bank B, 1 locked pad stayed"


def test_a_kit_that_was_not_opened_for_long_is_meant_all_the_same(client, crate, user):
    kit = KitFactory(owner=user)
    KitFactory.create_batch(MOST_KITS, owner=user)
    client.post(URL, sent(client, f"?kit={kit.pk}&bank=B"))
    assert "kick loud" in titles(kit).values()
    assert Kit.objects.count() == MOST_KITS + 1


def test_a_kit_that_is_gone_gets_no_new_one_in_its_place(client, crate, stranger):
    assert client.post(URL, {"kit": KitFactory(owner=stranger).pk}).status_code == 404
    assert client.post(URL, {"kit": "mine"}).status_code == 404
    assert Kit.objects.count() == 1


def test_a_kit_that_changed_meanwhile_is_not_overwritten(client, crate, user):
    kit = KitFactory(owner=user)
    data = sent(client, f"?kit={kit.pk}&bank=A")
    kit.change("elsewhere", {}, whole={"tempo": 100})
    client.post(URL, data)
    assert not kit.pads.exists()
    kit.refresh_from_db()
    assert kit.version == 1


def test_a_template_gives_settings(client, user):
    for number in range(2):
        sound(user, f"hat {number}", "hat")
    data = sent(client, "?template=drums-and-loops")
    client.post(URL, data)
    kit = Kit.objects.get()
    hats = kit.pads.filter(title__startswith="hat")
    assert {str(pad.address): pad.mute_group for pad in hats} == {"A5": "A", "A6": "A"}
    assert kit.wants["A3"]["kind"] == "loop"


@pytest.fixture
def own(user):
    """Return the key of a template over three banks, of a kit with one tempo for all."""
    hat = {"class": "kick", "kind": "oneshot", "settings": {"level": 90}}
    wants = dict.fromkeys(("A1", "B5", "D16"), hat)
    whole = {
        "kit": {"tempo": 90, "has_one_tempo": True},
        "B": {"tempo": 70, "volume": 100},
    }
    return f"own-{KitTemplate.objects.create(owner=user, name='Mine', wants=wants, whole=whole).pk}"


def test_the_tempo_asked_for_is_that_of_a_kit_with_one_tempo(client, crate, own):
    client.post(URL, sent(client, f"?template={own}&bpm=120"))
    kit = Kit.objects.get()
    assert (kit.has_one_tempo, kit.tempo) == (True, 120)


def test_a_kit_with_one_tempo_keeps_it_until_another_is_asked_for(client, crate, user):
    kit = KitFactory(owner=user, tempo=140, has_one_tempo=True)
    fill(kit, A1="anchor")
    query = f"?kit={kit.pk}&bank=B"
    assert "and 140 BPM." in text(client.get(URL + query))
    client.post(URL, sent(client, query))
    kit.refresh_from_db()
    assert kit.tempo == 140
    client.post(URL, sent(client, f"{query}&bpm=120"))
    kit.refresh_from_db()
    assert kit.tempo == 120


def test_a_new_kit_gets_all_banks_of_its_template(client, crate, own):
    query = f"?template={own}"
    page = text(client.get(URL + query))
    assert [f"<h2>Bank {letter}</h2>" in page for letter in "ABCD"] == [True, True, False, True]
    assert "Only bank" not in page
    client.post(URL, sent(client, query))
    kit = Kit.objects.get()
    assert sorted(titles(kit)) == ["A1", "B5", "D16"]
    assert set(kit.pads.values_list("level", flat=True)) == {90}
    assert kit.bank("B").volume == 100
    assert kit.last_step.label == "made an auto-kit on banks A, B and D"


def test_one_bank_of_a_kit_says_which_bank_of_the_template_it_takes(client, crate, user, own):
    kit = KitFactory(owner=user)
    page = text(client.get(f"{URL}?kit={kit.pk}&bank=B&template={own}"))
    assert "Only bank B of the template is used here; banks A and D would come with" in page
    query = f"?kit={kit.pk}&bank=C&template={own}"
    assert "Only bank A of the template is used here; banks B and D" in text(
        client.get(URL + query)
    )
    client.post(URL, sent(client, query))
    assert sorted(titles(kit)) == ["C1"]


@pytest.mark.parametrize("tempo", ["999", "nan", "fast"])
def test_a_tempo_that_is_none_is_told_beside_its_field(client, crate, tempo):
    page = text(client.get(f"{URL}?bpm={tempo}"))
    assert 'aria-describedby="id_bpm_error"' in page
    words = "Not a tempo from 40 to 200 BPM, so it is not used."
    assert re.search(f'id="id_bpm_error">\\s*{words}', page)
    assert "The kit goes by 8A and 92 BPM." in page
    form = page[page.index('id="auto-wish"') :]
    assert "novalidate" in form[: form.index(">")]  # else the browser keeps it, and says nothing


def test_ones_own_table_of_classes_is_followed(client, crate, user):
    table = ["snare", *[""] * 15]
    fields = {f"class_pads_{number}": name for number, name in enumerate(table)}
    client.post("/preferences/", {"field": "class_pads", **fields}, headers={"HX-Request": "true"})
    client.post(URL, sent(client))
    assert titles(Kit.objects.get())["A1"] == "snare one"


def test_kits_and_crates_of_others_are_not_there(client, stranger):
    kit = KitFactory(owner=stranger)
    crate = Crate.objects.create(owner=stranger, name="theirs", query="")
    SampleFactory(owner=stranger, title="their kick")
    for query in (f"?kit={kit.pk}", f"?source=crate-{crate.pk}", "?kit=999999999999"):
        page = client.get(URL + query)
        assert "their" not in page.text
    client.post(URL, {"kit": kit.pk, "bank": "A", "pick": "A1:1"})
    assert not kit.pads.exists()


@pytest.mark.parametrize(
    "query",
    [
        "?seed=x", "?seed=99999999999999999999", "?bpm=nan", "?bpm=5", "?key=H", "?bank=Z",
        "?pick=A1", "?pick=Z9:1&pick=A1:x", "?next=Q7", "?template=own-99", "?query=%00",
        "?source=search", "?another=1&seed=2147483647",
    ],
)  # fmt: skip
def test_nonsense_counts_as_nothing(client, crate, query):
    assert client.get(URL + query).status_code == 200


def test_needs_an_account(anonymous):
    assert anonymous.get(reverse("kits:auto")).status_code in {302, 303, 404, 200}
    assert "Auto-kit" not in anonymous.get(reverse("kits:auto")).text
