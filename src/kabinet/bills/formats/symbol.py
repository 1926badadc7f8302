"""The payment symbol as a picture: a QR code that carries exactly the bytes of the payload."""

import math
import struct
import zlib
from typing import Any

import zxingcpp

# What the code itself says of its bytes, by the digit with which the payload says the same.
_DECLARED = {"1": "Cp1251", "2": "UTF-8"}

_BIT_OF_GREY = bytes(ord("0") if grey < 128 else ord("1") for grey in range(256))


def symbol_png(payload: bytes) -> bytes:
    """Draw a payload as a QR code with correction level M and a quiet zone of four modules: one pixel a module.

    The code declares its character set (ECI 26 or 22). Given bare bytes the writer would declare them binary, and
    without any, readers guess anew for each run between digits: a short word among numbers becomes hieroglyphs.

    A picture of single bits, not lines: the writer's own SVG takes it ten times as long, and every bill of a print
    file twenty times the room.
    """
    declared = _DECLARED[payload[6:7].decode()]
    barcode = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="M", eci=declared)
    image: Any = barcode.to_image(scale=1)
    bits = memoryview(image).tobytes().translate(_BIT_OF_GREY)
    width = math.isqrt(len(bits))  # a QR code is square
    rows = b"".join(b"\0" + _packed(bits[start : start + width]) for start in range(0, len(bits), width))
    header = struct.pack(">IIBBBBB", width, width, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _packed(bits: bytes) -> bytes:
    """Put eight digits of a row into a byte; the last one is filled up with white."""
    length = -(-len(bits) // 8)
    return int(bits.ljust(length * 8, b"1"), 2).to_bytes(length, "big")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
