"""The lines of a month as their customer sees them, each with its explanation."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from kabinet.charges.models import Charge
from kabinet.common.money import ZERO
from kabinet.common.month import Month

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """One line of an explanation: what, and how much."""

    name: str
    value: str


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
    steps: tuple[Step, ...]

    @property
    def is_settled(self) -> bool:
        return self.unpaid_rub == 0


def charges_of_month(supplier_id: int, account_id: int, period: Month) -> list[ChargeCard]:
    """Give the lines of a month, each with its explanation."""
    return _charge_cards(Charge.objects.filter(supplier_id=supplier_id, account_id=account_id, period=period))


def formulas(supplier_id: int, account_id: int, charge_ids: Sequence[int]) -> dict[int, str]:
    """Give the computations of several charges in a line each, by the charge's id."""
    rows = Charge.objects.filter(supplier_id=supplier_id, account_id=account_id, id__in=charge_ids)
    return dict(rows.values_list("id", "formula"))


def _charge_cards(charges: QuerySet[Charge]) -> list[ChargeCard]:
    rows = charges.filter(service__supplier_id=F("supplier_id")).select_related("service")
    return [
        ChargeCard(
            id=charge.id,
            service_name=charge.service.name,
            kind=charge.kind,
            kind_name=charge.get_kind_display(),
            period=charge.period,
            volume_m3=charge.volume_m3,
            price_rub_per_m3=charge.price_rub_per_m3,
            amount_rub=charge.amount_rub,
            unpaid_rub=max(charge.amount_rub - charge.settled_rub, ZERO),
            formula=charge.formula,
            rule_source=charge.rule_source,
            charged_on=charge.charged_on,
            first_day=_parsed(charge.inputs.get("line_since")),
            last_day=(until := _parsed(charge.inputs.get("line_until"))) and until - ONE_DAY,
            steps=_steps(charge.inputs),
        )
        for charge in rows.order_by("service__position", "service_id", "line_no")
    ]


def _steps(inputs: Mapping[str, Any]) -> tuple[Step, ...]:
    """Put the inputs of a charge into words, in the order in which one would count.

    Those of other kinds than metered are shown under the names they were stored with.
    """
    if "current_m3" not in inputs:
        return tuple(Step(name, str(value)) for name, value in inputs.items())
    steps = [
        Step(_("Счётчик"), f"№ {inputs['meter']}"),
        Step(_("Показание на %(day)s") % {"day": _day(inputs["taken_on"])}, inputs["current_m3"]),
        Step(_("Предыдущее, на %(day)s") % {"day": _day(inputs["previous_on"])}, inputs["previous_m3"]),
        Step(_("Расход"), _difference(inputs)),
    ]
    if (inputs["since"], inputs["until"]) != (inputs["line_since"], inputs["line_until"]):
        first, end = dt.date.fromisoformat(inputs["line_since"]), dt.date.fromisoformat(inputs["line_until"])
        days, all_days = (end - first).days, _days_between(inputs["since"], inputs["until"])
        name = _("Часть расхода по этой цене, с %(first)s по %(last)s") % {
            "first": f"{first:%d.%m.%Y}",
            "last": f"{end - ONE_DAY:%d.%m.%Y}",
        }
        steps.append(Step(name, f"{inputs['volume_m3']} × {days} / {all_days} = {inputs['line_m3']} {_('м³')}"))
    steps.append(Step(_("Цена"), f"{inputs['price']} {_('₽/м³')}"))
    if inputs["price_source"]:
        steps.append(Step(_("Кем установлена"), inputs["price_source"]))
    return tuple(steps)


def _difference(inputs: Mapping[str, Any]) -> str:
    volume = f"{inputs['volume_m3']} {_('м³')}"
    if inputs["is_rollover"]:
        return f"{10 ** inputs['digits']} − {inputs['previous_m3']} + {inputs['current_m3']} = {volume}"
    return f"{inputs['current_m3']} − {inputs['previous_m3']} = {volume}"


def _days_between(since: str, until: str) -> int:
    return (dt.date.fromisoformat(until) - dt.date.fromisoformat(since)).days


def _parsed(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _day(text: str) -> str:
    return f"{dt.date.fromisoformat(text):%d.%m.%Y}"
