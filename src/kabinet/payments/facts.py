"""What can have happened to a payment."""

import datetime as dt
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


@dataclass(frozen=True)
class RefundDone:
    """The money is on its way to the means of payment that it came from; the accounts owe it again."""

    supplier_id: int
    refund_id: int


@dataclass(frozen=True)
class RefundNeedsPerson:
    """A refund that the staff have to look at.

    reason  asked: it waits for a second person; failed; unresolved: no end is known; unasked: somebody made it in the
            gateway's cabinet; done_after_failed: it was made although we had given it up; does_not_fit: it was made,
            and nothing is left for it; receipt_failed: the money is back, its cheque is not written
    """

    supplier_id: int
    refund_id: int
    reason: str


@dataclass(frozen=True)
class ChargebackRecorded:
    """A bank has taken a payment back, wholly or partly; the accounts owe it again."""

    supplier_id: int
    chargeback_id: int


@dataclass(frozen=True)
class ForeignMoneySuspended:
    """A gateway has taken money in a shop of ours that belongs to no payment that we know of."""

    supplier_id: int
    suspended_sum_id: int


@dataclass(frozen=True)
class ShopRefused:
    """A gateway does not recognise the key of a shop of ours: nobody can pay there."""

    supplier_id: int
    shop_id: int


@dataclass(frozen=True)
class ShopSwitchAsked:
    """Somebody wants a shop to take a supplier's money: the supplier and its staff are told at once."""

    supplier_id: int
    switch_id: int


@dataclass(frozen=True)
class ShopSwitchConfirmed:
    """The second person agrees: until it takes effect it can be taken back, and all are told."""

    supplier_id: int
    switch_id: int


@dataclass(frozen=True)
class NightFoundTrouble:
    """The checks of a night have found something that people should look at."""

    night: dt.date
