"""When a gateway is asked: how long its keys live, and the moments of the poll."""

import datetime as dt

#: A gateway forgets a key after 24 h; the hour between is for its clock and for a request on its way.
KEY_LIFE = dt.timedelta(hours=23)
#: An unpaid payment is canceled by the gateway after about an hour.
PAYMENT_LIFE = dt.timedelta(hours=1)
GIVE_UP_AFTER = dt.timedelta(days=30)
#: A second payment of one account within this time of the first is asked about.
RECENT = dt.timedelta(minutes=15)
#: However often somebody rings about a payment, the gateway is asked no more than once in this time.
RING_PAUSE = dt.timedelta(seconds=5)

FIRST_CHECK = _OFTEN = dt.timedelta(seconds=20)
_OFTEN_UNTIL = dt.timedelta(minutes=15)
_THEN = tuple(dt.timedelta(minutes=minutes) for minutes in (21, 34, 55))
_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def next_check_at(*, created_at: dt.datetime, expires_at: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """Say when to ask the gateway next about a payment that is not settled; None: it is a person's turn.

    Every 20 s to the age of 15 min, then at 21, 34, 55 min, then hourly to an hour past its expiry, then daily for
    30 days.
    """
    age, hourly_until = now - created_at, expires_at + _HOUR - created_at
    if age < _OFTEN_UNTIL:
        following = (age // _OFTEN + 1) * _OFTEN
    elif later := [step for step in _THEN if step > age]:
        following = later[0]
    elif age < hourly_until:
        following = _THEN[-1] + ((age - _THEN[-1]) // _HOUR + 1) * _HOUR
    else:
        following = age + _DAY
    return created_at + following if following <= GIVE_UP_AFTER else None


def ring_due_at(*, last_due_at: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """Say when a ring is answered; None: an answer is due later already and will cover this ring as well."""
    if last_due_at is None:
        return now
    if last_due_at > now:
        return None
    return max(now, last_due_at + RING_PAUSE)


def is_asked_since(*, last_due_at: dt.datetime | None, last_asked_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Tell whether the answer that covers a ring of `now`, due later than it, has been given before it was written."""
    return last_due_at is not None and last_asked_at is not None and now < last_due_at and last_due_at <= last_asked_at
