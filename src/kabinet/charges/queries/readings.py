"""Readings that count and are not charged yet."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
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


#: What somebody has told. Opening and closing readings belong to what was done to the meter, others to their register.
TOLD = (Reading.Source.CUSTOMER, Reading.Source.OPERATOR, Reading.Source.INSPECTOR)


def withdrawable_readings(supplier_id: int, account_id: int) -> dict[int, Reading]:
    """Give of each scale the last reading that counts, where it may still be withdrawn, by its id. One query.

    It may while nothing rests on it: no charge, and no reading after it.
    """
    of_scale = Reading.objects.filter(
        supplier_id=supplier_id, scale_id=OuterRef("scale_id"), status=Reading.Status.ACCEPTED
    )
    last = of_scale.order_by("-taken_on", "-id").values("id")[:1]
    rows = uncharged_readings(supplier_id, account_id).filter(source__in=TOLD, id=Subquery(last))
    return {reading.id: reading for reading in rows}
