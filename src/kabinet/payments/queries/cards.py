"""Read payments as their payers see them: one, or several of a basket."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.payments import rules
from kabinet.payments.models import Payment, PaymentShare
from kabinet.people.models import User


class Shown:
    """How a state looks: an icon and a colour of the face."""

    state: str

    @property
    def is_paid(self) -> bool:
        return self.state == rules.PAID

    @property
    def is_failed(self) -> bool:
        return self.state == rules.FAILED

    @property
    def kind(self) -> str:
        return {rules.PAID: "ok", rules.FAILED: "error"}.get(self.state, "warn")

    @property
    def icon(self) -> str:
        return {rules.PAID: "circle-check", rules.FAILED: "circle-x"}.get(self.state, "clock")


@dataclass(frozen=True)
class ShareRow:
    account_id: int
    account_number: str
    service_name: str
    amount_rub: Decimal
    refunded_rub: Decimal


@dataclass(frozen=True)
class PaymentCard(Shown):
    """One payment as its payer sees it.

    account_id, account_number  the first of the accounts that it goes to; shares name them all
    position, basket_size       «оплата 1 из 2»
    sbp_link                    what the code of the fast payment system holds, while it can be paid by
    """

    supplier_id: int
    id: int
    public_id: UUID
    account_id: int
    account_number: str
    payer_id: int
    supplier_name: str
    zone: str
    is_billed_elsewhere: bool
    mode: str
    period: Month
    amount_rub: Decimal
    commission_rub: Decimal
    shared_rub: Decimal
    shares: Sequence[ShareRow]
    state: str
    state_label: str
    failure_reason: str
    method_title: str
    gateway_name: str
    gateway_payment_id: str
    confirmation_url: str
    sbp_link: str
    request_id: UUID
    position: int
    basket_size: int
    named_period: Month | None
    refunded_rub: Decimal
    created_at: dt.datetime
    expires_at: dt.datetime
    paid_at: dt.datetime | None
    sent_at: dt.datetime | None
    booked_at: dt.datetime | None
    can_be_continued: bool
    is_with_person: bool
    alarm_label: str
    is_test: bool

    @property
    def is_intended(self) -> bool:
        return self.state == rules.INTENDED

    @property
    def is_held(self) -> bool:
        return self.state == rules.HELD

    @property
    def is_one_of_several(self) -> bool:
        return self.basket_size > 1

    @property
    def account_numbers(self) -> list[str]:
        return list(dict.fromkeys(share.account_number for share in self.shares))

    @property
    def is_of_debt(self) -> bool:
        return self.mode == Payment.Mode.DEBT

    @property
    def is_with_reading(self) -> bool:
        return self.mode == Payment.Mode.WITH_READING

    @property
    def is_settled(self) -> bool:
        return self.state not in rules.UNSETTLED or self.is_with_person


def payment_card(public_id: UUID, *, visible_to: User) -> PaymentCard:
    """Show a payment to the person who made it. Raises NotFound for everybody else."""
    return _the_card(Payment.objects.filter(public_id=public_id, basket__user=visible_to))


def payment_card_by_id(supplier_id: int, payment_id: int) -> PaymentCard:
    """Show a payment to nobody in person: for letters and papers about it."""
    return _the_card(Payment.objects.filter(supplier_id=supplier_id, pk=payment_id))


def payment_cards(found: QuerySet[Payment]) -> list[PaymentCard]:
    """Show payments that the caller may see, in the order given, with one query more for their shares."""
    payments = list(
        found.filter(shop__supplier_id=F("supplier_id"))
        .select_related("supplier", "shop", "basket")
        .annotate(basket_size=Count("basket__payments"))
    )
    shares = shares_of(payments)
    return [_card(payment, payment.basket_size, shares[payment.supplier_id, payment.id]) for payment in payments]


def _the_card(found: QuerySet[Payment]) -> PaymentCard:
    cards = payment_cards(found)
    if not cards:
        raise NotFound
    return cards[0]


def shares_of(payments: Sequence[Payment]) -> dict[tuple[int, int], list[PaymentShare]]:
    """Give the shares of several payments in one query, by supplier and payment."""
    named = Q()
    for payment in payments:
        named |= Q(supplier_id=payment.supplier_id, payment_id=payment.id)
    shares: dict[tuple[int, int], list[PaymentShare]] = defaultdict(list)
    if named:
        rows = PaymentShare.objects.filter(
            named, account__supplier_id=F("supplier_id"), service__supplier_id=F("supplier_id")
        )
        for share in rows.select_related("account", "service").order_by("account_id", "service__position", "id"):
            shares[share.supplier_id, share.payment_id].append(share)
    return shares


def _card(payment: Payment, basket_size: int, shares: Sequence[PaymentShare]) -> PaymentCard:
    account = shares[0].account
    return PaymentCard(
        supplier_id=payment.supplier_id,
        id=payment.id,
        public_id=payment.public_id,
        account_id=account.id,
        account_number=account.number,
        payer_id=payment.basket.user_id,
        supplier_name=payment.supplier.name,
        zone=payment.supplier.time_zone,
        is_billed_elsewhere=payment.supplier.billing == "external",
        mode=payment.mode,
        period=payment.period,
        amount_rub=payment.amount_rub,
        commission_rub=payment.commission_rub,
        shared_rub=payment.shared_rub,
        shares=[
            ShareRow(share.account_id, share.account.number, share.service.name, share.amount_rub, share.refunded_rub)
            for share in shares
        ],
        state=payment.state,
        state_label=payment.get_state_display(),
        failure_reason=payment.failure_reason,
        method_title=payment.method_title,
        gateway_name=payment.shop.get_gateway_display(),
        gateway_payment_id=payment.gateway_payment_id,
        confirmation_url=payment.confirmation_url,
        sbp_link=payment.sbp_link,
        request_id=payment.basket.request_id,
        position=payment.position,
        basket_size=basket_size,
        named_period=payment.named_period,
        refunded_rub=payment.refunded_rub,
        created_at=payment.created_at,
        expires_at=payment.expires_at,
        paid_at=payment.paid_at,
        sent_at=payment.sent_at,
        booked_at=payment.booked_at,
        can_be_continued=payment.can_be_continued,
        is_with_person=payment.needs_person,
        alarm_label=payment.get_alarm_display(),
        is_test=payment.shop.is_test,
    )
