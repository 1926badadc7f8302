"""Which suppliers have meters already, many at once."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from kabinet.meters.models import Meter
from kabinet.suppliers.models import Supplier


def suppliers_with_meters(supplier_ids: Collection[int]) -> frozenset[int]:
    """Name those of these suppliers that have any meter."""
    found = Supplier.objects.filter(Exists(Meter.objects.filter(supplier_id=OuterRef("pk"))), pk__in=supplier_ids)
    return frozenset(found.values_list("pk", flat=True))
