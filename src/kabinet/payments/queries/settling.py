"""Read what settling a payment needs: its shop, its number, what a call is about."""

import contextlib
from uuid import UUID

from django.db.models import Q

from kabinet.payments.gateways import Callback
from kabinet.payments.models import Payment, Shop
from kabinet.people.models import User


def payments_by_request(user: User, request_id: UUID) -> list[Payment]:
    """Find what the same press of the same person has made already: the payments of its basket, in their order."""
    payments = Payment.objects.filter(basket__user=user, basket__request_id=request_id)
    return list(payments.select_related("shop").order_by("position"))


def payment_key(public_id: UUID) -> tuple[int, int] | None:
    """Give the supplier and the id of a payment by the number in its address: for commands."""
    return Payment.objects.filter(public_id=public_id).values_list("supplier_id", "id").first()


def payment_to_ask_about(supplier_id: int, payment_id: int) -> Payment:
    """Give a payment with its shop and supplier, as a call to the gateway and what is written of it need them."""
    return Payment.objects.select_related("shop__supplier").get(supplier_id=supplier_id, pk=payment_id)


def suspended_object_id(payment: Payment) -> str:
    """Give the gateway's number of the money that stands in suspense for a payment."""
    return payment.suspended_sums.filter(supplier_id=payment.supplier_id).latest("id").gateway_payment_id


def shop_of_hook(gateway: str, shop_pk: int) -> Shop | None:
    """Find the shop that an address of ours for calls was made for."""
    return Shop.objects.filter(gateway=gateway, pk=shop_pk).first()


def payment_of_call(shop: Shop, call: Callback) -> int | None:
    """Find the payment that a call is about: by the gateway's id, or by ours when the call overtook its answer."""
    about = Q(gateway_payment_id=call.payment_object_id or call.object_id) & ~Q(gateway_payment_id="")
    if call.public_id:
        about |= Q(public_id=call.public_id, gateway_payment_id="")
    payments = Payment.objects.filter(about, supplier_id=shop.supplier_id, shop=shop)
    return payments.values_list("id", flat=True).first()


def payment_of_object(shop: Shop, object_id: str) -> int | None:
    """Find the payment that a ring was kept under: by the gateway's number, or by ours in hexadecimal digits."""
    about = Q(gateway_payment_id=object_id)
    with contextlib.suppress(ValueError):
        about |= Q(public_id=UUID(hex=object_id))
    payments = Payment.objects.filter(about, supplier_id=shop.supplier_id, shop=shop)
    return payments.values_list("id", flat=True).first()
