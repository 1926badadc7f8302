"""What the law says by date for everybody: penalties for paying late, and VAT. Plain values."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from kabinet.tariffs.rules.days import holding_on


@dataclass(frozen=True)
class KeyRate:
    """The key rate of the central bank from a day on, until the next one; percent a year."""

    valid_from: dt.date
    rate_percent: Decimal
    source: str


@dataclass(frozen=True)
class RateCap:
    """The most that the rate of penalties may be on the days `[valid_from, valid_until)`; percent a year."""

    valid_from: dt.date
    valid_until: dt.date | None
    rate_percent: Decimal
    source: str


@dataclass(frozen=True)
class DelayStep:
    """From day `from_day` of delay on, `rate / divisor` is due a day. Day 1 follows the last day to pay."""

    valid_from: dt.date
    from_day: int
    divisor: int
    source: str


@dataclass(frozen=True)
class Moratorium:
    """Days `[valid_from, valid_until)` for which no penalty is due."""

    valid_from: dt.date
    valid_until: dt.date | None
    source: str


@dataclass(frozen=True)
class PenaltyLaw:
    """Everything that penalties are counted by, each list oldest first."""

    key_rates: tuple[KeyRate, ...] = ()
    caps: tuple[RateCap, ...] = ()
    steps: tuple[DelayStep, ...] = ()
    moratoria: tuple[Moratorium, ...] = ()

    def key_rate_on(self, day: dt.date) -> KeyRate | None:
        """Give the key rate of a day; None before the first one that is known."""
        known = [rate for rate in self.key_rates if rate.valid_from <= day]
        return max(known, key=lambda rate: rate.valid_from, default=None)

    def cap_on(self, day: dt.date) -> RateCap | None:
        return next(iter(holding_on(self.caps, day)), None)

    def steps_on(self, day: dt.date) -> tuple[DelayStep, ...]:
        """Give the steps in force on a day, by day of delay: those that came into force last, all of them together."""
        came = max((step.valid_from for step in self.steps if step.valid_from <= day), default=None)
        return tuple(sorted((step for step in self.steps if step.valid_from == came), key=lambda step: step.from_day))

    def moratorium_on(self, day: dt.date) -> Moratorium | None:
        return next(iter(holding_on(self.moratoria, day)), None)


@dataclass(frozen=True)
class VatRate:
    """The rate of VAT that prices contain on the days `[valid_from, valid_until)`."""

    valid_from: dt.date
    valid_until: dt.date | None
    rate_percent: Decimal
    source: str
