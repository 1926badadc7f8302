"""Attach an account: a person puts a supplier's account into their cabinet, by its number and where asked a proof."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations, queries, rules
from kabinet.accounts.facts import AccountAttached
from kabinet.accounts.models import AccountAccess, AttachAttempt
from kabinet.accounts.queries import Guess
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard


class NumberWrongLength(Refusal):
    code = "number-length"
    field = "number"
    message = _("Длина этого номера — %(length)s, а у поставщика в номере лицевого счёта %(expected)s знаков.")


class NumberMalformed(Refusal):
    code = "number-pattern"
    field = "number"
    message = _(
        "Так номера лицевых счетов у этого поставщика не пишут. Перепишите номер с квитанции знак за знаком "
        "и проверьте, нет ли вместо цифр похожих букв: «О» вместо 0, «З» вместо 3."
    )


class NumberCheckDigitWrong(Refusal):
    code = "number-check-digit"
    field = "number"
    message = _("Контрольная цифра номера не сходится: похоже на опечатку. Сверьте номер с квитанцией.")


class AccountUnknown(Refusal):
    code = "account-unknown"
    field = "number"
    message = _("У этого поставщика нет лицевого счёта с таким номером. Проверьте номер и поставщика по квитанции.")


class AlreadyAttached(Refusal):
    code = "already-attached"
    field = "number"
    message = _("Этот лицевой счёт уже подключён к Вашему кабинету. Он есть в списке счетов в разделе «Настройки».")


class ProofNeeded(Refusal):
    code = "proof-needed"
    field = "proof"
    message = _("Этот поставщик подключает счета только с подтверждением. Заполните поле.")


class NumberAndProofDoNotFit(Refusal):
    code = "number-and-proof"
    field = "proof"
    message = _("Номер счёта и подтверждение не подходят друг к другу. Сверьте оба с последней квитанцией.")


class TooManyAccounts(Refusal):
    code = "too-many-accounts"
    message = _(
        "К одному кабинету можно подключить не больше %(limit)s счетов. "
        "Отключите ненужный или напишите в службу поддержки."
    )


_NUMBER_REFUSALS = {refusal.code: refusal for refusal in (NumberWrongLength, NumberMalformed, NumberCheckDigitWrong)}


def attach_account(
    *, supplier_id: int, number: str, proof: str, actor: User, address: str, now: dt.datetime
) -> AccountAccess:
    """Put an account into the actor's cabinet, at the end of their list.

    number   as typed; spaces and dashes do not matter
    proof    what the supplier asks for, as typed; empty where it is not required
    address  the visitor's address on the network, for the limits; "" when unknown

    The level is full with a proof, else what the supplier grants without one. A wrong try is remembered and counts
    towards the limits of ``rules``, so it must be stored although it is refused: hence the refusal is raised after
    the transaction.

    Raises the refusals above and those of ``operations``; NotFound for a supplier that is not listed.
    Source: docs/adr/0032, 0033.
    """
    supplier = suppliers.listed_supplier_card(supplier_id)
    normalised = supplier.number_normalised(number)
    if problem := supplier.number_problem(normalised):
        raise _NUMBER_REFUSALS[problem.reason](**problem.values)
    if supplier.requires_proof and not proof:
        raise ProofNeeded
    canonical_proof = operations.read_proof(supplier, proof) if supplier.asks_proof and proof else None

    guess = Guess(user=actor, network=rules.network_of(address), supplier_id=supplier_id, number=normalised)
    outcome = _attach(guess, supplier, canonical_proof, now)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


@usecase
def _attach(
    guess: Guess, supplier: SupplierCard, canonical_proof: str | None, now: dt.datetime
) -> AccountAccess | Refusal:
    actor, with_proof = guess.user, canonical_proof is not None
    operations.lock_attaching(guess)
    account_id = queries.account_id_by_number(supplier.id, guess.number)
    if queries.is_attached(supplier.id, account_id, actor):
        return AlreadyAttached()
    if queries.attached_count(actor) >= rules.ACCOUNTS_PER_CABINET:
        return TooManyAccounts(limit=rules.ACCOUNTS_PER_CABINET)
    if refusal := operations.refusal_by_limits(guess, supplier, with_proof=with_proof, now=now):
        return refusal

    if canonical_proof is not None and not operations.is_proven(supplier, account_id, canonical_proof):
        operations.record_try(guess, AttachAttempt.Outcome.WRONG_PROOF, now=now)
        return NumberAndProofDoNotFit()
    if account_id is None:
        operations.record_try(guess, AttachAttempt.Outcome.UNKNOWN_NUMBER, now=now)
        return AccountUnknown()

    operations.lock_account(supplier.id, account_id)
    level = queries.FULL
    if not with_proof:
        level = rules.level_without_proof(
            supplier.access_without_proof,
            asks_proof=supplier.asks_proof,
            has_full_holder=queries.has_full_holder(supplier.id, account_id),
        )
    access = operations.add_access(supplier.id, account_id, user=actor, level=level, now=now)
    operations.record_try(guess, AttachAttempt.Outcome.ATTACHED, now=now)
    audit.note(
        action="account.attached",
        actor=actor,
        now=now,
        supplier_id=supplier.id,
        subject=f"account:{account_id}",
        details={"level": level},
    )
    outbox.record(AccountAttached(supplier_id=supplier.id, account_id=account_id, user_id=actor.pk))
    return access
