"""For whom accrual runs, and whose figures are counted."""

from kabinet.suppliers.models import Supplier


def suppliers_billed_here() -> list[tuple[int, str]]:
    """Give (supplier, time zone) of those whose charges are computed here."""
    return list(Supplier.objects.filter(billing=Supplier.Billing.KABINET).order_by("id").values_list("id", "time_zone"))


def every_supplier() -> list[int]:
    return list(Supplier.objects.order_by("id").values_list("id", flat=True))
