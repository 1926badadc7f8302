"""What a reading would cost before it is charged."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kabinet.accounts.models import Account
from kabinet.charges import rules
from kabinet.charges.queries.readings import uncharged_readings
from kabinet.common.money import ZERO
from kabinet.meters.queries import MeterCard, ScaleCard
from kabinet.meters.rules import Consumption, consumption_m3, rollover_is_plausible
from kabinet.suppliers import queries as suppliers
from kabinet.tariffs import queries as tariffs

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Estimate:
    """What a reading would mean before it is sent: the volume, and its cost when the prices are known."""

    volume_m3: Decimal
    amount_rub: Decimal | None
    lines: tuple[rules.MeteredLine, ...]


def estimate(meter: MeterCard, scale: ScaleCard, value_m3: Decimal, *, taken_on: dt.date) -> Estimate | None:
    """Tell what a reading of a scale would mean, or None when it is below the last one that counts.

    A smaller number that can be a rollover is taken for one. The sum is what accrual will charge, when no other reading
    comes in between and no price changes. Whoever has the meter's card may know.
    """
    if scale.previous_m3 is None or scale.previous_on is None:
        return Estimate(Decimal(0), ZERO, ())
    rolls_over = value_m3 < scale.previous_m3
    if rolls_over and not _may_roll_over(meter, scale.previous_m3, value_m3):
        return None
    volume_m3 = consumption_m3(
        previous_m3=scale.previous_m3, current_m3=value_m3, digits=meter.digits, rolled_over=rolls_over
    )
    used = Consumption(scale.previous_on + ONE_DAY, max(taken_on, scale.previous_on) + ONE_DAY, volume_m3)
    try:
        [lines] = priced(meter.supplier_id, usage_purpose_code_of(meter.supplier_id, meter.account_id), [used])
    except rules.PriceMissing:
        return Estimate(volume_m3, None, ())
    return Estimate(volume_m3, sum((line.amount_rub for line in lines), ZERO), tuple(lines))


def _may_roll_over(meter: MeterCard, previous_m3: Decimal, current_m3: Decimal) -> bool:
    supplier = suppliers.supplier_card(meter.supplier_id)
    return supplier.allow_rollover and rollover_is_plausible(
        previous_m3=previous_m3, current_m3=current_m3, digits=meter.digits, max_volume_m3=supplier.max_volume_m3
    )


def uncharged_estimate_rub(supplier_id: int, account_id: int) -> Decimal:
    """Tell what the readings that count but are not charged yet will cost; nothing for those without a price."""
    used = [used for reading in uncharged_readings(supplier_id, account_id) if (used := reading.consumption)]
    if not used:
        return ZERO
    try:
        priced_lines = priced(supplier_id, usage_purpose_code_of(supplier_id, account_id), used)
    except rules.PriceMissing:
        return ZERO
    return sum((line.amount_rub for lines in priced_lines for line in lines), ZERO)


def priced(supplier_id: int, usage_purpose_code: str, used: Sequence[Consumption]) -> list[list[rules.MeteredLine]]:
    """Price volumes by the prices of their days, with one reading of the tariffs. Raises rules.PriceMissing."""
    if not used:
        return []
    prices = tariffs.prices_between(
        supplier_id,
        suppliers.main_service_id(supplier_id),
        usage_purpose_code,
        since=min(min(item.since, item.until - ONE_DAY) for item in used),
        until=max(item.until for item in used),
    )
    return [
        rules.metered_lines(volume_m3=item.volume_m3, since=item.since, until=item.until, prices=prices)
        for item in used
    ]


def usage_purpose_code_of(supplier_id: int, account_id: int) -> str:
    return Account.objects.values_list("usage_purpose_code", flat=True).get(supplier_id=supplier_id, id=account_id)
