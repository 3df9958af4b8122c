"""Papers beside sounds: which they are, how they are read, what they say."""

import pytest

from library import licences
from library.licences import Facts, decode, facts, is_paper, is_terms, recognise


@pytest.mark.parametrize(
    ("name", "paper", "terms"),
    [
        ("LICENSE", True, True),
        ("licence.txt", True, True),
        ("COPYING", True, True),
        ("Docs/EULA.txt", True, True),
        ("a\\b\\License - CC0.txt", True, True),
        ("README.md", True, False),
        ("_READ_ME_.txt", True, False),
        ("Read Me.txt", True, False),
        ("!credits!.txt", True, False),
        ("Attribution", True, False),
        ("Kick License.wav", False, False),
        ("license.pdf", False, False),
        ("notes.txt", False, False),
        ("kick.wav", False, False),
    ],
)
def test_knows_papers_by_their_names(name, paper, terms):
    assert (is_paper(name), is_terms(name)) == (paper, terms)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Ärger".encode(), "Ärger"),
        ("\ufeffÄrger".encode(), "Ärger"),
        ("Ärger".encode("utf-16"), "Ärger"),
        ("Ärger".encode("utf-16-be"), "\x00"),
        ("Ärger".encode("cp1252"), "Ärger"),
        (b"a\r\nb\rc\x00\x1b[31m\xe2\x80\xae", "a\nb\nc[31m"),
        (b"", ""),
    ],
)
def test_reads_what_people_write_with(data, text):
    if text == "\x00":  # without a mark nobody can tell; what is left is printable
        assert decode(data).isprintable()
    else:
        assert decode(data) == text


def test_reads_no_more_than_a_part_of_what_is_huge():
    assert decode(b"x" * 10**6) == "x" * licences.LARGEST
    cut = decode(b"x" * (licences.LARGEST - 1) + "Ä".encode() * 9)
    assert cut == "x" * (licences.LARGEST - 1)


BY = "http://creativecommons.org/licenses/by"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("licensed under Creative Commons Attribution 4.0 International", ["CC BY 4.0"]),
        (f"Licensed under a Creative Commons licence, see {BY}/4.0/", ["CC BY 4.0"]),
        (f"{BY}-nc/3.0/", ["CC BY-NC 3.0"]),
        ("Creative Commons Attribution-NonCommercial-ShareAlike 4.0", ["CC BY-NC-SA 4.0"]),
        ("Creative Commons\nAttribution Share Alike 3.0 Unported", ["CC BY-SA 3.0"]),
        ("Creative Commons Attribution–NoDerivatives license", ["CC BY-ND"]),
        ("CC-BY-4.0", ["CC BY 4.0"]),
        ("cc by nc nd v4.0", ["CC BY-NC-ND 4.0"]),
        ("CC0", ["CC0 1.0"]),
        ("Creative Commons Zero v1.0 Universal", ["CC0 1.0"]),
        ("https://creativecommons.org/publicdomain/zero/1.0/", ["CC0 1.0"]),
        ("CC BY, that is Creative Commons Attribution 4.0", ["CC BY 4.0"]),
        ("CC0 or CC BY 4.0, as you like", ["CC0 1.0", "CC BY 4.0"]),
        ("MIT License", ["MIT"]),
        ("Sampling+", ["Sampling Plus 1.0"]),
        ("These samples are 100% royalty-free.", ["Royalty-free"]),
        ("CC0, royalty-free for ever", ["CC0 1.0"]),
        ("dedicated to the public domain", ["Public domain"]),
        ("All rights reserved.", ["All rights reserved"]),
        ("account cc: by the way", []),
        ("Have fun!", []),
    ],
)
def test_knows_licences_by_what_is_written(text, names):
    assert recognise(text) == names


def test_what_is_offered_is_known():
    for name in licences.COMMON:
        assert recognise(name) == [name]
    for name in licences.ADDRESSES:
        assert recognise(name) == [name]
        assert recognise(licences.ADDRESSES[name]) == [name]


@pytest.mark.parametrize(
    ("path", "text", "known"),
    [
        ("LICENSE", "CC BY 4.0. It is not CC0.", Facts(licence="CC BY 4.0")),
        ("README", "CC BY 4.0 for kicks, CC0 for snares", Facts()),
        ("License CC0.txt", "Do what you like.", Facts(licence="CC0 1.0")),
        ("LICENSE", "Royalty-free. All rights reserved.", Facts()),
        ("README", "Author: Jane Doe\nLicense: CC0", Facts("CC0 1.0", "Jane Doe")),
        ("README", "  * Created by  Jane   Doe. ", Facts(author="Jane Doe")),
        ("LICENSE", "MIT License\n\nCopyright (c) 2019-2021 Jane Doe", Facts("MIT", "Jane Doe")),
        ("LICENSE", "The above copyright notice\nCopyright and related laws", Facts()),
        (
            "README",
            "© 2020 Jane Doe. All rights reserved.",
            Facts("All rights reserved", "Jane Doe"),
        ),
        (
            "README",
            "Source: https://freesound.org/people/x/packs/1/.\nWebsite: https://other.org",
            Facts(source="https://freesound.org/people/x/packs/1/"),
        ),
        ("README", "Author: https://example.org", Facts()),
        ("README", "", Facts()),
    ],
)
def test_takes_what_a_paper_says(path, text, known):
    assert facts(path, text) == known


def test_no_text_keeps_the_reader_busy_for_ever():
    size = licences.LARGEST
    hostile = [
        "\n" * size, "-" * size, " " * size, "cc by" + " " * size, "©" * size, "©\n" * size,
        "creative commons attribution" + "-" * size, "in" + " " * size, "author: " * size,
        f"{BY}/" + "1." * size, "copyright " * size, "non-" * size, "from " * size,
    ]  # fmt: skip
    for text in hostile:  # a search that goes back and forth would not come to an end
        assert not facts("LICENSE", text[:size]).author
