"""What a reading would cost before it is charged."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from kabinet.charges import rules
from kabinet.charges.models import AccrualPolicy
from kabinet.charges.queries.account_months import account_months
from kabinet.charges.queries.readings import uncharged_readings
from kabinet.charges.queries.summaries import last_charged_period
from kabinet.charges.queries.terms import month_terms, policy_of
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.meters.queries import MeterCard, ScaleCard
from kabinet.meters.rules import Reading, consumption_m3, rollover_is_plausible
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard

ONE_DAY = dt.timedelta(days=1)

#: How the readings of a supplier that has chosen nothing are estimated: of a policy only the first two matter to them.
_PLAIN_POLICY = rules.Policy(
    price_split=rules.BY_DAYS,
    recalculate_norm_months=AccrualPolicy.RecalculateNorm.NEVER,
    average_of_months=1,
    average_at_most_months=0,
    removed_at_most_months=0,
    odd_ratio=Decimal(0),
    silent_months=0,
    charges_penalties=False,
    penalty_recheck_months=0,
)


@dataclass(frozen=True)
class TypedReading:
    """What a person says that a scale shows, before it is handed in."""

    meter: MeterCard
    scale: ScaleCard
    value_m3: Decimal
    taken_on: dt.date


@dataclass(frozen=True)
class Estimate:
    """What a reading would mean before it is sent: the volume, and its cost when the prices are known.

    amount_rub  below zero where more has been charged for its days already than they cost
    """

    volume_m3: Decimal
    amount_rub: Decimal | None


def estimate(meter: MeterCard, scale: ScaleCard, value_m3: Decimal, *, taken_on: dt.date) -> Estimate | None:
    """Tell what a reading of a scale would mean, or None when it is below the last one that counts: see `estimates`."""
    [estimated] = estimates([TypedReading(meter, scale, value_m3, taken_on)])
    return estimated


def estimates(typed: Sequence[TypedReading]) -> list[Estimate | None]:
    """Tell what readings of one account would mean; None for one that is below the last one that counts.

    A smaller number that can be a rollover is taken for one. The sum of each is what it adds to that of the readings
    handed in and not charged yet, and of those before it in the list: so all of them together are what accrual will
    charge, when no other reading comes in between and no price changes. In a fixed number of queries. Whoever has the
    meters' cards may know.
    Source: docs/adr/0045.
    """
    if not typed:
        return []
    supplier_id, account_id = typed[0].meter.supplier_id, typed[0].meter.account_id
    supplier = suppliers.supplier_card(supplier_id)
    readings = [_reading(-number, item, supplier) for number, item in enumerate(typed, start=1)]
    told = {
        item.scale.id: reading
        for item, reading in zip(typed, readings, strict=True)
        if reading is not None and reading.used_from is not None
    }
    if not told:
        return [None if reading is None else Estimate(reading.volume_m3, ZERO) for reading in readings]
    latest_on = max(reading.taken_on for reading in told.values())
    account, terms = _account_and_terms(supplier_id, account_id, latest_on=latest_on, typed=told)
    left_out = {reading.id for reading in told.values()}
    before_rub = _cost_rub(account, terms, left_out)
    found: list[Estimate | None] = []
    for reading in readings:
        if reading is None:
            found.append(None)
            continue
        left_out.discard(reading.id)
        with_it_rub = _cost_rub(account, terms, left_out)
        if before_rub is None or with_it_rub is None:
            found.append(Estimate(reading.volume_m3, None))
        else:
            found.append(Estimate(reading.volume_m3, with_it_rub - before_rub))
        before_rub = with_it_rub
    return found


def uncharged_estimate_rub(supplier_id: int, account_id: int) -> Decimal:
    """Tell what the readings that count but are not charged yet will cost; nothing for those without a price.

    Below zero where more has been charged for their days already, while no reading came, than they cost.
    """
    return sum((line.amount_rub for line in uncharged_lines(supplier_id, account_id)), ZERO)


def uncharged_lines(supplier_id: int, account_id: int) -> list[rules.Line]:
    """Give the lines that accrual will make of the readings that count but are not charged yet; none without a price.

    In a fixed number of queries: one where no reading waits. Source: docs/adr/0045.
    """
    latest_on = uncharged_readings(supplier_id, account_id).values_list("taken_on", flat=True).last()
    if latest_on is None:
        return []
    account, terms = _account_and_terms(supplier_id, account_id, latest_on=latest_on)
    try:
        return rules.accrue_readings(account, terms)
    except (rules.PriceMissing, rules.FactorMissing):
        return []


def _account_and_terms(
    supplier_id: int, account_id: int, *, latest_on: dt.date, typed: Mapping[int, Reading] = MappingProxyType({})
) -> tuple[rules.AccountMonth, rules.Terms]:
    """Give what the first month that can charge a reading of the day `latest_on` will go by."""
    charged = last_charged_period(supplier_id, account_id)
    period = max(Month.of(latest_on), charged.next()) if charged else Month.of(latest_on)
    month = month_terms(supplier_id, period, policy_of(supplier_id, period) or _PLAIN_POLICY)
    return account_months(month, [account_id], typed=typed)[account_id], month.terms


def _cost_rub(account: rules.AccountMonth, terms: rules.Terms, left_out: set[int]) -> Decimal | None:
    """Give what the readings of an account will cost without some of them; None while a price is not known."""
    try:
        lines = rules.accrue_readings(
            replace(account, charged_reading_ids=account.charged_reading_ids | left_out), terms
        )
    except (rules.PriceMissing, rules.FactorMissing):
        return None
    return sum((line.amount_rub for line in lines), ZERO)


def _reading(reading_id: int, typed: TypedReading, supplier: SupplierCard) -> Reading | None:
    """Give what is typed as a reading that counts; None for one that is below the last and cannot be a rollover."""
    previous_m3, previous_on = typed.scale.previous_m3, typed.scale.previous_on
    if previous_m3 is None or previous_on is None:
        return Reading(reading_id, typed.taken_on, typed.value_m3, None, None, Decimal(0), is_rollover=False)
    digits, rolls_over = typed.meter.digits, typed.value_m3 < previous_m3
    may_roll_over = supplier.allow_rollover and rollover_is_plausible(
        previous_m3=previous_m3, current_m3=typed.value_m3, digits=digits, max_volume_m3=supplier.max_volume_m3
    )
    if rolls_over and not may_roll_over:
        return None
    return Reading(
        id=reading_id,
        taken_on=max(typed.taken_on, previous_on),
        value_m3=typed.value_m3,
        previous_m3=previous_m3,
        used_from=previous_on + ONE_DAY,
        volume_m3=consumption_m3(
            previous_m3=previous_m3, current_m3=typed.value_m3, digits=digits, rolled_over=rolls_over
        ),
        is_rollover=rolls_over,
    )
