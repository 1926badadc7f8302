"""Read payments as people see them: one, and the history of an account."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from kabinet.accounts import queries as accounts
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.payments import rules
from kabinet.payments.models import Payment, PaymentShare
from kabinet.people.models import User

ON_A_PAGE = 12
MOST_PAGES = 100


class _Shown:
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
    service_name: str
    amount_rub: Decimal


@dataclass(frozen=True)
class PaymentCard(_Shown):
    """One payment as its payer sees it."""

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
    gateway_payment_id: str
    confirmation_url: str
    created_at: dt.datetime
    expires_at: dt.datetime
    paid_at: dt.datetime | None
    can_be_continued: bool
    is_with_person: bool
    alarm_label: str
    is_test: bool

    @property
    def is_intended(self) -> bool:
        return self.state == rules.INTENDED

    @property
    def is_of_debt(self) -> bool:
        return self.mode == Payment.Mode.DEBT

    @property
    def is_with_reading(self) -> bool:
        return self.mode == Payment.Mode.WITH_READING

    @property
    def is_settled(self) -> bool:
        return self.state not in rules.UNSETTLED or self.is_with_person


@dataclass(frozen=True)
class PaymentRow(_Shown):
    """A line of an account's history; only its payer opens it."""

    public_id: UUID
    mode_label: str
    period: Month
    amount_rub: Decimal
    state: str
    state_label: str
    created_at: dt.datetime
    paid_at: dt.datetime | None
    is_mine: bool


@dataclass(frozen=True)
class PaymentPage:
    """A page of an account's history; pages are counted from 1, the newest."""

    rows: Sequence[PaymentRow]
    number: int
    has_older: bool

    @property
    def newer(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def older(self) -> int | None:
        return self.number + 1 if self.has_older else None


def payment_card(public_id: UUID, *, visible_to: User) -> PaymentCard:
    """Show a payment to the person who made it. Raises NotFound for everybody else."""
    return _card(Payment.objects.filter(public_id=public_id, basket__user=visible_to))


def payment_card_by_id(supplier_id: int, payment_id: int) -> PaymentCard:
    """Show a payment to nobody in person: for letters and papers about it."""
    return _card(Payment.objects.filter(supplier_id=supplier_id, pk=payment_id))


def _card(found: QuerySet[Payment]) -> PaymentCard:
    payment = found.filter(shop__supplier_id=F("supplier_id")).select_related("supplier", "shop", "basket").first()
    if payment is None:
        raise NotFound
    shares = list(
        PaymentShare.objects.filter(
            supplier_id=payment.supplier_id,
            payment=payment,
            account__supplier_id=F("supplier_id"),
            service__supplier_id=F("supplier_id"),
        )
        .select_related("account", "service")
        .order_by("service__position", "id")
    )
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
        shares=[ShareRow(share.service.name, share.amount_rub) for share in shares],
        state=payment.state,
        state_label=payment.get_state_display(),
        failure_reason=payment.failure_reason,
        method_title=payment.method_title,
        gateway_payment_id=payment.gateway_payment_id,
        confirmation_url=payment.confirmation_url,
        created_at=payment.created_at,
        expires_at=payment.expires_at,
        paid_at=payment.paid_at,
        can_be_continued=payment.can_be_continued,
        is_with_person=payment.needs_person,
        alarm_label=payment.get_alarm_display(),
        is_test=payment.shop.is_test,
    )


def payments_of_account(supplier_id: int, account_id: int, *, visible_to: User, page: int = 1) -> PaymentPage:
    """List an account's payments, newest first: a full holder sees all of them, anybody else their own.

    page  from 1 on; what is beyond MOST_PAGES is shown as the last of them

    Raises NotFound for a stranger.
    """
    card = accounts.account_card(supplier_id, account_id, visible_to=visible_to)
    payments = payments_to(supplier_id, account_id)
    if not card.is_full:
        payments = payments.filter(basket__user=visible_to)
    page = min(max(page, 1), MOST_PAGES)
    begin = (page - 1) * ON_A_PAGE
    found = list(payments.select_related("basket").order_by("-created_at", "-id")[begin : begin + ON_A_PAGE + 1])
    rows = [
        PaymentRow(
            public_id=payment.public_id,
            mode_label=payment.get_mode_display(),
            period=payment.period,
            amount_rub=payment.amount_rub,
            state=payment.state,
            state_label=payment.get_state_display(),
            created_at=payment.created_at,
            paid_at=payment.paid_at,
            is_mine=payment.basket.user_id == visible_to.pk,
        )
        for payment in found[:ON_A_PAGE]
    ]
    return PaymentPage(rows, number=page, has_older=len(found) > ON_A_PAGE and page < MOST_PAGES)


def payments_to(supplier_id: int, account_id: int) -> QuerySet[Payment]:
    shares = PaymentShare.objects.filter(
        supplier_id=supplier_id, account_id=account_id, payment_id=OuterRef("pk"), payment__supplier_id=supplier_id
    )
    return Payment.objects.filter(Exists(shares), supplier_id=supplier_id)
