"""Read payments: what may be paid, one payment, the history of an account, what waits too long."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kabinet.accounts import queries as accounts
from kabinet.accounts.queries import AccountCard
from kabinet.common.days import local_day
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import Difference
from kabinet.payments import rules
from kabinet.payments.gateways import Callback, yookassa
from kabinet.payments.models import Basket, Doorbell, Payment, PaymentShare, Shop
from kabinet.people.models import User
from kabinet.suppliers.queries import SupplierCard

ON_A_PAGE = 12
MOST_PAGES = 100


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
    payments = _payments_to(supplier_id, account_id)
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


def recent_payment(supplier_id: int, account_id: int, *, visible_to: User, now: dt.datetime) -> RecentPayment | None:
    """Find a payment that a second one may repeat by mistake: on its way, or paid in the last quarter of an hour."""
    payment = (
        _payments_to(supplier_id, account_id)
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


def payment_by_request(user: User, request_id: UUID) -> Payment | None:
    """Find what the same press of the same person has made already."""
    basket = Basket.objects.filter(user=user, request_id=request_id).first()
    return Payment.objects.select_related("shop").get(basket=basket) if basket else None


def payment_key(public_id: UUID) -> tuple[int, int] | None:
    """Give the supplier and the id of a payment by the number in its address: for commands."""
    return Payment.objects.filter(public_id=public_id).values_list("supplier_id", "id").first()


def payment_to_ask_about(supplier_id: int, payment_id: int) -> Payment:
    """Give a payment with its shop, as a call to the gateway needs it."""
    return Payment.objects.select_related("shop").get(supplier_id=supplier_id, pk=payment_id)


def shop_of_hook(gateway: str, shop_pk: int) -> Shop | None:
    """Find the shop that an address of ours for calls was made for."""
    return Shop.objects.filter(gateway=gateway, pk=shop_pk).first()


def payment_of_call(shop: Shop, call: Callback) -> int | None:
    """Find the payment that a call is about: by the gateway's id, or by ours when the call overtook its answer."""
    about = Q(gateway_payment_id=call.object_id) & ~Q(gateway_payment_id="")
    if call.public_id:
        about |= Q(public_id=call.public_id, gateway_payment_id="")
    payments = Payment.objects.filter(about, supplier_id=shop.supplier_id, shop=shop)
    return payments.values_list("id", flat=True).first()


@dataclass(frozen=True)
class Stuck:
    """Something about a payment that has waited for longer than its schedule allows."""

    what: str
    supplier_id: int
    subject: str
    since: dt.datetime


def stuck(now: dt.datetime) -> list[Stuck]:
    """List checks that are overdue, doorbells that nobody answered, and payments that need a person."""
    late = now - dt.timedelta(minutes=2)
    overdue = Payment.objects.filter(state__in=rules.UNSETTLED, next_check_at__lt=late)
    unanswered = Doorbell.objects.filter(due_at__lt=late, answered_at__isnull=True)
    waiting = Payment.objects.exclude(alarm="").exclude(alarm=Payment.Alarm.PAID_AFTER_FAILED)
    return [
        *(
            Stuck("not checked", payment.supplier_id, f"payment:{payment.id}", payment.next_check_at or now)
            for payment in overdue
        ),
        *(Stuck("not answered", ring.supplier_id, f"doorbell:{ring.id}", ring.last_rung_at) for ring in unanswered),
        *(
            Stuck(payment.alarm, payment.supplier_id, f"payment:{payment.id}", payment.created_at)
            for payment in waiting
        ),
    ]


def _payments_to(supplier_id: int, account_id: int) -> QuerySet[Payment]:
    shares = PaymentShare.objects.filter(
        supplier_id=supplier_id, account_id=account_id, payment_id=OuterRef("pk"), payment__supplier_id=supplier_id
    )
    return Payment.objects.filter(Exists(shares), supplier_id=supplier_id)


def differences() -> list[Difference]:
    """List payments whose transfers are not exactly what their state says; see LEDGER_CHECKS.

    A paid one has transfers of its amount and shares of what the account gets; one in suspense has transfers of what
    came; any other has none. One statement over both tables, since it reads every payment there is.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH posted AS (
                SELECT supplier_id, source_kind, source_id, sum(amount_rub) AS amount_rub
                FROM ledger_transfer WHERE source_kind IN ('payment', 'payment_suspense') GROUP BY 1, 2, 3
            ), shared AS (
                SELECT supplier_id, payment_id, sum(amount_rub) AS amount_rub FROM payments_paymentshare GROUP BY 1, 2
            )
            SELECT 'payment', payment.supplier_id, payment.id,
                   CASE payment.state WHEN 'paid' THEN payment.amount_rub END, posted.amount_rub
            FROM payments_payment AS payment
            LEFT JOIN posted ON posted.supplier_id = payment.supplier_id AND posted.source_kind = 'payment'
                AND posted.source_id = payment.public_id::text
            WHERE CASE payment.state WHEN 'paid' THEN payment.amount_rub END IS DISTINCT FROM posted.amount_rub
            UNION ALL
            SELECT 'payment in suspense', payment.supplier_id, payment.id, payment.suspended_rub, posted.amount_rub
            FROM payments_payment AS payment
            LEFT JOIN posted ON posted.supplier_id = payment.supplier_id AND posted.source_kind = 'payment_suspense'
                AND posted.source_id = payment.public_id::text
            WHERE payment.suspended_rub IS DISTINCT FROM posted.amount_rub
            UNION ALL
            SELECT 'shares', payment.supplier_id, payment.id, payment.shared_rub, shared.amount_rub
            FROM payments_payment AS payment
            LEFT JOIN shared ON shared.supplier_id = payment.supplier_id AND shared.payment_id = payment.id
            WHERE payment.shared_rub IS DISTINCT FROM shared.amount_rub
            ORDER BY 1, 2, 3
            """
        )
        return [
            Difference(what, supplier_id, f"payment:{payment_id}", stored_rub, computed_rub)
            for what, supplier_id, payment_id, stored_rub, computed_rub in cursor.fetchall()
        ]
