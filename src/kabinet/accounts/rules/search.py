"""What somebody on the phone says, read as what it may be: plain values in and out, no Django.

The database keeps the same keys as indexes (migration ``accounts.0002_search``); a test holds both equal. Letters are
compared by how they sound, so that «Шербакава» is Щербакова and «Пушкена 5» is Пушкина, 5 (docs/adr/0176).
"""

import re
import unicodedata
from dataclasses import dataclass

#: Letters that people take for one another; ъ and ь, at the end, sound like nothing.
_LETTERS = str.maketrans("ёеэыйяюобвгджзщц", "ииииииуапфктшсшс", "ъь")
_SOUNDS = "аиукфптсшхчлмнр"
_DOUBLED = re.compile(r"([а-я])\1+")
_NO_LETTERS = re.compile(r"[^а-яa-z]+")
_ENDING = re.compile(r"(?<=[фн])а$|(?:аи|и)$")

LONGEST = 120
LEAST_OF_SERIAL = 4
_LONGEST_SERIAL = 40
_MOST_WORDS = 8

_MEANT = re.compile(
    r"^\s*(?:(?P<phone>тел(?:ефон)?|моб)|(?P<serial>(?:заводской|серийный)?\s*сч[её]тчик\w*|заводской|серийный|пу)"
    r"|(?P<number>л/?с|лицевой(?:\s+сч[её]т)?))\b[\s.:]*",
    re.IGNORECASE,
)
_PUNCTUATION = str.maketrans(dict.fromkeys(".,;:/\\-–—()\"№«»'", " "))
_FLAT = re.compile(r"(?:квартира|кв)\W*(\d+[а-я]?)\b")
_HOUSE_LETTER = re.compile(r"(\d)\s+([а-жи])(?=\s|$)(?!\s*\d)")
#: Words that say what kind of place it is: one supplier writes them, the next does not.
_PLACE_WORDS = (
    "улица ул проспект просп пр пркт т кт переулок пер площадь пл шоссе ш бульвар б р проезд набережная наб тупик "
    "аллея дом д корпус корп к строение стр литера лит квартира кв комната ком "
    "город г поселок пос п село с деревня дер область обл край район микрорайон мкр пгт рп снт днт"
)
PLACE_WORDS = frozenset(_PLACE_WORDS.split())


@dataclass(frozen=True)
class Place:
    """An address or a part of one. words are as they sound, numbers are houses and blocks, last may be a flat as well.

    flat  where somebody said that it is one
    """

    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    flat: str = ""


@dataclass(frozen=True)
class Typed:
    """What one text may be; empty where it cannot be that.

    number  of an account: each supplier has its own form of it
    phone   as it was typed, to be read by whoever knows phones
    serial  a part of a meter's serial number: letters and digits, capitals
    name    words of a payer's name, the surname first
    """

    number: str = ""
    phone: str = ""
    email: str = ""
    serial: str = ""
    name: tuple[str, ...] = ()
    place: Place | None = None


def read(text: str) -> Typed:
    """Tell what a text may be. One text may be several things: ten digits are a number, a phone or a meter."""
    text = unicodedata.normalize("NFKC", text.replace("№", " ")).strip()[:LONGEST]
    if "@" in text:
        return Typed(email=text)
    meant = _MEANT.match(text)
    kind = meant.lastgroup if meant else ""
    bare = text[meant.end() :] if meant else text
    compact = "".join(sign for sign in bare if sign.isalnum()).upper()
    digits = sum(sign.isdigit() for sign in compact)
    if kind == "phone":
        return Typed(phone=bare)
    if kind == "serial":
        return Typed(serial=_serial(compact))
    if kind == "number" or digits == len(compact):
        numeric = Typed(number=bare) if compact else Typed()
        return numeric if kind else Typed(number=numeric.number, phone=bare, serial=_serial(compact))
    if not digits:
        return Typed(name=_name(bare), place=_place(bare))
    is_one_word = len(bare.split()) == 1 or digits >= LEAST_OF_SERIAL
    return Typed(number=bare if is_one_word else "", serial=_serial(compact) if is_one_word else "", place=_place(bare))


def _serial(compact: str) -> str:
    return compact if LEAST_OF_SERIAL <= len(compact) <= _LONGEST_SERIAL else ""


def _name(text: str) -> tuple[str, ...]:
    words = text.translate(_PUNCTUATION).split() if "-" not in text else re.split(r"[\s.,]+", text)
    return tuple(word for word in words if surname_key(word))[:3]


def _place(text: str) -> Place | None:
    """Read a place; None when no word of it is a name."""
    lowered = text.casefold()
    flat = _FLAT.search(lowered)
    rest = _FLAT.sub(" ", lowered).translate(_PUNCTUATION)
    rest = _HOUSE_LETTER.sub(r"\1\2", rest)
    tokens = [token for token in rest.split() if token not in PLACE_WORDS][:_MOST_WORDS]
    numbers = tuple(token for token in tokens if token[0].isdigit())
    words = tuple(dict.fromkeys(sounding for token in tokens if (sounding := _word(token))))
    return Place(words, numbers, flat[1] if flat else "") if words else None


def words_of(address: str) -> list[str]:
    """Give the words of an address as they sound."""
    return [sounding for token in address.casefold().translate(_PUNCTUATION).split() if (sounding := _word(token))]


def _word(token: str) -> str:
    sounding = "" if token[0].isdigit() or len(token) == 1 else sound(token)
    return sounding if sounding.isalnum() else ""


def sound(text: str) -> str:
    """Give a text as it sounds, small: «Щербакова» is «ширпакафа»."""
    sounding = text.lower().translate(_LETTERS).replace("тс", "с")
    return _DOUBLED.sub(r"\1", sounding)


def surname_key(surname: str) -> str:
    """Give a surname as it sounds, the same for a husband and a wife: «Иванов» and «Иванова» are «ифанаф»."""
    return _ENDING.sub("", _NO_LETTERS.sub("", sound(surname)))


def near(key: str) -> list[str]:
    """Give every key that is one slip from this one: a letter less, more, another, or two that changed places."""
    cuts = [(key[:index], key[index:]) for index in range(len(key) + 1)]
    less = (head + tail[1:] for head, tail in cuts if tail)
    swapped = (head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1)
    another = (head + letter + tail[1:] for head, tail in cuts if tail for letter in _SOUNDS)
    more = (head + letter + tail for head, tail in cuts for letter in _SOUNDS)
    return sorted({*less, *swapped, *another, *more} - {"", key})


def is_near(typed: str, word: str) -> bool:
    """Tell whether a word was typed: wholly, its beginning, or with one slip."""
    return word.startswith(typed) or (abs(len(typed) - len(word)) <= 1 and word in near(typed))
