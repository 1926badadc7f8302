"""The payment symbol of ГОСТ Р 56042-2014: what a bank's application reads from the square on a bill. No Django here.

The norm has no escaping. What keeps a payload readable is the choice of the separator by content, and of the encoding
by length: the five mandatory fields with the service block may take 300 *bytes*, and Cyrillic takes two each in UTF-8.
Rules and limits: docs/adr/0060.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from kabinet.common.money import to_kopecks
from kabinet.common.month import Month

MANDATORY = ("Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc")
MANDATORY_BLOCK_BYTES = 300

# Characters, not bytes. Two open libraries disagree on Purpose (160, 210): the smaller one is safe with both.
LENGTH_LIMITS = {
    "Name": 160,
    "PersonalAcc": 20,
    "BankName": 45,
    "BIC": 9,
    "CorrespAcc": 20,
    "PayeeINN": 12,
    "KPP": 9,
    "Sum": 18,
    "Purpose": 160,
}

SEPARATORS = "|#;:^_~{}!$%&()*+,/@"

# The digit after «ST0001», and the codec that it stands for, in the order in which they are tried.
ENCODINGS = (("2", "utf-8"), ("1", "cp1251"))


class SymbolImpossible(ValueError):
    """These fields cannot be written as a symbol: one is missing, too long, or there is no separator left."""


def payment_symbol(fields: Mapping[str, str]) -> bytes:
    """Write the payload of a payment symbol, byte for byte as the square carries it.

    fields  names of the norm to values; the five mandatory ones stand first in the payload whatever their order here,
            the others follow as they come. Empty values are left out, runs of white space become one space.

    UTF-8 is preferred; where its mandatory block passes 300 bytes, windows-1251 is tried. Raises SymbolImpossible.
    Source: ГОСТ Р 56042-2014, sections on the service block and the mandatory fields.
    """
    values = {name: " ".join(value.split()) for name, value in fields.items()}
    missing = [name for name in MANDATORY if not values.get(name)]
    if missing:
        raise SymbolImpossible(f"mandatory fields are empty: {', '.join(missing)}")
    for name, limit in LENGTH_LIMITS.items():
        if len(values.get(name, "")) > limit:
            raise SymbolImpossible(f"{name} is longer than {limit} characters")

    separator = _free_separator(values.values())
    mandatory = [f"{name}={values[name]}" for name in MANDATORY]
    others = [f"{name}={value}" for name, value in values.items() if value and name not in MANDATORY]
    for digit, codec in ENCODINGS:
        service_block = f"ST0001{digit}"
        try:
            block = separator.join([service_block, *mandatory]).encode(codec)
            payload = separator.join([service_block, *mandatory, *others]).encode(codec)
        except UnicodeEncodeError:
            continue
        if len(block) <= MANDATORY_BLOCK_BYTES:
            return payload
    raise SymbolImpossible(f"the mandatory block takes more than {MANDATORY_BLOCK_BYTES} bytes in every encoding")


def _free_separator(values: Iterable[str]) -> str:
    text = "".join(values)
    for separator in SEPARATORS:
        if separator not in text:
            return separator
    raise SymbolImpossible("every separator that the norm allows occurs in a value")


def symbol_sum(amount_rub: Decimal) -> str:
    """Give the value of ``Sum``: whole kopecks. Empty when there is nothing to pay, so that the payer types it."""
    return str(to_kopecks(amount_rub)) if amount_rub > 0 else ""


def symbol_period(period: Month) -> str:
    """Give the value of ``PaymPeriod``: 062015 for June 2015."""
    return f"{period.month:02}{period.year:04}"


def cut(text: str, length: int) -> str:
    """Shorten a text to the length that a field of the symbol allows, at a word where there is one.

    A bank is found by its БИК, so a name cut short still leads the money to the right place.
    """
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    head = text[:length]
    if text[length] != " " and " " in head:
        head = head.rsplit(" ", 1)[0]
    return head.rstrip()


def digits_in_boxes(value_m3: Decimal, digits: int) -> str:
    """Write what a dial shows, whole cubic metres with leading zeros: 1262 on a dial of five is «01262»."""
    return str(int(value_m3)).zfill(digits)
