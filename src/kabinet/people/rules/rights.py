"""What staff may do: a table of rights and roles. Nobody has a right that does not stand here.

An operator runs the installation and sees every supplier's health; an accountant answers for a supplier's money;
support answers its customers and changes no sum. Of an account support keeps what a paper proves, its meters, people
and benefits: what they cost is counted by accrual, which an accountant starts and another releases.
"""

OPERATOR, ACCOUNTANT, SUPPORT = "operator", "accountant", "support"

SEE_PAYMENTS = "payments.see"
CAPTURE_PAYMENT = "payments.capture"
REFUND_PAYMENT = "payments.refund"
APPROVE_REFUND = "payments.approve_refund"
DECIDE_SUSPENSE = "payments.decide_suspense"
RECONCILE = "payments.reconcile"
RECORD_PAYOUT = "payments.record_payout"
LIFT_ALARM = "payments.lift_alarm"
SEE_HEALTH = "payments.see_health"

SEE_TARIFFS = "tariffs.see"
SET_TARIFFS = "tariffs.set"
START_ACCRUAL = "charges.start_accrual"
RELEASE_ACCRUAL = "charges.release_accrual"
ADJUST_CHARGES = "charges.adjust"
KEEP_ACCOUNTS = "accounts.keep"

RIGHTS: dict[str, frozenset[str]] = {
    SEE_PAYMENTS: frozenset({OPERATOR, ACCOUNTANT, SUPPORT}),
    CAPTURE_PAYMENT: frozenset({ACCOUNTANT}),
    REFUND_PAYMENT: frozenset({ACCOUNTANT}),
    APPROVE_REFUND: frozenset({ACCOUNTANT}),
    DECIDE_SUSPENSE: frozenset({ACCOUNTANT}),
    RECONCILE: frozenset({ACCOUNTANT}),
    RECORD_PAYOUT: frozenset({ACCOUNTANT}),
    LIFT_ALARM: frozenset({ACCOUNTANT}),
    SEE_HEALTH: frozenset({OPERATOR}),
    SEE_TARIFFS: frozenset({ACCOUNTANT, SUPPORT}),
    SET_TARIFFS: frozenset({ACCOUNTANT}),
    START_ACCRUAL: frozenset({ACCOUNTANT}),
    RELEASE_ACCRUAL: frozenset({ACCOUNTANT}),
    ADJUST_CHARGES: frozenset({ACCOUNTANT}),
    KEEP_ACCOUNTS: frozenset({ACCOUNTANT, SUPPORT}),
}


def may(roles: frozenset[str], right: str) -> bool:
    """Tell whether somebody with these roles has a right. Raises KeyError for a right that is not in the table."""
    return bool(RIGHTS[right] & roles)
