"""Clients of gateways, each with the credentials of one shop."""

from django.conf import settings

from kabinet.payments.gateways import Gateway
from kabinet.payments.gateways.yookassa import YooKassa
from kabinet.payments.models import Shop


def gateway_of(shop: Shop) -> Gateway:
    """Give a client that speaks for one shop, with credentials of its own."""
    return YooKassa(shop_id=shop.shop_id, secret=shop.secret, api_url=settings.YOOKASSA_URL)
