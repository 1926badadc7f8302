"""Read benefits and fees of accounts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from kabinet.tariffs.models import BenefitGrant, MonthlyFee
from kabinet.tariffs.queries.days import between
from kabinet.tariffs.rules import AccountBenefit, AccountFee


def benefits_of_accounts(
    supplier_id: int, account_ids: Sequence[int], *, since: dt.date, until: dt.date
) -> dict[int, tuple[AccountBenefit, ...]]:
    """Give the benefits that accounts have on days of [since, until), by account; none: not in it. One query."""
    rows = BenefitGrant.objects.filter(between(since, until), supplier_id=supplier_id, account_id__in=account_ids)
    found = defaultdict(list)
    for row in rows.select_related("benefit").order_by("account_id", "valid_from", "id"):
        benefit = row.benefit
        found[row.account_id].append(
            AccountBenefit(
                valid_from=row.valid_from,
                valid_until=row.valid_until,
                benefit_id=benefit.id,
                code=benefit.code,
                name=benefit.name,
                service_id=benefit.service_id,
                share_percent=benefit.share_percent,
                limit_m3=benefit.limit_m3,
                is_limit_per_head=benefit.is_limit_per_head,
                monthly_rub=benefit.monthly_rub,
                funded_by=benefit.funded_by,
                source=benefit.source,
                document=row.document,
            )
        )
    return {account_id: tuple(benefits) for account_id, benefits in found.items()}


def fees_of_accounts(
    supplier_id: int, account_ids: Sequence[int], *, since: dt.date, until: dt.date
) -> dict[int, tuple[AccountFee, ...]]:
    """Give the monthly fees that accounts have on days of [since, until), by account; none: not in it. One query."""
    rows = MonthlyFee.objects.filter(between(since, until), supplier_id=supplier_id, account_id__in=account_ids)
    found = defaultdict(list)
    for row in rows.select_related("service").order_by("account_id", "service__position", "service_id", "valid_from"):
        fee = AccountFee(row.valid_from, row.valid_until, row.service_id, row.service.name, row.monthly_rub, row.source)
        found[row.account_id].append(fee)
    return {account_id: tuple(fees) for account_id, fees in found.items()}
