"""How long a register is tried to be delivered."""

import datetime as dt

#: A worker that sends a file has so long; when it dies, another begins after that.
TAKEN_FOR = dt.timedelta(minutes=15)
#: The mail server is tried for about two days by itself.
LETTER_TAKES_AT_MOST = dt.timedelta(days=3)
GIVEN_UP_AFTER = dt.timedelta(days=3)
_FIRST, _LONGEST = dt.timedelta(minutes=5), dt.timedelta(hours=4)


def next_try_at(tries_count: int, *, sent_at: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """Give the moment of the next try after so many: in five minutes, ten, and so on up to four hours; None: give up.

    sent_at  when the register was to leave
    """
    if now >= sent_at + GIVEN_UP_AFTER:
        return None
    return now + min(_FIRST * 2 ** min(tries_count - 1, 10), _LONGEST)
