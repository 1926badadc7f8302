"""When the terms of a supplier changed: what was computed before is stale."""

import datetime as dt

from django.db.models import Max

from kabinet.tariffs.models import (
    Benefit,
    BenefitGrant,
    MonthlyFee,
    Norm,
    PenaltyCap,
    PenaltyMoratorium,
    PenaltyRate,
    PenaltyStep,
    Tariff,
    VatRate,
    VolumeFactor,
)

OF_SUPPLIER = (Tariff, Norm, VolumeFactor, Benefit)
OF_EVERYBODY = (PenaltyRate, PenaltyCap, PenaltyStep, PenaltyMoratorium, VatRate)
OF_ACCOUNT = (BenefitGrant, MonthlyFee)


def latest_change(supplier_id: int) -> dt.datetime | None:
    """Tell when a price, norm, factor or benefit of a supplier, or the law, was last changed; None: never set.

    What one account has of its own does not count here: `accounts_changed_since`.
    """
    of_supplier = [model.objects.filter(supplier_id=supplier_id) for model in OF_SUPPLIER]
    of_everybody = [model.objects.all() for model in OF_EVERYBODY]
    moments = [rows.aggregate(latest=Max("set_at"))["latest"] for rows in (*of_supplier, *of_everybody)]
    return max(filter(None, moments), default=None)


def accounts_changed_since(supplier_id: int, moment: dt.datetime) -> set[int]:
    """Name the accounts whose benefits or fees were changed after a moment."""
    return {
        account_id
        for model in OF_ACCOUNT
        for account_id in model.objects.filter(supplier_id=supplier_id, set_at__gt=moment).values_list(
            "account_id", flat=True
        )
    }
