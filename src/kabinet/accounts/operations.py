"""Locks and writes that use-cases of this and other apps share."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kabinet.accounts import queries, rules
from kabinet.accounts.facts import AttachingLocked
from kabinet.accounts.models import Account, AccountAccess, AttachAttempt, AttachingLock, ProofValue
from kabinet.accounts.queries import Guess
from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound, Refusal
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers.queries import SupplierCard


class ProofMalformed(Refusal):
    code = "proof-malformed"
    field = "proof"
    message = _("Не получается прочитать подтверждение. Введите его так, как показано в примере.")


class ProofOfNought(Refusal):
    code = "proof-of-nought"
    field = "proof"
    message = _(
        "В последнем счёте ноль: такая сумма ничего не подтверждает, её знает каждый. "
        "Дождитесь счёта с суммой или напишите поставщику."
    )


class TooManyTries(Refusal):
    code = "too-many-tries"
    message = _("За сутки из этого кабинета введено слишком много неверных номеров. Попробуйте через 24 часа.")


class TooManyTriesFromHere(Refusal):
    code = "too-many-tries-from-here"
    message = _(
        "За сутки с Вашего адреса в интернете введено слишком много неверных номеров. Попробуйте через 24 часа."
    )


class NumberTriedTooOften(Refusal):
    code = "number-tried-too-often"
    field = "number"
    message = _("К этому номеру слишком много раз за сутки не подошло подтверждение. Попробуйте через 24 часа.")


class AttachingIsLocked(Refusal):
    code = "attaching-locked"
    message = _(
        "Подключение счетов к этому кабинету закрыто: введено несколько номеров подряд. "
        "Если это Ваши счета, напишите в службу поддержки."
    )


class AccountIsClosed(Refusal):
    code = "account-is-closed"
    message = _("Лицевой счёт закрыт с %(closed_on)s: с этого дня изменить в нём ничего нельзя.")


class BeforeOpening(Refusal):
    code = "before-account-opened"
    field = "since"
    message = _("Счёт открыт %(opened_on)s. Укажите этот день или более поздний.")


class DayInFuture(Refusal):
    code = "day-in-future"
    field = "since"
    message = _("Этот день ещё не наступил. Укажите сегодняшний день или прошедший.")


def check_keeper(actor: User | None, supplier_id: int) -> None:
    """Let through staff who keep a supplier's accounts and meters; None is the operator's terminal.

    Raises NotFound, NotAllowed.
    """
    if actor is not None:
        check_right(actor, rights.KEEP_ACCOUNTS, supplier_id)


def require_not_closed(account: Account) -> None:
    """Raises AccountIsClosed, whatever the day."""
    if account.closed_on is not None:
        raise AccountIsClosed(closed_on=f"{account.closed_on:%d.%m.%Y}")


def require_open(account: Account, *, on: dt.date) -> None:
    """Let through an account that is open on a day. Raises AccountIsClosed."""
    if account.closed_on is not None and on >= account.closed_on:
        require_not_closed(account)


def require_day_of_account(account: Account, since: dt.date, *, today: dt.date | None) -> None:
    """Let through a day on which an account was open.

    today  the last day that there may be; None: a coming one may be too

    Raises DayInFuture, BeforeOpening, AccountIsClosed.
    """
    if today is not None and since > today:
        raise DayInFuture
    if account.opened_on is not None and since < account.opened_on:
        raise BeforeOpening(opened_on=f"{account.opened_on:%d.%m.%Y}")
    require_open(account, on=since)


@transaction_required
def lock_account(supplier_id: int, account_id: int, *, visible_to: User | None = None) -> Account:
    """Lock an account's row until the transaction ends: the first lock of every use-case on an account.

    visible_to  a person who must have the account in their cabinet; None for jobs and for the supplier's own staff

    Raises NotFound. New rows that only point at the account do not wait for the lock.
    """
    account = Account.objects.select_for_update(no_key=True).filter(supplier_id=supplier_id, id=account_id).first()
    if account is None:
        raise NotFound
    if visible_to is not None and not _is_in_cabinet(account, visible_to):
        raise NotFound
    return account


@transaction_required
def lock_accounts(keys: Sequence[tuple[int, int]], *, visible_to: User | None = None) -> list[Account]:
    """Lock several accounts, (supplier_id, account_id) each, always in the order of their ids: no deadlock.

    Gives them in the order in which they were asked for. Raises NotFound if one is not there or not visible.
    """
    locked = {key: lock_account(*key, visible_to=visible_to) for key in sorted(set(keys))}
    return [locked[key] for key in keys]


@transaction_required
def lock_account_range(supplier_id: int, first_account_id: int, last_account_id: int) -> list[int]:
    """Lock all accounts of a supplier from one id to another, both included, in the order of their ids; name them."""
    rows = Account.objects.select_for_update(no_key=True).filter(
        supplier_id=supplier_id, id__range=(first_account_id, last_account_id)
    )
    return list(rows.order_by("id").values_list("id", flat=True))


@transaction_required
def lock_cabinet(user: User) -> None:
    """Let the changes of one cabinet's list go one after another until the transaction ends."""
    _lock_word(f"cabinet:{user.pk}")


@transaction_required
def lock_attaching(guess: Guess) -> None:
    """Let tries of one cabinet, from one network and at one number go one after another: their limits are exact.

    Words are locked, not rows: a number that does not exist must wait like one that does.
    """
    lock_cabinet(guess.user)
    if guess.network:
        _lock_word(f"network:{guess.network}")
    _lock_word(f"number:{guess.supplier_id}:{guess.number}")


@transaction_required
def record_try(guess: Guess, outcome: AttachAttempt.Outcome, *, now: dt.datetime) -> None:
    """Remember a try, for the limits."""
    AttachAttempt.objects.create(
        user=guess.user,
        network=guess.network,
        supplier_id=guess.supplier_id,
        number=guess.number,
        outcome=outcome,
        made_at=now,
    )


@transaction_required
def add_access(supplier_id: int, account_id: int, *, user: User, level: str, now: dt.datetime) -> AccountAccess:
    """Put an account at the end of a cabinet's list."""
    last = AccountAccess.objects.filter(user=user).aggregate(last=Max("position"))["last"]
    return AccountAccess.objects.create(
        supplier_id=supplier_id,
        account_id=account_id,
        user=user,
        level=level,
        position=0 if last is None else last + 1,
        attached_at=now,
    )


@transaction_required
def raise_to_full(access: AccountAccess) -> AccountAccess:
    """Give full access to an attachment that has less."""
    access.level = AccountAccess.Level.FULL
    access.save(update_fields=["level"])
    return access


@transaction_required
def record_proof(supplier_id: int, account_id: int, kind: str, value: str, source: str = "") -> None:
    """Keep what an owner of an account is expected to know; a newer value of the same source replaces the older.

    kind    a value of ``ProofValue.Kind``
    value   as it is printed: a serial number, a sum, a surname
    source  tells apart several of one kind: the id of a meter

    Raises ValueError for a value that could never be typed in: see ``rules.canonical_proof``.
    """
    canonical = rules.canonical_proof(kind, value)
    ProofValue.objects.bulk_create(
        [
            ProofValue(
                supplier_id=supplier_id,
                account_id=account_id,
                kind=kind,
                source=source,
                value_hash=rules.proof_hash(supplier_id, account_id, kind, canonical),
            )
        ],
        update_conflicts=True,
        unique_fields=["supplier", "account", "kind", "source"],
        update_fields=["value_hash"],
    )


@transaction_required
def record_last_charges(supplier_id: int, totals_rub: Mapping[int, Decimal]) -> None:
    """Keep the sum of the last bill as a proof for many accounts: `record_proof` of each, by one statement."""
    kind = ProofValue.Kind.LAST_CHARGE
    hashes = [
        rules.proof_hash(supplier_id, account_id, kind, rules.canonical_proof(kind, str(total_rub)))
        for account_id, total_rub in totals_rub.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_proofvalue (supplier_id, account_id, kind, source, value_hash)
            SELECT %s, account_id, %s, '', value_hash
            FROM unnest(%s::bigint[], %s::text[]) AS proof (account_id, value_hash)
            ORDER BY account_id
            ON CONFLICT (supplier_id, account_id, kind, source) DO UPDATE SET value_hash = excluded.value_hash
            """,
            [supplier_id, kind, list(totals_rub), hashes],
        )


@transaction_required
def lock_attaching_of_cabinet(user: User, *, supplier_id: int, now: dt.datetime) -> None:
    """Stop a cabinet from attaching, and raise the alarm."""
    AttachingLock.objects.update_or_create(user=user, defaults={"locked_at": now, "lifted_at": None})
    audit.note(
        action="attaching.locked", actor=user, now=now, supplier_id=supplier_id, subject=f"user:{user.pk}", details={}
    )
    outbox.record(AttachingLocked(user_id=user.pk))


def read_proof(supplier: SupplierCard, typed: str) -> str:
    """Give a typed proof in the form in which it is compared. Raises ProofMalformed, ProofOfNought."""
    try:
        canonical = rules.canonical_proof(supplier.proof, typed)
    except ValueError as error:
        raise ProofMalformed from error
    if supplier.proof == ProofValue.Kind.LAST_CHARGE and not Decimal(canonical):
        raise ProofOfNought
    return canonical


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
        lock_attaching_of_cabinet(guess.user, supplier_id=supplier.id, now=now)
        return AttachingIsLocked()
    if tries.wrong_by_cabinet >= rules.WRONG_TRIES_PER_CABINET:
        return TooManyTries()
    if tries.wrong_by_network >= rules.WRONG_TRIES_PER_NETWORK:
        return TooManyTriesFromHere()
    if with_proof and tries.wrong_proofs_of_number >= rules.WRONG_PROOFS_PER_NUMBER:
        return NumberTriedTooOften()
    return None


def _is_in_cabinet(account: Account, user: User) -> bool:
    return AccountAccess.objects.filter(supplier_id=account.supplier_id, account_id=account.pk, user=user).exists()


def _lock_word(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"kabinet.accounts:{word}"])
