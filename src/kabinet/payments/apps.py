from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "kabinet.payments"
    label = "payments"
    verbose_name = _("Оплата")


@checks.register(checks.Tags.database)
def no_test_shop(databases: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Refuse a test shop outside the demonstration: it would write paid bills without money."""
    if settings.DEMO or settings.DEBUG or not databases:
        return []
    return [
        checks.Error(
            f"Shop {shop} of supplier {shop.supplier_id} is a test shop and takes payments.",
            hint="Switch it off, or enter the credentials of the real shop.",
            id="payments.E001",
        )
        for shop in apps.get_model("payments", "Shop").objects.filter(is_test=True, is_enabled=True)
    ]
