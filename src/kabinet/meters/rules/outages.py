"""On which days a meter does not count, and why: one rule for screens, for readings and for accrual."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kabinet.common.days import Days
from kabinet.meters.rules.metering import UNVERIFIED, Outage

ONE_DAY = dt.timedelta(days=1)


class HasOutages(Protocol):
    """A meter with what is written of its outages."""

    @property
    def removed_on(self) -> dt.date | None: ...

    @property
    def verification_due_on(self) -> dt.date | None: ...

    @property
    def outages(self) -> Sequence[Outage]: ...


@dataclass(frozen=True)
class KnownOutages:
    """What is known of the days on which one meter does not count."""

    removed_on: dt.date | None
    verification_due_on: dt.date | None
    outages: tuple[Outage, ...]


def outage_days(meter: HasOutages) -> tuple[Outage, ...]:
    """Give the days on which a meter does not count, oldest first and none twice.

    They are those that are written and, from the day after `verification_due_on`, those of a verification that has run
    out; what is written wins over it. A meter that was taken away for good has none after `removed_on`.

    Source: supply rules of 21.07.2008 No. 549, 28, 30 and 32; docs/adr/0105.
    """
    outages = [*meter.outages, *(Outage(days, UNVERIFIED) for days in expired_days(meter))]
    if meter.removed_on is not None:
        last = meter.removed_on + ONE_DAY
        outages = [Outage(days, outage.reason) for outage in outages if (days := outage.days.before(last))]
    return tuple(sorted(outages, key=lambda outage: outage.days.since))


def expired_days(meter: HasOutages, *, before: dt.date | None = None) -> list[Days]:
    """Give the days on which nothing but a verification that has run out keeps a meter from counting.

    before  those before this day; None: all
    """
    if meter.verification_due_on is None:
        return []
    expired = Days(meter.verification_due_on + ONE_DAY, None).before(before)
    return expired.without(outage.days for outage in meter.outages) if expired else []


def outage_on(meter: HasOutages, day: dt.date) -> Outage | None:
    """Give the outage that a meter has on a day; None on a day on which it counts."""
    return next((outage for outage in outage_days(meter) if day in outage.days), None)
