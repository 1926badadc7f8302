"""What penalties of many accounts are counted from."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import cache, partial

from django.db import connection

from kabinet.charges.models import AccrualPolicy, Charge
from kabinet.charges.queries.unpaid import CHARGE_SOURCE
from kabinet.charges.rules.penalties import Overdue, PenaltyCase, Settlement, due_day
from kabinet.common.month import Month, months_between
from kabinet.suppliers import queries as suppliers
from kabinet.tariffs.rules import PenaltyLaw

#: Lines of which another program or a person says what they are, and not our rules.
_NOT_BY_RULES = (Charge.Kind.IMPORTED, Charge.Kind.OPENING, Charge.Kind.ADJUSTMENT)

#: A month is charged, and lines that lower it are posted, at most so many months after it.
CHARGED_LATE_MONTHS = 12

# What is unpaid, or was settled so late that days of delay cost something: the rows of its charges and of whatever
# settled them. A line of accrual that lowers the month of the charge that it settles makes that never owed.
_ROWS = """
WITH late AS (
    SELECT id FROM charges_charge
    WHERE supplier_id = %(supplier_id)s AND account_id = ANY(%(account_ids)s) AND settled_rub < amount_rub
      AND period < %(period)s
    UNION
    SELECT charge.id
    FROM ledger_book AS book
    JOIN ledger_transfer AS transfer ON transfer.supplier_id = book.supplier_id AND transfer.credit_book_id = book.id
        AND transfer.period >= %(credited_since)s AND transfer.occurred_on >= %(since)s
    JOIN charges_allocation AS allocation
        ON allocation.supplier_id = transfer.supplier_id AND allocation.transfer_id = transfer.id
    JOIN charges_charge AS charge ON charge.supplier_id = allocation.supplier_id AND charge.id = allocation.charge_id
        AND transfer.occurred_on >= (charge.period + interval '1 month')::date + %(free_days)s
    WHERE book.supplier_id = %(supplier_id)s AND book.kind = 'customer' AND book.account_id = ANY(%(account_ids)s)
), charge AS (
    SELECT charge.* FROM late
    JOIN charges_charge AS charge ON charge.supplier_id = %(supplier_id)s AND charge.id = late.id
    WHERE charge.service_id <> %(penalty_service_id)s
), settled AS (
    SELECT charge_id, transfer_id, amount_rub, NULL::date AS released_on FROM charges_allocation
    WHERE supplier_id = %(supplier_id)s AND charge_id IN (SELECT id FROM charge)
    UNION ALL
    SELECT charge_id, transfer_id, amount_rub, released_on FROM charges_releasedallocation
    WHERE supplier_id = %(supplier_id)s AND charge_id IN (SELECT id FROM charge)
)
SELECT charge.account_id, charge.period, charge.charged_on, NULL::date, NULL::date, charge.amount_rub FROM charge
UNION ALL
SELECT charge.account_id, charge.period, charge.charged_on,
       CASE WHEN coalesce(credit.for_period, credit.period) = charge.period THEN charge.period
            ELSE transfer.occurred_on END,
       settled.released_on, settled.amount_rub
FROM settled
JOIN charge ON charge.id = settled.charge_id
JOIN ledger_transfer AS transfer ON transfer.supplier_id = %(supplier_id)s AND transfer.id = settled.transfer_id
LEFT JOIN charges_charge AS credit ON transfer.source_kind = %(charge_source)s AND credit.supplier_id = %(supplier_id)s
    AND credit.id = CASE WHEN transfer.source_kind = %(charge_source)s THEN transfer.source_id::bigint END
"""


def months_with_penalties(supplier_id: int, *, since: Month, until: Month) -> list[Month]:
    """Give the months of [since, until) in which a supplier charges penalties, by the policy of each, oldest first."""
    rows = AccrualPolicy.objects.filter(supplier_id=supplier_id, from_month__lt=until).order_by("from_month")
    policies = list(rows.values_list("from_month", "charges_penalties"))
    months = []
    for month in months_between(since, until):
        choices = [charges_penalties for from_month, charges_penalties in policies if from_month <= month]
        if choices and choices[-1]:
            months.append(month)
    return months


def penalty_cases(
    supplier_id: int,
    account_ids: Sequence[int],
    law: PenaltyLaw,
    *,
    penalty_service_id: int,
    period: Month,
    earlier: Sequence[Month],
) -> dict[int, PenaltyCase]:
    """Give what `rules.penalties.penalty_lines` needs, for those of many accounts that may get such lines.

    Three queries, and one for each month that something is due by. Raises suppliers.queries.TermUnknown.
    period   the month that is charged: penalties of its days
    earlier  the months before it whose penalties are looked at as well, oldest first
    """
    if not law.steps or not account_ids:
        return {}
    since = earlier[0] if earlier else period
    free_days = min(step.from_day for step in law.steps)
    overdue = _overdue(supplier_id, account_ids, penalty_service_id, since=since, period=period, free_days=free_days)
    charged = _charged(supplier_id, account_ids, penalty_service_id, since=since)
    concerned = sorted(overdue.keys() | charged.keys())
    charged_since = _charged_since(supplier_id, concerned, since=since, until=period)
    return {
        account_id: PenaltyCase(
            tuple(overdue.get(account_id, ())), charged.get(account_id, {}), charged_since.get(account_id)
        )
        for account_id in concerned
    }


def _overdue(
    supplier_id: int,
    account_ids: Sequence[int],
    penalty_service_id: int,
    *,
    since: Month,
    period: Month,
    free_days: int,
) -> dict[int, list[Overdue]]:
    with connection.cursor() as cursor:
        cursor.execute(
            _ROWS,
            {
                "supplier_id": supplier_id,
                "account_ids": list(account_ids),
                "penalty_service_id": penalty_service_id,
                "charge_source": CHARGE_SOURCE,
                "since": since.first_day,
                "credited_since": since.plus(-CHARGED_LATE_MONTHS).first_day,
                "period": period.first_day,
                "free_days": free_days,
            },
        )
        rows = cursor.fetchall()
    pay_by = cache(partial(suppliers.pay_by, supplier_id))
    charged_rub: dict[tuple[int, Month, dt.date], Decimal] = defaultdict(Decimal)
    settled: dict[tuple[int, Month, dt.date], list[Settlement]] = defaultdict(list)
    for account_id, first_day, charged_on, paid_on, released_on, amount_rub in rows:
        month = Month.of(first_day)
        key = account_id, month, due_day(month, charged_on, pay_by)
        if paid_on is None:
            charged_rub[key] += amount_rub
        else:
            settled[key].append(Settlement(paid_on, amount_rub, released_on))

    overdue: dict[int, list[Overdue]] = defaultdict(list)
    for (account_id, month, due_on), amount_rub in sorted(charged_rub.items()):
        parts = tuple(sorted(settled[account_id, month, due_on], key=lambda part: part.paid_on))
        charged = Overdue(month, due_on, amount_rub, parts)
        first_day = max(due_on + dt.timedelta(days=free_days), since.first_day)
        if first_day <= period.last_day and charged.is_owed_on(first_day):
            overdue[account_id].append(charged)
    return dict(overdue)


def _charged(
    supplier_id: int, account_ids: Sequence[int], penalty_service_id: int, *, since: Month
) -> dict[int, dict[Month, Decimal]]:
    """Give the penalties that were charged for the days of each month from `since` on."""
    with connection.cursor() as cursor:  # an array: a list of thousands of parameters takes longer than the query
        cursor.execute(
            """
            SELECT account_id, for_period, sum(amount_rub) FROM charges_charge
            WHERE supplier_id = %(supplier_id)s AND account_id = ANY(%(account_ids)s) AND service_id = %(service_id)s
              AND kind = %(kind)s AND period >= %(since)s AND for_period >= %(since)s
            GROUP BY account_id, for_period
            """,
            {
                "supplier_id": supplier_id,
                "account_ids": list(account_ids),
                "service_id": penalty_service_id,
                "kind": Charge.Kind.PENALTY,
                "since": since.first_day,
            },
        )
        rows = cursor.fetchall()
    charged: dict[int, dict[Month, Decimal]] = defaultdict(dict)
    for account_id, first_day, amount_rub in rows:
        charged[account_id][Month.of(first_day)] = amount_rub
    return dict(charged)


def _charged_since(supplier_id: int, account_ids: Sequence[int], *, since: Month, until: Month) -> dict[int, Month]:
    """Give the first month of [since, until) that our rules have charged, of each account that has one."""
    if not account_ids or since == until:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT account_id, min(period) FROM charges_charge
            WHERE supplier_id = %(supplier_id)s AND account_id = ANY(%(account_ids)s)
              AND period >= %(since)s AND period < %(until)s AND kind <> ALL(%(not_by_rules)s)
            GROUP BY account_id
            """,
            {
                "supplier_id": supplier_id,
                "account_ids": list(account_ids),
                "since": since.first_day,
                "until": until.first_day,
                "not_by_rules": list(_NOT_BY_RULES),
            },
        )
        return {account_id: Month.of(first_day) for account_id, first_day in cursor.fetchall()}
