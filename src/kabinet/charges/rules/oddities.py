"""What a person should look at before the lines of a month are released."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from kabinet.charges.rules.account_month import AccountMonth, Line, Oddity, Terms
from kabinet.charges.rules.consumption import last_reading_on
from kabinet.charges.rules.drafts import Draft
from kabinet.charges.rules.metering import metered, outages_of
from kabinet.charges.rules.pricing import BY_CONTROL_READING
from kabinet.charges.rules.spans import to_litres
from kabinet.charges.rules.words import number, rub
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.meters.rules import UNVERIFIED, Meter

MUCH_MORE, SILENT, PRICE_SPLIT, NEGATIVE = "much_more", "silent", "price_split", "negative"

#: Fewer days than these are compared with the usual of so many: a single day is too noisy to judge.
SHORTEST_COMPARED = 30


def oddities_of(account: AccountMonth, terms: Terms, drafts: Sequence[Draft], lines: Sequence[Line]) -> list[Oddity]:
    """Give what is odd about an account's month, each kind once: the first meter that it concerns."""
    found = [
        oddity
        for meter in sorted(account.meters, key=lambda meter: meter.id)
        for oddity in _of_meter(account, terms, meter)
    ]
    if terms.policy.price_split == BY_CONTROL_READING:
        found += _price_splits(drafts)
    total_rub = sum((line.amount_rub for line in lines), ZERO)
    if total_rub < 0:
        found.append(Oddity(NEGATIVE, {"amount_rub": rub(total_rub)}))
    return list({oddity.kind: oddity for oddity in reversed(found)}.values())[::-1]


def _of_meter(account: AccountMonth, terms: Terms, meter: Meter) -> Iterator[Oddity]:
    yield from _much_more(account, terms.policy.odd_ratio, meter)
    last_day = account.period.last_day
    if _is_gone(account.closed_on, last_day) or (meter.removed_on and meter.removed_on <= last_day):
        return
    outages = outages_of(meter)
    if any(outage.reason == UNVERIFIED and last_day in outage.days for outage in outages):
        yield Oddity(UNVERIFIED, {"meter": meter.serial_number, "due_on": str(meter.verification_due_on or "")})
    days = [last_reading_on(replace(meter, scales=(scale,)), outages) for scale in meter.scales]
    read_on = min((day for day in days if day), default=None)
    since = read_on or meter.installed_on or account.opened_on
    if since is None or Month.of(since).plus(terms.policy.silent_months) <= account.period:
        yield Oddity(SILENT, {"meter": meter.serial_number, "last_reading_on": str(read_on or "")})


def _much_more(account: AccountMonth, odd_ratio: Decimal, meter: Meter) -> Iterator[Oddity]:
    """Compare each reading to be charged with what the scale counted a day before it, as dials show it."""
    for scale in sorted(meter.scales, key=lambda scale: (scale.zone, scale.id)):
        earlier_m3, earlier_days = Decimal(0), 0
        for item in metered(scale, outages_of(meter)):
            days, volume_m3 = max(item.used.days, SHORTEST_COMPARED), item.reading.volume_m3
            is_new = item.reading.id not in account.charged_reading_ids
            if is_new and earlier_m3 and volume_m3 * earlier_days > odd_ratio * earlier_m3 * days:
                details = {
                    "meter": meter.serial_number,
                    "taken_on": str(item.reading.taken_on),
                    "volume_m3": number(volume_m3),
                    "usual_m3": number(to_litres(earlier_m3 * days / earlier_days)),
                }
                yield Oddity(MUCH_MORE, details)
            earlier_m3, earlier_days = earlier_m3 + volume_m3, earlier_days + item.used.days


def _price_splits(drafts: Sequence[Draft]) -> list[Oddity]:
    """Name readings over a price change: a control reading on the last day of the old price would have been exact."""
    first_days: dict[int, dt.date] = {}
    found = []
    for draft in drafts:
        if draft.line.reading_id is None or not draft.spans:
            continue
        since = draft.spans[0].since
        if first_days.setdefault(draft.line.reading_id, since) != since:
            found.append(Oddity(PRICE_SPLIT, {"day": str(since), "reading_id": str(draft.line.reading_id)}))
    return found


def _is_gone(closed_on: dt.date | None, day: dt.date) -> bool:
    return closed_on is not None and closed_on <= day
