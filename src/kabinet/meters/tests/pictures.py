"""Pictures for tests, made by code: honest ones, and ones that were made to hurt whoever opens them."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

EXIF_OF_A_PHONE = Image.Exif()
EXIF_OF_A_PHONE[0x010F] = "Phone of Ivan"  # Make
EXIF_OF_A_PHONE[0x0112] = 6  # held upright: turn it by 90°
EXIF_OF_A_PHONE.get_ifd(0x8825)[1] = "N"  # GPS


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    """Give a picture that is dark to the left and light to the right."""
    drawn = Image.new("RGB", size, "white")
    drawn.paste((20, 30, 40), (0, 0, size[0] // 2, size[1]))
    return saved(drawn, kind, **options)


def saved(drawn: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    drawn.save(file, kind, **options)
    return file.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_that_claims(width: int, height: int, content: bytes = b"") -> bytes:
    """Give a PNG of some hundred bytes that says it is as large as that."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(content)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def webp_that_claims(width: int, height: int) -> bytes:
    """Give a WebP that says so in its head; Pillow would make room for it before it tells the size."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    honest = picture("WEBP", lossless=True)
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x00\x00\x00\x00" + sides + honest[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def bomb() -> bytes:
    """Give a PNG of 40 megapixels, as large as may be, with transparency, in some kilobytes."""
    return saved(Image.new("RGBA", (8000, 5000), (10, 20, 30, 128)), "PNG")


def bomb_of_texts() -> bytes:
    """Give a small PNG whose remarks unpack to 400 MB."""
    remark = zlib.compress(b"0" * 100_000_000, 9)
    texts = b"".join(chunk(b"zTXt", b"Comment\x00\x00" + remark) for _ in range(4))
    honest = picture("PNG")
    return honest[:33] + texts + honest[33:]


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML_AFTER_A_PICTURE = b"<script>alert(document.domain)</script>"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(500)
