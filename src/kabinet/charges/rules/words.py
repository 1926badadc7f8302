"""How a line writes its numbers, and which acts it follows."""

import datetime as dt
from decimal import Decimal

SUPPLY_RULES = "Правила поставки газа (постановление Правительства РФ от 21.07.2008 № 549)"
METERED_RULE = f"{SUPPLY_RULES}, пункт 25"
FACTOR_RULE = f"{SUPPLY_RULES}, пункты 25 и 26"
SILENT_RULE = f"{SUPPLY_RULES}, пункт 31"
REMOVED_RULE = f"{SUPPLY_RULES}, пункт 30"
DAMAGED_RULE = f"{SUPPLY_RULES}, пункт 28"
NORM_RULE = f"{SUPPLY_RULES}, пункт 32"
CORRECTION_RULE = f"{SUPPLY_RULES}, пункты 25 и 31"

FORMULA_LENGTH = 250


def number(value: Decimal) -> str:
    """Write a number without zeros at its end: 28, 15,167, 4,37507."""
    return f"{value.normalize():f}".replace(".", ",")


def signed(value: Decimal) -> str:
    """Write a number with the minus that people write: −135."""
    return number(value).replace("-", "−")


def rub(amount_rub: Decimal) -> str:
    """Write a sum with its kopecks: 122,50 or −590,63."""
    return f"{amount_rub:f}".replace(".", ",").replace("-", "−")


def cost(volume_m3: Decimal, price_rub_per_m3: Decimal, amount_rub: Decimal) -> str:
    """Write a computation as people would: «28 м³ × 4,37507 ₽/м³ = 122,50 ₽»."""
    return f"{signed(volume_m3)} м³ × {number(price_rub_per_m3)} ₽/м³ = {rub(amount_rub)} ₽"


def longest_that_fits(*formulas: str) -> str:
    """Give the first formula that a line has room for."""
    return next((formula for formula in formulas if len(formula) <= FORMULA_LENGTH), formulas[-1])


def days_text(since: dt.date | None, until: dt.date | None) -> dict[str, str]:
    return {"since": str(since), "until": str(until)}
