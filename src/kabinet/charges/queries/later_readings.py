"""What became of months that were charged by an estimate: what the readings that came later have changed."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from kabinet.charges.models import Charge
from kabinet.charges.queries.explanation.shapes import decimal, rows_of
from kabinet.charges.queries.terms import policy_of
from kabinet.common.money import ZERO
from kabinet.common.month import Month


@dataclass(frozen=True)
class LaterReading:
    """The readings came: for the days of an estimate and those beside it, what was used and what had been charged.

    period  the month under which the difference was charged
    """

    period: Month
    used_m3: Decimal
    used_rub: Decimal
    charged_m3: Decimal
    charged_rub: Decimal

    @property
    def difference_rub(self) -> Decimal:
        return self.used_rub - self.charged_rub


def later_readings(supplier_id: int, account_id: int, charge_ids: Collection[int]) -> dict[int, LaterReading]:
    """Give, for estimates that a later reading has corrected, what it said. One query."""
    corrections = Charge.objects.filter(
        supplier_id=supplier_id, account_id=account_id, kind=Charge.Kind.CORRECTION, inputs__has_key="reading"
    ).order_by("period", "line_no")
    found: dict[int, LaterReading] = {}
    for period, inputs in corrections.values_list("period", "inputs"):
        told = [decimal(inputs.get(name)) for name in ("due_m3", "due_rub", "charged_m3", "charged_rub")]
        for share in rows_of(inputs.get("charged")):
            charge_id = int(share.get("charge_id", 0))
            if charge_id in charge_ids:
                found[charge_id] = _added(found.get(charge_id), period, [part or ZERO for part in told])
    return found


def _added(earlier: LaterReading | None, period: Month, told: list[Decimal]) -> LaterReading:
    """Add the lines of one correction, which stand apart where the price changes; a newer one stands for itself."""
    if earlier is None or earlier.period != period:
        return LaterReading(period, *told)
    sums = (earlier.used_m3, earlier.used_rub, earlier.charged_m3, earlier.charged_rub)
    return LaterReading(period, *(one + other for one, other in zip(sums, told, strict=True)))


def months_by_mean(supplier_id: int, period: Month) -> int | None:
    """Tell for how many months without a reading the supplier charges the mean; None when it has not said."""
    policy = policy_of(supplier_id, period)
    return policy.average_at_most_months if policy else None
