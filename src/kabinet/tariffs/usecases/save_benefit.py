"""Save a benefit: a share of a service's cost or a fixed sum a month, which accounts can then be given."""

import datetime as dt
from decimal import Decimal

from kabinet.common.db import usecase
from kabinet.tariffs import operations
from kabinet.tariffs.models import Benefit


@usecase
def save_benefit(
    *,
    supplier_id: int,
    benefit_id: int | None,
    service_id: int,
    code: str,
    name: str,
    share_percent: Decimal | None,
    limit_m3: Decimal | None,
    is_limit_per_head: bool,
    monthly_rub: Decimal | None,
    funded_by: str,
    source: str,
    now: dt.datetime,
) -> Benefit:
    """Save a new benefit, or a changed one; of one that accounts have or had, only the words can change.

    benefit_id         None for a new one
    limit_m3           a month's volume that the share is given for; None for all of it
    is_limit_per_head  the limit is for each person that lives there

    For the operator's terminal; members of staff propose it: `propose_terms`.

    Raises BenefitShareOrSum, BenefitShareWrong, BenefitSumNotPositive, BenefitLimitWrong, BenefitCodeTaken,
    BenefitIsGiven; NotFound. Source: docs/adr/0102.
    """
    change = operations.save_benefit(
        operations.lock_terms(supplier_id),
        benefit_id=benefit_id,
        service_id=service_id,
        code=code,
        name=name,
        share_percent=share_percent,
        limit_m3=limit_m3,
        is_limit_per_head=is_limit_per_head,
        monthly_rub=monthly_rub,
        funded_by=funded_by,
        source=source,
        actor=None,
        now=now,
    )
    return change.row
