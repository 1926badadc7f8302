"""Payments that a supplier took elsewhere, and payments of ours that it has on its books."""

import datetime as dt

from django.db import connection

from kabinet.charges import operations as charges
from kabinet.common.db import transaction_required
from kabinet.ledger import operations as ledger
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import OutsidePayment, Register
from kabinet.registers.operations import outgoing, parsing, planning
from kabinet.registers.operations.applying import lines
from kabinet.registers.operations.progress import Progress
from kabinet.registers.rules.kinds import KINDS

SOURCE_KIND = "outside_payment"
_SETTLED_AT_ONCE = 2_000

_MOVEMENTS = """
    SELECT payment.id::text AS source_id, payment.account_id, payment.service_id, 'bank' AS own_book,
           -payment.amount_rub AS amount_rub, 'payment' AS kind, date_trunc('month', payment.paid_on)::date AS period,
           payment.paid_on AS occurred_on
    FROM registers_outsidepayment AS payment
    WHERE payment.supplier_id = %(supplier_id)s AND payment.register_id = %(register_id)s
"""


@transaction_required
def apply(register: Register, profile: Profile, progress: Progress, *, now: dt.datetime) -> None:
    """Post each payment once, by the number of its operation, and note which of ours are booked."""
    lines.lock_accounts(register)
    progress.begin(Register.Step.WRITING)
    given = lines.parameters(register, now=now)
    kind, cell = KINDS["payments"], parsing.kept_cell(KINDS["payments"])
    with connection.cursor() as cursor:
        lines.run(cursor, "add_payments", given, values=parsing.values(kind, profile, cell))
        lines.run(cursor, "book_payments", given)
        lines.run(cursor, "book_others", given)
    outgoing.follow_booked(register.supplier_id, now=now)
    ledger.post_selected(
        supplier_id=register.supplier_id,
        source_kind=SOURCE_KIND,
        movements=_MOVEMENTS,
        parameters={"register_id": register.id},
        now=now,
    )
    _settle(register, progress)


@transaction_required
def undo(register: Register, profile: Profile, progress: Progress, *, now: dt.datetime) -> int:
    """Reverse the payments: what they settled is owed again. Those of ours that were booked by it are not any more."""
    lines.lock_accounts(register)
    progress.begin(Register.Step.WRITING)
    given = lines.parameters(register, now=now)
    payments = OutsidePayment.objects.filter(supplier_id=register.supplier_id, register=register)
    ids = [str(payment_id) for payment_id in payments.order_by("id").values_list("id", flat=True)]
    reversed_ids = ledger.reverse_sources(
        supplier_id=register.supplier_id, source_kind=SOURCE_KIND, source_ids=ids, on=given["today"], now=now
    )
    charges.release_many(register.supplier_id, reversed_ids, on=given["today"])
    payments.update(undone_at=now)
    with connection.cursor() as cursor:
        lines.run(cursor, "unbook_payments", given)
        lines.run(cursor, "unbook_others", given)
    outgoing.follow_booked(register.supplier_id, now=now, is_undone=True)
    _settle(register, progress)
    return 0


def _settle(register: Register, progress: Progress) -> None:
    payments = OutsidePayment.objects.filter(supplier_id=register.supplier_id, register=register)
    account_ids = list(payments.order_by("account_id").values_list("account_id", flat=True).distinct())
    with connection.cursor() as cursor:
        planning.join_as_usual(cursor)
    progress.begin(Register.Step.SETTLING, len(account_ids))
    for start in range(0, len(account_ids), _SETTLED_AT_ONCE):
        charges.settle_many(register.supplier_id, account_ids[start : start + _SETTLED_AT_ONCE])
        progress.reach(start + _SETTLED_AT_ONCE, len(account_ids))
