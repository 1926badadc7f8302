"""The payment symbol as a picture: a QR code that carries exactly the bytes of the payload."""

import zxingcpp


def symbol_svg(payload: bytes) -> str:
    """Draw a payload as a QR code with correction level M and a quiet zone of four modules.

    The code carries no ECI header. Given bytes, the writer would add one that says "binary" (899), and the readers in
    many banks' applications stop at a header that they do not know; the norm names the encoding in the payload itself.
    """
    code = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="M", eci="Unknown")
    return code.to_svg()
