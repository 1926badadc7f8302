"""Who has accounts whose month a supplier's register was the first to charge."""

from django.db.models import Exists, OuterRef, QuerySet

from kabinet.accounts.models import AccountAccess
from kabinet.charges.models import Charge
from kabinet.common.month import Month


def readers_of_register(supplier_id: int, number: int, period: Month, *, after_user_id: int, limit: int) -> list[int]:
    """Give the next of the people who have such accounts in their cabinets, each once.

    number  of the register, as its charges name it
    """
    rows = _accesses(supplier_id, number, period).filter(user_id__gt=after_user_id)
    return list(rows.order_by("user_id").values_list("user_id", flat=True).distinct()[:limit])


def accounts_of_reader(supplier_id: int, number: int, period: Month, user_id: int) -> list[int]:
    """Give these accounts of one person, as they stand in their list."""
    rows = _accesses(supplier_id, number, period).filter(user_id=user_id)
    return list(rows.order_by("position", "id").values_list("account_id", flat=True))


def _accesses(supplier_id: int, number: int, period: Month) -> QuerySet[AccountAccess]:
    """What came again only corrects a month that people know of; what was undone counts for nothing."""
    reversals = Charge.objects.filter(supplier_id=supplier_id, reverses_id=OuterRef("id"))
    standing = Charge.objects.filter(
        ~Exists(reversals),
        supplier_id=supplier_id,
        account_id=OuterRef("account_id"),
        period=period,
        kind=Charge.Kind.IMPORTED,
        reverses=None,
    )
    earlier = standing.filter(id__lt=OuterRef("id")).exclude(inputs__register=number)
    first = standing.filter(~Exists(earlier), inputs__register=number)
    return AccountAccess.objects.filter(Exists(first), supplier_id=supplier_id)
