"""Write the corpus into a folder and print what each file must give."""

import sys
from pathlib import Path

from tests.hostile import KINDS


def main(folder: Path) -> None:
    """Write all kinds; one line each."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in KINDS.values():
        path = one.write(folder)
        sys.stdout.write(f"{path.name}: {one.expected}\n")
    sys.stdout.write(f"{len(KINDS)} kinds in {folder}\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.hostile FOLDER")
    main(Path(sys.argv[1]))
