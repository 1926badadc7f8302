"""A photo of a meter that was never taken: drawn, with the number that the reading says."""

import io

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

SIZE = (1200, 900)
WALL, CASE, EDGE, PLATE = (168, 160, 148), (214, 216, 214), (140, 144, 146), (238, 238, 232)
DRUM, RED_DRUM, WHITE, INK = (24, 26, 28), (168, 34, 30), (244, 244, 240), (52, 56, 60)
DIGIT = (86, 124)
GAP = 10
#: How the phone was held, in degrees.
TILT = 2.5


def dial_photo(digits: str, serial_number: str) -> bytes:
    """Draw the front of a gas meter as a JPEG.

    digits  what the black drums show; the red ones after them show what nobody asks about
    """
    photo = Image.new("RGB", SIZE, WALL)
    pen = ImageDraw.Draw(photo)
    pen.rounded_rectangle((140, 90, 1060, 810), radius=70, fill=CASE, outline=EDGE, width=10)
    pen.rounded_rectangle((220, 230, 980, 690), radius=24, fill=PLATE, outline=EDGE, width=4)
    pen.ellipse((560, 130, 640, 210), fill=EDGE)
    pen.text((270, 560), "GAS METER  G4", fill=INK, font=_font(40))
    pen.text((270, 615), f"No {serial_number}", fill=INK, font=_font(40))
    pen.text((930, 300), "m", fill=INK, font=_font(38), anchor="rt")
    pen.text((936, 292), "3", fill=INK, font=_font(24))
    _drums(pen, digits, left=270, top=360)
    held = photo.rotate(TILT, Image.Resampling.BICUBIC, fillcolor=WALL).filter(ImageFilter.GaussianBlur(0.8))
    light = Image.linear_gradient("L").rotate(90).resize(SIZE).point(lambda shade: 150 + shade * 105 // 255)
    file = io.BytesIO()
    ImageChops.multiply(held, Image.merge("RGB", (light, light, light))).save(file, "JPEG", quality=85)
    return file.getvalue()


def _drums(pen: ImageDraw.ImageDraw, digits: str, *, left: int, top: int) -> None:
    width, height = DIGIT
    shown = f"{digits}407"
    pen.rectangle(
        (left - GAP, top - GAP, left + len(shown) * (width - 4), top + height + GAP), fill=EDGE, outline=INK, width=3
    )
    for place, digit in enumerate(shown):
        x = left + place * (width - 4)
        is_red = place >= len(digits)
        pen.rectangle((x, top, x + width - GAP, top + height), fill=RED_DRUM if is_red else DRUM)
        pen.text((x + (width - GAP) / 2, top + height / 2), digit, fill=WHITE, font=_font(96), anchor="mm")


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
