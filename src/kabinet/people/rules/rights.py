"""What staff may do: a table of rights and roles. Nobody has a right that does not stand here.

Of the installation: an operator runs it and sees every supplier's health; the help desk answers the customers of all.
Of a supplier: a manager decides who works there and how the cabinet behaves; an accountant answers for its money;
support answers its customers and changes no sum. Of an account support keeps what a paper proves, its meters, people
and benefits: what they cost is counted by accrual, which an accountant starts and another releases.
"""

OPERATOR, HELPDESK = "operator", "helpdesk"
MANAGER, ACCOUNTANT, SUPPORT = "manager", "accountant", "support"
#: Roles that hold at every supplier; the others are held at one.
OF_INSTALLATION = frozenset({OPERATOR, HELPDESK})

SEE_PAYMENTS = "payments.see"
CAPTURE_PAYMENT = "payments.capture"
REFUND_PAYMENT = "payments.refund"
APPROVE_REFUND = "payments.approve_refund"
DECIDE_SUSPENSE = "payments.decide_suspense"
RECONCILE = "payments.reconcile"
RECORD_PAYOUT = "payments.record_payout"
LIFT_ALARM = "payments.lift_alarm"
SET_SHOPS = "payments.set_shops"
SEE_HEALTH = "payments.see_health"

SEE_TARIFFS = "tariffs.see"
SET_TARIFFS = "tariffs.set"
APPROVE_TARIFFS = "tariffs.approve"
START_ACCRUAL = "charges.start_accrual"
RELEASE_ACCRUAL = "charges.release_accrual"
ADJUST_CHARGES = "charges.adjust"
APPROVE_ADJUSTMENTS = "charges.approve_adjustments"
KEEP_ACCOUNTS = "accounts.keep"

SEE_CUSTOMERS = "accounts.see"
REVIEW_READINGS = "meters.review"
ANSWER_QUESTIONS = "support.answer"
SEND_NOTICES = "notices.send"
LOAD_REGISTERS = "registers.load"
APPLY_REGISTERS = "registers.apply"
SEND_REGISTERS = "registers.send"
SET_UP_SUPPLIERS = "suppliers.set_up"
SET_SUPPLIER = "suppliers.set"
SET_BANK_DETAILS = "suppliers.set_bank_details"
MANAGE_STAFF = "people.manage_staff"
SEE_AUDIT = "audit.see"

RIGHTS: dict[str, frozenset[str]] = {
    SEE_PAYMENTS: frozenset({OPERATOR, HELPDESK, MANAGER, ACCOUNTANT, SUPPORT}),
    CAPTURE_PAYMENT: frozenset({ACCOUNTANT}),
    REFUND_PAYMENT: frozenset({ACCOUNTANT}),
    APPROVE_REFUND: frozenset({ACCOUNTANT}),
    DECIDE_SUSPENSE: frozenset({ACCOUNTANT}),
    RECONCILE: frozenset({ACCOUNTANT}),
    RECORD_PAYOUT: frozenset({ACCOUNTANT}),
    LIFT_ALARM: frozenset({ACCOUNTANT}),
    SET_SHOPS: frozenset({MANAGER, ACCOUNTANT}),
    SEE_HEALTH: frozenset({OPERATOR}),
    SEE_TARIFFS: frozenset({MANAGER, ACCOUNTANT, SUPPORT}),
    SET_TARIFFS: frozenset({ACCOUNTANT}),
    APPROVE_TARIFFS: frozenset({MANAGER, ACCOUNTANT}),
    START_ACCRUAL: frozenset({ACCOUNTANT}),
    RELEASE_ACCRUAL: frozenset({ACCOUNTANT}),
    ADJUST_CHARGES: frozenset({ACCOUNTANT}),
    APPROVE_ADJUSTMENTS: frozenset({MANAGER, ACCOUNTANT}),
    KEEP_ACCOUNTS: frozenset({ACCOUNTANT, SUPPORT}),
    SEE_CUSTOMERS: frozenset({HELPDESK, MANAGER, ACCOUNTANT, SUPPORT}),
    REVIEW_READINGS: frozenset({ACCOUNTANT, SUPPORT}),
    ANSWER_QUESTIONS: frozenset({HELPDESK, MANAGER, SUPPORT}),
    SEND_NOTICES: frozenset({MANAGER}),
    LOAD_REGISTERS: frozenset({ACCOUNTANT}),
    APPLY_REGISTERS: frozenset({ACCOUNTANT}),
    SEND_REGISTERS: frozenset({ACCOUNTANT}),
    SET_UP_SUPPLIERS: frozenset({OPERATOR}),
    SET_SUPPLIER: frozenset({MANAGER}),
    SET_BANK_DETAILS: frozenset({MANAGER, ACCOUNTANT}),
    MANAGE_STAFF: frozenset({OPERATOR, MANAGER}),
    SEE_AUDIT: frozenset({OPERATOR, MANAGER}),
}

#: What is seen of a customer, each by one right: on pages, in lists and in their files.
NUMBER, PERSON, CONSUMPTION = "number", "person", "consumption"
MASKED_EMAIL, PAPERS, CONTACTS, TOLD_CONTACTS = "masked_email", "papers", "contacts", "told_contacts"
SHOWN_BY: dict[str, str] = {
    NUMBER: SEE_PAYMENTS,
    PERSON: SEE_CUSTOMERS,
    CONSUMPTION: SEE_CUSTOMERS,
    MASKED_EMAIL: SEE_CUSTOMERS,
    PAPERS: KEEP_ACCOUNTS,
    CONTACTS: ANSWER_QUESTIONS,
    TOLD_CONTACTS: SEND_REGISTERS,
}

#: Who may give which roles, and take them away: a manager at the own supplier, an operator everywhere.
APPOINTS: dict[str, frozenset[str]] = {
    OPERATOR: frozenset({OPERATOR, HELPDESK, MANAGER, ACCOUNTANT, SUPPORT}),
    MANAGER: frozenset({MANAGER, ACCOUNTANT, SUPPORT}),
}
#: Roles that turn into money, or give such roles: one person offers them, another confirms (docs/adr/0180).
TAKES_TWO = frozenset({OPERATOR, MANAGER, ACCOUNTANT})


def has_its_place(role: str, place: object | None) -> bool:
    """Tell whether a role may be held there: of the installation everywhere (None), of a supplier at one."""
    return (role in OF_INSTALLATION) == (place is None)


def may_appoint(roles: frozenset[str], role: str) -> bool:
    """Tell whether somebody with these roles may give that one and take it away."""
    return any(role in APPOINTS.get(held, ()) for held in roles)


def may(roles: frozenset[str], right: str) -> bool:
    """Tell whether somebody with these roles has a right. Raises KeyError for a right that is not in the table."""
    return bool(RIGHTS[right] & roles)
