"""What a guess costs: waits, windows, and when the robot check comes up."""

import datetime as dt

FREE_TRIES = 5
WAITS = [dt.timedelta(seconds=30), *(dt.timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))]
LAST_TRY = 100

ADDRESS_WINDOW = dt.timedelta(minutes=10)
TRIES_BEFORE_ROBOT_CHECK = 20
TRIES_OF_ADDRESS = 60

SITE_WINDOW = dt.timedelta(minutes=10)
SITE_TRIES_THAT_COUNT = 100
SITE_WRONG_SHARE = 0.5


def wait_after(wrong_in_a_row: int) -> dt.timedelta:
    """Tell how long to wait after so many wrong passwords in a row (security.md 2: 30 s, 1, 2, 4, 8, 15 min)."""
    if wrong_in_a_row < FREE_TRIES:
        return dt.timedelta()
    return WAITS[min(wrong_in_a_row - FREE_TRIES, len(WAITS) - 1)]


def is_site_under_attack(*, tries: int, wrong: int) -> bool:
    """Tell whether so many sign-ins of one window are wrong that everybody has to pass the robot check."""
    return tries >= SITE_TRIES_THAT_COUNT and wrong / tries > SITE_WRONG_SHARE
