"""Read what has been given back of a payment, what is left to give back, and the refunds that staff look at."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.common.ordering import ordering
from kabinet.payments import rules
from kabinet.payments.models import Chargeback, ChargebackShare, Payment, Refund, Shop, SuspendedSum
from kabinet.people.models import User
from kabinet.people.queries.staff import suppliers_with_right
from kabinet.people.rules import rights

#: What the list can be sorted by.
ORDERS = {
    "created": ["created_at"],
    "amount": ["amount_rub"],
    "state": ["state", "created_at"],
    "supplier": ["supplier__name", "created_at"],
}
UNSETTLED = (rules.REFUND_INTENDED, rules.REFUND_PENDING)


@dataclass(frozen=True)
class Left:
    """What is left of money that came: (share's id, rest) in order, of the payer's commission, in all.

    A sum in suspense has no shares.
    """

    shares: Sequence[tuple[int, Decimal]]
    commission_rub: Decimal
    total_rub: Decimal

    def parts(self, amount_rub: Decimal) -> rules.Parts:
        """Say what a sum that goes back is taken from."""
        if self.shares:
            return rules.take_back(amount_rub, self.shares, self.commission_rub)
        return rules.Parts((), ZERO, max(amount_rub - self.total_rub, ZERO))


def left_of(subject: Payment | SuspendedSum) -> Left:
    """Tell what is left of a payment, or of a sum in suspense, after all that is or may be given back."""
    if isinstance(subject, SuspendedSum):
        return Left((), ZERO, subject.amount_rub - subject.decided_rub)
    of_payment = {"supplier_id": subject.supplier_id, "payment": subject}
    charged_back = charged_back_rub(subject)
    given_back_rub = [
        *Refund.objects.filter(**of_payment)
        .exclude(state=rules.REFUND_FAILED)
        .values_list("commission_rub", flat=True),
        *Chargeback.objects.filter(**of_payment).values_list("commission_rub", flat=True),
    ]
    shares = [
        (share.id, share.amount_rub - share.refunded_rub - charged_back.get(share.id, ZERO))
        for share in subject.shares.filter(supplier_id=subject.supplier_id).order_by("id")
    ]
    commission_rub = subject.commission_rub - sum(given_back_rub, ZERO)
    return Left(shares, commission_rub, sum((left_rub for _, left_rub in shares), commission_rub))


def charged_back_rub(payment: Payment) -> dict[int, Decimal]:
    """Tell what banks have taken back of each share of a payment, by the share's id."""
    return dict(
        ChargebackShare.objects.filter(
            supplier_id=payment.supplier_id, chargeback__supplier_id=payment.supplier_id, chargeback__payment=payment
        )
        .values_list("share_id")
        .annotate(total=Sum("amount_rub"))
    )


def refund_by_request(supplier_id: int, request_id: UUID) -> Refund | None:
    """Find what the same press has made already."""
    return Refund.objects.filter(supplier_id=supplier_id, request_id=request_id).first()


def refund_to_ask_about(supplier_id: int, refund_id: int) -> Refund:
    """Give a refund with its shop, as a call to the gateway needs it."""
    found = Refund.objects.select_related("shop", "payment", "suspended_sum")
    return found.get(supplier_id=supplier_id, pk=refund_id)


def refunded_alone_rub(subject: Payment | SuspendedSum) -> Decimal:
    """Tell how much of the same money staff have given back without a second person."""
    about = {"payment": subject} if isinstance(subject, Payment) else {"suspended_sum": subject}
    alone = Refund.objects.filter(
        supplier_id=subject.supplier_id, origin=Refund.Origin.STAFF, approved_by__isnull=True, **about
    ).exclude(state__in=(rules.REFUND_FAILED, rules.REFUND_ASKED))
    return alone.aggregate(total=Sum("amount_rub", default=ZERO))["total"]


@dataclass(frozen=True)
class RefundCard:
    """A refund as staff and letters see it.

    payment_id      of the public kind; None for foreign money
    can_be_decided  it waits for a second person, and whoever looks is not the first
    """

    supplier_id: int
    supplier_name: str
    zone: str
    id: int
    public_id: UUID
    payment_id: UUID | None
    suspended_sum_id: int | None
    payer_id: int | None
    account_number: str
    amount_rub: Decimal
    commission_rub: Decimal
    state: str
    state_label: str
    origin: str
    origin_label: str
    note: str
    asked_by: str
    approved_by: str
    failure_reason: str
    gateway_refund_id: str
    method_title: str
    created_at: dt.datetime
    done_at: dt.datetime | None
    can_be_decided: bool
    can_be_withdrawn: bool

    @property
    def is_asked(self) -> bool:
        return self.state == rules.REFUND_ASKED

    @property
    def is_done(self) -> bool:
        return self.state == rules.REFUND_DONE

    @property
    def is_failed(self) -> bool:
        return self.state == rules.REFUND_FAILED

    @property
    def is_by_hand(self) -> bool:
        return self.origin == Refund.Origin.GATEWAY

    @property
    def kind(self) -> str:
        return {rules.REFUND_DONE: "ok", rules.REFUND_FAILED: "error"}.get(self.state, "warn")

    @property
    def icon(self) -> str:
        return {rules.REFUND_DONE: "circle-check", rules.REFUND_FAILED: "circle-x"}.get(self.state, "clock")


def refunds_for_staff(
    *,
    visible_to: User,
    state: str = "",
    supplier_id: int | None = None,
    order_by: str = "-created",
    limit: int = 30,
    offset: int = 0,
) -> list[RefundCard]:
    """List the refunds of the suppliers that a member of staff may see; sorted by a key of `ORDERS`.

    state  "" for all, "unsettled" for those of which no end is known, or a state
    """
    refunds = _refunds_of_staff(visible_to)
    if state:
        refunds = refunds.filter(state__in=UNSETTLED if state == "unsettled" else [state])
    if supplier_id is not None:
        refunds = refunds.filter(supplier_id=supplier_id)
    found = _with_names(refunds).order_by(*ordering(order_by, ORDERS))[offset : offset + limit]
    return [_card(refund, visible_to) for refund in found]


def refund_for_staff(public_id: UUID, *, visible_to: User) -> RefundCard:
    """Show a refund to staff of its supplier. Raises NotFound for everybody else."""
    refund = _with_names(_refunds_of_staff(visible_to)).filter(public_id=public_id).first()
    if refund is None:
        raise NotFound
    return _card(refund, visible_to)


def refund_card_by_id(supplier_id: int, refund_id: int) -> RefundCard:
    """Show a refund to nobody in person: for letters about it."""
    return _card(_with_names(Refund.objects.filter(supplier_id=supplier_id)).get(pk=refund_id), None)


def refunds_of_payment(supplier_id: int, payment_id: int) -> list[RefundCard]:
    """List what was given back of a payment, oldest first. Whoever has the payment's card may know."""
    return cards(Refund.objects.filter(supplier_id=supplier_id, payment_id=payment_id), visible_to=None)


def cards(refunds: QuerySet[Refund], *, visible_to: User | None) -> list[RefundCard]:
    """Show refunds, oldest first; visible_to may decide about those that wait."""
    return [_card(refund, visible_to) for refund in _with_names(refunds).order_by("created_at", "id")]


def _refunds_of_staff(user: User) -> QuerySet[Refund]:
    seen = suppliers_with_right(user, rights.SEE_PAYMENTS)
    shops = Shop.objects.all() if seen is None else Shop.objects.filter(supplier_id__in=seen)
    return Refund.objects.filter(shop__in=shops)


def _with_names(refunds: QuerySet[Refund]) -> QuerySet[Refund]:
    of_one_supplier = Q(shop__supplier_id=F("supplier_id"))
    of_one_supplier &= Q(payment__isnull=True) | Q(payment__supplier_id=F("supplier_id"))
    return (
        refunds.filter(of_one_supplier)
        .select_related("supplier", "asked_by", "approved_by", "payment__basket", "suspended_sum__payment__basket")
        .prefetch_related("payment__shares__account", "suspended_sum__payment__shares__account")
    )


def _card(refund: Refund, viewer: User | None) -> RefundCard:
    payment = refund.payment or (refund.suspended_sum and refund.suspended_sum.payment)
    shares = [share for share in payment.shares.all() if share.supplier_id == refund.supplier_id] if payment else []
    is_asked = refund.state == rules.REFUND_ASKED
    return RefundCard(
        supplier_id=refund.supplier_id,
        supplier_name=refund.supplier.name,
        zone=refund.supplier.time_zone,
        id=refund.id,
        public_id=refund.public_id,
        payment_id=payment.public_id if payment else None,
        suspended_sum_id=refund.suspended_sum_id,
        payer_id=payment.basket.user_id if payment else None,
        account_number=", ".join(dict.fromkeys(share.account.number for share in shares)),
        amount_rub=refund.amount_rub,
        commission_rub=refund.commission_rub,
        state=refund.state,
        state_label=refund.get_state_display(),
        origin=refund.origin,
        origin_label=refund.get_origin_display(),
        note=refund.note,
        asked_by=_name(refund.asked_by),
        approved_by=_name(refund.approved_by),
        failure_reason=refund.failure_reason,
        gateway_refund_id=refund.gateway_refund_id,
        method_title=payment.method_title if payment else "",
        created_at=refund.created_at,
        done_at=refund.done_at,
        can_be_decided=is_asked and viewer is not None and viewer.pk != refund.asked_by_id,
        can_be_withdrawn=is_asked and viewer is not None,
    )


def _name(user: User | None) -> str:
    return (user.get_full_name() or user.email) if user else ""


@dataclass(frozen=True)
class ChargebackCard:
    """A chargeback; payment_id is of the public kind."""

    supplier_id: int
    id: int
    payment_id: UUID
    reference: str
    amount_rub: Decimal
    unshared_rub: Decimal
    came_on: dt.date
    note: str


def chargeback_card_by_id(supplier_id: int, chargeback_id: int) -> ChargebackCard:
    """Show a chargeback to nobody in person: for letters about it."""
    return _chargeback_card(
        Chargeback.objects.select_related("payment").get(
            supplier_id=supplier_id, payment__supplier_id=supplier_id, pk=chargeback_id
        )
    )


def chargebacks_of_payment(supplier_id: int, payment_id: int) -> list[ChargebackCard]:
    """List what banks took back of a payment, oldest first. Whoever has the payment's card may know."""
    chargebacks = Chargeback.objects.filter(
        supplier_id=supplier_id, payment_id=payment_id, payment__supplier_id=supplier_id
    )
    return [_chargeback_card(row) for row in chargebacks.select_related("payment").order_by("came_on", "id")]


def _chargeback_card(chargeback: Chargeback) -> ChargebackCard:
    return ChargebackCard(
        supplier_id=chargeback.supplier_id,
        id=chargeback.id,
        payment_id=chargeback.payment.public_id,
        reference=chargeback.reference,
        amount_rub=chargeback.amount_rub,
        unshared_rub=chargeback.unshared_rub,
        came_on=chargeback.came_on,
        note=chargeback.note,
    )
