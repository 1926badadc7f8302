"""What holds for all accounts of a supplier in a month: prices, norms, law and the supplier's own choices."""

import datetime as dt
from dataclasses import dataclass, fields

from kabinet.charges import rules
from kabinet.charges.models import AccrualPolicy
from kabinet.common.month import Month
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.models import Service
from kabinet.tariffs import queries as tariffs
from kabinet.tariffs.rules import PenaltyLaw

#: So far back charged lines are looked at, and an account is charged by the statement for plain ones. A reading after
#: longer silence is charged as well: what is known then goes back to the reading before it.
MONTHS_KNOWN = 24

#: Prices, norms and factors are few: all are known, so each day of a reading has its own, however long silence lasted.
ALWAYS = {"since": dt.date.min, "until": dt.date.max}

POLICY_COLUMNS = [column.name for column in fields(rules.Policy)]


@dataclass(frozen=True)
class MonthTerms:
    """What accrual of a supplier's month goes by.

    penalty_service_id  None for a supplier that has no such service: it charges no penalties
    """

    supplier_id: int
    period: Month
    main_service_id: int
    penalty_service_id: int | None
    terms: rules.Terms
    penalty_law: PenaltyLaw

    @property
    def known_since(self) -> Month:
        return self.period.plus(-MONTHS_KNOWN)


def policy_of(supplier_id: int, period: Month) -> rules.Policy | None:
    """Give the supplier's choices for a month; None when it has made none."""
    rows = AccrualPolicy.objects.filter(supplier_id=supplier_id, from_month__lte=period).order_by("-from_month")
    row = rows.values(*POLICY_COLUMNS).first()
    return rules.Policy(**row) if row else None


def month_terms(supplier_id: int, period: Month, policy: rules.Policy) -> MonthTerms:
    """Give what a month is charged by, in a fixed number of queries."""
    main_service_id = suppliers.main_service_id(supplier_id)
    return MonthTerms(
        supplier_id=supplier_id,
        period=period,
        main_service_id=main_service_id,
        penalty_service_id=penalty_service_id(supplier_id),
        terms=rules.Terms(
            policy=policy,
            prices=tariffs.prices_by_key(supplier_id, main_service_id, **ALWAYS),
            norms=tariffs.norms_by_key(supplier_id, **ALWAYS),
            factors=tariffs.factors_by_region(supplier_id, **ALWAYS),
            vat_rates=tariffs.vat_rates(**ALWAYS),
        ),
        penalty_law=tariffs.penalty_law(),
    )


def penalty_service_id(supplier_id: int) -> int | None:
    rows = Service.objects.filter(supplier_id=supplier_id, code=Service.PENALTY)
    return rows.values_list("id", flat=True).first()
