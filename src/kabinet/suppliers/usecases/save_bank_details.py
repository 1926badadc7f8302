"""Save bank details of a supplier: whoever pays by them must reach the supplier's own account."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.suppliers.models import BankDetails
from kabinet.suppliers.operations import check_bank_details, check_has_no_keepers


@usecase
def save_bank_details(*, details: BankDetails, actor: User | None, now: dt.datetime) -> BankDetails:
    """Save new or changed bank details whose check digits all fit: while a supplier is set up.

    Raises ChangedByTwo once the supplier has people for that; the refusals of `check_bank_details`, each at its field.
    Source: docs/adr/0031, docs/adr/0181.
    """
    check_has_no_keepers(details.supplier_id)
    check_bank_details(details)
    action = "bank_details.added" if details.pk is None else "bank_details.changed"
    details.save()
    audit.note(
        action=action,
        actor=actor,
        now=now,
        supplier_id=details.supplier_id,
        subject=f"bank_details:{details.pk}",
        details={},
    )
    return details
