"""What is left to pay of each charge."""

from django.db.models import F

from kabinet.charges import rules
from kabinet.charges.models import Charge
from kabinet.suppliers.models import Service


def unpaid_charges(supplier_id: int, account_id: int) -> list[rules.Unpaid]:
    """Give what is left to pay of each charge, oldest first. What is an advance stands in no charge."""
    rows = Charge.objects.filter(
        supplier_id=supplier_id,
        account_id=account_id,
        settled_rub__lt=F("amount_rub"),
        service__supplier_id=supplier_id,
    ).order_by("period", "id")
    return [
        rules.Unpaid(charge_id, service_id, period, amount_rub - settled_rub, is_penalty=code == Service.PENALTY)
        for charge_id, service_id, period, amount_rub, settled_rub, code in rows.values_list(
            "id", "service_id", "period", "amount_rub", "settled_rub", "service__code"
        )
    ]
