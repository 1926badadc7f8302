"""What the page takes from a payment, whatever protocol it was asked for in."""

from dataclasses import dataclass

from sandbox.payments import Payment
from sandbox.sberbank import ways_back


@dataclass(frozen=True)
class Face:
    """How a payment looks to the one who pays it.

    return_url     where the browser goes when it is paid or finally refused; empty: it stays on the page
    leave_url      where «Уйти» goes
    saving         whether the card may be kept for later payments: "" no, "asked" the payer decides,
                   "agreed" it was decided in the shop
    is_tried_again whether a refused payer may try once more on this page
    """

    description: str
    return_url: str
    leave_url: str
    saving: str
    is_tried_again: bool


def face_of(payment: Payment) -> Face:
    """The face of a payment, from the request as its protocol has it."""
    return {"yookassa": _of_yookassa, "sberbank": _of_sberbank, "sbp": _of_sbp}[payment.protocol](payment)


def _of_yookassa(payment: Payment) -> Face:
    request = payment.request
    return_url = request.get("confirmation", {}).get("return_url", "")
    return Face(
        description=request.get("description", ""),
        return_url=return_url,
        leave_url=return_url,
        saving="agreed" if request.get("save_payment_method") else "",
        is_tried_again=False,
    )


def _of_sberbank(payment: Payment) -> Face:
    request = payment.request
    fail_url = ways_back.fail_url(payment)
    return Face(
        description=request.get("description", ""),
        return_url=fail_url if payment.cancellation else ways_back.return_url(payment),
        leave_url=fail_url,
        saving="asked" if request.get("clientId") else "",
        is_tried_again=True,
    )


def _of_sbp(payment: Payment) -> Face:
    request = payment.request
    return Face(
        description=request["purpose"],
        return_url=request["redirect_url"],
        leave_url=request["redirect_url"],
        saving="",
        is_tried_again=False,
    )
