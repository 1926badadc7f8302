"""The norm: what people, square metres and units are taken to use where no meter tells."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from kabinet.charges.rules.account_month import AccountMonth, Terms
from kabinet.charges.rules.spans import Flow, Span, month_span
from kabinet.charges.rules.words import days_text, number
from kabinet.common.month import Month
from kabinet.tariffs.rules import Norm, holding_on

UNITS = PERSON, M2, UNIT = "person", "m2", "unit"


class NormMissing(Exception):
    """On `day` there is no norm, or it is not known how many (`missing`: norm, residents, area) it is for."""

    def __init__(self, day: dt.date, missing: str) -> None:
        super().__init__(f"no {missing} on {day}")
        self.day = day
        self.missing = missing


@dataclass(frozen=True)
class Component:
    """A norm on days of one calendar month for so many people, m² or units.

    absent  of a norm for people: how many of those that live there were away and are not in `count`
    """

    norm: Norm
    span: Span
    count: Decimal
    absent: int = 0

    @property
    def monthly_m3(self) -> Decimal:
        return self.norm.monthly_m3[self.span.since.month - 1]

    @property
    def days_of_month(self) -> int:
        return month_span(Month.of(self.span.since)).days

    @property
    def is_whole_month(self) -> bool:
        return self.span.days == self.days_of_month

    @property
    def volume_m3(self) -> Decimal:
        """The volume, not rounded: a month's for each, by days."""
        return self.monthly_m3 * self.count * self.span.days / self.days_of_month

    @property
    def inputs(self) -> dict[str, Any]:
        return days_text(self.span.since, self.span.until) | {
            "unit": self.norm.unit,
            "unit_name": self.norm.unit_name,
            "norm_m3": number(self.monthly_m3),
            "count": number(self.count),
            "absent": str(self.absent),
            "days": str(self.span.days),
            "of_days": str(self.days_of_month),
            "volume_m3": number(self.volume_m3.quantize(Decimal("0.000001"))),
            "source": self.norm.source,
        }


def norm_components(account: AccountMonth, terms: Terms, *, purpose: str, spans: Sequence[Span]) -> list[Component]:
    """Give what the norm of some days is made of: each norm of the purpose for those whom it counts, by their days.

    The norms of the account's region go before those for every region, the norms of the purpose before those for every
    purpose; a day's norm is the sum of all of them.

    Raises NormMissing for the first day without any norm, or without the number that a norm is for.
    Source: supply rules of 21.07.2008 No. 549, 32; docs/adr/0111.
    """
    changes = [day for norms in terms.norms.values() for norm in norms for day in (norm.valid_from, norm.valid_until)]
    for rows in (account.residences, account.absences, account.units):
        changes += [day for row in rows for day in (row.days.since, row.days.until) if day]
    parts = [part for span in spans for month in span.by_month() for part in month.cut(changes)]
    return _joined(
        [
            _component(account, norm, part)
            for part in parts
            for norm in _norms_on(terms, account.region_code, purpose, part.since)
        ]
    )


def _norms_on(terms: Terms, region: str, purpose: str, day: dt.date) -> list[Norm]:
    for level in dict.fromkeys((purpose, "")):
        by_unit: dict[tuple[str, str], Norm] = {}
        for key in dict.fromkeys(((region, level), ("", level))):
            for norm in holding_on(terms.norms.get(key, ()), day):
                by_unit.setdefault((norm.unit, norm.unit_code), norm)
        if by_unit:
            return sorted(by_unit.values(), key=lambda norm: (UNITS.index(norm.unit), norm.unit_code))
    raise NormMissing(day, "norm")


def _component(account: AccountMonth, norm: Norm, span: Span) -> Component:
    day = span.since
    if norm.unit == UNIT:
        units = [row.units_count for row in account.units if row.unit_code == norm.unit_code and day in row.days]
        return Component(norm, span, sum(units, Decimal(0)))
    residence = next((row for row in account.residences if day in row.days), None)
    if residence is None:
        raise NormMissing(day, "residents")
    if norm.unit == M2:
        if residence.area_m2 is None:
            raise NormMissing(day, "area")
        return Component(norm, span, residence.area_m2)
    if residence.residents_count is None:
        raise NormMissing(day, "residents")
    away = sum(row.residents_count or 0 for row in account.absences if day in row.days)
    absent = min(away, residence.residents_count)
    return Component(norm, span, Decimal(residence.residents_count - absent), absent)


def _joined(components: Iterable[Component]) -> list[Component]:
    """Put days that follow each other in one month together where nothing differs, and leave out units nobody has."""
    found: list[Component] = []
    for component in components:
        if component.norm.unit == UNIT and not component.count:
            continue
        same = next((earlier for earlier in reversed(found) if _continues(earlier, component)), None)
        if same is None:
            found.append(component)
        else:
            found[found.index(same)] = replace(same, span=Span(same.span.since, component.span.until))
    return found


def _continues(earlier: Component, later: Component) -> bool:
    is_next = earlier.span.until == later.span.since and earlier.span.since.month == later.span.since.month
    return is_next and replace(earlier, span=later.span) == later


def norm_flow(components: Iterable[Component]) -> Flow:
    """Give the volume of a norm by days."""
    by_span: dict[Span, Decimal] = {}
    for component in components:
        by_span[component.span] = by_span.get(component.span, Decimal(0)) + component.volume_m3
    return Flow(tuple(by_span.items()))
