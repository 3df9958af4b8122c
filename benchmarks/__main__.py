"""Run every benchmark of this folder, one after the other, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent

for path in sorted(FOLDER.glob("[!_]*.py")):
    print(f"── {path.stem.replace('_', ' ')}", flush=True)
    subprocess.run([sys.executable, path], check=True, cwd=FOLDER.parent)
