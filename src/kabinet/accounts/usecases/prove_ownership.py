"""Prove ownership: a person who has an account in their cabinet gains full access to it."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations, queries, rules
from kabinet.accounts.models import AccountAccess, AttachAttempt
from kabinet.accounts.queries import Guess
from kabinet.accounts.usecases.attach_account import NumberAndProofDoNotFit
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard


class NothingToProveBy(Refusal):
    code = "nothing-to-prove-by"
    message = _("Этот поставщик не назвал, чем подтверждать счёт. Полный доступ может дать тот, у кого он уже есть.")


def prove_ownership(
    *, supplier_id: int, account_id: int, proof: str, actor: User, address: str, now: dt.datetime
) -> AccountAccess:
    """Raise the actor's access to full when the proof fits; full access stays as it is.

    proof, address  as in ``attach_account``, whose limits hold here too

    Raises NothingToProveBy and refusals of ``attach_account``; NotFound for an account that is not in the cabinet.
    """
    supplier = suppliers.supplier_card(supplier_id)
    account = queries.account_card(supplier_id, account_id, visible_to=actor)
    if not supplier.asks_proof:
        raise NothingToProveBy
    canonical_proof = operations.read_proof(supplier, proof)

    guess = Guess(user=actor, network=rules.network_of(address), supplier_id=supplier_id, number=account.number)
    outcome = _prove(guess, supplier, account_id, canonical_proof, now)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


@usecase
def _prove(
    guess: Guess, supplier: SupplierCard, account_id: int, canonical_proof: str, now: dt.datetime
) -> AccountAccess | Refusal:
    operations.lock_attaching(guess)
    access = queries.access_of(supplier.id, account_id, guess.user)
    if access.is_full:
        return access
    if refusal := operations.refusal_by_limits(guess, supplier, with_proof=True, now=now):
        return refusal

    if not operations.is_proven(supplier, account_id, canonical_proof):
        operations.record_try(guess, AttachAttempt.Outcome.WRONG_PROOF, now=now)
        return NumberAndProofDoNotFit()
    operations.raise_to_full(access)
    audit.note(
        action="account.proven",
        actor=guess.user,
        now=now,
        supplier_id=supplier.id,
        subject=f"account:{account_id}",
        details={"proof": supplier.proof},
    )
    return access
