"""Ask for other bank details: the first of two people says where money is to go."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers.facts import BankDetailsChangeAsked
from kabinet.suppliers.models import BankDetails, BankDetailsChange, Supplier
from kabinet.suppliers.operations import check_bank_details
from kabinet.suppliers.operations.changes import check_details_are_new, note_change


class ChangeWaits(Refusal):
    code = "bank-details-change-waits"
    message = _("Одна смена реквизитов уже ждёт. Дождитесь её или отзовите.")


@usecase
def ask_bank_details_change(
    *,
    supplier_id: int,
    replaced_id: int | None,
    channel: str,
    bank_name: str,
    bic: str,
    account_number: str,
    correspondent_account: str,
    actor: User,
    now: dt.datetime,
) -> BankDetailsChange:
    """Keep what is asked until another person confirms it; the supplier and its staff are told by a letter.

    replaced_id  the details that give way; None to add these beside them

    Raises ChangeWaits, DetailsAreThere, the refusals of `check_bank_details`; NotFound, NotAllowed.
    Source: docs/adr/0181.
    """
    check_right(actor, rights.SET_BANK_DETAILS, supplier_id)
    Supplier.objects.select_for_update().get(pk=supplier_id)
    if replaced_id is not None and not BankDetails.objects.filter(supplier_id=supplier_id, pk=replaced_id).exists():
        raise NotFound
    if BankDetailsChange.objects.filter(supplier_id=supplier_id, applied_at=None, withdrawn_at=None).exists():
        raise ChangeWaits
    change = BankDetailsChange(
        supplier_id=supplier_id,
        replaced_id=replaced_id,
        channel=channel,
        bank_name=bank_name,
        bic=bic,
        account_number=account_number,
        correspondent_account=correspondent_account,
        asked_by=actor,
        asked_at=now,
    )
    check_bank_details(change.details())
    check_details_are_new(change.details(), replaced_id)
    change.save()
    outbox.record(BankDetailsChangeAsked(supplier_id=supplier_id, change_id=change.pk))
    note_change(change, "change_asked", actor=actor, now=now)
    return change
