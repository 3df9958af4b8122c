"""The folder tree beside plan and job."""

from exports.tree import FOLDERS_SHOWN, MOST_OF_ONE, tree


def text(files):
    return [
        f"{line.branch} {line.name}{f' / {line.note}' if line.note else ''}".rstrip()
        for line in tree(files)
    ]


def test_nothing_has_no_lines():
    assert tree([]) == []


def test_folders_come_with_counts_and_sizes():
    files = [("IMPORT/a/one.wav", 10), ("IMPORT/a/two.wav", 20), ("IMPORT/b/three.wav", 5)]
    assert text(files) == [
        "└ IMPORT / 3 files",
        "  ├ a / 2 files",
        "  │ ├ one.wav",
        "  │ └ two.wav",
        "  └ b / 1 file",
        "    └ three.wav",
    ]
    assert [line.size for line in tree(files) if line.is_folder] == [35, 30, 5]


def test_long_folders_are_cut():
    lines = text((f"{number}.wav", 1) for number in range(MOST_OF_ONE + 3))
    assert lines[MOST_OF_ONE - 1 :] == ["├ 3.wav", "└  / 3 more files"]
    assert len(lines) == MOST_OF_ONE + 1


def test_many_folders_are_cut():
    lines = tree((f"f{number:02}/one.wav", 1) for number in range(FOLDERS_SHOWN + 1))
    assert sum(line.is_folder for line in lines) == FOLDERS_SHOWN
    assert lines[-1].note == "1 more folder"


def test_several_folders_name_fewer_files_each():
    lines = tree((f"f{number % 4}/{number:02}.wav", 1) for number in range(40))
    assert sum(line.name.endswith(".wav") for line in lines) == 8
    lines = tree((f"f{number % 20}/{number:02}.wav", 1) for number in range(40))
    assert sum(line.name.endswith(".wav") for line in lines) == 20
