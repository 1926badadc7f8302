"""Reads for the supplier's site: payments as staff see them, and what waits. Others import the names from here."""

from kabinet.payments.queries.office.card import StaffPaymentCard, StaffShareRow, payment_for_staff
from kabinet.payments.queries.office.desk import Desk, MoneyDay, RefusedShop, desk, money_by_day
from kabinet.payments.queries.office.listing import (
    PaymentFilter,
    StaffPaymentRow,
    payments_for_staff,
)
from kabinet.payments.queries.office.scope import SupplierChoice, suppliers_for_staff

__all__ = [
    "Desk",
    "MoneyDay",
    "PaymentFilter",
    "RefusedShop",
    "StaffPaymentCard",
    "StaffPaymentRow",
    "StaffShareRow",
    "SupplierChoice",
    "desk",
    "money_by_day",
    "payment_for_staff",
    "payments_for_staff",
    "suppliers_for_staff",
]
