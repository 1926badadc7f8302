"""Tables of payments, a file for each thought. Others import the names from here."""

from kabinet.payments.models.autopay import Autopay, AutopayCharge
from kabinet.payments.models.doorbells import Doorbell
from kabinet.payments.models.nights import NightCheck
from kabinet.payments.models.payments import Basket, Payment, PaymentShare
from kabinet.payments.models.receipts import Receipt, ReceiptTerms
from kabinet.payments.models.refunds import Chargeback, ChargebackShare, Refund, RefundShare
from kabinet.payments.models.shops import Shop
from kabinet.payments.models.statements import (
    DayLine,
    GatewayStatement,
    GatewayStatementLine,
    Payout,
    ReconciliationDay,
)
from kabinet.payments.models.suspense import SuspendedSum, SuspenseAllocation
from kabinet.payments.models.switches import ShopSwitch

__all__ = [
    "Autopay",
    "AutopayCharge",
    "Basket",
    "Chargeback",
    "ChargebackShare",
    "DayLine",
    "Doorbell",
    "GatewayStatement",
    "GatewayStatementLine",
    "NightCheck",
    "Payment",
    "PaymentShare",
    "Payout",
    "Receipt",
    "ReceiptTerms",
    "ReconciliationDay",
    "Refund",
    "RefundShare",
    "Shop",
    "ShopSwitch",
    "SuspendedSum",
    "SuspenseAllocation",
]
