"""Read what one press of «Оплатить» will cover, and what became of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.accounts.queries import AccountCard
from kabinet.charges import queries as charges
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.payments import rules
from kabinet.payments.models import Payment, Shop
from kabinet.payments.queries.cards import PaymentCard, payment_cards
from kabinet.payments.queries.offers import Offer, RecentPayment, ShopClosed, offers, quote_in
from kabinet.people.models import User

#: So that a cheque keeps within its 80 lines and a payment within what one may check at a glance.
MOST_ACCOUNTS = 12


class NothingChosen(Refusal):
    code = "nothing-chosen"
    message = _("Отметьте хотя бы один счёт.")


class TooManyAccounts(Refusal):
    code = "too-many-accounts"
    message = _("За один раз можно оплатить не больше %(most)s счетов. Остальные оплатите следующим разом.")


class PeriodIsPaid(Refusal):
    code = "period-is-paid"
    field = "named_period"
    message = _("За этот месяц уже всё оплачено. Выберите другой месяц.")


@dataclass(frozen=True)
class Wish:
    """What somebody wants to pay on one account.

    mode          debt: what is owed now; with_reading: that and what readings not yet charged will cost; own_sum
    own_sum_rub   what the account is to get, for own_sum only
    named_period  the month to settle first; None: the oldest charge first
    field         what the form calls the sum: a refusal about it is shown there
    """

    supplier_id: int
    account_id: int
    mode: str
    own_sum_rub: Decimal | None = None
    named_period: Month | None = None
    field: str = "amount_rub"


@dataclass(frozen=True)
class PlannedPart:
    """What one account will get."""

    account: AccountCard
    amount_rub: Decimal
    debt_rub: Decimal

    @property
    def advance_rub(self) -> Decimal:
        return rules.advance_rub(self.amount_rub, self.debt_rub)


@dataclass(frozen=True)
class PlannedPayment:
    """One payment that will be made: of one shop, and of one account where the shop must say whose it is."""

    shop: Shop
    parts: Sequence[PlannedPart]
    quote: rules.Quote
    mode: str
    period: Month
    named_period: Month | None

    @property
    def supplier_name(self) -> str:
        return self.shop.supplier.name


@dataclass(frozen=True)
class Plan:
    """The payments of one press, in the order in which they will be made."""

    payments: Sequence[PlannedPayment]
    recent: RecentPayment | None

    @property
    def amount_rub(self) -> Decimal:
        return sum((payment.quote.amount_rub for payment in self.payments), ZERO)

    @property
    def commission_rub(self) -> Decimal:
        return sum((payment.quote.commission_rub for payment in self.payments), ZERO)

    @property
    def amounts_rub(self) -> dict[tuple[int, int], Decimal]:
        """What each account will get, by supplier and account."""
        return {
            (part.account.supplier_id, part.account.id): part.amount_rub
            for payment in self.payments
            for part in payment.parts
        }


@dataclass(frozen=True)
class BasketCard:
    """What one press has made, as the person who pressed sees it."""

    request_id: UUID
    payments: Sequence[PaymentCard]

    @property
    def amount_rub(self) -> Decimal:
        return sum((payment.amount_rub for payment in self.payments), ZERO)

    @property
    def paid_rub(self) -> Decimal:
        return sum((payment.amount_rub for payment in self.payments if payment.is_paid), ZERO)

    @property
    def next_payment(self) -> PaymentCard | None:
        """The first that still waits for its payer."""
        return next((payment for payment in self.payments if not payment.is_settled), None)

    @property
    def is_paid(self) -> bool:
        return all(payment.is_paid for payment in self.payments)


def plan(
    wishes: Sequence[Wish], accounts: Sequence[AccountCard], *, method: str = "", payer: User, now: dt.datetime
) -> Plan:
    """Compute what a press would make: for the screen, and again under the lock. Whoever has the cards may know.

    accounts  the payer's own; others are not looked at

    Raises NotFound for an account that is not among them; NothingChosen, TooManyAccounts, ShopClosed, PeriodIsPaid, and
    at the field of each wish NothingToPay, AmountTooSmall, AmountTooLarge.
    """
    if not wishes:
        raise NothingChosen
    if len(wishes) > MOST_ACCOUNTS:
        raise TooManyAccounts(most=MOST_ACCOUNTS)
    own = {(account.supplier_id, account.id): account for account in accounts}
    chosen = {(wish.supplier_id, wish.account_id): wish for wish in wishes}
    if not own.keys() >= chosen.keys():
        raise NotFound
    made = offers([own[key] for key in chosen], user=payer, now=now)
    items = []
    for key in sorted(chosen):
        account, wish = own[key], chosen[key]
        offer = made.get(account.key)
        if offer is None or (method == Payment.Method.SBP and not offer.takes_sbp):
            raise ShopClosed
        items.append((account, wish, offer, _amount_rub(wish, offer, method)))
    groups = [list(group) for _key, group in groupby(items, key=lambda item: _payment_key(item[0], item[2].shop))]
    return Plan(
        payments=[_planned(group, method) for group in groups],
        recent=next((offer.recent for _account, _wish, offer, _amount_rub in items if offer.recent), None),
    )


def basket_card(request_id: UUID, *, visible_to: User) -> BasketCard:
    """Show a press to the person who made it. Raises NotFound for everybody else."""
    payments = payment_cards(
        Payment.objects.filter(basket__user=visible_to, basket__request_id=request_id).order_by("position")
    )
    if not payments:
        raise NotFound
    return BasketCard(request_id, payments)


def _payment_key(account: AccountCard, shop: Shop) -> tuple[int, int]:
    return shop.supplier_id, account.id if shop.sends_payment_order else 0


def _amount_rub(wish: Wish, offer: Offer, method: str) -> Decimal:
    """Say what the account is to get, by the books as they are now."""
    amount_rub = offer.debt_rub
    if wish.mode == Payment.Mode.OWN_SUM:
        if wish.own_sum_rub is None:
            raise ValueError("own_sum needs own_sum_rub")
        amount_rub = wish.own_sum_rub
    elif wish.mode == Payment.Mode.WITH_READING:
        amount_rub += charges.uncharged_estimate_rub(wish.supplier_id, wish.account_id)
    if wish.named_period and wish.named_period not in unpaid_periods(wish.supplier_id, wish.account_id):
        raise PeriodIsPaid
    try:
        offer.quote_for(wish.mode, amount_rub, method)
    except Refusal as refusal:
        refusal.field = refusal.field and wish.field
        raise
    return amount_rub


def unpaid_periods(supplier_id: int, account_id: int) -> list[Month]:
    """Give the months that something is left to pay for, oldest first."""
    return sorted(
        {charge.period for charge in charges.unpaid_charges(supplier_id, account_id) if charge.amount_rub > 0}
    )


def _planned(items: Sequence[tuple[AccountCard, Wish, Offer, Decimal]], method: str) -> PlannedPayment:
    shop, first = items[0][2].shop, items[0][1]
    period = items[0][2].current_period if first.mode == Payment.Mode.WITH_READING else items[0][2].period
    try:
        quote = quote_in(shop, sum((amount_rub for *_rest, amount_rub in items), ZERO), method)
    except Refusal as refusal:
        if len(items) > 1:
            refusal.field = None
        raise
    return PlannedPayment(
        shop=shop,
        parts=[PlannedPart(account, amount_rub, offer.debt_rub) for account, _wish, offer, amount_rub in items],
        quote=quote,
        mode=first.mode if len({wish.mode for _account, wish, *_rest in items}) == 1 else Payment.Mode.OWN_SUM,
        period=first.named_period or period,
        named_period=first.named_period if len(items) == 1 else None,
    )
