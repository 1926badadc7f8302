"""Prices, norms, benefits and law for tests of every app."""

import datetime as dt
from decimal import Decimal
from typing import Any

from kabinet.accounts.models import Account
from kabinet.people.models import StaffRole, User
from kabinet.people.rules import rights
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Service, Supplier
from kabinet.tariffs.models import (
    Benefit,
    BenefitGrant,
    MonthlyFee,
    Norm,
    PenaltyCap,
    PenaltyMoratorium,
    PenaltyRate,
    PenaltyStep,
    Tariff,
    VatRate,
    VolumeFactor,
)
from kabinet.tariffs.rules import MONTHS


def make_tariff(
    supplier: Supplier, price: str = "4.37507", *, since: str = "2020-01-01", until: str | None = None, **values: Any
) -> Tariff:
    """Set the price of gas for every purpose on the days [since, until)."""
    return Tariff.objects.create(
        supplier=supplier,
        service=values.pop("service", None) or Service.objects.get(supplier=supplier, is_main=True),
        price_rub_per_m3=Decimal(price),
        valid_from=dt.date.fromisoformat(since),
        valid_until=until and dt.date.fromisoformat(until),
        **({"printed_price": Decimal(price), "source": "Приказ № 1"} | values),
    )


def make_norm(
    supplier: Supplier,
    value: str = "12.7",
    *,
    unit: str = "person",
    since: str = "2020-01-01",
    until: str | None = None,
    **values: Any,
) -> Norm:
    """Set a norm of every region and purpose that is the same in all months."""
    return Norm.objects.create(
        supplier=supplier,
        unit=unit,
        valid_from=dt.date.fromisoformat(since),
        valid_until=until and dt.date.fromisoformat(until),
        **(
            {
                "printed_value": Decimal(value),
                "printed_period": Norm.PrintedPeriod.MONTH,
                "monthly_m3": [Decimal(value)] * MONTHS,
                "source": "Приказ о нормативах № 1",
            }
            | values
        ),
    )


def make_volume_factor(
    supplier: Supplier, factor: str = "1.06", *, since: str = "2020-01-01", until: str | None = None, **values: Any
) -> VolumeFactor:
    return VolumeFactor.objects.create(
        supplier=supplier,
        factor=Decimal(factor),
        valid_from=dt.date.fromisoformat(since),
        valid_until=until and dt.date.fromisoformat(until),
        **({"source": "Приказ Росстандарта № 1"} | values),
    )


def make_benefit(supplier: Supplier, code: str = "veteran", **values: Any) -> Benefit:
    """Make a benefit of half the cost of gas, for every volume."""
    defaults = {
        "name": "Ветеран труда",
        "service": Service.objects.get(supplier=supplier, is_main=True),
        "source": "Закон области № 1",
    }
    if "monthly_rub" not in values:
        defaults["share_percent"] = Decimal(50)
    return Benefit.objects.create(supplier=supplier, code=code, **(defaults | values))


def grant(
    account: Account, benefit: Benefit, *, since: str = "2020-01-01", until: str | None = None, **values: Any
) -> BenefitGrant:
    """Give an account a benefit on the days [since, until)."""
    return BenefitGrant.objects.create(
        supplier_id=account.supplier_id,
        account=account,
        benefit=benefit,
        valid_from=dt.date.fromisoformat(since),
        valid_until=until and dt.date.fromisoformat(until),
        **({"document": "Удостоверение № 1"} | values),
    )


def make_monthly_fee(
    account: Account,
    service: Service,
    monthly: str = "120",
    *,
    since: str = "2020-01-01",
    until: str | None = None,
    **values: Any,
) -> MonthlyFee:
    return MonthlyFee.objects.create(
        supplier_id=account.supplier_id,
        account=account,
        service=service,
        monthly_rub=Decimal(monthly),
        valid_from=dt.date.fromisoformat(since),
        valid_until=until and dt.date.fromisoformat(until),
        **({"source": "Договор № 1"} | values),
    )


def make_penalty_law(
    *, key_rate: str = "21", cap: str | None = "9.5", steps: tuple[tuple[int, int], ...] = ((31, 300), (91, 130))
) -> None:
    """Make the law of penalties since 2020: a key rate, a cap without an end (None: no cap), parts by day of delay."""
    since = dt.date(2020, 1, 1)
    PenaltyRate.objects.create(valid_from=since, rate_percent=Decimal(key_rate), source="Решение № 1")
    if cap is not None:
        PenaltyCap.objects.create(valid_from=since, rate_percent=Decimal(cap), source="Постановление № 1")
    for from_day, divisor in steps:
        PenaltyStep.objects.create(valid_from=since, from_day=from_day, divisor=divisor, source="Закон № 1")


def make_moratorium(since: str, until: str | None = None) -> PenaltyMoratorium:
    return PenaltyMoratorium.objects.create(
        valid_from=dt.date.fromisoformat(since),
        valid_until=until and dt.date.fromisoformat(until),
        source="Постановление № 2",
    )


def make_vat_rate(rate: str = "22", *, since: str = "2020-01-01", until: str | None = None) -> VatRate:
    return VatRate.objects.create(
        rate_percent=Decimal(rate),
        valid_from=dt.date.fromisoformat(since),
        valid_until=until and dt.date.fromisoformat(until),
        source="Налоговый кодекс",
    )


def make_accountant(supplier: Supplier) -> User:
    """Make a member of a supplier's staff who may set its prices."""
    return _staff_of(supplier, rights.ACCOUNTANT)


def make_manager(supplier: Supplier) -> User:
    """Make a member of a supplier's staff who may approve its prices."""
    return _staff_of(supplier, rights.MANAGER)


def make_support(supplier: Supplier) -> User:
    """Make a member of a supplier's staff who may change no sum."""
    return _staff_of(supplier, rights.SUPPORT)


def _staff_of(supplier: Supplier, role: str) -> User:
    user = make_user(is_staff=True)
    StaffRole.objects.create(user=user, supplier=supplier, role=role)
    return user
