"""Everything that stands on a bill, as plain values."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from kabinet.bills import rules
from kabinet.common.money import ZERO
from kabinet.common.month import Month


@dataclass(frozen=True)
class Payee:
    """Who is paid, as the card of the supplier says."""

    name: str
    full_name: str
    inn: str
    kpp: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""
    form_name: str = ""


@dataclass(frozen=True)
class Requisites:
    """Where money is sent. is_agent: the special account (спец/сч) into which payment agents pay."""

    bank_name: str
    bic: str
    account_number: str
    correspondent_account: str
    is_agent: bool = False


@dataclass(frozen=True)
class Payer:
    """Whose account it is. Name and address come masked as the reader's access allows.

    postcode  where the sheet is sent
    """

    name: str
    address: str
    postcode: str = ""
    residents_count: int | None = None
    area_m2: Decimal | None = None


class Part(Enum):
    """What a line is of the month's sum, and so in which column its amount stands."""

    CHARGED = "charged"
    PENALTY = "penalty"
    BENEFIT = "benefit"
    RECALCULATION = "recalculation"


@dataclass(frozen=True)
class BillLine:
    """One line: consumption, or a sum without a volume. None is left for the payer to fill in by hand.

    note        which meter and scale, or anything else that tells lines of one service apart
    digits      boxes for a reading: digits of the dial; 0 for a line that shows no dial
    amount_rub  as it is added to what is owed: below zero for a benefit
    goes_on     of the same dial as the line before: its consumption fell under two prices, or over a threshold
    """

    service_name: str
    note: str = ""
    digits: int = 0
    current_m3: Decimal | None = None
    previous_m3: Decimal | None = None
    volume_m3: Decimal | None = None
    price_rub_per_m3: Decimal | None = None
    amount_rub: Decimal | None = None
    part: Part = Part.CHARGED
    goes_on: bool = False
    formula: str = ""
    rule_source: str = ""

    @property
    def is_metered(self) -> bool:
        return self.digits > 0 or self.volume_m3 is not None

    @property
    def current_dial(self) -> str:
        return _dial(self.current_m3, self.digits)

    @property
    def previous_dial(self) -> str:
        return _dial(self.previous_m3, self.digits)

    @property
    def charged_rub(self) -> Decimal | None:
        """What stands under «Начислено»."""
        return self.amount_rub if self.part in (Part.CHARGED, Part.PENALTY) else None

    @property
    def benefit_rub(self) -> Decimal | None:
        """What stands under «Льгота»: by so much less is owed."""
        return -self.amount_rub if self.part == Part.BENEFIT and self.amount_rub is not None else None

    @property
    def recalculated_rub(self) -> Decimal | None:
        """What stands under «Перерасчёт», with its sign."""
        return self.amount_rub if self.part == Part.RECALCULATION else None


@dataclass(frozen=True)
class MonthVolume:
    """Consumption of a month, for the chart; None where no reading says."""

    period: Month
    volume_m3: Decimal | None


@dataclass(frozen=True)
class Bill:
    """Everything that stands on the sheet.

    counted_on      the day whose end ``due_rub`` tells of
    is_latest       later charges do not exist, so that the printed sum is what one pays
    is_blank        the month is not charged yet: readings and sums are left to be filled in by hand
    opening_rub     with the lines, less ``paid_rub`` and with ``adjusted_rub`` it is ``closing_rub``
    adjusted_rub    what changed the debt without a line of this month: a write-off, say
    due_by_service  what is owed for each service, when there are several
    vat             the tax that the lines include: percent and sum
    """

    payee: Payee
    requisites: Sequence[Requisites]
    account_number: str
    payer: Payer
    period: Month
    counted_on: dt.date
    made_at: dt.datetime
    lines: Sequence[BillLine]
    opening_rub: Decimal
    paid_rub: Decimal
    adjusted_rub: Decimal
    closing_rub: Decimal
    pay_by: dt.date | None = None
    is_latest: bool = True
    is_blank: bool = False
    due_by_service: Sequence[tuple[str, Decimal]] = ()
    vat: Sequence[tuple[str, Decimal]] = ()
    volumes: Sequence[MonthVolume] = field(default_factory=tuple)

    @property
    def opening_size_rub(self) -> Decimal:
        return abs(self.opening_rub)

    @property
    def lines_rub(self) -> Decimal:
        """What the month comes to, with penalties, benefits and recalculations."""
        return sum((line.amount_rub or ZERO for line in self.lines), ZERO)

    @property
    def charged_rub(self) -> Decimal:
        """What the month was charged, penalties apart."""
        return self._sum_of(Part.CHARGED)

    @property
    def penalty_rub(self) -> Decimal:
        return self._sum_of(Part.PENALTY)

    @property
    def benefit_rub(self) -> Decimal:
        """By how much benefits lower the month."""
        return -self._sum_of(Part.BENEFIT)

    @property
    def recalculated_rub(self) -> Decimal:
        return self._sum_of(Part.RECALCULATION)

    def _sum_of(self, part: Part) -> Decimal:
        return sum((line.amount_rub or ZERO for line in self.lines if line.part == part), ZERO)

    @property
    def due_rub(self) -> Decimal:
        """What is to be paid: an overpayment leaves nothing."""
        return max(self.closing_rub, ZERO)

    @property
    def counted_rub(self) -> Decimal | None:
        """What the lines of an open month come to; None while one of them is left to be filled in."""
        return known_total([line.amount_rub for line in self.lines]) if self.lines else None

    @property
    def total_rub(self) -> Decimal | None:
        """«Итого к оплате»; None on a sheet where people count for themselves."""
        if not self.is_blank:
            return self.due_rub
        return None if self.counted_rub is None else max(self.closing_rub + self.counted_rub, ZERO)


def known_total(values: Sequence[Decimal | None]) -> Decimal | None:
    """Sum what is known; None while a part of it is left to be filled in."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


def _dial(value_m3: Decimal | None, digits: int) -> str:
    return "" if value_m3 is None or not digits else rules.digits_in_boxes(value_m3, digits)
