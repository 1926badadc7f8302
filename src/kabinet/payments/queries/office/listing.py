"""Read the list of payments as staff look through it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q

from kabinet.accounts.models import Account
from kabinet.common.days import day_start
from kabinet.common.ordering import ordering
from kabinet.payments.models import Payment, PaymentShare
from kabinet.payments.queries.office.scope import StateLook, payments_of_staff
from kabinet.people.models import User
from kabinet.people.queries.staff import suppliers_with_right
from kabinet.people.rules import rights

#: What the list can be sorted by: what has an index, for a supplier has millions of payments.
ORDERS = {"created": ["created_at"], "amount": ["amount_rub"]}


@dataclass(frozen=True)
class PaymentFilter:
    """What staff look for. text is a number: of the payment, at the gateway, or of an account."""

    text: str = ""
    state: str = ""
    supplier_id: int | None = None
    started_on: dt.date | None = None
    needs_person: bool = False


@dataclass(frozen=True)
class StaffPaymentRow(StateLook):
    """A line of the list of payments."""

    public_id: UUID
    supplier_name: str
    zone: str
    account_numbers: Sequence[str]
    amount_rub: Decimal
    refunded_rub: Decimal
    state: str
    state_label: str
    alarm_label: str
    created_at: dt.datetime


def payments_for_staff(
    wanted: PaymentFilter, *, visible_to: User, order_by: str = "-created", limit: int = 30, offset: int = 0
) -> list[StaffPaymentRow]:
    """List the payments of the suppliers that a member of staff may see; sorted by a key of `ORDERS`."""
    payments = payments_of_staff(visible_to).filter(shop__supplier_id=F("supplier_id")).select_related("supplier")
    if wanted.text:
        payments = payments.filter(_named(wanted.text, visible_to))
    if wanted.state:
        payments = payments.filter(state=wanted.state)
    if wanted.supplier_id:
        payments = payments.filter(supplier_id=wanted.supplier_id)
    if wanted.started_on:
        zone = settings.INSTALLATION_TIME_ZONE
        since, until = day_start(wanted.started_on, zone), day_start(wanted.started_on + dt.timedelta(days=1), zone)
        payments = payments.filter(created_at__gte=since, created_at__lt=until)
    if wanted.needs_person:
        payments = payments.exclude(alarm="")
    found = list(payments.order_by(*ordering(order_by, ORDERS))[offset : offset + limit])
    numbers = _account_numbers(found)
    return [
        StaffPaymentRow(
            public_id=payment.public_id,
            supplier_name=payment.supplier.name,
            zone=payment.supplier.time_zone,
            account_numbers=numbers[payment.supplier_id, payment.pk],
            amount_rub=payment.amount_rub,
            refunded_rub=payment.refunded_rub,
            state=payment.state,
            state_label=payment.get_state_display(),
            alarm_label=payment.get_alarm_display() if payment.alarm else "",
            created_at=payment.created_at,
        )
        for payment in found
    ]


def _named(text: str, user: User) -> Q:
    """Say which payments have such a number: one search in an index for each kind of number, never a scan."""
    spaceless = "".join(text.split())
    seen = suppliers_with_right(user, rights.SEE_PAYMENTS)
    accounts = Account.objects.filter(number__in={text.strip(), spaceless})
    accounts = accounts if seen is None else accounts.filter(supplier_id__in=seen)
    pairs = list(accounts.values_list("supplier_id", "id")[:50])
    if pairs:
        shares = Q()
        for supplier_id, account_id in pairs:
            shares |= Q(supplier_id=supplier_id, account_id=account_id)
        return Q(pk__in=PaymentShare.objects.filter(shares).values("payment_id"))
    try:
        return Q(gateway_payment_id=spaceless) | Q(public_id=UUID(spaceless))
    except ValueError:
        return Q(gateway_payment_id=spaceless)


def _account_numbers(payments: Sequence[Payment]) -> dict[tuple[int, int], list[str]]:
    numbers: dict[tuple[int, int], list[str]] = defaultdict(list)
    rows = (
        PaymentShare.objects.filter(
            supplier_id__in={payment.supplier_id for payment in payments},
            payment_id__in=[payment.pk for payment in payments],
            account__supplier_id=F("supplier_id"),
        )
        .order_by("account__number")
        .values_list("supplier_id", "payment_id", "account__number")
        .distinct()
    )
    for supplier_id, payment_id, number in rows:
        numbers[supplier_id, payment_id].append(number)
    return numbers
