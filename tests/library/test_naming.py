"""What a pattern makes of a name."""

import pytest

from library.naming import TOKENS, Facts, Pattern, PatternError

KICK = Facts("Dusty kick", "kick", 92.0, "Am", "Packs/Tape Drums")
BARE = Facts("take 2", "", None, "", "")


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        (Pattern("{class}_{nn}"), "kick_07"),
        (Pattern("{n}-{nnn}-{nnnnnn}"), "7-007-000007"),
        (Pattern("{folder} {name}"), "Tape Drums Dusty kick"),
        (Pattern("{name} {bpm} {key}"), "Dusty kick 92 Am"),
        (Pattern("{key}", is_camelot=True), "8A"),
        (Pattern("{ Name } {N}"), "Dusty kick 7"),
        (Pattern("{name}", find="Dusty ", replace=""), "kick"),
        (Pattern("{class} {name}", find=" kick"), "kick Dusty"),
        (Pattern("{name}", find="dusty", replace="x"), "Dusty kick"),
        (Pattern("{name}", find=".", replace="x"), "Dusty kick"),
        (Pattern("  {name}\t{n} \0"), "Dusty kick 7"),
        (Pattern("}{name}{"), "}Dusty kick{"),
        (Pattern("same for all"), "same for all"),
    ],
)
def test_a_name_out_of_a_pattern(pattern, name):
    assert pattern.name(KICK, 7) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{class}_{nn}", "07"),
        ("{name}_{key}_{n}", "take 2_7"),
        ("{name} - {bpm}", "take 2"),
        ("loop {bpm}", "loop"),
        ("{folder}", ""),
        ("{class} {key}-{bpm}", ""),
    ],
)
def test_what_is_not_known_takes_its_joint_along(text, name):
    assert Pattern(text).name(BARE, 7) == name


def test_braces_of_a_name_are_no_tokens():
    assert Pattern("{name} {n}").name(BARE._replace(title="{n} {oh}"), 3) == "{n} {oh} 3"


def test_spaces_of_a_name_that_nothing_is_found_in_stay():
    odd = BARE._replace(title="two  spaces")
    assert Pattern(find="kick").name(odd, 1) == "two  spaces"
    assert Pattern(find="two").name(odd, 1) == "spaces"


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        (Pattern(""), "Write a pattern first."),
        (Pattern(" "), "Write a pattern first."),
        (Pattern("{name}"), "Write another pattern, or what to find."),
        (Pattern(" {name} "), "Write another pattern, or what to find."),
        (Pattern("{n}", find="x"), "Find and replace change {name}, which the pattern lacks."),
        (Pattern("x" * 201), "At most 200 characters."),
        (Pattern(find="x" * 201), "At most 200 characters."),
        (Pattern("{tempo} {n}"), f"There is no {{tempo}}. There are {', '.join(TOKENS)}."),
    ],
)
def test_what_cannot_change_names_is_refused(pattern, sentence):
    with pytest.raises(PatternError) as refusal:
        pattern.check()
    assert str(refusal.value) == sentence


def test_what_can_change_names_passes():
    for pattern in (Pattern("{nnnn}"), Pattern(find="a"), Pattern("{Name} {folder}", find="a")):
        pattern.check()
