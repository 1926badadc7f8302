"""Bank details and the change of them that waits, for those who may change them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from kabinet.people.models import User
from kabinet.people.queries.staff import check_right, staff_with_right, suppliers_with_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import BankDetails, BankDetailsChange


@dataclass(frozen=True)
class DetailsRow:
    """Bank details that stand."""

    id: int
    channel_label: str
    bank_name: str
    bic: str
    account_number: str
    correspondent_account: str
    channel: str


@dataclass(frozen=True)
class ChangeCard:
    """A change as the office and letters show it. due_at: when it takes effect; None until it is confirmed.

    replaced_number  of the account that gives way; empty where details are added
    """

    id: int
    supplier_id: int
    supplier_name: str
    time_zone: str
    channel_label: str
    bank_name: str
    bic: str
    account_number: str
    correspondent_account: str
    replaced_number: str
    asked_by: str
    asked_by_id: int
    asked_at: dt.datetime
    confirmed_by: str
    due_at: dt.datetime | None


@dataclass(frozen=True)
class ChangeLetter:
    """to: the supplier's own address and the staff who may change bank details, with their languages."""

    to: Sequence[tuple[str, str]]
    change: ChangeCard


def details_for_staff(supplier_id: int, *, visible_to: User) -> list[DetailsRow]:
    """Give the bank details to whoever may change them. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.SET_BANK_DETAILS, supplier_id)
    return [
        DetailsRow(
            id=row.pk,
            channel_label=str(row.get_channel_display()),
            bank_name=row.bank_name,
            bic=row.bic,
            account_number=row.account_number,
            correspondent_account=row.correspondent_account,
            channel=row.channel,
        )
        for row in BankDetails.objects.filter(supplier_id=supplier_id)
    ]


def waiting_change(supplier_id: int, *, visible_to: User) -> ChangeCard | None:
    """Give the change that has not taken effect, if there is one. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.SET_BANK_DETAILS, supplier_id)
    found = _waiting().filter(supplier_id=supplier_id).first()
    return _card(found) if found else None


def changes_to_confirm(*, visible_to: User) -> list[ChangeCard]:
    """Give the changes that somebody else has begun and this member of staff may confirm, the oldest first."""
    at = suppliers_with_right(visible_to, rights.SET_BANK_DETAILS)
    rows = _waiting().filter(confirmed_by=None).exclude(asked_by=visible_to)
    if at is not None:
        rows = rows.filter(supplier_id__in=at)
    return [_card(row) for row in rows.order_by("asked_at", "id")]


def change_letter(supplier_id: int, change_id: int) -> ChangeLetter | None:
    """Give whom to tell of a change that waits; None when it is over."""
    change = _waiting().filter(supplier_id=supplier_id, pk=change_id).first()
    if change is None:
        return None
    people = staff_with_right(rights.SET_BANK_DETAILS, supplier_id)
    to = {person.email: person.language for person in people}
    if change.supplier.email:
        to.setdefault(change.supplier.email, "ru")
    return ChangeLetter(list(to.items()), _card(change))


def due_changes(now: dt.datetime) -> list[tuple[int, int]]:
    """Name the changes whose day has passed: supplier and id."""
    due = BankDetailsChange.objects.filter(due_at__lte=now, applied_at=None, withdrawn_at=None)
    return list(due.order_by("due_at", "id").values_list("supplier_id", "id"))


def _waiting() -> QuerySet[BankDetailsChange]:
    rows = BankDetailsChange.objects.filter(applied_at=None, withdrawn_at=None)
    return rows.select_related("supplier", "replaced", "asked_by", "confirmed_by")


def _card(row: BankDetailsChange) -> ChangeCard:
    return ChangeCard(
        id=row.pk,
        supplier_id=row.supplier_id,
        supplier_name=row.supplier.name,
        time_zone=row.supplier.time_zone,
        channel_label=str(row.get_channel_display()),
        bank_name=row.bank_name,
        bic=row.bic,
        account_number=row.account_number,
        correspondent_account=row.correspondent_account,
        replaced_number=row.replaced.account_number if row.replaced else "",
        asked_by=row.asked_by.get_full_name() or row.asked_by.email,
        asked_by_id=row.asked_by_id,
        asked_at=row.asked_at,
        confirmed_by=row.confirmed_by.get_full_name() or row.confirmed_by.email if row.confirmed_by else "",
        due_at=row.due_at,
    )
