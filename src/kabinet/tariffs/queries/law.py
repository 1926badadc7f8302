"""Read what the law says by date."""

import datetime as dt

from kabinet.tariffs import rules
from kabinet.tariffs.models import PenaltyCap, PenaltyMoratorium, PenaltyRate, PenaltyStep, VatRate
from kabinet.tariffs.queries.days import between


def penalty_law() -> rules.PenaltyLaw:
    """Give everything that penalties are counted by: the same for all suppliers, a few dozen rows."""
    days = ("valid_from", "valid_until")
    rates = PenaltyRate.objects.order_by("valid_from").values_list("valid_from", "rate_percent", "source")
    caps = PenaltyCap.objects.order_by("valid_from").values_list(*days, "rate_percent", "source")
    steps = PenaltyStep.objects.order_by("valid_from", "from_day")
    moratoria = PenaltyMoratorium.objects.order_by("valid_from").values_list(*days, "source")
    return rules.PenaltyLaw(
        key_rates=tuple(rules.KeyRate(*row) for row in rates),
        caps=tuple(rules.RateCap(*row) for row in caps),
        steps=tuple(rules.DelayStep(*row) for row in steps.values_list("valid_from", "from_day", "divisor", "source")),
        moratoria=tuple(rules.Moratorium(*row) for row in moratoria),
    )


def vat_rates(*, since: dt.date, until: dt.date) -> tuple[rules.VatRate, ...]:
    """Give the rates of VAT on days of [since, until), oldest first."""
    rows = VatRate.objects.filter(between(since, until)).order_by("valid_from")
    columns = ("valid_from", "valid_until", "rate_percent", "source")
    return tuple(rules.VatRate(*row) for row in rows.values_list(*columns))
