"""What a charged month should have been by the tariffs and facts of today."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q

from kabinet.charges import rules
from kabinet.charges.models import AccrualRun, Charge
from kabinet.charges.queries.account_months import account_months
from kabinet.charges.queries.readings import uncharged_readings
from kabinet.charges.queries.terms import MonthTerms, month_terms, policy_of
from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.meters.models import Reading


@dataclass(frozen=True)
class CorrectionPreview:
    """What a correction of a month would charge an account: nothing is written.

    oddities         why the month could not be computed anew; then there are no lines
    next_reading_on  the day of a reading that stands in no charge and tells of the month, as it was taken in it, or as
                     no other did; the next accrual takes it
    """

    period: Month
    lines: tuple[rules.Line, ...]
    oddities: tuple[rules.Oddity, ...]
    next_reading_on: dt.date | None

    @property
    def amount_rub(self) -> Decimal:
        return sum((line.amount_rub for line in self.lines), ZERO)

    @property
    def changes_anything(self) -> bool:
        return bool(self.lines)


def correction_preview(supplier_id: int, account_id: int, for_period: Month, *, reason: str = "") -> CorrectionPreview:
    """Tell what a correction of a charged month would cost or give back. Raises NotFound for a month without terms."""
    month = terms_of_month(supplier_id, for_period)
    accrued = corrections_of(month, [account_id], reason=reason)
    if account_id not in accrued:
        raise NotFound
    of_account = accrued[account_id]
    return CorrectionPreview(
        for_period, of_account.lines, of_account.oddities, _next_reading_on(supplier_id, account_id, for_period)
    )


def _next_reading_on(supplier_id: int, account_id: int, for_period: Month) -> dt.date | None:
    telling = uncharged_readings(supplier_id, account_id).filter(
        used_from__lte=for_period.last_day, taken_on__gte=for_period.first_day
    )
    estimated = Charge.objects.filter(
        supplier_id=supplier_id,
        account_id=account_id,
        period=for_period,
        kind__in=(Charge.Kind.AVERAGE, Charge.Kind.NORM),
    )
    if not estimated.exists():
        telling = telling.filter(taken_on__lte=for_period.last_day)
    return telling.values_list("taken_on", flat=True).first()


def terms_of_month(supplier_id: int, period: Month) -> MonthTerms:
    """Give what a month is charged by today. Raises NotFound where the supplier has made no choices for it."""
    policy = policy_of(supplier_id, period)
    if policy is None:
        raise NotFound
    return month_terms(supplier_id, period, policy)


def terms_of_run(run: AccrualRun) -> MonthTerms:
    """Give what a run computes by: the terms of its month, of a correction those of the month that it corrects."""
    return terms_of_month(run.supplier_id, run.for_period or run.period)


def corrections_of(month: MonthTerms, account_ids: Sequence[int], *, reason: str) -> dict[int, rules.Accrued]:
    """Give the lines that make a charged month of accounts what it should have been: see rules.recompute."""
    read_later = _read_later(month, account_ids)
    return {
        account_id: rules.recompute(
            replace(account, read_later=tuple(read_later[account_id])), month.terms, reason=reason
        )
        for account_id, account in account_months(month, account_ids).items()
    }


def _read_later(month: MonthTerms, account_ids: Sequence[int]) -> dict[int, list[rules.ReadLater]]:
    """Give the accepted readings that were charged in later months and left days as they had been charged."""
    rows = Charge.objects.filter(
        supplier_id=month.supplier_id, account_id__in=account_ids, period__gt=month.period, reading_id__isnull=False
    ).filter(Q(inputs__has_key="kept") | Q(inputs__reading__has_key="kept"))
    kept: dict[int, tuple[rules.Days, ...]] = {}
    for reading_id, inputs in rows.values_list("reading_id", "inputs"):
        days = inputs.get("reading", inputs)["kept"]
        kept[reading_id] = tuple(rules.Days(_day(span["since"]), _day(span["until"])) for span in days)
    columns = ("id", "taken_on", "value_m3", "previous_m3", "used_from", "volume_m3", "is_rollover")
    readings = Reading.objects.filter(
        supplier_id=month.supplier_id, id__in=list(kept), status=Reading.Status.ACCEPTED, used_from__isnull=False
    )
    found: dict[int, list[rules.ReadLater]] = defaultdict(list)
    for account_id, scale_id, *values in readings.values_list("account_id", "scale_id", *columns):
        reading = rules.Reading(*values)
        found[account_id].append(rules.ReadLater(scale_id, reading, kept[reading.id]))
    return found


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
