"""A disk that can be full: a tmpfs in mounts of this process alone, for which nobody has to be root.

As a program it tries whether the machine allows that: `python -I small_disk.py FOLDER`.
"""

import ctypes
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x20, 0x4000, 0x40000
MNT_DETACH = 0x2
SAFE = MS_NOSUID | MS_NODEV
#: More than any test needs; only what is written takes memory.
ROOMY_BYTES = 16 * 2**30
LOOKED_AT_EVERY_S = 0.005


def may_be_had() -> bool:
    """Tell whether this machine lets us mount; a process of its own tries, since nobody comes back from a half."""
    with tempfile.TemporaryDirectory() as folder:
        probe = [sys.executable, "-I", "-S", __file__, folder]
        return subprocess.run(probe, check=False, stderr=subprocess.DEVNULL).returncode == 0


def enter_own_mounts() -> None:
    """Leave the mounts of the machine; children begun from now on go with us. Before the first thread. Raises OSError.

    Root needs no more than that. Anybody else becomes who they are in a user namespace of their own, where mounting is
    theirs.
    """
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        _call("unshare", CLONE_NEWNS)
    else:
        _call("unshare", CLONE_NEWUSER | CLONE_NEWNS)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    _call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)


@dataclass
class SmallDisk:
    """A file system of which the test says how much room it has."""

    folder: Path

    @property
    def used(self) -> int:
        """How much is written, bytes."""
        state = os.statvfs(self.folder)
        return (state.f_blocks - state.f_bfree) * state.f_frsize

    def leave(self, room: int) -> None:
        """Leave room for so many bytes more, as if a neighbour's file had taken the rest."""
        while True:  # whoever writes between the look and the call makes it smaller than what is there
            try:
                self._resize(self.used + room)
            except OSError:
                continue
            return

    def free(self) -> None:
        """Give room for everything again."""
        self._resize(ROOMY_BYTES)

    @contextmanager
    def growth(self) -> Iterator[list[int]]:
        """Give a list that holds afterwards by how many bytes more than at first were used at the most."""
        at_first, most, is_over = self.used, [0], threading.Event()

        def look() -> None:
            while not is_over.wait(LOOKED_AT_EVERY_S):
                most[0] = max(most[0], self.used - at_first)

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        try:
            yield most
        finally:
            is_over.set()
            thread.join()

    def _resize(self, size: int) -> None:
        _call("mount", None, os.fsencode(self.folder), None, MS_REMOUNT | SAFE, f"size={size}".encode())


@contextmanager
def mounted(folder: Path) -> Iterator[SmallDisk]:
    """Put such a disk into an empty folder; only within mounts of our own."""
    _call("mount", b"kabinet", os.fsencode(folder), b"tmpfs", SAFE, f"size={ROOMY_BYTES},mode=0700".encode())
    try:
        yield SmallDisk(folder)
    finally:
        _call("umount2", os.fsencode(folder), MNT_DETACH)


def _call(name: str, *arguments: bytes | int | None) -> None:
    """Call a function of the system's library. Raises OSError."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


if __name__ == "__main__":
    enter_own_mounts()
    with mounted(Path(sys.argv[1])) as disk:
        disk.leave(0)
