"""Let other bank details take effect: their day has passed."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.suppliers.models import BankDetails, BankDetailsChange, Supplier
from kabinet.suppliers.operations.changes import DetailsAreThere, check_details_are_new, note_change


@usecase
def apply_bank_details_change(*, supplier_id: int, change_id: int, now: dt.datetime) -> None:
    """Write the details that were asked and confirmed; applied already or not due yet, nothing is done.

    Bills and symbols for payment that are made from now on carry them. If the administrator of the installation has
    entered the same account meanwhile, there is nothing left to change.
    """
    Supplier.objects.select_for_update().get(pk=supplier_id)
    change = BankDetailsChange.objects.select_for_update(of=["self"]).get(supplier_id=supplier_id, pk=change_id)
    if not change.waits or change.due_at is None or now < change.due_at:
        return
    details = change.details()
    try:
        check_details_are_new(details, change.replaced_id)
    except DetailsAreThere:
        change.withdrawn_at = now
        change.save(update_fields=["withdrawn_at"])
        note_change(change, "change_was_there", actor=None, now=now)
        return
    stands = BankDetails.objects.filter(supplier_id=supplier_id)
    if change.replaced_id is None:
        details.position = stands.count()
    else:
        details.pk, details.position = change.replaced_id, stands.get(pk=change.replaced_id).position
    details.save()
    change.applied_at = now
    change.save(update_fields=["applied_at"])
    note_change(change, "changed", actor=change.confirmed_by, now=now)
