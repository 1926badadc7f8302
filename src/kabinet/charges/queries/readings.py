"""Readings that count and are not charged yet."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth

from kabinet.charges.models import Charge
from kabinet.meters.models import Reading


def uncharged_readings(supplier_id: int, account_id: int) -> QuerySet[Reading]:
    """Give the readings that count and stand in no charge, oldest first.

    A charge that came from the supplier itself covers every reading up to the end of its month.
    """
    covering = Charge.objects.filter(supplier_id=supplier_id, account_id=account_id).filter(
        Q(reading_id=OuterRef("id")) | Q(kind=Charge.Kind.IMPORTED, period__gte=OuterRef("taken_in"))
    )
    return (
        Reading.objects.annotate(taken_in=TruncMonth("taken_on"))
        .filter(
            ~Exists(covering),
            supplier_id=supplier_id,
            account_id=account_id,
            status=Reading.Status.ACCEPTED,
            used_from__isnull=False,
        )
        .order_by("taken_on", "id")
    )
