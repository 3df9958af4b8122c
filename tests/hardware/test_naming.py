"""File names for a card."""

import re
import string
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kits.hardware.devices import SP404MKII
from kits.hardware.naming import (
    LIMIT,
    RESERVED,
    UniquePaths,
    device_limit,
    sanitize_filename,
    sanitize_folder,
)

LOWER = frozenset(string.ascii_lowercase + string.digits + "_-")
ANY_CASE = LOWER | frozenset(string.ascii_uppercase)
EXTENSIONS = st.sampled_from(["wav", "aiff", "txt"])
TITLES = st.one_of(
    st.text(max_size=400),
    st.text("conauxlpt123. _-$", max_size=24),
    st.text("Kk\u0130\u00df\u1e9e\u0345ﬁ①\u0301é.wav_- ", max_size=24),
)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Sick Beat (2024) 🔥.mp3", "sick_beat_2024.wav"),
        ("Café Crème", "cafe_creme.wav"),
        ("Straße Łódź Ærø", "strasse_lodz_aero.wav"),
        ("名前.flac", "mingqian.wav"),
        ("Привет мир.ogg", "privet_mir.wav"),
        ("\uff46\uff55ll\u3000width", "full_width.wav"),
        ("½ time ①", "1_2_time_1.wav"),
        ("don't stop!", "dont_stop.wav"),
        ("drum&bass 174.5bpm", "drum_bass_174_5bpm.wav"),
        ("kick -- 01 — dry", "kick_01_dry.wav"),
        ("kick--01–dry", "kick-01-dry.wav"),
        ("a\tb\nc\x00d", "a_b_cd.wav"),
        ("../../etc/passwd", "etc_passwd.wav"),
        (".hidden", "hidden.wav"),
        ("__-kick-__", "kick.wav"),
        ("test@#$%file", "testfile.wav"),
        ("kick.WAV", "kick.wav"),
        ("kick.wav.wav", "kick_wav.wav"),
        ("kick v1.2", "kick_v1_2.wav"),
        ("evil\u202egpj.wav", "evilgpj.wav"),
        ("🔥🔥🔥", "sample.wav"),
        ("", "sample.wav"),
        (".wav", "sample.wav"),
        ("...", "sample.wav"),
        ("\ud800", "sample.wav"),
        ("CON", "con_file.wav"),
        ("nul.wav", "nul_file.wav"),
        ("COM¹", "com1_file.wav"),
        ("lpt9", "lpt9_file.wav"),
        ("console", "console.wav"),
    ],
)
def test_names_become_plain(name, wanted):
    assert sanitize_filename(name, "wav") == wanted


def test_case_is_kept_on_request():
    assert sanitize_filename("Sick Beat", "wav", lower=False) == "Sick_Beat.wav"
    assert sanitize_filename("Con", ".AIFF", lower=False) == "Con_file.aiff"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Café (Live) 🔥.mp3", "Café (Live) 🔥.wav"),
        ("Cafe\u0301", "Café.wav"),
        ("a/b\\c:d*e?f", "a_b_c_d_e_f.wav"),
        ('say "hi" <now>|', "say _hi_ _now__.wav"),
        ("tab\there\x00\x07", "tab here.wav"),
        ("evil\u202egpj", "evilgpj.wav"),
        ("..hidden. ", "hidden.wav"),
        ("con.kick", "con_file.kick.wav"),
        ("Aux ", "Aux_file.wav"),
        ("conout$", "conout$_file.wav"),
        ("", "sample.wav"),
        ("con         kick.x", "con         kick.x.wav"),
    ],
)
def test_unsanitized_names_are_still_safe(name, wanted):
    assert sanitize_filename(name, "wav", lower=False, sanitize=False) == wanted


def test_unsanitized_names_can_be_lower_case():
    assert sanitize_filename("ÉTÉ", "wav", sanitize=False) == "été.wav"


@pytest.mark.parametrize("extension", ["wav", "aiff"])
def test_long_names_are_cut(extension):
    name = sanitize_filename("k" * 400, extension)
    assert len(name) == LIMIT
    assert name.endswith("k." + extension)


def test_a_cut_leaves_no_separator_at_the_end():
    assert sanitize_filename("twelve chars x", "wav", limit=17) == "twelve_chars.wav"


def test_a_cut_leaves_no_reserved_name_and_no_half_letter():
    spaced = sanitize_filename("nul" + " " * 20 + "x", "wav", sanitize=False, limit=16)
    assert spaced == "nul_file.wav"
    assert sanitize_filename("é" * 20, "wav", sanitize=False, limit=17) == "é" * 6 + (".wav")


def test_the_limit_of_the_machine_counts_the_stem():
    name = sanitize_filename("a very long kick drum name", "wav", limit=27)
    assert device_limit("wav") == 27
    assert device_limit(".aiff") == 28
    assert name == "a_very_long_kick_drum_n.wav"
    assert len(name.removesuffix(".wav")) == SP404MKII.name_length


def test_a_limit_without_room_is_refused():
    with pytest.raises(ValueError, match="leaves no room"):
        sanitize_filename("kick", "wav", limit=15)


@pytest.mark.parametrize(
    ("part", "wanted"),
    [
        ("Hip-Hop", "hip-hop"),
        ("R&B / Soul", "r_b_soul"),
        ("Drums.wav", "drums_wav"),
        ("..", "sample"),
        ("PRN", "prn_file"),
        ("x" * 300, "x" * 255),
    ],
)
def test_folders_become_plain(part, wanted):
    assert sanitize_folder(part) == wanted


@given(TITLES, EXTENSIONS, st.booleans(), st.integers(17, LIMIT))
@example("CON", "wav", True, 17)  # noqa: FBT003 - positional by Hypothesis' own rules
def test_sanitized_names_hold_every_promise(title, extension, lower, limit):
    name = sanitize_filename(title, extension, lower=lower, limit=limit)
    stem, _, ending = name.rpartition(".")
    assert ending == extension
    assert stem
    assert set(stem) <= (LOWER if lower else ANY_CASE)
    assert not re.search(r"[_-]{2}|^[_-]|[_-]$", stem)
    assert stem.upper() not in RESERVED
    assert len(name) <= limit
    assert set(stem) <= set(SP404MKII.safe_characters)
    again = sanitize_filename(name, extension, lower=lower, limit=limit)
    assert again == name


@given(TITLES, EXTENSIONS, st.booleans(), st.integers(17, LIMIT))
def test_unsanitized_names_hold_theirs(title, extension, lower, limit):
    name = sanitize_filename(title, extension, lower=lower, sanitize=False, limit=limit)
    stem = name.removesuffix("." + extension)
    assert stem
    assert stem == stem.strip(" .")
    assert not set(stem) & set('\\/:*?"<>|')
    assert not any(unicodedata.category(char)[0] == "C" for char in stem)
    assert stem.partition(".")[0].rstrip().upper() not in RESERVED
    assert len(name.encode()) <= limit


@given(TITLES)
def test_folder_names_hold_every_promise(part):
    name = sanitize_folder(part)
    assert name
    assert set(name) <= LOWER
    assert name.upper() not in RESERVED
    assert sanitize_folder(name) == name


def test_equal_paths_get_numbers_in_order():
    paths = UniquePaths()
    asked = ["a/kick.wav", "a/kick.wav", "b/kick.wav", "A/KICK.wav", "a/kick.aiff"]
    given_names = [paths.add(path) for path in asked]
    assert given_names == [
        "a/kick.wav",
        "a/kick_2.wav",
        "b/kick.wav",
        "A/KICK_3.wav",
        "a/kick.aiff",
    ]


def test_a_literal_number_never_collides():
    paths = UniquePaths()
    asked = ["k.wav", "k.wav", "k_2.wav", "k_2.wav", "k.wav"]
    assert [paths.add(path) for path in asked] == [
        "k.wav",
        "k_2.wav",
        "k_2_2.wav",
        "k_2_3.wav",
        "k_3.wav",
    ]
    earlier = UniquePaths()
    assert [earlier.add(path) for path in ["k_2.wav", "k.wav", "k.wav"]] == [
        "k_2.wav",
        "k.wav",
        "k_3.wav",
    ]


def test_a_number_stays_within_the_limit():
    paths = UniquePaths(limit=device_limit("wav"))
    name = sanitize_filename("one very long name for a kick", "wav", limit=27)
    assert [paths.add("x/" + name) for _ in range(11)][1::9] == [
        "x/one_very_long_name_fo_2.wav",
        "x/one_very_long_name_f_11.wav",
    ]


def test_names_without_an_extension_are_numbered_too():
    paths = UniquePaths()
    assert [paths.add(path) for path in ["LIST", "list"]] == ["LIST", "list_2"]


def test_accents_written_in_two_ways_are_one_name():
    paths = UniquePaths()
    assert paths.add("é.wav") == "é.wav"
    assert paths.add("e\u0301.wav") == "e\u0301_2.wav"


def test_a_thousand_equal_names_are_quick_to_number():
    paths = UniquePaths()
    assert [paths.add("k.wav") for _ in range(5000)][-1] == "k_5000.wav"


@given(
    st.lists(
        st.builds("{}/{}.wav".format, st.sampled_from("aA"), st.text("kK_2345ß", min_size=1)),
        max_size=40,
    )
)
def test_paths_are_unique_under_casefold(asked):
    paths, again = UniquePaths(limit=20), UniquePaths(limit=20)
    names = [paths.add(path) for path in asked]
    assert len({name.casefold() for name in names}) == len(asked)
    assert names == [again.add(path) for path in asked]
