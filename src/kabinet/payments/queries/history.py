"""List payments: the history of an account, and of a person over all accounts."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from kabinet.accounts import queries as accounts
from kabinet.accounts.queries import AccountCard
from kabinet.common.month import Month
from kabinet.payments import rules
from kabinet.payments.models import Payment, PaymentShare
from kabinet.payments.queries.cards import Shown, shares_of
from kabinet.people.models import User

ON_A_PAGE = 12
MOST_PAGES = 100
MOSCOW = ZoneInfo("Europe/Moscow")

#: Where a paid payment is on its way to the supplier's own book.
PAID, SENT, BOOKED = "paid", "sent", "booked"

#: States as people look for them.
FILTERS = {
    "paid": Q(state=rules.PAID),
    "waiting": Q(state__in=rules.UNSETTLED),
    "failed": Q(state=rules.FAILED),
    "refunded": Q(refunded_rub__gt=0),
}


@dataclass(frozen=True)
class PaymentRow(Shown):
    """A line of a history; only its payer opens it.

    stage    of the three that a paid one goes through: paid, sent to the supplier, booked there; "" for any other
    zone     where its supplier works
    """

    public_id: UUID
    mode_label: str
    period: Month
    amount_rub: Decimal
    refunded_rub: Decimal
    state: str
    state_label: str
    stage: str
    created_at: dt.datetime
    paid_at: dt.datetime | None
    is_mine: bool
    supplier_name: str
    account_numbers: Sequence[str]
    zone: str


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


def payments_of_account(supplier_id: int, account_id: int, *, visible_to: User, page: int = 1) -> PaymentPage:
    """List an account's payments, newest first: a full holder sees all of them, anybody else their own.

    page  from 1 on; what is beyond MOST_PAGES is shown as the last of them

    Raises NotFound for a stranger.
    """
    card = accounts.account_card(supplier_id, account_id, visible_to=visible_to)
    payments = payments_to(supplier_id, account_id)
    if not card.is_full:
        payments = payments.filter(basket__user=visible_to)
    return _page(payments, visible_to, page)


def payments_of_person(
    own: Sequence[AccountCard],
    *,
    visible_to: User,
    account: AccountCard | None = None,
    state: str = "",
    year: int | None = None,
    page: int = 1,
) -> PaymentPage:
    """List what somebody has paid, and what others have paid on accounts that are proven theirs; newest first.

    own      all the accounts of their cabinet
    account  of these; None: all, and those that are not in the cabinet any more
    state    one of FILTERS; "" for any
    year     in which it was begun, by the clock of Moscow
    """
    seen = Q(basket__user=visible_to)
    for card in own:
        if card.is_full:
            seen |= _goes_to(card.supplier_id, card.id)
    payments = Payment.objects.filter(seen)
    if account is not None:
        payments = payments.filter(_goes_to(account.supplier_id, account.id))
    if state:
        payments = payments.filter(FILTERS[state])
    if year is not None:
        payments = payments.filter(
            created_at__gte=dt.datetime(year, 1, 1, tzinfo=MOSCOW),
            created_at__lt=dt.datetime(year + 1, 1, 1, tzinfo=MOSCOW),
        )
    return _page(payments, visible_to, page)


def _page(payments: QuerySet[Payment], visible_to: User, page: int) -> PaymentPage:
    page = min(max(page, 1), MOST_PAGES)
    begin = (page - 1) * ON_A_PAGE
    found = list(
        payments.select_related("basket", "supplier").order_by("-created_at", "-id")[begin : begin + ON_A_PAGE + 1]
    )
    shares = shares_of(found[:ON_A_PAGE])
    rows = [
        PaymentRow(
            public_id=payment.public_id,
            mode_label=payment.get_mode_display(),
            period=payment.period,
            amount_rub=payment.amount_rub,
            refunded_rub=payment.refunded_rub,
            state=payment.state,
            state_label=payment.get_state_display(),
            stage=_stage(payment),
            created_at=payment.created_at,
            paid_at=payment.paid_at,
            is_mine=payment.basket.user_id == visible_to.pk,
            supplier_name=payment.supplier.name,
            account_numbers=list(
                dict.fromkeys(share.account.number for share in shares[payment.supplier_id, payment.id])
            ),
            zone=payment.supplier.time_zone,
        )
        for payment in found[:ON_A_PAGE]
    ]
    return PaymentPage(rows, number=page, has_older=len(found) > ON_A_PAGE and page < MOST_PAGES)


def _stage(payment: Payment) -> str:
    if payment.state != rules.PAID:
        return ""
    if payment.booked_at or payment.supplier.billing != "external":
        return BOOKED
    return SENT if payment.sent_at else PAID


def _goes_to(supplier_id: int, account_id: int) -> Q:
    shares = PaymentShare.objects.filter(
        supplier_id=supplier_id, account_id=account_id, payment_id=OuterRef("pk"), payment__supplier_id=supplier_id
    )
    return Q(Exists(shares), supplier_id=supplier_id)


def payments_to(supplier_id: int, account_id: int) -> QuerySet[Payment]:
    return Payment.objects.filter(_goes_to(supplier_id, account_id))
