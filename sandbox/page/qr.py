"""QR codes as SVG."""

import re

import zxingcpp

from sandbox.page.html import Html, render


def qr_svg(text: str) -> Html:
    """A QR code with its quiet zone, to be shown at any size on white."""
    drawn = zxingcpp.write_barcode_to_svg(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode))
    (size,), (path,) = re.findall(r'<svg width="(\d+)"', drawn), re.findall(r'<path d="([^"]+)"', drawn)
    return render("qr", size=size, path=path)
