"""Which suppliers have accounts already, and which have some without a direction of use, many at once."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from kabinet.accounts.models import Account
from kabinet.suppliers.models import Supplier


def suppliers_with_accounts(supplier_ids: Collection[int]) -> frozenset[int]:
    """Name those of these suppliers that have any account."""
    return _with(Account.objects.filter(supplier_id=OuterRef("pk")), supplier_ids)


def suppliers_with_purposeless_accounts(supplier_ids: Collection[int]) -> frozenset[int]:
    """Name those of these suppliers that have an open account for which no direction of use of gas is said."""
    rows = Account.objects.filter(supplier_id=OuterRef("pk"), usage_purpose_code="", closed_on=None)
    return _with(rows, supplier_ids)


def _with(rows: QuerySet[Account], supplier_ids: Collection[int]) -> frozenset[int]:
    found = Supplier.objects.filter(Exists(rows), pk__in=supplier_ids)
    return frozenset(found.values_list("pk", flat=True))
