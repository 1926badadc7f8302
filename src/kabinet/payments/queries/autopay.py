"""Read standing orders: of one account, one with its months, those whose time has come."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, QuerySet

from kabinet.accounts.queries import AccountCard
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.payments import rules
from kabinet.payments.models import Autopay, AutopayCharge
from kabinet.payments.queries.history import payments_to
from kabinet.payments.queries.offers import open_shop
from kabinet.people.models import User

MONTHS_SHOWN = 12


@dataclass(frozen=True)
class AutopayMonth:
    """What a standing order did, or will do, for one month."""

    id: int
    period: Month
    state: str
    state_label: str
    announced_rub: Decimal
    due_on: dt.date
    attempt: int
    payment_public_id: UUID | None
    paid_rub: Decimal | None

    @property
    def can_be_canceled(self) -> bool:
        return self.state == AutopayCharge.State.ANNOUNCED

    @property
    def kind(self) -> str:
        return {"paid": "ok", "failed": "error"}.get(self.state, "warn")

    @property
    def icon(self) -> str:
        return {"paid": "circle-check", "failed": "circle-x"}.get(self.state, "clock")

    @property
    def is_tried_again(self) -> bool:
        """Its last try was refused for lack of money, and another day will be tried."""
        return self.state == AutopayCharge.State.CHARGING and self.attempt > 0


@dataclass(frozen=True)
class AutopayCard:
    """A standing order as its payer sees it; months are newest first."""

    supplier_id: int
    id: int
    account_id: int
    account_number: str
    supplier_name: str
    payer_id: int
    state: str
    state_label: str
    off_reason_label: str
    method_title: str
    cap_rub: Decimal
    day: int
    next_charge_on: dt.date | None
    consent_version: int
    consented_at: dt.datetime
    off_at: dt.datetime | None
    zone: str
    months: Sequence[AutopayMonth]

    @property
    def is_on(self) -> bool:
        return self.state == Autopay.State.ON

    @property
    def is_waiting(self) -> bool:
        return self.state == Autopay.State.WAITING

    @property
    def is_off(self) -> bool:
        return self.state == Autopay.State.OFF

    @property
    def announced(self) -> AutopayMonth | None:
        """The charge that may still be canceled."""
        return next((month for month in self.months if month.can_be_canceled), None)


def can_have_autopay(account: AccountCard) -> bool:
    """Tell whether the account's supplier takes standing orders, and the account still gets bills."""
    shop = open_shop(account.supplier_id)
    if shop is None or account.is_closed:
        return False
    return shop.saves_methods and shop.supplier.offers_autopay


def autopay_of_account(supplier_id: int, account_id: int, *, visible_to: User) -> AutopayCard | None:
    """Give a person's own standing order for an account: the one in force, else the last one; None without any."""
    found = Autopay.objects.filter(supplier_id=supplier_id, account_id=account_id, user=visible_to)
    return _card(found.order_by(F("off_at").desc(nulls_first=True), "-id"))


def autopay_card(supplier_id: int, autopay_id: int, *, visible_to: User) -> AutopayCard:
    """Show a standing order to its payer. Raises NotFound for everybody else."""
    card = _card(Autopay.objects.filter(supplier_id=supplier_id, pk=autopay_id, user=visible_to))
    if card is None:
        raise NotFound
    return card


def autopay_card_by_id(supplier_id: int, autopay_id: int) -> AutopayCard:
    """Show a standing order to nobody in person: for letters about it. Raises NotFound."""
    card = _card(Autopay.objects.filter(supplier_id=supplier_id, pk=autopay_id))
    if card is None:
        raise NotFound
    return card


def autopay_of_charge(supplier_id: int, charge_id: int) -> tuple[AutopayCard, AutopayMonth]:
    """Give a month and its standing order: for letters. Raises NotFound."""
    charge = AutopayCharge.objects.filter(supplier_id=supplier_id, pk=charge_id).select_related("payment").first()
    if charge is None:
        raise NotFound
    return autopay_card_by_id(supplier_id, charge.autopay_id), _month(charge)


@dataclass(frozen=True)
class DueAutopay:
    """Where the poll has something to do; `charge_id` is 0 where a month is to be announced."""

    supplier_id: int
    account_id: int
    autopay_id: int
    charge_id: int = 0


def autopays_to_announce(*, zone: str, by: dt.date, limit: int) -> list[DueAutopay]:
    """List standing orders in a time zone whose next charge is on a day up to `by`."""
    found = Autopay.objects.filter(state=Autopay.State.ON, next_charge_on__lte=by, supplier__time_zone=zone)
    rows = found.order_by("next_charge_on", "id").values_list("supplier_id", "account_id", "id")[:limit]
    return [DueAutopay(*row) for row in rows]


def autopays_to_charge(*, zone: str, by: dt.date, limit: int) -> list[DueAutopay]:
    """List months in a time zone whose day has come, and those to be tried again; none whose payment is on its way."""
    found = AutopayCharge.objects.filter(
        Q(payment__isnull=True) | (Q(payment__supplier_id=F("supplier_id")) & ~Q(payment__state__in=rules.UNSETTLED)),
        state__in=[AutopayCharge.State.ANNOUNCED, AutopayCharge.State.CHARGING],
        due_on__lte=by,
        supplier__time_zone=zone,
        autopay__supplier_id=F("supplier_id"),
    ).order_by("due_on", "id")
    rows = found.values_list("supplier_id", "autopay__account_id", "autopay_id", "id")[:limit]
    return [DueAutopay(*row) for row in rows]


def has_payment_on_its_way(supplier_id: int, account_id: int, *, now: dt.datetime) -> bool:
    """Tell whether a payment of an account may still be paid: what is owed may be gone in a minute."""
    return payments_to(supplier_id, account_id).filter(state__in=rules.UNSETTLED, expires_at__gt=now).exists()


def _card(found: QuerySet[Autopay]) -> AutopayCard | None:
    autopay = found.filter(account__supplier_id=F("supplier_id")).select_related("supplier", "account").first()
    if autopay is None:
        return None
    charges = AutopayCharge.objects.filter(supplier_id=autopay.supplier_id, autopay=autopay).select_related("payment")
    return AutopayCard(
        supplier_id=autopay.supplier_id,
        id=autopay.id,
        account_id=autopay.account_id,
        account_number=autopay.account.number,
        supplier_name=autopay.supplier.name,
        payer_id=autopay.user_id,
        state=autopay.state,
        state_label=autopay.get_state_display(),
        off_reason_label=autopay.get_off_reason_display(),
        method_title=autopay.method_title,
        cap_rub=autopay.cap_rub,
        day=autopay.day,
        next_charge_on=autopay.next_charge_on,
        consent_version=autopay.consent_version,
        consented_at=autopay.consented_at,
        off_at=autopay.off_at,
        zone=autopay.supplier.time_zone,
        months=[_month(charge) for charge in charges.order_by("-period")[:MONTHS_SHOWN]],
    )


def _month(charge: AutopayCharge) -> AutopayMonth:
    payment = charge.payment
    return AutopayMonth(
        id=charge.id,
        period=charge.period,
        state=charge.state,
        state_label=charge.get_state_display(),
        announced_rub=charge.announced_rub,
        due_on=charge.due_on,
        attempt=charge.attempt,
        payment_public_id=payment.public_id if payment else None,
        paid_rub=payment.shared_rub if payment and payment.state == rules.PAID else None,
    )
