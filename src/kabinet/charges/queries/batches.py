"""What a batch of a run needs to know of its accounts."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from kabinet.accounts.models import Account
from kabinet.charges import rules
from kabinet.charges.models import AccrualRun, DraftCharge
from kabinet.charges.queries.account_months import account_months
from kabinet.charges.queries.penalties import months_with_penalties, penalty_cases
from kabinet.charges.queries.terms import MonthTerms
from kabinet.charges.rules import penalties
from kabinet.charges.rules.penalties import KeyRateMissing, penalty_lines
from kabinet.charges.sql import statement
from kabinet.common.month import Month
from kabinet.suppliers.queries import TermUnknown

NO_RATE = "no_rate"


def purposes_and_zones(supplier_id: int, first_account_id: int, last_account_id: int) -> list[tuple[str, str]]:
    """Name the purposes of use and rate zones that the dials of accounts from one id to another have."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT coalesce(nullif(meter.usage_purpose_code, ''), account.usage_purpose_code), scale.zone
            FROM accounts_account AS account
            JOIN meters_meter AS meter
              ON meter.supplier_id = account.supplier_id AND meter.account_id = account.id
             AND meter.account_id BETWEEN %(first)s AND %(last)s
            JOIN meters_meterscale AS scale ON scale.supplier_id = account.supplier_id AND scale.meter_id = meter.id
            WHERE account.supplier_id = %(supplier_id)s AND account.id BETWEEN %(first)s AND %(last)s
            ORDER BY 1, 2
            """,
            {"supplier_id": supplier_id, "first": first_account_id, "last": last_account_id},
        )
        return cursor.fetchall()


def accounts_between(supplier_id: int, first_account_id: int, last_account_id: int) -> list[int]:
    """Name the accounts of a supplier from one id to another, both included, in order."""
    rows = Account.objects.filter(supplier_id=supplier_id, id__range=(first_account_id, last_account_id))
    return list(rows.order_by("id").values_list("id", flat=True))


def accounts_without_drafts(run: AccrualRun, first_account_id: int, last_account_id: int) -> list[int]:
    """Name the accounts from one id to another of which a run has no line yet."""
    drafts = DraftCharge.objects.filter(
        supplier_id=run.supplier_id,
        run=run,
        account_id=OuterRef("id"),
        account_id__gte=first_account_id,
        account_id__lte=last_account_id,
    )
    rows = Account.objects.filter(
        ~Exists(drafts), supplier_id=run.supplier_id, id__range=(first_account_id, last_account_id)
    )
    return list(rows.order_by("id").values_list("id", flat=True))


def draft_totals(run: AccrualRun, first_account_id: int, last_account_id: int) -> list[dict[str, Any]]:
    """Give what the drafts of accounts from one id to another come to, as `AccrualBatch.summary` keeps it."""
    with connection.cursor() as cursor:
        cursor.execute(
            statement("summary"),
            {
                "supplier_id": run.supplier_id,
                "run_id": run.id,
                "first": first_account_id,
                "last": last_account_id,
            },
        )
        [totals] = cursor.fetchone()
    return list(json.loads(totals))


def accrued_of(month: MonthTerms, account_ids: Sequence[int]) -> dict[int, rules.Accrued]:
    """Give what accounts are to be charged for a month, as the rules say."""
    return {
        account_id: rules.accrue(account, month.terms)
        for account_id, account in account_months(month, account_ids).items()
    }


def penalties_of(month: MonthTerms, account_ids: Sequence[int]) -> dict[int, rules.Accrued]:
    """Give the penalties of accounts that are to be charged under a month; accounts without any are not in it.

    Where the law does not say what is due, nothing is charged, and an oddity says so.
    """
    policy, service_id = month.terms.policy, month.penalty_service_id
    if service_id is None or not policy.charges_penalties:
        return {}
    since = month.period.plus(-policy.penalty_recheck_months)
    earlier = months_with_penalties(month.supplier_id, since=since, until=month.period)
    found: dict[int, rules.Accrued] = {}
    for account_id, case in _penalty_cases(month, earlier, service_id, account_ids).items():
        try:
            if case is None:
                raise KeyRateMissing(month.period.last_day)
            lines = penalty_lines(
                case,
                month.penalty_law,
                period=month.period,
                earlier=earlier,
                service_id=service_id,
            )
        except KeyRateMissing as missing:
            found[account_id] = rules.Accrued((), (rules.Oddity(NO_RATE, {"day": str(missing.day)}),))
        else:
            if lines:
                found[account_id] = rules.Accrued(lines, ())
    return found


def _penalty_cases(
    month: MonthTerms, earlier: Sequence[Month], service_id: int, account_ids: Sequence[int]
) -> dict[int, penalties.PenaltyCase | None]:
    """Give the cases of accounts; None for one that owes for a month of which no day to pay is known."""
    try:
        return dict(
            penalty_cases(
                month.supplier_id,
                account_ids,
                month.penalty_law,
                penalty_service_id=service_id,
                period=month.period,
                earlier=earlier,
            )
        )
    except TermUnknown:
        if len(account_ids) == 1:
            return {account_ids[0]: None}
        middle = len(account_ids) // 2
        return _penalty_cases(month, earlier, service_id, account_ids[:middle]) | _penalty_cases(
            month, earlier, service_id, account_ids[middle:]
        )
