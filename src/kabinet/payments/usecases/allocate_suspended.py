"""Allocate a sum in suspense: a person says which account the money belongs to."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.payments.models import SuspendedSum, SuspenseAllocation
from kabinet.payments.operations.suspense import lift_alarm_of_decided, lock_suspended_sum, post_allocated
from kabinet.payments.queries.refunds import left_of
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class SumTooSmall(Refusal):
    code = "suspended-too-small"
    field = "amount_rub"
    message = _("Укажите сумму больше нуля.")


class SumTooLarge(Refusal):
    code = "suspended-too-large"
    field = "amount_rub"
    message = _("Нераспределённого осталось %(left_rub)s\u00a0₽: больше зачислить нельзя.")


@usecase
def allocate_suspended(
    *,
    supplier_id: int,
    suspended_sum_id: int,
    account_id: int,
    amount_rub: Decimal,
    note: str,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> SuspenseAllocation:
    """Move a part of the sum to the account, where it settles charges as any payment does.

    note        on what grounds
    request_id  the same id again gives the first allocation back and writes nothing

    Raises the refusals above; NotFound for a sum or account of another supplier; NotAllowed. Source: docs/adr/0087.
    """
    check_right(actor, rights.DECIDE_SUSPENSE, supplier_id)
    if not SuspendedSum.objects.filter(supplier_id=supplier_id, pk=suspended_sum_id).exists():
        raise NotFound
    suspended_sum = lock_suspended_sum(supplier_id, suspended_sum_id, account_ids=[account_id])
    if earlier := SuspenseAllocation.objects.filter(supplier_id=supplier_id, request_id=request_id).first():
        return earlier

    left_rub = left_of(suspended_sum).total_rub
    if amount_rub <= 0:
        raise SumTooSmall
    if amount_rub > left_rub:
        raise SumTooLarge(left_rub=left_rub)
    suspended_sum.decided_rub += amount_rub
    suspended_sum.save(update_fields=["decided_rub"])
    allocation = SuspenseAllocation.objects.create(
        supplier_id=supplier_id,
        suspended_sum=suspended_sum,
        account_id=account_id,
        amount_rub=amount_rub,
        note=note,
        request_id=request_id,
        decided_by=actor,
        decided_at=now,
    )
    post_allocated(allocation, now=now)
    lift_alarm_of_decided(suspended_sum)
    audit.note(
        action="suspense.allocated",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"suspended_sum:{suspended_sum.id}",
        details={"account": account_id, "amount_rub": str(amount_rub)},
    )
    return allocation
