"""Which suppliers have said how they charge, and which have charged, many at once."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from kabinet.charges.models import AccrualPolicy, AccrualRun
from kabinet.suppliers.models import Supplier


def suppliers_with_policy(supplier_ids: Collection[int]) -> frozenset[int]:
    """Name those of these suppliers that have a policy of accrual, from whatever month."""
    found = Supplier.objects.filter(Exists(AccrualPolicy.objects.filter(supplier_id=OuterRef("pk"))))
    return frozenset(found.filter(pk__in=supplier_ids).values_list("pk", flat=True))


def suppliers_that_charged(supplier_ids: Collection[int]) -> frozenset[int]:
    """Name those of these suppliers for whom a month has been released here, or is being posted."""
    runs = AccrualRun.objects.filter(
        supplier_id=OuterRef("pk"),
        kind=AccrualRun.Kind.REGULAR,
        state__in=(AccrualRun.State.POSTING, AccrualRun.State.RELEASED),
    )
    return frozenset(Supplier.objects.filter(Exists(runs), pk__in=supplier_ids).values_list("pk", flat=True))
