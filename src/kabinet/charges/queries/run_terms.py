"""What a run was computed by: it is released only while the same holds."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal

from kabinet.charges.models import AccrualBatch, AccrualRun
from kabinet.charges.queries.corrections import terms_of_month
from kabinet.charges.queries.runs import RunRow
from kabinet.charges.queries.terms import MonthTerms
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.suppliers.models import CalendarDay, PaymentTerm, StatutoryTerm
from kabinet.tariffs.models import Benefit

_TERM = ("from_month", "bill_by_day", "pay_by_day")
_BENEFIT = (
    "id",
    "code",
    "name",
    "service_id",
    "share_percent",
    "limit_m3",
    "is_limit_per_head",
    "monthly_rub",
    "funded_by",
    "source",
)


def terms_digest(month: MonthTerms) -> str:
    """Give a digest of all that every account of a month is charged by; of what one account has of its own, nothing.

    It is the same again only while the same prices, norms, factors, benefits, law, days to pay and choices of the
    supplier hold, whenever and by whomever they were set.
    Source: docs/adr/0199.
    """
    # Days to pay and benefits are read with the accounts that they concern, so they are looked at here once more.
    # The latest month that may be overdue is the one before, due in this one: a day off moves that by days.
    calendar_until = month.period.plus(2).first_day
    beside = (
        list(PaymentTerm.objects.filter(supplier_id=month.supplier_id).order_by("from_month").values_list(*_TERM)),
        list(StatutoryTerm.objects.order_by("from_month").values_list(*_TERM)),
        list(CalendarDay.objects.filter(day__lt=calendar_until).order_by("day").values_list("day", "is_working")),
        list(Benefit.objects.filter(supplier_id=month.supplier_id).order_by("id").values_list(*_BENEFIT)),
    )
    return hashlib.sha256(json.dumps(_plain((month, beside)), ensure_ascii=False).encode()).hexdigest()


def _plain(value: object) -> object:
    """Give a value as JSON has it, equal for equal values. Raises TypeError for what it does not know."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal | dt.date | Month):
        return str(value)
    if is_dataclass(value):
        return [_plain(getattr(value, column.name)) for column in fields(value)]
    if isinstance(value, Mapping):
        return sorted(([_plain(key), _plain(item)] for key, item in value.items()), key=json.dumps)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no digest")


def terms_changed(run: AccrualRun | RunRow) -> bool:
    """Tell whether any account of a run was computed by something else than what holds now."""
    try:
        digest = terms_digest(terms_of_month(run.supplier_id, run.for_period or run.period))
    except NotFound:  # the supplier has no service any more to charge its consumption to
        return True
    rows = AccrualBatch.objects.filter(supplier_id=run.supplier_id, run_id=run.id)
    return rows.exclude(terms_digest=digest).exists()
