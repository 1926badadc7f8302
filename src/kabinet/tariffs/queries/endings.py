"""What of the data by date ends soon, or is missing already: each is a month that cannot be charged rightly."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext_lazy as _

from kabinet.common.month import Month
from kabinet.suppliers.models import CalendarDay, StatutoryTerm, Supplier
from kabinet.tariffs.models import (
    Norm,
    PenaltyCap,
    PenaltyMoratorium,
    PenaltyRate,
    PenaltyStep,
    Tariff,
    VatRate,
    VolumeFactor,
)

#: A board that decides about eight times a year: a newest decision that is older than this has probably a successor.
RATE_IS_NEWS = dt.timedelta(days=120)

OF_LAW: dict[Any, Any] = {
    PenaltyCap: _("предел ставки пеней"),
    PenaltyMoratorium: _("мораторий на пени"),
    VatRate: _("ставка НДС"),
}
ALWAYS_NEEDED: dict[Any, Any] = {
    PenaltyRate: _("ключевая ставка"),
    PenaltyStep: _("ступени пеней"),
    VatRate: _("ставка НДС"),
    StatutoryTerm: _("сроки оплаты по закону"),
    CalendarDay: _("календарь рабочих дней"),
}
#: By which columns rows of a supplier follow each other.
OF_SUPPLIER: dict[Any, tuple[Any, tuple[str, ...], Callable[[Any], str]]] = {
    Tariff: (
        _("цена"),
        ("service_id", "usage_purpose_code", "zone", "above_m3"),
        lambda row: " ".join(filter(None, [row.service.name, row.usage_purpose_code, row.zone])),
    ),
    Norm: (
        _("норматив"),
        ("region_code", "usage_purpose_code", "unit", "unit_code"),
        lambda row: " ".join(filter(None, [row.region_code, row.usage_purpose_code, str(row.get_unit_display())])),
    ),
    VolumeFactor: (_("температурный коэффициент"), ("region_code",), lambda row: row.region_code),
}


@dataclass(frozen=True)
class Ending:
    """Something that ends without a successor.

    last_day       the last day for which it is known; None: not known at all
    supplier_name  "" for what holds for everybody
    details        which price or norm it is, or its rate
    """

    what: str
    last_day: dt.date | None
    supplier_name: str = ""
    details: str = ""
    source: str = ""


def endings(today: dt.date, *, within_days: int) -> list[Ending]:
    """Name what ends on one of the next days and has no successor, what is missing, and what looks out of date.

    Of what has ended before today nothing is said: it has been looked at, or it was meant to end.
    """
    horizon = today + dt.timedelta(days=within_days)
    found = [*_missing(), *_old_rate(today), *_calendar(horizon)]
    for model, what in OF_LAW.items():
        found += [
            Ending(str(what), _last_day(row), details=_rate(row), source=row.source)
            for row in _last_rows(model, (), today, horizon)
        ]
    for model, (what, columns, details) in OF_SUPPLIER.items():
        found += [
            Ending(str(what), _last_day(row), row.supplier.name, details(row), row.source)
            for row in _last_rows(model, ("supplier_id", *columns), today, horizon)
        ]
    return sorted(found, key=lambda ending: (ending.last_day or dt.date.min, ending.supplier_name, ending.what))


def _missing() -> list[Ending]:
    return [Ending(str(what), None) for model, what in ALWAYS_NEEDED.items() if not model.objects.exists()]


def _old_rate(today: dt.date) -> list[Ending]:
    newest = PenaltyRate.objects.order_by("-valid_from").first()
    if newest is None or today - newest.valid_from <= RATE_IS_NEWS:
        return []
    return [
        Ending(
            str(_("ключевая ставка: новых решений давно нет")),
            newest.valid_from,
            details=_rate(newest),
            source=newest.source,
        )
    ]


def _calendar(horizon: dt.date) -> list[Ending]:
    """A calendar is made for whole years: it ends with the year of its last day."""
    last = CalendarDay.objects.aggregate(last=Max("day"))["last"]
    if last is None or horizon.year <= last.year:
        return []
    return [Ending(str(ALWAYS_NEEDED[CalendarDay]), Month(last.year, 12).last_day)]


def _last_rows(model: Any, columns: tuple[str, ...], today: dt.date, horizon: dt.date) -> list[Any]:
    """Give the rows that end after today, by the horizon, with no row of the same columns on the day after."""
    following = model.objects.filter(
        valid_from=OuterRef("valid_until"), **{column: OuterRef(column) for column in columns}
    )
    rows = model.objects.filter(~Exists(following), valid_until__gt=today, valid_until__lte=horizon)
    if columns:
        rows = rows.filter(supplier__billing=Supplier.Billing.KABINET).select_related("supplier")
    return list(rows)


def _last_day(row: Any) -> dt.date:
    return row.valid_until - dt.timedelta(days=1)


def _rate(row: Any) -> str:
    return f"{row.rate_percent.normalize():f} %".replace(".", ",") if hasattr(row, "rate_percent") else ""
