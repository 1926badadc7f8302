"""A file that somebody hands in as a photo is judged by what it is, and drawn anew."""

import io
import subprocess
import sys
import threading

import pytest
from PIL import Image

from kabinet.meters.formats import photos, redraw
from kabinet.meters.formats.photos import NotDrawn, Trouble
from kabinet.meters.operations.photos import PhotoRefused, draw_photo
from kabinet.meters.tests import pictures
from kabinet.meters.tests.pictures import picture, saved


def draw(content):
    return photos.draw(io.BytesIO(content))


def opened(content):
    return Image.open(io.BytesIO(content), formats=["JPEG"])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "MPO"])
def test_what_phones_and_browsers_make_becomes_two_jpegs(kind):
    drawing = draw(picture(kind, size=(3000, 2000)))

    assert opened(drawing.large).size == (1600, 1067)
    assert opened(drawing.small).size == (400, 267)
    assert opened(drawing.large).getpixel((10, 10)) == pytest.approx((20, 30, 40), abs=6)


def test_a_small_one_is_not_made_larger():
    assert opened(draw(picture(size=(60, 40))).large).size == (60, 40)


def test_it_is_turned_as_the_phone_was_held_and_says_nothing_of_place_or_phone():
    content = picture(size=(60, 40), exif=pictures.EXIF_OF_A_PHONE, comment=b"at home")
    assert b"Phone of Ivan" in content

    large = draw(content).large

    assert opened(large).size == (40, 60)
    assert opened(large).getpixel((20, 5))[0] < 60 < opened(large).getpixel((20, 55))[0]
    assert not opened(large).getexif()
    assert set(opened(large).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Phone" not in large
    assert b"at home" not in large


def test_what_is_hidden_behind_a_picture_is_gone():
    drawing = draw(picture() + pictures.HTML_AFTER_A_PICTURE)

    assert b"script" not in drawing.large + drawing.small


@pytest.mark.parametrize(
    "drawn",
    [
        Image.new("L", (50, 50), 7),
        Image.new("1", (50, 50), 1),
        Image.new("P", (50, 50), 1),
        Image.new("LA", (50, 50), (7, 0)),
        Image.new("RGBA", (50, 50), (1, 2, 3, 0)),
        Image.new("RGB", (1, 1), "red"),
        Image.new("RGB", (5000, 1), "red"),
    ],
    ids=lambda drawn: f"{drawn.mode}-{drawn.width}",
)
def test_every_kind_of_pixel_is_drawn_and_nothing_shows_through(drawn):
    large = opened(draw(saved(drawn, "PNG")).large)

    assert large.mode == "RGB"
    if drawn.mode in ("LA", "RGBA"):
        assert large.getpixel((5, 5)) == pytest.approx((255, 255, 255), abs=3)


JPEG = picture(size=(600, 400))
HOSTILE = {
    "nothing": (b"", Trouble.EMPTY),
    "one byte": (b"\xff", Trouble.NOT_A_PICTURE),
    "zeros": (bytes(1000), Trouble.NOT_A_PICTURE),
    "too large": (JPEG + bytes(photos.LARGEST_FILE), Trouble.TOO_LARGE),
    "svg": (pictures.SVG, Trouble.NOT_A_PICTURE),
    "gif": (picture("GIF"), Trouble.NOT_A_PICTURE),
    "tiff": (picture("TIFF"), Trouble.NOT_A_PICTURE),
    "bmp": (picture("BMP"), Trouble.NOT_A_PICTURE),
    "avif": (picture("AVIF"), Trouble.NOT_A_PICTURE),
    "pdf": (picture("PDF"), Trouble.NOT_A_PICTURE),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", Trouble.NOT_A_PICTURE),
    "html that begins as a gif": (b"GIF89a/*" + pictures.HTML_AFTER_A_PICTURE, Trouble.NOT_A_PICTURE),
    "zip": (b"PK\x03\x04" + bytes(100), Trouble.NOT_A_PICTURE),
    "heic": (pictures.HEIC, Trouble.HEIC),
    "moving png": (pictures.moving("PNG"), Trouble.MOVES),
    "moving webp": (pictures.moving("WEBP"), Trouble.MOVES),
    "a head without a body": (JPEG[:30], Trouble.BROKEN),
    "png without pixels": (pictures.png_that_claims(100, 100), Trouble.BROKEN),
    "png of 500 megapixels": (pictures.png_that_claims(25_000, 20_000), Trouble.TOO_MANY_PIXELS),
    "png of four thousand million": (pictures.png_that_claims(65_535, 65_535), Trouble.TOO_MANY_PIXELS),
    "png one row too large": (pictures.png_that_claims(8000, 5001), Trouble.TOO_MANY_PIXELS),
    "png as wide as it goes": (pictures.png_that_claims(2**31 - 1, 1), Trouble.TOO_MANY_PIXELS),
    "webp of 200 megapixels": (pictures.webp_that_claims(16_000, 12_500), Trouble.TOO_MANY_PIXELS),
    **{f"jpeg cut at {part}%": (JPEG[: len(JPEG) * part // 100], Trouble.BROKEN) for part in (40, 60, 80, 95)},
    **{
        f"{kind} cut in half": (content[: len(content) // 2], Trouble.BROKEN)
        for kind, content in {k: saved(Image.effect_noise((200, 200), 90), k) for k in ("PNG", "WEBP")}.items()
    },
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_for_what_it_is_and_in_words(name):
    content, trouble = HOSTILE[name]

    with pytest.raises(NotDrawn) as refused:
        draw(content)
    assert refused.value.trouble == trouble
    with pytest.raises(PhotoRefused) as said:
        draw_photo(io.BytesIO(content))
    assert len(str(said.value)) > 20
    assert "%(" not in str(said.value)


@pytest.mark.parametrize("seed", range(20))
def test_a_picture_with_some_bytes_changed_is_drawn_or_refused_and_nothing_else(seed):
    kind = ["JPEG", "PNG", "WEBP"][seed % 3]
    content = bytearray(saved(Image.effect_noise((80, 60), 90).convert("RGB"), kind))
    for step in range(1, 12):
        content[(seed * 7919 + step * 104_729) % len(content)] ^= 0x55 + step

    try:
        drawing = draw(bytes(content))
    except NotDrawn:
        return
    assert opened(drawing.large).size[0] <= redraw.LARGE


@pytest.mark.parametrize("make", [pictures.bomb, pictures.bomb_of_texts], ids=lambda make: make.__name__)
def test_a_bomb_goes_off_within_the_memory_that_is_set(make):
    """The limit is the process's own; here it is seen to be in force: it cannot be raised, and holds for the bomb."""
    content = make()
    assert len(content) < 500_000

    command = [sys.executable, "-I", redraw.__file__]
    done = subprocess.run(command, input=content, capture_output=True, env={}, check=False)

    assert done.returncode in {0, redraw.TOO_MANY_PIXELS, redraw.BROKEN}
    assert b"Traceback" not in done.stderr


def test_what_takes_more_memory_than_is_set_is_refused_and_ends_alone():
    code = f"""
import resource, runpy, sys
before = resource.getrlimit(resource.RLIMIT_AS)
sys.argv = ["redraw.py"]
import io
sys.stdin = type("In", (), {{"buffer": io.BytesIO(b"not a picture")}})
module = runpy.run_path({redraw.__file__!r})
assert module["main"]() == module["NOT_A_PICTURE"]
try:
    bytearray(module["MOST_MEMORY"])
except MemoryError:
    print("held")
"""
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)

    assert done.stdout.strip() == "held", done.stderr


@pytest.mark.parametrize(("semaphore", "places"), [(photos._turns, 1), (photos._places, 3)])
def test_so_many_are_drawn_and_wait_at_once_and_the_next_is_asked_to_come_later(monkeypatch, semaphore, places):
    monkeypatch.setattr(photos, "TURN_S", 0.01)
    taken = 0
    while semaphore().acquire(blocking=False):
        taken += 1
    try:
        with pytest.raises(NotDrawn) as refused:
            draw(picture())
    finally:
        for _ in range(taken):
            semaphore().release()

    assert taken == places
    assert refused.value.trouble == Trouble.BUSY
    assert draw(picture()).large


def test_some_at_once_are_all_drawn_in_their_turn(monkeypatch):
    monkeypatch.setattr(photos, "TURN_S", 60)
    drawn = []
    threads = [threading.Thread(target=lambda: drawn.append(draw(picture()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(drawn) == 3
