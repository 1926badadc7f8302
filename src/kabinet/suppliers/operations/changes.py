"""Changes of bank details: who may touch them, and what is written of them."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import BankDetails, BankDetailsChange


class ChangeIsOver(Refusal):
    code = "bank-details-change-over"
    message = _("Эта смена реквизитов уже вступила в силу или отозвана.")


class DetailsAreThere(Refusal):
    code = "bank-details-there"
    field = "account_number"
    message = _("Такой счёт в этом банке у поставщика уже указан.")


@transaction_required
def lock_change(supplier_id: int, change_id: int, *, actor: User) -> BankDetailsChange:
    """Give a change that waits, with its row locked. Raises NotFound, NotAllowed, ChangeIsOver."""
    check_right(actor, rights.SET_BANK_DETAILS, supplier_id)
    found = BankDetailsChange.objects.select_for_update(of=["self"]).filter(supplier_id=supplier_id, pk=change_id)
    change = found.first()
    if change is None:
        raise NotFound
    if not change.waits:
        raise ChangeIsOver
    return change


def check_details_are_new(details: BankDetails, replaced_id: int | None) -> None:
    """Raise DetailsAreThere for an account that stands beside the one that gives way."""
    same = BankDetails.objects.filter(
        supplier_id=details.supplier_id, bic=details.bic, account_number=details.account_number
    )
    others = same if replaced_id is None else same.exclude(pk=replaced_id)
    if others.exists():
        raise DetailsAreThere


@transaction_required
def note_change(change: BankDetailsChange, act: str, *, actor: User | None, now: dt.datetime) -> None:
    """Write down what became of a change. Numbers of accounts are a supplier's, no person's, and may be named."""
    audit.note(
        action=f"bank_details.{act}",
        actor=actor,
        now=now,
        supplier_id=change.supplier_id,
        subject=f"bank_details_change:{change.pk}",
        details={"account_number": change.account_number, "bic": change.bic},
    )
