"""Small file systems that a test mounts for itself: FAT or exFAT in an image, or memory."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEGA = 1 << 20


class CannotMountError(Exception):
    """Why this machine cannot; tests skip with it."""


def run(*words: object) -> str:
    """Run a command; return what it printed."""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode:
        raise CannotMountError(f"{words[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()


def need(*tools: str) -> None:
    """Raise unless this is root with these tools."""
    if os.geteuid():
        raise CannotMountError("only root mounts")
    for tool in tools:
        if shutil.which(tool) is None:
            raise CannotMountError(f"{tool} is not installed")


@contextmanager
def mounted(image: Path, at: Path, kind: str) -> Iterator[Path]:
    """Mount an image of this kind; a driver in user space where the kernel has none."""
    at.mkdir(exist_ok=True)
    device = run("losetup", "--find", "--show", image)
    try:
        _mount(device, at, kind)
        try:
            yield at
        finally:
            subprocess.run(["umount", at], check=False, capture_output=True)
    finally:
        run("losetup", "--detach", device)


def _mount(device: str, at: Path, kind: str) -> None:
    if kind in Path("/proc/filesystems").read_text().split():
        run("mount", "-t", kind, device, at)
    elif kind == "exfat":
        need("mount.exfat-fuse")
        run("mount.exfat-fuse", device, at)
    else:
        need("fusefat")
        run("fusefat", "-o", "rw+", device, at)


def image_of(kind: str, path: Path, megabytes: int) -> Path:
    """Make an image with an empty file system: `vfat` (FAT32) or `exfat`."""
    tool, *options = {"vfat": ("mkfs.vfat", "-F", "32"), "exfat": ("mkfs.exfat",)}[kind]
    need("losetup", tool)
    with path.open("wb") as file:
        file.truncate(megabytes * MEGA)
    run(tool, *options, path)
    return path


@contextmanager
def memory(at: Path, size: int) -> Iterator[Path]:
    """Mount a small file system in memory, size in bytes."""
    need("mount")
    at.mkdir(exist_ok=True)
    run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", at)
    try:
        yield at
    finally:
        run("umount", "--lazy", at)
