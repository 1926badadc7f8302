"""Clients of gateways, each with the credentials of one shop."""

from kabinet.payments.gateways import Credentials, Gateway, registry
from kabinet.payments.models import Shop


def gateway_of(shop: Shop) -> Gateway:
    """Give a client that speaks for one shop, with credentials of its own."""
    return registry.open_gateway(
        shop.gateway,
        Credentials(
            shop_id=shop.shop_id,
            secret=shop.secret,
            api_url=registry.api_url(shop.gateway),
            callback_key=shop.callback_key,
            ca_file=registry.ca_file(shop.gateway),
        ),
    )
