"""Ten stories of one person's accounts, told by the same use-cases as in life: README says what to click in each.

Each is told month by month up to the last one; the month that everybody is charged for is charged by a run.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.db import connection

from demo import terms
from demo.life import Life
from demo.suppliers import SUPPLIERS
from kabinet.accounts.models import Account
from kabinet.charges.models import AccrualRun
from kabinet.charges.usecases.compute_batch import compute_batch
from kabinet.charges.usecases.finish_computing import finish_computing
from kabinet.charges.usecases.finish_posting import finish_posting
from kabinet.charges.usecases.post_batch import post_batch
from kabinet.charges.usecases.release_accrual import release_accrual
from kabinet.charges.usecases.start_accrual import start_accrual
from kabinet.common.days import local_day
from kabinet.common.month import Month, months_between
from kabinet.people.models import User
from kabinet.suppliers.models import Supplier
from kabinet.tariffs.usecases.propose_terms import propose_terms

#: What happens on a day. A story gives them in the order of its days.
Event = tuple[dt.date, Callable[[], None]]

READING_DAY = 25
PAYING_DAY = 8
LONG = dt.timedelta(days=2000)


@dataclass(frozen=True)
class Story:
    """What has happened to an account: from so many months before the last one, by events."""

    number: str
    months_before: Callable[[Month], int]
    events: Callable[[Life, Month], Iterator[Event]]
    has_meter: bool = True
    verified_until: Callable[[Month], dt.date] = lambda last: last.last_day + LONG


@dataclass(frozen=True)
class Storytellers:
    """Who takes part beside the customer: the second accountant releases what the first one has started."""

    keeper: User
    accountant: User
    second_accountant: User


def tell_stories(customer: User, staff: Storytellers, *, now: dt.datetime, with_run: bool) -> None:
    """Tell all of them, at the first supplier.

    with_run  charge the last month of all accounts of the supplier by a run; else of these alone
    """
    supplier = Supplier.objects.get(code=SUPPLIERS[0].code)
    today = local_day(now, supplier.time_zone)
    last = Month.of(today).previous()
    job_id = _last_job_id()
    people = (customer, staff.keeper, staff.accountant, staff.second_accountant)
    told = [(story, Life(_account(supplier, story), *people)) for story in STORIES]
    rests = [_tell(story, life, last, is_charged_by_run=with_run) for story, life in told]
    run = compute_last_month(supplier, actor=staff.accountant, now=now) if with_run else None
    _forget_jobs(after=job_id)
    if run:
        _release(run, actor=staff.second_accountant, now=now)
    for events in rests:
        for day, happen in events:
            if day <= today:
                happen()
    _leave_to_second_person(supplier, told[-1][1], now=now)


def _leave_to_second_person(supplier: Supplier, life: Life, *, now: dt.datetime) -> None:
    """Propose what another of the staff has to decide: less for one account, and terms of the next month."""
    life.is_to_be_lowered("-25.00", "Перерыв в подаче газа 12 часов, акт № 31", at=now)
    propose_terms(
        supplier_id=supplier.id,
        kind="factor",
        given={
            "region_code": "north",
            "factor": Decimal("1.05"),
            "valid_from": Month.of(local_day(now, supplier.time_zone)).next().first_day,
            "valid_until": None,
            "source": "Приказ о температурных коэффициентах (демонстрация)",
            "replaces": False,
        },
        actor=life.accountant,
        now=now,
    )


def compute_last_month(supplier: Supplier, *, actor: User | None, now: dt.datetime) -> AccrualRun:
    """Start an accrual of the month that is over, and compute it, so that it waits for a second person.

    actor  None: the worker started it in the night
    """
    first_day = Month.of(local_day(now, supplier.time_zone)).first_day
    began_at = min(dt.datetime.combine(first_day, dt.time(2, 10), tzinfo=dt.UTC), now)
    run = start_accrual(supplier_id=supplier.id, period=Month.of(first_day).previous(), actor=actor, now=began_at)
    while compute_batch(supplier_id=supplier.id, run_id=run.id, now=began_at):
        pass
    finish_computing(supplier_id=supplier.id, run_id=run.id, now=began_at)
    return run


def _release(run: AccrualRun, *, actor: User, now: dt.datetime) -> None:
    released_at = min(run.asked_at + dt.timedelta(hours=4), now)
    release_accrual(supplier_id=run.supplier_id, run_id=run.id, actor=actor, now=released_at)
    while post_batch(supplier_id=run.supplier_id, run_id=run.id, now=released_at):
        pass
    finish_posting(supplier_id=run.supplier_id, run_id=run.id, now=released_at)


def _tell(story: Story, life: Life, last: Month, *, is_charged_by_run: bool) -> Iterator[Event]:
    """Let all happen up to the end of the last month, each month charged after it; give what is left."""
    since = last.plus(-story.months_before(last))
    began_on = _day(since.previous(), READING_DAY)
    life.begins(began_on)
    if story.has_meter:
        life.gets_meter(f"77{story.number[-6:]}", 1200, on=began_on, due_on=story.verified_until(last))
    events = list(story.events(life, last))
    for period in months_between(since, last.next()):
        while events and events[0][0] <= period.last_day:
            events.pop(0)[1]()
        if period != last or not is_charged_by_run:
            life.is_charged(period)
    return iter(events)


def _account(supplier: Supplier, story: Story) -> Account:
    return Account.objects.select_related("supplier").get(supplier=supplier, number=story.number)


def _last_job_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
        [job_id] = cursor.fetchone()
    return int(job_id)


def _forget_jobs(*, after: int) -> None:
    """Nobody writes letters of what has happened months ago."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id > %s", [after])


def _day(month: Month, day: int) -> dt.date:
    return month.first_day.replace(day=day)


def _month(life: Life, month: Month, used_m3: int) -> Iterator[Event]:
    """Pay what is owed, then hand in a reading."""
    yield _day(month, PAYING_DAY), partial(life.pays_debt, on=_day(month, PAYING_DAY))
    yield _day(month, READING_DAY), partial(life.uses, used_m3, on=_day(month, READING_DAY))


def _months(life: Life, since: Month, volumes: tuple[int, ...]) -> Iterator[Event]:
    for number, used_m3 in enumerate(volumes):
        yield from _month(life, since.plus(number), used_m3)


def _price_changed(last: Month) -> Month:
    return Month.of(max(price.since for price in SUPPLIERS[0].heating if price.since <= last.last_day))


def _since_price_change(last: Month) -> int:
    return len(list(months_between(_price_changed(last), last))) + 1


def price_changes(life: Life, last: Month) -> Iterator[Event]:
    """A reading tells of days at the old price and of days at the new one."""
    since = _price_changed(last).previous()
    yield from _months(life, since, (118, 124, *[126] * (_since_price_change(last) - 1)))


def silence(life: Life, last: Month) -> Iterator[Event]:
    """Six months without readings: three by the mean, three by the norm; then a reading, and a correction."""
    yield from _months(life, last.plus(-9), (29, 27, 31))
    for month in months_between(last.plus(-6), last):
        yield _day(month, PAYING_DAY), partial(life.pays_debt, on=_day(month, PAYING_DAY))
    yield from _month(life, last, 140)


def replacement(life: Life, last: Month) -> Iterator[Event]:
    """The old meter is taken away on the 10th with its last reading, the new one begins at zero."""
    yield from _months(life, last.plus(-2), (26, 28))
    yield _day(last, PAYING_DAY), partial(life.pays_debt, on=_day(last, PAYING_DAY))
    day = _day(last, 10)
    yield day, partial(life.gets_another_meter, "88120417", used_m3=13, on=day, due_on=day + LONG)
    yield _day(last, READING_DAY), partial(life.uses, 14, on=_day(last, READING_DAY))


def expired_verification(life: Life, last: Month) -> Iterator[Event]:
    """The verification has run out, and nobody has had the meter verified."""
    yield from _months(life, last.plus(-3), (30, 28))
    for month in (last.previous(), last):
        yield _day(month, PAYING_DAY), partial(life.pays_debt, on=_day(month, PAYING_DAY))
        if month != last:
            day = _tenth_of_month_before(last)
            yield day, partial(life.uses, 15, on=day)


def benefit(life: Life, last: Month) -> Iterator[Event]:
    """Half of the price within 20 m³ a month."""
    yield from _months(life, last.plus(-3), (28, 30))
    day = last.previous().first_day
    yield day, partial(life.gets_benefit, terms.benefit_of_veterans(life.account.supplier), on=day)
    yield from _months(life, last.previous(), (31, 29))


def late_payment(life: Life, last: Month) -> Iterator[Event]:
    """One bill was forgotten for four months, and paid with its penalties running."""
    forgotten = last.plus(-5)
    yield from _months(life, last.plus(-6), (44, 41))
    for month in months_between(last.plus(-4), last.next()):
        if month.previous() != forgotten:
            paid_on = _day(month, PAYING_DAY)
            yield paid_on, partial(life.pays_month, month.previous(), on=paid_on)
        if month == last:
            yield _day(month, 20), partial(life.pays_month, forgotten, on=_day(month, 20))
        yield _day(month, READING_DAY), partial(life.uses, 42, on=_day(month, READING_DAY))


def advance(life: Life, last: Month) -> Iterator[Event]:
    """Paid for half a year at once: each month takes its part."""
    yield from _months(life, last.plus(-4), (27, 30))
    day = _day(last.plus(-3), 27)
    yield day, partial(life.pays, "1500.00", on=day)
    for number, used_m3 in enumerate((29, 31, 28)):
        day = _day(last.plus(number - 2), READING_DAY)
        yield day, partial(life.uses, used_m3, on=day)


def moving_out(life: Life, last: Month) -> Iterator[Event]:
    """The account ends with a reading of its last day, and is paid off."""
    yield from _months(life, last.plus(-3), (25, 26, 24))
    paid_on, last_day = _day(last, PAYING_DAY), _day(last, 19)
    yield paid_on, partial(life.pays_debt, on=paid_on)
    yield last_day, partial(life.moves_out, used_m3=18, on=last_day)
    paid_on = _day(last.next(), 3)
    yield paid_on, partial(life.pays_debt, on=paid_on)


def no_meter(life: Life, last: Month) -> Iterator[Event]:
    """Two people without a meter."""
    for month in months_between(last.plus(-2), last.next()):
        yield _day(month, PAYING_DAY), partial(life.pays_debt, on=_day(month, PAYING_DAY))


def adjustment(life: Life, last: Month) -> Iterator[Event]:
    """Staff have taken something off, and said why."""
    yield from _months(life, last.plus(-2), (27, 26))
    yield _day(last, PAYING_DAY), partial(life.pays_debt, on=_day(last, PAYING_DAY))
    reason = "Снижение платы за перерыв в подаче газа дольше допустимого, акт № 12"
    yield _day(last, 20), partial(life.is_lowered, "-18.40", reason, on=_day(last, 20))
    yield _day(last, READING_DAY), partial(life.uses, 28, on=_day(last, READING_DAY))


def _ago(months: int) -> Callable[[Month], int]:
    return lambda last: months


def _tenth_of_month_before(last: Month) -> dt.date:
    return _day(last.previous(), 10)


STORIES = (
    Story("702062016", _since_price_change, price_changes),
    Story("702062017", _ago(9), silence),
    Story("702062018", _ago(2), replacement),
    Story("702062019", _ago(3), expired_verification, verified_until=_tenth_of_month_before),
    Story("702062020", _ago(3), benefit),
    Story("702062021", _ago(6), late_payment),
    Story("702062022", _ago(4), advance),
    Story("702062023", _ago(3), moving_out),
    Story("702062024", _ago(3), no_meter, has_meter=False),
    Story("702062025", _ago(2), adjustment),
)
