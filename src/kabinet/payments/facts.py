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


@dataclass(frozen=True)
class AutopaySwitched:
    """A standing order was switched on or off, by its payer or otherwise."""

    supplier_id: int
    autopay_id: int


@dataclass(frozen=True)
class AutopayAnnounced:
    """A charge will be made tomorrow; until then its payer may cancel it."""

    supplier_id: int
    autopay_charge_id: int


@dataclass(frozen=True)
class AutopayChargeRefused:
    """A charge did not go through. It is tried again, or the month is over for it: the row says which."""

    supplier_id: int
    autopay_charge_id: int
