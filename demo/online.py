"""Payments in the cabinet: those of the people who can sign in, and those of a crowd in the last weeks.

The world knows who has paid which month; here a part of that becomes payments through the suppliers' shops.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db.backends.utils import CursorWrapper

from demo import names
from kabinet.common.month import Month
from kabinet.payments.models import Basket, Payment, PaymentShare, Shop
from kabinet.people.models import User

WORLD = uuid.UUID("5f0c8a52-6f0e-4f0a-9a53-6b1f2d7c8e01")
CARD = "Банковская карта •••• 4444"
SBP = "СБП, Сбербанк"

#: Some of the first accounts of each supplier paid in the cabinet lately: enough for the office in any world.
CROWD = 40
CROWD_ACCOUNTS = 300
CROWD_DAYS = 50


@dataclass(frozen=True)
class Paid:
    """A month of an account that was paid in the cabinet; shares are (service_id, amount_rub)."""

    payer: User
    account_id: int
    period: Month
    paid_at: dt.datetime
    method_title: str
    shares: Sequence[tuple[int, Decimal]]

    @property
    def amount_rub(self) -> Decimal:
        return sum((amount_rub for _service_id, amount_rub in self.shares), Decimal(0))


def save_crowd() -> None:
    """Register the people of whom nobody can sign in: they only pay."""
    locked = make_password(None)
    User.objects.bulk_create(
        User(
            email=f"resident{number}@example.test",
            email_canonical=f"resident{number}@example.test",
            password=locked,
            surname=names.SURNAMES_F[number],
            given_name=names.NAMES_F[number % len(names.NAMES_F)],
        )
        for number in range(CROWD)
    )


def save_online_payments(
    cursor: CursorWrapper, shop: Shop, payers: Mapping[int, User], *, today: dt.date, now: dt.datetime
) -> None:
    """Write payments, and into world_online which of the world's payments each of them is.

    payers  who pays an account in a cabinet of their own, by its place among the supplier's accounts
    """
    cursor.execute("CREATE TEMP TABLE world_online (account_id bigint, period date, public_id text) ON COMMIT DROP")
    if shop.gateway != Shop.Gateway.YOOKASSA:
        return  # it was opened today
    cursor.execute(
        """
        SELECT account.n, account.id, share.period, share.paid_on, pg_temp.chance(account.who, 45),
               array_agg(share.service_id ORDER BY share.line_no), array_agg(share.amount_rub ORDER BY share.line_no)
        FROM world_share AS share JOIN world_account AS account ON account.id = share.account_id
        WHERE account.n = ANY(%s)
           OR (account.n < %s AND share.paid_on BETWEEN %s AND %s AND pg_temp.chance(account.who, 44) < 0.6)
        GROUP BY 1, 2, 3, 4, 5 ORDER BY share.paid_on, account.n
        """,
        [list(payers), CROWD_ACCOUNTS, today - dt.timedelta(days=CROWD_DAYS), today - dt.timedelta(days=1)],
    )
    crowd = list(User.objects.filter(email__startswith="resident").order_by("id"))
    zone = ZoneInfo(shop.supplier.time_zone)
    paid = []
    for n, account_id, period, paid_on, chance, service_ids, amounts in cursor.fetchall():
        minutes = 15 * 60 if n in payers else 8 * 60 + int(chance * 13 * 60)
        paid_at = dt.datetime.combine(paid_on, dt.time(minutes // 60, minutes % 60), tzinfo=zone)
        paid.append(
            Paid(
                payer=payers.get(n) or crowd[n % CROWD],
                account_id=account_id,
                period=Month.of(period),
                paid_at=min(paid_at, now),
                method_title=SBP if chance < 0.3 else CARD,
                shares=list(zip(service_ids, amounts, strict=True)),
            )
        )
    payments = _save(shop, paid)
    cursor.executemany(
        "INSERT INTO world_online VALUES (%s, %s, %s)",
        [
            (one.account_id, one.period.first_day, str(payment.public_id))
            for one, payment in zip(paid, payments, strict=True)
        ],
    )


def _save(shop: Shop, paid: Sequence[Paid]) -> list[Payment]:
    ids = [uuid.uuid5(WORLD, f"{shop.shop_id}/{one.account_id}/{one.period}") for one in paid]
    begun = [one.paid_at - dt.timedelta(minutes=3) for one in paid]
    baskets = Basket.objects.bulk_create(
        Basket(user=one.payer, request_id=public_id, created_at=begun_at)
        for one, public_id, begun_at in zip(paid, ids, begun, strict=True)
    )
    payments = Payment.objects.bulk_create(
        Payment(
            supplier_id=shop.supplier_id,
            shop=shop,
            basket=basket,
            public_id=public_id,
            mode=Payment.Mode.DEBT,
            period=one.period,
            amount_rub=one.amount_rub,
            commission_rub=Decimal(0),
            shared_rub=one.amount_rub,
            state=Payment.State.PAID,
            idempotency_key=public_id,
            request_body="{}",
            gateway_payment_id=str(uuid.uuid5(WORLD, f"gateway/{public_id}")),
            gateway_status="succeeded",
            method_title=one.method_title,
            created_at=begun_at,
            expires_at=begun_at + dt.timedelta(hours=1),
            paid_at=one.paid_at,
        )
        for one, basket, public_id, begun_at in zip(paid, baskets, ids, begun, strict=True)
    )
    PaymentShare.objects.bulk_create(
        PaymentShare(
            supplier_id=shop.supplier_id,
            payment=payment,
            account_id=one.account_id,
            service_id=service_id,
            amount_rub=amount_rub,
        )
        for one, payment in zip(paid, payments, strict=True)
        for service_id, amount_rub in one.shares
    )
    return payments
