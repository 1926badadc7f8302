"""What tests of documents by staff share. What takes two people is approved at once by somebody else."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any
from uuid import UUID

from kabinet.accounts.models import Account
from kabinet.charges.models import Adjustment, Proposal
from kabinet.charges.usecases.adjust_charge import adjust_charge
from kabinet.charges.usecases.approve_document import approve_document
from kabinet.charges.usecases.decline_document import decline_document
from kabinet.charges.usecases.propose_document import propose_document
from kabinet.charges.usecases.restore_debt import restore_debt
from kabinet.charges.usecases.set_opening_balance import set_opening_balance
from kabinet.charges.usecases.withdraw_document import withdraw_document
from kabinet.common.testing import NOW
from kabinet.people.models import StaffRole, User
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Service, Supplier

_requests = itertools.count(1)


def staff_of(supplier: Supplier, role: str = "accountant") -> User:
    user = make_user(is_staff=True)
    StaffRole.objects.create(user=user, supplier=supplier, role=role)
    return user


def _given(account: Account, actor: User | None, values: dict[str, Any]) -> dict[str, Any]:
    defaults = {
        "supplier_id": account.supplier_id,
        "reason": "Решение суда от 10.11.2026",
        "request_id": UUID(int=next(_requests)),
        "actor": actor or staff_of(account.supplier),
        "now": NOW,
    }
    return defaults | values


def _of_service(account: Account, service: Service | None) -> dict[str, int]:
    service = service or Service.objects.get(supplier_id=account.supplier_id, is_main=True)
    return {"account_id": account.id, "service_id": service.id}


def adjust(
    account: Account, amount: str, *, service: Service | None = None, actor: User | None = None, **values: Any
) -> Adjustment:
    if amount.startswith("-"):
        return approved(propose(account, amount, service=service, actor=actor, **values), now=values.get("now", NOW))
    return adjust_charge(amount_rub=Decimal(amount), **_of_service(account, service), **_given(account, actor, values))


def write_off(account: Account, amount: str, **values: Any) -> Adjustment:
    return approved(propose(account, f"-{amount}", kind="write_off", **values), now=values.get("now", NOW))


def propose(
    account: Account,
    amount: str,
    *,
    kind: str = "adjustment",
    service: Service | None = None,
    actor: User | None = None,
    **values: Any,
) -> Proposal:
    return propose_document(
        kind=kind, amount_rub=Decimal(amount), **_of_service(account, service), **_given(account, actor, values)
    )


def approve(proposal: Proposal, *, actor: User | None = None, now: dt.datetime = NOW, **values: Any) -> Proposal:
    given = {"supplier_id": proposal.supplier_id, "proposal_id": proposal.id} | values
    return approve_document(**given, actor=actor or staff_of(proposal.supplier), now=now)


def decline(proposal: Proposal, note: str, *, actor: User | None = None, **values: Any) -> Proposal:
    given = {"supplier_id": proposal.supplier_id, "proposal_id": proposal.id, "now": NOW} | values
    return decline_document(**given, note=note, actor=actor or staff_of(proposal.supplier))


def withdraw(proposal: Proposal, *, actor: User | None = None) -> Proposal:
    given = {"supplier_id": proposal.supplier_id, "proposal_id": proposal.id, "now": NOW}
    return withdraw_document(**given, actor=actor or proposal.asked_by)


def approved(proposal: Proposal, *, now: dt.datetime = NOW) -> Adjustment:
    document = proposal.document or approve(proposal, now=now).document
    assert document is not None
    return document


def restore(document: Adjustment, *, actor: User | None = None, **values: Any) -> Adjustment:
    return restore_debt(write_off_id=document.id, **_given(document.account, actor, values))


def set_opening(
    account: Account,
    amount: str,
    *,
    on: str = "2026-11-01",
    service: Service | None = None,
    actor: User | None = None,
    **values: Any,
) -> Adjustment:
    day = dt.date.fromisoformat(on)
    if amount.startswith("-"):
        return approved(propose(account, amount, kind="opening", on=day, service=service, actor=actor, **values))
    return set_opening_balance(
        amount_rub=Decimal(amount),
        on=day,
        **_of_service(account, service),
        **_given(account, actor, values),
    )
