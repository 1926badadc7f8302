"""Clients of gateways, each with the credentials of one shop, and how far an answer is believed."""

from kabinet.common.errors import Unavailable
from kabinet.payments.gateways import Credentials, Gateway, RemotePayment, registry
from kabinet.payments.models import Payment, Shop
from kabinet.payments.operations.settling import differences_of, is_money


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


def believe(gateway: Gateway, payment: Payment, told: RemotePayment) -> RemotePayment:
    """Have an answer that would put money into suspense repeated: what has been posted is never taken back by itself.

    Not inside a transaction. Raises Unavailable when the second answer differs from us in another way than the first:
    then nothing is known.
    """
    different = differences_of(payment, told)
    if not different or not is_money(payment.shop, told):
        return told
    again = gateway.fetch(told.id)
    if differences_of(payment, again) not in ({}, different):
        raise Unavailable(f"payment {told.id} is told in two ways")
    return again
