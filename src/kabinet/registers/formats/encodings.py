"""In which encoding a text is: what can be told by its bytes, and nothing more.

KOI8-R is never taken by itself: a short text reads as well in it as in cp1251. A person may choose it.
"""

import codecs
import re
from dataclasses import dataclass
from typing import NamedTuple

#: Those that a profile may name, as Python calls them.
ENCODINGS = ("utf-8", "cp1251", "cp866", "koi8-r", "utf-16")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: A capital after a small letter: the same letters read in a wrong encoding.
_SMALL_THEN_CAPITAL = re.compile("[а-яё][А-ЯЁ]")
_FOREIGN_WORDS = re.compile(rb"[\x80-\xff]+")
_RUSSIAN = re.compile("[А-ЯЁа-яё]")
#: Ten letters that make up six tenths of a Russian text; in another encoding they are others.
_FREQUENT = re.compile("[оеаинтсрвл]", re.IGNORECASE)
#: Signs of Russian texts beside letters.
_USUAL = frozenset("№«»—–…\u00a0°²³±§“”„‘’‚‹›•·©®™€¬\u00ad¦¶†‡‰ЄІЇєіїґҐ")
#: So much more Russian the first has to look than the second.
_CLEAR_LEAD = 0.2


@dataclass(frozen=True)
class Encoding:
    """What may be told of a text. name: "" when it cannot be told; candidates: the likeliest first."""

    name: str
    candidates: tuple[str, ...]


def find_encoding(sample: bytes, *, is_whole: bool) -> Encoding:
    """Tell in which encoding the beginning of a file is; is_whole: there is nothing after it."""
    if marked := encoding_by_mark(sample):
        return Encoding(marked, (marked,))
    if _is_utf8(sample, is_whole=is_whole):
        return Encoding("utf-8", ("utf-8",))
    # Each word counts once: a million lines with the same «газ» say no more than one.
    words = b" ".join(set(_FOREIGN_WORDS.findall(sample)))
    scores = {name: _likeness(words.decode(name, errors="replace")) for name in ("cp1251", "cp866", "koi8-r")}
    first, second, third = sorted(scores, key=lambda name: -scores[name])
    is_clear = first != "koi8-r" and scores[first] - scores[second] >= _CLEAR_LEAD
    return Encoding(first if is_clear else "", (first, second, third))


def encoding_by_mark(sample: bytes) -> str:
    """Give the encoding that the first bytes of a file name; "" when they name none."""
    return next((name for mark, name in _MARKS if sample.startswith(mark)), "")


def _is_utf8(sample: bytes, *, is_whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=is_whole)
    except UnicodeDecodeError:
        return False
    return True


def _likeness(text: str) -> float:
    """Say how Russian a text looks, from about −1 to 1: letters that are frequent, against signs that no text has."""
    foreign = [sign for sign in text if ord(sign) > 127]
    if not foreign:
        return 0.0
    strange = sum(1 for sign in foreign if not _RUSSIAN.match(sign) and sign not in _USUAL)
    turned = len(_SMALL_THEN_CAPITAL.findall(text))
    return (len(_FREQUENT.findall(text)) - strange - turned) / len(foreign)


def place_of_another(data: bytes, encoding: str) -> int | None:
    """Give the place where a text in a one-byte encoding has what no Russian text in it has; None when it has nothing.

    There a part of it is in another one: capitals of it are letters that Russian has not, small ones a run of signs.
    """
    strange = _STRANGE.get(encoding, b"")
    if strange and len(data.translate(None, strange)) != len(data):
        return next(place for place, byte in enumerate(data) if byte in strange)
    run = _RUNS.get(encoding)
    if run and len(data.translate(None, run.signs)) != len(data) and (match := run.pattern.search(data)):
        return match.start()
    return None


class _Run(NamedTuple):
    """Bytes of which two never stand side by side."""

    signs: bytes
    pattern: re.Pattern[bytes]


def _run(signs: bytes) -> _Run:
    return _Run(signs, re.compile(b"[" + re.escape(signs) + b"]{2}"))


def _strange_bytes(encoding: str) -> bytes:
    signs = ((byte, bytes([byte]).decode(encoding, errors="replace")) for byte in range(128, 256))
    return bytes(byte for byte, sign in signs if not (_RUSSIAN.match(sign) or sign in _USUAL))


_STRANGE = {encoding: _strange_bytes(encoding) for encoding in ("cp1251", "cp866", "koi8-r")}
_RUNS = {
    "cp1251": _run(bytes(byte for byte in range(0xA1, 0xB0) if byte not in b"\xa7\xab")),  # small а–п of cp866
    "cp866": _run(bytes([*range(0xF0, 0xF8), 0xFA, 0xFD])),  # small р–я of cp1251
}
