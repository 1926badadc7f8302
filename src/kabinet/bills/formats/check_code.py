"""The code by which a paper is verified: made, written for people, read back as people type it, drawn for a camera.

80 random bits: nobody hits upon another's by trying. The alphabet leaves out I, L, O and U, which are misread.
"""

import re
import secrets

import zxingcpp

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
GROUP = 4

#: What is typed for what is meant: look-alikes of Latin, and the Cyrillic letters of the same shape.
_MEANT = str.maketrans("OILАВЕКМНОРСТХУ", "011ABEKMH0PCTXY")


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def written(code: str) -> str:
    """Write a code as it is printed: «7K2M-9QXD-04TB-HN5R»."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read(typed: str) -> str | None:
    """Give the code that was typed, whatever its case, spaces and dashes; None for what cannot be one."""
    code = re.sub(r"[\s\u00a0‐-―−-]", "", typed).upper().translate(_MEANT)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def link_svg(address: str) -> str:
    """Draw a link as a QR code, so that a telephone opens the page of the check."""
    return zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_svg()
