"""A line of charges with all that went into it: read from its row, or from a snapshot that somebody kept."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Self

from django.db.models import F

from kabinet.charges.models import Charge
from kabinet.charges.queries.explanation.shapes import parsed_day, rows_of
from kabinet.common.month import Month


@dataclass(frozen=True)
class ChargedFacts:
    """What stands in a charge; the names are those of `charges.models.Charge`."""

    id: int
    service_name: str
    kind: str
    period: Month
    for_period: Month | None
    volume_m3: Decimal | None
    price_rub_per_m3: Decimal | None
    amount_rub: Decimal
    formula: str
    rule_source: str
    charged_on: dt.date
    used_since: dt.date | None
    used_until: dt.date | None
    inputs: Mapping[str, Any]

    @property
    def kind_name(self) -> str:
        return str(Charge.Kind(self.kind).label)

    @property
    def first_day(self) -> dt.date | None:
        """The first day of the consumption that the line is for; of an estimate without those before its own month."""
        since = self.used_since or _day(self.inputs.get("line_since"))
        own = self._estimated_since()
        return own if since and own and self.end_day and since < own < self.end_day else since

    @property
    def settled_since(self) -> dt.date | None:
        """The first day that an estimate settles with its own month, with no volume for it; None for other lines."""
        return self.used_since if self.used_since and self.used_since != self.first_day else None

    @property
    def last_day(self) -> dt.date | None:
        return self.end_day - dt.timedelta(days=1) if self.end_day else None

    @property
    def end_day(self) -> dt.date | None:
        """The day after the last one."""
        return self.used_until or _day(self.inputs.get("line_until"))

    def _estimated_since(self) -> dt.date | None:
        if self.kind == Charge.Kind.NORM:
            return parsed_day(self.inputs.get("line_since"))
        shares = rows_of(self.inputs.get("shares")) if self.kind == Charge.Kind.AVERAGE else []
        return parsed_day(f"{shares[0].get('month')}-01") if shares else None

    @classmethod
    def of(cls, charge: Charge) -> Self:
        """Take the facts of a row that was read with its service."""
        values = {column.name: getattr(charge, column.name) for column in fields(cls) if column.name != "service_name"}
        return cls(service_name=charge.service.name, **values)

    def as_snapshot(self) -> dict[str, Any]:
        """Give what JSON can keep: numbers, days and months as text."""
        values = {column.name: getattr(self, column.name) for column in fields(self)}
        kept_as_text = (Decimal, dt.date, Month)
        return {name: str(value) if isinstance(value, kept_as_text) else value for name, value in values.items()}

    @classmethod
    def from_snapshot(cls, kept: Mapping[str, Any]) -> Self:
        """Take the facts out of a snapshot again."""
        return cls(
            **{
                **kept,
                "period": Month.parse(kept["period"]),
                "for_period": Month.parse(kept["for_period"]) if kept["for_period"] else None,
                "volume_m3": Decimal(kept["volume_m3"]) if kept["volume_m3"] is not None else None,
                "price_rub_per_m3": (
                    Decimal(kept["price_rub_per_m3"]) if kept["price_rub_per_m3"] is not None else None
                ),
                "amount_rub": Decimal(kept["amount_rub"]),
                "charged_on": dt.date.fromisoformat(kept["charged_on"]),
                "used_since": _day(kept["used_since"]),
                "used_until": _day(kept["used_until"]),
            }
        )


def charged_facts(
    supplier_id: int, account_id: int, period: Month, *, charge_id: int | None = None
) -> list[ChargedFacts]:
    """Give the lines of a month in the order of the bill, or the one that is named; none when there is none."""
    rows = Charge.objects.filter(
        supplier_id=supplier_id, account_id=account_id, period=period, service__supplier_id=F("supplier_id")
    ).select_related("service")
    if charge_id is not None:
        rows = rows.filter(id=charge_id)
    return [ChargedFacts.of(row) for row in rows.order_by("service__position", "service_id", "line_no")]


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
