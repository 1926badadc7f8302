"""Read charges: what is due, what is unpaid, how each line was computed, what a reading would cost."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from kabinet.accounts.models import Account
from kabinet.charges import rules
from kabinet.charges.models import Charge
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import Difference, MovementRow
from kabinet.meters.models import Reading
from kabinet.meters.queries import MeterCard, ScaleCard
from kabinet.meters.rules import Consumption, consumption_m3, rollover_is_plausible
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.models import Service, Supplier
from kabinet.tariffs import queries as tariffs

LATEST_MOVEMENTS = 12
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Estimate:
    """What a reading would mean before it is sent: the volume, and its cost when the prices are known."""

    volume_m3: Decimal
    amount_rub: Decimal | None
    lines: tuple[rules.MeteredLine, ...]


@dataclass(frozen=True)
class AccountSummary:
    """What is due now and how it came about: `opening_rub + charged_rub − paid_rub + adjusted_rub = due_rub`.

    due_rub          above zero a debt, below zero an advance
    charged_period   the last month that was charged; None when none ever was
    opening_rub      what was due when that month began; what follows has happened since
    pay_by           last day to pay that month in time; None when nothing was charged
    paid_on          the day of the payment since the month began, when there was one; None for none and for several
    movements        the newest movements of the account, newest first
    """

    due_rub: Decimal
    charged_period: Month | None
    opening_rub: Decimal
    charged_rub: Decimal
    paid_rub: Decimal
    adjusted_rub: Decimal
    pay_by: dt.date | None
    paid_on: dt.date | None
    movements: tuple[MovementRow, ...]

    @property
    def has_debt(self) -> bool:
        return self.due_rub > 0

    @property
    def has_advance(self) -> bool:
        return self.due_rub < 0

    @property
    def advance_rub(self) -> Decimal:
        return max(-self.due_rub, ZERO)

    @property
    def paid_back_rub(self) -> Decimal:
        """What was paid, as a sum that lowers what is due."""
        return -self.paid_rub

    def is_overdue_on(self, day: dt.date) -> bool:
        return self.has_debt and self.pay_by is not None and day > self.pay_by


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
        since=min(item.since for item in used),
        until=max(max(item.until, item.since + ONE_DAY) for item in used),
    )
    return [
        rules.metered_lines(volume_m3=item.volume_m3, since=item.since, until=item.until, prices=prices)
        for item in used
    ]


def usage_purpose_code_of(supplier_id: int, account_id: int) -> str:
    return Account.objects.values_list("usage_purpose_code", flat=True).get(supplier_id=supplier_id, id=account_id)


def uncharged_readings(supplier_id: int, account_id: int) -> QuerySet[Reading]:
    """Give the readings that count and stand in no charge, oldest first.

    A charge that came from the supplier itself covers every reading up to the end of its month.
    """
    covering = Charge.objects.filter(supplier_id=supplier_id, account_id=account_id).filter(
        Q(reading_id=OuterRef("id")) | Q(kind=Charge.Kind.IMPORTED, period__gte=OuterRef("taken_in"))
    )
    return (
        Reading.objects.annotate(taken_in=TruncMonth("taken_on"))
        .filter(
            ~Exists(covering),
            supplier_id=supplier_id,
            account_id=account_id,
            status=Reading.Status.ACCEPTED,
            used_from__isnull=False,
        )
        .order_by("taken_on", "id")
    )


def accounts_to_accrue(supplier_id: int, *, until: dt.date, after_account_id: int, limit: int) -> list[int]:
    """Give accounts with readings before a day that count and stand in no charge, in order of their ids."""
    charged = Charge.objects.filter(supplier_id=supplier_id, reading_id=OuterRef("id"))
    rows = Reading.objects.filter(
        ~Exists(charged),
        supplier_id=supplier_id,
        account_id__gt=after_account_id,
        status=Reading.Status.ACCEPTED,
        used_from__isnull=False,
        taken_on__lt=until,
    )
    return list(rows.order_by("account_id").values_list("account_id", flat=True).distinct()[:limit])


def suppliers_billed_here() -> list[tuple[int, str]]:
    """Give (supplier, time zone) of those whose charges are computed here."""
    return list(Supplier.objects.filter(billing=Supplier.Billing.KABINET).order_by("id").values_list("id", "time_zone"))


def unpaid_charges(supplier_id: int, account_id: int) -> list[rules.Unpaid]:
    """Give what is left to pay of each charge, oldest first. What is an advance stands in no charge."""
    rows = Charge.objects.filter(
        supplier_id=supplier_id,
        account_id=account_id,
        settled_rub__lt=F("amount_rub"),
        service__supplier_id=supplier_id,
    ).order_by("period", "id")
    return [
        rules.Unpaid(charge_id, service_id, period, amount_rub - settled_rub, is_penalty=code == Service.PENALTY)
        for charge_id, service_id, period, amount_rub, settled_rub, code in rows.values_list(
            "id", "service_id", "period", "amount_rub", "settled_rub", "service__code"
        )
    ]


def last_charged_period(supplier_id: int, account_id: int) -> Month | None:
    return Charge.objects.filter(supplier_id=supplier_id, account_id=account_id).aggregate(last=Max("period"))["last"]


def account_summary(supplier_id: int, account_id: int, *, today: dt.date) -> AccountSummary:
    """Give what is due and how it came about, counted from the last month that was charged."""
    period = last_charged_period(supplier_id, account_id)
    this_month = Month.of(today)
    since = min(period or this_month, this_month)
    months = ledger.statement(supplier_id, account_id, since=since, until=max(this_month, period or this_month).next())
    movements = ledger.latest_movements(supplier_id, account_id, LATEST_MOVEMENTS)
    paid_on = {row.occurred_on for row in movements if row.kind == "payment" and row.period >= since}
    return AccountSummary(
        due_rub=months[-1].closing_rub,
        charged_period=period,
        opening_rub=months[0].opening_rub,
        charged_rub=sum((month.charged_rub for month in months), ZERO),
        paid_rub=sum((month.paid_rub for month in months), ZERO),
        adjusted_rub=sum((month.adjusted_rub for month in months), ZERO),
        pay_by=suppliers.pay_by(supplier_id, period) if period else None,
        paid_on=paid_on.pop() if len(paid_on) == 1 else None,
        movements=tuple(movements),
    )


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


def differences() -> list[Difference]:
    """List charges that are not settled by exactly their allocations, and credits that settle more than they are.

    One statement over both sides, since it reads every charge there is; see LEDGER_CHECKS.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH settled AS (
                SELECT supplier_id, charge_id, sum(amount_rub) AS amount_rub FROM charges_allocation GROUP BY 1, 2
            ), used AS (
                SELECT supplier_id, transfer_id, amount_rub FROM charges_allocation
                UNION ALL
                SELECT supplier_id, transfer_id, amount_rub FROM charges_creditreturn
            ), used_of_credit AS (
                SELECT supplier_id, transfer_id, sum(amount_rub) AS amount_rub FROM used GROUP BY 1, 2
            )
            SELECT 'settled', charge.supplier_id, 'charge:' || charge.id, charge.settled_rub,
                   coalesce(settled.amount_rub, 0)
            FROM charges_charge AS charge
            LEFT JOIN settled ON settled.supplier_id = charge.supplier_id AND settled.charge_id = charge.id
            WHERE charge.settled_rub <> coalesce(settled.amount_rub, 0)
            UNION ALL
            SELECT 'credit used beyond itself', used.supplier_id, 'transfer:' || used.transfer_id,
                   transfer.amount_rub, used.amount_rub
            FROM used_of_credit AS used
            JOIN ledger_transfer AS transfer
                ON transfer.supplier_id = used.supplier_id AND transfer.id = used.transfer_id
            WHERE used.amount_rub > transfer.amount_rub
            ORDER BY 1, 2, 3
            """
        )
        return [Difference(*row) for row in cursor.fetchall()]
