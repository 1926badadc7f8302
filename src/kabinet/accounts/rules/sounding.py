"""How names sound: plain values in and out, no Django.

The database keeps the same keys as indexes (migration ``accounts.0002_search``); a test holds both equal. Letters are
compared by how they sound, so that «Шербакава» is Щербакова and «Пушкена 5» is Пушкина, 5 (docs/adr/0176).
"""

import re
from collections.abc import Iterator

#: Letters that people take for one another; ъ and ь, at the end, sound like nothing.
_LETTERS = str.maketrans("ёеэыйяюобвгджзщц", "ииииииуапфктшсшс", "ъь")
_SOUNDS = "аиукфптсшхчлмнр"
_DOUBLED = re.compile(r"([а-я])\1+")
_NO_LETTERS = re.compile(r"[^а-яa-z]+")
_ENDING = re.compile(r"(?<=[фн])а$|(?:аи|и)$")


def sound(text: str) -> str:
    """Give a text as it sounds, small: «Щербакова» is «ширпакафа»."""
    return _run_together(_heard(text))


def surname_key(surname: str) -> str:
    """Give a surname as it sounds, the same for a husband and a wife: «Иванов» and «Иванова» are «ифанаф»."""
    return _surname(_heard(surname))


def near_surnames(surname: str) -> list[str]:
    """Give the keys of all surnames that are one slip from this one, the likeliest slips first."""
    own = surname_key(surname)
    keys = (_surname(slip) for slip in _slips(_NO_LETTERS.sub("", _heard(surname))))
    return [key for key in dict.fromkeys(keys) if key and key != own]


def near_words(word: str) -> frozenset[str]:
    """Give how all words sound that are at most one slip from this one."""
    return frozenset({sound(word), *(_run_together(slip) for slip in _slips(_heard(word)))}) - {""}


def _heard(text: str) -> str:
    return text.lower().translate(_LETTERS)


def _run_together(heard: str) -> str:
    return _DOUBLED.sub(r"\1", heard.replace("тс", "с"))


def _surname(heard: str) -> str:
    return _ENDING.sub("", _NO_LETTERS.sub("", _run_together(heard)))


def _slips(letters: str) -> Iterator[str]:
    """Give what was meant when a slip was made: two letters changed places, one too many, one left out, another one.

    Letters, not sounds that have run together: who leaves the «м» out of «Ромакенко» has left two vowels side by side.
    """
    cuts = [(letters[:index], letters[index:]) for index in range(len(letters) + 1)]
    yield from (head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1)
    yield from (head + tail[1:] for head, tail in cuts if tail)
    yield from (head + sounding + tail for head, tail in cuts for sounding in _SOUNDS)
    yield from (head + sounding + tail[1:] for head, tail in cuts if tail for sounding in _SOUNDS)
