"""Ring the doorbell: a gateway calls. Nothing that it says is believed, and nothing here calls the gateway."""

import datetime as dt
import hmac
import ipaddress

import structlog
from django.conf import settings

from kabinet.common.db import usecase
from kabinet.common.errors import NotFound
from kabinet.payments import operations, queries
from kabinet.payments.gateways import yookassa

log = structlog.get_logger(__name__)


class ForeignAddress(Exception):
    """The call came from an address that is not the gateway's."""


class NotACall(Exception):
    """The body is nothing that the gateway sends."""


@usecase
def ring_doorbell(
    *, gateway: str, shop_pk: int, secret: str, visitor_address: str, body: bytes, now: dt.datetime
) -> None:
    """Store and count the call, and see that the gateway is asked about the payment that it names.

    An event or object that is unknown is stored too: whoever is refused rings again for a day.

    Raises NotFound for an unknown shop or secret; ForeignAddress when a list of addresses is set; NotACall.
    """
    shop = queries.shop_of_hook(gateway, shop_pk)
    if shop is None or not hmac.compare_digest(shop.hook_secret.encode(), secret.encode()):
        raise NotFound
    if not _is_known_address(visitor_address):
        raise ForeignAddress
    try:
        call = yookassa.read_callback(body)
    except ValueError as error:
        raise NotACall from error
    payment_id = queries.payment_of_call(shop, call)
    if payment_id is None:
        log.warning("doorbell_unknown", shop=shop.pk, callback=call.event, object_id=call.object_id)
    operations.ring(shop, event=call.event, object_id=call.object_id, payment_id=payment_id, now=now)


def _is_known_address(visitor_address: str) -> bool:
    networks = [ipaddress.ip_network(word) for word in settings.YOOKASSA_ADDRESSES]
    if not networks:
        return True
    return bool(visitor_address) and any(ipaddress.ip_address(visitor_address) in network for network in networks)
