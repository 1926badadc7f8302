"""Read what may be paid online on accounts now."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.queries import AccountCard
from kabinet.common.days import local_day
from kabinet.common.errors import Refusal
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.payments import rules
from kabinet.payments.gateways import registry
from kabinet.payments.models import Payment, PaymentShare, Shop
from kabinet.people.models import User


@dataclass(frozen=True)
class RecentPayment:
    """A payment of an account that is on its way, or was made a moment ago."""

    public_id: UUID
    amount_rub: Decimal
    created_at: dt.datetime
    is_paid: bool
    is_mine: bool


class ShopClosed(Refusal):
    code = "shop-closed"
    message = _("Поставщик пока не принимает оплату онлайн. Оплатите по квитанции: реквизиты и код для банка на ней.")


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
    """What may be paid online on an account now, and in which shop.

    debt_rub            what is owed; below zero is an advance
    greatest_own_rub    the most that «своя сумма» may be
    """

    shop: Shop
    debt_rub: Decimal
    period: Month
    current_period: Month
    greatest_own_rub: Decimal
    recent: RecentPayment | None

    @property
    def has_debt(self) -> bool:
        return self.debt_rub > 0

    @property
    def advance_rub(self) -> Decimal:
        return max(-self.debt_rub, ZERO)

    @property
    def least_rub(self) -> Decimal:
        return self.shop.least_amount_rub

    @property
    def takes_autopay(self) -> bool:
        return self.shop.saves_methods and self.shop.supplier.offers_autopay

    @property
    def takes_sbp(self) -> bool:
        return self.shop.takes_sbp

    def quote_for(self, mode: str, shared_rub: Decimal, method: str = "") -> rules.Quote:
        """Say what the payer gives so that the account gets `shared_rub`: on the screen, and again under the lock.

        Raises NothingToPay, AmountTooSmall, AmountTooLarge.
        """
        if shared_rub <= 0:
            raise NothingToPay
        if mode == Payment.Mode.OWN_SUM and shared_rub > self.greatest_own_rub:
            raise AmountTooLarge(greatest_rub=self.greatest_own_rub)
        return quote_in(self.shop, shared_rub, method)

    def ways(self, mode: str, shared_rub: Decimal) -> tuple[rules.Quote, list[str]]:
        """Give the quote and each method by which so much may be paid; raises what `quote_for` does when none will do.

        A sum above the limit of cards may still be paid by a code of the fast payment system.
        """
        try:
            quote = self.quote_for(mode, shared_rub)
        except AmountTooLarge:
            if not self.takes_sbp:
                raise
            return self.quote_for(mode, shared_rub, Payment.Method.SBP), [Payment.Method.SBP]
        return quote, [Payment.Method.ANY, *([Payment.Method.SBP] if self.takes_sbp else [])]


def quote_in(shop: Shop, shared_rub: Decimal, method: str) -> rules.Quote:
    """Say what one payment in a shop costs its payer, within the limits of the way of paying.

    Raises AmountTooSmall, AmountTooLarge.
    """
    quote = rules.quote(shared_rub, shop.payer_commission_percent)
    greatest_rub = shop.greatest_sbp_rub if method == Payment.Method.SBP else shop.greatest_amount_rub
    if quote.amount_rub < shop.least_amount_rub:
        raise AmountTooSmall(least_rub=shop.least_amount_rub)
    if quote.amount_rub > greatest_rub:
        raise AmountTooLarge(greatest_rub=greatest_rub)
    return quote


def offer(account: AccountCard, *, user: User, now: dt.datetime) -> Offer | None:
    """Tell a person what they may pay on an account whose card they have; None while its supplier takes no money."""
    return offers([account], user=user, now=now).get(account.key)


def offers(accounts: Sequence[AccountCard], *, user: User, now: dt.datetime) -> dict[str, Offer]:
    """Give offers by the key of the account, in the accounts' order; those of a supplier without a shop are left out.

    As many queries for many accounts as for one.
    """
    supplier_ids = {account.supplier_id for account in accounts}
    shops = {
        shop.supplier_id: shop
        for shop in Shop.objects.filter(supplier_id__in=supplier_ids, is_enabled=True).select_related("supplier")
        if shop.supplier.takes_money
    }
    payable = [account for account in accounts if account.supplier_id in shops]
    keys = [(account.supplier_id, account.id) for account in payable]
    balances = ledger.balances_of(keys)
    recent = _recent_payments(keys, visible_to=user, now=now)
    made = {}
    for account, key in zip(payable, keys, strict=True):
        shop, debt_rub = shops[account.supplier_id], balances[key]
        current_period = Month.of(local_day(now, shop.supplier.time_zone))
        made[account.key] = Offer(
            shop=shop,
            debt_rub=debt_rub,
            period=current_period.previous(),
            current_period=current_period,
            greatest_own_rub=rules.greatest_own_sum_rub(
                debt_rub,
                limit_rub=shop.supplier.own_sum_limit_rub,
                shop_limit_rub=max(shop.greatest_amount_rub, shop.greatest_sbp_rub if shop.takes_sbp else ZERO),
            ),
            recent=recent.get(key),
        )
    return made


def _recent_payments(
    keys: Sequence[tuple[int, int]], *, visible_to: User, now: dt.datetime
) -> dict[tuple[int, int], RecentPayment]:
    """Find payments that a second one may repeat by mistake: on their way, or paid in the last quarter of an hour."""
    named = Q()
    for supplier_id, account_id in keys:
        named |= Q(supplier_id=supplier_id, account_id=account_id)
    if not named:
        return {}
    under_way = Q(payment__state__in=rules.UNSETTLED, payment__expires_at__gt=now)
    just_paid = Q(payment__state=rules.PAID, payment__paid_at__gt=now - rules.RECENT)
    shares = (
        PaymentShare.objects.filter(named, under_way | just_paid, payment__supplier_id=F("supplier_id"))
        .select_related("payment__basket")
        .order_by("payment__created_at", "payment_id")
    )
    return {
        (share.supplier_id, share.account_id): RecentPayment(
            public_id=share.payment.public_id,
            amount_rub=share.payment.amount_rub,
            created_at=share.payment.created_at,
            is_paid=share.payment.state == rules.PAID,
            is_mine=share.payment.basket.user_id == visible_to.pk,
        )
        for share in shares
    }


def hosted_page_origins() -> tuple[str, ...]:
    """Tell where a form that starts a payment may end up."""
    return registry.hosted_page_origins()


def open_shop(supplier_id: int) -> Shop | None:
    """Give the shop in which a supplier takes money; None also while the supplier takes none."""
    shop = Shop.objects.filter(supplier_id=supplier_id, is_enabled=True).select_related("supplier").first()
    return shop if shop and shop.supplier.takes_money else None
