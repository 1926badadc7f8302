"""What happened to an account, as lines of a timeline."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from kabinet.accounts.queries import AccountCard
from kabinet.common.month import Month
from kabinet.ledger.queries import MovementRow
from kabinet.meters.queries import ReadingRow
from kabinet.web.ui import formats


@dataclass(frozen=True)
class Event:
    """One line: what happened, when, and the sum or the number."""

    day: dt.date
    title: str
    text: str
    value: str
    tone: str
    icon: str
    kind: str
    href: str


def money_event(account: AccountCard, row: MovementRow, formulas: Mapping[int, str]) -> Event:
    """Put a movement of the ledger into words; `formulas` has the computation of charges by the charge's id.

    What lowers the debt has a plus: so people read their own money.
    """
    is_charge = row.source_kind == "charge"
    details = formulas.get(int(row.source_id), "") if is_charge else ""
    return Event(
        day=row.occurred_on,
        title=movement_title(row.kind, row.period),
        text=" · ".join(part for part in (formats.day_words(row.occurred_on), row.service_name, details) if part),
        value=formats.rub(-row.amount_rub, signed=True),
        tone="positive" if row.amount_rub < 0 else "",
        icon="receipt-text" if row.kind == "charge" else "credit-card",
        kind="ok" if row.amount_rub < 0 else "",
        href=reverse("cabinet:charges_month", args=[account.supplier_id, account.id, row.period]) if is_charge else "",
    )


def movement_title(kind: str, period: Month) -> str:
    """Say what a movement of the ledger is; a kind that has no words here is called by what it does to the sum."""
    title = _TITLES.get(kind, lambda month: _("Операция за %(month)s") % {"month": month})
    return title(formats.month_words(period))


_TITLES: dict[str, Callable[[str], str]] = {
    "charge": lambda month: _("Начисление за %(month)s") % {"month": month},
    "payment": lambda month: _("Оплата"),
    "refund": lambda month: _("Возврат"),
    "chargeback": lambda month: _("Возврат оплаты по требованию банка"),
    "benefit": lambda month: _("Льгота за %(month)s") % {"month": month},
    "write_off": lambda month: _("Списание долга"),
    "opening": lambda month: _("Остаток на начало учёта"),
    "adjustment": lambda month: _("Перерасчёт за %(month)s") % {"month": month},
    "reversal": lambda month: _("Исправление за %(month)s") % {"month": month},
}


def reading_event(row: ReadingRow) -> Event:
    """Put a reading into words."""
    titles = {"accepted": _("Показание принято"), "questionable": _("Показание на проверке")}
    return Event(
        day=row.taken_on,
        title=titles.get(row.status, _("Показание не учтено")),
        text=f"{formats.day_words(row.taken_on)} · {row.source_name}",
        value=f"{formats.reading(row.value_m3, row.digits)}{formats.SPACE}{_('м³')}",
        tone="",
        icon="gauge",
        kind="",
        href="",
    )
