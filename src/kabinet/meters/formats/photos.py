"""Photos that people hand in: judged by their content and drawn anew, a few at a time, in a process of their own."""

import contextlib
import enum
import functools
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from kabinet.meters.formats import redraw

LARGEST_FILE = 10 * 2**20
MOST_PIXELS = redraw.MOST_PIXELS
#: How long a request waits for its turn to draw, and for the drawing, in seconds.
TURN_S, DRAWING_S = 5, 30
#: What the files of iPhones call themselves in their fifth to twelfth bytes.
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


class Trouble(enum.Enum):
    """Why a file has become no photo."""

    EMPTY = enum.auto()
    TOO_LARGE = enum.auto()
    HEIC = enum.auto()
    NOT_A_PICTURE = enum.auto()
    TOO_MANY_PIXELS = enum.auto()
    MOVES = enum.auto()
    BROKEN = enum.auto()
    BUSY = enum.auto()


TROUBLES = {
    redraw.NOT_A_PICTURE: Trouble.NOT_A_PICTURE,
    redraw.TOO_MANY_PIXELS: Trouble.TOO_MANY_PIXELS,
    redraw.MOVES: Trouble.MOVES,
}


class NotDrawn(Exception):
    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.name)
        self.trouble = trouble


@dataclass(frozen=True)
class Drawing:
    """A photo as it is kept: two JPEGs of our own making."""

    large: bytes
    small: bytes


def draw(file: BinaryIO) -> Drawing:
    """Draw what a file shows, without what else it says: place, camera, anything hidden in it or behind it.

    file  open for reading at any place; no more of it is read than may be taken

    Raises NotDrawn.
    """
    file.seek(0)
    content = file.read(LARGEST_FILE + 1)
    if not content:
        raise NotDrawn(Trouble.EMPTY)
    if len(content) > LARGEST_FILE:
        raise NotDrawn(Trouble.TOO_LARGE)
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        raise NotDrawn(Trouble.HEIC)
    with _taken(_places(), wait_s=0), _taken(_turns(), wait_s=TURN_S):
        drawn = _draw_alone(content)
    if drawn.returncode != 0:
        raise NotDrawn(TROUBLES.get(drawn.returncode, Trouble.BROKEN))
    end_of_small = 8 + int(drawn.stdout[:8], 16)
    return Drawing(large=drawn.stdout[end_of_small:], small=drawn.stdout[8:end_of_small])


def _draw_alone(content: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            [sys.executable, "-I", str(Path(redraw.__file__))],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            timeout=DRAWING_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotDrawn(Trouble.BUSY) from error


@contextlib.contextmanager
def _taken(places: threading.Semaphore, *, wait_s: float) -> Iterator[None]:
    if not places.acquire(timeout=wait_s):
        raise NotDrawn(Trouble.BUSY)
    try:
        yield
    finally:
        places.release()


@functools.cache
def _turns() -> threading.Semaphore:
    """Give what lets a process draw so many photos at once: each takes up to `redraw.MOST_MEMORY`."""
    return threading.BoundedSemaphore(settings.PHOTOS_AT_ONCE)


@functools.cache
def _places() -> threading.Semaphore:
    """Give what keeps the others out: two wait for each that is drawn, so that threads are left for everybody else."""
    return threading.BoundedSemaphore(3 * settings.PHOTOS_AT_ONCE)
