"""Weigh a price: what correcting the charged months that it touches would cost, before anybody sets it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from kabinet.accounts.models import Account
from kabinet.charges.queries.charged_months import charged_months
from kabinet.charges.queries.corrections import corrections_of, terms_of_month
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers.queries import local_day
from kabinet.tariffs import operations as tariffs

#: More accounts than a person waits for are weighed by a correction run, whose report says the same.
MOST_ACCOUNT_MONTHS = 1000


@dataclass(frozen=True)
class MonthCost:
    """What a correction of a charged month would come to, and for how many accounts.

    amount_rub  above zero it is charged, below zero it is given back; None: too many accounts to say at once, or no
                accrual policy to compute the month by
    """

    month: Month
    accounts_count: int
    amount_rub: Decimal | None


@usecase
def weigh_price(
    *,
    supplier_id: int,
    service_id: int,
    usage_purpose_code: str,
    zone: str,
    above_m3: Decimal,
    printed_price: Decimal,
    printed_unit: str,
    valid_from: dt.date,
    valid_until: dt.date | None,
    source: str,
    replaces: bool,
    actor: User,
    now: dt.datetime,
) -> list[MonthCost]:
    """Set a price, count what the charged months would differ by, and take it back: nothing is kept.

    The arguments are those of `set_tariff`, and so is what is raised.
    """
    check_right(actor, rights.SET_TARIFFS, supplier_id)
    supplier = tariffs.lock_terms(supplier_id)
    change = tariffs.set_price(
        supplier,
        tariffs.service_of(supplier_id, service_id),
        usage_purpose_code=usage_purpose_code,
        zone=zone,
        above_m3=above_m3,
        printed_price=printed_price,
        printed_unit=printed_unit,
        valid_from=valid_from,
        valid_until=valid_until,
        source=source,
        replaces=replaces,
        actor=actor,
        now=now,
    )
    costs: list[MonthCost] = []
    if change.affected_since is not None:
        months = charged_months(supplier_id, since=change.affected_since, until=Month.of(local_day(now, supplier)))
        costs = _costs(supplier_id, months, reason=source)
    transaction.set_rollback(True)
    return costs


def _costs(supplier_id: int, months: Sequence[Month], *, reason: str) -> list[MonthCost]:
    rows = Account.objects.filter(supplier_id=supplier_id).order_by("id").values_list("id", flat=True)
    most = MOST_ACCOUNT_MONTHS // max(len(months), 1)
    account_ids = list(rows[: most + 1])
    if len(account_ids) > most:
        return [MonthCost(month, 0, None) for month in months]
    return [_cost(supplier_id, month, account_ids, reason=reason) for month in months]


def _cost(supplier_id: int, month: Month, account_ids: Sequence[int], *, reason: str) -> MonthCost:
    try:
        terms = terms_of_month(supplier_id, month)
    except NotFound:
        return MonthCost(month, 0, None)
    found = corrections_of(terms, account_ids, reason=reason)
    changed = [accrued for accrued in found.values() if accrued.lines]
    return MonthCost(month, len(changed), sum((line.amount_rub for each in changed for line in each.lines), ZERO))
