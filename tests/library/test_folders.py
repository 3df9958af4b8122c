"""Walking folders and packs of the machine."""

from pathlib import Path

from library import folders
from tests.factories import tone
from tests.library.packing import pack


def walk(*paths: Path) -> list[tuple[str, str]]:
    return [(found.label, found.problem) for found in folders.files(paths)]


def test_folders_keep_their_name_and_structure_in_a_fixed_order(tmp_path):
    root = tmp_path / "My Sounds"
    for name in ("b/2.wav", "b/1.wav", "a/c/x.wav", "z.wav", "a/.DS_Store", "a/._x.wav"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    assert [label for label, _ in walk(root)] == [
        "My Sounds/z.wav",
        "My Sounds/a/c/x.wav",
        "My Sounds/b/1.wav",
        "My Sounds/b/2.wav",
    ]
    assert walk(root / "z.wav", root / "b") == [
        ("z.wav", ""),
        ("b/1.wav", ""),
        ("b/2.wav", ""),
    ]


def test_links_to_folders_are_not_followed(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "loop").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "a" / "x.wav").write_bytes(b"x")
    assert walk(tmp_path / "a") == [("a/x.wav", "")]


def test_packs_are_unpacked_entry_by_entry(tmp_path, settings):
    path = tmp_path / "Pack.zip"
    path.write_bytes(pack({"d/a.wav": tone(100), "b.wav": tone(200), "in.zip": b"PK"}))
    contents = {}
    for found in folders.files([path]):
        if found.path is not None:
            contents[found.label] = found.path.read_bytes()
        else:
            assert found.problem == "in.zip was left out: it is an archive inside the archive."
    assert contents == {"Pack/d/a.wav": tone(100), "Pack/b.wav": tone(200)}
    assert not list(settings.TMP_DIR.iterdir())


def test_a_damaged_entry_is_a_problem_and_the_rest_goes_on(tmp_path):
    data = pack({"a.wav": tone(100), "b.wav": tone(200)})
    place = data.index(b"a.wav") + 20
    path = tmp_path / "Pack.zip"
    path.write_bytes(data[:place] + bytes(8) + data[place + 8 :])
    (first, problem), second = walk(path)
    assert first == "Pack/a.wav"
    assert "damaged" in problem
    assert second == ("Pack/b.wav", "")


def test_a_pack_that_is_none_is_a_problem(tmp_path):
    path = tmp_path / "Pack.zip"
    path.write_bytes(b"PK")
    ((label, problem),) = walk(path)
    assert label == "Pack.zip"
    assert problem.startswith("Pack.zip could not be read: This is not a whole ZIP file")


def test_a_pack_that_may_not_be_read_is_a_problem(tmp_path, monkeypatch):
    path = tmp_path / "Pack.zip"
    path.write_bytes(pack({}))

    def refuse(*args):  # a test may run as root, who may read everything
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    assert walk(path) == [("Pack.zip", "Pack.zip could not be read: permission denied.")]
