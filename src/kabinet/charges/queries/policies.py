"""A supplier's choices of how it charges, by month, as the office shows them."""

from dataclasses import dataclass
from typing import Any

from kabinet.charges import rules
from kabinet.charges.models import AccrualPolicy
from kabinet.charges.queries.terms import POLICY_COLUMNS
from kabinet.common.month import Month
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


@dataclass(frozen=True)
class PolicyRow:
    """A policy, the month that it begins with, and the last one before the next policy: None for the newest."""

    from_month: Month
    last_month: Month | None
    policy: rules.Policy
    price_split_label: str
    recalculate_norm_label: str

    def holds_in(self, month: Month) -> bool:
        return self.from_month <= month and (self.last_month is None or month <= self.last_month)


def policies(supplier_id: int, *, visible_to: User) -> list[PolicyRow]:
    """Give all policies of a supplier, newest first. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.SEE_TARIFFS, supplier_id)
    rows: list[PolicyRow] = []
    for row in AccrualPolicy.objects.filter(supplier_id=supplier_id).order_by("-from_month"):
        rows.append(
            PolicyRow(
                from_month=row.from_month,
                last_month=rows[-1].from_month.previous() if rows else None,
                policy=rules.Policy(**{name: getattr(row, name) for name in POLICY_COLUMNS}),
                price_split_label=str(row.get_price_split_display()),
                recalculate_norm_label=str(row.get_recalculate_norm_months_display()),
            )
        )
    return rows


def policy_choices() -> dict[str, list[tuple[str, Any]]]:
    """Give what there is to choose from, by field: the value and its words."""
    return {
        "price_split": list(AccrualPolicy.PriceSplit.choices),
        "recalculate_norm_months": list(AccrualPolicy.RecalculateNorm.choices),
    }
