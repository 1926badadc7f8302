"""Keep what a gateway says of a day, and how the day compares."""

import datetime as dt
import hashlib
from collections.abc import Sequence

from kabinet.common.days import local_day
from kabinet.common.db import transaction_required
from kabinet.outbox import operations as outbox
from kabinet.payments import rules
from kabinet.payments.gateways import StatementLine
from kabinet.payments.models import DayLine, GatewayStatement, GatewayStatementLine, ReconciliationDay, Shop
from kabinet.people.models import User


@transaction_required
def lock_day(shop: Shop, day: dt.date) -> ReconciliationDay:
    """Lock a day of a shop, opened on first use: files, recounts and people's decisions come one after another."""
    ReconciliationDay.objects.get_or_create(supplier_id=shop.supplier_id, shop=shop, day=day)
    return ReconciliationDay.objects.select_for_update(of=["self"]).get(
        supplier_id=shop.supplier_id, shop=shop, day=day
    )


@transaction_required
def ask_to_compare(day: ReconciliationDay) -> None:
    """See that a day is compared anew."""
    outbox.defer(
        "payments.reconcile_day",
        queueing_lock=f"payments.reconcile_day:{day.supplier_id}:{day.shop_id}:{day.day}",
        supplier_id=day.supplier_id,
        shop_id=day.shop_id,
        day=day.day,
    )


@transaction_required
def note_movement(shop: Shop, moved_at: dt.datetime, *, now: dt.datetime) -> None:
    """Open the day into which money has just been posted, if it is over: what was found of it holds no more.

    A day that nobody has compared yet is locked as well, so that whoever compares it at this moment either sees the
    money or is followed by this. Whoever holds the lock of a day waits for no other.
    """
    day = local_day(moved_at, rules.GATEWAY_ZONE)
    if day >= local_day(now, rules.GATEWAY_ZONE):
        return
    locked = lock_day(shop, day)
    _open(locked)
    locked.reconciled_at = None
    locked.save()
    ask_to_compare(locked)


@transaction_required
def store_statement(
    shop: Shop,
    day: dt.date,
    lines: Sequence[StatementLine],
    *,
    source: str,
    content_sha256: str,
    file_name: str = "",
    loaded_by: User | None = None,
    now: dt.datetime,
) -> GatewayStatement:
    """Write down a file or list of a locked day, line by line as it came."""
    statement = GatewayStatement.objects.create(
        supplier_id=shop.supplier_id,
        shop=shop,
        day=day,
        source=source,
        file_name=file_name[:200],
        content_sha256=content_sha256,
        lines_count=len(lines),
        loaded_by=loaded_by,
        loaded_at=now,
    )
    GatewayStatementLine.objects.bulk_create(
        GatewayStatementLine(
            supplier_id=shop.supplier_id,
            statement=statement,
            line_no=number,
            kind=line.kind,
            object_id=line.object_id[:64],
            payment_object_id=line.payment_object_id[:64],
            public_id=line.public_id,
            amount_rub=line.amount_rub,
            income_rub=line.income_rub,
            captured_at=line.captured_at,
        )
        for number, line in enumerate(lines, start=1)
    )
    return statement


@transaction_required
def store_list(shop: Shop, day: dt.date, lines: Sequence[StatementLine], *, now: dt.datetime) -> None:
    """Keep a gateway's own list of a locked day, once for each time that it says something new."""
    text = "\n".join(sorted(repr(line) for line in lines))
    content_sha256 = hashlib.sha256(text.encode()).hexdigest()
    source = GatewayStatement.Source.API_LIST
    known = GatewayStatement.objects.filter(
        supplier_id=shop.supplier_id, shop=shop, day=day, source=source, content_sha256=content_sha256
    )
    if not known.exists():
        store_statement(shop, day, lines, source=source, content_sha256=content_sha256, now=now)


@transaction_required
def write_comparison(
    day: ReconciliationDay,
    comparison: rules.Comparison,
    settled: Sequence[rules.Found],
    *,
    has_list: bool,
    has_register: bool,
    is_over: bool,
    now: dt.datetime,
) -> None:
    """Write how a locked day compares now. A day may close or reopen.

    A note stays for as long as its line says what it said to the person who wrote it.

    settled  what differed at first and was put right by asking the gateway: kept as lines that are gone
    is_over  the day is past, so that nothing more can happen on it
    """
    known = {_name(line): line for line in day.lines.filter(supplier_id=day.supplier_id)}
    present = {(found.finding, found.kind, found.subject): found for found in comparison.found}
    gone = {(found.finding, found.kind, found.subject): found for found in settled}
    for name, found in (gone | present).items():
        line = known.get(name) or DayLine(supplier_id=day.supplier_id, reconciliation_day=day)
        is_gone = name not in present
        if (line.ours_rub, line.theirs_rub) != (found.ours_rub, found.theirs_rub) or (line.is_gone and not is_gone):
            line.note, line.noted_by, line.noted_at = "", None, None
        line.finding, line.kind, line.subject = name
        line.ours_rub, line.theirs_rub = found.ours_rub, found.theirs_rub
        line.payment_id, line.refund_id = _rows_of(found)
        line.is_gone = is_gone
        line.save()
    for name, line in known.items():
        if name not in present and not line.is_gone:
            line.is_gone = True
            line.save()

    day.has_list, day.has_register = has_list, has_register
    day.equal_count, day.equal_rub, day.fee_rub = comparison.equal_count, comparison.equal_rub, comparison.fee_rub
    day.reconciled_at = now
    is_clear = not any(line.is_open for line in day.lines.filter(supplier_id=day.supplier_id))
    if day.state == ReconciliationDay.State.OPEN and is_over and has_register and is_clear:
        day.state, day.closed_at, day.closed_by = ReconciliationDay.State.CLOSED, now, None
    elif day.state == ReconciliationDay.State.CLOSED and not is_clear:
        _open(day)
    day.save()


def _open(day: ReconciliationDay) -> None:
    day.state, day.closed_at, day.closed_by, day.note = ReconciliationDay.State.OPEN, None, None, ""


def _name(line: DayLine) -> tuple[str, str, str]:
    return line.finding, line.kind, line.subject


def _rows_of(found: rules.Found) -> tuple[int | None, int | None]:
    """Give the payment and the refund of ours that a line is about; a row of suspense is neither."""
    row_id = (found.ours and found.ours.id) or None
    return (row_id if found.kind == "payment" else None, row_id if found.kind == "refund" else None)
