"""Reconcile a day of a shop: our ledger, the gateway's list, its register."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from kabinet.common.days import local_day
from kabinet.common.db import usecase
from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments import operations, rules
from kabinet.payments.gateways import Gateway, RemotePayment, RemoteRefund, StatementLine
from kabinet.payments.models import ReconciliationDay, Shop
from kabinet.payments.operations.intents import rebuild
from kabinet.payments.operations.statements import lock_day, store_list, write_comparison
from kabinet.payments.operations.suspense import suspend_foreign
from kabinet.payments.operations.unasked_refunds import learn_listed_refund
from kabinet.payments.queries import sides
from kabinet.payments.rules import reconciliation
from kabinet.payments.usecases.settle_payment import settle_payment

#: A refund that was asked for so long before a day may still have been made on it.
REFUNDS_TAKE = dt.timedelta(days=3)
#: How a gateway's module says that there is no list: then the register alone is compared.
NO_LIST = "no-list"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Told:
    """What a gateway lists of a day, by its own numbers; lines is None when it has no list."""

    payments: Mapping[str, RemotePayment]
    refunds: Mapping[str, RemoteRefund]
    lines: Sequence[StatementLine] | None


def reconcile_day(*, supplier_id: int, shop_id: int, day: dt.date, now: dt.datetime) -> ReconciliationDay:
    """Compare a Moscow day, put right what a question to the gateway can put right, and write how the day stands.

    The gateway is asked outside a transaction. What is only theirs is settled, rebuilt from its metadata, or stands in
    suspense; a refund by hand is posted; a fetch alone is believed, never a register's line. May run any number of
    times: the same lines change, people's notes stay with the sums that they explain.

    Raises NotFound; Unavailable, Rejected when the list is refused.
    """
    shop = sides.shop_of_day(supplier_id, shop_id)
    gateway = operations.gateway_of(shop)
    told = _ask(gateway, day)
    before = _compare(shop, day, told)
    for found in before.found:
        try:
            _put_right(shop, gateway, told, found, now)
        except (Unavailable, Rejected) as reason:
            log.warning("line_not_put_right", shop_id=shop.id, subject=found.subject, reason=str(reason))
    return _write(shop, day, told, before, now)


def _ask(gateway: Gateway, day: dt.date) -> _Told:
    begins, ends = sides.gateway_day(day)
    try:
        payments = gateway.payments(captured_from=begins, captured_until=ends)
        refunds = gateway.refunds(created_from=begins - REFUNDS_TAKE, created_until=ends)
    except Rejected as rejection:
        if rejection.reason != NO_LIST:
            raise
        return _Told({}, {}, None)
    paid = {told.id: told for told in payments if told.state == rules.PAID}
    done = {
        told.id: told
        for told in refunds
        if told.state == rules.REFUND_DONE and told.done_at and begins <= told.done_at < ends
    }
    return _Told(paid, done, [*map(_payment_line, paid.values()), *map(_refund_line, done.values())])


def _payment_line(told: RemotePayment) -> StatementLine:
    if told.paid_at is None:
        raise Unavailable(f"payment {told.id} is listed as taken without a moment")
    return StatementLine(
        kind=reconciliation.PAYMENT,
        object_id=told.id,
        payment_object_id=told.id,
        public_id=told.public_id,
        amount_rub=told.amount_rub,
        income_rub=told.income_rub,
        captured_at=told.paid_at,
    )


def _refund_line(told: RemoteRefund) -> StatementLine:
    assert told.done_at is not None  # noqa: S101 - chosen by it
    return StatementLine(
        kind=reconciliation.REFUND,
        object_id=told.id,
        payment_object_id=told.gateway_payment_id,
        public_id=told.public_id,
        amount_rub=told.amount_rub,
        income_rub=None,
        captured_at=told.done_at,
    )


def _compare(shop: Shop, day: dt.date, told: _Told) -> rules.Comparison:
    listed = None if told.lines is None else [_theirs(line, day) for line in told.lines]
    named = [*(listed or ()), *sides.registered_lines(shop, day)]
    ours = sides.ours_of_day(shop, day, named)
    registered = sides.registered_lines(shop, day, ours) if sides.has_register(shop, day) else None
    return rules.compare(day, ours=ours, listed=listed, registered=registered)


def _theirs(line: StatementLine, day: dt.date) -> rules.Theirs:
    return rules.Theirs(
        kind=line.kind,
        object_id=line.object_id,
        payment_object_id=line.payment_object_id,
        public_id=line.public_id,
        amount_rub=line.amount_rub,
        income_rub=line.income_rub,
        moved_on=local_day(line.captured_at, rules.GATEWAY_ZONE),
        filed_on=day,
    )


def _put_right(shop: Shop, gateway: Gateway, told: _Told, found: rules.Found, now: dt.datetime) -> None:
    """Ask the gateway about one object that is only theirs, and write what it says."""
    line = found.theirs
    if line is None or found.finding not in (
        reconciliation.ONLY_THEIRS_OURS,
        reconciliation.ONLY_THEIRS_FOREIGN,
        reconciliation.REFUND_UNASKED,
    ):
        return
    if found.kind == reconciliation.REFUND:
        for refund in gateway.refunds_of(line.payment_object_id):
            _learn_refund(shop, refund, now)
    elif found.ours is None:
        _take_in(shop, told.payments.get(line.object_id) or gateway.fetch(line.object_id), now)
    elif not found.ours.is_suspended:
        settle_payment(supplier_id=shop.supplier_id, payment_id=found.ours.id, now=now)


@usecase
def _learn_refund(shop: Shop, told: RemoteRefund, now: dt.datetime) -> None:
    learn_listed_refund(shop, told, now=now)


@usecase
def _take_in(shop: Shop, told: RemotePayment, now: dt.datetime) -> None:
    """Rebuild a payment of ours that our database has lost; money of anybody else stands in suspense."""
    payment = rebuild(shop, told, now=now)
    if payment is None or payment.gateway_payment_id != told.id:
        suspend_foreign(shop, told, now=now)


@usecase
def _write(shop: Shop, day: dt.date, told: _Told, before: rules.Comparison, now: dt.datetime) -> ReconciliationDay:
    locked = lock_day(shop, day)
    if told.lines is not None:
        store_list(shop, day, told.lines, now=now)
    write_comparison(
        locked,
        _compare(shop, day, told),
        before.found,
        has_list=told.lines is not None,
        has_register=sides.has_register(shop, day),
        is_over=now >= sides.gateway_day(day)[1],
        now=now,
    )
    return locked
