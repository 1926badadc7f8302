"""Accounts as accrual of a month sees them: many at once, by a fixed number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from kabinet.accounts.models import Account
from kabinet.accounts.queries import residence
from kabinet.charges import rules
from kabinet.charges.models import Charge
from kabinet.charges.queries.terms import MonthTerms
from kabinet.common.month import Month
from kabinet.meters import queries as meters
from kabinet.meters.rules import Meter, Reading
from kabinet.tariffs import queries as tariffs

_KINDS_OF_A_MONTH = (
    Charge.Kind.METERED,
    Charge.Kind.AVERAGE,
    Charge.Kind.NORM,
    Charge.Kind.CORRECTION,
    Charge.Kind.BENEFIT,
    Charge.Kind.FIXED,
    Charge.Kind.IMPORTED,
)


def account_months(
    month: MonthTerms, account_ids: Sequence[int], *, typed: Mapping[int, Reading] = MappingProxyType({})
) -> dict[int, rules.AccountMonth]:
    """Give what is known of accounts at the end of a month, by account.

    typed  by scale, readings as if they had been handed in; their ids are below zero
    """
    supplier_id, until = month.supplier_id, month.period.next().first_day
    meters_of = {
        account_id: tuple(_with_typed(meter, typed) for meter in of_account)
        for account_id, of_account in meters.metering_of(supplier_id, account_ids, until=until).items()
    }
    residences = residence.residences_of(supplier_id, account_ids)
    absences = residence.absences_of(supplier_id, account_ids)
    units = residence.norm_units_of(supplier_id, account_ids)
    readings = _charged_readings(month, meters_of)
    first_month = _first_month(month, meters_of, readings)
    known = {"since": first_month.first_day, "until": until}
    benefits = tariffs.benefits_of_accounts(supplier_id, account_ids, **known)
    fees = tariffs.fees_of_accounts(supplier_id, account_ids, **known)
    charged = _charged_lines(month, account_ids, since=first_month)
    rows = Account.objects.filter(supplier_id=supplier_id, id__in=account_ids).values_list(
        "id", "opened_on", "closed_on", "usage_purpose_code", "region_code"
    )
    return {
        account_id: rules.AccountMonth(
            account_id=account_id,
            period=month.period,
            opened_on=opened_on,
            closed_on=closed_on,
            usage_purpose_code=usage_purpose_code,
            region_code=region_code,
            main_service_id=month.main_service_id,
            meters=meters_of[account_id],
            residences=residences[account_id],
            absences=absences[account_id],
            units=units[account_id],
            benefits=benefits.get(account_id, ()),
            fees=fees.get(account_id, ()),
            charged=tuple(charged[account_id]),
            charged_reading_ids=readings[account_id],
        )
        for account_id, opened_on, closed_on, usage_purpose_code, region_code in rows
    }


def _with_typed(meter: Meter, typed: Mapping[int, Reading]) -> Meter:
    if not any(scale.id in typed for scale in meter.scales):
        return meter
    scales = (
        replace(scale, readings=(*scale.readings, typed[scale.id])) if scale.id in typed else scale
        for scale in meter.scales
    )
    return replace(meter, scales=tuple(scales))


def _first_month(
    month: MonthTerms, meters_of: dict[int, tuple[Meter, ...]], charged_ids: dict[int, frozenset[int]]
) -> Month:
    """Give the month from which lines matter: earlier than usual where a meter is read after years of silence."""
    used_from = [
        Month.of(reading.used_from)
        for account_id, of_account in meters_of.items()
        for meter in of_account
        for scale in meter.scales
        for reading in scale.readings
        if reading.used_from and reading.id not in charged_ids[account_id]
    ]
    return min([month.known_since, *used_from])


def _charged_lines(
    month: MonthTerms, account_ids: Sequence[int], *, since: Month
) -> dict[int, list[rules.ChargedLine]]:
    found: dict[int, list[rules.ChargedLine]] = defaultdict(list)
    rows = Charge.objects.filter(
        supplier_id=month.supplier_id,
        account_id__in=account_ids,
        period__gte=since,
        kind__in=_KINDS_OF_A_MONTH,
    )
    for account_id, volume_m3, *values in rows.order_by("id").values_list(
        "account_id",
        "volume_m3",
        "id",
        "service_id",
        "kind",
        "period",
        "meter_id",
        "scale_id",
        "used_since",
        "used_until",
        "price_rub_per_m3",
        "amount_rub",
        "inputs",
        "reading_id",
    ):
        charge_id, service_id, kind, period, meter_id, scale_id, used_since, used_until, *rest = values
        price, amount_rub, inputs, reading_id = rest
        found[account_id].append(
            rules.ChargedLine(
                charge_id=charge_id,
                service_id=service_id,
                kind=kind,
                period=period,
                meter_id=meter_id,
                scale_id=scale_id,
                used_since=used_since,
                used_until=used_until,
                volume_m3=volume_m3 or Decimal(0),
                price_rub_per_m3=price,
                amount_rub=amount_rub,
                inputs=inputs,
                reading_id=reading_id,
            )
        )
    return found


def _charged_readings(month: MonthTerms, meters_of: dict[int, tuple[Meter, ...]]) -> dict[int, frozenset[int]]:
    """Name the readings that stand in a charge; one of the supplier's own covers all up to the end of its month."""
    rows = Charge.objects.filter(supplier_id=month.supplier_id, account_id__in=list(meters_of))
    in_charges = set(rows.filter(reading_id__isnull=False).values_list("reading_id", flat=True))
    imported: dict[int, Month] = {}
    of_main = rows.filter(kind=Charge.Kind.IMPORTED, service_id=month.main_service_id)
    for account_id, period in of_main.values_list("account_id", "period"):
        imported[account_id] = max(period, imported.get(account_id, period))
    return {
        account_id: frozenset(
            reading.id
            for meter in of_account
            for scale in meter.scales
            for reading in scale.readings
            if reading.id in in_charges
            or (account_id in imported and Month.of(reading.taken_on) <= imported[account_id])
        )
        for account_id, of_account in meters_of.items()
    }
