"""The form of a card, as it was typed."""

import re
from dataclasses import dataclass

from sandbox.means import Card


@dataclass(frozen=True)
class CardForm:
    """The fields of the card form as they were typed, and what is wrong with them."""

    number: str
    expires: str
    csc: str
    errors: dict[str, str]

    @classmethod
    def example(cls, *, year: int) -> "CardForm":
        """The card that pays at once, so that a tester only presses the button."""
        return cls(number="5555 5555 5555 4444", expires=f"12/{(year + 4) % 100:02d}", csc="123", errors={})

    @classmethod
    def read(cls, fields: dict[str, str]) -> "CardForm":
        number, expires, csc = (fields.get(name, "").strip()[:30] for name in ("number", "expires", "csc"))
        errors = {}
        if not re.fullmatch(r"[0-9]{13,19}", _digits(number)):
            errors["number"] = "Введите номер карты: от 13 до 19 цифр."
        if not re.fullmatch(r"(0[1-9]|1[0-2]) ?/? ?[0-9]{2}", expires, re.ASCII):
            errors["expires"] = "Введите месяц и год, например 12/30."
        if not re.fullmatch(r"[0-9]{3}", csc):
            errors["csc"] = "Введите три цифры с оборота карты."
        return cls(number=number, expires=expires, csc=csc, errors=errors)

    @property
    def card(self) -> Card:
        """The card of a form without errors."""
        return Card(number=_digits(self.number), month=int(self.expires[:2]), year=2000 + int(self.expires[-2:]))


def _digits(number: str) -> str:
    return number.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace("-", "")
