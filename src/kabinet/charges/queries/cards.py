"""The lines of a month as their customer sees them, each with its explanation."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet

from kabinet.charges.models import Charge
from kabinet.charges.queries.explanation import ChargedFacts, Explanation, explain
from kabinet.common.money import ZERO
from kabinet.common.month import Month


@dataclass(frozen=True)
class ChargeCard:
    """A line of a month as its customer sees it, with the computation that was made when it was charged.

    first_day, last_day  of the consumption that a metered line is for
    """

    id: int
    service_name: str
    kind: str
    kind_name: str
    period: Month
    volume_m3: Decimal | None
    price_rub_per_m3: Decimal | None
    amount_rub: Decimal
    unpaid_rub: Decimal
    formula: str
    rule_source: str
    charged_on: dt.date
    first_day: dt.date | None
    last_day: dt.date | None
    for_period: Month | None
    meter_id: int | None
    explanation: Explanation
    inputs: Mapping[str, Any]

    @property
    def is_estimated(self) -> bool:
        """Whether no reading stands behind the volume."""
        return self.kind in (Charge.Kind.AVERAGE, Charge.Kind.NORM)

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody of the staff charged it in the running month."""
        return self.kind == Charge.Kind.ADJUSTMENT

    @property
    def estimated_because(self) -> str:
        """Why, as `charges.rules` names it: silent, no_meter, unverified, …; empty for other lines."""
        reasons = self.inputs.get("reasons")
        return str(reasons[0] if isinstance(reasons, list) and reasons else self.inputs.get("reason", ""))

    @property
    def is_settled(self) -> bool:
        return self.unpaid_rub == 0


def charges_of_month(supplier_id: int, account_id: int, period: Month) -> list[ChargeCard]:
    """Give the lines of a month, each with its explanation."""
    return _charge_cards(Charge.objects.filter(supplier_id=supplier_id, account_id=account_id, period=period))


def kind_name(kind: str) -> str:
    """Name a kind of lines as its customer reads it."""
    return str(Charge.Kind(kind).label)


def formulas(supplier_id: int, account_id: int, charge_ids: Sequence[int]) -> dict[int, str]:
    """Give the computations of several charges in a line each, by the charge's id."""
    rows = Charge.objects.filter(supplier_id=supplier_id, account_id=account_id, id__in=charge_ids)
    return dict(rows.values_list("id", "formula"))


def _charge_cards(charges: QuerySet[Charge]) -> list[ChargeCard]:
    rows = charges.filter(service__supplier_id=F("supplier_id")).select_related("service")
    return [_card(charge) for charge in rows.order_by("service__position", "service_id", "line_no")]


def _card(charge: Charge) -> ChargeCard:
    facts = ChargedFacts.of(charge)
    explanation = explain(facts)
    return ChargeCard(
        id=facts.id,
        service_name=facts.service_name,
        kind=facts.kind,
        kind_name=facts.kind_name,
        period=facts.period,
        volume_m3=facts.volume_m3,
        price_rub_per_m3=facts.price_rub_per_m3,
        amount_rub=facts.amount_rub,
        unpaid_rub=max(charge.amount_rub - charge.settled_rub, ZERO),
        formula=explanation.formula,
        rule_source=facts.rule_source,
        charged_on=facts.charged_on,
        first_day=facts.first_day,
        last_day=facts.last_day,
        for_period=facts.for_period,
        meter_id=charge.meter_id,
        explanation=explanation,
        inputs=facts.inputs,
    )
