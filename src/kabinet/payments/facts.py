"""What can have happened to a payment."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PaymentConfirmed:
    """The money came and stands on the account."""

    supplier_id: int
    payment_id: int


@dataclass(frozen=True)
class PaymentFailed:
    """The gateway said no, or it surely never had the payment."""

    supplier_id: int
    payment_id: int


@dataclass(frozen=True)
class PaymentNeedsPerson:
    """Something that a program must not decide. `reason` is one of payments.models.Payment.Alarm."""

    supplier_id: int
    payment_id: int
    reason: str
