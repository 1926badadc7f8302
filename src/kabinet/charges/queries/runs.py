"""Accrual runs as staff see them: how far they are, what they come to, what looks odd."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet, Sum

from kabinet.charges.models import AccrualBatch, AccrualRun, Charge, Oddity
from kabinet.charges.sql import statement
from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.common.ordering import ordering
from kabinet.people.models import User
from kabinet.suppliers.models import Service

MOST_ODDITIES = 100
#: What the lists of runs and of odd accounts can be sorted by.
ORDERS: dict[str, list[str]] = {"asked": []}
ODDITY_ORDERS = {"kind": ["kind", "account__number"], "account": ["account__number"]}


@dataclass(frozen=True)
class Progress:
    """How far a run is with what it does now: computing, then posting.

    accounts_per_s, left_s  None before anything can be said
    """

    batches_done: int
    batches_count: int
    accounts_done: int
    accounts_count: int
    accounts_per_s: float | None
    left_s: float | None

    @property
    def percent(self) -> int:
        return 100 * self.accounts_done // self.accounts_count if self.accounts_count else 100

    @property
    def is_done(self) -> bool:
        return self.batches_done == self.batches_count


@dataclass(frozen=True)
class RunRow:
    """A run in a list."""

    id: int
    supplier_id: int
    kind: str
    kind_name: str
    period: Month
    for_period: Month | None
    reason: str
    state: str
    state_name: str
    asked_by_id: int | None
    asked_by: str
    asked_at: dt.datetime
    computed_at: dt.datetime | None
    released_by: str
    release_asked_at: dt.datetime | None
    released_at: dt.datetime | None

    @property
    def is_under_way(self) -> bool:
        return self.state in (AccrualRun.State.COMPUTING, AccrualRun.State.POSTING)

    @property
    def is_posting(self) -> bool:
        return self.state == AccrualRun.State.POSTING

    @property
    def is_cancelled(self) -> bool:
        return self.state == AccrualRun.State.CANCELLED

    @property
    def is_ready(self) -> bool:
        return self.state == AccrualRun.State.READY

    @property
    def is_released(self) -> bool:
        return self.state == AccrualRun.State.RELEASED

    @property
    def can_be_cancelled(self) -> bool:
        return self.state in (AccrualRun.State.COMPUTING, AccrualRun.State.READY)


@dataclass(frozen=True)
class TotalRow:
    """What the lines of a service and kind come to, and what they came to in the month before.

    lines_count  how many; None of the month before when only its sums are known
    """

    service_id: int
    service_name: str
    kind: str
    kind_name: str
    lines_count: int
    volume_m3: Decimal
    amount_rub: Decimal
    before_volume_m3: Decimal
    before_rub: Decimal

    @property
    def change_rub(self) -> Decimal:
        return self.amount_rub - self.before_rub


@dataclass(frozen=True)
class OddityCount:
    """How many accounts of a run have an oddity of a kind."""

    kind: str
    kind_name: str
    count: int


@dataclass(frozen=True)
class OddityRow:
    """An account that a person should look at before a run is released."""

    account_id: int
    account_number: str
    kind: str
    kind_name: str
    details: Mapping[str, str]


@dataclass(frozen=True)
class RunReport:
    """What a run comes to, against the month before, and what looks odd in it.

    before_period  the month that it is compared with; None when there is none
    """

    run: RunRow
    progress: Progress
    accounts_count: int
    totals: Sequence[TotalRow]
    before_period: Month | None
    oddities: Sequence[OddityCount]

    @property
    def amount_rub(self) -> Decimal:
        return sum((row.amount_rub for row in self.totals), ZERO)

    @property
    def before_rub(self) -> Decimal:
        return sum((row.before_rub for row in self.totals), ZERO)

    @property
    def change_rub(self) -> Decimal:
        return self.amount_rub - self.before_rub


def accrual_runs(
    supplier_ids: Sequence[int] | None,
    *,
    state: str = "",
    order_by: str = "-asked",
    limit: int = 50,
    offset: int = 0,
) -> list[RunRow]:
    """List runs of suppliers, sorted by a key of `ORDERS`; None: of every supplier."""
    rows = AccrualRun.objects.select_related("asked_by", "released_by")
    if supplier_ids is not None:
        rows = rows.filter(supplier_id__in=supplier_ids)
    if state:
        rows = rows.filter(state=state)
    return [_row(run) for run in rows.order_by(*ordering(order_by, ORDERS))[offset : offset + limit]]


def accrual_run(supplier_id: int, run_id: int) -> RunRow:
    """Give a run. Raises NotFound."""
    rows = AccrualRun.objects.select_related("asked_by", "released_by")
    run = rows.filter(supplier_id=supplier_id, id=run_id).first()
    if run is None:
        raise NotFound
    return _row(run)


def active_run(supplier_id: int) -> RunRow | None:
    """Give the run of a supplier that is neither posted nor cancelled; there is one at most."""
    states = (AccrualRun.State.COMPUTING, AccrualRun.State.READY, AccrualRun.State.POSTING)
    rows = AccrualRun.objects.select_related("asked_by", "released_by")
    run = rows.filter(supplier_id=supplier_id, state__in=states).first()
    return _row(run) if run else None


def is_released(supplier_id: int, period: Month) -> bool:
    """Tell whether a month has been charged by a run for all accounts, or is being posted."""
    return _released(supplier_id).filter(period=period).exists()


def last_released(supplier_id: int) -> Month | None:
    """Give the latest month that a run has charged for all accounts, or is posting."""
    return _released(supplier_id).order_by("-period").values_list("period", flat=True).first()


def _released(supplier_id: int) -> QuerySet[AccrualRun]:
    states = (AccrualRun.State.POSTING, AccrualRun.State.RELEASED)
    return AccrualRun.objects.filter(supplier_id=supplier_id, kind=AccrualRun.Kind.REGULAR, state__in=states)


def batches_left(run: AccrualRun, that_miss: str) -> bool:
    """Tell whether any batch of a run is not computed (`computed_at`) or not posted (`posted_at`) yet."""
    rows = AccrualBatch.objects.filter(supplier_id=run.supplier_id, run=run, **{f"{that_miss}__isnull": True})
    return rows.exists()


def missed_accounts_count(run: AccrualRun | RunRow) -> int:
    """Count the accounts that have come since a run was computed and are to be charged for its month as well.

    Those that were opened after the month do not matter.
    """
    charged_until = (run.for_period or run.period).next().first_day
    with connection.cursor() as cursor:
        cursor.execute(
            statement("missed_accounts"),
            {"supplier_id": run.supplier_id, "run_id": run.id, "charged_until": charged_until},
        )
        [count] = cursor.fetchone()
    return int(count)


def progress_of(run: RunRow) -> Progress:
    """Tell how far a run is, how fast it goes, and when it will be done at that rate."""
    is_posting = run.release_asked_at is not None
    done_at, since = ("posted_at", run.release_asked_at) if is_posting else ("computed_at", run.asked_at)
    is_done = Q(**{f"{done_at}__isnull": False})
    counted = AccrualBatch.objects.filter(supplier_id=run.supplier_id, run_id=run.id).aggregate(
        batches=Count("id"),
        batches_done=Count("id", filter=is_done),
        accounts=Sum("accounts_count", default=0),
        accounts_done=Sum("accounts_count", filter=is_done, default=0),
        latest=Max(done_at),
    )
    took_s = (counted["latest"] - since).total_seconds() if counted["latest"] and since else 0
    rate = counted["accounts_done"] / took_s if took_s > 0 else None
    left = counted["accounts"] - counted["accounts_done"]
    return Progress(
        batches_done=counted["batches_done"],
        batches_count=counted["batches"],
        accounts_done=counted["accounts_done"],
        accounts_count=counted["accounts"],
        accounts_per_s=rate,
        left_s=left / rate if rate else None,
    )


def run_report(supplier_id: int, run_id: int) -> RunReport:
    """Give what a run comes to. Raises NotFound."""
    run = accrual_run(supplier_id, run_id)
    progress = progress_of(run)
    before_period, before = _month_before(run)
    return RunReport(
        run=run,
        progress=progress,
        accounts_count=progress.accounts_count,
        totals=_totals(supplier_id, _summed(run.id, supplier_id), before),
        before_period=before_period,
        oddities=_oddity_counts(run),
    )


def oddities_of_run(
    supplier_id: int,
    run_id: int,
    *,
    kind: str = "",
    order_by: str = "kind",
    limit: int = MOST_ODDITIES,
    offset: int = 0,
) -> list[OddityRow]:
    """List the accounts of a run that look odd, sorted by a key of `ODDITY_ORDERS`; of one kind when it is named."""
    rows = Oddity.objects.filter(supplier_id=supplier_id, run_id=run_id, account__supplier_id=supplier_id)
    if kind:
        rows = rows.filter(kind=kind)
    found = rows.select_related("account").order_by(*ordering(order_by, ODDITY_ORDERS))[offset : offset + limit]
    return [
        OddityRow(row.account_id, row.account.number, row.kind, str(row.get_kind_display()), row.details)
        for row in found
    ]


#: Lines, m³ and roubles by service and kind.
Sums = dict[tuple[int, str], tuple[int, Decimal, Decimal]]


def _summed(run_id: int, supplier_id: int) -> Sums:
    summaries = AccrualBatch.objects.filter(supplier_id=supplier_id, run_id=run_id).values_list("summary", flat=True)
    sums: Sums = defaultdict(lambda: (0, Decimal(0), ZERO))
    for total in (total for summary in summaries for total in summary):
        key = total["service_id"], total["kind"]
        lines, volume_m3, amount_rub = sums[key]
        sums[key] = (
            lines + total["lines"],
            volume_m3 + Decimal(total["volume_m3"]),
            amount_rub + Decimal(total["amount_rub"]),
        )
    return sums


def _month_before(run: RunRow) -> tuple[Month | None, Sums]:
    """Give the sums of the released month before: of its run, or counted where it was charged without one.

    Balances that accounts came with were charged for no month.
    """
    if run.kind != AccrualRun.Kind.REGULAR:
        return None, {}
    earlier = AccrualRun.objects.filter(
        supplier_id=run.supplier_id,
        kind=AccrualRun.Kind.REGULAR,
        state=AccrualRun.State.RELEASED,
        period__lt=run.period,
    ).order_by("-period")
    if found := earlier.first():
        return found.period, _summed(found.id, run.supplier_id)
    period = run.period.previous()
    lines = Charge.objects.filter(supplier_id=run.supplier_id, period=period).exclude(kind=Charge.Kind.OPENING)
    rows = lines.values_list("service_id", "kind")
    counted = rows.annotate(lines=Count("id"), volume=Sum("volume_m3", default=Decimal(0)), amount=Sum("amount_rub"))
    sums = {(service_id, kind): (lines, volume, amount) for service_id, kind, lines, volume, amount in counted}
    return (period, sums) if sums else (None, {})


def _totals(supplier_id: int, sums: Sums, before: Sums) -> list[TotalRow]:
    services = {
        service_id: (position, name)
        for service_id, position, name in Service.objects.filter(supplier_id=supplier_id).values_list(
            "id", "position", "name"
        )
    }
    kinds = [kind.value for kind in Charge.Kind]
    nothing = (0, Decimal(0), ZERO)

    def in_order(keys: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
        return sorted(keys, key=lambda key: (services[key[0]], kinds.index(key[1])))

    rows = []
    for service_id, kind in in_order({*sums, *before}):
        lines_count, volume_m3, amount_rub = sums.get((service_id, kind), nothing)
        _lines, before_volume_m3, before_rub = before.get((service_id, kind), nothing)
        rows.append(
            TotalRow(
                service_id=service_id,
                service_name=services[service_id][1],
                kind=kind,
                kind_name=str(Charge.Kind(kind).label),
                lines_count=lines_count,
                volume_m3=volume_m3,
                amount_rub=amount_rub,
                before_volume_m3=before_volume_m3,
                before_rub=before_rub,
            )
        )
    return rows


def _oddity_counts(run: RunRow) -> list[OddityCount]:
    rows = Oddity.objects.filter(supplier_id=run.supplier_id, run_id=run.id)
    counted = dict(rows.values_list("kind").annotate(count=Count("id")))
    return [OddityCount(kind.value, str(kind.label), counted[kind]) for kind in Oddity.Kind if kind in counted]


def _row(run: AccrualRun) -> RunRow:
    return RunRow(
        id=run.id,
        supplier_id=run.supplier_id,
        kind=run.kind,
        kind_name=str(run.get_kind_display()),
        period=run.period,
        for_period=run.for_period,
        reason=run.reason,
        state=run.state,
        state_name=str(run.get_state_display()),
        asked_by_id=run.asked_by_id,
        asked_by=_name(run.asked_by),
        asked_at=run.asked_at,
        computed_at=run.computed_at,
        released_by=_name(run.released_by),
        release_asked_at=run.release_asked_at,
        released_at=run.released_at,
    )


def _name(user: User | None) -> str:
    return (user.get_full_name() or user.email) if user else ""
