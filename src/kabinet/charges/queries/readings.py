"""Readings that count and are not charged yet."""

import datetime as dt

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


def accounts_to_accrue(supplier_id: int, *, until: dt.date, after_account_id: int, limit: int) -> list[int]:
    """Give accounts with readings before a day that count and stand in no charge, in order of their ids."""
    charged = Charge.objects.filter(supplier_id=supplier_id, reading_id=OuterRef("id"))
    rows = Reading.objects.filter(
        ~Exists(charged),
        supplier_id=supplier_id,
        account_id__gt=after_account_id,
        status=Reading.Status.ACCEPTED,
        used_from__isnull=False,
        taken_on__lt=until,
    )
    return list(rows.order_by("account_id").values_list("account_id", flat=True).distinct()[:limit])
