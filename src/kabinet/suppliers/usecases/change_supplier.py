"""Change a supplier's card: its details, where it is billed, how its numbers are written."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.operations.cards import write_card


@usecase
def change_supplier(*, supplier_id: int, values: Mapping[str, Any], actor: User, now: dt.datetime) -> list[str]:
    """Write what is given on the card, and name the fields that have changed; the others stay.

    values  by the name of a field, one of `operations.cards.CARD`

    Raises CardIncomplete, the refusals of `check_supplier_card`; NotFound, NotAllowed.
    """
    check_right(actor, rights.SET_UP_SUPPLIERS, supplier_id)
    supplier = Supplier.objects.select_for_update().filter(pk=supplier_id).first()
    if supplier is None:
        raise NotFound
    before = {name: getattr(supplier, name) for name in values}
    changed = write_card(supplier, values)
    if changed:
        supplier.save(update_fields=changed)
        audit.note(
            action="supplier.changed",
            actor=actor,
            now=now,
            supplier_id=supplier_id,
            subject=f"supplier:{supplier_id}",
            details={name: [str(before[name]), str(getattr(supplier, name))] for name in changed},
        )
    return changed
