"""What may go wrong on purpose: a refusal that a person can act upon, a thing that is not there, an outside system."""

from decimal import Decimal
from typing import Any

from django.db import OperationalError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from kabinet.common.month import Month
from kabinet.common.words import month_words


class Refusal(Exception):
    """A "no" that a person can act upon. Subclasses stand beside the use-case that raises them.

    code     stable word for programs, such as ``reading-implausible``
    field    name of the form's field that it belongs to; None for the whole form
    message  one whole sentence that says what to do, with named places filled from the keyword arguments
    """

    code: str = "refused"
    field: str | None = None
    message: Any = _("Действие отклонено.")

    def __init__(self, **values: Any) -> None:
        super().__init__(self.code)
        self.values = values

    def __str__(self) -> str:
        return str(self.message) % {name: _for_people(name, value) for name, value in self.values.items()}


class Busy(Refusal, OperationalError):
    """Others hold what is needed, for longer than somebody waits: a supplier's register is being applied, for one.

    It is a refusal, so that a form says it and keeps what was typed; and an error of the database, so that a job is
    tried again and a gateway's call is answered as when the database is away.
    """

    code = "busy"
    message = _(
        "Сейчас обновляются данные, которые для этого нужны. Подождите минуту и нажмите ещё раз: то, что Вы ввели, "
        "осталось на месте."
    )


def _for_people(name: str, value: Any) -> Any:
    """Write a month or a number as the reader's language does: roubles with both kopecks, other numbers exactly."""
    if isinstance(value, Month):
        return month_words(value)
    if not isinstance(value, Decimal):
        return value
    return number_format(value, decimal_pos=2 if name.endswith("_rub") else None, use_l10n=True, force_grouping=True)


class NotFound(Exception):
    """There is no such thing for whoever asks: absent and foreign are the same. Every site answers 404."""


class Unavailable(Exception):
    """An outside system did not answer as it should: nothing is known about what it did; try again later."""


class Rejected(Exception):
    """An outside system said no, for good.

    reason  its own stable word, kept as text
    """

    def __init__(self, reason: str, description: str = "") -> None:
        super().__init__(f"{reason}: {description}" if description else reason)
        self.reason = reason
        self.description = description
