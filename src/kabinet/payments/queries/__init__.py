"""Reads of payments, a file for each question. Others import the names from here."""

from kabinet.payments.queries.health import Stuck, differences, stuck
from kabinet.payments.queries.history import (
    PaymentCard,
    PaymentPage,
    PaymentRow,
    ShareRow,
    payment_card,
    payment_card_by_id,
    payments_of_account,
)
from kabinet.payments.queries.offers import (
    AmountTooLarge,
    AmountTooSmall,
    NothingToPay,
    Offer,
    RecentPayment,
    hosted_page_origins,
    offer,
    open_shop,
    recent_payment,
)
from kabinet.payments.queries.settling import (
    payment_by_request,
    payment_key,
    payment_of_call,
    payment_to_ask_about,
    shop_of_hook,
)

__all__ = [
    "AmountTooLarge",
    "AmountTooSmall",
    "NothingToPay",
    "Offer",
    "PaymentCard",
    "PaymentPage",
    "PaymentRow",
    "RecentPayment",
    "ShareRow",
    "Stuck",
    "differences",
    "hosted_page_origins",
    "offer",
    "open_shop",
    "payment_by_request",
    "payment_card",
    "payment_card_by_id",
    "payment_key",
    "payment_of_call",
    "payment_to_ask_about",
    "payments_of_account",
    "recent_payment",
    "shop_of_hook",
    "stuck",
]
