"""How money settles charges: plain values in and out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from kabinet.common.money import ZERO, split_in_proportion
from kabinet.common.month import Month


@dataclass(frozen=True)
class Unpaid:
    """What is left to pay of one charge."""

    charge_id: int
    service_id: int
    period: Month
    amount_rub: Decimal
    is_penalty: bool = False

    def less(self, settled: "Settled") -> "Unpaid":
        """Give what is left after a part of a payment has settled something."""
        if settled.charge_id != self.charge_id:
            return self
        return replace(self, amount_rub=self.amount_rub - settled.amount_rub)


def spread_payment(
    amount_rub: Decimal, unpaid: Sequence[Unpaid], *, main_service_id: int, named: Month | None = None
) -> list[tuple[int, Decimal]]:
    """Split a payment between services: (service, part) pairs in order of services, no part of zero.

    The period that the payer named comes first, then the oldest; inside a period services share in proportion to what
    is left; penalties come after everything else; the rest is an advance on the main service.

    Source: Civil Code 319.1; Government decree of 06.05.2011 No. 354, 118; Plenum of 22.11.2016 No. 54 (principal
    before penalty); docs/adr/0043.
    """
    parts: dict[int, Decimal] = {}
    left_rub = amount_rub
    for _, group in groupby(_in_order(unpaid, named), key=lambda item: _rank(item, named)):
        owed = list(group)
        taken_rub = min(left_rub, sum((item.amount_rub for item in owed), ZERO))
        if not taken_rub:
            break
        for item, part_rub in zip(owed, _shares(taken_rub, owed), strict=True):
            parts[item.service_id] = parts.get(item.service_id, ZERO) + part_rub
        left_rub -= taken_rub
    if left_rub:
        parts[main_service_id] = parts.get(main_service_id, ZERO) + left_rub
    return [(service_id, part_rub) for service_id, part_rub in sorted(parts.items()) if part_rub]


@dataclass(frozen=True)
class Settled:
    """A part of a payment that settles a charge, and the rule by which it does."""

    charge_id: int
    amount_rub: Decimal
    rule: str


NAMED_PERIOD = "named-period"
OLDEST_FIRST = "oldest-first"


def allocate(amount_rub: Decimal, unpaid: Sequence[Unpaid], *, named: Month | None = None) -> list[Settled]:
    """Say which charges a sum settles: in the order of `spread_payment`; what settles nothing stays an advance.

    Source: as `spread_payment`.
    """
    settled: list[Settled] = []
    left_rub = amount_rub
    for _, group in groupby(_in_order(unpaid, named), key=lambda item: _rank(item, named)):
        owed = list(group)
        taken_rub = min(left_rub, sum((item.amount_rub for item in owed), ZERO))
        if not taken_rub:
            break
        rule = NAMED_PERIOD if owed[0].period == named else OLDEST_FIRST
        for item, part_rub in zip(owed, _shares(taken_rub, owed), strict=True):
            if part_rub:
                settled.append(Settled(item.charge_id, part_rub, rule))
        left_rub -= taken_rub
    return settled


def _in_order(unpaid: Sequence[Unpaid], named: Month | None) -> list[Unpaid]:
    owed = [item for item in unpaid if item.amount_rub > 0]
    return sorted(owed, key=lambda item: (*_rank(item, named), item.service_id, item.charge_id))


def _rank(item: Unpaid, named: Month | None) -> tuple[bool, bool, Month]:
    return item.is_penalty, item.period != named, item.period


def _shares(taken_rub: Decimal, owed: Sequence[Unpaid]) -> list[Decimal]:
    return split_in_proportion(taken_rub, [item.amount_rub for item in owed])
