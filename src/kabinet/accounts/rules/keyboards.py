"""What was meant by letters of the wrong alphabet: plain values in and out, no Django."""

import re

_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./"
_CYRILLIC_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю."
_LATIN_SHIFTED = '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?'
_CYRILLIC_SHIFTED = "ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"
_TO_CYRILLIC = str.maketrans(_LATIN_KEYS + _LATIN_SHIFTED + "#", _CYRILLIC_KEYS + _CYRILLIC_SHIFTED + "№")
_TO_LATIN = str.maketrans(
    _CYRILLIC_KEYS[:-1] + _CYRILLIC_SHIFTED[:-1] + '"', _LATIN_KEYS[:-1] + _LATIN_SHIFTED[:-1] + "@"
)

#: Letters of a passport, a card and a mailbox: several ways of writing each. The longest stand first.
_WRITTEN = {
    "shch": "щ",
    "sch": "щ",
    "zh": "ж",
    "kh": "х",
    "ts": "ц",
    "tz": "ц",
    "ch": "ч",
    "sh": "ш",
    "yo": "ё",
    "jo": "ё",
    "yu": "ю",
    "ju": "ю",
    "iu": "ю",
    "ya": "я",
    "ja": "я",
    "ia": "я",
    "ye": "е",
    "je": "е",
    "ph": "ф",
    "ck": "к",
    "x": "кс",
    **dict(zip("abvgdezijklmnoprstufhcwqy'", "абвгдезийклмнопрстуфхквкйь", strict=True)),
}
_WRITTEN_SIGN = re.compile("|".join(_WRITTEN))
#: Capitals that look alike in both alphabets, as they are printed on meters.
LATIN_ALIKE, CYRILLIC_ALIKE = "ABCEHKMOPTXY", "АВСЕНКМОРТХУ"
_ALIKE = str.maketrans(LATIN_ALIKE + "aceopxy", CYRILLIC_ALIKE + "асеорху")


def is_latin(text: str) -> bool:
    """Tell whether a text has Latin letters and no Cyrillic ones."""
    return bool(re.search("[A-Za-z]", text)) and not is_cyrillic(text)


def is_cyrillic(text: str) -> bool:
    """Tell whether a text has a Cyrillic letter."""
    return bool(re.search("[А-Яа-яЁё]", text))


def on_cyrillic_keyboard(text: str) -> str:
    """Give what the same keys write in Cyrillic: «bdfyjd» is «иванов»."""
    return text.translate(_TO_CYRILLIC)


def on_latin_keyboard(text: str) -> str:
    """Give what the same keys write in Latin: «фттф"ьфшдюкг» is «anna@mail.ru»."""
    return text.translate(_TO_LATIN)


def transliterated(text: str) -> str:
    """Give what a Russian word in Latin letters is: «Shcherbakova» is «щербакова»."""
    return _WRITTEN_SIGN.sub(lambda sign: _WRITTEN[sign[0]], text.lower())


def alike_in_cyrillic(text: str) -> str:
    """Give Latin letters that look like Cyrillic ones as those: nobody sees which «А» a meter bears."""
    return text.translate(_ALIKE)
