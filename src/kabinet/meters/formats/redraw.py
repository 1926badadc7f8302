"""Draws a stranger's picture anew, alone in a process: ``python -I redraw.py`` with the picture on stdin.

Nothing of the portal is imported here, and nothing of it is in this process: what a malicious picture can do to a
decoder, it does to a process without secrets, with limits of memory and time.

stdout  eight digits of hexadecimal: the length of the small picture in bytes; then the small one and the large one
exit    0, or one of the codes below
"""

import io
import resource
import sys
import warnings
from collections.abc import Iterator

from PIL import Image, UnidentifiedImageError

NOT_A_PICTURE, TOO_MANY_PIXELS, MOVES, BROKEN = 10, 11, 12, 13

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 40_000_000
MOST_MEMORY = 512 * 2**20
MOST_CPU_S = 5
#: The longer side in pixels: digits are read on the large one, the small one stands in a list.
LARGE, SMALL = 1600, 400
ORIENTATION = 0x0112
#: How to turn a picture upright, by what EXIF says of the camera.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def main() -> int:
    """Read, judge, draw, write. Gives the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # ours is stricter
    content = sys.stdin.buffer.read()
    width, height = webp_size(content)
    if width * height > MOST_PIXELS:
        return TOO_MANY_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return TOO_MANY_PIXELS
            if picture.format != "MPO" and getattr(picture, "is_animated", False):
                return MOVES
            large, small = drawn(picture)
    except UnidentifiedImageError:
        return NOT_A_PICTURE
    except MemoryError:
        return TOO_MANY_PIXELS
    except Exception:  # noqa: BLE001 - a decoder raises anything at all for a file that was made to hurt it
        return BROKEN
    sys.stdout.buffer.write(f"{len(small):08x}".encode() + small + large)
    return 0


def drawn(picture: Image.Image) -> Iterator[bytes]:
    """Give the large and the small picture as JPEG, upright, with nothing else of what the file said."""
    picture.draft("RGB", (LARGE, LARGE))  # a JPEG is decoded at a fraction of its size, in as little memory
    turn = TURNS.get(picture.getexif().get(ORIENTATION, 1))
    if picture.mode in ("1", "P", "PA"):
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((LARGE, LARGE), reducing_gap=2)
    canvas = Image.new("RGB", picture.size, "white")
    canvas.paste(picture.convert("RGB"), mask=picture.getchannel("A") if "A" in picture.getbands() else None)
    if turn is not None:
        canvas = canvas.transpose(turn)
    for side in (LARGE, SMALL):
        canvas.thumbnail((side, side))
        file = io.BytesIO()
        canvas.save(file, "JPEG", quality=80, optimize=True)
        yield file.getvalue()


def webp_size(content: bytes) -> tuple[int, int]:
    """Read width and height from the head of a WebP: Pillow makes room for the whole before it tells them.

    (0, 0) for anything else. Source: RFC 9649, 2.5 to 2.7.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < 30:
        return 0, 0
    kind = content[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8L":
        sides = int.from_bytes(content[21:25], "little")
        return 1 + (sides & 0x3FFF), 1 + (sides >> 14 & 0x3FFF)
    return int.from_bytes(content[26:28], "little") & 0x3FFF, int.from_bytes(content[28:30], "little") & 0x3FFF


if __name__ == "__main__":
    sys.exit(main())
