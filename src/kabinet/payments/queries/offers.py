"""Read what may be paid online on an account now."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.queries import AccountCard
from kabinet.common.days import local_day
from kabinet.common.errors import Refusal
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.payments import rules
from kabinet.payments.gateways import yookassa
from kabinet.payments.models import Payment, Shop
from kabinet.payments.queries.history import payments_to
from kabinet.people.models import User
from kabinet.suppliers.queries import SupplierCard


@dataclass(frozen=True)
class RecentPayment:
    """A payment of an account that is on its way, or was made a moment ago."""

    public_id: UUID
    amount_rub: Decimal
    created_at: dt.datetime
    is_paid: bool
    is_mine: bool


class NothingToPay(Refusal):
    code = "nothing-to-pay"
    message = _("Платить сейчас нечего: долга нет. Внести деньги вперёд можно, указав свою сумму.")


class AmountTooSmall(Refusal):
    code = "amount-too-small"
    field = "amount_rub"
    message = _("Сумма слишком мала. Укажите не меньше %(least_rub)s\u00a0₽.")


class AmountTooLarge(Refusal):
    code = "amount-too-large"
    field = "amount_rub"
    message = _("Сумма слишком велика. За один раз можно заплатить не больше %(greatest_rub)s\u00a0₽.")


@dataclass(frozen=True)
class Offer:
    """What may be paid online on an account now.

    debt_rub            what is owed; below zero is an advance
    greatest_own_rub    the most that «своя сумма» may be
    commission_percent  what the payer pays on top; zero when the supplier pays the gateway
    """

    debt_rub: Decimal
    period: Month
    current_period: Month
    least_rub: Decimal
    greatest_rub: Decimal
    greatest_own_rub: Decimal
    commission_percent: Decimal
    recent: RecentPayment | None

    @property
    def has_debt(self) -> bool:
        return self.debt_rub > 0

    @property
    def advance_rub(self) -> Decimal:
        return max(-self.debt_rub, ZERO)

    def quote_for(self, mode: str, shared_rub: Decimal) -> rules.Quote:
        """Say what the payer gives so that the account gets `shared_rub`: on the screen, and again under the lock.

        Raises NothingToPay, AmountTooSmall, AmountTooLarge.
        """
        if shared_rub <= 0:
            raise NothingToPay
        quote = rules.quote(shared_rub, self.commission_percent)
        if quote.amount_rub < self.least_rub:
            raise AmountTooSmall(least_rub=self.least_rub)
        greatest_rub = self.greatest_own_rub if mode == Payment.Mode.OWN_SUM else self.greatest_rub
        if shared_rub > greatest_rub or quote.amount_rub > self.greatest_rub:
            raise AmountTooLarge(greatest_rub=greatest_rub)
        return quote


def offer(account: AccountCard, supplier: SupplierCard, *, user: User, now: dt.datetime) -> Offer | None:
    """Tell a person what they may pay on an account whose card they have; None while its supplier has no shop."""
    shop = open_shop(supplier.id)
    if shop is None:
        return None
    debt_rub = ledger.balance_rub(account.supplier_id, account.id)
    current_period = Month.of(local_day(now, supplier.time_zone))
    return Offer(
        debt_rub=debt_rub,
        period=current_period.previous(),
        current_period=current_period,
        least_rub=shop.least_amount_rub,
        greatest_rub=shop.greatest_amount_rub,
        greatest_own_rub=rules.greatest_own_sum_rub(
            debt_rub, limit_rub=supplier.own_sum_limit_rub, shop_limit_rub=shop.greatest_amount_rub
        ),
        commission_percent=shop.payer_commission_percent,
        recent=recent_payment(account.supplier_id, account.id, visible_to=user, now=now),
    )


def recent_payment(supplier_id: int, account_id: int, *, visible_to: User, now: dt.datetime) -> RecentPayment | None:
    """Find a payment that a second one may repeat by mistake: on its way, or paid in the last quarter of an hour."""
    payment = (
        payments_to(supplier_id, account_id)
        .filter(Q(state__in=rules.UNSETTLED, expires_at__gt=now) | Q(state=rules.PAID, paid_at__gt=now - rules.RECENT))
        .select_related("basket")
        .order_by("-created_at")
        .first()
    )
    if payment is None:
        return None
    return RecentPayment(
        public_id=payment.public_id,
        amount_rub=payment.amount_rub,
        created_at=payment.created_at,
        is_paid=payment.state == rules.PAID,
        is_mine=payment.basket.user_id == visible_to.pk,
    )


def hosted_page_origins() -> tuple[str, ...]:
    """Tell where a form that starts a payment may end up."""
    return yookassa.hosted_page_origins(settings.YOOKASSA_URL)


def open_shop(supplier_id: int) -> Shop | None:
    """Give the shop in which a supplier takes money."""
    return Shop.objects.filter(supplier_id=supplier_id, is_enabled=True).first()
