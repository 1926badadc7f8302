"""The payment symbol as a picture: a QR code that carries exactly the bytes of the payload."""

import zxingcpp

# What the code itself says of its bytes, by the digit with which the payload says the same.
_DECLARED = {"1": "Cp1251", "2": "UTF-8"}


def symbol_svg(payload: bytes) -> str:
    """Draw a payload as a QR code with correction level M and a quiet zone of four modules.

    The code declares its character set (ECI 26 or 22). Given bare bytes the writer would declare them binary, and
    without any, readers guess anew for each run between digits: a short word among numbers becomes hieroglyphs.
    """
    declared = _DECLARED[payload[6:7].decode()]
    return zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="M", eci=declared).to_svg()
