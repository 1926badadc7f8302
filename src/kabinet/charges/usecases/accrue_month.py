"""Accrue a month of one account at once: what a run does for all, with nobody to look at it before."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations as accounts
from kabinet.charges import queries, rules
from kabinet.charges.models import Charge
from kabinet.charges.operations import posting, runs
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.common.month import Month
from kabinet.suppliers import queries as suppliers


class TariffMissing(Refusal):
    code = "tariff-missing"
    message = _("На %(day)s не задана цена. Задайте её и повторите начисление.")


class NormMissing(Refusal):
    code = "norm-missing"
    message = _("На %(day)s не задан норматив. Задайте его и повторите начисление.")


class FactorMissing(Refusal):
    code = "factor-missing"
    message = _("На %(day)s не задан температурный коэффициент. Задайте его и повторите начисление.")


class PenaltyRateMissing(Refusal):
    code = "penalty-rate-missing"
    message = _("На %(day)s не заданы ставка пеней или срок оплаты. Задайте их и повторите начисление.")


_REFUSALS = {
    "no_tariff": TariffMissing,
    "no_norm": NormMissing,
    "no_factor": FactorMissing,
    "no_rate": PenaltyRateMissing,
}


@usecase
def accrue_month(*, supplier_id: int, account_id: int, period: Month, now: dt.datetime) -> list[Charge]:
    """Charge an account for a month as the rules say, and post it. Again: only what has come since.

    Raises PeriodNotOver before the month has ended by the supplier's calendar; AnotherRun while the supplier's accounts
    are charged by a run; PolicyMissing; TariffMissing and its like for a day of which something is not known, and then
    writes nothing; NotFound.
    Source: docs/adr/0045, docs/adr/0120.
    """
    accounts.lock_account(supplier_id, account_id)
    today = suppliers.local_day(now, suppliers.supplier_card(supplier_id))
    runs.check_is_over(period, today=today)
    runs.check_no_run(supplier_id)
    month = queries.month_terms(supplier_id, period, runs.policy_for(supplier_id, period))

    lines: list[rules.Line] = []
    for accrued in (queries.accrued_of(month, [account_id]), queries.penalties_of(month, [account_id])):
        if account_id in accrued:
            _refuse(accrued[account_id].oddities)
            lines += accrued[account_id].lines
    return posting.charge_lines(supplier_id, account_id, period, lines, charged_on=today, now=now)


def _refuse(oddities: tuple[rules.Oddity, ...]) -> None:
    for oddity in oddities:
        if refusal := _REFUSALS.get(oddity.kind):
            raise refusal(day=f"{dt.date.fromisoformat(oddity.details['day']):%d.%m.%Y}")
