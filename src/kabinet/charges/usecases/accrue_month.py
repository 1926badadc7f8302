"""Accrue a month: what the meters of an account have counted becomes charges."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations as accounts
from kabinet.accounts.models import ProofValue
from kabinet.charges import operations, queries, rules
from kabinet.charges.models import Charge
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import operations as ledger
from kabinet.meters.models import Reading
from kabinet.meters.rules import Consumption
from kabinet.suppliers import queries as suppliers

SOURCE_KIND = "charge"


class PeriodNotOver(Refusal):
    code = "period-not-over"
    field = "period"
    message = _("Месяц ещё не закончился: начислить за него можно с %(since)s.")


class TariffMissing(Refusal):
    code = "tariff-missing"
    message = _("На %(day)s не задана цена. Задайте её и повторите начисление.")


@usecase
def accrue_month(*, supplier_id: int, account_id: int, period: Month, now: dt.datetime) -> list[Charge]:
    """Charge an account for every reading up to the end of a month that counts and is not charged yet.

    A reading that came late is charged under the month in which it is found. Charges above zero are posted to the
    ledger, and what was paid in advance settles them. The same month again charges only what has come since.

    Raises PeriodNotOver before the month has ended by the supplier's calendar; TariffMissing for a day without a price,
    and then writes nothing; NotFound.
    Source: docs/adr/0045.
    """
    account = accounts.lock_account(supplier_id, account_id)
    today = suppliers.local_day(now, suppliers.supplier_card(supplier_id))
    if today <= period.last_day:
        raise PeriodNotOver(since=f"{period.next().first_day:%d.%m.%Y}")

    readings = (
        queries.uncharged_readings(supplier_id, account_id)
        .filter(taken_on__lte=period.last_day, meter__supplier_id=supplier_id)
        .select_related("meter", "scale")
    )
    used_by_reading = {reading: used for reading in readings if (used := reading.consumption)}
    try:
        lines_by_reading = queries.priced(supplier_id, account.usage_purpose_code, list(used_by_reading.values()))
    except rules.PriceMissing as error:
        raise TariffMissing(day=f"{error.day:%d.%m.%Y}") from error

    charges = [
        _charge(reading, used, line)
        for (reading, used), lines in zip(used_by_reading.items(), lines_by_reading, strict=True)
        for line in lines
    ]
    if not charges:
        return []
    _store(charges, supplier_id=supplier_id, account_id=account_id, period=period, charged_on=today)
    for charge in charges:
        _post(charge, now=now)
    operations.allocate_advances(supplier_id, account_id)
    _remember_total(supplier_id, account_id, period)
    return charges


def _charge(reading: Reading, used: Consumption, line: rules.MeteredLine) -> Charge:
    return Charge(
        kind=Charge.Kind.METERED,
        volume_m3=line.volume_m3,
        price_rub_per_m3=line.price_rub_per_m3,
        amount_rub=line.amount_rub,
        formula=rules.formula(line),
        inputs=_inputs(reading, used, line),
        rule_source=rules.METERED_RULE,
        reading=reading,
    )


def _inputs(reading: Reading, used: Consumption, line: rules.MeteredLine) -> dict[str, Any]:
    """Keep what the line was computed from; `queries.charges_of_month` puts it into words."""
    return {
        "meter": reading.meter.serial_number,
        "zone": reading.scale.zone,
        "digits": reading.meter.digits,
        "previous_on": str(used.since - queries.ONE_DAY),
        "previous_m3": rules.number(reading.previous_m3 or ZERO),
        "taken_on": str(reading.taken_on),
        "current_m3": rules.number(reading.value_m3),
        "is_rollover": reading.is_rollover,
        "volume_m3": rules.number(reading.volume_m3),
        "since": str(used.since),
        "until": str(used.until),
        "line_since": str(line.since),
        "line_until": str(line.until),
        "line_m3": rules.number(line.volume_m3),
        "price": rules.number(line.price_rub_per_m3),
        "price_source": line.source,
    }


def _store(charges: list[Charge], *, supplier_id: int, account_id: int, period: Month, charged_on: dt.date) -> None:
    service_id = suppliers.main_service_id(supplier_id)
    stored = Charge.objects.filter(supplier_id=supplier_id, account_id=account_id, service_id=service_id, period=period)
    last_line_no = stored.aggregate(last=Max("line_no"))["last"] or 0
    for line_no, charge in enumerate(charges, start=last_line_no + 1):
        charge.supplier_id, charge.account_id, charge.service_id = supplier_id, account_id, service_id
        charge.period, charge.line_no, charge.charged_on = period, line_no, charged_on
    Charge.objects.bulk_create(charges)


def _post(charge: Charge, *, now: dt.datetime) -> None:
    if not charge.amount_rub:
        return
    ledger.post(
        supplier_id=charge.supplier_id,
        source_kind=SOURCE_KIND,
        source_id=charge.id,
        movements=[
            ledger.Movement(
                debit_book_id=ledger.customer_book(charge.supplier_id, charge.account_id, charge.service_id),
                credit_book_id=ledger.supplier_book(charge.supplier_id, "revenue"),
                amount_rub=charge.amount_rub,
                kind="charge",
                period=charge.period,
                occurred_on=charge.charged_on,
            )
        ],
        now=now,
    )


def _remember_total(supplier_id: int, account_id: int, period: Month) -> None:
    """Let the sum of the month prove ownership: who has the bill can type it in."""
    charges = Charge.objects.filter(supplier_id=supplier_id, account_id=account_id, period=period)
    total_rub: Decimal = charges.aggregate(total=Sum("amount_rub"))["total"]
    accounts.record_proof(supplier_id, account_id, ProofValue.Kind.LAST_CHARGE, str(total_rub))
