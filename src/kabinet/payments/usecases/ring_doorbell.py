"""Ring the doorbell: a gateway calls. Nothing that it says is believed, and nothing here calls the gateway."""

import datetime as dt
import hmac
import ipaddress

import structlog

from kabinet.common.db import usecase
from kabinet.common.errors import NotFound
from kabinet.payments import operations, queries
from kabinet.payments.gateways import BadSignature, registry

log = structlog.get_logger(__name__)


class ForeignAddress(Exception):
    """The call came from an address that is not the gateway's."""


class NotACall(Exception):
    """This is nothing that the gateway sends."""


class ForgedCall(Exception):
    """The call's checksum is wrong, or missing where the shop has a key for it."""


@usecase
def ring_doorbell(
    *,
    gateway: str,
    shop_pk: int,
    secret: str,
    visitor_address: str,
    method: str,
    content_type: str,
    query: str,
    body: bytes,
    now: dt.datetime,
) -> None:
    """Store and count the call, and see that the gateway is asked about the payment that it names.

    An event or object that is unknown is stored too: whoever is refused rings again for a day.

    A ring about a refund is one about its payment: that is what will be asked about.

    Raises NotFound for an unknown shop or secret; ForeignAddress when a list of addresses is set; ForgedCall; NotACall.
    """
    shop = queries.shop_of_hook(gateway, shop_pk)
    if shop is None or not hmac.compare_digest(shop.hook_secret.encode(), secret.encode()):
        raise NotFound
    if not _is_known_address(gateway, visitor_address):
        raise ForeignAddress
    try:
        call = registry.dialect_of(gateway).read_callback(
            method=method, content_type=content_type, query=query, body=body, callback_key=shop.callback_key
        )
    except ValueError as error:
        raise NotACall from error
    except BadSignature as error:
        log.warning("doorbell_forged", shop=shop.pk)
        raise ForgedCall from error
    payment_id = queries.payment_of_call(shop, call)
    if payment_id is None:
        log.warning("doorbell_unknown", shop=shop.pk, callback=call.event, object_id=call.object_id)
    object_id = call.payment_object_id or call.object_id
    operations.ring(shop, event=call.event, object_id=object_id, payment_id=payment_id, now=now)


def _is_known_address(gateway: str, visitor_address: str) -> bool:
    networks = [ipaddress.ip_network(word) for word in registry.caller_addresses(gateway)]
    if not networks:
        return True
    return bool(visitor_address) and any(ipaddress.ip_address(visitor_address) in network for network in networks)
