"""Attach an account: a person puts a supplier's account into their cabinet, by its number and where asked a proof."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations, queries, rules
from kabinet.accounts.facts import AccountAttached
from kabinet.accounts.models import AccountAccess, AttachAttempt
from kabinet.accounts.queries import Guess
from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required, usecase
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
    message = _("Так номера лицевых счетов у этого поставщика не пишут. Перепишите номер с квитанции знак за знаком.")


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
    message = _("Этот лицевой счёт уже подключён к вашему кабинету. Он есть в списке счетов в разделе «Настройки».")


class ProofNeeded(Refusal):
    code = "proof-needed"
    field = "proof"
    message = _("Этот поставщик подключает счета только с подтверждением. Заполните поле.")


class ProofMalformed(Refusal):
    code = "proof-malformed"
    field = "proof"
    message = _("Не получается прочитать подтверждение. Введите его так, как показано в примере.")


class NumberAndProofDoNotFit(Refusal):
    code = "number-and-proof"
    field = "proof"
    message = _("Номер счёта и подтверждение не подходят друг к другу. Сверьте оба с последней квитанцией.")


class TooManyTries(Refusal):
    code = "too-many-tries"
    message = _("За сутки из этого кабинета введено слишком много неверных номеров. Попробуйте через 24 часа.")


class TooManyTriesFromHere(Refusal):
    code = "too-many-tries-from-here"
    message = _(
        "За сутки с вашего адреса в интернете введено слишком много неверных номеров. Попробуйте через 24 часа."
    )


class NumberTriedTooOften(Refusal):
    code = "number-tried-too-often"
    field = "number"
    message = _("К этому номеру слишком много раз за сутки не подошло подтверждение. Попробуйте через 24 часа.")


class TooManyAccounts(Refusal):
    code = "too-many-accounts"
    message = _(
        "К одному кабинету можно подключить не больше %(limit)s счетов. "
        "Отключите ненужный или напишите в службу поддержки."
    )


class AttachingIsLocked(Refusal):
    code = "attaching-locked"
    message = _(
        "Подключение счетов к этому кабинету закрыто: введено несколько номеров подряд. "
        "Если это ваши счета, напишите в службу поддержки."
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

    Raises the refusals above; NotFound for a supplier that is not listed. Source: docs/adr/0032, 0033.
    """
    supplier = suppliers.listed_supplier_card(supplier_id)
    normalised = supplier.number_normalised(number)
    if problem := supplier.number_problem(normalised):
        raise _NUMBER_REFUSALS[problem.reason](**problem.values)
    if supplier.requires_proof and not proof:
        raise ProofNeeded
    canonical_proof = read_proof(supplier, proof) if supplier.asks_proof and proof else None

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
    if refusal := refusal_by_limits(guess, supplier, with_proof=with_proof, now=now):
        return refusal

    if canonical_proof is not None and not is_proven(supplier, account_id, canonical_proof):
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


def read_proof(supplier: SupplierCard, typed: str) -> str:
    """Give a typed proof in the form in which it is compared. Raises ProofMalformed."""
    try:
        return rules.canonical_proof(supplier.proof, typed)
    except ValueError as error:
        raise ProofMalformed from error


def is_proven(supplier: SupplierCard, account_id: int | None, canonical: str) -> bool:
    """Say whether a proof fits an account; takes as long for an account that is not there."""
    given = rules.proof_hash(supplier.id, account_id or 0, supplier.proof, canonical)
    return rules.is_one_of(given, queries.proof_hashes(supplier.id, account_id, supplier.proof))


@transaction_required
def refusal_by_limits(guess: Guess, supplier: SupplierCard, *, with_proof: bool, now: dt.datetime) -> Refusal | None:
    """Give the refusal that one more guess deserves after those of the last day; None when it may be made.

    Counting through neighbouring numbers, right or wrong, locks the cabinet's attaching until support lifts the lock.
    """
    if queries.is_attaching_locked(guess.user):
        return AttachingIsLocked()
    tries = queries.tries_before(guess, now=now)
    run = rules.longest_run(tries.numbers | {guess.number}, has_check_digit=supplier.number_check != "none")
    if run >= rules.NEIGHBOURS_THAT_LOCK:
        operations.lock_attaching_of_cabinet(guess.user, supplier_id=supplier.id, now=now)
        return AttachingIsLocked()
    if tries.wrong_by_cabinet >= rules.WRONG_TRIES_PER_CABINET:
        return TooManyTries()
    if tries.wrong_by_network >= rules.WRONG_TRIES_PER_NETWORK:
        return TooManyTriesFromHere()
    if with_proof and tries.wrong_proofs_of_number >= rules.WRONG_PROOFS_PER_NUMBER:
        return NumberTriedTooOften()
    return None
