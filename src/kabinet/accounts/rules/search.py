"""What somebody on the phone says, read as what it may be: plain values in and out, no Django (docs/adr/0176, 0192)."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from kabinet.accounts.rules import keyboards
from kabinet.accounts.rules.sounding import near_words, sound, surname_key

LONGEST = 120
LEAST_OF_NUMBER = LEAST_OF_SERIAL = 4
_LONGEST_SERIAL = 40
_MOST_WORDS = 8
#: No name and no street has a longer one; all slips of a longer word would be a query that PostgreSQL refuses.
_LONGEST_WORD = 40

_MEANT = re.compile(
    r"^\s*(?:(?P<phone>тел(?:ефон)?|моб(?:ильный)?|сот(?:овый)?)"
    r"|(?P<serial>(?:заводской|серийный|зав|сер)?[\s.]*(?:номер)?\s*сч[её]тчик\w*|прибор\s+уч[её]та|заводской|серийный|зав|пу)"
    r"|(?P<number>л/?с|лицевой(?:\s+сч[её]т)?))\b(?:[\s.:]*номер\b)?[\s.:]*",
    re.IGNORECASE,
)
#: A mailbox, the part before the sign of which is whole: `anna`, `anna@`, `anna@mail`.
_MAILBOX = re.compile(r"[a-z0-9][a-z0-9._+-]{2,}", re.IGNORECASE)
_PUNCTUATION = str.maketrans(dict.fromkeys(".,;:/\\-–—()\"№«»'", " "))
_POSTCODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_ORDINAL = re.compile(r"(\d)(?:-?(?:го|ая|ой|ый|ий|ое)|-[яйех])\b")
_STUCK = re.compile(
    r"(?<=\d)(кв|корп|стр|лит|к)(?=[\s.]*\d)|(?<![а-яё])(д|дом|кв|корп|стр|к)(?=\d)"
    r"|(?<=[а-яё]{3})(?=\d)|(?<=\d)(?=[а-яё]{3})"
)
_FLAT = re.compile(r"\b(?:квартира|кв)\W*(\d+[а-я]?)\b")
_FLAT_BEFORE = re.compile(r"\b(\d+[а-я]?)\s*(?:квартира|кв)\b")
_HOUSE_LETTER = re.compile(r"(\d)\s+([а-жи])(?=\s|$)(?!\s*\d)")
_HOUSE_LETTERS = "абвгдежзиклмнопрстуфхцчшщэюя"
_NUMBER = re.compile(r"\d+")
_FLAT_OF = re.compile(r"\d+[а-я]?")
_LEAST_OF_HALF = 4
#: Words that say what kind of place it is: one supplier writes them, the next does not.
_PLACE_WORDS = (
    "улица ул проспект просп пр пркт т кт переулок пер площадь пл шоссе ш бульвар б р проезд наб тупик "
    "аллея дом д корпус корп к строение стр литера лит квартира кв комната ком "
    "город г поселок пос п село с деревня дер область обл край район микрорайон мкр пгт рп снт днт"
)
PLACE_WORDS = frozenset(_PLACE_WORDS.split())
#: Such a word too, but hardly a town has no street of that name.
_EMBANKMENT = "набережная"


@dataclass(frozen=True)
class Place:
    """An address or a part of one. numbers are houses and blocks, the last may be a flat as well.

    spelled  its words as they were typed
    flat     where somebody said that it is one
    """

    spelled: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    flat: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """Its words as they sound."""
        return tuple(dict.fromkeys(map(sound, self.spelled)))

    def meant(self) -> list[frozenset[str]]:
        """Give for each word how those sound that may be meant: a slip away, or one of two without a blank between."""
        return [near_words(word) | _halves(word) for word in self.spelled]

    def comparison(self) -> Callable[[str, str, str], bool]:
        """Give what tells whether all that was typed is in an address: its words with one slip each, its numbers."""
        near = [near_words(word) for word in self.spelled]
        numbers = {number.rstrip(_HOUSE_LETTERS) for number in self.numbers}

        def fits(locality: str, street_address: str, flat: str) -> bool:
            words, there = _words_of(f"{locality} {street_address}"), set(_NUMBER.findall(f"{street_address} {flat}"))
            has_flat = not self.flat or self.flat in _FLAT_OF.findall(flat.casefold())
            return has_flat and numbers <= there and all(not each.isdisjoint(words) for each in near)

        return fits


@dataclass(frozen=True)
class Typed:
    """What one text may be; empty where it cannot be that.

    number  of an account: each supplier has its own form of it
    phone   digits, to be read by whoever knows phones
    email   or its beginning: what stands before the @ is whole
    serial  a part of a meter's serial number: letters and digits, capitals
    name    words of a payer's name, the surname first
    """

    number: str = ""
    phone: str = ""
    email: str = ""
    serial: str = ""
    name: tuple[str, ...] = ()
    place: Place | None = None


def readings(text: str) -> list[Typed]:
    """Tell what a text may be: as it stands; else as the other keyboard writes it; else as Russian in Latin letters."""
    text = unicodedata.normalize("NFKC", text.replace("№", " ")).strip()[:LONGEST]
    found = [read(text)]
    if keyboards.is_latin(text) and "@" not in text:
        found += [read(keyboards.on_cyrillic_keyboard(text)), read(keyboards.transliterated(text))]
    elif '"' in text and " " not in text:
        found.append(read(keyboards.on_latin_keyboard(text)))
    return found


def read(text: str) -> Typed:
    """Tell what a text may be as it stands. It may be several things: ten digits are a number, a phone or a meter."""
    if "@" in text:
        return Typed(email=text)
    if keyboards.is_cyrillic(text):
        text = keyboards.alike_in_cyrillic(text)
    meant = _MEANT.match(text)
    kind = meant.lastgroup if meant else ""
    bare = text[meant.end() :] if meant else text
    compact = "".join(sign for sign in bare if sign.isalnum()).upper()
    figures = "".join(sign for sign in compact if sign.isdigit())
    if kind == "phone":
        return Typed(phone=figures)
    if kind == "serial":
        return Typed(serial=_serial(compact))
    if kind == "number" or figures == compact:
        numeric = Typed(number=bare) if compact else Typed()
        return numeric if kind else Typed(number=numeric.number, phone=figures, serial=_serial(compact))
    email = text if _MAILBOX.fullmatch(text) else ""
    if not figures:
        return Typed(email=email, name=_name(bare), place=_place(bare))
    is_one_word = len(bare.split()) == 1 or len(figures) >= LEAST_OF_SERIAL
    return Typed(
        number=bare if is_one_word else "",
        email=email,
        serial=_serial(compact) if is_one_word else "",
        place=_place(bare),
    )


def email_beginning(email: str) -> str:
    """Give how an address begins that was not said to its end; what stands before the @ is whole."""
    beginning = email.casefold()
    return beginning if "@" in beginning else f"{beginning}@"


def _serial(compact: str) -> str:
    return keyboards.alike_in_cyrillic(compact) if LEAST_OF_SERIAL <= len(compact) <= _LONGEST_SERIAL else ""


def _name(text: str) -> tuple[str, ...]:
    words = text.translate(_PUNCTUATION).split() if "-" not in text else re.split(r"[\s.,]+", text)
    return tuple(word for word in words if len(word) <= _LONGEST_WORD and surname_key(word))[:3]


def _place(text: str) -> Place | None:
    """Read a place; None when no word of it is a name."""
    rest = _STUCK.sub(r" \1\2 ", _ORDINAL.sub(r"\1", _POSTCODE.sub(" ", text.casefold())))
    flat = _FLAT.search(rest) or _FLAT_BEFORE.search(rest)
    if flat:
        rest = f"{rest[: flat.start()]} {rest[flat.end() :]}"
    rest = _HOUSE_LETTER.sub(r"\1\2", rest.translate(_PUNCTUATION))
    tokens = [token for token in rest.split() if token not in PLACE_WORDS][:_MOST_WORDS]
    numbers = tuple(token for token in tokens if token[0].isdigit())
    words = [token for token in tokens if _is_word(token)]
    named = [word for word in words if word != _EMBANKMENT] or words
    return Place(tuple(named), numbers, flat[1] if flat else "") if named else None


def _words_of(address: str) -> list[str]:
    """Give the words of an address as they sound, and every two neighbours as one."""
    words = [token for token in address.casefold().translate(_PUNCTUATION).split() if _is_word(token)]
    return [sound(word) for word in [*words, *map("".join, pairwise(words))]]


def _halves(word: str) -> frozenset[str]:
    places = range(_LEAST_OF_HALF, len(word) - _LEAST_OF_HALF + 1)
    return frozenset(sound(half) for place in places for half in (word[:place], word[place:]))


def _is_word(token: str) -> bool:
    return not token[0].isdigit() and 1 < len(token) <= _LONGEST_WORD and sound(token).isalnum()
