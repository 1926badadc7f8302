"""Roubles and kopecks: the one door for rounding, and exact ways in and out. No Django here."""

import re
from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

KOPECK = Decimal("0.01")
ZERO = Decimal("0.00")

_TYPED_SUM = re.compile(r"(-?\d{1,12})(?:\.(\d{1,2}))?", re.ASCII)


def round_to_kopeck(amount_rub: Decimal) -> Decimal:
    """Round to whole kopecks, half away from zero: 122.50196 → 122.50, 0.005 → 0.01, −0.005 → −0.01.

    Used once per line, where the line is computed; a total is the sum of its rounded lines.
    """
    return amount_rub.quantize(KOPECK, rounding=ROUND_HALF_UP)


def to_kopecks(amount_rub: Decimal) -> int:
    """Give whole kopecks for a gateway or a payment symbol. Raises ValueError for a fraction of a kopeck."""
    kopecks = amount_rub * 100
    if kopecks != kopecks.to_integral_value():
        raise ValueError(f"{amount_rub} is not a whole number of kopecks")
    return int(kopecks)


def from_kopecks(kopecks: int) -> Decimal:
    """Give roubles with two places for a whole number of kopecks."""
    return (Decimal(kopecks) / 100).quantize(KOPECK)


def split_in_proportion(amount_rub: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split a sum by weights so that the parts sum to the whole.

    Each part is cut down to kopecks; those that are left go to the largest remainders, among equal ones to the first.
    Raises ValueError for a negative weight, for weights that are all zero, and for a fraction of a kopeck.
    """
    total_weight = sum(weights, Decimal(0))
    if any(weight < 0 for weight in weights) or total_weight <= 0:
        raise ValueError("weights must not be negative, and one must be above zero")
    kopecks = to_kopecks(amount_rub)
    exact = [Decimal(kopecks) * weight / total_weight for weight in weights]
    whole = [int(part.to_integral_value(rounding=ROUND_DOWN)) for part in exact]
    left = kopecks - sum(whole)
    step = 1 if left >= 0 else -1
    by_remainder = sorted(range(len(exact)), key=lambda index: (-abs(exact[index] - whole[index]), index))
    for index in by_remainder[: abs(left)]:
        whole[index] += step
    return [from_kopecks(part) for part in whole]


def parse_rub(text: str) -> Decimal:
    """Read a sum as people type it: «1 234,5» and «1234.50» alike. Raises ValueError when it is not a sum of money."""
    compact = re.sub(r"[\s\u00a0\u202f₽]", "", text).replace(",", ".").replace("−", "-")
    match = _TYPED_SUM.fullmatch(compact)
    if match is None:
        raise ValueError(f"{text!r} is not a sum in roubles")
    return Decimal(compact).quantize(KOPECK)
