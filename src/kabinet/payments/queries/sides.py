"""Read the sides of a day of reconciliation: rows of ours, and lines of the gateway's registers."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from kabinet.common.days import day_start, local_day
from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.ledger import queries as ledger
from kabinet.payments import rules
from kabinet.payments.models import (
    Chargeback,
    GatewayStatement,
    GatewayStatementLine,
    Payment,
    Refund,
    Shop,
    SuspendedSum,
)
from kabinet.payments.rules import Ours, Theirs

FILES = (GatewayStatement.Source.PAYMENTS_FILE, GatewayStatement.Source.REFUNDS_FILE)


#: A line strays into a register of a near day. Farther ones are findings of their own register's day alone.
NEAR = dt.timedelta(days=7)


def gateway_day(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Give the moments between which gateways count a day."""
    return day_start(day, rules.GATEWAY_ZONE), day_start(day + dt.timedelta(days=1), rules.GATEWAY_ZONE)


def shop_of_day(supplier_id: int, shop_id: int) -> Shop:
    """Give a shop with its supplier. Raises NotFound."""
    shop = Shop.objects.filter(supplier_id=supplier_id, pk=shop_id).select_related("supplier").first()
    if shop is None:
        raise NotFound
    return shop


def shops_that_take_payments(supplier_code: str = "") -> list[Shop]:
    """Give the shops that are switched on, of one supplier or of all."""
    shops = Shop.objects.filter(is_enabled=True).select_related("supplier").order_by("supplier__code", "id")
    return list(shops.filter(supplier__code=supplier_code) if supplier_code else shops)


def shops_to_reconcile(day: dt.date, supplier_code: str = "") -> list[Shop]:
    """Give the shops whose day is compared: those that take payments, and others while money of them moves.

    A shop that is switched off still has the payments of its last days, those that nobody knows the end of, and what
    its gateway has not paid out.
    """
    begins, ends = gateway_day(day)
    here = {"supplier_id": OuterRef("supplier_id"), "shop": OuterRef("pk")}
    payments, refunds = Payment.objects.filter(**here), Refund.objects.filter(**here)
    shops = (
        Shop.objects.annotate(
            has_moves=Exists(payments.filter(state=rules.PAID, paid_at__gte=begins, paid_at__lt=ends))
            | Exists(payments.filter(state__in=rules.UNSETTLED))
            | Exists(refunds.filter(state=rules.REFUND_DONE, done_at__gte=begins, done_at__lt=ends))
            | Exists(refunds.filter(state__in=(rules.REFUND_INTENDED, rules.REFUND_PENDING)))
        )
        .select_related("supplier")
        .order_by("supplier__code", "id")
    )
    return [
        shop
        for shop in (shops.filter(supplier__code=supplier_code) if supplier_code else shops)
        if shop.is_enabled
        or shop.has_moves
        or ledger.supplier_balance_rub(shop.supplier_id, "clearing", shop.shop_id) != ZERO
    ]


def has_register(shop: Shop, day: dt.date) -> bool:
    """Tell whether both files of a day have come."""
    loaded = GatewayStatement.objects.filter(supplier_id=shop.supplier_id, shop=shop, day=day, source__in=FILES)
    return len(set(loaded.values_list("source", flat=True))) == len(FILES)


def ours_of_day(shop: Shop, day: dt.date, lines: Iterable[Theirs]) -> list[Ours]:
    """Give what stands in our ledger on a day, and every row of ours that one of the gateway's lines names."""
    named = list(lines)
    return [*_payments(shop, day, named), *_refunds(shop, day, named), *_chargebacks(shop, named)]


def registered_lines(shop: Shop, day: dt.date, ours: Iterable[Ours] = ()) -> list[Theirs]:
    """Give the lines of a day's files, and those of near days' files that speak of this day or of objects of ours.

    A file that the gateway has corrected counts in place of the one before it.
    """
    begins, ends = gateway_day(day)
    filed_on = dict(_files_that_count(shop, day).values_list("id", "day"))
    lines = GatewayStatementLine.objects.filter(supplier_id=shop.supplier_id)
    near = lines.filter(statement_id__in=filed_on)
    found = [  # three reads, each by its own index: as one they would go through every line of the near days
        lines.filter(statement_id__in=[statement_id for statement_id, filed in filed_on.items() if filed == day]),
        near.filter(captured_at__gte=begins, captured_at__lt=ends),
        near.filter(object_id__in={row.object_id for row in ours if row.object_id and row.moved_on == day}),
    ]
    known = {line.id: line for rows in found for line in rows}
    in_order = sorted(known.values(), key=lambda line: (filed_on[line.statement_id], line.statement_id, line.line_no))
    return [_theirs(line, filed_on[line.statement_id]) for line in in_order]


def _files_that_count(shop: Shop, day: dt.date) -> QuerySet[GatewayStatement]:
    files = GatewayStatement.objects.filter(
        supplier_id=shop.supplier_id, shop=shop, source__in=FILES, day__range=(day - NEAR, day + NEAR)
    )
    return files.order_by("day", "source", "-id").distinct("day", "source")


def _theirs(line: GatewayStatementLine, filed_on: dt.date) -> Theirs:
    return Theirs(
        kind=line.kind,
        object_id=line.object_id,
        payment_object_id=line.payment_object_id,
        public_id=line.public_id,
        amount_rub=line.amount_rub,
        income_rub=line.income_rub,
        moved_on=local_day(line.captured_at, rules.GATEWAY_ZONE),
        filed_on=filed_on,
    )


def _payments(shop: Shop, day: dt.date, lines: Sequence[Theirs]) -> list[Ours]:
    begins, ends = gateway_day(day)
    object_ids, public_ids = _names(lines, "payment")
    rows = Payment.objects.filter(
        Q(state=rules.PAID, paid_at__gte=begins, paid_at__lt=ends)
        | Q(gateway_payment_id__in=object_ids)
        | Q(gateway_payment_id="", public_id__in=public_ids),
        supplier_id=shop.supplier_id,
        shop=shop,
    )
    suspended = SuspendedSum.objects.filter(
        supplier_id=shop.supplier_id, shop=shop, gateway_payment_id__in=object_ids
    ).select_related("payment")
    instead = {found.gateway_payment_id: _suspended(found, lines) for found in suspended}
    known = [
        Ours(
            kind="payment",
            id=row.id,
            object_id=row.gateway_payment_id,
            public_id=row.public_id,
            amount_rub=row.amount_rub,
            moved_on=local_day(row.paid_at, rules.GATEWAY_ZONE) if row.state == rules.PAID and row.paid_at else None,
        )
        for row in rows.order_by("id")
        if row.gateway_payment_id not in instead
    ]
    return [*known, *instead.values()]


def _suspended(found: SuspendedSum, lines: Sequence[Theirs]) -> Ours:
    """Give money in suspense: it agrees with the gateway once a person has decided about all of it."""
    is_decided = found.decided_rub == found.amount_rub
    moved_on = next(line.moved_on for line in lines if line.object_id == found.gateway_payment_id)
    return Ours(
        kind="payment",
        id=found.payment_id or 0,
        object_id=found.gateway_payment_id,
        public_id=found.payment.public_id if found.payment else None,
        amount_rub=found.payment.amount_rub if found.payment and not is_decided else found.amount_rub,
        moved_on=moved_on if is_decided else None,
        is_suspended=not is_decided,
    )


def _refunds(shop: Shop, day: dt.date, lines: Sequence[Theirs]) -> list[Ours]:
    begins, ends = gateway_day(day)
    object_ids, public_ids = _names(lines, "refund")
    rows = Refund.objects.filter(
        Q(state=rules.REFUND_DONE, done_at__gte=begins, done_at__lt=ends)
        | Q(gateway_refund_id__in=object_ids)
        | Q(gateway_refund_id="", public_id__in=public_ids),
        supplier_id=shop.supplier_id,
        shop=shop,
    )
    return [
        Ours(
            kind="refund",
            id=row.id,
            object_id=row.gateway_refund_id,
            public_id=row.public_id,
            amount_rub=row.amount_rub,
            moved_on=local_day(row.done_at, rules.GATEWAY_ZONE)
            if row.state == rules.REFUND_DONE and row.done_at
            else None,
            is_unasked=row.origin == Refund.Origin.GATEWAY,
        )
        for row in rows.order_by("id")
    ]


def _chargebacks(shop: Shop, lines: Sequence[Theirs]) -> list[Ours]:
    """Give chargebacks that the lines name. Days do not matter: a letter of the bank may come long before the line."""
    told = {line.object_id: line for line in lines if line.kind == "chargeback"}
    rows = Chargeback.objects.filter(
        Q(reference__in=told) | Q(payment__gateway_payment_id__in={line.payment_object_id for line in told.values()}),
        supplier_id=shop.supplier_id,
        shop=shop,
        payment__supplier_id=F("supplier_id"),
    ).select_related("payment")
    by_name = {name: row for row in rows for name in (row.reference, row.payment.gateway_payment_id)}
    return [
        Ours(
            kind="chargeback",
            id=row.id,
            object_id=line.object_id,
            public_id=None,
            amount_rub=row.amount_rub,
            moved_on=line.moved_on,
        )
        for line in told.values()
        if (row := by_name.get(line.object_id) or by_name.get(line.payment_object_id))
    ]


def _names(lines: Sequence[Theirs], kind: str) -> tuple[set[str], set[object]]:
    named = [line for line in lines if line.kind == kind]
    return {line.object_id for line in named}, {line.public_id for line in named if line.public_id}
