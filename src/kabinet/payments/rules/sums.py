"""Sums: what a payer gives and what of it reaches the account."""

from dataclasses import dataclass
from decimal import Decimal

from kabinet.common.money import ZERO, round_to_kopeck


@dataclass(frozen=True)
class Quote:
    """amount_rub, what the payer gives = shared_rub, what the account gets + commission_rub."""

    shared_rub: Decimal
    commission_rub: Decimal

    @property
    def amount_rub(self) -> Decimal:
        return self.shared_rub + self.commission_rub


def quote(shared_rub: Decimal, commission_percent: Decimal) -> Quote:
    """Put the payer's commission on top of what the account gets: 3.5 % of 1000.00 is 35.00."""
    return Quote(shared_rub=shared_rub, commission_rub=round_to_kopeck(shared_rub * commission_percent / 100))


def greatest_own_sum_rub(debt_rub: Decimal, *, limit_rub: Decimal, shop_limit_rub: Decimal) -> Decimal:
    """Say how much a payer may give of their own accord: what is owed and the supplier's limit, within the shop's."""
    return min(max(debt_rub, ZERO) + limit_rub, shop_limit_rub)


def advance_rub(shared_rub: Decimal, debt_rub: Decimal) -> Decimal:
    """Say how much of a payment is more than what is owed."""
    return max(shared_rub - max(debt_rub, ZERO), ZERO)
