"""Layouts: every folder and name by the rules."""

import pytest

from exports.options import Options
from exports.places import LONGEST_PATH, Places
from exports.sources import Wanted
from kits.hardware.pads import PadAddress
from library.models import Sample


def wanted(title="Sick Beat (2024) 🔥.mp3", pad=None, **facts):
    return Wanted(title, Sample(title=title, **facts), PadAddress.parse(pad) if pad else None)


def path(one, kit_name="", **options):
    plain = {"root": "", "device_names": False}
    return Places(Options(**(plain | options)), kit_name).add(one).path


def test_flat():
    assert path(wanted()) == "sick_beat_2024.wav"
    assert path(wanted(), format="aiff") == "sick_beat_2024.aiff"
    assert path(wanted(), lower_case=False) == "Sick_Beat_2024.wav"
    assert path(wanted(), root="IMPORT/") == "IMPORT/sick_beat_2024.wav"


def test_names_stay_as_written_where_asked_but_are_safe():
    assert path(wanted("Snäre: 1/2"), sanitize=False, lower_case=False) == "Snäre_ 1_2.wav"


@pytest.mark.parametrize(
    ("bpm", "folder"),
    [
        (None, "unknown_bpm"),
        (20, "slow"),
        (69.99, "slow"),
        (70, "70-90"),
        (89.9, "70-90"),
        (90, "90-110"),
        (110, "110-130"),
        (130, "130-150"),
        (149.99, "130-150"),
        (150, "fast"),
        (400, "fast"),
    ],
)
def test_bpm_includes_lower_bounds_only(bpm, folder):
    assert path(wanted("Loop", bpm=bpm), layout="bpm") == f"{folder}/loop.wav"


@pytest.mark.parametrize(
    ("genre", "folder"),
    [("Hip-Hop", "hip-hop"), ("", "unknown_genre"), ("  ", "unknown_genre"), ("R&B", "r_b")],
)
def test_genre(genre, folder):
    assert path(wanted("Loop", genre=genre), layout="genre") == f"{folder}/loop.wav"


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("Drums/Kicks 808", "drums/kicks_808/"),
        ("", ""),
        ("../..//etc", "etc/"),
        ("a\\b", "a/b/"),
    ],
)
def test_folders(folder, expected):
    assert path(wanted("Boom", folder=folder), layout="folders") == f"{expected}boom.wav"


def test_kit():
    one = wanted("Kick", pad="A1")
    assert path(one, "My Kit", layout="kit") == "my_kit/bank_A/pad_01_kick.wav"
    two = wanted("Vox", pad="J16")
    assert (
        path(two, "My Kit", layout="kit", root="IMPORT/") == "IMPORT/my_kit/bank_J/pad_16_vox.wav"
    )


def test_kit_in_another_layout_has_no_pad_numbers():
    assert path(wanted("Kick", pad="A1"), "My Kit") == "kick.wav"


def test_gaps_have_places_too():
    gone = Wanted("Gone", None, PadAddress("A", 2))
    assert path(gone, "K", layout="kit") == "k/bank_A/pad_02_gone.wav"
    assert path(gone, layout="genre") == "unknown_genre/gone.wav"
    assert path(gone, layout="bpm") == "unknown_bpm/gone.wav"
    assert path(gone, layout="folders") == "gone.wav"


def test_equal_names_are_numbered_in_order_whatever_their_case():
    places = Places(Options(root="", lower_case=False))
    found = [places.add(wanted(title)) for title in ("Kick", "KICK", "Kick")]
    assert [place.path for place in found] == ["Kick.wav", "KICK_2.wav", "Kick_3.wav"]
    assert [place.is_numbered for place in found] == [False, True, True]


def test_device_names_are_at_most_23_characters_and_say_so():
    places = Places(Options(layout="kit", root=""), "K")
    long = places.add(wanted("A very long name of a kick drum", pad="A1"))
    short = places.add(wanted("Kick", pad="A2"))
    stem = long.path.rpartition("/")[2].removesuffix(".wav")
    assert len(stem) <= 23
    assert stem.startswith("pad_01_a_very_long")
    assert (long.is_shortened, short.is_shortened) == (True, False)


def test_numbered_device_names_stay_within_23_characters():
    places = Places(Options(root=""))
    paths = [places.add(wanted("x" * 40)).path for _ in range(12)]
    assert len(set(paths)) == 12
    assert max(len(path.removesuffix(".wav")) for path in paths) <= 23


def test_a_path_that_no_row_holds_says_so():
    folder = "/".join(["名前" * 40] * 6)
    place = Places(Options(layout="folders", root="")).add(wanted("a", folder=folder))
    assert place.is_too_long == (len(place.path) > LONGEST_PATH)
    assert place.is_too_long


def test_tempo_folders_follow_the_persons_own_ranges():
    own = {"layout": "bpm", "bpm_bounds": (85, 128)}
    assert path(wanted("Loop", bpm=84.9), **own) == "slow/loop.wav"
    assert path(wanted("Loop", bpm=85), **own) == "85-128/loop.wav"
    assert path(wanted("Loop", bpm=128), **own) == "fast/loop.wav"


def test_parts_of_a_sound_are_numbered_from_01():
    places = Places(Options(root="", layout="kit"), "K")
    one = wanted("A long jam of a band", pad="A1")
    paths = [places.add(one, part).path for part in (1, 2)]
    assert paths == ["k/bank_A/pad_01_a_long_jam_of_01.wav", "k/bank_A/pad_01_a_long_jam_of_02.wav"]
    assert places.add(one, 3).is_shortened


def test_parts_never_take_the_place_of_another_file():
    places = Places(Options(root=""))
    assert places.add(wanted("Jam 01")).path == "jam_01.wav"
    second = places.add(wanted("Jam"), 1)
    assert (second.path, second.is_numbered) == ("jam_01_2.wav", True)


def test_a_name_that_loses_letters_to_its_number_counts_as_shortened():
    places = Places(Options(root=""))
    first, second = (places.add(wanted("x" * 23)) for _ in range(2))
    assert (first.is_shortened, first.is_numbered) == (False, False)
    assert (second.is_shortened, second.is_numbered) == (True, True)
    assert second.path == f"{'x' * 21}_2.wav"


def test_numbered_names_in_aiff_stay_within_23_characters():
    places = Places(Options(root="", format="aiff"))
    paths = [places.add(wanted("y" * 30)).path for _ in range(3)]
    assert {len(path.removesuffix(".aiff")) for path in paths} == {23}
