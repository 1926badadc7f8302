"""Writes that use-cases of registers share."""

from kabinet.common.db import transaction_required
from kabinet.suppliers.models import Supplier


@transaction_required
def lock_supplier(supplier_id: int) -> Supplier:
    """Lock a supplier's card, so that two registers of it are made one after the other."""
    return Supplier.objects.select_for_update(of=["self"], no_key=True).get(pk=supplier_id)
