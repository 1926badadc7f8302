"""By what suppliers of the demonstration charge: the law, their own choices, norms and a benefit."""

import datetime as dt
from decimal import Decimal
from typing import Any

from kabinet.charges.models import AccrualPolicy
from kabinet.common.month import Month
from kabinet.suppliers.models import Service, Supplier
from kabinet.tariffs.formats.reference import SHIPPED, read_reference
from kabinet.tariffs.models import Benefit, Norm
from kabinet.tariffs.usecases.load_reference import load_reference
from kabinet.tariffs.usecases.save_benefit import save_benefit
from kabinet.tariffs.usecases.set_norm import set_norm

SINCE = dt.date(2020, 1, 1)
VETERAN = "veteran"
#: m³ for a square metre, January to December.
HEATING_BY_MONTH = ("14", "13", "11.5", "7", "1.5", "0", "0", "0", "2", "7.5", "11", "13.5")


def load_law(now: dt.datetime) -> None:
    """Load what holds for every supplier: rates, terms, VAT, the calendar."""
    load_reference(rows=read_reference(SHIPPED), now=now)


def save_terms(supplier: Supplier, now: dt.datetime) -> None:
    """Say how a supplier that is billed here charges where there are no readings, and where days matter."""
    AccrualPolicy.objects.create(
        supplier=supplier,
        from_month=Month.of(SINCE),
        price_split=AccrualPolicy.PriceSplit.BY_DAYS,
        recalculate_norm_months=AccrualPolicy.RecalculateNorm.BY_OPERATOR,
        average_of_months=12,
        average_at_most_months=3,
        removed_at_most_months=3,
        odd_ratio=Decimal(10),
        silent_months=6,
        penalty_recheck_months=3,
    )
    _set_norm(supplier, now, "cooking", Norm.Unit.PERSON, Decimal("12.3"))
    _set_norm(supplier, now, "heating", Norm.Unit.PERSON, Decimal("12.3"))
    monthly_m3 = [Decimal(value) for value in HEATING_BY_MONTH]
    _set_norm(supplier, now, "heating", Norm.Unit.M2, sum(monthly_m3, Decimal(0)), monthly_m3)
    _save_benefit(supplier, now)


def benefit_of_veterans(supplier: Supplier) -> Benefit:
    return Benefit.objects.get(supplier=supplier, code=VETERAN)


def _save_benefit(supplier: Supplier, now: dt.datetime) -> None:
    save_benefit(
        supplier_id=supplier.id,
        benefit_id=None,
        service_id=Service.objects.get(supplier=supplier, is_main=True).id,
        code=VETERAN,
        name="Ветеран труда",
        share_percent=Decimal(50),
        limit_m3=Decimal(20),
        is_limit_per_head=False,
        monthly_rub=None,
        funded_by="Областной бюджет",
        source="Областной закон о ветеранах труда (демонстрация)",
        now=now,
    )


def _set_norm(
    supplier: Supplier,
    now: dt.datetime,
    purpose: str,
    unit: str,
    printed_value: Decimal,
    profile: list[Decimal] | None = None,
) -> None:
    terms: dict[str, Any] = {"valid_from": SINCE, "valid_until": None, "actor": None, "now": now}
    set_norm(
        supplier_id=supplier.id,
        region_code="",
        usage_purpose_code=purpose,
        unit=unit,
        printed_value=printed_value,
        printed_period=Norm.PrintedPeriod.YEAR if profile else Norm.PrintedPeriod.MONTH,
        profile=profile,
        source=f"Приказ о нормативах потребления газа с {SINCE:%d.%m.%Y} (демонстрация)",
        **terms,
    )
