"""Codes that a telephone's camera reads, as pictures for `<img src>`."""

import base64

import zxingcpp


def picture_code(text: str) -> str:
    """Draw a text as a QR code and give it as the address of a picture."""
    svg = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_svg()
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
