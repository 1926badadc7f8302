"""Reads of payments, a file for each question. Others import the names from here."""

from kabinet.payments.queries.cards import PaymentCard, ShareRow, payment_card, payment_card_by_id
from kabinet.payments.queries.differences import differences
from kabinet.payments.queries.health import Health, Stuck, health, night_is_due, stuck
from kabinet.payments.queries.history import PaymentPage, PaymentRow, payments_of_account
from kabinet.payments.queries.offers import (
    AmountTooLarge,
    AmountTooSmall,
    NothingToPay,
    Offer,
    RecentPayment,
    ShopClosed,
    hosted_page_origins,
    offer,
    offers,
    open_shop,
)
from kabinet.payments.queries.settling import (
    payment_key,
    payment_of_call,
    payment_to_ask_about,
    payments_by_request,
    shop_of_hook,
    suspended_object_id,
)

__all__ = [
    "AmountTooLarge",
    "AmountTooSmall",
    "Health",
    "NothingToPay",
    "Offer",
    "PaymentCard",
    "PaymentPage",
    "PaymentRow",
    "RecentPayment",
    "ShareRow",
    "ShopClosed",
    "Stuck",
    "differences",
    "health",
    "hosted_page_origins",
    "night_is_due",
    "offer",
    "offers",
    "open_shop",
    "payment_card",
    "payment_card_by_id",
    "payment_key",
    "payment_of_call",
    "payment_to_ask_about",
    "payments_by_request",
    "payments_of_account",
    "shop_of_hook",
    "stuck",
    "suspended_object_id",
]
