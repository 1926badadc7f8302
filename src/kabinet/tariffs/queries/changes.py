"""For which accounts something was set of late: what was computed of them before may be stale."""

import datetime as dt

from kabinet.tariffs.models import BenefitGrant, MonthlyFee

OF_ACCOUNT = (BenefitGrant, MonthlyFee)


def accounts_changed_since(supplier_id: int, moment: dt.datetime) -> set[int]:
    """Name the accounts whose benefits or fees were changed after a moment."""
    return {
        account_id
        for model in OF_ACCOUNT
        for account_id in model.objects.filter(supplier_id=supplier_id, set_at__gt=moment).values_list(
            "account_id", flat=True
        )
    }
