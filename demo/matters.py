"""What the staff of the first supplier find in their office: refunds, sums in suspense, a chargeback, reconciled days.

Written by the same operations as in life, under the clock of the day on which each has happened.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from demo.gateway import fee_rub
from demo.online import CARD, WORLD
from kabinet.common.month import Month
from kabinet.ledger import operations as ledger
from kabinet.payments import operations, rules
from kabinet.payments.gateways import RemotePayment, RemoteRefund, StatementLine
from kabinet.payments.models import Basket, Payment, PaymentShare, Payout, Refund, Shop, SuspendedSum
from kabinet.payments.operations.chargebacks import write_chargeback
from kabinet.payments.operations.refunds import (
    ask_for_second_person,
    gateway_payment_id_of,
    intend,
    learn_refund,
    reserve,
)
from kabinet.payments.operations.statements import lock_day, store_list, store_statement, write_comparison
from kabinet.payments.operations.suspense import suspend_foreign
from kabinet.payments.queries.refunds import left_of
from kabinet.payments.queries.sides import gateway_day, ours_of_day, registered_lines
from kabinet.payments.rules import GATEWAY_ZONE, Theirs
from kabinet.people.models import User

RECONCILED_DAYS = 14
#: How many days ago each thing happened; the day on which foreign money came is the one that is still open.
FOREIGN, MISMATCH, REFUND_DONE, REFUND_ASKED, CHARGEBACK = 2, 4, 5, 1, 6


@dataclass(frozen=True)
class Matters:
    """Who does what, and when today is."""

    shop: Shop
    accountant: User
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(ZoneInfo(GATEWAY_ZONE)).date()

    def at(self, days_ago: int, hour: int) -> dt.datetime:
        day = self.today - dt.timedelta(days=days_ago)
        return dt.datetime.combine(day, dt.time(hour, 20), tzinfo=ZoneInfo(GATEWAY_ZONE))


def save_matters(shop: Shop, accountant: User, now: dt.datetime) -> None:
    """Write them all. A world so small that a crowd has hardly paid has none of them."""
    matters = Matters(shop, accountant, now)
    paid = Payment.objects.filter(
        supplier_id=shop.supplier_id,
        shop=shop,
        basket__user__email__startswith="resident",
        paid_at__lt=matters.at(8, 0),
    ).select_related("basket__user")
    largest = list(paid.order_by("-amount_rub", "id")[:4])
    if len(largest) < 4:
        return
    to_ask, to_refund, to_charge_back, like = largest
    _refund(matters, to_refund)
    _ask_refund(matters, to_ask)
    _charge_back(matters, to_charge_back)
    _suspend_foreign(matters)
    _suspend_mismatch(matters, like)
    _pay_out_earlier(matters)
    for days_ago in range(RECONCILED_DAYS, 1, -1):
        _reconcile(matters, days_ago)


def _refund(matters: Matters, payment: Payment) -> None:
    """Somebody paid a neighbour's account, wrote to the supplier, and has the money back."""
    now = matters.at(REFUND_DONE, 11)
    refund = _reserved(matters, payment, "Оплатил чужой лицевой счёт по ошибке, есть заявление", now)
    intend(refund, now=now)
    told = RemoteRefund(
        id=str(uuid.uuid5(WORLD, f"refund/{payment.public_id}")),
        gateway_payment_id=payment.gateway_payment_id,
        state=rules.REFUND_DONE,
        status="succeeded",
        amount_rub=refund.amount_rub,
        currency="RUB",
        done_at=now,
        public_id=refund.public_id,
    )
    learn_refund(refund, told, now=now)


def _ask_refund(matters: Matters, payment: Payment) -> None:
    """More than one person may decide alone: it waits for the second accountant."""
    now = matters.at(REFUND_ASKED, 16)
    ask_for_second_person(_reserved(matters, payment, "Оплачено дважды: через кабинет и в банке", now))


def _reserved(matters: Matters, payment: Payment, note: str, now: dt.datetime) -> Refund:
    locked = operations.lock_payment(payment.supplier_id, payment.id)
    return reserve(
        locked,
        left_of(locked).parts(locked.amount_rub),
        locked.amount_rub,
        origin=Refund.Origin.STAFF,
        note=note,
        asked_by=matters.accountant,
        now=now,
    )


def _charge_back(matters: Matters, payment: Payment) -> None:
    write_chargeback(
        operations.lock_payment(payment.supplier_id, payment.id),
        reference=f"CB-{matters.today.year}-1187",
        amount_rub=payment.amount_rub,
        came_on=matters.today - dt.timedelta(days=CHARGEBACK),
        note="Письмо платёжной системы: владелец карты не признал оплату",
        recorded_by=matters.accountant,
        now=matters.at(CHARGEBACK, 12),
    )


def _suspend_foreign(matters: Matters) -> None:
    """Somebody paid by a link of the supplier's, past the cabinet: nobody knows whose it is."""
    paid_at = matters.at(FOREIGN, 14)
    suspend_foreign(matters.shop, _told(matters, uuid.uuid5(WORLD, "foreign"), "1480.00", paid_at), now=paid_at)


def _told(
    matters: Matters, object_id: uuid.UUID, amount: str, paid_at: dt.datetime, public_id: uuid.UUID | None = None
) -> RemotePayment:
    return RemotePayment(
        id=str(object_id),
        state=rules.PAID,
        status="succeeded",
        amount_rub=Decimal(amount),
        currency="RUB",
        shop_id=matters.shop.shop_id,
        is_test=True,
        public_id=public_id,
        method_title=CARD,
        paid_at=paid_at,
    )


def _suspend_mismatch(matters: Matters, like: Payment) -> None:
    """The gateway took another sum than the one that was asked for. like: a payment of the same payer and account."""
    paid_at = matters.at(MISMATCH, 13)
    public_id, begun_at = uuid.uuid5(WORLD, "mismatch"), paid_at - dt.timedelta(minutes=3)
    payment = Payment.objects.create(
        supplier_id=matters.shop.supplier_id,
        shop=matters.shop,
        basket=Basket.objects.create(user=like.basket.user, request_id=public_id, created_at=begun_at),
        public_id=public_id,
        mode=Payment.Mode.OWN_SUM,
        period=like.period,
        amount_rub=Decimal("850.00"),
        commission_rub=Decimal(0),
        shared_rub=Decimal("850.00"),
        state=Payment.State.OPEN,
        idempotency_key=public_id,
        request_body="{}",
        gateway_payment_id=str(uuid.uuid5(WORLD, f"gateway/{public_id}")),
        created_at=begun_at,
        expires_at=begun_at + dt.timedelta(hours=1),
    )
    share = like.shares.order_by("id")[0]
    PaymentShare.objects.create(
        supplier_id=payment.supplier_id,
        payment=payment,
        account_id=share.account_id,
        service_id=share.service_id,
        amount_rub=payment.shared_rub,
    )
    told = _told(matters, uuid.UUID(payment.gateway_payment_id), "580.00", paid_at, public_id)
    operations.learn(operations.lock_payment(payment.supplier_id, payment.id), told, now=paid_at)


def _reconcile(matters: Matters, days_ago: int) -> None:
    """Compare a day: its register came the next morning, and money reaches the bank when all of it is explained."""
    shop, day = matters.shop, matters.today - dt.timedelta(days=days_ago)
    now = matters.at(days_ago - 1, 9)
    lines = _lines(shop, day)
    locked = lock_day(shop, day)
    store_list(shop, day, lines, now=now)
    for source, kind in (("payments", "payment"), ("refunds", "refund")):
        name = f"{shop.shop_id}_{day:%Y%m%d}_{source}.csv"
        store_statement(
            shop,
            day,
            [line for line in lines if line.kind == kind],
            source=source,
            content_sha256=hashlib.sha256(name.encode()).hexdigest(),
            file_name=name,
            loaded_by=matters.accountant,
            now=now,
        )
    listed = [_theirs(line, day) for line in lines]
    registered = registered_lines(shop, day)
    compared = rules.compare(day, ours=ours_of_day(shop, day, listed), listed=listed, registered=registered)

    def write() -> None:
        write_comparison(locked, compared, (), has_list=True, has_register=True, is_over=True, now=now)

    write()
    if days_ago != FOREIGN:
        for line in locked.lines.filter(supplier_id=shop.supplier_id):
            line.note, line.noted_by, line.noted_at = (
                "Сумма стоит в невыясненных, решаем с плательщиком",
                matters.accountant,
                now,
            )
            line.save()
        write()
    if days_ago > FOREIGN + 1 and lines:
        _pay_out(matters, lines, came_on=day + dt.timedelta(days=1), now=now)


def _lines(shop: Shop, day: dt.date) -> list[StatementLine]:
    """Write a day as the gateway would: what it took, and what it gave back."""
    begins, ends = gateway_day(day)
    here = {"supplier_id": shop.supplier_id, "shop": shop}
    paid = Payment.objects.filter(**here, state=rules.PAID, paid_at__gte=begins, paid_at__lt=ends)
    suspended = SuspendedSum.objects.filter(**here, created_at__gte=begins, created_at__lt=ends)
    refunds = Refund.objects.filter(**here, state=rules.REFUND_DONE, done_at__gte=begins, done_at__lt=ends)
    return [
        *(
            _taken(
                row.gateway_payment_id, row.public_id, row.amount_rub, row.method_title, row.paid_at or row.created_at
            )
            for row in paid.order_by("paid_at", "id")
        ),
        *(
            _taken(
                row.gateway_payment_id,
                row.payment.public_id if row.payment else None,
                row.amount_rub,
                CARD,
                row.created_at,
            )
            for row in suspended.select_related("payment").order_by("id")
        ),
        *(
            StatementLine(
                kind="refund",
                object_id=row.gateway_refund_id,
                payment_object_id=gateway_payment_id_of(row),
                public_id=row.public_id,
                amount_rub=row.amount_rub,
                income_rub=None,
                captured_at=row.done_at or row.created_at,
            )
            for row in refunds.select_related("payment").order_by("id")
        ),
    ]


def _taken(
    object_id: str, public_id: uuid.UUID | None, amount_rub: Decimal, method_title: str, at: dt.datetime
) -> StatementLine:
    income_rub = amount_rub - fee_rub(amount_rub, method_title)
    return StatementLine("payment", object_id, object_id, public_id, amount_rub, income_rub, at)


def _theirs(line: StatementLine, day: dt.date) -> Theirs:
    values = {name: value for name, value in vars(line).items() if name != "captured_at"}
    return Theirs(**values, moved_on=day, filed_on=day)


def _pay_out_earlier(matters: Matters) -> None:
    """One payout for all that was paid before the days that are reconciled here."""
    begins, _ends = gateway_day(matters.today - dt.timedelta(days=RECONCILED_DAYS))
    paid = Payment.objects.filter(
        supplier_id=matters.shop.supplier_id, shop=matters.shop, state=rules.PAID, paid_at__lt=begins
    )
    lines = [
        _taken(row.gateway_payment_id, row.public_id, row.amount_rub, row.method_title, row.paid_at or row.created_at)
        for row in paid
    ]
    _pay_out(matters, lines, came_on=begins.date(), now=matters.at(RECONCILED_DAYS - 1, 9))


def _pay_out(matters: Matters, lines: Sequence[StatementLine], *, came_on: dt.date, now: dt.datetime) -> None:
    """Write what reached the bank: income of payments less what was given back."""
    paid = [line for line in lines if line.kind == "payment"]
    given_back_rub = sum((line.amount_rub for line in lines if line.kind == "refund"), Decimal(0))
    amount_rub = sum((line.income_rub or Decimal(0) for line in paid), -given_back_rub)
    fee = sum((line.amount_rub - (line.income_rub or Decimal(0)) for line in paid), Decimal(0))
    if amount_rub <= 0:
        return
    supplier_id, shop = matters.shop.supplier_id, matters.shop
    payout = Payout.objects.create(
        supplier_id=supplier_id,
        shop=shop,
        reference=f"{came_on:%m%d}{shop.shop_id[-2:]}",
        came_on=came_on,
        amount_rub=amount_rub,
        fee_rub=fee,
        recorded_by=matters.accountant,
        recorded_at=now,
    )
    clearing_id = ledger.supplier_book(supplier_id, "clearing", shop.shop_id)
    ledger.post(
        supplier_id=supplier_id,
        source_kind="payout",
        source_id=payout.pk,
        movements=[
            ledger.Movement(
                ledger.supplier_book(supplier_id, book), clearing_id, part_rub, "payout", Month.of(came_on), came_on
            )
            for book, part_rub in (("bank", amount_rub), ("fees", fee))
            if part_rub
        ],
        now=now,
    )
