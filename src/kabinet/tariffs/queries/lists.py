"""Lists of prices, norms, factors, benefits and fees, as the office shows them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from kabinet.common.errors import NotFound
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import UsagePurpose
from kabinet.tariffs.models import Benefit, BenefitGrant, MonthlyFee, Norm, Tariff, VolumeFactor
from kabinet.tariffs.queries.days import on


@dataclass(frozen=True)
class _Dated:
    """What holds on the days [valid_from, valid_until)."""

    id: int
    valid_from: dt.date
    valid_until: dt.date | None

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it holds, as people say it."""
        return self.valid_until and self.valid_until - dt.timedelta(days=1)

    def holds_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True)
class TariffRow(_Dated):
    """A price. purpose_name: "" for every purpose; above_m3: 0 for the first step."""

    service_id: int
    service_name: str
    usage_purpose_code: str
    purpose_name: str
    zone: str
    above_m3: Decimal
    printed_price: Decimal
    printed_unit_label: str
    price_rub_per_m3: Decimal
    source: str
    set_at: dt.datetime


@dataclass(frozen=True)
class NormRow(_Dated):
    """A norm; monthly_m3 for January to December."""

    region_code: str
    usage_purpose_code: str
    purpose_name: str
    unit_label: str
    printed_value: Decimal
    printed_period_label: str
    monthly_m3: tuple[Decimal, ...]
    source: str
    set_at: dt.datetime

    @property
    def is_flat(self) -> bool:
        return len(set(self.monthly_m3)) == 1


@dataclass(frozen=True)
class FactorRow(_Dated):
    region_code: str
    factor: Decimal
    source: str
    set_at: dt.datetime


@dataclass(frozen=True)
class BenefitRow:
    """A benefit. given_count: how many accounts have it on the day that was asked for."""

    id: int
    code: str
    name: str
    service_id: int
    service_name: str
    share_percent: Decimal | None
    limit_m3: Decimal | None
    is_limit_per_head: bool
    monthly_rub: Decimal | None
    funded_by: str
    source: str
    given_count: int


@dataclass(frozen=True)
class GrantRow(_Dated):
    """A benefit of an account."""

    benefit_name: str
    document: str


@dataclass(frozen=True)
class FeeRow(_Dated):
    """A monthly fee of an account."""

    service_name: str
    monthly_rub: Decimal
    source: str


def tariffs(supplier_id: int, *, day: dt.date | None, visible_to: User) -> list[TariffRow]:
    """Give prices that hold on a day, or with None all of them, newest first. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.SEE_TARIFFS, supplier_id)
    rows = _on_day(Tariff.objects.filter(supplier_id=supplier_id).select_related("service"), day)
    names = _purpose_names(supplier_id)
    return [
        TariffRow(
            id=row.id,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            service_id=row.service_id,
            service_name=row.service.name,
            usage_purpose_code=row.usage_purpose_code,
            purpose_name=names.get(row.usage_purpose_code, row.usage_purpose_code),
            zone=row.zone,
            above_m3=row.above_m3,
            printed_price=row.printed_price,
            printed_unit_label=str(row.get_printed_unit_display()),
            price_rub_per_m3=row.price_rub_per_m3,
            source=row.source,
            set_at=row.set_at,
        )
        for row in rows.order_by(
            "service__position", "service_id", "usage_purpose_code", "zone", "above_m3", "-valid_from"
        )
    ]


def norms(supplier_id: int, *, day: dt.date | None, visible_to: User) -> list[NormRow]:
    """Give norms that hold on a day, or with None all of them, newest first. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.SEE_TARIFFS, supplier_id)
    names = _purpose_names(supplier_id)
    return [
        NormRow(
            id=row.id,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            region_code=row.region_code,
            usage_purpose_code=row.usage_purpose_code,
            purpose_name=names.get(row.usage_purpose_code, row.usage_purpose_code),
            unit_label=row.unit_name or str(row.get_unit_display()),
            printed_value=row.printed_value,
            printed_period_label=str(row.get_printed_period_display()),
            monthly_m3=tuple(row.monthly_m3),
            source=row.source,
            set_at=row.set_at,
        )
        for row in _on_day(Norm.objects.filter(supplier_id=supplier_id), day).order_by(
            "region_code", "usage_purpose_code", "unit", "unit_code", "-valid_from"
        )
    ]


def norm_units(supplier_id: int) -> list[tuple[str, str]]:
    """Name the units that a supplier's norms count (a bath, a cow): code and name, by name."""
    rows = Norm.objects.filter(supplier_id=supplier_id, unit=Norm.Unit.UNIT).order_by("unit_name", "unit_code")
    return list(rows.values_list("unit_code", "unit_name").distinct())


def factors(supplier_id: int, *, day: dt.date | None, visible_to: User) -> list[FactorRow]:
    """Give factors that hold on a day, or with None all of them, newest first. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.SEE_TARIFFS, supplier_id)
    rows = _on_day(VolumeFactor.objects.filter(supplier_id=supplier_id), day).order_by("region_code", "-valid_from")
    return [
        FactorRow(row.id, row.valid_from, row.valid_until, row.region_code, row.factor, row.source, row.set_at)
        for row in rows
    ]


def benefits(supplier_id: int, *, day: dt.date, visible_to: User) -> list[BenefitRow]:
    """Give a supplier's benefits with how many accounts have each on a day. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.SEE_TARIFFS, supplier_id)
    given = dict(
        BenefitGrant.objects.filter(on(day), supplier_id=supplier_id)
        .values_list("benefit_id")
        .annotate(count=Count("id"))
        .order_by()
    )
    rows = Benefit.objects.filter(supplier_id=supplier_id).select_related("service")
    return [
        BenefitRow(
            id=row.id,
            code=row.code,
            name=row.name,
            service_id=row.service_id,
            service_name=row.service.name,
            share_percent=row.share_percent,
            limit_m3=row.limit_m3,
            is_limit_per_head=row.is_limit_per_head,
            monthly_rub=row.monthly_rub,
            funded_by=row.funded_by,
            source=row.source,
            given_count=given.get(row.id, 0),
        )
        for row in rows.order_by("code")
    ]


def benefit(supplier_id: int, benefit_id: int, *, day: dt.date, visible_to: User) -> BenefitRow:
    """Give one benefit. Raises NotFound, NotAllowed."""
    for row in benefits(supplier_id, day=day, visible_to=visible_to):
        if row.id == benefit_id:
            return row
    raise NotFound


def grants(supplier_id: int, account_id: int, *, visible_to: User) -> Sequence[GrantRow]:
    """Give the benefits that an account has, had or will have, newest first. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.SEE_TARIFFS, supplier_id)
    rows = BenefitGrant.objects.filter(supplier_id=supplier_id, account_id=account_id).select_related("benefit")
    return [
        GrantRow(row.id, row.valid_from, row.valid_until, row.benefit.name, row.document)
        for row in rows.order_by("-valid_from", "id")
    ]


def fees(supplier_id: int, account_id: int, *, visible_to: User) -> Sequence[FeeRow]:
    """Give the monthly fees that an account has, had or will have, newest first. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.SEE_TARIFFS, supplier_id)
    rows = MonthlyFee.objects.filter(supplier_id=supplier_id, account_id=account_id).select_related("service")
    return [
        FeeRow(row.id, row.valid_from, row.valid_until, row.service.name, row.monthly_rub, row.source)
        for row in rows.order_by("-valid_from", "id")
    ]


def _on_day(rows: QuerySet, day: dt.date | None) -> QuerySet:
    return rows.filter(on(day) if day else Q())


def _purpose_names(supplier_id: int) -> dict[str, str]:
    return dict(UsagePurpose.objects.filter(supplier_id=supplier_id).values_list("code", "name"))
