"""QR codes as SVG."""

import re

import zxingcpp

from sandbox.page.html import Html, render


def qr_svg(text: str) -> Html:
    """A QR code with its quiet zone, to be shown at any size on white."""
    drawn = zxingcpp.write_barcode_to_svg(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode))
    size = re.search(r'<svg width="(\d+)"', drawn)[1]
    path = re.search(r'<path d="([^"]+)"', drawn)[1]
    return render("qr", size=size, path=path)
