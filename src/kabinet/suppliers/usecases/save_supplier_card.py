"""Save a supplier's card: its details fit their check digits, its example number fits its own format."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.operations import check_supplier_card


@usecase
def save_supplier_card(*, supplier: Supplier, actor: User | None, now: dt.datetime) -> Supplier:
    """Save a new or a changed card when everything on it fits together.

    Raises the refusals of `check_supplier_card`, each at its field.
    """
    check_supplier_card(supplier)
    action = "supplier.added" if supplier.pk is None else "supplier.changed"
    supplier.save()
    audit.note(
        action=action, actor=actor, now=now, supplier_id=supplier.pk, subject=f"supplier:{supplier.pk}", details={}
    )
    return supplier
